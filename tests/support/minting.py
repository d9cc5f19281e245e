"""The whole mint path over a local node whose slots pass only when told, moved step by step."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from solders.keypair import Keypair

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import Address, Signature, Window
from gridtokenx_indexer.domain.service import Service
from gridtokenx_indexer.domain.windows import WINDOW_SECONDS, window_start
from gridtokenx_indexer.mint.batcher import METER_TABLES, MintBatcher
from gridtokenx_indexer.mint.books import MintBooks
from gridtokenx_indexer.mint.builder import MintBuilder
from gridtokenx_indexer.mint.config import MintConfig, MintTarget
from gridtokenx_indexer.mint.existence import Existence
from gridtokenx_indexer.mint.freezer import MintFreezer
from gridtokenx_indexer.mint.outcome import MintOutcome
from gridtokenx_indexer.mint.pause import ProgramPause
from gridtokenx_indexer.mint.planner import MintPlanner
from gridtokenx_indexer.mint.worker import MINTER_LEASE, MintWorker
from gridtokenx_indexer.source.answers import AccountsAt, TokenSupply
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.store.notify import Notifications, Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.broadcaster import Broadcaster
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.lookup.directory import LookupTables
from gridtokenx_indexer.tx.lookup.keeper import LookupTableKeeper
from gridtokenx_indexer.tx.lookup.outcome import GrowthOutcome
from gridtokenx_indexer.tx.outcome import OutcomeHandler
from gridtokenx_indexer.tx.ports import LeaseSource
from gridtokenx_indexer.tx.resolver import Resolver
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.signer import KeypairSigner, KeyRing, Role
from gridtokenx_indexer.tx.writer import AttemptWriter
from tests.support.following import FINALITY_SLOTS, Following, following
from tests.support.grid_chain import PROGRAM, PROGRAM_ADDRESS, SPL, GridChain, address
from tests.support.leases import StandingLease, StandingLeases, take_lease
from tests.support.svm import key

FIRST_WINDOW = Window(1_463_011_200 // WINDOW_SECONDS)
TX = TxConfig(resend_ms=0, poll_ms=10)
MINT = MintConfig(sweep_ms=0, poll_ms=10)
CHANNELS = ("gridtokenx_chain", "gridtokenx_readings", "gridtokenx_attempts", "gridtokenx_clock")


class MintNode(Protocol):
    """What minting asks of a node."""

    async def send_transaction(self, raw: bytes, *, skip_preflight: bool = False) -> Signature: ...
    async def get_multiple_accounts(
        self, addresses: Sequence[Address], commitment: Commitment
    ) -> AccountsAt: ...
    async def get_token_supply(self, mint: Address, commitment: Commitment) -> TokenSupply: ...


@dataclass
class RecordingSink:
    """Hands transactions to the node, or loses them, and remembers what went out in which order."""

    rpc: RpcClient
    sent: list[bytes] = field(default_factory=list)
    swallow: int = 0
    """How many of the next sends never reach the node, although the caller is told nothing went wrong."""
    refuse: int = 0
    """How many of the next sends end with an error before they reach the node."""
    lose_reply: int = 0
    """How many of the next sends reach the node while the caller gets an error."""

    async def send_transaction(self, raw: bytes, *, skip_preflight: bool = False) -> Signature:
        self.sent.append(raw)
        if self.swallow > 0:
            self.swallow -= 1
            return Signature("swallowed")
        if self.refuse > 0:
            self.refuse -= 1
            raise RetryableError("the node is away")
        signature = await self.rpc.send_transaction(raw, skip_preflight=skip_preflight)
        if self.lose_reply > 0:
            self.lose_reply -= 1
            raise RetryableError("the reply was lost")
        return signature

    async def get_multiple_accounts(self, addresses: Sequence[Address], commitment: Commitment) -> AccountsAt:
        return await self.rpc.get_multiple_accounts(addresses, commitment)

    async def get_token_supply(self, mint: Address, commitment: Commitment) -> TokenSupply:
        return await self.rpc.get_token_supply(mint, commitment)


class MintServices:
    """Everything of a minter process, put together as the daemon does."""

    def __init__(
        self,
        pool: Pool,
        sink: MintNode,
        lease: LeaseSource,
        chain: GridChain,
        notifications: Notifications | None = None,
        *,
        config: MintConfig = MINT,
        tx: TxConfig = TX,
    ) -> None:
        def wake() -> Wake:
            return notifications.subscribe(*CHANNELS) if notifications is not None else Wake()

        keys = KeyRing({Role.MINTER: KeypairSigner(chain.minter)})
        self.keys = keys
        self.target = MintTarget(program_id=PROGRAM, energy_mint=chain.energy_mint, energy_token_program=SPL)
        self.writer = AttemptWriter(pool, keys, tx)
        self.sender = AttemptSender(pool, sink, {MINTER_LEASE: lease}, tx)
        self.tables = LookupTables(pool, sink)
        self.builder = MintBuilder(self.target, keys.pubkey(Role.MINTER))
        self.planner = MintPlanner(pool, config)
        self.freezer = MintFreezer(pool, config, self.target)
        self.batcher = MintBatcher(
            pool,
            config,
            builder=self.builder,
            existence=Existence(sink),
            tables=self.tables,
            writer=self.writer,
            sender=self.sender,
        )
        self.books = MintBooks(pool, sink, self.target, wake())
        self.worker = MintWorker(
            config,
            planner=self.planner,
            freezer=self.freezer,
            batcher=self.batcher,
            books=self.books,
            pause=ProgramPause(sink, PROGRAM, max_age_s=0),
            lease=lease,
            wake=wake(),
        )
        self.keeper = LookupTableKeeper(
            pool,
            role=Role.MINTER,
            purposes=(METER_TABLES,),
            shared={METER_TABLES: self.builder.shared_accounts()},
            keys=keys,
            writer=self.writer,
            sender=self.sender,
            lease=lease,
            wake=wake(),
        )
        self.broadcaster = Broadcaster(pool, self.sender, wake(), tx)
        handlers: list[OutcomeHandler] = [MintOutcome(config, PROGRAM_ADDRESS), GrowthOutcome()]
        self.resolver = Resolver(pool, handlers, wake(), tx)

    @property
    def services(self) -> list[Service]:
        return [self.worker, self.keeper, self.broadcaster, self.resolver, self.books]


class Minter(MintServices):
    """A minter process that is moved by hand. Make another to restart it."""

    def __init__(
        self,
        pool: Pool,
        sink: RecordingSink,
        lease: StandingLease,
        chain: GridChain,
        config: MintConfig = MINT,
    ) -> None:
        super().__init__(pool, sink, StandingLeases(lease), chain, config=config)
        self.pool = pool
        self.sink = sink
        self.lease = lease
        self.chain = chain

    async def step(self) -> int:
        return await self.worker.step(self.lease)


@dataclass
class MintHouse:
    """A followed chain, its people and its readings."""

    following: Following

    @property
    def pool(self) -> Pool:
        return self.following.pool

    async def minter(self, **changes: Any) -> Minter:
        """A minter process that has just taken the lease."""
        lease = await take_lease(self.pool, MINTER_LEASE)
        config = msgspec.structs.replace(MINT, **changes)
        return Minter(self.pool, RecordingSink(self.following.rpc), lease, self.following.chain, config)

    async def add_meter(self, serial: str, *, status: str = "verified", wallet: bool = True) -> Keypair:
        """A meter of its own user; returns the wallet."""
        owner = key(f"owner of {serial}")
        await self.pool.execute(
            "WITH u AS (INSERT INTO users (email, wallet_address) VALUES ($1, $2) RETURNING id) "
            "INSERT INTO meter_registry (user_id, meter_serial, verification_status) "
            "SELECT id, $3, $4 FROM u",
            f"{serial}@example.org",
            str(owner.pubkey()) if wallet else None,
            serial,
            status,
        )
        return owner

    async def read(
        self, serial: str, window: int, generated: str, consumed: str = "0", *, offset_s: int = 0
    ) -> None:
        """A reading as another application writes it."""
        moment = window_start(Window(window)) + timedelta(seconds=offset_s)
        await self.pool.execute(
            "SELECT indexer.ensure_partition('public.meter_readings', $1::timestamptz)", moment
        )
        await self.pool.execute(
            'INSERT INTO meter_readings (meter_id, "timestamp", energy_generated, energy_consumed) '
            "SELECT id, $2, $3, $4 FROM meter_registry WHERE meter_serial = $1",
            serial,
            moment,
            Decimal(generated),
            Decimal(consumed),
        )

    async def close_window(self, window: int) -> None:
        """Moves both clocks to a moment at which `window` is over and its grace too."""
        await self.move_clocks(window + 1)
        await self.settle()

    async def move_clocks(self, window: int) -> None:
        """To the end of the grace of what was before `window`."""
        moment = window_start(Window(window)) + timedelta(seconds=MINT.grace_s + 1)
        self.following.node.set_clock(moment.timestamp())
        await self.set_market_clock(moment)

    async def set_market_clock(self, moment: datetime) -> None:
        await self.pool.execute(
            "SELECT indexer.set_market_clock_offset("
            "(extract(epoch FROM $1::timestamptz - now()) * 1000)::bigint)",
            moment,
        )

    async def settle(self, slots: int = FINALITY_SLOTS + 2) -> None:
        """Lets slots pass, so that what was sent is finalized and indexed."""
        self.following.node.produce(slots)
        await self.following.follow()

    async def run(self, minter: Minter, rounds: int = 12) -> None:
        """Work and chain in turn until nothing moves any more."""
        idle = 0
        for _ in range(rounds):
            moved = await minter.step() + await minter.keeper.grow(minter.lease)
            await minter.broadcaster.send_due()
            await self.settle()
            while closed := await minter.resolver.close_some():
                moved += closed
            idle = 0 if moved else idle + 1
            if idle == 2:
                return

    async def operations(self) -> list[dict[str, Any]]:
        rows = await self.pool.fetch(
            "SELECT m.meter_serial, q.* FROM minting_retry_queue q JOIN meter_registry m USING (meter_key) "
            "ORDER BY q.mint_window, m.meter_serial"
        )
        return [dict(row) for row in rows]

    async def statuses(self) -> dict[tuple[str, int], str]:
        """By (serial, windows after the first)."""
        return {
            (row["meter_serial"], row["mint_window"] - FIRST_WINDOW): row["status"]
            for row in await self.operations()
        }

    async def readings(self) -> list[dict[str, Any]]:
        rows = await self.pool.fetch(
            "SELECT m.meter_serial, r.* FROM meter_readings r "
            "LEFT JOIN meter_registry m ON m.id = r.meter_id "
            'ORDER BY r."timestamp", m.meter_serial'
        )
        return [dict(row) for row in rows]

    async def supply_base_units(self) -> int:
        mint = address(self.following.chain.energy_mint)
        return (await self.following.rpc.get_token_supply(mint, Commitment.FINALIZED)).base_units

    async def finished(self, operations: int) -> bool:
        """That many operations, all at their end, and nothing in flight."""
        row = await self.pool.fetchrow(
            "SELECT count(*) FILTER (WHERE status IN ('done', 'no_surplus')) AS ended, "
            "EXISTS (SELECT FROM indexer.tx_attempts WHERE status IN ('signed', 'sent')) AS in_flight "
            "FROM minting_retry_queue"
        )
        assert row is not None
        return row["ended"] == operations and not row["in_flight"]

    async def chain_supply_reaches(self, base_units: int) -> None:
        while await self.supply_base_units() != base_units:
            node = self.following.node
            await node.wait_for_slot(node.slot + 1)

    async def attempts(self, kind: str = "mint") -> Sequence[Any]:
        return list(
            await self.pool.fetch(
                "SELECT * FROM indexer.tx_attempts WHERE kind = $1 ORDER BY created_at", kind
            )
        )


@asynccontextmanager
async def mint_house(pool: Pool) -> AsyncIterator[MintHouse]:
    async with following(pool) as chain:
        house = MintHouse(chain)
        await house.close_window(FIRST_WINDOW - 1)
        yield house
