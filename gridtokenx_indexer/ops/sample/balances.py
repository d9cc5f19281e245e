"""Balances as the last transactions left them."""

from __future__ import annotations

from collections.abc import Iterator

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk
from gridtokenx_indexer.ops.sample.world import World

_OPERATORS = ("minter", "clearer", "settler")
_OPERATOR_LAMPORTS = 5_000_000_000


def balances(world: World) -> Iterator[Chunk]:
    """Energy and money of every wallet, and the lamports from which our keys pay."""
    chain = world.chain
    energy_mint = chain.terms.energy_mint
    rows: list[Row] = [
        (
            account.address,
            account.total,
            account.total,
            account.changes,
            {str(energy_mint): str(account.total)} if account.mint == energy_mint and account.total else {},
            account.mint,
            account.owner,
            account.slot or chain.first,
            account.tx_index,
            account.moment or chain.start,
            chain.start,
            account.moment or chain.start,
        )
        for account in world.ledger.accounts
    ]
    for role in _OPERATORS:
        paid = [one for one in chain.transactions if one.signer == chain.key(role) and one.slot is not None]
        left = _OPERATOR_LAMPORTS - 5_000 * len(paid)
        last = paid[-1].slot if paid and paid[-1].slot is not None else chain.first
        moment = chain.time_of(last)
        key = chain.key(role)
        rows.append((key, left, left, len(paid), {}, None, key, last, 0, moment, chain.start, moment))
    yield chunk(
        "blockchain.account_balances",
        "account_id total_balance available_balance nonce energy_balances mint owner slot tx_index block_time"
        " created_at updated_at",
        rows,
    )
