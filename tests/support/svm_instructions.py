"""For every instruction of the program a state in which it succeeds, ready to be spoiled by a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import instructions, pda
from gridtokenx_indexer.tx.gridtokenx.values import ParticipantKind
from tests.support.svm import EPOCH_START_UNIX, key
from tests.support.svm_market import DEADLINE_UNIX, LIMITS, NOW_WINDOW, Market, Trade, terms

CERTIFICATE_ID = "TH-REC-2016-000001"


class Prepared(msgspec.Struct, frozen=True):
    market: Market
    instruction: Instruction
    signers: Sequence[Keypair]


def rent_payer(market: Market) -> Keypair:
    """Pays for new accounts, and is not the payer of the transaction's fee."""
    payer = key("rent payer")
    market.chain.svm.airdrop(payer.pubkey(), 10**12)
    return payer


def _initialize() -> Prepared:
    market = Market(initialized=False)
    payer = rent_payer(market)
    instruction = market.initialize(payer=payer.pubkey())
    return Prepared(market, instruction, [payer, market.authority])


def _set_roles() -> Prepared:
    market = Market()
    instruction = instructions.set_roles(
        program_id=market.program_id,
        authority=market.authority.pubkey(),
        fee_recipient=market.fee_recipient,
        roles=market.roles,
    )
    return Prepared(market, instruction, [market.authority])


def _set_limits() -> Prepared:
    market = Market()
    instruction = instructions.set_limits(
        program_id=market.program_id, authority=market.authority.pubkey(), limits=LIMITS
    )
    return Prepared(market, instruction, [market.authority])


def _set_paused() -> Prepared:
    market = Market()
    instruction = instructions.set_paused(
        program_id=market.program_id, authority=market.authority.pubkey(), paused=True
    )
    return Prepared(market, instruction, [market.authority])


def _propose_authority() -> Prepared:
    market = Market()
    instruction = instructions.propose_authority(
        program_id=market.program_id,
        authority=market.authority.pubkey(),
        pending_authority=key("successor").pubkey(),
    )
    return Prepared(market, instruction, [market.authority])


def _accept_authority() -> Prepared:
    proposed = _propose_authority()
    market = proposed.market
    market.chain.send(proposed.instruction, signers=proposed.signers)
    successor = key("successor")
    instruction = instructions.accept_authority(
        program_id=market.program_id, pending_authority=successor.pubkey()
    )
    return Prepared(market, instruction, [successor])


def _register_participant() -> Prepared:
    market = Market()
    payer = rent_payer(market)
    instruction = instructions.register_participant(
        program_id=market.program_id,
        payer=payer.pubkey(),
        authority=market.authority.pubkey(),
        wallet=key("wallet").pubkey(),
        kind=ParticipantKind.PRODUCER,
        meter_id=meter_key("meter 1"),
    )
    return Prepared(market, instruction, [payer, market.authority])


def _mint_energy() -> Prepared:
    market = Market()
    trader = market.trader("seller")
    return Prepared(market, market.mint(trader.energy), [market.minter])


def _close_ledger() -> Prepared:
    minted = _mint_energy()
    market = minted.market
    market.chain.send(minted.instruction, signers=minted.signers)
    meter = meter_key("meter 1")
    page = pda.ledger_page(meter, NOW_WINDOW - 1)
    end = pda.last_window_of_page(meter, page) + LIMITS.max_window_age
    market.chain.set_time((end + 1) * 900)
    instruction = instructions.close_ledger(
        program_id=market.program_id, meter_id=meter, page=page, payer=market.minter.pubkey()
    )
    return Prepared(market, instruction, [])


def two_trades(market: Market) -> list[Trade]:
    """Trades that settle: the sellers hold energy, the buyers payment tokens."""
    sellers = [market.trader(f"seller {n}") for n in range(2)]
    buyers = [market.trader(f"buyer {n}", payment=10**9) for n in range(2)]
    for seller in sellers:
        market.give_energy(seller, 5 * 10**9)
    amounts = [terms(10**9), terms(1_234_567_891)]
    return [Trade(*trade) for trade in zip(sellers, buyers, amounts, strict=True)]


