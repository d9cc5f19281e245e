"""What the market must know of the program: mints, token programs, limits, and where tokens lie."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import msgspec
from solders.pubkey import Pubkey
from solders.token.associated import get_associated_token_address

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.tx.gridtokenx import accounts, pda


class ChainTerms(msgspec.Struct, frozen=True, kw_only=True):
    """From the program's config account; prices in units of the payment token per kWh."""

    program_id: Pubkey
    fee_recipient: Pubkey
    energy_mint: Pubkey
    payment_mint: Pubkey
    energy_token_program: Pubkey
    payment_token_program: Pubkey
    min_price: int
    max_price: int
    max_fee_bps: int
    paused: bool

    def energy_account(self, wallet: Pubkey) -> Pubkey:
        """The associated token account that holds the wallet's energy."""
        return get_associated_token_address(wallet, self.energy_mint, self.energy_token_program)

    def payment_account(self, wallet: Pubkey) -> Pubkey:
        return get_associated_token_address(wallet, self.payment_mint, self.payment_token_program)


def parse_wallet(text: str) -> Pubkey | None:
    """The wallet that a user row names; None for text that only looks like an address."""
    try:
        return Pubkey.from_string(text)
    except ValueError:
        return None


class TermsSource(Protocol):
    async def terms(self) -> ChainTerms: ...


class ChainTermsReader:
    """Reads the config account at `finalized` and keeps it for `max_age_s` of real time."""

    def __init__(
        self,
        rpc: RpcClient,
        program_id: Pubkey,
        *,
        max_age_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rpc = rpc
        self._program_id = program_id
        self._max_age_s = max_age_s
        self._clock = clock
        self._kept: tuple[float, ChainTerms] | None = None

    async def terms(self) -> ChainTerms:
        """Raises `StopError` while the program is not initialized, `RetryableError` when no node answers."""
        if self._kept is not None and self._clock() - self._kept[0] < self._max_age_s:
            return self._kept[1]
        address = pda.config(self._program_id)[0]
        found = await self._rpc.get_account(Address(str(address)), Commitment.FINALIZED)
        if found.account is None:
            raise StopError(
                f"program {self._program_id} has no config account {address}",
                remedy="check [program] id and initialize the program",
            )
        terms = terms_of(self._program_id, accounts.config(found.account.data))
        self._kept = (self._clock(), terms)
        return terms


def terms_of(program_id: Pubkey, config: accounts.Config) -> ChainTerms:
    return ChainTerms(
        program_id=program_id,
        fee_recipient=config.fee_recipient,
        energy_mint=config.energy_mint,
        payment_mint=config.payment_mint,
        energy_token_program=config.energy_token_program,
        payment_token_program=config.payment_token_program,
        min_price=config.limits.min_price,
        max_price=config.limits.max_price,
        max_fee_bps=config.limits.max_fee_bps,
        paused=config.paused,
    )
