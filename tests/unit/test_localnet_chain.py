"""What the node remembers: account versions, blockhashes, statuses, links."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.chain.accounts import AccountState, AccountVersions
from gridtokenx_indexer.localnet.chain.blockhashes import BlockhashQueue
from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.chain.ledger import Ledger
from gridtokenx_indexer.localnet.chain.statuses import KEPT_ROOTS, Status, StatusCache

ADDRESSES = [Pubkey.from_bytes(bytes(31) + bytes([each])) for each in range(1, 5)]
OWNER = Pubkey.default()


def account(lamports: int) -> AccountState | None:
    return AccountState(lamports, b"", OWNER) if lamports else None


writes = st.lists(
    st.tuples(st.integers(min_value=0, max_value=3), st.integers(min_value=0, max_value=9)), max_size=4
)


@given(st.lists(writes, min_size=1, max_size=12), st.data())
def test_versions_answer_like_a_list_of_states(
    slots: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    """Reads at any unfinalized slot, and a revert, agree with whole copies of the state."""
    versions = AccountVersions()
    states: list[dict[Pubkey, AccountState | None]] = [dict.fromkeys(ADDRESSES)]
    for slot, written in enumerate(slots, start=1):
        state = dict(states[-1])
        for index, lamports in written:
            state[ADDRESSES[index]] = account(lamports)
            versions.record(slot, ADDRESSES[index], account(lamports))
        states.append(state)
    finalized = data.draw(st.integers(min_value=0, max_value=len(slots)))
    versions.finalize(finalized)
    target = data.draw(st.integers(min_value=finalized, max_value=len(slots)))
    for slot in range(finalized, len(slots) + 1):
        assert {each: versions.at(each, slot) for each in ADDRESSES} == states[slot]
    restored = versions.revert_to(target)
    assert {each: versions.latest(each) for each in ADDRESSES} == states[target]
    assert all(states[target][each] == state for each, state in restored.items())
    changed = {each for each in ADDRESSES if states[target][each] != states[-1][each]}
    assert changed <= set(restored)


def test_an_account_that_came_and_went_is_forgotten_at_once() -> None:
    """Finality may jump over both its slots."""
    versions = AccountVersions()
    address, lasting = ADDRESSES[0], ADDRESSES[1]
    versions.record(1, address, account(5))
    versions.record(2, address, None)
    versions.record(2, lasting, account(7))
    versions.finalize(2)
    assert address not in versions
    assert versions.at(lasting, 2) == account(7)


def test_a_base_replaces_every_version() -> None:
    versions = AccountVersions()
    address = ADDRESSES[0]
    versions.record(1, address, account(5))
    versions.record(2, address, account(6))
    versions.set_base(address, None)
    versions.finalize(1)
    versions.finalize(2)
    assert versions.latest(address) is None


def test_a_blockhash_is_valid_for_150_blocks_and_known_for_300() -> None:
    queue = BlockhashQueue()
    queue.register("hash", 10)
    assert not queue.is_valid("hash", 9)
    assert queue.is_valid("hash", 10)
    assert queue.is_valid("hash", 160)
    assert not queue.is_valid("hash", 161)
    assert queue.height_of("hash", 310) == 10
    assert queue.height_of("hash", 311) is None


def test_the_queue_forgets_and_reverts() -> None:
    queue = BlockhashQueue()
    for height in range(2_000):
        queue.register(str(height), height)
    assert queue.height_of("1", 1_999) is None
    assert queue.is_valid("1999", 1_999)
    queue.revert_to(1_990)
    assert queue.height_of("1995", 1_999) is None
    assert queue.height_of("1990", 1_999) == 1_990


def test_statuses_last_300_roots() -> None:
    cache = StatusCache()
    for height in (1, 2, 400):
        cache.add_block(height, {f"signature {height}": Status(height, height, None)})
    cache.finalize(1 + KEPT_ROOTS - 1)
    assert "signature 1" in cache
    cache.finalize(1 + KEPT_ROOTS)
    assert "signature 1" not in cache
    assert "signature 2" in cache
    cache.revert_to(399)
    assert "signature 400" not in cache


def block(slot: int, parent: Block | None) -> Block:
    return Block(
        slot,
        parent.slot if parent else 0,
        parent.height + 1 if parent else 0,
        f"hash {slot}",
        parent.blockhash if parent else "hash 0",
        0,
        [],
    )


def chain(slots: list[int], kept: int = 1_000) -> Ledger:
    ledger = Ledger(block(0, None), confirmation_depth=1, finality_depth=4, kept_blocks=kept)
    for slot in slots:
        ledger.append(block(slot, ledger.tip))
    return ledger


def test_commitments_count_blocks_not_slots() -> None:
    ledger = chain([1, 2, 9, 10, 20, 21])
    assert (ledger.tip.slot, ledger.confirmed.slot, ledger.finalized.slot) == (21, 20, 2)
    assert list(ledger.slots(2, 20)) == [2, 9, 10, 20]
    assert list(ledger.slots(3, 8)) == []


def test_a_revert_moves_confirmed_back_but_not_finalized() -> None:
    ledger = chain(list(range(1, 11)))
    removed = ledger.revert_to(7)
    assert [each.slot for each in removed] == [8, 9, 10]
    assert (ledger.tip.slot, ledger.confirmed.slot, ledger.finalized.slot) == (7, 7, 6)
    assert ledger.block(8) is None


def test_old_blocks_are_forgotten() -> None:
    ledger = chain(list(range(1, 200)), kept=50)
    assert ledger.first_slot > 140
    assert ledger.block(100) is None
    assert ledger.at_height(ledger.tip.height) is ledger.tip
    assert ledger.at_height(180).slot == 180
