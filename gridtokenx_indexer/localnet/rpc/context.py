"""What every method has at hand: the validator, and the bank a commitment names."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import CLOCK
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.config import LocalNodeConfig
from gridtokenx_indexer.localnet.errors import commitment_too_low, min_context_slot
from gridtokenx_indexer.localnet.rpc.params import Config
from gridtokenx_indexer.localnet.svm.bank import clock_account
from gridtokenx_indexer.localnet.validator import Validator

API_VERSION = "4.2.2"


class Commitment(StrEnum):
    PROCESSED = "processed"
    CONFIRMED = "confirmed"
    FINALIZED = "finalized"


class NodeContext(msgspec.Struct, frozen=True):
    validator: Validator
    config: LocalNodeConfig
    identity: Pubkey
    faucet: Keypair
    genesis_hash: str

    def bank(self, config: Config) -> Block:
        """The newest block at the config's commitment; raises -32016 when it is before minContextSlot."""
        block = self.newest(commitment_of(config))
        wanted = config.optional_u64("minContextSlot")
        if wanted is not None and block.slot < wanted:
            raise min_context_slot(block.slot)
        return block

    def newest(self, commitment: Commitment) -> Block:
        ledger = self.validator.ledger
        match commitment:
            case Commitment.PROCESSED:
                return ledger.tip
            case Commitment.CONFIRMED:
                return ledger.confirmed
            case Commitment.FINALIZED:
                return ledger.finalized

    def account(self, address: Pubkey, bank: Block) -> AccountState | None:
        if address == CLOCK:
            return clock_account(bank.slot, bank.unix_time, self.validator.genesis_unix)
        return self.validator.bank.account(address, bank.slot)

    def reader(self, bank: Block) -> Callable[[Pubkey], AccountState | None]:
        return self.validator.bank.reader(bank.slot)


def commitment_of(config: Config) -> Commitment:
    """Unknown words and null mean finalized, as on the real node."""
    word = config.get("commitment")
    return Commitment(word) if isinstance(word, str) and word in list(Commitment) else Commitment.FINALIZED


def history_commitment(config: Config) -> Commitment:
    """For methods that read the ledger: processed is refused."""
    commitment = commitment_of(config)
    if commitment is Commitment.PROCESSED:
        raise commitment_too_low()
    return commitment


def with_context(bank: Block, value: object) -> dict[str, object]:
    return {"context": {"apiVersion": API_VERSION, "slot": bank.slot}, "value": value}
