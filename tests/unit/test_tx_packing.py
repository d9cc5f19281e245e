"""A transaction is filled up to the first of four limits, and its bytes are what we counted."""

from __future__ import annotations

import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.domain.ids import Blockhash
from gridtokenx_indexer.tx.compute_budget import MAX_COMPUTE_UNITS, compute_budget, fee_lamports
from gridtokenx_indexer.tx.errors import TransactionTooLargeError
from gridtokenx_indexer.tx.message import (
    MAX_TRANSACTION_BYTES,
    compile_message,
    sign_message,
    transaction_size_bytes,
)
from gridtokenx_indexer.tx.packing import Footprint, largest_fitting, measure
from gridtokenx_indexer.tx.salt import Salt
from gridtokenx_indexer.tx.signer import KeypairSigner

PAYER = Keypair.from_seed(bytes(range(32)))
BLOCKHASH = Blockhash(str(Hash.new_unique()))
PROGRAM = Pubkey.new_unique()


def touching(*accounts: Pubkey, data: bytes = b"") -> Instruction:
    metas = [AccountMeta(account, is_signer=False, is_writable=True) for account in accounts]
    return Instruction(PROGRAM, data, metas)


def test_the_counted_size_is_the_size_on_the_wire() -> None:
    table = AddressLookupTableAccount(Pubkey.new_unique(), [Pubkey.new_unique() for _ in range(20)])
    for accounts in ([], [Pubkey.new_unique()], list(table.addresses)):
        message = compile_message(PAYER.pubkey(), [touching(*accounts)], [table], BLOCKHASH)
        signature, wire = sign_message(message, [KeypairSigner(PAYER)])
        assert len(wire) == transaction_size_bytes(message)
        parsed = VersionedTransaction.from_bytes(wire)
        assert str(parsed.signatures[0]) == signature
        parsed.verify_and_hash_message()


def test_a_footprint_counts_looked_up_accounts_as_locks_and_our_own_instructions() -> None:
    table = AddressLookupTableAccount(Pubkey.new_unique(), [Pubkey.new_unique() for _ in range(20)])
    footprint = measure(
        PAYER.pubkey(), [touching(*table.addresses)], lookup_tables=[table], trace_entries=1, compute_units=9
    )
    # payer, program, compute budget program, and the twenty
    assert footprint.account_locks == 23
    assert footprint.trace_entries == 3
    assert footprint.overflow() is None


@pytest.mark.parametrize(
    ("limit", "field"),
    [
        (1_232, "size_bytes"),
        (64, "account_locks"),
        (64, "trace_entries"),
        (MAX_COMPUTE_UNITS, "compute_units"),
    ],
)
def test_each_limit_is_kept_to_the_last_unit(limit: int, field: str) -> None:
    fitting = {"size_bytes": 1, "account_locks": 1, "trace_entries": 1, "compute_units": 1}
    assert Footprint(**{**fitting, field: limit}).overflow() is None
    assert Footprint(**{**fitting, field: limit + 1}).overflow() is not None


@pytest.mark.parametrize("capacity", range(12))
def test_the_largest_number_that_fits_is_found(capacity: int) -> None:
    def footprint(count: int) -> Footprint:
        if count > capacity + 3:
            raise TransactionTooLargeError("far too many")
        size = 100 if count <= capacity else MAX_TRANSACTION_BYTES + 1
        return Footprint(size_bytes=size, account_locks=1, trace_entries=1, compute_units=1)

    assert largest_fitting(11, footprint) == min(capacity, 11)


def test_what_does_not_fit_is_never_signed() -> None:
    message = compile_message(PAYER.pubkey(), [touching(data=bytes(1_100))], [], BLOCKHASH)
    with pytest.raises(TransactionTooLargeError, match="of 1232"):
        sign_message(message, [KeypairSigner(PAYER)])
    with pytest.raises(TransactionTooLargeError):
        compile_message(PAYER.pubkey(), [touching(*(Pubkey.new_unique() for _ in range(300)))], [], BLOCKHASH)


def test_a_message_that_wants_another_signer_is_a_mistake_of_ours() -> None:
    other = AccountMeta(Pubkey.new_unique(), is_signer=True, is_writable=False)
    message = compile_message(PAYER.pubkey(), [Instruction(PROGRAM, b"", [other])], [], BLOCKHASH)
    with pytest.raises(ValueError, match="signatures"):
        sign_message(message, [KeypairSigner(PAYER)])


def test_the_salt_gives_equal_payloads_under_one_blockhash_different_signatures() -> None:
    salt = Salt()
    signatures = set()
    for _ in range(50):
        budget = compute_budget(1_000, salt.next(BLOCKHASH))
        message = compile_message(PAYER.pubkey(), [*budget, touching()], [], BLOCKHASH)
        signatures.add(sign_message(message, [KeypairSigner(PAYER)])[0])
    assert len(signatures) == 50


def test_the_salt_stays_small_by_starting_again_under_each_blockhash() -> None:
    salt = Salt()
    assert [salt.next(BLOCKHASH), salt.next(BLOCKHASH), salt.next(Blockhash("next"))] == [1, 2, 1]


def test_the_fee_rounds_the_priority_part_up() -> None:
    assert fee_lamports(1, 200_000, 0) == 5_000
    assert fee_lamports(2, 200_000, 1) == 10_001
    assert fee_lamports(1, 1_000_000, 7) == 5_007
