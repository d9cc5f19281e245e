"""Account data in the jsonParsed encoding."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import LOADER_V3, LOOKUP_TABLE, SYSVAR_OWNER, TOKEN_PROGRAMS
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.encode.amounts import ui_token_amount
from gridtokenx_indexer.localnet.encode.extensions import extension_members
from gridtokenx_indexer.localnet.encode.fields import Fields
from gridtokenx_indexer.localnet.svm.lookup_tables import TableLookupError, read_table
from gridtokenx_indexer.localnet.svm.programs import (
    PROGRAM_DATA_META_BYTES,
    PROGRAM_DATA_TAG,
    PROGRAM_TAG,
)
from gridtokenx_indexer.localnet.svm.rent import LAMPORTS_PER_BYTE
from gridtokenx_indexer.localnet.svm.tokens import (
    Mint,
    TokenAccount,
    mint_account,
    program_name,
    token_account,
)

CLOCK_BYTES = 40
RENT_BYTES = 17
STATE_NAMES = {1: "initialized", 2: "frozen"}
Reader = Callable[[Pubkey], AccountState | None]


def parse_account(state: AccountState, account: Reader) -> dict[str, object] | None:
    """The parsed `data` member, None for an account that the node cannot read."""
    if state.owner in TOKEN_PROGRAMS:
        return _token_member(state, account)
    if state.owner == LOOKUP_TABLE:
        return _member(state, "address-lookup-table", _table(state))
    if state.owner == LOADER_V3:
        return _member(state, "bpf-upgradeable-loader", _program(state))
    if state.owner == SYSVAR_OWNER:
        return _member(state, "sysvar", _sysvar(state))
    return None


def _token_member(state: AccountState, account: Reader) -> dict[str, object] | None:
    mint = mint_account(state)
    if mint is not None:
        return _member(state, program_name(state.owner), {"info": _mint_info(mint), "type": "mint"})
    held = token_account(state)
    definition = mint_account(account(held.mint)) if held is not None else None
    if held is None or definition is None:
        return None
    info = _account_info(held, definition.decimals)
    return _member(state, program_name(state.owner), {"info": info, "type": "account"})


def _table(state: AccountState) -> dict[str, object] | None:
    try:
        table = read_table(state)
    except TableLookupError:
        return None
    info: dict[str, object] = {
        "addresses": [str(each) for each in table.addresses],
        "deactivationSlot": str(table.deactivation_slot),
        "lastExtendedSlot": str(table.last_extended_slot),
        "lastExtendedSlotStartIndex": table.last_extended_start,
    }
    if table.authority is not None:
        info["authority"] = str(table.authority)
    return {"info": info, "type": "lookupTable"}


def _program(state: AccountState) -> dict[str, object] | None:
    body = Fields(state.data)
    kind = int.from_bytes(body.take(4), "little") if len(state.data) >= 4 else 0
    if kind == PROGRAM_TAG:
        return {"info": {"programData": body.key()}, "type": "program"}
    if kind != PROGRAM_DATA_TAG:
        return None
    info = {
        "slot": body.u64(),
        "authority": body.optional_key(),
        "data": [b64encode(state.data[PROGRAM_DATA_META_BYTES:]).decode(), "base64"],
    }
    return {"info": info, "type": "programData"}


def _sysvar(state: AccountState) -> dict[str, object] | None:
    """Clock and rent, told apart by their sizes as no other sysvar has them."""
    body = Fields(state.data)
    if len(state.data) == CLOCK_BYTES:
        slot, start, epoch, leader_epoch, unix = (body.u64() for _ in range(5))
        info: dict[str, object] = {
            "slot": slot,
            "epochStartTimestamp": start,
            "epoch": epoch,
            "leaderScheduleEpoch": leader_epoch,
            "unixTimestamp": unix,
        }
        return {"info": info, "type": "clock"}
    if len(state.data) == RENT_BYTES:
        return {"info": {"lamportsPerByte": str(LAMPORTS_PER_BYTE)}, "type": "rent"}
    return None


def _member(state: AccountState, program: str, parsed: dict[str, object] | None) -> dict[str, object] | None:
    if parsed is None:
        return None
    return {"parsed": parsed, "program": program, "space": len(state.data)}


def _mint_info(mint: Mint) -> dict[str, object]:
    info: dict[str, object] = {
        "decimals": mint.decimals,
        "freezeAuthority": str(mint.freeze_authority) if mint.freeze_authority else None,
        "isInitialized": True,
        "mintAuthority": str(mint.mint_authority) if mint.mint_authority else None,
        "supply": str(mint.supply),
    }
    if mint.extensions:
        info["extensions"] = extension_members(mint.extensions)
    return info


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
    if held.extensions:
        info["extensions"] = extension_members(held.extensions)
    return info
