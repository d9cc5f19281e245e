"""Our readers against anchorpy and a naive encoder, on random values of every type that both know."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from anchorpy.coder.event import EventCoder
from anchorpy_core.idl import Idl
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtokenx_indexer.idl.names import derived_discriminator
from gridtokenx_indexer.idl.program import compile_idl
from gridtokenx_indexer.idl.readers import BytesError
from tests.support.idl_values import encode_fields, fields_from_anchorpy, fields_values

PRIMITIVES = ["bool", "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "u128", "i128"]
TYPES: dict[str, Any] = {
    "Inner": {
        "kind": "struct",
        "fields": [{"name": "small", "type": "u16"}, {"name": "note", "type": {"option": "string"}}],
    },
    "Outcome": {
        "kind": "enum",
        "variants": [
            {"name": "Done"},
            {
                "name": "Failed",
                "fields": [{"name": "code", "type": "u32"}, {"name": "why", "type": "string"}],
            },
            {"name": "Moved", "fields": ["u64", {"defined": "Inner"}]},
        ],
    },
}
FIELDS: list[Any] = [
    *({"name": f"a_{kind}", "type": kind} for kind in PRIMITIVES),
    {"name": "text", "type": "string"},
    {"name": "raw", "type": "bytes"},
    {"name": "who", "type": "publicKey"},
    {"name": "hash", "type": {"array": ["u8", 8]}},
    {"name": "three", "type": {"array": ["u16", 3]}},
    {"name": "many", "type": {"vec": "u64"}},
    {"name": "maybe", "type": {"option": "i64"}},
    {"name": "inner", "type": {"defined": "Inner"}},
    {"name": "inners", "type": {"vec": {"defined": "Inner"}}},
    {"name": "outcome", "type": {"defined": "Outcome"}},
    {"name": "outcomes", "type": {"vec": {"defined": "Outcome"}}},
    {"name": "deep", "type": {"option": {"vec": {"option": "bool"}}}},
]
LEGACY = json.dumps(
    {
        "version": "0.1.0",
        "name": "sample",
        "instructions": [],
        "events": [{"name": "Everything", "fields": [{**field, "index": False} for field in FIELDS]}],
        "types": [{"name": name, "type": body} for name, body in TYPES.items()],
    }
)
LAYOUT = compile_idl(LEGACY)
with warnings.catch_warnings():
    # anchorpy's own libraries call attrs in a way that attrs has deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    CODER = EventCoder(Idl.from_json(LEGACY))
START = derived_discriminator("event", "Everything")


@settings(max_examples=100, deadline=None)
@given(value=fields_values(FIELDS, TYPES))
def test_we_read_what_borsh_wrote_and_anchorpy_reads_the_same(value: dict[str, Any]) -> None:
    data = START + encode_fields(FIELDS, value, TYPES)
    ours = LAYOUT.events.decode(data)
    assert ours.name == "Everything"
    assert ours.data == value
    theirs = CODER.parse(data)
    assert fields_from_anchorpy(FIELDS, theirs.data, TYPES) == ours.data


@settings(max_examples=100, deadline=None)
@given(value=fields_values(FIELDS, TYPES), data=st.data())
def test_cut_or_lengthened_bytes_are_never_read(value: dict[str, Any], data: st.DataObject) -> None:
    whole = START + encode_fields(FIELDS, value, TYPES)
    cut = data.draw(st.integers(len(START), len(whole) - 1))
    extra = data.draw(st.binary(min_size=1, max_size=4))
    for wrong in (whole[:cut], whole + extra):
        with pytest.raises(BytesError):
            LAYOUT.events.decode(wrong)
