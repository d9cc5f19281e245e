"""What a transaction costs, and what others paid lately."""

from __future__ import annotations

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import VOTE
from gridtokenx_indexer.localnet.chain.blocks import ExecutedTransaction
from gridtokenx_indexer.localnet.errors import invalid_params
from gridtokenx_indexer.localnet.rpc.context import NodeContext, with_context
from gridtokenx_indexer.localnet.rpc.decode import decode_message, invalid_transaction
from gridtokenx_indexer.localnet.rpc.params import Params, pubkey
from gridtokenx_indexer.localnet.svm.budget import BudgetError, budget_of

MAX_ADDRESSES = 128
BLOCKS_LOOKED_AT = 150


def get_fee_for_message(node: NodeContext, values: object) -> object:
    """Null for a blockhash that the bank does not know; an expired one is known for a while longer."""
    params = Params(values, required=1, allowed=2)
    message = decode_message(params.text(0))
    bank = node.bank(params.config(1))
    try:
        fee = budget_of(message).fee_lamports
    except BudgetError as error:
        raise invalid_transaction(error.err) from error
    known = node.validator.blockhashes.height_of(message.blockhash, bank.height) is not None
    return with_context(bank, fee if known else None)


def get_recent_prioritization_fees(node: NodeContext, values: object) -> object:
    """The lowest price per slot with transactions of users, among those that lock all given addresses."""
    params = Params(values, allowed=1)
    texts = params.texts(0) if params.has(0) and params.raw(0) is not None else []
    if len(texts) > MAX_ADDRESSES:
        raise invalid_params(f"Too many inputs provided; max {MAX_ADDRESSES}")
    addresses = {pubkey(each) for each in texts}
    fees: list[object] = []
    for block in node.validator.ledger.recent_blocks(BLOCKS_LOOKED_AT):
        paid = [each for each in block.transactions if not _is_vote(each)]
        if paid:
            locking = [each.priority_price for each in paid if addresses.issubset(each.keys)]
            lowest = min(locking if addresses and locking else [each.priority_price for each in paid])
            fees.append({"prioritizationFee": lowest, "slot": block.slot})
    return fees


def _is_vote(executed: ExecutedTransaction) -> bool:
    first: Pubkey = executed.wire.keys[executed.wire.message.instructions[0].program_index]
    return first == VOTE


METHODS = {
    "getFeeForMessage": get_fee_for_message,
    "getRecentPrioritizationFees": get_recent_prioritization_fees,
}
