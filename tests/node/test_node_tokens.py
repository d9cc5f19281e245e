"""SPL tokens: balances in blocks, in accounts, by owner."""

from __future__ import annotations

from typing import Any

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account
from spl.token.constants import TOKEN_2022_PROGRAM_ID, TOKEN_PROGRAM_ID
from spl.token.instructions import (
    InitializeMintParams,
    MintToParams,
    TransferCheckedParams,
    create_associated_token_account,
    get_associated_token_address,
    initialize_mint,
    mint_to,
    transfer_checked,
)

from tests.support.node import CONFIRMED, NodeClient, NodeError

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
DECIMALS = 6
MINT_BYTES = 82
PROGRAMS = pytest.mark.parametrize(
    "program", [TOKEN_PROGRAM_ID, TOKEN_2022_PROGRAM_ID], ids=["token", "token-2022"]
)


class Tokens:
    """A mint with 5.5 tokens at its owner, and a second holder with an empty account."""

    def __init__(self, owner: Keypair, program: Pubkey) -> None:
        self.owner = owner
        self.program = program
        self.mint = Keypair()
        self.holder = Keypair().pubkey()
        self.owner_account = self.account(owner.pubkey())
        self.holder_account = self.account(self.holder)

    def account(self, wallet: Pubkey) -> Pubkey:
        address: Pubkey = get_associated_token_address(wallet, self.mint.pubkey(), self.program)
        return address

    def setup(self, rent_lamports: int) -> list[Instruction]:
        owner, mint = self.owner.pubkey(), self.mint.pubkey()
        return [
            create_account(
                CreateAccountParams(
                    from_pubkey=owner,
                    to_pubkey=mint,
                    lamports=rent_lamports,
                    space=MINT_BYTES,
                    owner=self.program,
                )
            ),
            initialize_mint(
                InitializeMintParams(
                    decimals=DECIMALS, mint=mint, mint_authority=owner, program_id=self.program
                )
            ),
            create_associated_token_account(owner, owner, mint, self.program),
            create_associated_token_account(owner, self.holder, mint, self.program),
            mint_to(
                MintToParams(
                    program_id=self.program,
                    mint=mint,
                    dest=self.owner_account,
                    mint_authority=owner,
                    amount=5_500_000,
                )
            ),
        ]

    def pay(self, amount: int) -> Instruction:
        instruction: Instruction = transfer_checked(
            TransferCheckedParams(
                program_id=self.program,
                source=self.owner_account,
                mint=self.mint.pubkey(),
                dest=self.holder_account,
                owner=self.owner.pubkey(),
                amount=amount,
                decimals=DECIMALS,
            )
        )
        return instruction


async def made_tokens(client: NodeClient, program: Pubkey) -> tuple[Tokens, dict[str, Any]]:
    owner = await client.funded()
    tokens = Tokens(owner, program)
    rent = await client.call("getMinimumBalanceForRentExemption", MINT_BYTES)
    landed = await client.sent(tokens.setup(rent), owner, tokens.mint)
    assert landed["meta"]["err"] is None
    return tokens, landed


def balances(meta: dict[str, Any], member: str, keys: list[str]) -> dict[str, tuple[str, str, str]]:
    return {
        keys[each["accountIndex"]]: (each["owner"], each["mint"], each["uiTokenAmount"]["amount"])
        for each in meta[member]
    }


@PROGRAMS
async def test_token_balances_stand_in_the_meta(client: NodeClient, program: Pubkey) -> None:
    tokens, created = await made_tokens(client, program)
    owner, mint = str(tokens.owner.pubkey()), str(tokens.mint.pubkey())
    source, target = str(tokens.owner_account), str(tokens.holder_account)
    keys = created["transaction"]["message"]["accountKeys"]
    assert created["meta"]["preTokenBalances"] == []
    assert balances(created["meta"], "postTokenBalances", keys) == {
        source: (owner, mint, "5500000"),
        target: (str(tokens.holder), mint, "0"),
    }
    paid = await client.sent([tokens.pay(1_250_000)], tokens.owner)
    keys = paid["transaction"]["message"]["accountKeys"]
    assert balances(paid["meta"], "preTokenBalances", keys)[target][2] == "0"
    assert balances(paid["meta"], "postTokenBalances", keys) == {
        source: (owner, mint, "4250000"),
        target: (str(tokens.holder), mint, "1250000"),
    }
    (member,) = [each for each in paid["meta"]["postTokenBalances"] if keys[each["accountIndex"]] == target]
    assert member["programId"] == str(program)
    assert member["uiTokenAmount"] == {
        "amount": "1250000",
        "decimals": DECIMALS,
        "uiAmount": 1.25,
        "uiAmountString": "1.25",
    }


