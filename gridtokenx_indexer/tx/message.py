"""From instructions to the bytes that are signed and sent."""

from __future__ import annotations

from collections.abc import Sequence

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import Instruction
from solders.message import MessageV0, to_bytes_versioned
from solders.pubkey import Pubkey
from solders.signature import Signature as WireSignature
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.domain.ids import Blockhash, Signature
from gridtokenx_indexer.tx.errors import TransactionTooLargeError
from gridtokenx_indexer.tx.signer import Signer

MAX_TRANSACTION_BYTES = 1_232


def compile_message(
    payer: Pubkey,
    instructions: Sequence[Instruction],
    lookup_tables: Sequence[AddressLookupTableAccount],
    blockhash: Blockhash,
) -> MessageV0:
    """A version 0 message; raises `TransactionTooLargeError` when it cannot name its accounts."""
    try:
        return MessageV0.try_compile(payer, instructions, lookup_tables, Hash.from_string(blockhash))
    except Exception as error:
        raise TransactionTooLargeError(f"the message does not compile: {error}") from error


def transaction_size_bytes(message: MessageV0) -> int:
    """Size on the wire: signature count, signatures, message."""
    return 1 + 64 * message.header.num_required_signatures + len(to_bytes_versioned(message))


def sign_message(message: MessageV0, signers: Sequence[Signer]) -> tuple[Signature, bytes]:
    """The transaction id and the bytes to send. The first of `signers` pays.

    Raises `TransactionTooLargeError` over 1,232 bytes, `ValueError` when the message asks for other signers.
    """
    required = message.account_keys[: message.header.num_required_signatures]
    by_key = {signer.pubkey(): signer for signer in signers}
    if set(required) != set(by_key):
        raise ValueError(f"the message wants signatures of {[str(key) for key in required]}")
    size = transaction_size_bytes(message)
    if size > MAX_TRANSACTION_BYTES:
        raise TransactionTooLargeError(f"the transaction has {size} bytes of {MAX_TRANSACTION_BYTES}")
    payload = to_bytes_versioned(message)
    signatures = [WireSignature.from_bytes(by_key[key].sign(payload)) for key in required]
    transaction = VersionedTransaction.populate(message, signatures)
    return Signature(str(signatures[0])), bytes(transaction)
