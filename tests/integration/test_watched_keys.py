"""Keys of several processes: all of them are watched, whichever process follows, until one is retired."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from solders.hash import Hash
from solders.message import MessageV0
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.domain.errors import RetryableError, StopError, UsageError
from gridtokenx_indexer.domain.ids import Address, OperationKey
from gridtokenx_indexer.ops.replaying import replay_all
from gridtokenx_indexer.project.digest import digests
from gridtokenx_indexer.project.verify import verify
from gridtokenx_indexer.project.verify_check import VerifyConfig
from gridtokenx_indexer.source.rpc import Commitment
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.watch_list import WatchListChangedError, watch_signers
from gridtokenx_indexer.tx.errors import SignerNotWatchedError
from gridtokenx_indexer.tx.lifecycle import MAX_BLOCKHASH_AGE
from gridtokenx_indexer.tx.outcome import ClosedAttempt
from gridtokenx_indexer.tx.plan import AttemptPlan
from gridtokenx_indexer.tx.ports import Connection
from gridtokenx_indexer.tx.resolver import Resolver
from gridtokenx_indexer.tx.signer import KeypairSigner, KeyRing, Role
from gridtokenx_indexer.tx.watched_keys import list_keys, retire_key
from gridtokenx_indexer.tx.writer import AttemptWriter
from tests.support.eventually import eventually
from tests.support.following import FINALITY_SLOTS, Following, following
from tests.support.grid_chain import PROGRAM_ADDRESS, address
from tests.support.leases import StandingLease, take_lease
from tests.support.minting import FIRST_WINDOW, TX, mint_house
from tests.support.svm import key

EXPIRY_SLOTS = MAX_BLOCKHASH_AGE + FINALITY_SLOTS + 2
SETTLER = key("settler")
SOMEBODY_WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
SETTLER_ADDRESS = Address(str(SETTLER.pubkey()))


def writer_of(pool: Pool) -> AttemptWriter:
    """Of a process that holds the settler's key only."""
    return AttemptWriter(pool, KeyRing({Role.SETTLER: KeypairSigner(SETTLER)}), TX)


PAYMENT = transfer(
    TransferParams(from_pubkey=SETTLER.pubkey(), to_pubkey=key("shop").pubkey(), lamports=10**6)
)
"""Names no watched program: the index keeps it only because of who signed it."""
PLAN = AttemptPlan(
    kind="pay",
    operations=(OperationKey("a coffee"),),
    instructions=(PAYMENT,),
    signer=Role.SETTLER,
    compute_unit_limit=1_000,
)


class Forgetful:
    """A handler without any bookkeeping of its own."""

    kinds = frozenset({"pay", "mint"})

    async def resolve(self, conn: Connection, closed: Sequence[ClosedAttempt]) -> None:
        pass


async def write(pool: Pool, writer: AttemptWriter, lease: StandingLease) -> str:
    recent = await writer.prepare()
    async with pool.acquire() as connection, connection.transaction():
        (attempt,) = await writer.write(connection, [PLAN], lease=lease, recent=recent)
    return attempt.signature


async def watched(pool: Pool, account: Address = SETTLER_ADDRESS) -> list[tuple[int, int | None]]:
    rows = await pool.fetch(
        "SELECT from_slot, until_slot FROM indexer.watched_accounts"
        " WHERE address = $1 AND kind = 'signer' ORDER BY from_slot",
        account,
    )
    return [(row["from_slot"], row["until_slot"]) for row in rows]


async def head(pool: Pool) -> int:
    return await pool.fetchval("SELECT head_slot FROM indexer.cursors") or 0


async def statuses(pool: Pool) -> list[tuple[str, str | None]]:
    rows = await pool.fetch("SELECT status, review_reason FROM indexer.tx_attempts ORDER BY created_at")
    return [(row["status"], row["review_reason"]) for row in rows]


