"""Event bytes to event facts by the layout of (program, slot); what does not fit is parked with its bytes."""

from __future__ import annotations

from gridtokenx_indexer.decode.event_bytes import EventBytes, FoundEvents
from gridtokenx_indexer.decode.facts import EventFact, ParkedFact, ParkReason
from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.idl.program import RefusedLayoutError, UnknownItemError
from gridtokenx_indexer.idl.readers import BytesError
from gridtokenx_indexer.idl.registry import IdlRegistry


def decode_events(
    found: FoundEvents, registry: IdlRegistry, slot: Slot, called: frozenset[Address]
) -> tuple[list[EventFact], list[ParkedFact]]:
    """`called`: the watched programs that the transaction called; only their events can be among
    the unattributed log lines."""
    events: list[EventFact] = []
    parked: list[ParkedFact] = []
    for event in found.events:
        fact = _decode(event, registry, slot)
        if isinstance(fact, EventFact):
            events.append(fact)
        else:
            parked.append(fact)
    for payload in found.unattributed:
        writer = _possible_writer(payload, registry, slot, called)
        if writer is not None:
            detail = "the log does not tell which call wrote this line"
            reason = ParkReason.UNATTRIBUTED_LOG
            parked.append(ParkedFact(writer, None, len(parked), reason, detail, payload))
    return events, parked


def _decode(event: EventBytes, registry: IdlRegistry, slot: Slot) -> EventFact | ParkedFact:
    layout = registry.layout_at(event.program, slot)
    if layout is None:
        return _parked(event, ParkReason.NO_LAYOUT, f"no IDL of {event.program} at slot {slot}")
    try:
        decoded = layout.events.decode(event.payload)
    except UnknownItemError as error:
        return _parked(event, ParkReason.UNKNOWN_EVENT, error.message)
    except RefusedLayoutError as error:
        return _parked(event, ParkReason.REFUSED_LAYOUT, error.message)
    except BytesError as error:
        return _parked(event, ParkReason.BAD_BYTES, error.message)
    return EventFact(event.program, event.emitter, event.ordinal, decoded.name, decoded.data, event.source)


def _parked(event: EventBytes, reason: ParkReason, detail: str) -> ParkedFact:
    return ParkedFact(event.program, event.emitter, event.ordinal, reason, detail, event.payload)


def _possible_writer(
    payload: bytes, registry: IdlRegistry, slot: Slot, called: frozenset[Address]
) -> Address | None:
    for program in sorted(called):
        layout = registry.layout_at(program, slot)
        if layout is None or any(payload.startswith(start) for start in layout.events.readers):
            return program
    return None
