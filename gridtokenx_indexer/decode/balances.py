"""Balance changes from the balances before and after, which hold whatever instruction caused them."""

from __future__ import annotations

from gridtokenx_indexer.decode.facts import BalanceChange
from gridtokenx_indexer.decode.transaction_wire import MetaWire, TokenBalanceWire
from gridtokenx_indexer.domain.ids import Address


def token_changes(meta: MetaWire, keys: list[str], mints: frozenset[Address]) -> list[BalanceChange]:
    """Token accounts of `mints` that appeared, vanished, or changed amount or owner. In base units."""
    before = _by_account(meta.pre_token_balances, mints)
    after = _by_account(meta.post_token_balances, mints)
    changes: list[BalanceChange] = []
    for index in sorted({*before, *after}):
        old, new = before.get(index), after.get(index)
        current = new or old
        assert current is not None
        same_mint = old is not None and old.mint == current.mint
        before_amount = _amount(old) if same_mint else 0
        after_amount = _amount(new)
        if (
            same_mint
            and new is not None
            and old is not None
            and before_amount == after_amount
            and old.owner == new.owner
        ):
            continue
        changes.append(
            BalanceChange(
                Address(keys[index]),
                Address(current.mint),
                Address(current.owner) if current.owner else None,
                before_amount,
                after_amount,
            )
        )
    return changes


def lamport_changes(
    meta: MetaWire, keys: list[str], watched: frozenset[Address], token_accounts: frozenset[Address]
) -> list[BalanceChange]:
    """Watched accounts whose lamports changed; token accounts are shown by their tokens instead."""
    return [
        BalanceChange(Address(key), None, None, before, after)
        for key, before, after in zip(keys, meta.pre_balances, meta.post_balances, strict=True)
        if before != after and key in watched and key not in token_accounts
    ]


def _by_account(
    balances: list[TokenBalanceWire] | None, mints: frozenset[Address]
) -> dict[int, TokenBalanceWire]:
    return {balance.account_index: balance for balance in balances or () if balance.mint in mints}


def _amount(balance: TokenBalanceWire | None) -> int:
    """Raises `ValueError` for text that is no amount."""
    if balance is None:
        return 0
    amount = balance.ui_token_amount.amount
    if not amount.isdecimal():
        raise ValueError(f"{amount!r} is no token amount")
    return int(amount)
