"""The real SVM for program tests: sending transactions, reading results, moving the clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256

import msgspec
from solders.account import Account
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.clock import Clock
from solders.compute_budget import set_compute_unit_limit
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import FailedTransactionMetadata, TransactionMetadata

from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.tx.gridtokenx import pda
from gridtokenx_indexer.tx.gridtokenx.limits import MAX_ACCOUNT_LOCKS, MAX_TRANSACTION_BYTES

EPOCH = 201605121215
EPOCH_START_UNIX = 1_463_055_300
NOW_UNIX = EPOCH_START_UNIX + 960
EVENT_TAG = bytes.fromhex("e445a52e51cb9a1d")
MAX_UNITS = 1_400_000


def key(name: str) -> Keypair:
    """A keypair that is the same in every run, so that bumps and compute are too."""
    return Keypair.from_seed(sha256(f"test key {name}".encode()).digest())


@cache
def idl() -> dict[str, list[dict[str, object]]]:
    text = resource("programs/gridtokenx/idl.json").read_text()
    parsed: dict[str, list[dict[str, object]]] = json.loads(text)
    return parsed


@cache
def error_names() -> dict[int, str]:
    return {int(str(error["code"])): str(error["name"]) for error in idl()["errors"]}


@cache
def program_bytes() -> bytes:
    return resource("programs/gridtokenx/gridtokenx.so").read_bytes()


class Landed(msgspec.Struct, frozen=True):
    """A successful transaction."""

    units: int
    logs: list[str]
    size_bytes: int
    locks: int
    trace: int
    event_data: list[bytes]
    """Data of the program's calls to itself behind the tag, in order."""


class Refused(msgspec.Struct, frozen=True):
    """A failed transaction: the program's error name, or the runtime's own error as text."""

    error: str
    instruction: int | None
    logs: list[str]


