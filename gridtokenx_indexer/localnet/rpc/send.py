"""Transactions on their way in: sendTransaction, simulateTransaction, requestAirdrop."""

from __future__ import annotations

from enum import StrEnum

from solders.transaction import VersionedTransaction

from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.errors import PREFLIGHT_FAILURE, RpcError, min_context_slot
from gridtokenx_indexer.localnet.rpc.context import Commitment, NodeContext
from gridtokenx_indexer.localnet.rpc.decode import decode_transaction, invalid_transaction, wire_encoding
from gridtokenx_indexer.localnet.rpc.params import Params
from gridtokenx_indexer.localnet.rpc.simulation_answer import failed_preflight
from gridtokenx_indexer.localnet.svm.error_text import transaction_error_text
from gridtokenx_indexer.localnet.svm.execution import InvalidTransactionError, Prepared, prepare
from gridtokenx_indexer.localnet.svm.simulation import Simulation, refused_simulation, simulate
from gridtokenx_indexer.localnet.svm.wire import WireTransaction


class PreflightCommitment(StrEnum):
    PROCESSED = "processed"
    CONFIRMED = "confirmed"
    FINALIZED = "finalized"


def send_transaction(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    text = params.text(0)
    config = params.config(1, "struct RpcSendTransactionConfig")
    encoding = wire_encoding(config.get("encoding"))
    config.optional_u64("maxRetries", "usize")
    skip_preflight = config.flag("skipPreflight")
    commitment = Commitment(
        config.choice("preflightCommitment", PreflightCommitment, PreflightCommitment.FINALIZED)
    )
    wire, transaction = decode_transaction(text, encoding)
    bank = node.newest(Commitment.PROCESSED if skip_preflight else commitment)
    wanted = config.optional_u64("minContextSlot")
    if wanted is not None and bank.slot < wanted:
        raise min_context_slot(bank.slot)
    prepared = prepare_on(node, wire, transaction, bank)
    valid = has_valid_signatures(transaction)
    if not skip_preflight:
        preflight(node, prepared, bank, valid_signatures=valid)
    if valid:
        node.validator.submit(wire, transaction)
    return wire.signature


def prepare_on(
    node: NodeContext, wire: WireTransaction, transaction: VersionedTransaction, bank: Block
) -> Prepared:
    try:
        return prepare(wire, transaction, bank.slot + 1, node.reader(bank))
    except InvalidTransactionError as error:
        raise invalid_transaction(error.err) from error


def has_valid_signatures(transaction: VersionedTransaction) -> bool:
    return all(transaction.verify_with_results())


def preflight(node: NodeContext, prepared: Prepared, bank: Block, *, valid_signatures: bool) -> None:
    """Raises -32002 with what the simulation said."""
    simulation = checked_simulation(node, prepared, bank, valid_signatures=valid_signatures)
    if simulation.err is not None:
        raise RpcError(
            PREFLIGHT_FAILURE,
            f"Transaction simulation failed: {transaction_error_text(simulation.err)}",
            failed_preflight(simulation),
        )


def checked_simulation(
    node: NodeContext, prepared: Prepared, bank: Block, *, valid_signatures: bool
) -> Simulation:
    """A simulation after the checks that need no execution: signatures, blockhash, repetition."""
    validator = node.validator
    if not valid_signatures:
        return Simulation("SignatureFailure")
    if not validator.blockhashes.is_valid(prepared.wire.message.blockhash, bank.height):
        return refused_simulation(validator, prepared, bank, "BlockhashNotFound")
    known = validator.statuses.get(prepared.wire.signature)
    if known is not None and known.height <= bank.height:
        return refused_simulation(validator, prepared, bank, "AlreadyProcessed")
    return simulate(validator, prepared, bank)


METHODS = {"sendTransaction": send_transaction}