def _open_settlement() -> Prepared:
    market = Market()
    _, instruction = market.open(two_trades(market))
    return Prepared(market, instruction, [market.clearer])


def _settle_trades() -> Prepared:
    market = Market()
    result = market.publish(two_trades(market))
    return Prepared(market, market.settle(result), [market.settler])


def _close_settlement() -> Prepared:
    market = Market()
    result = market.publish(two_trades(market))
    market.chain.set_time(DEADLINE_UNIX + 1)
    return Prepared(market, market.close(result), [])


def issue(market: Market, payer: Pubkey, **changes: Any) -> Instruction:
    values: dict[str, Any] = {
        "certificate_id": CERTIFICATE_ID,
        "owner": key("owner").pubkey(),
        "energy_base_units": 7 * 10**9,
        "period_start_unix": EPOCH_START_UNIX - 86_400,
        "period_end_unix": EPOCH_START_UNIX,
        **changes,
    }
    return instructions.issue_certificate(
        program_id=market.program_id, payer=payer, issuer=market.issuer.pubkey(), **values
    )


def _issue_certificate() -> Prepared:
    market = Market()
    payer = rent_payer(market)
    return Prepared(market, issue(market, payer.pubkey()), [payer, market.issuer])


def issued() -> Market:
    """A market with one certificate, held by `key("owner")`."""
    prepared = _issue_certificate()
    prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
    return prepared.market


def _revoke_certificate() -> Prepared:
    market = issued()
    instruction = instructions.revoke_certificate(
        program_id=market.program_id, issuer=market.issuer.pubkey(), certificate_id=CERTIFICATE_ID
    )
    return Prepared(market, instruction, [market.issuer])


def _transfer_certificate() -> Prepared:
    market = issued()
    instruction = instructions.transfer_certificate(
        program_id=market.program_id,
        owner=key("owner").pubkey(),
        certificate_id=CERTIFICATE_ID,
        new_owner=key("new owner").pubkey(),
    )
    return Prepared(market, instruction, [key("owner")])


def _retire_certificate() -> Prepared:
    market = issued()
    instruction = instructions.retire_certificate(
        program_id=market.program_id,
        owner=key("owner").pubkey(),
        certificate_id=CERTIFICATE_ID,
        beneficiary=key("beneficiary").pubkey(),
    )
    return Prepared(market, instruction, [key("owner")])


SCENARIOS: dict[str, Callable[[], Prepared]] = {
    "initialize": _initialize,
    "set_roles": _set_roles,
    "set_limits": _set_limits,
    "set_paused": _set_paused,
    "propose_authority": _propose_authority,
    "accept_authority": _accept_authority,
    "register_participant": _register_participant,
    "mint_energy": _mint_energy,
    "close_ledger": _close_ledger,
    "open_settlement": _open_settlement,
    "settle_trades": _settle_trades,
    "close_settlement": _close_settlement,
    "issue_certificate": _issue_certificate,
    "revoke_certificate": _revoke_certificate,
    "transfer_certificate": _transfer_certificate,
    "retire_certificate": _retire_certificate,
}


def prepare(name: str) -> Prepared:
    """A fresh market in which the instruction of this name succeeds."""
    return SCENARIOS[name]()


def with_account(
    instruction: Instruction,
    index: int,
    *,
    address: Pubkey | None = None,
    signer: bool | None = None,
    writable: bool | None = None,
) -> Instruction:
    """The instruction with one account meta changed."""
    metas = instruction.accounts
    old = metas[index]
    metas[index] = AccountMeta(
        old.pubkey if address is None else address,
        old.is_signer if signer is None else signer,
        old.is_writable if writable is None else writable,
    )
    return Instruction(instruction.program_id, instruction.data, metas)
