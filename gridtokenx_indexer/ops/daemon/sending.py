"""The transaction engine: one for the whole process."""

from __future__ import annotations

from gridtokenx_indexer.domain.service import Service
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.settlement.keys import SETTLER_LEASE
from gridtokenx_indexer.market.settlement.outcomes import SettlementOutcome
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.outcome import MintOutcome
from gridtokenx_indexer.ops.daemon.minting import MINTER_LEASE
from gridtokenx_indexer.ops.daemon.parts import ATTEMPTS, CHAIN, Engine, Parts
from gridtokenx_indexer.ops.daemon.trading import CLEARER_LEASE
from gridtokenx_indexer.tx.broadcaster import Broadcaster
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.lookup.directory import LookupTables
from gridtokenx_indexer.tx.lookup.outcome import GrowthOutcome
from gridtokenx_indexer.tx.outcome import OutcomeHandler
from gridtokenx_indexer.tx.resolver import Resolver
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.signer import Role
from gridtokenx_indexer.tx.writer import AttemptWriter

_LEASES = {Role.MINTER: MINTER_LEASE, Role.CLEARER: CLEARER_LEASE, Role.SETTLER: SETTLER_LEASE}


def build_engine(parts: Parts) -> Engine:
    """Sends under the leases of the roles whose keys this process holds."""
    config = parts.settings.struct("transactions", TxConfig)
    leases = {name: parts.lease(name) for role, name in _LEASES.items() if parts.keys.holds(role)}
    return Engine(
        config=config,
        writer=AttemptWriter(parts.pool, parts.keys, config),
        sender=AttemptSender(parts.pool, parts.rpc, leases, config),
        tables=LookupTables(parts.pool, parts.rpc),
    )


def build_sending(parts: Parts, engine: Engine, mint: MintConfig, market: MarketConfig) -> list[Service]:
    """Attempts are closed by any process, whatever keys it holds: that needs finalized facts alone."""
    handlers: list[OutcomeHandler] = [
        MintOutcome(mint, str(parts.program_id)),
        SettlementOutcome(parts.program_id, market),
        GrowthOutcome(),
    ]
    resolver = Resolver(parts.pool, handlers, parts.notifications.subscribe(CHAIN, ATTEMPTS), engine.config)
    broadcaster = Broadcaster(
        parts.pool, engine.sender, parts.notifications.subscribe(ATTEMPTS), engine.config
    )
    return [resolver, broadcaster]
