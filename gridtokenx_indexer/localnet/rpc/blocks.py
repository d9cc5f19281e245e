"""Blocks and their times."""

from __future__ import annotations

from itertools import islice

from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.encode.blocks import block_member
from gridtokenx_indexer.localnet.encode.transactions import Details, Encoding
from gridtokenx_indexer.localnet.errors import (
    block_cleaned_up,
    block_not_available,
    invalid_params,
    min_context_slot,
    slot_skipped,
)
from gridtokenx_indexer.localnet.rpc.context import NodeContext, history_commitment
from gridtokenx_indexer.localnet.rpc.params import Choice, Config, Params

MAX_RANGE = 500_000
MAX_VERSION = 255


def get_block(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    slot = params.u64(0)
    config, encoding = encoding_config(params.raw(1))
    details = _choice(config.get("transactionDetails"), Details, Details.FULL)
    max_version = max_supported_version(config)
    rewards = config.flag("rewards", default=True)
    frontier = node.newest(history_commitment(config))
    block = node.validator.ledger.block(slot)
    if block is None or slot > frontier.slot:
        raise missing_block(node, slot)
    return block_member(block, node.identity, encoding, details, max_version, rewards=rewards)


def get_block_time(node: NodeContext, values: object) -> object:
    if not values:
        raise invalid_params("Invalid params: invalid length 0, expected a tuple of size 1.")
    slot = Params(values, required=1, allowed=1).u64(0)
    block = node.validator.ledger.block(slot)
    if block is None:
        raise missing_block(node, slot)
    return block.unix_time


def missing_block(node: NodeContext, slot: int) -> Exception:
    """Why there is no block: too old, stepped over by the finalized chain, or not there yet."""
    ledger = node.validator.ledger
    if slot < ledger.first_slot:
        return block_cleaned_up(slot, ledger.first_slot)
    if slot <= ledger.finalized.slot:
        return slot_skipped(slot)
    return block_not_available(slot)


def get_blocks(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=3)
    start = params.u64(0)
    second = params.raw(1)
    config = Config(second) if isinstance(second, dict) else params.config(2)
    end = None if isinstance(second, dict) else params.optional_u64(1)
    frontier = _frontier(node, config)
    end = frontier.slot if end is None else min(end, frontier.slot)
    if end < start:
        return []
    if end - start > MAX_RANGE:
        raise invalid_params(f"Slot range too large; max {MAX_RANGE}")
    return list(node.validator.ledger.slots(start, end))


def get_blocks_with_limit(node: NodeContext, values: object) -> object:
    params = Params(values, required=2, allowed=3)
    start, limit = params.u64(0), params.u64(1)
    if limit > MAX_RANGE:
        raise invalid_params(f"Limit too large; max {MAX_RANGE}")
    frontier = _frontier(node, params.config(2))
    return list(islice(node.validator.ledger.slots(start, frontier.slot), limit))


def _frontier(node: NodeContext, config: Config) -> Block:
    block = node.newest(history_commitment(config))
    wanted = config.optional_u64("minContextSlot")
    if wanted is not None and block.slot < wanted:
        raise min_context_slot(block.slot)
    return block


def encoding_config(value: object) -> tuple[Config, Encoding]:
    """The config of getBlock and getTransaction, which may be a bare encoding word."""
    if value is None:
        return Config({}), Encoding.JSON
    if isinstance(value, str):
        return Config({}), _choice(value, Encoding, Encoding.JSON)
    if not isinstance(value, dict):
        raise _no_variant()
    config = Config(value)
    return config, _choice(config.get("encoding"), Encoding, Encoding.JSON)


def max_supported_version(config: Config) -> int | None:
    value = config.get("maxSupportedTransactionVersion")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_VERSION:
        raise _no_variant()
    return value


def _choice(value: object, choices: type[Choice], default: Choice) -> Choice:
    if value is None:
        return default
    if value not in list(choices):
        raise _no_variant()
    return choices(str(value))


def _no_variant() -> Exception:
    return invalid_params(
        "Invalid params: data did not match any variant of untagged enum RpcEncodingConfigWrapper."
    )


METHODS = {
    "getBlock": get_block,
    "getBlockTime": get_block_time,
    "getBlocks": get_blocks,
    "getBlocksWithLimit": get_blocks_with_limit,
}
