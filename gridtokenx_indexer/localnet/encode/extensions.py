"""Token-2022 extensions in the jsonParsed encoding."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gridtokenx_indexer.localnet.encode.fields import Fields

ACCOUNT_STATES = ("uninitialized", "initialized", "frozen")
State = dict[str, object]


def extension_members(extensions: Iterable[tuple[int, bytes]]) -> list[State]:
    return [_member(kind, data) for kind, data in extensions]


def _member(kind: int, data: bytes) -> State:
    name, read = READERS.get(kind, ("unparseableExtension", None))
    if read is None:
        return {"extension": name}
    try:
        return {"extension": name, "state": read(Fields(data))}
    except (IndexError, ValueError):
        return {"extension": "unparseableExtension"}


def _transfer_fee_config(fields: Fields) -> State:
    state: State = {
        "transferFeeConfigAuthority": fields.key_or_null(),
        "withdrawWithheldAuthority": fields.key_or_null(),
        "withheldAmount": fields.u64(),
    }
    for name in ("olderTransferFee", "newerTransferFee"):
        fee = {"epoch": fields.u64(), "maximumFee": fields.u64(), "transferFeeBasisPoints": fields.u16()}
        state[name] = fee
    return state


READERS: dict[int, tuple[str, Callable[[Fields], State] | None]] = {
    1: ("transferFeeConfig", _transfer_fee_config),
    2: ("transferFeeAmount", lambda fields: {"withheldAmount": fields.u64()}),
    3: ("mintCloseAuthority", lambda fields: {"closeAuthority": fields.key_or_null()}),
    6: ("defaultAccountState", lambda fields: {"accountState": ACCOUNT_STATES[fields.u8()]}),
    7: ("immutableOwner", None),
    8: ("memoTransfer", lambda fields: {"requireIncomingTransferMemos": bool(fields.u8())}),
    9: ("nonTransferable", None),
    11: ("cpiGuard", lambda fields: {"lockCpi": bool(fields.u8())}),
    12: ("permanentDelegate", lambda fields: {"delegate": fields.key_or_null()}),
    13: ("nonTransferableAccount", None),
    14: (
        "transferHook",
        lambda fields: {"authority": fields.key_or_null(), "programId": fields.key_or_null()},
    ),
    18: (
        "metadataPointer",
        lambda fields: {"authority": fields.key_or_null(), "metadataAddress": fields.key_or_null()},
    ),
}
