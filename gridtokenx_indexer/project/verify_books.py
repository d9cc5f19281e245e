"""Recomputes the books as of finalized slots, and compares them with the node and with each other."""

from __future__ import annotations

from decimal import Decimal

from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.project.verify_chain import ChainBalance, ChainBooks
from gridtokenx_indexer.project.verify_check import VerifyCheck, VerifyConfig, result
from gridtokenx_indexer.store.pool import Connection
from gridtokenx_indexer.store.queries import load


async def verify_supply(
    connection: Connection, config: VerifyConfig, chain: ChainBooks, final: Slot
) -> list[VerifyCheck]:
    """Events, mint instructions, balances and the node's supply, as of the slot the node answered for."""
    at = min(chain.supply.context_slot, final)
    row = await connection.fetchrow(load("verify")["supply_figures"], config.program, config.energy_mint, at)
    assert row is not None
    opening, supply = config.opening_supply_base_units, chain.supply.base_units
    events, minted, burned, held = (int(row[name]) for name in ("minted_events", "minted", "burned", "held"))
    parked = await connection.fetch(load("verify")["parked_supply"], at)
    figures = f"at slot {at}: {events} by events, {minted} by instructions"
    return [
        _equal("minted events = mint instructions", figures, events, minted),
        _equal(
            "minted = token supply + burned",
            f"at slot {at}: {opening + events} minted, supply {supply}, burned {burned}",
            opening + events,
            supply + burned,
        ),
        _equal(
            "sum of balances = token supply",
            f"at slot {at}: {opening + held} held, supply {supply}",
            opening + held,
            supply,
        ),
        result(
            "balance changes are explained",
            f"{len(parked)} unexplained",
            [item["difference"] for item in parked],
        ),
    ]


async def verify_operations(connection: Connection, config: VerifyConfig, final: Slot) -> list[VerifyCheck]:
    """Finalized events against our own operations and trades."""
    queries = load("verify")
    mints = await connection.fetchrow(queries["mint_counts"], final)
    trades = await connection.fetchrow(queries["trade_counts"], final)
    assert mints is not None
    assert trades is not None
    signed = await connection.fetchrow(queries["signed_counts"])
    assert signed is not None
    unwatched = await connection.fetch(queries["unwatched_signers"])
    mint_differences = await connection.fetch(queries["mint_differences"], config.program, final)
    trade_differences = await connection.fetch(queries["trade_differences"], config.program, final)
    return [
        result(
            "minted events = done operations",
            f"{mints['operations']} operations, {mints['amount']:f} base units",
            [row["difference"] for row in mint_differences],
        ),
        result(
            "settled trades = matches",
            f"{trades['trades']} trades, energy {trades['energy']:f}, payment {trades['payment']:f}, "
            f"fees {trades['fee']:f} base units",
            [row["difference"] for row in trade_differences],
        ),
        result(
            "signers of transactions are watched",
            f"{signed['open']} may still land, {signed['dead']} are proved dead",
            [row["difference"] for row in unwatched],
        ),
    ]


async def verify_balances(
    connection: Connection, config: VerifyConfig, chain: ChainBooks, final: Slot
) -> list[VerifyCheck]:
    """The projection against the facts it is made of, and against the accounts on chain."""
    queries = load("verify")
    rows = await connection.fetch(queries["projection_differences"], config.energy_mint)
    slots = [min(balance.slot, final) for balance in chain.balances]
    known = await connection.fetch(
        queries["balances_as_of"], [balance.account for balance in chain.balances], slots
    )
    differences = [
        difference
        for balance, row in zip(chain.balances, known, strict=True)
        if (difference := _balance_difference(balance, row["after_amount"], row["owner"])) is not None
    ]
    count = f"{len(chain.balances)} accounts"
    return [
        result("balances = indexed changes", count, [row["difference"] for row in rows]),
        result("balances = accounts on chain", count, differences),
    ]


def _balance_difference(balance: ChainBalance, known: Decimal | None, owner: str | None) -> str | None:
    indexed = 0 if known is None else int(known)
    if indexed != balance.amount:
        return f"{balance.account}: {balance.amount} on chain at slot {balance.slot}, {indexed} indexed"
    if balance.owner is not None and owner != balance.owner:
        return f"{balance.account}: owned by {balance.owner} on chain, by {owner} in the index"
    return None


def _equal(check: str, detail: str, left: int, right: int) -> VerifyCheck:
    return result(check, detail, [] if left == right else [f"{left} and {right} differ by {left - right}"])
