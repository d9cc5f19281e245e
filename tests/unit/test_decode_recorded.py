"""Recorded blocks: a full mainnet block, and the blocks of a real node with v1 transactions and cut logs."""

from __future__ import annotations

import base64
import gzip
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from gridtokenx_indexer.decode.block import BlockDecoder
from gridtokenx_indexer.decode.facts import BlockFacts, EventSource, TransactionFacts
from gridtokenx_indexer.decode.watch import Watched, WatchHistory, WatchKind
from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.idl.names import derived_discriminator
from gridtokenx_indexer.idl.program import compile_idl
from gridtokenx_indexer.idl.registry import IdlRegistry
from gridtokenx_indexer.source.chain import ChainWindow, Extend
from gridtokenx_indexer.source.fetch import link_of
from gridtokenx_indexer.source.wire import BlockWire

FIXTURES = Path(__file__).parents[1] / "fixtures"
JUPITER = Address("JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4")
USDC = Address("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v")


def idl(event: str, fields: dict[str, str], discriminator: bytes | None = None) -> bytes:
    start = discriminator or derived_discriminator("event", event)
    named = [{"name": name, "type": kind} for name, kind in fields.items()]
    return msgspec.json.encode(
        {
            "metadata": {"name": "recorded", "spec": "0.1.0"},
            "events": [{"name": event, "discriminator": list(start)}],
            "types": [{"name": event, "type": {"kind": "struct", "fields": named}}],
        }
    )


def decoder(program: Address, text: bytes, *mints: Address) -> BlockDecoder:
    registry = IdlRegistry()
    registry.add(program, Slot(0), compile_idl(text))
    watched = [Watched(program, WatchKind.PROGRAM, Slot(0), None)]
    watched += [Watched(mint, WatchKind.MINT, Slot(0), None) for mint in mints]
    return BlockDecoder(registry, WatchHistory(watched))


@cache
def mainnet_block() -> BlockWire:
    text = gzip.decompress((FIXTURES / "mainnet_block_254170887.json.gz").read_bytes())
    return msgspec.json.decode(text, type=BlockWire)


@cache
def swaps() -> BlockFacts:
    fields = {
        "amm": "pubkey",
        "input_mint": "pubkey",
        "input_amount": "u64",
        "output_mint": "pubkey",
        "output_amount": "u64",
    }
    jupiter = decoder(JUPITER, idl("SwapEvent", fields), USDC)
    block = mainnet_block()
    return jupiter.decode_block(Slot(254_170_887), block.block_time, block.transactions)


def readable(block: BlockFacts) -> list[TransactionFacts]:
    facts = [kept.facts for kept in block.transactions]
    assert None not in facts
    return [found for found in facts if found is not None]


def test_every_transaction_of_a_mainnet_block_is_readable() -> None:
    block = mainnet_block()
    assert len(block.transactions) == 602
    failed = 0
    for program in (
        "ComputeBudget111111111111111111111111111111",
        "Vote111111111111111111111111111111111111111",
    ):
        watching = decoder(Address(program), idl("None", {}))
        facts = readable(watching.decode_block(Slot(254_170_887), block.block_time, block.transactions))
        assert len(facts) > 100
        failed += sum(found.failed for found in facts)
    assert failed > 200


def test_self_cpi_events_of_a_mainnet_block() -> None:
    facts = readable(swaps())
    events = [event for found in facts for event in found.events]
    assert len(events) == 36
    assert {(event.name, event.source) for event in events} == {("SwapEvent", EventSource.CPI)}
    assert all(int(event.data["input_amount"]) > 0 for event in events)  # type: ignore[index]
    assert not [item for found in facts for item in found.parked if item.program == JUPITER]
    assert not any(found.events for found in facts if found.failed)


def test_balances_of_a_mainnet_mint_are_explained_by_its_instructions() -> None:
    facts = readable(swaps())
    changes = [change for found in facts for change in found.balances]
    assert len(changes) == 44
    assert {change.mint for change in changes} == {USDC}
    assert [item.detail for found in facts for item in found.parked] == []


def test_both_truncated_logs_of_the_mainnet_block_are_marked() -> None:
    block = mainnet_block()
    truncated = [bytes(raw) for raw in block.transactions if b'"Log truncated"' in bytes(raw)]
    assert len(truncated) == 2
    for raw in truncated:
        payer = msgspec.json.decode(raw)["transaction"]["message"]["accountKeys"][0]
        kept = decoder(Address(payer), idl("None", {})).decode_one(Slot(1), 0, raw)
        assert kept is not None
        assert kept.facts is not None
        assert kept.facts.log_truncated


@cache
def node_blocks() -> dict[str, Any]:
    recorded: dict[str, Any] = msgspec.json.decode(
        gzip.decompress((FIXTURES / "agave" / "blocks.json.gz").read_bytes())
    )
    return recorded


def node_answers() -> list[tuple[Slot, BlockWire]]:
    return [
        (
            Slot(answer["slot"]),
            msgspec.json.decode(msgspec.json.encode(answer["response"]["result"]), type=BlockWire),
        )
        for answer in node_blocks()["getBlock"]
        if "result" in answer["response"]
    ]


@cache
def notes() -> dict[Slot, BlockFacts]:
    """The example program of the recording logs its event: who, an amount, the slot."""
    keys = node_blocks()["keys"]
    start = base64.b64decode("lqqmqojl3GY=")
    text = idl("Noted", {"who": "pubkey", "amount": "u64", "slot": "u64"}, start)
    program = decoder(Address(keys["program"]), text, Address(keys["mint_pda"]), Address(keys["mint_token"]))
    return {
        slot: program.decode_block(slot, block.block_time, block.transactions)
        for slot, block in node_answers()
    }


def test_log_events_of_the_real_node_name_the_slot_they_stand_in() -> None:
    events = [
        (slot, event)
        for slot, block in notes().items()
        for found in readable(block)
        for event in found.events
    ]
    assert len(events) >= 8
    for slot, event in events:
        assert event.data["slot"] == str(slot)  # type: ignore[index]
        assert event.source is EventSource.LOG


def test_transactions_of_every_version_are_read() -> None:
    versions = Counter(found.version for block in notes().values() for found in readable(block))
    assert {None, 0, 1} <= set(versions)


def test_a_failed_transaction_keeps_its_logged_event_out() -> None:
    failed = [found for block in notes().values() for found in readable(block) if found.failed]
    assert failed
    assert not any(found.events or found.supply for found in failed)
    assert {"InstructionError": [0, {"Custom": 6007}]} in [found.error for found in failed]


def test_token_changes_of_the_real_node_are_explained() -> None:
    facts = [found for block in notes().values() for found in readable(block)]
    assert [item.detail for found in facts for item in found.parked] == []
    assert any(found.supply for found in facts)


def test_the_recorded_blocks_are_linked_and_prove_their_skipped_slots() -> None:
    (first, *rest) = [link_of(slot, block) for slot, block in node_answers()]
    window = ChainWindow([first])
    skipped: list[int] = []
    for link in rest:
        decision = window.offer_confirmed(link)
        assert isinstance(decision, Extend)
        skipped += decision.skipped
        window.extend(link)
    assert skipped == node_blocks()["skipped"]
