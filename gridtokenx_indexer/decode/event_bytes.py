"""Finds the event bytes of watched programs: self-CPI calls and `Program data:` lines, twins counted once."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import based58

from gridtokenx_indexer.decode.attribution import match_invocations
from gridtokenx_indexer.decode.calls import Call
from gridtokenx_indexer.decode.facts import EventSource, InstructionPath
from gridtokenx_indexer.decode.logs import LogWalk
from gridtokenx_indexer.domain.ids import Address

EVENT_TAG = bytes.fromhex("e445a52e51cb9a1d")
"""What Anchor's self-CPI event instructions start with."""


@dataclass(frozen=True, slots=True)
class EventBytes:
    """Discriminator and body of one event. `emitter` is the call that emitted it."""

    program: Address
    emitter: InstructionPath
    ordinal: int
    source: EventSource
    payload: bytes


@dataclass(frozen=True, slots=True)
class FoundEvents:
    events: tuple[EventBytes, ...]
    forged: int
    unattributed: tuple[bytes, ...]
    """Payloads of log lines whose writer cannot be known and that no self-CPI event repeats."""


def find_events(calls: Sequence[Call], walk: LogWalk, programs: frozenset[Address]) -> FoundEvents:
    """Ordinals count self-CPI events first, so that a cut log never shifts them."""
    from_cpi, forged = _cpi_payloads(calls, programs)
    from_logs, unattributed = _log_payloads(calls, walk, programs)
    events: list[EventBytes] = []
    for caller in sorted({*from_cpi, *from_logs}):
        call = calls[caller]
        twins = list(from_logs.get(caller, ()))
        for payload in from_cpi.get(caller, ()):
            source = EventSource.CPI
            if payload in twins:
                twins.remove(payload)
                source = EventSource.BOTH
            elif payload in unattributed:
                unattributed.remove(payload)
                source = EventSource.BOTH
            events.append(_event(call, events, source, payload))
        for payload in twins:
            events.append(_event(call, events, EventSource.LOG, payload))
    return FoundEvents(tuple(events), forged, tuple(unattributed))


def _event(call: Call, earlier: list[EventBytes], source: EventSource, payload: bytes) -> EventBytes:
    same_call = bool(earlier) and earlier[-1].emitter == call.path
    ordinal = earlier[-1].ordinal + 1 if same_call else 0
    return EventBytes(call.program, call.path, ordinal, source, payload)


def _cpi_payloads(calls: Sequence[Call], programs: frozenset[Address]) -> tuple[dict[int, list[bytes]], int]:
    """By the index of the calling call. Only a call that a program made to itself can be its event."""
    found: dict[int, list[bytes]] = defaultdict(list)
    forged = 0
    for call in calls:
        if call.program not in programs:
            continue
        data = base58_bytes(call.data)
        if not data.startswith(EVENT_TAG):
            continue
        if call.caller is not None and calls[call.caller].program == call.program:
            found[call.caller].append(data[len(EVENT_TAG) :])
        else:
            forged += 1
    return found, forged


def _log_payloads(
    calls: Sequence[Call], walk: LogWalk, programs: frozenset[Address]
) -> tuple[dict[int, list[bytes]], list[bytes]]:
    found: dict[int, list[bytes]] = defaultdict(list)
    unattributed: list[bytes] = []
    matched = match_invocations(walk.invocations, calls) if walk.data else []
    for line in walk.data:
        writer = None if line.invocation is None else walk.invocations[line.invocation].program
        if writer is not None and writer not in programs:
            continue
        payload = _log_bytes(line.text)
        if payload is None:
            continue
        caller = None if line.invocation is None else matched[line.invocation]
        if caller is None:
            unattributed.append(payload)
        else:
            found[caller].append(payload)
    return found, unattributed


def base58_bytes(text: str) -> bytes:
    """Instruction data; the node encoded it, so text that is not base58 is a fault of the node."""
    return based58.b58decode(text.encode()) if text else b""


def _log_bytes(text: str) -> bytes | None:
    """None for what no event macro writes: several chunks, or a line cut short."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
