"""The whole way of trades over a local node whose slots pass only when told, moved step by step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import msgspec
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import EpochNumber, Window
from gridtokenx_indexer.domain.windows import WINDOW_SECONDS, epoch_end, epoch_of, window_start
from gridtokenx_indexer.market.chain_terms import ChainTermsReader
from gridtokenx_indexer.market.clearer import CLEARER_LEASE, EpochClearer
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.settlement.keys import LOOKUP_PURPOSE, SETTLER_LEASE
from gridtokenx_indexer.market.settlement.lookups import TradeLookups
from gridtokenx_indexer.market.settlement.outcomes import SettlementOutcome
from gridtokenx_indexer.market.settlement.publisher import ResultPublisher
from gridtokenx_indexer.market.settlement.settler import TradeSettler
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.broadcaster import Broadcaster
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.gridtokenx import accounts, pda
from gridtokenx_indexer.tx.lookup.directory import LookupTables
from gridtokenx_indexer.tx.lookup.keeper import LookupTableKeeper
from gridtokenx_indexer.tx.lookup.outcome import GrowthOutcome
from gridtokenx_indexer.tx.resolver import Resolver
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.signer import KeypairSigner, KeyRing, Role
from gridtokenx_indexer.tx.writer import AttemptWriter
from tests.support import svm_tokens as tokens
from tests.support.following import FINALITY_SLOTS, GENESIS_UNIX, Following, following
from tests.support.grid_chain import PROGRAM, SPL, address
from tests.support.leases import StandingLeases, take_lease
from tests.support.minting import RecordingSink
from tests.support.svm import key

FIRST_EPOCH = epoch_of(window_start(Window(GENESIS_UNIX // WINDOW_SECONDS)))
SECOND_EPOCH = epoch_of(epoch_end(FIRST_EPOCH))
TX = TxConfig(resend_ms=0, poll_ms=10)
MARKET = MarketConfig(poll_ms=10, rejected_retry_ms=1, rejected_retry_max_ms=1)
_NAMES = UUID("9c5b0a2e-6f57-4f0e-9d55-0a5a3a1d4c11")


def user_id(name: str) -> UUID:
    return uuid5(_NAMES, name)


@dataclass
class MarketProcess:
    """One market process: everything it knows is from the database. Make another to restart it."""

    pool: Pool
    sink: RecordingSink
    leases: dict[str, StandingLeases]
    keys: KeyRing
    config: MarketConfig

    def __post_init__(self) -> None:
        self.terms = ChainTermsReader(self.sink.rpc, PROGRAM, max_age_s=0)
        self.writer = AttemptWriter(self.pool, self.keys, TX)
        self.sender = AttemptSender(self.pool, self.sink, self.leases, TX)
        self.lookups = TradeLookups(self.pool, LookupTables(self.pool, self.sink.rpc))
        clearer, settler = self.leases[CLEARER_LEASE], self.leases[SETTLER_LEASE]
        shared: dict[str, Any] = {"keys": self.keys, "writer": self.writer, "sender": self.sender}
        placed: dict[str, Any] = {"terms": self.terms, "wake": Wake(), "config": self.config}
        self.clearer = EpochClearer(self.pool, clearer, **placed)
        self.publisher = ResultPublisher(self.pool, lease=clearer, **shared, **placed)
        self.settler = TradeSettler(self.pool, lookups=self.lookups, lease=settler, **shared, **placed)
        self.keeper = LookupTableKeeper(
            self.pool,
            role=Role.SETTLER,
            purposes=(LOOKUP_PURPOSE,),
            lease=settler,
            wake=Wake(),
            **shared,
        )
        self.broadcaster = Broadcaster(self.pool, self.sender, Wake(), TX)
        handlers = (SettlementOutcome(PROGRAM, self.config), GrowthOutcome())
        self.resolver = Resolver(self.pool, handlers, Wake(), TX)

    async def step(self) -> int:
        """Everything that this process would do when woken once."""
        clearer, settler = (self.leases[name].lease for name in (CLEARER_LEASE, SETTLER_LEASE))
        moved = await self.publisher.open_next(clearer) + await self.settler.step(settler)
        moved += await self.publisher.close_finished(clearer) if self.config.close_settlements else 0
        moved += await self.keeper.grow(settler)
        await self.broadcaster.send_due()
        return moved

    async def resolve(self) -> int:
        closed = 0
        while changed := await self.resolver.close_some():
            closed += changed
        return closed


@dataclass
class TradeHouse:
    """A followed chain with traders on it, and a market clock that stands in the first epoch."""

    following: Following
    windows: dict[str, int] = field(default_factory=dict)

    @property
    def pool(self) -> Pool:
        return self.following.pool

    async def process(self, **changes: Any) -> MarketProcess:
        """A market process that has just taken both leases."""
        config = msgspec.structs.replace(MARKET, **changes)
        leases = {
            name: StandingLeases(await take_lease(self.pool, name)) for name in (CLEARER_LEASE, SETTLER_LEASE)
        }
        keys = KeyRing(
            {
                Role.CLEARER: KeypairSigner(key("clearer")),
                Role.SETTLER: KeypairSigner(key("settler")),
            }
        )
        return MarketProcess(self.pool, RecordingSink(self.following.rpc), leases, keys, config)

    async def add_trader(
        self, name: str, *, energy: str = "0", money: str = "0", approve: bool = True
    ) -> Keypair:
        """A user with both token accounts, holding `energy` kWh and `money`, all of it approved."""
        chain, owner = self.following.chain, key(f"trader {name}")
        energy_account = await chain.open_account(owner, chain.energy_mint)
        payment_account = await chain.open_account(owner, chain.payment_mint)
        await self.give(name, energy=energy, money=money)
        if approve:
            delegate = pda.delegate(PROGRAM)[0]
            await chain.send(
                tokens.approve(SPL, energy_account, owner.pubkey(), delegate, 10**15),
                tokens.approve(SPL, payment_account, owner.pubkey(), delegate, 10**15),
                signers=[owner],
            )
        await self.pool.execute(
            "INSERT INTO users (id, email, wallet_address) VALUES ($1, $2, $3)",
            user_id(name),
            f"{name}@example.org",
            str(owner.pubkey()),
        )
        return owner

    async def give(self, name: str, *, energy: str = "0", money: str = "0") -> None:
        """Tokens out of nothing: energy by a mint of a meter of this name, money by the bank."""
        chain = self.following.chain
        if Decimal(energy):
            window = self.windows.setdefault(name, GENESIS_UNIX // WINDOW_SECONDS - 1)
            self.windows[name] -= 1
            amount = int(Decimal(energy).scaleb(9))
            destination = self.account(name, chain.energy_mint)
            await chain.send(chain.mint(name, window, amount, destination), signers=[chain.minter])
        if Decimal(money):
            amount = int(Decimal(money).scaleb(6))
            destination = self.account(name, chain.payment_mint)
            bank = chain.bank
            await chain.send(
                tokens.mint_to(SPL, chain.payment_mint, destination, bank.pubkey(), amount), signers=[bank]
            )

    @staticmethod
    def account(name: str, mint: Pubkey) -> Pubkey:
        return tokens.associated_account(SPL, key(f"trader {name}").pubkey(), mint)

    async def holdings(self, name: str) -> tuple[Decimal, Decimal]:
        """Energy in kWh and money of a trader, on chain."""
        chain = self.following.chain
        found = []
        for mint, decimals in ((chain.energy_mint, 9), (chain.payment_mint, 6)):
            state = self.following.node.account(self.account(name, mint))
            assert state is not None
            found.append(Decimal(int.from_bytes(state.data[64:72], "little")).scaleb(-decimals))
        return found[0], found[1]

    async def order(self, name: str, side: str, energy: str, price: str, **columns: Any) -> None:
        values = {
            "user_id": user_id(name),
            "order_type": side,
            "energy_amount": Decimal(energy),
            "price_per_kwh": Decimal(price),
            **columns,
        }
        places = ", ".join(f"${at}" for at in range(1, len(values) + 1))
        await self.pool.execute(
            f"INSERT INTO trading_orders ({', '.join(values)}) VALUES ({places})",
            *values.values(),
        )

    async def set_clocks(self, moment: datetime) -> None:
        """Chain time first, as on a real network: the market never runs ahead of it."""
        self.following.node.set_clock(moment.timestamp())
        await self.pool.execute(
            "SELECT indexer.set_market_clock_offset("
            "(extract(epoch FROM $1::timestamptz - now()) * 1000)::bigint)",
            moment,
        )

    async def pass_slots(self, slots: int = FINALITY_SLOTS + 2) -> None:
        """Lets slots pass, so that what was sent is finalized and indexed."""
        self.following.node.produce(slots)
        await self.following.follow()

    async def end_epoch(self, process: MarketProcess, epoch: EpochNumber = FIRST_EPOCH) -> None:
        """Passes the end of `epoch` on both clocks and clears what has ended."""
        await self.set_clocks(epoch_end(epoch) + timedelta(seconds=1))
        await self.pass_slots()
        await process.clearer.ensure()
        while await process.clearer.clear_next(process.leases[CLEARER_LEASE].lease) is not None:
            pass

    async def run(self, process: MarketProcess, rounds: int = 20) -> None:
        """Work and chain in turn until nothing moves any more."""
        idle = 0
        for _ in range(rounds):
            try:
                moved = await process.step()
            except RetryableError:
                moved = 0
            await self.pass_slots()
            moved += await process.resolve()
            idle = 0 if moved else idle + 1
            if idle == 2:
                return

    async def one(self, statement: str, *arguments: Any) -> Any:
        return await self.pool.fetchval(statement, *arguments)

    async def rows(self, statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.pool.fetch(statement, *arguments)]

    def settlement_account(
        self, epoch: EpochNumber = FIRST_EPOCH, zone: int = 0, part: int = 0
    ) -> accounts.Settlement | None:
        state = self.following.node.account(pda.settlement(PROGRAM, epoch, zone, part)[0])
        return accounts.settlement(bytes(state.data)) if state is not None and state.lamports else None


@asynccontextmanager
async def trade_house(pool: Pool) -> AsyncIterator[TradeHouse]:
    async with following(pool) as chain:
        people = (key("clearer"), key("settler"))
        for person in people:
            chain.node.set_account(person.pubkey(), 10**13)
        signers = (*chain.config.signers, *(address(person.pubkey()) for person in people))
        house = TradeHouse(replace(chain, config=msgspec.structs.replace(chain.config, signers=signers)))
        await house.set_clocks(window_start(Window(GENESIS_UNIX // WINDOW_SECONDS)) + timedelta(minutes=5))
        await house.pass_slots()
        process = await house.process()
        await process.clearer.ensure()
        yield house
