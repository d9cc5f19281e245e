"""Trades are cut into transactions that fit every limit and leave nothing out."""

from __future__ import annotations

import hashlib

import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.domain.merkle import MerkleTree, verify_range
from gridtokenx_indexer.market.leaves import parts_of
from gridtokenx_indexer.market.settlement.keys import PartKey, trade_key
from gridtokenx_indexer.market.settlement.lookups import shared_addresses
from gridtokenx_indexer.market.settlement.packing import DueTrade, OpenPart, SettlePacker, contiguous_runs
from gridtokenx_indexer.tx.gridtokenx.values import TradeAccounts, TradeTerms
from gridtokenx_indexer.tx.packing import measure
from gridtokenx_indexer.tx.plan import AttemptPlan
from tests.support.market import TERMS, some_key

SETTLER = some_key(9)
KEY = PartKey(EpochNumber(202611211000), ZoneId(0), 0)


def leaf(index: int) -> bytes:
    return hashlib.sha256(index.to_bytes(4, "big")).digest()


def due(index: int, *, parties: int, limit: int | None = None) -> DueTrade:
    """Trade `index` between two of `parties` traders."""
    seller, buyer = (index * 2) % parties, (index * 2 + 1) % parties
    accounts = TradeAccounts(
        seller_energy=some_key(100 + 2 * seller),
        seller_payment=some_key(101 + 2 * seller),
        buyer_energy=some_key(100 + 2 * buyer),
        buyer_payment=some_key(101 + 2 * buyer),
    )
    terms = TradeTerms(energy_base_units=10**9, payment_base_units=3_007_500, fee_base_units=7_500)
    return DueTrade(trade_index=index, accounts=accounts, terms=terms, batch_limit=limit)


def packer(
    total: int, *, first: int = 0, tables: dict[Pubkey, AddressLookupTableAccount] | None = None
) -> SettlePacker:
    tree = MerkleTree([leaf(first + at) for at in range(total)])
    return SettlePacker(OpenPart(key=KEY, first_index=first, tree=tree), TERMS, SETTLER, tables or {})


def one_table(trades: list[DueTrade]) -> dict[Pubkey, AddressLookupTableAccount]:
    addresses = list(dict.fromkeys([*shared_addresses(TERMS), *(a for t in trades for a in t.addresses)]))
    table = AddressLookupTableAccount(some_key(5), addresses[:256])
    return dict.fromkeys(addresses[:256], table)


def indexes(plan: AttemptPlan) -> list[int]:
    return [trade_key(operation).trade_index for operation in plan.operations]


def test_runs_break_at_gaps_and_at_changes_of_the_limit() -> None:
    trades = [due(0, parties=4), due(1, parties=4), due(3, parties=4), due(4, parties=4, limit=2)]
    assert [[trade.trade_index for trade in run] for run in contiguous_runs(trades)] == [[0, 1], [3], [4]]


@pytest.mark.parametrize(
    ("total", "parties", "with_table"), [(40, 4, True), (40, 80, True), (40, 80, False), (1, 2, False)]
)
def test_every_trade_travels_once_in_transactions_that_fit(
    total: int, parties: int, with_table: bool
) -> None:
    trades = [due(index, parties=parties) for index in range(total)]
    plans = packer(total, tables=one_table(trades) if with_table else None).pack(trades)

    assert [index for plan in plans for index in indexes(plan)] == list(range(total))
    for plan in plans:
        footprint = measure(
            SETTLER,
            plan.instructions,
            lookup_tables=plan.lookup_tables,
            trace_entries=2 + 3 * len(plan.operations),
            compute_units=plan.compute_unit_limit,
        )
        assert footprint.overflow() is None
    most = max(len(plan.operations) for plan in plans)
    assert most >= {True: 12, False: 1}[with_table]


def test_the_batch_limit_is_kept() -> None:
    trades = [due(index, parties=4, limit=2) for index in range(5)]
    plans = packer(5, tables=one_table(trades)).pack(trades)
    assert [indexes(plan) for plan in plans] == [[0, 1], [2, 3], [4]]


def test_the_proof_is_that_of_the_range_within_its_part() -> None:
    first, total = 65_536, 21
    trades = [due(first + at, parties=4) for at in (3, 4, 5)]
    (plan,) = packer(total, first=first, tables=one_table(trades)).pack(trades)
    (instruction,) = plan.instructions
    data = instruction.data
    count_at = 8 + 18 + 4 + 3 * 24
    hashes = int.from_bytes(data[count_at : count_at + 4], "little")
    proof = [data[count_at + 4 + 32 * at : count_at + 36 + 32 * at] for at in range(hashes)]

    tree = MerkleTree([leaf(first + at) for at in range(total)])
    assert verify_range(
        [leaf(first + at) for at in (3, 4, 5)], first=3, total=total, proof=proof, expected_root=tree.root
    )


def test_a_result_is_cut_into_parts_with_a_root_each() -> None:
    leaves = [leaf(index) for index in range(65_537)]
    first, second = parts_of(leaves)

    assert (first.part, first.first_index, first.trade_count) == (0, 0, 65_536)
    assert (second.part, second.first_index, second.trade_count) == (1, 65_536, 1)
    assert second.root == leaves[-1]
    assert first.root == MerkleTree(leaves[:-1]).root
    assert parts_of([]) == []
    with pytest.raises(UsageError):
        MerkleTree([])
