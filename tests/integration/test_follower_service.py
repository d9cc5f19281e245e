"""The follower as a service: waking, rate limits, refusals, losing the lease, strange input."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import msgspec
import pytest
from solders.instruction import AccountMeta, Instruction

from gridtokenx_indexer.decode.event_bytes import EVENT_TAG
from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.localnet.config import LocalNodeConfig
from gridtokenx_indexer.localnet.faults import RateLimit, ReturnCode
from gridtokenx_indexer.localnet.node import LocalNode
from gridtokenx_indexer.project.anchor import NotInitializedError
from gridtokenx_indexer.project.follower import FollowerService
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.errors import EndpointError, UnsupportedVersionError
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.source.websocket import SlotBell
from gridtokenx_indexer.store.chain_reader import IdlText
from gridtokenx_indexer.store.leases import Lease
from gridtokenx_indexer.store.pool import Pool
from tests.support.following import FINALITY_SLOTS, Following, following, program_idl
from tests.support.grid_chain import PROGRAM, PROGRAM_ADDRESS, address
from tests.support.leases import take_lease
from tests.support.svm import key

DEADLINE_S = 30
WINDOW = 1_463_011_200 // 900 - 1


async def until(condition: Callable[[], Awaitable[bool]], service: asyncio.Task[None]) -> None:
    """Waits for the condition while the service runs; its failure ends the wait."""
    async with asyncio.timeout(DEADLINE_S):
        while not await condition():
            if service.done():
                service.result()
                raise AssertionError("the service ended by itself")
            await asyncio.sleep(0.005)


async def head(pool: Pool) -> int:
    return await pool.fetchval("SELECT head_slot FROM indexer.cursors") or 0


async def test_it_follows_until_it_is_stopped(pool: Pool) -> None:
    async with following(pool) as setting:
        bell = SlotBell((setting.node.ws_url,))
        # With polls this far apart only the bell explains a quick look.
        config = msgspec.structs.replace(setting.config, poll_interval_ms=600_000)
        service = FollowerService(pool, setting.rpc, setting.lease, config, idls=[program_idl()], bell=bell)
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop))

        async def listening() -> bool:
            return bell.subscriptions > 0 and await head(pool) > 0

        await until(listening, running)
        for _ in range(3):
            tip = setting.node.produce(2)

            async def caught_up(tip: int = tip) -> bool:
                return await head(pool) >= tip - 1

            await until(caught_up, running)
        stop.set()
        async with asyncio.timeout(5):
            await running
        assert service.stats.failures == 0


async def test_polling_alone_reaches_the_same_state(pool: Pool) -> None:
    async with following(pool) as setting:
        service = setting.service()
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop))
        tip = setting.node.produce(5)

        async def caught_up() -> bool:
            return await head(pool) >= tip - 1

        await until(caught_up, running)
        stop.set()
        await running


async def test_rate_limits_and_errors_only_delay(pool: Pool) -> None:
    async with following(pool) as setting:
        faults = setting.node.faults
        faults.rate_limit = RateLimit(requests=6, retry_after_s=0)
        faults.return_code = ReturnCode(method="getBlock", code=-32005, message="behind", requests=5)
        service = setting.service()
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop))
        tip = setting.node.produce(3)

        async def caught_up() -> bool:
            return await head(pool) >= tip - 1

        await until(caught_up, running)
        stop.set()
        await running
        assert faults.rate_limit is None
        assert faults.return_code is None
        slots = await pool.fetchval("SELECT count(*) FROM indexer.slots")
        assert slots == await head(pool) - setting.chain.initialize_slot + 1


@pytest.mark.parametrize("code", [-32004, -32007, -32009])
async def test_a_block_that_is_not_there_holds_the_frontier_and_nothing_is_called_skipped(
    pool: Pool, code: int
) -> None:
    async with following(pool) as setting:
        await setting.follow()
        before = await head(pool)
        setting.node.produce(4)
        setting.node.faults.return_code = ReturnCode(
            method="getBlock", code=code, message="not here", requests=10_000
        )
        frontier = await setting.follow()
        assert await head(pool) == before
        assert await pool.fetchval("SELECT count(*) FROM indexer.slots WHERE status = 'skipped'") == 0
        setting.node.faults.return_code = None
        await frontier.advance(setting.rpc.pinned())
        assert await head(pool) == setting.node.confirmed_slot


class FailingAt(httpx.AsyncBaseTransport):
    """The real transport, but one slot's block is answered with an error."""

    def __init__(self, slot: int, code: int) -> None:
        self._real = httpx.AsyncHTTPTransport()
        self.slot: int | None = slot
        self._code = code

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = msgspec.json.decode(await request.aread())
        if asked["method"] == "getBlock" and asked["params"][0] == self.slot:
            error = {"code": self._code, "message": "Transaction version (2) is not supported"}
            return httpx.Response(200, json={"jsonrpc": "2.0", "error": error, "id": 1}, request=request)
        return await self._real.handle_async_request(request)

    async def aclose(self) -> None:
        await self._real.aclose()


