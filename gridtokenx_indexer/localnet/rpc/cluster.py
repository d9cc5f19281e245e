"""What the node says about itself."""

from __future__ import annotations

from gridtokenx_indexer.localnet.errors import NO_SNAPSHOT, RpcError
from gridtokenx_indexer.localnet.rpc.context import API_VERSION, NodeContext
from gridtokenx_indexer.localnet.rpc.params import Params

FEATURE_SET = 565236538


def get_health(node: NodeContext, values: object) -> object:
    Params(values)
    return "ok"


def get_version(node: NodeContext, values: object) -> object:
    Params(values)
    return {"feature-set": FEATURE_SET, "solana-core": API_VERSION}


def get_genesis_hash(node: NodeContext, values: object) -> object:
    Params(values)
    return node.genesis_hash


def get_identity(node: NodeContext, values: object) -> object:
    Params(values)
    return {"identity": str(node.identity)}


def get_first_available_block(node: NodeContext, values: object) -> object:
    Params(values)
    return node.validator.ledger.first_slot


def get_highest_snapshot_slot(node: NodeContext, values: object) -> object:
    Params(values)
    raise RpcError(NO_SNAPSHOT, "No snapshot")


def get_alpenglow_certificate(node: NodeContext, values: object) -> object:
    """Null: this chain has no Alpenglow genesis."""
    Params(values)
    return None


def get_cluster_nodes(node: NodeContext, values: object) -> object:
    Params(values)
    return []


METHODS = {
    "getHealth": get_health,
    "getVersion": get_version,
    "getGenesisHash": get_genesis_hash,
    "getIdentity": get_identity,
    "getFirstAvailableBlock": get_first_available_block,
    "minimumLedgerSlot": get_first_available_block,
    "getHighestSnapshotSlot": get_highest_snapshot_slot,
    "getAgGenesisCert": get_alpenglow_certificate,
    "getClusterNodes": get_cluster_nodes,
}
