"""An initialized market on the test SVM: mints, roles, traders, published results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain import merkle
from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import accounts, instructions, pda
from gridtokenx_indexer.tx.gridtokenx.values import Limits, Roles, TradeAccounts, TradeTerms
from tests.support import svm_tokens as tokens
from tests.support.svm import EPOCH, NOW_UNIX, Chain, Landed, key
from tests.support.svm_events import decode_event

LIMITS = Limits(
    max_mint_base_units=100 * 10**9,
    max_window_age=2_000,
    min_price=1_000_000,
    max_price=10_000_000,
    max_fee_bps=100,
)
NOW_WINDOW = NOW_UNIX // 900
PRICE = 3_000_000
ZONE = 7
DEADLINE_UNIX = NOW_UNIX + 3_600


class Trader(msgspec.Struct, frozen=True):
    wallet: Keypair
    energy: Pubkey
    payment: Pubkey


class Trade(msgspec.Struct, frozen=True):
    """One trade between two traders."""

    seller: Trader
    buyer: Trader
    terms: TradeTerms

    @property
    def accounts(self) -> TradeAccounts:
        return TradeAccounts(
            seller_energy=self.seller.energy,
            buyer_energy=self.buyer.energy,
            buyer_payment=self.buyer.payment,
            seller_payment=self.seller.payment,
        )


class Result(msgspec.Struct, frozen=True):
    """A published part and the trades under its root."""

    epoch: int
    part: int
    first_index: int
    trades: list[Trade]
    tree: merkle.MerkleTree


def terms(energy_base_units: int, *, fee_bps: int = 50, price: int = PRICE) -> TradeTerms:
    """Amounts by the market's own rule: the buyer pays the value and the fee on top."""
    value = energy_base_units * price // 10**9
    fee = value * fee_bps // 10_000
    return TradeTerms(energy_base_units=energy_base_units, payment_base_units=value + fee, fee_base_units=fee)


def leaf(trade: Trade, epoch: int, index: int) -> bytes:
    return merkle.leaf_hash(
        epoch=epoch,
        zone=ZONE,
        index=index,
        seller_energy=bytes(trade.seller.energy),
        buyer_energy=bytes(trade.buyer.energy),
        buyer_payment=bytes(trade.buyer.payment),
        seller_payment=bytes(trade.seller.payment),
        energy_base_units=trade.terms.energy_base_units,
        payment_base_units=trade.terms.payment_base_units,
        fee_base_units=trade.terms.fee_base_units,
    )


