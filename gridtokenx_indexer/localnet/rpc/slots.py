"""Where the chain is: slots, heights, blockhashes, epochs."""

from __future__ import annotations

from gridtokenx_indexer.localnet.chain.blockhashes import MAX_AGE_BLOCKS
from gridtokenx_indexer.localnet.errors import invalid_params
from gridtokenx_indexer.localnet.rpc.context import NodeContext, with_context
from gridtokenx_indexer.localnet.rpc.params import Params, fixed_base58
from gridtokenx_indexer.localnet.svm.bank import SLOTS_PER_EPOCH

MAX_LEADERS = 5_000


def get_slot(node: NodeContext, values: object) -> object:
    return node.bank(Params(values, allowed=1).config(0)).slot


def get_block_height(node: NodeContext, values: object) -> object:
    return node.bank(Params(values, allowed=1).config(0)).height


def get_transaction_count(node: NodeContext, values: object) -> object:
    return node.bank(Params(values, allowed=1).config(0)).transaction_count


def get_latest_blockhash(node: NodeContext, values: object) -> object:
    bank = node.bank(Params(values, allowed=1).config(0))
    return with_context(
        bank, {"blockhash": bank.blockhash, "lastValidBlockHeight": bank.height + MAX_AGE_BLOCKS}
    )


def is_blockhash_valid(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    blockhash = params.text(0)
    fixed_base58(blockhash, 32, "")
    bank = node.bank(params.config(1))
    return with_context(bank, node.validator.blockhashes.is_valid(blockhash, bank.height))


def get_epoch_info(node: NodeContext, values: object) -> object:
    bank = node.bank(Params(values, allowed=1).config(0))
    return {
        "absoluteSlot": bank.slot,
        "blockHeight": bank.height,
        "epoch": bank.slot // SLOTS_PER_EPOCH,
        "slotIndex": bank.slot % SLOTS_PER_EPOCH,
        "slotsInEpoch": SLOTS_PER_EPOCH,
        "transactionCount": bank.transaction_count,
    }


def get_epoch_schedule(node: NodeContext, values: object) -> object:
    Params(values)
    return {
        "firstNormalEpoch": 0,
        "firstNormalSlot": 0,
        "leaderScheduleSlotOffset": SLOTS_PER_EPOCH,
        "slotsPerEpoch": SLOTS_PER_EPOCH,
        "warmup": False,
    }


def get_slot_leader(node: NodeContext, values: object) -> object:
    node.bank(Params(values, allowed=1).config(0))
    return str(node.identity)


def get_slot_leaders(node: NodeContext, values: object) -> object:
    if not values:
        raise invalid_params("Invalid params: invalid length 0, expected a tuple of size 2.")
    params = Params(values, required=2, allowed=2)
    params.u64(0)
    limit = params.u64(1)
    if limit > MAX_LEADERS:
        raise invalid_params(f"Invalid limit; max {MAX_LEADERS}")
    return [str(node.identity)] * limit


METHODS = {
    "getSlot": get_slot,
    "getBlockHeight": get_block_height,
    "getTransactionCount": get_transaction_count,
    "getLatestBlockhash": get_latest_blockhash,
    "isBlockhashValid": is_blockhash_valid,
    "getEpochInfo": get_epoch_info,
    "getEpochSchedule": get_epoch_schedule,
    "getSlotLeader": get_slot_leader,
    "getSlotLeaders": get_slot_leaders,
}
