"""The minting services."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.domain.service import Service
from gridtokenx_indexer.mint.batcher import METER_TABLES, MintBatcher
from gridtokenx_indexer.mint.books import MintBooks
from gridtokenx_indexer.mint.builder import MintBuilder
from gridtokenx_indexer.mint.config import MintConfig, MintTarget
from gridtokenx_indexer.mint.existence import Existence
from gridtokenx_indexer.mint.freezer import MintFreezer
from gridtokenx_indexer.mint.pause import ProgramPause
from gridtokenx_indexer.mint.planner import MintPlanner
from gridtokenx_indexer.mint.worker import MintWorker
from gridtokenx_indexer.ops.daemon.parts import ATTEMPTS, CHAIN, CLOCK, READINGS, Engine, Parts
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.tx.backoff import BackoffConfig
from gridtokenx_indexer.tx.lookup.keeper import LookupTableKeeper
from gridtokenx_indexer.tx.signer import Role

MINTER_LEASE = "minter"


def mint_config(settings: Settings) -> MintConfig:
    """`[mint]`, its retry_ settings gathered."""
    values = settings.section("mint")
    retry = {name: values.pop(f"retry_{name}") for name in ("first_ms", "max_ms")}
    return msgspec.convert({**values, "retry": msgspec.convert(retry, BackoffConfig)}, MintConfig)


def build_minting(parts: Parts, engine: Engine, config: MintConfig) -> list[Service]:
    """Empty without a minter key."""
    if not parts.keys.holds(Role.MINTER):
        return []
    lease = parts.lease(MINTER_LEASE)
    target = MintTarget(
        program_id=parts.program_id,
        energy_mint=parts.terms.energy_mint,
        energy_token_program=parts.terms.energy_token_program,
    )
    wakes = parts.notifications
    books = MintBooks(parts.pool, parts.rpc, target, wakes.subscribe(CHAIN))
    builder = MintBuilder(target, parts.keys.pubkey(Role.MINTER))
    batcher = MintBatcher(
        parts.pool,
        config,
        builder=builder,
        existence=Existence(parts.rpc),
        tables=engine.tables,
        writer=engine.writer,
        sender=engine.sender,
    )
    worker = MintWorker(
        config,
        planner=MintPlanner(parts.pool, config),
        freezer=MintFreezer(parts.pool, config, target),
        batcher=batcher,
        books=books,
        pause=ProgramPause(parts.rpc, parts.program_id),
        lease=lease,
        wake=wakes.subscribe(READINGS, ATTEMPTS, CHAIN, CLOCK),
    )
    keeper = LookupTableKeeper(
        parts.pool,
        role=Role.MINTER,
        purposes=(METER_TABLES,),
        shared={METER_TABLES: builder.shared_accounts()},
        keys=parts.keys,
        writer=engine.writer,
        sender=engine.sender,
        lease=lease,
        wake=wakes.subscribe(ATTEMPTS, READINGS),
    )
    return [worker, books, keeper]
