"""Transactions as a node's JSON gives them, made by hand for decoder tests."""

from __future__ import annotations

import base64
from typing import Any

import based58
import msgspec

from gridtokenx_indexer.decode.block import BlockDecoder
from gridtokenx_indexer.decode.event_bytes import EVENT_TAG
from gridtokenx_indexer.decode.facts import KeptTransaction, TransactionFacts
from gridtokenx_indexer.decode.watch import Watched, WatchHistory, WatchKind
from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.idl.program import compile_idl
from gridtokenx_indexer.idl.registry import IdlRegistry

OURS = "Gr1d111111111111111111111111111111111111111"
OTHER = "other11111111111111111111111111111111111111"
SPL = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
PAYER = "Payer11111111111111111111111111111111111111"
MINT = "Mint111111111111111111111111111111111111111"
KEYS = [PAYER, OURS, OTHER, SPL, MINT, "acc5", "acc6", "acc7"]
START = bytes([9, 9, 9, 9, 9, 9, 9, 9])
IDL = msgspec.json.encode(
    {
        "address": OURS,
        "metadata": {"name": "ours", "version": "0.1.0", "spec": "0.1.0"},
        "events": [{"name": "Counted", "discriminator": list(START)}],
        "types": [
            {
                "name": "Counted",
                "type": {"kind": "struct", "fields": [{"name": "n", "type": "u64"}]},
            }
        ],
    }
)


def counted(number: int) -> bytes:
    """Event bytes of our program."""
    return START + number.to_bytes(8, "little")


def call(
    program: str, data: bytes = b"", *, height: int | None = 1, accounts: tuple[int, ...] = ()
) -> dict[str, Any]:
    return {
        "programIdIndex": KEYS.index(program),
        "accounts": list(accounts),
        "data": based58.b58encode(data).decode() if data else "",
        "stackHeight": height,
    }


def cpi_event(payload: bytes, *, program: str = OURS, height: int | None = 2) -> dict[str, Any]:
    return call(program, EVENT_TAG + payload, height=height, accounts=(5,))


def data_line(payload: bytes) -> str:
    return f"Program data: {base64.b64encode(payload).decode()}"


def invoke(program: str, depth: int) -> str:
    return f"Program {program} invoke [{depth}]"


def success(program: str) -> str:
    return f"Program {program} success"


def transaction(
    calls: list[dict[str, Any]],
    inner: dict[int, list[dict[str, Any]]] | None = None,
    logs: list[str] | None = None,
    **meta: Any,
) -> dict[str, Any]:
    """A transaction that succeeded, unless `meta` says otherwise."""
    return {
        "version": "legacy",
        "transaction": {
            "signatures": ["sig"],
            "message": {
                "header": {"numRequiredSignatures": 1},
                "accountKeys": KEYS,
                "recentBlockhash": "hash",
                "instructions": calls,
            },
        },
        "meta": {
            "err": None,
            "fee": 5000,
            "preBalances": [100_000] + [0] * (len(KEYS) - 1),
            "postBalances": [95_000] + [0] * (len(KEYS) - 1),
            "innerInstructions": [
                {"index": index, "instructions": instructions}
                for index, instructions in (inner or {}).items()
            ],
            "logMessages": logs or [],
            "preTokenBalances": [],
            "postTokenBalances": [],
            "loadedAddresses": {"writable": [], "readonly": []},
            "computeUnitsConsumed": 1,
            **meta,
        },
    }


def token_balance(index: int, amount: int, *, mint: str = MINT, owner: str = "owner") -> dict[str, Any]:
    return {"accountIndex": index, "mint": mint, "owner": owner, "uiTokenAmount": {"amount": str(amount)}}


def decoder(idl: bytes = IDL) -> BlockDecoder:
    registry = IdlRegistry()
    registry.add(Address(OURS), Slot(0), compile_idl(idl))
    watched = [
        Watched(Address(OURS), WatchKind.PROGRAM, Slot(0), None),
        Watched(Address(MINT), WatchKind.MINT, Slot(0), None),
        Watched(Address(PAYER), WatchKind.LAMPORTS, Slot(0), None),
    ]
    return BlockDecoder(registry, WatchHistory(watched))


def kept(written: dict[str, Any]) -> KeptTransaction:
    found = decoder().decode_one(Slot(7), 0, msgspec.json.encode(written))
    assert found is not None
    return found


def facts(written: dict[str, Any]) -> TransactionFacts:
    found = kept(written)
    assert found.facts is not None, found.unreadable
    return found.facts