@PROGRAMS
async def test_inner_instructions_stand_in_the_meta(client: NodeClient, program: Pubkey) -> None:
    """Creating an associated account calls the system and the token program one level down."""
    _, created = await made_tokens(client, program)
    keys = created["transaction"]["message"]["accountKeys"]
    groups = {group["index"]: group["instructions"] for group in created["meta"]["innerInstructions"]}
    assert set(groups) == {2, 3}
    called = {keys[each["programIdIndex"]] for each in groups[2]}
    assert called == {str(Pubkey.default()), str(program)}
    assert {each["stackHeight"] for each in groups[2]} == {2}
    assert {each["stackHeight"] for each in created["transaction"]["message"]["instructions"]} == {1}


async def test_supply_and_balance(client: NodeClient) -> None:
    tokens, _ = await made_tokens(client, TOKEN_PROGRAM_ID)
    supply = await client.value("getTokenSupply", str(tokens.mint.pubkey()), CONFIRMED)
    assert (supply["amount"], supply["decimals"], supply["uiAmountString"]) == ("5500000", DECIMALS, "5.5")
    balance = await client.value("getTokenAccountBalance", str(tokens.owner_account), CONFIRMED)
    assert balance["amount"] == "5500000"
    with pytest.raises(NodeError, match="could not find account"):
        await client.value("getTokenAccountBalance", str(Keypair().pubkey()), CONFIRMED)
    with pytest.raises(NodeError, match="not a Token account"):
        await client.value("getTokenAccountBalance", str(tokens.mint.pubkey()), CONFIRMED)


@PROGRAMS
async def test_accounts_are_found_by_owner(client: NodeClient, program: Pubkey) -> None:
    tokens, _ = await made_tokens(client, program)
    config = {"encoding": "jsonParsed", **CONFIRMED}
    for wanted in ({"mint": str(tokens.mint.pubkey())}, {"programId": str(program)}):
        (found,) = await client.value("getTokenAccountsByOwner", str(tokens.holder), wanted, config)
        assert found["pubkey"] == str(tokens.holder_account)
        info = found["account"]["data"]["parsed"]["info"]
        assert (info["mint"], info["owner"]) == (str(tokens.mint.pubkey()), str(tokens.holder))
        assert info["tokenAmount"]["amount"] == "0"


async def test_program_accounts_can_be_filtered(client: NodeClient) -> None:
    tokens, _ = await made_tokens(client, TOKEN_PROGRAM_ID)
    filters = [{"dataSize": 165}, {"memcmp": {"offset": 0, "bytes": str(tokens.mint.pubkey())}}]
    config = {
        "encoding": "base64",
        "filters": filters,
        "dataSlice": {"offset": 32, "length": 32},
        **CONFIRMED,
    }
    found = await client.call("getProgramAccounts", str(TOKEN_PROGRAM_ID), config)
    assert {each["pubkey"] for each in found} == {str(tokens.owner_account), str(tokens.holder_account)}


async def test_too_large_a_payment_fails_with_the_token_programs_error(client: NodeClient) -> None:
    tokens, _ = await made_tokens(client, TOKEN_PROGRAM_ID)
    landed = await client.sent([tokens.pay(6_000_000)], tokens.owner, skipPreflight=True)
    assert landed["meta"]["err"] == {"InstructionError": [0, {"Custom": 1}]}
    assert landed["meta"]["preTokenBalances"] == landed["meta"]["postTokenBalances"]
