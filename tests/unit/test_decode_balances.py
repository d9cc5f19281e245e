"""Balances and supply from what stands before and after, and from the token instructions."""

from __future__ import annotations

import msgspec
import pytest

from gridtokenx_indexer.decode.facts import BalanceChange, ParkReason, SupplyKind
from gridtokenx_indexer.decode.transaction import IncompleteBlockError
from gridtokenx_indexer.domain.ids import Address, Slot
from tests.support.transactions import (
    KEYS,
    MINT,
    OTHER,
    OURS,
    PAYER,
    SPL,
    call,
    decoder,
    facts,
    kept,
    token_balance,
    transaction,
)


def amount(number: int, value: int, *rest: int) -> bytes:
    return bytes([number]) + value.to_bytes(8, "little") + bytes(rest)


def changes(*args: object, **meta: object) -> list[BalanceChange]:
    return [c for c in facts(transaction([call(OURS)], **meta)).balances if c.mint is not None]  # type: ignore[arg-type]


def test_accounts_appear_change_and_vanish() -> None:
    found = changes(
        preTokenBalances=[token_balance(5, 10), token_balance(6, 7)],
        postTokenBalances=[token_balance(5, 4), token_balance(7, 13)],
    )
    assert [(c.account, c.before, c.after) for c in found] == [
        ("acc5", 10, 4),
        ("acc6", 7, 0),
        ("acc7", 0, 13),
    ]


def test_a_new_empty_account_and_a_new_owner_are_changes_too() -> None:
    found = changes(
        preTokenBalances=[token_balance(5, 10, owner="old"), token_balance(6, 1)],
        postTokenBalances=[token_balance(5, 10, owner="new"), token_balance(6, 1), token_balance(7, 0)],
    )
    assert [(c.account, c.owner, c.after) for c in found] == [("acc5", "new", 10), ("acc7", "owner", 0)]


def test_other_mints_are_left_out() -> None:
    assert changes(postTokenBalances=[token_balance(5, 10, mint="other")]) == []


def test_an_account_reopened_for_another_mint_starts_from_nothing() -> None:
    found = changes(
        preTokenBalances=[token_balance(5, 10, mint="other")], postTokenBalances=[token_balance(5, 3)]
    )
    assert [(c.before, c.after) for c in found] == [(0, 3)]


def test_amounts_above_64_bits_keep_every_digit() -> None:
    assert changes(postTokenBalances=[token_balance(5, 2**64 - 1)])[0].after == 2**64 - 1


@pytest.mark.parametrize("error", [None, "AccountInUse"])
def test_lamports_of_watched_accounts_change_with_failed_transactions_too(error: str | None) -> None:
    found = facts(transaction([call(OURS)], err=error)).balances
    assert found == (BalanceChange(Address(PAYER), None, None, 100_000, 95_000),)


def test_a_token_transfer_is_seen_though_it_names_no_mint() -> None:
    written = transaction(
        [call(SPL, amount(3, 5), accounts=(5, 6))],
        preTokenBalances=[token_balance(5, 5)],
        postTokenBalances=[token_balance(6, 5)],
    )
    written["transaction"]["message"]["accountKeys"] = [
        "x",
        "y",
        "z",
        SPL,
        "w",
        "acc5",
        "acc6",
        "acc7",
    ]
    assert len(facts(written).balances) == 2


def test_a_transaction_of_nobody_we_watch_is_not_kept() -> None:
    written = transaction([call(OTHER)], postTokenBalances=[token_balance(5, 5, mint="other")])
    written["transaction"]["message"]["accountKeys"] = [
        "x",
        "y",
        OTHER,
        SPL,
        "w",
        "acc5",
        "acc6",
        "acc7",
    ]
    assert decoder().decode_one(Slot(1), 0, msgspec.json.encode(written)) is None


@pytest.mark.parametrize(
    ("data", "accounts", "kind"),
    [
        (amount(7, 40), (4, 5, 0), SupplyKind.MINT),
        (amount(14, 40, 9), (4, 5, 0), SupplyKind.MINT),
        (amount(8, 40), (5, 4, 0), SupplyKind.BURN),
        (amount(15, 40, 9), (5, 4, 0), SupplyKind.BURN),
    ],
    ids=["MintTo", "MintToChecked", "Burn", "BurnChecked"],
)
@pytest.mark.parametrize("inner", [False, True])
def test_mint_and_burn_instructions_are_found(
    data: bytes, accounts: tuple[int, ...], kind: SupplyKind, inner: bool
) -> None:
    burned = kind is SupplyKind.BURN
    before, after = [token_balance(5, 40 if burned else 0)], [token_balance(5, 0 if burned else 40)]
    token = call(SPL, data, accounts=accounts, height=2 if inner else 1)
    written = transaction(
        [call(OURS)] if inner else [token],
        {0: [token]} if inner else {},
        preTokenBalances=before,
        postTokenBalances=after,
    )
    found = facts(written)
    (change,) = found.supply
    assert (change.kind, change.mint, change.account, change.amount) == (kind, MINT, "acc5", 40)
    assert str(change.path) == ("0.0" if inner else "0")
    assert found.parked == ()


def test_a_batch_of_token_instructions_is_taken_apart() -> None:
    first, second = amount(7, 10), amount(8, 4)
    batch = b"\xff" + b"".join(bytes([3, len(data)]) + data for data in (first, second))
    written = transaction(
        [call(SPL, batch, accounts=(4, 5, 0, 5, 4, 0))], postTokenBalances=[token_balance(5, 6)]
    )
    found = facts(written)
    assert [(c.kind, c.ordinal, c.amount) for c in found.supply] == [
        (SupplyKind.MINT, 0, 10),
        (SupplyKind.BURN, 1, 4),
    ]
    assert found.parked == ()


def test_a_balance_that_nothing_explains_is_parked_and_still_counted() -> None:
    found = facts(transaction([call(OURS)], postTokenBalances=[token_balance(5, 3)]))
    (item,) = found.parked
    assert item.reason is ParkReason.SUPPLY_MISMATCH
    assert "by 3 base units" in item.detail
    assert found.balances[0].after == 3


@pytest.mark.parametrize("missing", ["meta", "inner"])
def test_a_block_without_outcomes_is_not_taken(missing: str) -> None:
    written = transaction([call(OURS)], innerInstructions=None)
    if missing == "meta":
        written["meta"] = None
    with pytest.raises(IncompleteBlockError):
        decoder().decode_one(Slot(1), 0, msgspec.json.encode(written))


@pytest.mark.parametrize(
    "damage",
    [
        {"meta": {"fee": "much"}},
        {"transaction": {"signatures": []}},
        {"version": "next"},
    ],
    ids=["wrong type", "no message", "unknown version"],
)
def test_an_unreadable_transaction_of_ours_is_kept_whole(damage: dict[str, object]) -> None:
    found = kept({**transaction([call(OURS)]), **damage, "names": OURS})
    assert found.facts is None
    assert found.unreadable is not None
    assert found.unreadable.reason is ParkReason.UNREADABLE_TRANSACTION
    assert found.unreadable.payload == found.raw


def test_an_index_out_of_range_parks_the_transaction() -> None:
    written = transaction([call(OURS, accounts=(len(KEYS),))])
    assert kept(written).unreadable is not None


def test_a_transaction_without_signers_is_parked() -> None:
    written = transaction([call(OURS)])
    written["transaction"]["message"]["header"]["numRequiredSignatures"] = 0
    assert kept(written).unreadable is not None


def test_version_1_is_read() -> None:
    written = {**transaction([call(OURS)]), "version": 1}
    assert facts(written).version == 1
