"""What a played day amounts to, and whether every check holds."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec

from gridtokenx_indexer.domain.units import base_units_to_kwh
from gridtokenx_indexer.ops.checking import Check
from gridtokenx_indexer.ops.demo.day import Refusal


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Energy in kWh and money in currency are exact decimals, base units are integers."""

    slot_ms: int | None
    finality_slots: int | None
    meters: int
    windows: int
    slots_indexed: int
    slots_skipped_proved: int
    events: int
    transactions: int
    transactions_failed: int
    parked_items: int
    readings: int
    readings_refused: tuple[Refusal, ...]
    windows_minted: int
    energy_minted_kwh: str
    token_supply_base_units: str
    mint_duplicates: int
    epochs_cleared: int
    epochs_with_trades: int
    energy_traded_kwh: Decimal
    payment_moved: Decimal
    fees_collected: Decimal
    trades_settled: int
    trades_failed: int
    books_digest: str
    """sha256 over every operation, result, match, settlement and balance; equal for equal days."""
    verify: tuple[Check, ...]
    daemon_restarts: int
    setup_seconds: Decimal
    play_seconds: Decimal
    mints_per_second: Decimal
    slots_per_second: Decimal
    wall_seconds: Decimal

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.verify)


def books_digest(rows: list[tuple[Any, ...]]) -> str:
    """Over (kind, key, value) rows in their order."""
    digest = sha256()
    for row in rows:
        digest.update("\t".join(str(part) for part in row).encode() + b"\n")
    return digest.hexdigest()


def as_text(report: Report) -> str:
    """The report for people, one figure per line."""
    lines = ["", "report"]
    for field in msgspec.structs.fields(report):
        value = getattr(report, field.name)
        if field.name == "verify":
            lines.append("  verify")
            lines += [line for check in value for line in _check_lines(check)]
        elif field.name == "readings_refused":
            lines.append(f"  {'readings_refused':<26}{len(value)}")
            lines += [f"    line {refusal.line}: {refusal.reason}" for refusal in value]
        else:
            lines.append(f"  {field.name:<26}{'-' if value is None else value}")
    lines.append(f"\nevery check holds: {'yes' if report.ok else 'NO'}")
    return "\n".join(lines)


def _check_lines(check: Check) -> list[str]:
    first = f"    {'ok    ' if check.ok else 'FAILED'} {check.check}: {check.detail}"
    return [first, *(f"           {difference}" for difference in check.differences)]


def kwh(base_units: Decimal | int) -> str:
    """Exact, without an exponent."""
    return f"{base_units_to_kwh(int(base_units)):f}"


def rate(count: int, seconds: float) -> Decimal:
    return Decimal(f"{count / seconds:.1f}") if seconds > 0 else Decimal(0)


def seconds(value: float) -> Decimal:
    return Decimal(f"{value:.1f}")
