"""The recorded answers of a real node, and the timeline in which they were given."""

from __future__ import annotations

import base64
import gzip
import re
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from gridtokenx_indexer.localnet.svm.wire import WireMessage, WireTransaction

FIXTURES = Path(__file__).parent.parent / "fixtures" / "agave"
PROGRAM_SO = FIXTURES / "program" / "program.so"
SKIPPED_SLOTS = frozenset({44, 45, 46, 47, 52, 53, 54, 55, 64, 65, 66, 67, 92, 93, 94, 95})
LATER_SLOTS = {
    "getBlock: skipped slot, confirmed, before finalization": 60,
    "sendTransaction: the same transaction again after it is confirmed": 81,
    "getTransaction: v0 with a lookup table that was confirmed but not finalized when sent": 105,
    "getSignatureStatuses: older than the status cache": 452,
}
"""Cases whose answer shows a newer chain without naming its slot."""
NEVER_VALID = ("unknown blockhash", "expired", "not finalized", "older than", "replaceRecentBlockhash")
"""Words of the cases whose blockhash the real node did not take."""
VERSION_1_SIGNATURE = (
    "QNDTfdNBMPm7igsK94R9HGnHRFAireoHRTjFbP3HYMs5EVW49FjeUjmTxJvk4j8T1Vr5emK1TrhqWUjMw5tk1hE"
)
STAND_IN_SIGNATURE = "CTq2t1eMwdhkLbtPwjDxsuoLznAuUwijVptLhifFhboTthmjy21sHtBaRJgTs9XwRYKKbFVgUrhyg3EPzJSjyrK"
VERSION_1_SLOT, STAND_IN_SLOT = 41, 40
"""The recording often asks for its version 1 transaction and its block; the neighbours stand in for them."""
TAKING_TRANSACTIONS = frozenset({"sendTransaction", "simulateTransaction"})
_REPEATED = re.compile(r"(\d+) x (\S+)")


class Case(msgspec.Struct):
    case: str
    request: Any
    status: int
    response: Any
    http: str | None = None
    headers: dict[str, str] | None = None
    response_headers: dict[str, str] | None = None
    note: str | None = None
    trimmed: str | None = None
    content_type: str | None = None


class Step(msgspec.Struct):
    """A case with the newest slot the real node had when it was asked."""

    case: Case
    tip_slot: int


@cache
def load(name: str) -> Any:
    return msgspec.json.decode(gzip.decompress((FIXTURES / f"{name}.json.gz").read_bytes()))


@cache
def http_cases() -> list[Case]:
    cases = msgspec.convert(load("http"), list[Case])
    for case in cases:
        case.request = _as_sent(case)
    return cases


def _as_sent(case: Case) -> Any:
    """Written-out repetitions, and the stand-ins of version 1 outside the cases about it."""
    request = case.request
    if not isinstance(request, dict) or not isinstance(request.get("params"), list):
        return request
    params = [_expanded(each) for each in request["params"]]
    if not re.search(r"\bv1\b", case.case):
        params = [_stand_in(request["method"], each) for each in params]
        case.response = _stand_in_text(case.response)
    return {**request, "params": params}


def _stand_in_text(response: Any) -> Any:
    """The same answer where its error message names what has a stand-in."""
    if isinstance(response, dict) and "error" in response:
        message = response["error"]["message"]
        message = message.replace(VERSION_1_SIGNATURE, STAND_IN_SIGNATURE)
        message = message.replace(
            f"not available for slot {VERSION_1_SLOT}", f"not available for slot {STAND_IN_SLOT}"
        )
        return {**response, "error": {**response["error"], "message": message}}
    return response


def _expanded(value: Any) -> Any:
    found = _REPEATED.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    count, text = int(found[1]), found[2]
    return text * count if len(text) == 1 else [text] * count


def _stand_in(method: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_stand_in(method, each) for each in value]
    if isinstance(value, dict):
        return {name: _stand_in("", each) for name, each in value.items()}
    if value == VERSION_1_SIGNATURE:
        return STAND_IN_SIGNATURE
    return STAND_IN_SLOT if method == "getBlock" and value == VERSION_1_SLOT else value


def landing_slots() -> dict[str, int]:
    return {each["signature"]: each["slot"] for each in load("blocks")["transactions"]}


def block_positions() -> dict[str, tuple[int, int]]:
    """Slot and index of the payer's transactions."""
    (listed,) = (
        each for each in http_cases() if each.case == "getSignaturesForAddress: payer, all, confirmed"
    )
    return {each["signature"]: (each["slot"], each["transactionIndex"]) for each in listed.response["result"]}


def sent_transaction(case: Case) -> WireTransaction | None:
    """The transaction of a send or simulate case, when its bytes are one this node can read."""
    request = case.request
    if not isinstance(request, dict) or request.get("method") not in (
        "sendTransaction",
        "simulateTransaction",
    ):
        return None
    params = request.get("params") or []
    if len(params) < 2 or not isinstance(params[1], dict) or params[1].get("encoding") != "base64":
        return None
    try:
        wire = WireTransaction(base64.b64decode(params[0], validate=True))
    except ValueError:
        return None
    return wire if wire.message.is_supported and wire.signatures else None


def named_blockhash(case: Case) -> str | None:
    """The blockhash in the transaction or message of a case."""
    wire = sent_transaction(case)
    if wire is not None:
        return wire.message.blockhash
    request = case.request
    if isinstance(request, dict) and request.get("method") == "getFeeForMessage" and request.get("params"):
        try:
            message = WireMessage(base64.b64decode(request["params"][0], validate=True))
        except ValueError:
            return None
        return message.blockhash if message.is_supported else None
    return None


def recorded_genesis_blockhash() -> str:
    (genesis,) = (each for each in http_cases() if each.case == "getBlock: first seconds, slot 0, finalized")
    return str(genesis.response["result"]["blockhash"])


def context_slot(case: Case) -> int | None:
    """The newest slot an answer tells, when it was asked at processed or confirmed."""
    request, response = case.request, case.response
    if not isinstance(request, dict) or not isinstance(response, dict):
        return None
    params = request.get("params")
    config = params[-1] if isinstance(params, list) and params and isinstance(params[-1], dict) else {}
    if config.get("commitment") not in ("processed", "confirmed"):
        return None
    result = response.get("result")
    if isinstance(result, dict) and isinstance(result.get("context"), dict):
        return int(result["context"]["slot"])
    return result if request.get("method") == "getSlot" and isinstance(result, int) else None


def timeline() -> list[Step]:
    landing = landing_slots()
    steps: list[Step] = []
    tip = 0
    for case in http_cases():
        known = context_slot(case)
        wire = sent_transaction(case)
        if wire is not None and case.request["method"] == "sendTransaction":
            slot = landing.get(wire.signature)
            known = slot - 1 if slot is not None and slot < 90 else known
        tip = max(tip, known or 0, LATER_SLOTS.get(case.case, 0))
        steps.append(Step(case, tip))
    return steps