async def follow_as(setting: Following, *keys: str, slots: int = FINALITY_SLOTS + 2) -> None:
    """Another process has the follower's lease now, with these keys of its own."""
    frontier = await setting.open(signers=keys, lamport_accounts=keys)
    setting.node.produce(slots)
    await frontier.advance(setting.rpc.pinned())


async def close_all(pool: Pool) -> None:
    resolver = Resolver(pool, [Forgetful()], Wake(), TX)
    while await resolver.close_some():
        pass


@pytest.mark.parametrize("others", [(), (SETTLER_ADDRESS,)], ids=["no keys", "the settler's"])
async def test_a_live_mint_dies_provably_whoever_follows(pool: Pool, others: Sequence[str]) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "5")
        await house.close_window(FIRST_WINDOW)
        minter = await house.minter()
        minter.sink.swallow = 10**6
        await minter.step()
        assert [status for status, _ in await statuses(pool)] == ["sent"]
        await follow_as(house.following, *others, slots=EXPIRY_SLOTS)
        await close_all(pool)
        assert await statuses(pool) == [("dead", None)]
        await minter.writer.prepare()


async def test_a_process_that_does_not_follow_gets_its_key_watched_and_signs_once_that_is_final(
    pool: Pool,
) -> None:
    async with mint_house(pool) as house:
        lease = await take_lease(pool, "settler")
        house.following.node.set_account(SETTLER.pubkey(), 10**9)
        writer = writer_of(pool)
        with pytest.raises(SignerNotWatchedError, match=f"{SETTLER_ADDRESS}.*restart"):
            await writer.prepare()
        assert await watch_signers(pool, [SETTLER_ADDRESS]) == [SETTLER_ADDRESS]
        assert await watched(pool) == [(await head(pool) + 1, None)]
        with pytest.raises(SignerNotWatchedError, match="wait") as not_yet:
            await writer.prepare()
        assert isinstance(not_yet.value, RetryableError)
        await house.settle()
        signature = await write(pool, writer, lease)
        sink = (await house.minter()).sink
        await sink.send_transaction(
            await pool.fetchval("SELECT transaction FROM indexer.tx_attempts"), skip_preflight=True
        )
        await house.settle()
        await close_all(pool)
        assert await statuses(pool) == [("spent", None)]
        assert await pool.fetchval(
            "SELECT signers FROM blockchain_transactions WHERE signature = $1", signature
        ) == [SETTLER_ADDRESS]


async def test_registering_a_key_again_changes_nothing(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        await watch_signers(pool, [SETTLER_ADDRESS])
        before = await watched(pool)
        setting.node.produce(3)
        await setting.follow()
        assert await watch_signers(pool, [SETTLER_ADDRESS]) == []
        assert await watched(pool) == before


async def test_keys_that_come_before_the_index_are_watched_from_its_beginning(pool: Pool) -> None:
    async with following(pool) as setting:
        setting.node.set_account(SETTLER.pubkey(), 10**9)
        await watch_signers(pool, [SETTLER_ADDRESS])
        await setting.follow()
        await pay(setting)
        await setting.follow()
        assert await paid(pool) == 1
        assert await watched(pool) == [(0, None)]


async def pay(setting: Following) -> None:
    latest = await setting.rpc.get_latest_blockhash(Commitment.PROCESSED)
    message = MessageV0.try_compile(SETTLER.pubkey(), [PAYMENT], [], Hash.from_string(latest.blockhash))
    raw = bytes(VersionedTransaction(message, [SETTLER]))
    signature = await setting.rpc.send_transaction(raw, skip_preflight=True)
    setting.node.produce(2)
    (status,) = await setting.rpc.get_signature_statuses([signature])
    assert status is not None
    assert status.err is None


async def paid(pool: Pool) -> int:
    return int(
        await pool.fetchval(
            "SELECT count(*) FROM blockchain_transactions WHERE $1 = ANY (signers)", SETTLER_ADDRESS
        )
    )


async def test_blocks_that_were_read_under_an_older_list_are_not_written(pool: Pool) -> None:
    """The follower has opened, a key is registered, its transaction is in the next block."""
    async with following(pool) as setting:
        setting.node.set_account(SETTLER.pubkey(), 10**9)
        await setting.follow()
        frontier = await setting.open()
        await watch_signers(pool, [SETTLER_ADDRESS])
        before = await head(pool)
        await pay(setting)
        with pytest.raises(WatchListChangedError):
            await frontier.advance(setting.rpc.pinned())
        assert await head(pool) == before
        await setting.follow()
        assert await paid(pool) == 1


async def test_a_running_follower_takes_up_a_new_key_by_itself(pool: Pool) -> None:
    async with following(pool) as setting:
        setting.node.set_account(SETTLER.pubkey(), 10**9)
        service = setting.service()
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop))

        async def reaches(slot: int) -> None:
            async def reached() -> bool:
                assert not running.done()
                return await head(pool) >= slot

            await eventually(reached, f"slot {slot} is indexed")

        await reaches(setting.node.slot - 1)
        await watch_signers(pool, [SETTLER_ADDRESS])
        await pay(setting)
        await reaches(setting.node.produce(3) - 1)
        stop.set()
        await running
        assert await paid(pool) == 1
        assert service.stats.failures == 0


