"""Every setting of the package, in the order in which `config.toml` lists them."""

from __future__ import annotations

from gridtokenx_indexer.ops.settings.entries_chain import CHAIN
from gridtokenx_indexer.ops.settings.entries_service import SERVICE
from gridtokenx_indexer.ops.settings.entries_work import WORK
from gridtokenx_indexer.ops.settings.setting import Setting

SECTIONS = {
    "database": "The Postgres database",
    "solana": "The Solana cluster",
    "program": "The on-chain program",
    "keys": "Signing keys: files that only their owner can read, or secrets in the environment",
    "rpc": "Talking to Solana nodes",
    "index": "Following the chain",
    "transactions": "Sending transactions",
    "leases": "One worker per role",
    "mint": "Minting energy from meter readings",
    "market": "Clearing market epochs and settling their trades",
    "rollups": "Half hours and days of telemetry",
    "api": "The read API",
    "log": "Logging",
    "service": "Starting, restarting and stopping",
}

CATALOG: tuple[Setting, ...] = (*CHAIN, *WORK, *SERVICE)
