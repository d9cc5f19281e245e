"""Events and blocks decoded per second on one core."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import msgspec
from anchorpy.coder.event import EventCoder
from anchorpy_core.idl import Idl

from gridtokenx_indexer.decode.block import BlockDecoder
from gridtokenx_indexer.decode.watch import Watched, WatchHistory, WatchKind
from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.idl.names import derived_discriminator
from gridtokenx_indexer.idl.program import compile_idl
from gridtokenx_indexer.idl.registry import IdlRegistry
from gridtokenx_indexer.source.wire import BlockWire
from tests.support.speed import best_seconds, report

FIXTURES = Path(__file__).parents[1] / "fixtures"
EVENTS = 20_000
LEGACY = json.dumps(
    {
        "version": "0.1.0",
        "name": "bench",
        "instructions": [],
        "events": [
            {
                "name": "EnergyMinted",
                "fields": [
                    {"name": "meter_id", "type": {"array": ["u8", 16]}, "index": False},
                    {"name": "window", "type": "u32", "index": False},
                    {"name": "amount", "type": "u64", "index": False},
                    {"name": "destination", "type": "publicKey", "index": False},
                ],
            }
        ],
    }
)
EVENT = derived_discriminator("event", "EnergyMinted") + bytes(range(60))


def test_events() -> None:
    events = compile_idl(LEGACY).events
    ours = best_seconds(lambda: [events.decode(EVENT) for _ in range(EVENTS)])
    oracle = EventCoder(Idl.from_json(LEGACY))
    theirs = best_seconds(lambda: [oracle.parse(EVENT) for _ in range(EVENTS // 10)]) * 10
    assert events.decode(EVENT).name == "EnergyMinted"
    report("events decoded", EVENTS / ours, "per s", against="anchorpy", ratio=theirs / ours)


def test_full_block() -> None:
    text = gzip.decompress((FIXTURES / "mainnet_block_254170887.json.gz").read_bytes())
    token = Address("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
    decoder = BlockDecoder(IdlRegistry(), WatchHistory([Watched(token, WatchKind.PROGRAM, Slot(0), None)]))

    def work() -> int:
        block = msgspec.json.decode(text, type=BlockWire)
        return len(decoder.decode_block(Slot(254170887), None, block.transactions).transactions)

    kept = work()
    assert kept > 0
    seconds = best_seconds(work)
    report(f"mainnet block, {kept} transactions kept", 1 / seconds, "blocks per s")