class Market:
    """The program after `initialize`, with a key per role."""

    def __init__(
        self,
        *,
        energy_program: Pubkey = tokens.SPL_TOKEN,
        payment_program: Pubkey = tokens.SPL_TOKEN,
        limits: Limits = LIMITS,
        program_id: Pubkey = pda.DEFAULT_PROGRAM_ID,
        initialized: bool = True,
    ) -> None:
        self.chain = Chain(program_id)
        self.program_id = program_id
        self.energy_program, self.payment_program = energy_program, payment_program
        self.authority = self.chain.upgrade_authority
        self.minter, self.clearer = key("minter"), key("clearer")
        self.settler, self.issuer = key("settler"), key("issuer")
        self.bank = key("bank")
        for role in (self.minter, self.clearer):
            self.chain.svm.airdrop(role.pubkey(), 10**12)
        self.energy_mint = tokens.create_mint(
            self.chain,
            energy_program,
            "energy",
            decimals=9,
            authority=pda.mint_authority(program_id)[0],
        )
        self.payment_mint = tokens.create_mint(
            self.chain,
            payment_program,
            "payment",
            decimals=6,
            authority=self.bank.pubkey(),
            freeze=self.bank.pubkey(),
        )
        self.operator = self.trader("operator", energy_allowance=0, payment_allowance=0)
        self.fee_recipient = self.operator.payment
        if initialized:
            self.chain.send(self.initialize(limits), signers=[self.authority])
        self._mints = 0

    @property
    def roles(self) -> Roles:
        return Roles(
            minter=self.minter.pubkey(),
            clearer=self.clearer.pubkey(),
            settler=self.settler.pubkey(),
            issuer=self.issuer.pubkey(),
        )

    def initialize(self, limits: Limits = LIMITS, **changes: Any) -> Instruction:
        values: dict[str, Any] = {
            "payer": self.chain.payer.pubkey(),
            "upgrade_authority": self.authority.pubkey(),
            "energy_mint": self.energy_mint,
            "payment_mint": self.payment_mint,
            "energy_token_program": self.energy_program,
            "payment_token_program": self.payment_program,
            "fee_recipient": self.fee_recipient,
            **changes,
        }
        return instructions.initialize(program_id=self.program_id, roles=self.roles, limits=limits, **values)

    def config(self) -> accounts.Config:
        return accounts.config(self.chain.data(pda.config(self.program_id)[0]))

    def events(self, landed: Landed) -> list[tuple[str, dict[str, Any]]]:
        return [decode_event(data) for data in landed.event_data]

    def trader(
        self,
        name: str,
        *,
        payment: int = 0,
        energy_allowance: int = 2**64 - 1,
        payment_allowance: int = 2**64 - 1,
    ) -> Trader:
        """A wallet with both token accounts, allowances to the program's delegate and payment tokens."""
        wallet = key(f"trader {name}")
        owner = wallet.pubkey()
        energy = tokens.associated_account(self.energy_program, owner, self.energy_mint)
        pay = tokens.associated_account(self.payment_program, owner, self.payment_mint)
        payer = self.chain.payer.pubkey()
        delegate = pda.delegate(self.program_id)[0]
        self.chain.send(
            tokens.create_associated_account(payer, self.energy_program, owner, self.energy_mint),
            tokens.create_associated_account(payer, self.payment_program, owner, self.payment_mint),
            tokens.approve(self.energy_program, energy, owner, delegate, energy_allowance),
            tokens.approve(self.payment_program, pay, owner, delegate, payment_allowance),
            tokens.mint_to(self.payment_program, self.payment_mint, pay, self.bank.pubkey(), payment),
            signers=[wallet, self.bank],
        )
        return Trader(wallet=wallet, energy=energy, payment=pay)

    def mint(
        self,
        destination: Pubkey,
        amount_base_units: int = 10**9,
        *,
        meter: bytes | None = None,
        window: int = NOW_WINDOW - 1,
    ) -> Instruction:
        return instructions.mint_energy(
            program_id=self.program_id,
            minter=self.minter.pubkey(),
            energy_mint=self.energy_mint,
            energy_token_program=self.energy_program,
            destination=destination,
            meter_id=meter_key("meter 1") if meter is None else meter,
            window=window,
            amount_base_units=amount_base_units,
        )

    def give_energy(self, trader: Trader, amount_base_units: int) -> None:
        """Mint to a trader from a meter that nobody else uses."""
        self._mints += 1
        meter = meter_key(f"gift {self._mints}")
        self.chain.send(self.mint(trader.energy, amount_base_units, meter=meter), signers=[self.minter])

    def open(
        self,
        trades: Sequence[Trade],
        *,
        epoch: int = EPOCH,
        part: int = 0,
        first_index: int = 0,
        price: int = PRICE,
        deadline_unix: int = DEADLINE_UNIX,
    ) -> tuple[Result, Instruction]:
        """A result over `trades` and the instruction that publishes it."""
        leaves = [leaf(trade, epoch, first_index + n) for n, trade in enumerate(trades)]
        tree = merkle.MerkleTree(leaves)
        result = Result(epoch=epoch, part=part, first_index=first_index, trades=list(trades), tree=tree)
        instruction = instructions.open_settlement(
            program_id=self.program_id,
            clearer=self.clearer.pubkey(),
            epoch=epoch,
            zone=ZONE,
            part=part,
            trades=len(trades),
            first_index=first_index,
            price_base_units=price,
            root=tree.root,
            deadline_unix=deadline_unix,
        )
        return result, instruction

    def publish(self, trades: Sequence[Trade], **changes: Any) -> Result:
        result, instruction = self.open(trades, **changes)
        self.chain.send(instruction, signers=[self.clearer])
        return result

    def settle(self, result: Result, first: int = 0, count: int | None = None) -> Instruction:
        """Settle `count` trades from position `first` of the part."""
        count = len(result.trades) - first if count is None else count
        chosen = result.trades[first : first + count]
        return instructions.settle_trades(
            program_id=self.program_id,
            settler=self.settler.pubkey(),
            fee_recipient=self.fee_recipient,
            energy_token_program=self.energy_program,
            payment_token_program=self.payment_program,
            epoch=result.epoch,
            zone=ZONE,
            part=result.part,
            first_index=result.first_index + first,
            trades=[(trade.accounts, trade.terms) for trade in chosen],
            proof=result.tree.range_proof(first, count),
        )

    def close(self, result: Result) -> Instruction:
        return instructions.close_settlement(
            program_id=self.program_id,
            epoch=result.epoch,
            zone=ZONE,
            part=result.part,
            payer=self.clearer.pubkey(),
        )

    def outcomes(self, landed: Landed) -> list[Any]:
        """Outcome per trade of the one `settle_trades` in a transaction."""
        ((name, event),) = self.events(landed)
        assert name == "TradesSettled"
        return [trade["outcome"] for trade in event["results"]]

    def settlement(self, result: Result) -> accounts.Settlement:
        address = pda.settlement(self.program_id, result.epoch, ZONE, result.part)[0]
        return accounts.settlement(self.chain.data(address))