@pytest.mark.parametrize(("code", "kind"), [(-32015, UnsupportedVersionError), (-32603, EndpointError)])
async def test_a_block_that_cannot_be_read_stops_the_frontier_right_before_it(
    pool: Pool, code: int, kind: type[Exception]
) -> None:
    async with following(pool) as setting:
        await setting.follow()
        tip = setting.node.produce(5)
        faulty = FailingAt(tip - 2, code)
        config = RpcConfig(urls=(setting.node.http_url,), attempts=1, quarantine_ms=1)
        async with RpcClient(config, http_transport=faulty) as rpc:
            frontier = await setting.open()
            with pytest.raises(kind):
                await frontier.advance(rpc.pinned())
            assert await head(pool) == tip - 3
            faulty.slot = None
            frontier = await setting.open()
            await frontier.advance(rpc.pinned())
            assert await head(pool) == tip - 1


async def test_another_network_is_refused(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        async with (
            LocalNode(LocalNodeConfig(port=0, slot_ms=0, seed="another")) as other,
            RpcClient(RpcConfig(urls=(other.http_url,))) as rpc,
        ):
            wrong = FollowerService(pool, rpc, setting.lease, setting.config)
            with pytest.raises(StopError, match="serves the network") as caught:
                await wrong.run(asyncio.Event())
            assert "SOLANA_RPC_URL" in str(caught.value)


async def test_another_program_is_refused(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        other = setting.service(program=address(key("another program").pubkey()))
        with pytest.raises(StopError, match=f"this database indexes program {PROGRAM}"):
            await other.run(asyncio.Event())


async def test_a_program_without_transactions_is_waited_for(pool: Pool) -> None:
    async with following(pool, set_up=False) as setting:
        setting.node.produce(FINALITY_SLOTS)
        with pytest.raises(NotInitializedError):
            await setting.open()
        stop = asyncio.Event()
        running = asyncio.create_task(setting.service().run(stop))
        await setting.chain.set_up()
        setting.node.produce(FINALITY_SLOTS + 1)

        async def anchored() -> bool:
            return await head(pool) >= setting.chain.initialize_slot

        await until(anchored, running)
        stop.set()
        await running
        anchor = await pool.fetchval("SELECT anchor_slot FROM indexer.cursors")
        assert anchor == setting.chain.initialize_slot


async def test_a_start_slot_that_the_node_lost_is_refused(pool: Pool) -> None:
    async with following(pool) as setting:
        setting.node.faults.return_code = ReturnCode(method="getBlock", code=-32001, message="cleaned up")
        with pytest.raises(StopError, match="no longer has the start slot 2") as caught:
            await setting.open(start_slot=2)
        assert "start_slot" in str(caught.value)


async def test_a_skipped_start_slot_moves_to_the_next_block(pool: Pool) -> None:
    async with following(pool) as setting:
        skipped = setting.node.slot + 1
        setting.node.faults.skip_slots = 2
        setting.node.produce(FINALITY_SLOTS + 4)
        frontier = await setting.open(start_slot=skipped)
        assert frontier.identity.anchor_slot == skipped + 2


async def test_nothing_is_written_without_the_lease(pool: Pool) -> None:
    async with following(pool) as setting:
        frontier = await setting.follow()
        before = await head(pool)
        await take_lease(pool, "follower")
        setting.node.produce(3)
        with pytest.raises(RetryableError, match="is over"):
            await frontier.advance(setting.rpc.pinned())
        assert await head(pool) == before
        assert await pool.fetchval("SELECT max(slot) FROM indexer.slots") == before


async def test_a_service_that_lost_its_lease_goes_on_with_the_next_term(pool: Pool) -> None:
    async with following(pool) as setting:
        service = setting.service()
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop))

        async def started() -> bool:
            return await head(pool) > 0

        await until(started, running)
        taken = await take_lease(pool, "follower")
        tip = setting.node.produce(3)

        async def refused() -> bool:
            return service.stats.failures > 0

        await until(refused, running)
        setting.lease.lease = Lease("follower", "test", taken.term, taken.trusted_until)

        async def caught_up() -> bool:
            return await head(pool) >= tip - 1

        await until(caught_up, running)
        stop.set()
        await running
        assert await pool.fetchval("SELECT lease_term FROM indexer.cursors") == taken.term


