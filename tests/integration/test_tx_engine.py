"""The engine's own rules on a real database and chain: review outside coverage, refused handlers, tables."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from gridtokenx_indexer.domain.errors import ParkError, StopError
from gridtokenx_indexer.domain.ids import OperationKey
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.errors import IndexBehindError, OperationInFlightError, SignerNotWatchedError
from gridtokenx_indexer.tx.lifecycle import MAX_BLOCKHASH_AGE
from gridtokenx_indexer.tx.outcome import ClosedAttempt, Verdict
from gridtokenx_indexer.tx.plan import AttemptPlan, SignedAttempt
from gridtokenx_indexer.tx.ports import Connection
from gridtokenx_indexer.tx.resolver import Resolver
from gridtokenx_indexer.tx.signer import KeypairSigner, KeyRing, Role
from gridtokenx_indexer.tx.writer import AttemptWriter
from tests.support.following import FINALITY_SLOTS
from tests.support.minting import TX, Minter, MintHouse, mint_house
from tests.support.svm import key


class Notebook:
    """A handler that writes down what it is told, and refuses operations of one name."""

    kinds = frozenset({"pay"})

    def __init__(self, refuses: str = "") -> None:
        self.closed: list[ClosedAttempt] = []
        self.refuses = refuses

    async def resolve(self, conn: Connection, closed: Sequence[ClosedAttempt]) -> None:
        for attempt in closed:
            if self.refuses in attempt.operations:
                raise ParkError("makes no sense")
        self.closed += closed


def payment(minter: Minter, lamports: int, *operations: str) -> AttemptPlan:
    payer = minter.keys.pubkey(Role.MINTER)
    step = transfer(TransferParams(from_pubkey=payer, to_pubkey=key("shop").pubkey(), lamports=lamports))
    return AttemptPlan(
        kind="pay",
        operations=tuple(OperationKey(name) for name in operations),
        instructions=(step,),
        signer=Role.MINTER,
        compute_unit_limit=1_000,
        context={"note": "coffee"},
    )


UNREADABLE = """
    INSERT INTO indexer.parked_items (slot, tx_index, instruction_path, item_ordinal, reason, detail, payload)
    SELECT a.blockhash_slot + 1, 0, '', 0, 'unreadable_transaction', 'of an unknown shape',
           convert_to('{"accounts": ["' || a.signer || '"]}', 'UTF8')
      FROM indexer.tx_attempts AS a WHERE a.kind = 'pay'"""
"""A transaction that names the fee payer, of which the follower knows nothing more."""


async def write(minter: Minter, *plans: AttemptPlan) -> list[SignedAttempt]:
    recent = await minter.writer.prepare()
    async with minter.pool.acquire() as conn, conn.transaction():
        return await minter.writer.write(conn, plans, lease=minter.lease, recent=recent)


async def close(house: MintHouse, notebook: Notebook) -> int:
    closed = 0
    resolver = Resolver(house.pool, [notebook], Wake(), TX)
    while changed := await resolver.close_some():
        closed += changed
    return closed


async def test_equal_payments_at_once_are_different_transactions_and_both_land(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        attempts = await write(minter, payment(minter, 10**6, "a"), payment(minter, 10**6, "b"))
        await minter.sender.send(attempts)
        await house.settle()
        notebook = Notebook()
        assert await close(house, notebook) == 2
        assert {attempt.verdict for attempt in notebook.closed} == {Verdict.SPENT_OK}
        assert {attempt.operations for attempt in notebook.closed} == {("a",), ("b",)}
        assert all(attempt.context == {"note": "coffee"} for attempt in notebook.closed)
        shop = house.following.node.account(key("shop").pubkey())
        assert shop is not None
        assert shop.lamports == 2 * 10**6


async def test_a_restarted_process_signs_anew_instead_of_repeating_a_signature(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        (first,) = await write(minter, payment(minter, 10**6, "a"))
        restarted = AttemptWriter(pool, minter.keys, TX)
        recent = await restarted.prepare()
        async with pool.acquire() as conn, conn.transaction():
            (second,) = await restarted.write(
                conn, [payment(minter, 10**6, "b")], lease=minter.lease, recent=recent
            )
        assert first.blockhash_slot == second.blockhash_slot
        assert first.signature != second.signature


async def test_an_operation_in_flight_rolls_the_whole_write_back(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        await write(minter, payment(minter, 10**6, "a"))
        with pytest.raises(OperationInFlightError):
            await write(minter, payment(minter, 10**6, "b"), payment(minter, 10**6, "c", "a"))
        assert len(await house.attempts("pay")) == 1


async def test_a_failed_transaction_is_told_with_the_chains_error(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        attempts = await write(minter, payment(minter, 10**18, "a"))
        await minter.sender.send(attempts)
        await house.settle()
        notebook = Notebook()
        assert await close(house, notebook) == 1
        (closed,) = notebook.closed
        assert closed.verdict is Verdict.SPENT_ERROR
        assert closed.error == {"InstructionError": [2, {"Custom": 1}]}
        (row,) = await house.attempts("pay")
        assert (row["status"], row["spent_error"]) == ("spent", closed.error)


async def test_an_attempt_that_its_handler_refuses_is_left_in_review_and_holds_no_other_up(
    pool: Pool,
) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        attempts = await write(minter, *(payment(minter, 10**6, name) for name in ("a", "odd", "z")))
        await minter.sender.send(attempts)
        await house.settle()
        notebook = Notebook(refuses="odd")
        assert await close(house, notebook) == 3
        assert {attempt.operations for attempt in notebook.closed} == {("a",), ("z",)}
        live = await pool.fetch("SELECT operation FROM indexer.tx_attempt_items_live")
        assert [row["operation"] for row in live] == ["odd"]
        with pytest.raises(OperationInFlightError):
            await write(minter, payment(minter, 10**6, "odd"))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE indexer.watched_accounts SET from_slot = 1000000 WHERE kind = 'signer'",
        "UPDATE indexer.cursors SET anchor_slot = finalized_slot - 3",
        "DELETE FROM indexer.slots WHERE slot = (SELECT max(slot) - 60 FROM indexer.slots)",
        UNREADABLE,
    ],
)
async def test_absence_outside_coverage_is_no_death(pool: Pool, damage: str) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        await write(minter, payment(minter, 10**6, "a"))
        await house.settle(MAX_BLOCKHASH_AGE + FINALITY_SLOTS + 2)
        await pool.execute(damage)
        notebook = Notebook()
        assert await close(house, notebook) == 1
        assert notebook.closed == []
        (row,) = await house.attempts("pay")
        assert row["status"] == "review"
        assert row["review_reason"]
        assert await pool.fetchval("SELECT count(*) FROM indexer.tx_attempt_items_live") == 1
        assert await pool.fetchval("SELECT count(*) FROM indexer.tx_death_certificates") == 0


async def test_unreadable_transactions_of_others_do_not_keep_an_attempt_from_its_death(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        await write(minter, payment(minter, 10**6, "a"))
        await house.settle(MAX_BLOCKHASH_AGE + FINALITY_SLOTS + 2)
        await pool.execute(UNREADABLE.replace("a.signer", f"'{key('somebody').pubkey()}'"))
        notebook = Notebook()
        assert await close(house, notebook) == 1
        assert [attempt.verdict for attempt in notebook.closed] == [Verdict.DEAD]


async def test_nothing_is_signed_by_a_key_that_the_follower_does_not_watch(pool: Pool) -> None:
    async with mint_house(pool) as house:
        del house
        stranger = AttemptWriter(pool, KeyRing({Role.SETTLER: KeypairSigner(key("stranger"))}), TX)
        with pytest.raises(SignerNotWatchedError, match=str(key("stranger").pubkey())):
            await stranger.prepare()


async def test_nothing_is_signed_while_the_index_is_empty_or_far_behind(pool: Pool) -> None:
    keys = KeyRing({Role.MINTER: KeypairSigner(key("minter"))})
    with pytest.raises(IndexBehindError, match="no finalized block"):
        await AttemptWriter(pool, keys, TX).prepare()
    async with mint_house(pool) as house:
        minter = await house.minter()
        await minter.writer.prepare()
        await pool.execute(
            "UPDATE indexer.cursors SET head_block_height = finalized_block_height + $1",
            MAX_BLOCKHASH_AGE - 39,
        )
        with pytest.raises(IndexBehindError, match="39 blocks to live"):
            await minter.writer.prepare()


async def test_two_handlers_of_one_kind_are_a_mistake(pool: Pool) -> None:
    with pytest.raises(StopError, match="pay"):
        Resolver(pool, [Notebook(), Notebook()], Wake(), TX)


async def test_tables_serve_only_finalized_entries_and_come_back_after_a_restart(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        wanted = [key(f"address {number}").pubkey() for number in range(60)]
        async with pool.acquire() as conn:
            await minter.tables.request(conn, "mint", wanted)
            await minter.tables.request(conn, "mint", wanted[:5])
        assert await minter.tables.homes(["mint"], wanted) == {}
        steps = 0
        for _ in range(12):
            steps += await minter.keeper.grow(minter.lease)
            house.following.node.produce(2)
            await house.following.follow()
            assert set(await minter.tables.homes(["mint"], wanted)) <= await on_chain(house, minter)
            await house.settle()
            await minter.resolver.close_some()
        assert steps == 3
        successor = await house.minter()
        homes = await successor.tables.homes(["mint"], wanted)
        assert set(homes) == set(wanted)
        (table,) = set(homes.values())
        held = list(successor.tables.table(table).addresses)
        assert held == [*minter.builder.shared_accounts(), *wanted]
        assert held == await table_on_chain(house, table)


async def test_a_table_that_grew_without_the_database_serves_nobody(pool: Pool) -> None:
    """As after a restore from an older backup: the next step lands behind one that nobody remembers."""
    async with mint_house(pool) as house:
        minter = await house.minter()
        shared = len(minter.builder.shared_accounts())
        wanted = [key(f"address {number}").pubkey() for number in range(30)]

        async def grow() -> None:
            assert await minter.keeper.grow(minter.lease) == 1
            await house.settle()
            assert await minter.resolver.close_some() == 1

        async with pool.acquire() as conn:
            await minter.tables.request(conn, "mint", wanted)
        await grow()
        await grow()
        for forget in (
            "DELETE FROM indexer.tx_attempt_items WHERE operation LIKE '%:24'",
            "DELETE FROM indexer.tx_attempts AS a WHERE NOT EXISTS "
            "(SELECT FROM indexer.tx_attempt_items AS i WHERE i.signature = a.signature)",
            "DELETE FROM indexer.lookup_table_addresses WHERE position >= 24",
        ):
            await pool.execute(forget)
        async with pool.acquire() as conn:
            await minter.tables.request(conn, "mint", list(reversed(wanted)))
        await grow()

        async def agreed() -> int:
            successor = await house.minter()
            homes = await successor.tables.homes(["mint"], wanted)
            for table in set(homes.values()):
                held = list(successor.tables.table(table).addresses)
                assert held == (await table_on_chain(house, table))[: len(held)]
                assert len(held) > shared
            return len(homes)

        assert await agreed() == 0
        minter = await house.minter()
        for _ in range(2):
            await grow()
        assert await agreed() == len(wanted)


async def test_a_table_whose_creation_died_is_given_up_and_its_addresses_find_another(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        wanted = [key(f"address {number}").pubkey() for number in range(3)]
        async with pool.acquire() as conn:
            await minter.tables.request(conn, "mint", wanted)
        minter.sink.swallow = 1
        assert await minter.keeper.grow(minter.lease) == 1
        assert await minter.keeper.grow(minter.lease) == 0
        await house.settle(MAX_BLOCKHASH_AGE + FINALITY_SLOTS + 2)
        assert await minter.resolver.close_some() == 1
        assert await minter.keeper.grow(minter.lease) == 1
        await house.settle()
        assert await minter.resolver.close_some() == 1
        assert set(await minter.tables.homes(["mint"], wanted)) == set(wanted)
        rows = await pool.fetch("SELECT status FROM indexer.lookup_tables ORDER BY ordinal")
        assert [row["status"] for row in rows] == ["abandoned", "active"]


async def table_on_chain(house: MintHouse, table: str) -> list[Pubkey]:
    account = house.following.node.account(Pubkey.from_string(table))
    assert account is not None
    body = account.data[56:]
    return [Pubkey(body[start : start + 32]) for start in range(0, len(body), 32)]


async def on_chain(house: MintHouse, minter: Minter) -> set[Pubkey]:
    tables = await house.pool.fetch("SELECT address FROM indexer.lookup_tables WHERE status = 'active'")
    return {address for row in tables for address in await table_on_chain(house, row["address"])}
