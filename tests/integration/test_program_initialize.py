"""Setting the program up: who may, and with which mints."""

from __future__ import annotations

from typing import Any

import pytest
from solders.pubkey import Pubkey

from gridtokenx_indexer.tx.gridtokenx import instructions, pda
from gridtokenx_indexer.tx.gridtokenx.values import NOBODY, Limits
from tests.support import svm_tokens as tokens
from tests.support.svm import key, program_bytes
from tests.support.svm_events import decode_account
from tests.support.svm_market import LIMITS, Market

MINT_AUTHORITY = pda.mint_authority(pda.DEFAULT_PROGRAM_ID)[0]
SOMEBODY = key("somebody").pubkey()
METADATA_POINTER = (64, bytes([39, 0]) + bytes(NOBODY) + bytes(range(32)))
TRANSFER_FEE = (108, bytes([26, 0, 0, 0]) + (100).to_bytes(2, "little") + (2**40).to_bytes(8, "little"))
CLOSE_AUTHORITY = (32, bytes([25, 1]) + bytes(SOMEBODY))
PERMANENT_DELEGATE = (32, bytes([35]) + bytes(SOMEBODY))
NON_TRANSFERABLE = (0, bytes([32]))
DEFAULT_FROZEN = (1, bytes([28, 0, 2]))
TRANSFER_HOOK = (64, bytes([36, 0]) + bytes(SOMEBODY) + bytes(SOMEBODY))


@pytest.fixture
def market() -> Market:
    return Market(initialized=False)


def energy_mint(market: Market, program: Pubkey, **changes: object) -> Pubkey:
    values: dict[str, object] = {"decimals": 9, "authority": MINT_AUTHORITY, **changes}
    return tokens.create_mint(market.chain, program, "other energy", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("energy", [tokens.SPL_TOKEN, tokens.TOKEN_2022])
@pytest.mark.parametrize("payment", [tokens.SPL_TOKEN, tokens.TOKEN_2022])
def test_the_config_says_what_was_given(energy: Pubkey, payment: Pubkey) -> None:
    market = Market(energy_program=energy, payment_program=payment, initialized=False)
    landed = market.chain.send(market.initialize(), signers=[market.authority])
    config = market.config()
    assert config.authority == market.authority.pubkey()
    assert config.pending_authority == NOBODY
    assert config.roles == market.roles
    assert config.limits == LIMITS
    assert config.fee_recipient == market.fee_recipient
    assert (config.energy_mint, config.payment_mint) == (market.energy_mint, market.payment_mint)
    assert (config.energy_token_program, config.payment_token_program) == (energy, payment)
    assert (config.paused, config.mint_floor) == (False, 0)
    bumps = (config.mint_authority_bump, config.delegate_bump, config.event_authority_bump)
    program_id = market.program_id
    assert bumps == tuple(
        find(program_id)[1] for find in (pda.mint_authority, pda.delegate, pda.event_authority)
    )
    assert market.events(landed) == [
        (
            "Initialized",
            {
                "authority": market.authority.pubkey(),
                "energy_mint": market.energy_mint,
                "payment_mint": market.payment_mint,
            },
        )
    ]


def test_the_account_reads_the_same_by_the_idl(market: Market) -> None:
    market.chain.send(market.initialize(), signers=[market.authority])
    data = market.chain.data(pda.config(market.program_id)[0])
    name, fields = decode_account(data)
    config = market.config()
    assert name == "Config"
    assert fields["roles"]["settler"] == config.roles.settler
    assert fields["limits"]["max_fee_bps"] == config.limits.max_fee_bps
    assert fields["event_authority_bump"] == config.event_authority_bump


def test_a_second_time_is_refused(market: Market) -> None:
    market.chain.send(market.initialize(), signers=[market.authority])
    refused = market.chain.refuse(market.initialize(), signers=[market.authority])
    assert refused.error == "AlreadyInitialized"


def test_any_program_id_works() -> None:
    for name in ("program a", "program b", "program c"):
        market = Market(program_id=key(name).pubkey())
        assert market.config().authority == market.authority.pubkey()
        seller = market.trader("seller")
        market.give_energy(seller, 5)
        assert tokens.amount(market.chain, seller.energy) == 5


def test_only_the_upgrade_authority_may(market: Market) -> None:
    thief = key("thief")
    attempt = market.initialize(upgrade_authority=thief.pubkey())
    assert market.chain.refuse(attempt, signers=[thief]).error == "NotUpgradeAuthority"


def test_nobody_may_when_the_program_is_final(market: Market) -> None:
    market.chain.install(market.program_id, program_bytes(), None)
    refused = market.chain.refuse(market.initialize(), signers=[market.authority])
    assert refused.error == "NotUpgradeAuthority"


def test_the_former_upgrade_authority_of_a_final_program_may_not(market: Market) -> None:
    """The loader clears the flag before the key and leaves the key's bytes where they are."""
    address = pda.program_data(market.program_id)[0]
    data = market.chain.data(address)
    assert data[12:45] == b"\x01" + bytes(market.authority.pubkey())
    market.chain.put(address, data[:12] + b"\x00" + data[13:], owner=pda.UPGRADEABLE_LOADER_ID)
    refused = market.chain.refuse(market.initialize(), signers=[market.authority])
    assert refused.error == "NotUpgradeAuthority"


def test_a_forged_program_data_account_is_refused(market: Market) -> None:
    """Right address, wrong owner: it cannot happen on a cluster, and is refused all the same."""
    address = pda.program_data(market.program_id)[0]
    market.chain.put(address, market.chain.data(address), owner=SOMEBODY)
    refused = market.chain.refuse(market.initialize(), signers=[market.authority])
    assert refused.error == "WrongAccountOwner"


@pytest.mark.parametrize("program", [tokens.SPL_TOKEN, tokens.TOKEN_2022])
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"decimals": 6}, "WrongDecimals"),
        ({"authority": SOMEBODY}, "WrongMintAuthority"),
        ({"freeze": SOMEBODY}, "FreezeAuthoritySet"),
    ],
)
def test_an_unfit_energy_mint_is_refused(
    market: Market, program: Pubkey, changes: dict[str, object], error: str
) -> None:
    mint = energy_mint(market, program, **changes)
    attempt = market.initialize(energy_mint=mint, energy_token_program=program)
    assert market.chain.refuse(attempt, signers=[market.authority]).error == error


