"""Which mints share a transaction, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Window, meter_key
from gridtokenx_indexer.mint.batches import cut, groups
from gridtokenx_indexer.mint.book_rules import Books, BooksVerdict, compare
from gridtokenx_indexer.mint.builder import MOST_PER_TRANSACTION, MintBuilder, MintItem
from gridtokenx_indexer.mint.config import MintTarget
from gridtokenx_indexer.mint.operation import MintOperation, operation_named, parse_key
from gridtokenx_indexer.mint.token_account import associated_account
from gridtokenx_indexer.tx.compute_budget import COMPUTE_BUDGET_INSTRUCTIONS
from gridtokenx_indexer.tx.gridtokenx import limits, pda
from gridtokenx_indexer.tx.packing import Footprint
from tests.support.svm import key
from tests.support.svm_tokens import SPL_TOKEN

MINTER = Keypair.from_seed(bytes(range(32))).pubkey()
TARGET = MintTarget(
    program_id=pda.DEFAULT_PROGRAM_ID,
    energy_mint=key("energy mint").pubkey(),
    energy_token_program=SPL_TOKEN,
)
BUILDER = MintBuilder(TARGET, MINTER)


def operation(number: int, *, window: int = 1_625_568, batch_limit: int | None = None) -> MintOperation:
    wallet = key(f"owner {number}").pubkey()
    return MintOperation(
        window=Window(window),
        meter=meter_key(f"sun {number}"),
        wallet=wallet,
        destination=associated_account(wallet, TARGET.energy_mint, TARGET.energy_token_program),
        amount_base_units=10**9,
        batch_limit=batch_limit,
    )


def items(count: int, missing: Sequence[Pubkey] = (), batch_limit: int | None = None) -> list[MintItem]:
    return [BUILDER.item(operation(number, batch_limit=batch_limit), missing) for number in range(count)]


def no_tables(batch: Sequence[MintItem]) -> Footprint:
    return BUILDER.footprint(batch, ())


def full_table(batch: Sequence[MintItem]) -> AddressLookupTableAccount:
    addresses = [*BUILDER.shared_accounts()]
    for item in batch:
        addresses += BUILDER.accounts(item.operation)
    return AddressLookupTableAccount(key("table").pubkey(), addresses)


def sizes(batches: Sequence[Sequence[MintItem]]) -> list[int]:
    return [len(batch) for batch in batches]


def test_seven_fit_without_a_table_and_the_measured_most_with_one() -> None:
    batches, misfits = cut(items(20), MOST_PER_TRANSACTION, no_tables)
    assert sizes(batches) == [limits.MAX_MINTS_WITHOUT_TABLE] * 2 + [6]
    assert not misfits
    table = full_table(items(40))
    batches, _ = cut(items(40), 40, lambda batch: BUILDER.footprint(batch, [table]))
    assert sizes(batches)[0] == limits.MAX_MINTS_WITH_TABLE == MOST_PER_TRANSACTION


def test_new_accounts_take_their_room_of_the_trace() -> None:
    missing = [account for item in items(20) for account in BUILDER.accounts(item.operation)]
    table = full_table(items(20))
    batches, _ = cut(items(20, missing), 20, lambda batch: BUILDER.footprint(batch, [table]))
    each = limits.MINT_NEW_LEDGER_TRACE_ENTRIES + limits.CREATE_TOKEN_ACCOUNT_TRACE_ENTRIES
    assert sizes(batches)[0] == (limits.MAX_TRACE_ENTRIES - COMPUTE_BUDGET_INSTRUCTIONS) // each


def test_one_wallet_with_several_windows_gets_its_account_created_once() -> None:
    first = operation(1)
    missing = [first.destination]
    batch = [BUILDER.item(first, missing), BUILDER.item(operation(1, window=1_625_569), missing)]
    plan = BUILDER.plan(batch, ())
    assert len(plan.instructions) == 3
    assert plan.operations == tuple(item.operation.key for item in batch)


def test_the_batch_limit_of_an_operation_is_kept() -> None:
    assert sizes(cut(items(7, batch_limit=3), 19, no_tables)[0]) == [3, 3, 1]


def test_what_fits_in_no_transaction_is_set_apart() -> None:
    too_much = Footprint(size_bytes=2_000, account_locks=1, trace_entries=1, compute_units=1)
    batches, misfits = cut(items(2), 19, lambda _batch: too_much)
    assert batches == []
    assert len(misfits) == 2


def test_groups_keep_neighbours_of_a_table_together_and_limits_apart() -> None:
    mixed = [*items(4), *items(2, batch_limit=1)]
    home = {
        mixed[0].operation: "B",
        mixed[1].operation: None,
        mixed[2].operation: "A",
        mixed[3].operation: "B",
    }
    free, limited = groups(mixed, lambda item: home.get(item.operation))
    assert [home[item.operation] for item in free] == ["A", "B", "B", None]
    assert len(limited) == 2


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from([None, 1, 4])), max_size=40))
def test_cutting_loses_and_doubles_nothing(drawn: list[tuple[int, int | None]]) -> None:
    found = [BUILDER.item(operation(n, batch_limit=limit), ()) for n, limit in dict(drawn).items()]
    seen: list[str] = []
    for group in groups(found, lambda _item: None):
        batches, misfits = cut(group, MOST_PER_TRANSACTION, no_tables)
        assert not misfits
        for batch in batches:
            assert no_tables(batch).overflow() is None
            assert all(len(batch) <= (item.operation.batch_limit or 99) for item in batch)
            seen += [item.operation.key for item in batch]
    assert sorted(seen) == sorted(item.operation.key for item in found)


def test_keys_are_read_back() -> None:
    one = operation(1)
    assert parse_key(operation_named(one.key)) == (one.window, one.meter)


def books(**changes: int) -> Books:
    balanced = Books(
        opening_base_units=0,
        supply_base_units=70,
        minted_base_units=100,
        burned_base_units=30,
        done_base_units=100,
    )
    return replace(balanced, **changes)  # type: ignore[arg-type]


def test_only_energy_without_a_reason_pauses() -> None:
    assert compare(books()) == BooksVerdict(None, None)
    assert compare(books(done_base_units=60)) == BooksVerdict(None, None)
    assert compare(books(supply_base_units=75, opening_base_units=5)) == BooksVerdict(None, None)
    assert compare(books(supply_base_units=71)).pause
    below = compare(books(supply_base_units=69))
    assert below.pause is None
    assert below.alert
    claimed = compare(books(done_base_units=101))
    assert claimed.pause is None
    assert claimed.alert
    ghost = compare(
        Books(
            opening_base_units=0,
            supply_base_units=1,
            minted_base_units=1,
            burned_base_units=0,
            done_base_units=0,
            unexplained=("sig",),
        )
    )
    assert ghost.pause
    assert "sig" in ghost.pause
