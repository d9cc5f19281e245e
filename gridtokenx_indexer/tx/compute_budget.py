"""The compute-budget instructions that every transaction of ours starts with."""

from __future__ import annotations

from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.instruction import Instruction

MAX_COMPUTE_UNITS = 1_400_000
LAMPORTS_PER_SIGNATURE = 5_000
MICRO_LAMPORTS_PER_LAMPORT = 10**6
COMPUTE_BUDGET_INSTRUCTIONS = 2


def compute_budget(limit: int, price_micro_lamports: int) -> tuple[Instruction, Instruction]:
    """The limit keeps the packer's promise; the price pays for priority and salts the signature."""
    return set_compute_unit_limit(limit), set_compute_unit_price(price_micro_lamports)


def fee_lamports(signatures: int, limit: int, price_micro_lamports: int) -> int:
    """What the transaction costs its payer, landed or failed; the priority part is rounded up."""
    priority = -(-limit * price_micro_lamports // MICRO_LAMPORTS_PER_LAMPORT)
    return signatures * LAMPORTS_PER_SIGNATURE + priority