async def test_a_registration_waits_for_the_batch_that_is_being_written(pool: Pool) -> None:
    """Else it could name a slot that this batch was read without."""
    async with following(pool) as setting:
        await setting.follow()
        async with pool.acquire() as batch, batch.transaction():
            await batch.execute("LOCK TABLE indexer.watched_accounts IN SHARE MODE")
            waiting = asyncio.create_task(watch_signers(pool, [SETTLER_ADDRESS]))
            await eventually(lambda: pool.fetchval(SOMEBODY_WAITS), "it waits")
            await batch.execute("UPDATE indexer.cursors SET head_slot = head_slot + 5")
        await waiting
        assert await watched(pool) == [(await head(pool) + 1, None)]


async def test_a_key_watched_above_a_fork_stays_watched_below_it(pool: Pool) -> None:
    async with following(pool) as setting:
        node = setting.node
        await setting.follow()
        node.produce(4)
        await setting.follow()
        for keys in ((SETTLER_ADDRESS,), ()):
            await setting.open(signers=keys, lamport_accounts=keys)
        node.fork(3)
        node.produce(FINALITY_SLOTS + 4)
        await setting.follow()
        assert await pool.fetchval("SELECT count(*) FROM indexer.slots WHERE status = 'confirmed'")
        await follow_as(setting, SETTLER_ADDRESS)
        assert [until for _, until in await watched(pool)] == [None]


async def test_a_key_leaves_when_it_is_retired_and_not_while_it_is_in_use(pool: Pool) -> None:
    async with mint_house(pool) as house:
        lease = await take_lease(pool, "settler")
        await watch_signers(pool, [SETTLER_ADDRESS])
        await house.settle()
        writer = writer_of(pool)
        await write(pool, writer, lease)
        with pytest.raises(RetryableError, match="1 of its transactions"):
            await retire_key(pool, SETTLER_ADDRESS, dry_run=False)
        assert [until for _, until in await watched(pool)] == [None]
        await house.settle(EXPIRY_SLOTS)
        await close_all(pool)
        assert await statuses(pool) == [("dead", None)]
        before = await watched(pool)
        await retire_key(pool, SETTLER_ADDRESS, dry_run=True)
        assert await watched(pool) == before
        retired = await retire_key(pool, SETTLER_ADDRESS, dry_run=False)
        assert retired.until_slot == await head(pool) + 1
        with pytest.raises(SignerNotWatchedError, match="retired"):
            await writer.prepare()
        with pytest.raises(UsageError, match="is not watched"):
            await retire_key(pool, SETTLER_ADDRESS, dry_run=False)
        (listed,) = [line for line in await list_keys(pool) if line.address == SETTLER_ADDRESS]
        assert (listed.until_slot, listed.open_attempts) == (retired.until_slot, 0)
        await house.settle()
        await watch_signers(pool, [SETTLER_ADDRESS])
        await house.settle()
        await write(pool, writer, lease)


