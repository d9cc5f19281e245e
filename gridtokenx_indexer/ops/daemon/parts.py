"""What the services are built from."""

from __future__ import annotations

from dataclasses import dataclass, field

from solders.pubkey import Pubkey

from gridtokenx_indexer.market.chain_terms import ChainTerms, ChainTermsReader
from gridtokenx_indexer.ops.daemon.program import Program
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.leases import LeaseConfig, LeaseKeeper
from gridtokenx_indexer.store.notify import Notifications
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.lookup.directory import LookupTables
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.signer import KeyRing
from gridtokenx_indexer.tx.writer import AttemptWriter

CHAIN = "gridtokenx_chain"
READINGS = "gridtokenx_readings"
ORDERS = "gridtokenx_orders"
ATTEMPTS = "gridtokenx_attempts"
CLOCK = "gridtokenx_clock"
EPOCHS = "gridtokenx_epochs"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything with a connection or a key; services get theirs from here."""

    settings: Settings
    program: Program
    keys: KeyRing
    pool: Pool
    lease_pool: Pool
    rpc: RpcClient
    notifications: Notifications
    terms_reader: ChainTermsReader
    terms: ChainTerms
    leases: dict[str, LeaseKeeper] = field(default_factory=dict)

    @property
    def program_id(self) -> Pubkey:
        return self.program.id

    def lease(self, name: str) -> LeaseKeeper:
        """The one keeper of that lease in this process."""
        if name not in self.leases:
            config = self.settings.struct("leases", LeaseConfig)
            self.leases[name] = LeaseKeeper(self.lease_pool, name, config=config)
        return self.leases[name]


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The transaction engine's parts that minting and settling share."""

    config: TxConfig
    writer: AttemptWriter
    sender: AttemptSender
    tables: LookupTables
