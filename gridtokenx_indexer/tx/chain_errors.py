"""What a finalized error means for the operations of its transaction. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Reaction(StrEnum):
    HALVES = "halves"
    """Several operations shared it: try each half on its own."""
    REJECT = "reject"
    """A code of the closed list: the program will refuse this operation for ever."""
    RETRY = "retry"
    """May pass later: money, a pause, a limit that an administrator changes."""
    PARK = "park"
    """Unknown: a person must look before it costs more fees."""


@dataclass(frozen=True, slots=True)
class ErrorReading:
    """A transaction error taken apart. `custom_code` is set for `{"InstructionError": [i, {"Custom":
    c}]}`.
    """

    name: str
    instruction: int | None = None
    custom_code: int | None = None


def read_error(error: Any) -> ErrorReading:
    """Names a transaction error as the node reports it: a string, or an object with one key."""
    if isinstance(error, str):
        return ErrorReading(error)
    if not isinstance(error, Mapping) or len(error) != 1:
        return ErrorReading("Unreadable")
    ((name, detail),) = error.items()
    if name != "InstructionError" or not isinstance(detail, list) or len(detail) != 2:
        return ErrorReading(str(name))
    instruction, inner = detail
    if isinstance(inner, Mapping) and set(inner) == {"Custom"}:
        return ErrorReading("Custom", int(instruction), int(inner["Custom"]))
    inner_name = inner if isinstance(inner, str) else next(iter(inner), "Unreadable")
    return ErrorReading(str(inner_name), int(instruction))


PASSING = frozenset(
    {
        "AccountInUse",
        "AddressLookupTableNotFound",
        "BlockhashNotFound",
        "ComputationalBudgetExceeded",
        "InsufficientFundsForFee",
        "InsufficientFundsForRent",
        "InvalidAddressLookupTableIndex",
        "MaxLoadedAccountsDataSizeExceeded",
        "ProgramCacheHitMaxLimit",
        "ResanitizationNeeded",
        "WouldExceedMaxAccountCostLimit",
        "WouldExceedMaxBlockCostLimit",
    }
)
"""Errors of the chain, not of the operation: they pass."""


def react(
    error: Any,
    *,
    operations: int,
    permanent_codes: Mapping[int, str],
    passing_codes: Mapping[int, str],
    common_codes: Container[int] = (),
) -> tuple[Reaction, str]:
    """What to do with the operations of a transaction that was finalized with `error`, and why in words.

    Codes are the program's custom codes by name; what is in neither list, nor in `PASSING`, parks. Of the
    passing ones, `common_codes` are no single operation's fault, so that halves would only cost fees.
    """
    reading = read_error(error)
    code = reading.custom_code
    known = permanent_codes.get(code) or passing_codes.get(code) if code is not None else None
    why = reading.name if code is None else f"{known or 'custom error'} ({code})"
    if operations > 1 and code not in common_codes:
        return Reaction.HALVES, why
    if code in permanent_codes:
        return Reaction.REJECT, why
    if code in passing_codes or reading.name in PASSING:
        return Reaction.RETRY, why
    return Reaction.PARK, why


def half(operations: int) -> int:
    """The most operations that may share the next transaction after one of `operations` failed."""
    return max(1, (operations + 1) // 2)
