"""The one error tree, split by what the caller must do.

GridTokenXError
├── RetryableError    temporary: the same call may succeed later            exit 75
├── ParkError         this item cannot be processed: set it aside, go on    exit 1
├── StopError         a person must act before the service can go on        exit 1
│   └── UsageError    the call itself is wrong                              exit 2
└── ShutdownError     the service is stopping                               exit 0
"""

from __future__ import annotations

from typing import ClassVar


class GridTokenXError(Exception):
    """Base of every error the package raises on purpose.

    `message` says what is wrong and names the input; `remedy` says what to do about it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, remedy: str | None = None, **fields: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.fields = fields

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


class RetryableError(GridTokenXError):
    """The same call may succeed later: network, overload, a lost race for a row."""

    exit_code = 75


class ParkError(GridTokenXError):
    """One item cannot be processed; keep it with its bytes and go on with the rest."""


class StopError(GridTokenXError):
    """A person must act: wrong network, wrong program, changed migration, missing key."""


class UsageError(StopError):
    """The call is wrong: bad flag, bad file, bad setting."""

    exit_code = 2


class ShutdownError(GridTokenXError):
    """The service is stopping; not a failure."""

    exit_code = 0
