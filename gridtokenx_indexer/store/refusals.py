"""What a refused write tells its writer: the database names the rule, the row and often the remedy."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg
import psycopg

from gridtokenx_indexer.domain.errors import ParkError

REFUSALS = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.NumericValueOutOfRangeError,
    psycopg.errors.IntegrityError,
    psycopg.errors.NumericValueOutOfRange,
)
"""Errors of a statement whose rows break a rule; nothing of it is written."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`rule` is the constraint, empty where the type itself refused; `hint` the remedy, if one is known."""

    message: str
    rule: str
    hint: str | None

    def as_error(self, what: str, *, otherwise: str) -> ParkError:
        """`what` says what was refused; `otherwise` is the remedy where the database names none."""
        named = f"{what}: {self.message}"
        return ParkError(named, remedy=self.hint or otherwise, rule=self.rule)


def refusal(error: BaseException) -> Refusal:
    """The parts of one of `REFUSALS`, without the statement and the server's context."""
    if isinstance(error, psycopg.Error):
        message, detail = error.diag.message_primary or str(error), error.diag.message_detail
        rule, hint = error.diag.constraint_name, error.diag.message_hint
    else:
        message, detail = str(error.args[0]), getattr(error, "detail", None)
        rule, hint = getattr(error, "constraint_name", None), getattr(error, "hint", None)
    return Refusal(message=f"{message}; {detail}" if detail else message, rule=rule or "", hint=hint)
