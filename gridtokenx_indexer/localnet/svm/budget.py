"""Compute budget instructions, fees and block cost of a message."""

from __future__ import annotations

import struct

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import BUILTINS, COMPUTE_BUDGET, PRECOMPILES
from gridtokenx_indexer.localnet.svm.wire import WireMessage

LAMPORTS_PER_SIGNATURE = 5_000
MAX_COMPUTE_UNITS = 1_400_000
DEFAULT_INSTRUCTION_UNITS = 200_000
DEFAULT_BUILTIN_UNITS = 3_000
MICRO_LAMPORTS = 1_000_000
SIGNATURE_COST = 720
WRITE_LOCK_COST = 300
DATA_BYTES_PER_UNIT = 4
PAGE_BYTES = 32 * 1024
PAGE_COST = 8
MAX_LOADED_BYTES = 64 * 1024 * 1024
HEAP_STEP = 1_024
MIN_HEAP = 32 * HEAP_STEP
MAX_HEAP = 256 * HEAP_STEP


class BudgetError(ValueError):
    """A compute budget instruction that makes the whole transaction invalid; `err` is its JSON form."""

    def __init__(self, err: object) -> None:
        super().__init__(str(err))
        self.err = err


class Budget(msgspec.Struct, frozen=True):
    compute_unit_limit: int
    compute_unit_price: int
    """Micro-lamports per compute unit."""
    loaded_data_limit: int
    """Bytes of account data the transaction may load."""
    signatures: int
    """Signatures that are paid for, precompile signatures included."""

    @property
    def priority_lamports(self) -> int:
        return -(-self.compute_unit_limit * self.compute_unit_price // MICRO_LAMPORTS)

    @property
    def fee_lamports(self) -> int:
        return self.signatures * LAMPORTS_PER_SIGNATURE + self.priority_lamports


def budget_of(message: WireMessage) -> Budget:
    """Limit, price and paid signatures of a sanitized message; raises `BudgetError`."""
    limit: int | None = None
    price = 0
    loaded_data_limit = MAX_LOADED_BYTES
    seen: set[int] = set()
    builtin = programs = 0
    signatures = message.required_signatures
    for index, instruction in enumerate(message.instructions):
        program = message.keys[instruction.program_index]
        if program in PRECOMPILES and instruction.data:
            signatures += instruction.data[0]
        if program in BUILTINS:
            builtin += 1
        else:
            programs += 1
        if program != COMPUTE_BUDGET:
            continue
        tag, value = _compute_budget_request(index, instruction.data)
        if tag in seen:
            raise BudgetError({"DuplicateInstruction": index})
        seen.add(tag)
        if tag == 2:
            limit = min(value, MAX_COMPUTE_UNITS)
        elif tag == 3:
            price = value
        elif tag == 4:
            loaded_data_limit = min(value, MAX_LOADED_BYTES)
    if limit is None:
        limit = min(programs * DEFAULT_INSTRUCTION_UNITS + builtin * DEFAULT_BUILTIN_UNITS, MAX_COMPUTE_UNITS)
    return Budget(limit, price, loaded_data_limit, signatures)


def _compute_budget_request(index: int, data: bytes) -> tuple[int, int]:
    invalid = BudgetError({"InstructionError": [index, "InvalidInstructionData"]})
    if not data or data[0] not in (1, 2, 3, 4):
        raise invalid
    layout = "<Q" if data[0] == 3 else "<I"
    if len(data) < 1 + struct.calcsize(layout):
        raise invalid
    (value,) = struct.unpack_from(layout, data, 1)
    if data[0] == 1 and not (MIN_HEAP <= value <= MAX_HEAP and value % HEAP_STEP == 0):
        raise invalid
    if data[0] == 4 and value == 0:
        raise BudgetError("InvalidLoadedAccountsDataSizeLimit")
    return data[0], value


def cost_units(message: WireMessage, writable_accounts: int, compute_units: int, loaded_bytes: int) -> int:
    """What the transaction takes out of a block, as `costUnits` reports it."""
    data_bytes = sum(len(each.data) for each in message.instructions)
    return (
        message.required_signatures * SIGNATURE_COST
        + writable_accounts * WRITE_LOCK_COST
        + data_bytes // DATA_BYTES_PER_UNIT
        + compute_units
        + -(-loaded_bytes // PAGE_BYTES) * PAGE_COST
    )


def programs_of(message: WireMessage) -> set[Pubkey]:
    return {message.keys[each.program_index] for each in message.instructions}
