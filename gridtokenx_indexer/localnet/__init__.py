"""A local Solana node for the demo and for tests: LiteSVM behind JSON-RPC and a websocket."""

from __future__ import annotations

from gridtokenx_indexer.localnet.config import LocalNodeConfig, ProgramFile
from gridtokenx_indexer.localnet.faults import Faults, RateLimit, ReturnCode
from gridtokenx_indexer.localnet.node import LocalNode
from gridtokenx_indexer.localnet.validator import ForkMode

__all__ = ["Faults", "ForkMode", "LocalNode", "LocalNodeConfig", "ProgramFile", "RateLimit", "ReturnCode"]
