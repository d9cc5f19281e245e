"""Transactions and signatures of the past."""

from __future__ import annotations

from gridtokenx_indexer.localnet.chain.blocks import ExecutedTransaction
from gridtokenx_indexer.localnet.encode.blocks import check_version
from gridtokenx_indexer.localnet.encode.memos import memo_text
from gridtokenx_indexer.localnet.encode.transactions import Details, status_object, transaction_member
from gridtokenx_indexer.localnet.errors import CURSOR_NOT_FOUND, RpcError, invalid_params, min_context_slot
from gridtokenx_indexer.localnet.rpc.blocks import encoding_config, max_supported_version
from gridtokenx_indexer.localnet.rpc.context import (
    Commitment,
    NodeContext,
    history_commitment,
    with_context,
)
from gridtokenx_indexer.localnet.rpc.params import Config, Params, fixed_base58

MAX_SIGNATURES = 1_000
MAX_STATUSES = 256
MAX_CONFIRMATIONS = 31


def get_transaction(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    signature = signature_text(params.text(0))
    config, encoding = encoding_config(params.raw(1))
    max_version = max_supported_version(config)
    frontier = node.newest(history_commitment(config))
    executed = node.validator.ledger.transaction(signature)
    if executed is None or executed.slot > frontier.slot:
        return None
    check_version(executed.wire.message.version, max_version)
    block = node.validator.ledger.block(executed.slot)
    return {
        **transaction_member(executed, encoding, Details.FULL, with_version=max_version is not None),
        "blockTime": block.unix_time if block else None,
        "slot": executed.slot,
        "transactionIndex": executed.index,
    }


def get_signature_statuses(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    signatures = params.texts(0)
    if len(signatures) > MAX_STATUSES:
        raise invalid_params(f"Too many inputs provided; max {MAX_STATUSES}")
    for each in signatures:
        signature_text(each)
    search = params.config(1, "struct RpcSignatureStatusConfig").flag("searchTransactionHistory")
    statuses = [_status(node, each, search=search) for each in signatures]
    return with_context(node.validator.ledger.tip, statuses)


def _status(node: NodeContext, signature: str, *, search: bool) -> object:
    known = node.validator.statuses.get(signature)
    if known is None:
        old = node.validator.ledger.transaction(signature) if search else None
        if old is None or old.slot > node.validator.ledger.finalized.slot:
            return None
        return _status_member(old.slot, old.err, Commitment.FINALIZED, None)
    ledger = node.validator.ledger
    if known.height <= ledger.finalized.height:
        return _status_member(known.slot, known.err, Commitment.FINALIZED, None)
    confirmations = min(ledger.tip.height - known.height, MAX_CONFIRMATIONS)
    confirmed = known.height <= ledger.confirmed.height
    commitment = Commitment.CONFIRMED if confirmed else Commitment.PROCESSED
    return _status_member(known.slot, known.err, commitment, confirmations)


def _status_member(slot: int, err: object, commitment: Commitment, confirmations: int | None) -> object:
    return {
        "confirmationStatus": commitment,
        "confirmations": confirmations,
        "err": err,
        "slot": slot,
        "status": status_object(err),
    }


def get_signatures_for_address(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    address = params.pubkey(0)
    config = params.config(1, "struct RpcSignaturesForAddressConfig")
    limit = config.optional_u64("limit", "usize")
    limit = MAX_SIGNATURES if limit is None else limit
    if not 0 < limit <= MAX_SIGNATURES:
        raise invalid_params(f"Invalid limit; max {MAX_SIGNATURES}")
    before, until = _cursor(node, config, "before"), _cursor(node, config, "until")
    if before is not None and until is not None and until > before:
        until = None
    frontier = node.newest(history_commitment(config))
    wanted = config.optional_u64("minContextSlot")
    if wanted is not None and frontier.slot < wanted:
        raise min_context_slot(frontier.slot)
    found: list[object] = []
    for executed in reversed(node.validator.ledger.transactions_of(address)):
        position = (executed.slot, executed.index)
        if executed.slot > frontier.slot or (before is not None and position >= before):
            continue
        if (until is not None and position <= until) or len(found) == limit:
            break
        found.append(_signature_member(node, executed))
    return found


def _cursor(node: NodeContext, config: Config, name: str) -> tuple[int, int] | None:
    """The position of the named transaction, whatever addresses it touches; raises -32020."""
    text = config.optional_text(name)
    if text is None:
        return None
    executed = node.validator.ledger.transaction(signature_text(text))
    if executed is None:
        raise RpcError(CURSOR_NOT_FOUND, f"Transaction {text} not found")
    return executed.slot, executed.index


def _signature_member(node: NodeContext, executed: ExecutedTransaction) -> object:
    ledger = node.validator.ledger
    block = ledger.block(executed.slot)
    finalized = executed.slot <= ledger.finalized.slot
    return {
        "blockTime": block.unix_time if block else None,
        "confirmationStatus": Commitment.FINALIZED if finalized else Commitment.CONFIRMED,
        "err": executed.err,
        "memo": memo_text(executed.wire.message),
        "signature": executed.wire.signature,
        "slot": executed.slot,
        "transactionIndex": executed.index,
    }


def signature_text(text: str) -> str:
    fixed_base58(text, 64, "Invalid param: ")
    return text


METHODS = {
    "getTransaction": get_transaction,
    "getSignatureStatuses": get_signature_statuses,
    "getSignaturesForAddress": get_signatures_for_address,
}
