"""The calls of a transaction in the order of execution, each with its caller."""

from __future__ import annotations

from dataclasses import dataclass

from gridtokenx_indexer.decode.facts import InstructionPath
from gridtokenx_indexer.decode.transaction_wire import InstructionWire, TransactionWire
from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import Address


class MalformedCallsError(ParkError):
    """The instructions contradict themselves: an index out of range, a height without a caller."""


@dataclass(frozen=True, slots=True)
class Call:
    """`caller` is the index of the calling `Call`, None at top level. `data` is still base58."""

    path: InstructionPath
    program: Address
    height: int
    caller: int | None
    accounts: list[int]
    data: str


def calls_of(transaction: TransactionWire, keys: list[str]) -> list[Call]:
    """Raises `MalformedCallsError`. A call without a recorded stack height gets height 0 and no caller."""
    calls: list[Call] = []
    meta = transaction.meta
    inner = {group.index: group.instructions for group in (meta and meta.inner_instructions) or ()}
    for outer, instruction in enumerate(transaction.transaction.message.instructions):
        open_calls = [len(calls)]
        calls.append(_call(InstructionPath(outer), instruction, keys, 1, None))
        for index, called in enumerate(inner.get(outer, ())):
            path = InstructionPath(outer, index)
            height = called.stack_height
            if height is None:
                calls.append(_call(path, called, keys, 0, None))
                continue
            if not 2 <= height <= len(open_calls) + 1:
                raise MalformedCallsError(
                    f"call {path} has stack height {height} under {len(open_calls)} callers"
                )
            del open_calls[height - 1 :]
            open_calls.append(len(calls))
            calls.append(_call(path, called, keys, height, open_calls[-2]))
    return calls


def _call(
    path: InstructionPath, instruction: InstructionWire, keys: list[str], height: int, caller: int | None
) -> Call:
    indexes = (instruction.program_id_index, *instruction.accounts)
    if not all(0 <= index < len(keys) for index in indexes):
        raise MalformedCallsError(f"call {path} names account {max(indexes)} of {len(keys)}")
    program = Address(keys[instruction.program_id_index])
    return Call(path, program, height, caller, instruction.accounts, instruction.data)