async def test_a_key_with_a_transaction_in_review_is_not_retired(pool: Pool) -> None:
    async with mint_house(pool) as house:
        lease = await take_lease(pool, "settler")
        await watch_signers(pool, [SETTLER_ADDRESS])
        await house.settle()
        await write(pool, writer_of(pool), lease)
        await pool.execute("UPDATE indexer.tx_attempts SET status = 'review', review_reason = 'looks odd'")
        with pytest.raises(StopError, match="in review"):
            await retire_key(pool, SETTLER_ADDRESS, dry_run=False)
        assert [until for _, until in await watched(pool)] == [None]


async def test_what_is_being_written_keeps_its_key_from_being_retired(pool: Pool) -> None:
    async with mint_house(pool) as house:
        lease = await take_lease(pool, "settler")
        await watch_signers(pool, [SETTLER_ADDRESS])
        await house.settle()
        writer = writer_of(pool)
        recent = await writer.prepare()
        async with pool.acquire() as connection, connection.transaction():
            await writer.write(connection, [PLAN], lease=lease, recent=recent)
            retiring = asyncio.create_task(retire_key(pool, SETTLER_ADDRESS, dry_run=False))
            await eventually(lambda: pool.fetchval(SOMEBODY_WAITS), "it waits")
        with pytest.raises(RetryableError, match="1 of its transactions"):
            await retiring


async def test_a_key_retired_between_preparing_and_writing_signs_nothing(pool: Pool) -> None:
    async with mint_house(pool) as house:
        lease = await take_lease(pool, "settler")
        await watch_signers(pool, [SETTLER_ADDRESS])
        await house.settle()
        writer = writer_of(pool)
        recent = await writer.prepare()
        await retire_key(pool, SETTLER_ADDRESS, dry_run=False)
        with pytest.raises(SignerNotWatchedError):
            async with pool.acquire() as connection, connection.transaction():
                await writer.write(connection, [PLAN], lease=lease, recent=recent)
        assert await pool.fetchval("SELECT count(*) FROM indexer.tx_attempts") == 0


async def test_replay_and_verify_hold_over_keys_that_came_and_went(pool: Pool) -> None:
    async with following(pool) as setting:
        setting.node.set_account(SETTLER.pubkey(), 10**9)
        config = VerifyConfig(
            program=PROGRAM_ADDRESS, energy_mint=address(setting.chain.energy_mint), wait_ms=0
        )
        await setting.follow()
        for _ in range(2):
            await pay(setting)
            await setting.follow()
            await watch_signers(pool, [SETTLER_ADDRESS])
            await pay(setting)
            await setting.follow()
            await retire_key(pool, SETTLER_ADDRESS, dry_run=False)
        await pay(setting)
        setting.node.produce(FINALITY_SLOTS + 1)
        await setting.follow()
        assert await paid(pool) == 2
        found = await verify(pool, setting.rpc, config)
        assert [check for check in found if not check.ok] == []
        before = await digests(pool)
        await pool.execute("UPDATE indexer.leases SET expires_at = now()")
        assert (await replay_all(pool, dry_run=False)).changed_tables == ()
        assert await digests(pool) == before


async def test_an_attempt_that_nobody_watches_is_a_difference(pool: Pool) -> None:
    async with mint_house(pool) as house:
        lease = await take_lease(pool, "settler")
        await watch_signers(pool, [SETTLER_ADDRESS])
        await house.settle()
        await write(pool, writer_of(pool), lease)
        await pool.execute("UPDATE indexer.watched_accounts SET until_slot = from_slot WHERE kind = 'signer'")
        setting = house.following
        config = VerifyConfig(
            program=PROGRAM_ADDRESS, energy_mint=address(setting.chain.energy_mint), wait_ms=0
        )
        found = {check.check: check for check in await verify(pool, setting.rpc, config)}
        assert SETTLER_ADDRESS in found["signers of transactions are watched"].differences[0]
