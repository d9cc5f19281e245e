"""Whatever a node answers, the decoder yields facts, a parked item, nothing, or asks for another answer."""

from __future__ import annotations

import copy
import gzip
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtokenx_indexer.decode.block import BlockDecoder
from gridtokenx_indexer.decode.facts import BlockFacts
from gridtokenx_indexer.decode.transaction import IncompleteBlockError
from gridtokenx_indexer.decode.watch import Watched, WatchHistory, WatchKind
from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.idl.registry import IdlRegistry
from gridtokenx_indexer.store import chain_batch
from tests.support.transactions import (
    KEYS,
    OURS,
    call,
    counted,
    cpi_event,
    data_line,
    invoke,
    success,
    transaction,
)
from tests.support.transactions import decoder as our_decoder

BLOCKS = Path(__file__).parents[1] / "fixtures" / "agave" / "blocks.json.gz"
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 300),
    st.just(2**64),
    st.text(max_size=5),
    st.lists(st.integers(0, 3), max_size=2),
    st.just({}),
)
COLUMNS = (
    chain_batch.raw_columns,
    chain_batch.transaction_columns,
    chain_batch.event_columns,
    chain_batch.balance_columns,
    chain_batch.supply_columns,
    chain_batch.parked_columns,
)


@cache
def recorded() -> tuple[list[dict[str, Any]], BlockDecoder]:
    """Transactions of a real node, and a decoder that watches everything in them."""
    document = msgspec.json.decode(gzip.decompress(BLOCKS.read_bytes()))
    transactions = [
        each
        for answer in document["getBlock"]
        for each in answer["response"].get("result", {"transactions": []})["transactions"]
        if len(each["transaction"]["message"]["instructions"]) > 1 or each["meta"]["innerInstructions"]
    ]
    keys = document["keys"]
    watched = [Watched(Address(keys["program"]), WatchKind.PROGRAM, Slot(0), None)]
    watched += [
        Watched(Address(keys[mint]), WatchKind.MINT, Slot(0), None) for mint in ("mint_token", "mint_pda")
    ]
    watched += [Watched(Address(keys["payer"]), WatchKind.LAMPORTS, Slot(0), None)]
    return transactions, BlockDecoder(IdlRegistry(), WatchHistory(watched))


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        inner = [path for name, part in value.items() for path in paths(part, (*at, name))]
    elif isinstance(value, list):
        inner = [path for index, part in enumerate(value) for path in paths(part, (*at, index))]
    return [*inner, *([at] if at else [])]


def damaged(data: st.DataObject, whole: dict[str, Any]) -> dict[str, Any]:
    """One to three members replaced by junk, or taken out."""
    found = copy.deepcopy(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(paths(found)))
        holder = found
        for step in path:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[last] = data.draw(JUNK)
        else:
            del holder[last]
    return found


def decode(decoder: BlockDecoder, written: dict[str, Any]) -> None:
    try:
        kept = decoder.decode_one(Slot(5), 0, msgspec.json.encode(written))
    except IncompleteBlockError:
        return
    if kept is not None:
        assert (kept.facts is None) == (kept.unreadable is not None)
        for columns in COLUMNS:
            for column in columns([BlockFacts(Slot(5), None, (kept,))]):
                assert all(-(2**63) <= value < 2**64 for value in column if isinstance(value, int))
        for change in kept.facts.balances if kept.facts else ():
            assert change.before >= 0
            assert change.after >= 0


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_transactions_of_a_real_node(data: st.DataObject) -> None:
    transactions, decoder = recorded()
    decode(decoder, damaged(data, data.draw(st.sampled_from(transactions))))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_events(data: st.DataObject) -> None:
    logs = [invoke(OURS, 1), data_line(counted(5)), invoke(OURS, 2), success(OURS), success(OURS)]
    inner = {0: [cpi_event(counted(5)), call(OURS, b"\x01", height=2), cpi_event(counted(6), height=3)]}
    decode(our_decoder(), damaged(data, transaction([call(OURS)], inner, logs)))


LINES = st.sampled_from(
    [
        *(invoke(key, depth) for key in KEYS[1:4] for depth in (1, 2, 3)),
        *(success(key) for key in KEYS[1:4]),
        f"Program {OURS} failed: custom program error: 0x1",
        "Program log: anything",
        "Program data: ",
        "Program data: !!",
        "Program data: AQ== AQ==",
        data_line(counted(1)),
        "Log truncated",
        "Program",
        "",
    ]
)


@settings(max_examples=100, deadline=None)
@given(lines=st.lists(LINES, max_size=12))
def test_log_lines_in_any_order(lines: list[str]) -> None:
    calls = [call(OURS), call(KEYS[2])]
    decode(our_decoder(), transaction(calls, {0: [call(KEYS[3], height=2)]}, lines))