class Chain:
    """One SVM with the program installed as a loader-v3 Program and ProgramData pair."""

    def __init__(self, program_id: Pubkey = pda.DEFAULT_PROGRAM_ID, now_unix: int = NOW_UNIX) -> None:
        self.svm = LiteSVM()
        self.program_id = program_id
        self.payer = key("payer")
        self.upgrade_authority = key("upgrade authority")
        self.svm.airdrop(self.payer.pubkey(), 10**13)
        self.install(program_id, program_bytes(), self.upgrade_authority.pubkey())
        # A lookup table serves from the slot after the one that extended it, which tests leave at 0.
        self.svm.warp_to_slot(100)
        self.set_time(now_unix)

    def install(self, program_id: Pubkey, code: bytes, authority: Pubkey | None) -> None:
        """Put a program and its ProgramData account where the upgradeable loader would."""
        address = pda.program_data(program_id)[0]
        named = b"\x01" + bytes(authority) if authority else b"\x00" + bytes(32)
        data = (3).to_bytes(4, "little") + (0).to_bytes(8, "little") + named + code
        self.put(address, data, owner=pda.UPGRADEABLE_LOADER_ID)
        pointer = (2).to_bytes(4, "little") + bytes(address)
        self.put(program_id, pointer, owner=pda.UPGRADEABLE_LOADER_ID, executable=True)

    def put(
        self,
        address: Pubkey,
        data: bytes,
        *,
        owner: Pubkey,
        lamports: int | None = None,
        executable: bool = False,
    ) -> None:
        if lamports is None:
            lamports = self.rent(len(data))
        self.svm.set_account(address, Account(lamports, data, owner, executable))

    def rent(self, size: int) -> int:
        return self.svm.minimum_balance_for_rent_exemption(size)

    def set_time(self, unix: int) -> None:
        clock = self.svm.get_clock()
        self.svm.set_clock(
            Clock(clock.slot, clock.epoch_start_timestamp, clock.epoch, clock.leader_schedule_epoch, unix)
        )

    def account(self, address: Pubkey) -> Account | None:
        """The account, None when the cluster would say there is none."""
        found = self.svm.get_account(address)
        return found if found is not None and found.lamports else None

    def data(self, address: Pubkey) -> bytes:
        found = self.account(address)
        assert found is not None, f"no account at {address}"
        return bytes(found.data)

    def lamports(self, address: Pubkey) -> int:
        found = self.account(address)
        return found.lamports if found else 0

    def transaction(
        self,
        instructions: Sequence[Instruction],
        signers: Sequence[Keypair] = (),
        tables: Sequence[AddressLookupTableAccount] = (),
        units: int | None = MAX_UNITS,
        payer: Keypair | None = None,
    ) -> VersionedTransaction:
        """A signed v0 transaction with its compute limit first."""
        self.svm.expire_blockhash()
        payer = payer or self.payer
        budget = [] if units is None else [set_compute_unit_limit(units)]
        message = MessageV0.try_compile(
            payer.pubkey(), [*budget, *instructions], list(tables), self.svm.latest_blockhash()
        )
        known = {payer.pubkey(): payer, **{signer.pubkey(): signer for signer in signers}}
        required = message.account_keys[: message.header.num_required_signatures]
        return VersionedTransaction(message, [known[address] for address in required])

    def send(
        self,
        *instructions: Instruction,
        signers: Sequence[Keypair] = (),
        tables: Sequence[AddressLookupTableAccount] = (),
        units: int | None = MAX_UNITS,
        payer: Keypair | None = None,
    ) -> Landed:
        """Send and demand success."""
        transaction = self.transaction(instructions, signers, tables, units, payer)
        result = self.svm.send_transaction(transaction)
        if isinstance(result, FailedTransactionMetadata):
            logs = "\n".join(result.meta().logs())
            raise AssertionError(f"refused: {refusal(result).error}\n{logs}")
        return self._landed(transaction, result)

    def refuse(
        self,
        *instructions: Instruction,
        signers: Sequence[Keypair] = (),
        tables: Sequence[AddressLookupTableAccount] = (),
        units: int | None = MAX_UNITS,
        payer: Keypair | None = None,
    ) -> Refused:
        """Send and demand failure."""
        transaction = self.transaction(instructions, signers, tables, units, payer)
        result = self.svm.send_transaction(transaction)
        assert isinstance(result, FailedTransactionMetadata), "the transaction landed"
        return refusal(result)

    def _landed(self, transaction: VersionedTransaction, result: TransactionMetadata) -> Landed:
        message = transaction.message
        assert isinstance(message, MessageV0)
        lookups = message.address_table_lookups
        loaded = sum(len(table.writable_indexes) + len(table.readonly_indexes) for table in lookups)
        size = len(bytes(transaction))
        locks = len(message.account_keys) + loaded
        assert size <= MAX_TRANSACTION_BYTES, f"{size} bytes: no cluster would take it"
        assert locks <= MAX_ACCOUNT_LOCKS, f"{locks} locks: no cluster would take it"
        calls = [call.instruction() for calls in result.inner_instructions() for call in calls]
        keys = message.account_keys
        events = [
            bytes(call.data)[8:]
            for call in calls
            if bytes(call.data)[:8] == EVENT_TAG and keys[call.program_id_index] == self.program_id
        ]
        return Landed(
            units=result.compute_units_consumed(),
            logs=result.logs(),
            size_bytes=size,
            locks=locks,
            trace=len(message.instructions) + len(calls),
            event_data=events,
        )


def refusal(result: FailedTransactionMetadata) -> Refused:
    """What a failed transaction says, with the program's own errors by name."""
    error = result.err()
    index = getattr(error, "index", None)
    inner = getattr(error, "err", error)
    code = getattr(inner, "code", None)
    name = error_names().get(code, str(code)) if code is not None else str(inner)
    return Refused(error=name, instruction=index, logs=result.meta().logs())
