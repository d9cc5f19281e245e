"""The market's services: clearing, publishing, settling."""

from __future__ import annotations

from gridtokenx_indexer.domain.service import Service
from gridtokenx_indexer.market.clearer import EpochClearer
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.settlement.keys import LOOKUP_PURPOSE, SETTLER_LEASE
from gridtokenx_indexer.market.settlement.lookups import TradeLookups
from gridtokenx_indexer.market.settlement.publisher import ResultPublisher
from gridtokenx_indexer.market.settlement.settler import TradeSettler
from gridtokenx_indexer.ops.daemon.parts import ATTEMPTS, CHAIN, CLOCK, EPOCHS, ORDERS, Engine, Parts
from gridtokenx_indexer.tx.lookup.keeper import LookupTableKeeper
from gridtokenx_indexer.tx.signer import Role

CLEARER_LEASE = "clearer"


def build_clearing(parts: Parts, engine: Engine, config: MarketConfig) -> list[Service]:
    """Clearing and publishing; empty without a clearer key."""
    if not parts.keys.holds(Role.CLEARER):
        return []
    lease = parts.lease(CLEARER_LEASE)
    clearer = EpochClearer(
        parts.pool, lease, parts.terms_reader, parts.notifications.subscribe(CLOCK, ORDERS), config
    )
    publisher = ResultPublisher(
        parts.pool,
        keys=parts.keys,
        writer=engine.writer,
        sender=engine.sender,
        lease=lease,
        terms=parts.terms_reader,
        wake=parts.notifications.subscribe(EPOCHS, ATTEMPTS, CHAIN),
        config=config,
    )
    return [clearer, publisher]


def build_settling(parts: Parts, engine: Engine, config: MarketConfig) -> list[Service]:
    """Empty without a settler key."""
    if not parts.keys.holds(Role.SETTLER):
        return []
    lease = parts.lease(SETTLER_LEASE)
    settler = TradeSettler(
        parts.pool,
        keys=parts.keys,
        writer=engine.writer,
        sender=engine.sender,
        lookups=TradeLookups(parts.pool, engine.tables),
        lease=lease,
        terms=parts.terms_reader,
        wake=parts.notifications.subscribe(EPOCHS, ATTEMPTS, CHAIN, ORDERS),
        config=config,
    )
    keeper = LookupTableKeeper(
        parts.pool,
        role=Role.SETTLER,
        purposes=(LOOKUP_PURPOSE,),
        keys=parts.keys,
        writer=engine.writer,
        sender=engine.sender,
        lease=lease,
        wake=parts.notifications.subscribe(ATTEMPTS, ORDERS),
    )
    return [settler, keeper]