@pytest.mark.parametrize("program", [tokens.SPL_TOKEN, tokens.TOKEN_2022])
def test_an_energy_mint_with_a_supply_is_refused(market: Market, program: Pubkey) -> None:
    """The owner mints to himself, then hands the mint to the program."""
    owner = key("somebody")
    mint = energy_mint(market, program, authority=owner.pubkey())
    account = tokens.associated_account(program, owner.pubkey(), mint)
    hand_over = tokens.set_mint_authority(program, mint, owner.pubkey(), MINT_AUTHORITY)
    market.chain.send(
        tokens.create_associated_account(market.chain.payer.pubkey(), program, owner.pubkey(), mint),
        tokens.mint_to(program, mint, account, owner.pubkey(), 1),
        hand_over,
        signers=[owner],
    )
    attempt = market.initialize(energy_mint=mint, energy_token_program=program)
    assert market.chain.refuse(attempt, signers=[market.authority]).error == "SupplyNotZero"


def test_a_payment_mint_needs_six_decimals(market: Market) -> None:
    mint = tokens.create_mint(market.chain, tokens.SPL_TOKEN, "nine decimals", decimals=9, authority=SOMEBODY)
    attempt = market.initialize(payment_mint=mint)
    assert market.chain.refuse(attempt, signers=[market.authority]).error == "WrongDecimals"


def test_metadata_is_allowed(market: Market) -> None:
    mint = energy_mint(market, tokens.TOKEN_2022, extensions=(METADATA_POINTER,))
    attempt = market.initialize(energy_mint=mint, energy_token_program=tokens.TOKEN_2022)
    market.chain.send(attempt, signers=[market.authority])
    assert market.config().energy_mint == mint


def test_metadata_in_the_mint_itself_is_allowed(market: Market) -> None:
    """The owner names the token, then hands the mint to the program."""
    owner = key("somebody")
    mint = energy_mint(
        market,
        tokens.TOKEN_2022,
        authority=owner.pubkey(),
        extensions=((64, bytes([39, 0]) + bytes(SOMEBODY) + bytes(key("mint other energy").pubkey())),),
    )
    market.chain.svm.airdrop(mint, 10**9)
    market.chain.send(
        tokens.initialize_metadata(mint, owner.pubkey(), ("GridTokenX Energy", "GRID", "https://x.invalid")),
        tokens.set_mint_authority(tokens.TOKEN_2022, mint, owner.pubkey(), MINT_AUTHORITY),
        signers=[owner],
    )
    kinds = [int.from_bytes(market.chain.data(mint)[at : at + 2], "little") for at in (166, 234)]
    assert kinds == [18, 19]
    attempt = market.initialize(energy_mint=mint, energy_token_program=tokens.TOKEN_2022)
    market.chain.send(attempt, signers=[market.authority])


