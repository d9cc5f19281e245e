"""Instructions of SPL Token and Token-2022."""

from __future__ import annotations

from collections.abc import Sequence

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.encode.amounts import ui_token_amount
from gridtokenx_indexer.localnet.encode.fields import Fields

TRANSFER_FEE_EXTENSION = 26
TRANSFER_CHECKED_WITH_FEE = 1
AUTHORITY_TYPES = ("mintTokens", "freezeAccount", "accountOwner", "closeAccount")
EXTENSION_NAMES = {7: "immutableOwner", 8: "memoTransfer", 2: "transferFeeAmount"}
Parsed = dict[str, object]


def parse_token(accounts: Sequence[Pubkey], data: bytes) -> object | None:
    """Raises IndexError or ValueError when data or accounts are too short."""
    names = [str(each) for each in accounts]
    body = Fields(data)
    kind = body.u8()
    if kind in MOVES:
        return _move(kind, names, body)
    if kind in CHECKED:
        return _checked(kind, names, body)
    match kind:
        case 0 | 20:
            return _initialize_mint(kind, names, body)
        case 1 | 16 | 18:
            return _initialize_account(kind, names, body)
        case 5:
            return _result("revoke", {"source": names[0], **_authority("owner", names, 1)})
        case 6:
            return _set_authority(names, body)
        case 9:
            info = {"account": names[0], "destination": names[1], **_authority("owner", names, 2)}
            return _result("closeAccount", info)
        case 10 | 11:
            info = {"account": names[0], "mint": names[1], **_authority("freezeAuthority", names, 2)}
            return _result("freezeAccount" if kind == 10 else "thawAccount", info)
        case 17:
            return _result("syncNative", {"account": names[0]})
        case 21:
            return _account_data_size(names, body)
        case 22:
            return _result("initializeImmutableOwner", {"account": names[0]})
        case _ if kind == TRANSFER_FEE_EXTENSION and body.u8() == TRANSFER_CHECKED_WITH_FEE:
            return _checked_with_fee(names, body)
        case _:
            return None


MOVES = {3: "transfer", 4: "approve", 7: "mintTo", 8: "burn"}
CHECKED = {12: "transferChecked", 13: "approveChecked", 14: "mintToChecked", 15: "burnChecked"}


def _move(kind: int, names: list[str], body: Fields) -> Parsed:
    info: Parsed = {"amount": str(body.u64())}
    match kind:
        case 3:
            info |= {"source": names[0], "destination": names[1], **_authority("authority", names, 2)}
        case 4:
            info |= {"source": names[0], "delegate": names[1], **_authority("owner", names, 2)}
        case 7:
            info |= {"mint": names[0], "account": names[1], **_authority("mintAuthority", names, 2)}
        case _:
            info |= {"account": names[0], "mint": names[1], **_authority("authority", names, 2)}
    return _result(MOVES[kind], info)


def _checked(kind: int, names: list[str], body: Fields) -> Parsed:
    info: Parsed = {"tokenAmount": ui_token_amount(body.u64(), body.u8())}
    match kind:
        case 12:
            info |= {"source": names[0], "mint": names[1], "destination": names[2]}
            info |= _authority("authority", names, 3)
        case 13:
            info |= {"source": names[0], "mint": names[1], "delegate": names[2]}
            info |= _authority("owner", names, 3)
        case 14:
            info |= {"mint": names[0], "account": names[1], **_authority("mintAuthority", names, 2)}
        case _:
            info |= {"account": names[0], "mint": names[1], **_authority("authority", names, 2)}
    return _result(CHECKED[kind], info)


def _checked_with_fee(names: list[str], body: Fields) -> Parsed:
    amount, decimals, fee = body.u64(), body.u8(), body.u64()
    info: Parsed = {
        "source": names[0],
        "mint": names[1],
        "destination": names[2],
        "tokenAmount": ui_token_amount(amount, decimals),
        "feeAmount": ui_token_amount(fee, decimals),
        **_authority("authority", names, 3),
    }
    return _result("transferCheckedWithFee", info)


def _initialize_mint(kind: int, names: list[str], body: Fields) -> Parsed:
    info: Parsed = {"mint": names[0], "decimals": body.u8(), "mintAuthority": body.key()}
    freeze = body.optional_key()
    if freeze is not None:
        info["freezeAuthority"] = freeze
    if kind == 0:
        info["rentSysvar"] = names[1]
    return _result("initializeMint" if kind == 0 else "initializeMint2", info)


def _initialize_account(kind: int, names: list[str], body: Fields) -> Parsed:
    info: Parsed = {"account": names[0], "mint": names[1]}
    info["owner"] = names[2] if kind == 1 else body.key()
    if kind != 18:
        info["rentSysvar"] = names[3 if kind == 1 else 2]
    return _result(f"initializeAccount{'' if kind == 1 else '2' if kind == 16 else '3'}", info)


def _set_authority(names: list[str], body: Fields) -> Parsed | None:
    authority_type = body.u8()
    if authority_type >= len(AUTHORITY_TYPES):
        return None
    owned = "mint" if authority_type < 2 else "account"
    info: Parsed = {
        owned: names[0],
        "authorityType": AUTHORITY_TYPES[authority_type],
        "newAuthority": body.optional_key(),
        **_authority("authority", names, 1),
    }
    return _result("setAuthority", info)


def _account_data_size(names: list[str], body: Fields) -> Parsed:
    info: Parsed = {"mint": names[0]}
    rest = body.rest()
    kinds = [int.from_bytes(rest[at : at + 2], "little") for at in range(0, len(rest), 2)]
    if kinds:
        info["extensionTypes"] = [EXTENSION_NAMES.get(each, str(each)) for each in kinds]
    return _result("getAccountDataSize", info)


def _authority(name: str, names: list[str], index: int) -> Parsed:
    """One signer under its own name; several signers are a multisig."""
    if len(names) > index + 1:
        multisig = f"multisig{name[0].upper()}{name[1:]}"
        return {multisig: names[index], "signers": names[index + 1 :]}
    return {name: names[index]}


def _result(kind: str, info: Parsed) -> Parsed:
    return {"info": info, "type": kind}