async def test_what_cannot_be_decoded_is_parked_and_a_replayed_idl_reads_it(pool: Pool) -> None:
    async with following(pool) as setting:
        document = msgspec.json.decode(program_idl().text)
        document["events"] = [event for event in document["events"] if event["name"] != "EnergyMinted"]
        setting_idl = IdlText(PROGRAM_ADDRESS, msgspec.json.encode(document).decode())
        await mint(setting)
        service = FollowerService(pool, setting.rpc, setting.lease, setting.config, idls=[setting_idl])
        assert setting.lease.lease is not None
        frontier = await service.open(setting.lease.lease)
        await frontier.advance(setting.rpc.pinned())
        parked = await pool.fetch(
            "SELECT reason, program_id, length(payload) AS bytes FROM indexer.parked_items"
        )
        assert [tuple(row) for row in parked] == [("unknown_event", PROGRAM_ADDRESS, 68)]
        assert service.stats.parked_items == 1
        assert await head(pool) == setting.node.confirmed_slot


async def mint(setting: Following) -> None:
    chain = setting.chain
    alice = await chain.open_account(key("alice"), chain.energy_mint)
    await chain.send(chain.mint("meter-1", WINDOW, 1_000, alice), signers=[chain.minter])
    setting.node.produce(1)


async def test_a_changed_idl_reads_only_later_slots(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        document = msgspec.json.decode(program_idl().text)
        document["metadata"]["version"] = "9.9.9"
        changed = IdlText(PROGRAM_ADDRESS, msgspec.json.encode(document).decode())
        next_slot = await head(pool) + 1
        service = FollowerService(pool, setting.rpc, setting.lease, setting.config, idls=[changed])
        assert setting.lease.lease is not None
        for _ in range(2):
            await service.open(setting.lease.lease)
        rows = await pool.fetch("SELECT from_slot FROM indexer.idl_registry ORDER BY from_slot")
        assert [row["from_slot"] for row in rows] == [0, next_slot]


async def test_a_standby_knows_how_far_the_index_is(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        setting.node.produce(5)
        setting.lease.lease = None
        standby = setting.service()
        stop = asyncio.Event()
        running = asyncio.create_task(standby.run(stop))

        async def looked() -> bool:
            return standby.stats.tip_slot > 0

        await until(looked, running)
        stop.set()
        await running
        assert standby.stats.head_slot == await head(pool)
        assert standby.stats.lag_slots == 5
        assert standby.stats.batches == 0


async def test_what_is_watched_is_remembered_by_slot(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        bob = address(key("bob").pubkey())
        next_slot = await head(pool) + 1
        await setting.open(lamport_accounts=(bob,))
        await setting.open(lamport_accounts=())
        await setting.open(lamport_accounts=(bob,))
        rows = await pool.fetch(
            "SELECT from_slot, until_slot FROM indexer.watched_accounts WHERE address = $1", bob
        )
        assert [tuple(row) for row in rows] == [(next_slot, None)]


async def test_endpoints_that_disagree_are_counted_and_not_believed(pool: Pool) -> None:
    async with (
        following(pool) as setting,
        LocalNode(LocalNodeConfig(port=0, slot_ms=0, finality_slots=FINALITY_SLOTS, seed="liar")) as liar,
    ):
        liar.produce(setting.node.slot + 5)
        config = RpcConfig(urls=(setting.node.http_url, liar.http_url))
        async with RpcClient(config) as rpc:
            service = FollowerService(pool, rpc, setting.lease, setting.config, idls=[program_idl()])
            stop = asyncio.Event()
            running = asyncio.create_task(service.run(stop))

            async def counted() -> bool:
                return sum(service.stats.disagreements.values()) > 0

            await until(counted, running)
            stop.set()
            await running
        assert service.stats.rollbacks == 0
        ours = await pool.fetchval("SELECT blockhash FROM indexer.slots ORDER BY slot DESC LIMIT 1")
        assert ours == setting.node.newest("confirmed").blockhash


async def test_forged_events_leave_no_row(pool: Pool) -> None:
    async with following(pool) as setting:
        chain = setting.chain
        minted = bytes([40, 61, 69, 45, 232, 138, 229, 35]) + bytes(60)
        signer = [AccountMeta(chain.payer.pubkey(), is_signer=True, is_writable=False)]
        await chain.send(Instruction(PROGRAM, EVENT_TAG + minted, signer), fails=None)
        setting.node.produce(1)
        await setting.follow()
        assert (
            await pool.fetchval("SELECT count(*) FROM blockchain_events WHERE event_type = 'EnergyMinted'")
            == 0
        )
        assert await pool.fetchval("SELECT count(*) FROM indexer.parked_items") == 0


async def test_a_failed_transaction_is_recorded_and_only_its_fee_is_projected(pool: Pool) -> None:
    async with following(pool) as setting:
        chain = setting.chain
        alice = await chain.open_account(key("alice"), chain.energy_mint)
        failed = await chain.send(
            chain.burn(alice, key("alice").pubkey(), 10**9), signers=[key("alice")], fails=True
        )
        setting.node.produce(1)
        await setting.follow()
        row = await pool.fetchrow("SELECT * FROM blockchain_transactions WHERE signature = $1", failed)
        assert row is not None
        assert (row["status"], row["error"]) == ("failed", {"InstructionError": [1, {"Custom": 1}]})
        assert row["fee_lamports"] >= 10_000
        lamports = await pool.fetchrow(
            "SELECT total_balance, slot FROM blockchain.account_balances WHERE account_id = $1",
            str(chain.payer.pubkey()),
        )
        assert lamports is not None
        payer = setting.node.account(chain.payer.pubkey())
        assert payer is not None
        assert (int(lamports["total_balance"]), lamports["slot"]) == (payer.lamports, row["slot"])


async def test_one_notification_per_batch(pool: Pool) -> None:
    async with following(pool) as setting:
        heard: list[str] = []
        async with pool.acquire() as connection:
            await connection.add_listener("gridtokenx_chain", lambda *said: heard.append(said[3]))
            frontier = await setting.open()
            await frontier.advance(setting.rpc.pinned())
            setting.node.produce(20)
            batches = len(heard)
            await frontier.advance(setting.rpc.pinned())
            await connection.execute("SELECT 1")
            assert 1 <= len(heard) - batches <= 2
            assert heard[-1] == f"{await head(pool)} {setting.node.finalized_slot}"
            await connection.reset()
