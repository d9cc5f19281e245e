"""Who holds how much energy and money on the sample's chain."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from solders.pubkey import Pubkey

from gridtokenx_indexer.market.chain_terms import ChainTerms
from gridtokenx_indexer.ops.sample.chain import Landed


@dataclass(slots=True)
class Account:
    """A token account; amounts in base units."""

    address: Pubkey
    owner: Pubkey
    mint: Pubkey
    total: int = 0
    changes: int = 0
    slot: int = 0
    tx_index: int = 0
    moment: datetime | None = None

    def move(self, amount: int, landed: Landed) -> None:
        self.total += amount
        assert self.total >= 0, self.address
        self.changes += 1
        if (landed.slot, landed.tx_index) >= (self.slot, self.tx_index):
            self.slot, self.tx_index, self.moment = landed.slot, landed.tx_index, landed.moment


class Ledger:
    def __init__(self, terms: ChainTerms) -> None:
        self._terms = terms
        self._energy: dict[Pubkey, Account] = {}
        self._payment: dict[Pubkey, Account] = {}
        self._coming: deque[tuple[Account, int, Landed]] = deque()
        fees = Account(terms.fee_recipient, terms.fee_recipient, terms.payment_mint)
        self._payment[terms.fee_recipient] = fees
        self.fees = fees

    def open(self, wallet: Pubkey, *, money: int) -> None:
        """Both token accounts of a wallet, with money from before the sample begins."""
        terms = self._terms
        self._energy[wallet] = Account(terms.energy_account(wallet), wallet, terms.energy_mint)
        self._payment[wallet] = Account(terms.payment_account(wallet), wallet, terms.payment_mint, money)

    def energy(self, wallet: Pubkey) -> Account:
        return self._energy[wallet]

    def payment(self, wallet: Pubkey) -> Account:
        return self._payment[wallet]

    def expect(self, account: Account, amount: int, landed: Landed) -> None:
        """A change that counts from its time on; to be announced in order of time."""
        self._coming.append((account, amount, landed))

    def advance(self, moment: datetime) -> None:
        while self._coming and self._coming[0][2].moment <= moment:
            account, amount, landed = self._coming.popleft()
            account.move(amount, landed)

    @property
    def accounts(self) -> list[Account]:
        return [*self._energy.values(), *self._payment.values()]
