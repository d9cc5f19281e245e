"""Account data in the jsonParsed encoding."""

from __future__ import annotations

from collections.abc import Callable

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import TOKEN_PROGRAMS
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.encode.amounts import ui_token_amount
from gridtokenx_indexer.localnet.svm.tokens import (
    Mint,
    TokenAccount,
    mint_account,
    program_name,
    token_account,
)

STATE_NAMES = {1: "initialized", 2: "frozen"}


def parse_account(
    state: AccountState, account: Callable[[Pubkey], AccountState | None]
) -> dict[str, object] | None:
    """The parsed `data` member, None for an account that the node cannot read."""
    if state.owner in TOKEN_PROGRAMS:
        mint = mint_account(state)
        if mint is not None:
            return _member(state, program_name(state.owner), {"info": _mint_info(mint), "type": "mint"})
        held = token_account(state)
        if held is not None:
            definition = mint_account(account(held.mint))
            if definition is not None:
                info = _account_info(held, definition.decimals)
                return _member(state, program_name(state.owner), {"info": info, "type": "account"})
    return None


def _member(state: AccountState, program: str, parsed: dict[str, object]) -> dict[str, object]:
    return {"parsed": parsed, "program": program, "space": len(state.data)}


def _mint_info(mint: Mint) -> dict[str, object]:
    return {
        "decimals": mint.decimals,
        "freezeAuthority": str(mint.freeze_authority) if mint.freeze_authority else None,
        "isInitialized": True,
        "mintAuthority": str(mint.mint_authority) if mint.mint_authority else None,
        "supply": str(mint.supply),
    }


def _account_info(held: TokenAccount, decimals: int) -> dict[str, object]:
    info: dict[str, object] = {
        "isNative": held.native_reserve is not None,
        "mint": str(held.mint),
        "owner": str(held.owner),
        "state": STATE_NAMES[held.state],
        "tokenAmount": ui_token_amount(held.amount, decimals),
    }
    if held.delegate is not None:
        info["delegate"] = str(held.delegate)
        info["delegatedAmount"] = ui_token_amount(held.delegated_amount, decimals)
    if held.native_reserve is not None:
        info["rentExemptReserve"] = ui_token_amount(held.native_reserve, decimals)
    if held.close_authority is not None:
        info["closeAuthority"] = str(held.close_authority)
    return info