@pytest.mark.parametrize(
    "extension",
    [TRANSFER_FEE, CLOSE_AUTHORITY, PERMANENT_DELEGATE, NON_TRANSFERABLE, DEFAULT_FROZEN, TRANSFER_HOOK],
    ids=["fee", "close", "delegate", "non-transferable", "frozen", "hook"],
)
@pytest.mark.parametrize("place", ["energy", "payment"])
def test_any_other_extension_is_refused(market: Market, place: str, extension: tuple[int, bytes]) -> None:
    frozen = {"freeze": SOMEBODY} if extension == DEFAULT_FROZEN else {}
    decimals = 9 if place == "energy" else 6
    extensions = (METADATA_POINTER, extension)
    mint = energy_mint(market, tokens.TOKEN_2022, decimals=decimals, extensions=extensions, **frozen)
    changes: dict[str, Any] = {f"{place}_mint": mint, f"{place}_token_program": tokens.TOKEN_2022}
    attempt = market.initialize(**changes)
    assert market.chain.refuse(attempt, signers=[market.authority]).error == "ForbiddenExtension"


@pytest.mark.parametrize("tail", [b"\x12\x00\x40", b"\x12\x00\x40\x00" + bytes(63), b"\x12\x00\xff\xff"])
def test_malformed_mint_extensions_are_refused(market: Market, tail: bytes) -> None:
    mint = energy_mint(market, tokens.TOKEN_2022, extensions=(METADATA_POINTER,))
    data = market.chain.data(mint)[:166] + tail
    market.chain.put(mint, data, owner=tokens.TOKEN_2022)
    attempt = market.initialize(energy_mint=mint, energy_token_program=tokens.TOKEN_2022)
    assert market.chain.refuse(attempt, signers=[market.authority]).error == "ForbiddenExtension"


def test_something_that_is_no_mint_is_refused(market: Market) -> None:
    for stand_in in (market.fee_recipient, pda.program_data(market.program_id)[0]):
        attempt = market.initialize(energy_mint=stand_in)
        assert market.chain.refuse(attempt, signers=[market.authority]).error == "InvalidMint"


def test_an_uninitialized_mint_is_refused(market: Market) -> None:
    market.chain.put(SOMEBODY, bytes(82), owner=tokens.SPL_TOKEN)
    attempt = market.initialize(energy_mint=SOMEBODY)
    assert market.chain.refuse(attempt, signers=[market.authority]).error == "InvalidMint"


def test_a_foreign_token_program_is_refused(market: Market) -> None:
    data = market.chain.data(market.energy_mint)
    mint = key("foreign mint").pubkey()
    market.chain.put(mint, data, owner=SOMEBODY)
    attempt = market.initialize(energy_mint=mint, energy_token_program=SOMEBODY)
    assert market.chain.refuse(attempt, signers=[market.authority]).error == "WrongTokenProgram"


@pytest.mark.parametrize("place", ["energy", "payment"])
@pytest.mark.parametrize("program", [tokens.SPL_TOKEN, tokens.TOKEN_2022])
def test_a_mint_of_the_other_token_program_is_refused(place: str, program: Pubkey) -> None:
    market = Market(energy_program=program, payment_program=program, initialized=False)
    other = tokens.TOKEN_2022 if program == tokens.SPL_TOKEN else tokens.SPL_TOKEN
    changes: dict[str, Any] = {f"{place}_token_program": other}
    attempt = market.initialize(**changes)
    assert market.chain.refuse(attempt, signers=[market.authority]).error == "InvalidMint"


def test_the_fee_recipient_must_hold_payment_tokens(market: Market) -> None:
    for stand_in in (market.operator.energy, market.operator.wallet.pubkey(), market.payment_mint):
        attempt = market.initialize(fee_recipient=stand_in)
        refused = market.chain.refuse(attempt, signers=[market.authority])
        assert refused.error == "InvalidFeeRecipient"


@pytest.mark.parametrize(
    "limits",
    [
        Limits(max_mint_base_units=0, max_window_age=1, min_price=1, max_price=1, max_fee_bps=0),
        Limits(max_mint_base_units=1, max_window_age=0, min_price=1, max_price=1, max_fee_bps=0),
        Limits(max_mint_base_units=1, max_window_age=1, min_price=0, max_price=1, max_fee_bps=0),
        Limits(max_mint_base_units=1, max_window_age=1, min_price=2, max_price=1, max_fee_bps=0),
        Limits(max_mint_base_units=1, max_window_age=1, min_price=1, max_price=1, max_fee_bps=10_001),
    ],
)
def test_contradicting_limits_are_refused(market: Market, limits: Limits) -> None:
    refused = market.chain.refuse(market.initialize(limits), signers=[market.authority])
    assert refused.error == "InvalidLimits"
    market.chain.send(market.initialize(), signers=[market.authority])
    attempt = instructions.set_limits(
        program_id=market.program_id, authority=market.authority.pubkey(), limits=limits
    )
    assert market.chain.refuse(attempt, signers=[market.authority]).error == "InvalidLimits"
