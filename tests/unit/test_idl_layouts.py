"""What the IDL compiler reads, and what it refuses by name."""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import pytest

from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.idl.check import check_idl
from gridtokenx_indexer.idl.names import snake_case
from gridtokenx_indexer.idl.nodes import Generation, IdlError
from gridtokenx_indexer.idl.program import RefusedLayoutError, UnknownItemError, compile_idl
from gridtokenx_indexer.idl.readers import BytesError
from gridtokenx_indexer.idl.registry import IdlRegistry
from gridtokenx_indexer.resources import resource

TAG = [1, 2, 3, 4, 5, 6, 7, 8]
START = bytes(TAG)


def idl(fields: list[Any], *types: dict[str, Any], **struct: Any) -> str:
    """One event with these fields, in the 0.1.0 format."""
    event = {"name": "Happened", "type": {"kind": "struct", "fields": fields}, **struct}
    return json.dumps(
        {
            "address": "11111111111111111111111111111111",
            "metadata": {"name": "sample", "version": "0.1.0", "spec": "0.1.0"},
            "instructions": [],
            "events": [{"name": "Happened", "discriminator": TAG}],
            "types": [event, *types],
        }
    )


def defined(name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": body}


def legacy_form(text: str) -> str:
    path = resource("programs/gridtokenx/legacy_idl.py")
    spec = importlib.util.spec_from_file_location("legacy_form", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return json.dumps(module.legacy_idl(json.loads(text)))


def test_both_generations_of_the_program_are_read_alike() -> None:
    text = resource("programs/gridtokenx/idl.json").read_text()
    current, legacy = check_idl(text), check_idl(legacy_form(text))
    assert (current.generation, legacy.generation) == (Generation.SPEC_0_1_0, Generation.LEGACY)
    assert current.problems == legacy.problems == ()
    assert current.items == legacy.items
    assert current.address == legacy.address
    names = {item.name for item in current.items if item.kind == "event"}
    assert {"EnergyMinted", "TradesSettled", "SettlementOpened", "LedgerClosed"} <= names


@pytest.mark.parametrize(
    ("fields", "types", "construct"),
    [
        ([{"name": "a", "type": {"hashMap": ["u8", "u8"]}}], [], "hashMap"),
        ([{"name": "a", "type": {"coption": "u8"}}], [], "coption"),
        ([{"name": "a", "type": "u512"}], [], "u512"),
        ([{"name": "a", "type": {"array": ["u8", {"generic": "N"}]}}], [], "array"),
        ([{"name": "a", "type": {"defined": {"name": "Gone"}}}], [], "undefined type Gone"),
        (
            [{"name": "a", "type": {"defined": {"name": "Box", "generics": [{"kind": "type"}]}}}],
            [],
            "generic Box",
        ),
        (
            [{"name": "a", "type": {"defined": {"name": "Tree"}}}],
            [
                defined(
                    "Tree",
                    {
                        "kind": "struct",
                        "fields": [{"name": "kids", "type": {"vec": {"defined": {"name": "Tree"}}}}],
                    },
                )
            ],
            "recursive type Tree",
        ),
        (
            [{"name": "a", "type": {"vec": {"defined": {"name": "Nothing"}}}}],
            [defined("Nothing", {"kind": "struct", "fields": []})],
            "vec of items without bytes",
        ),
        (
            [{"name": "a", "type": {"defined": {"name": "Odd"}}}],
            [defined("Odd", {"kind": "union", "fields": []})],
            "kind union",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_unknown_construct_is_refused_by_name(
    fields: list[Any], types: list[dict[str, Any]], construct: str
) -> None:
    text = idl(fields, *types)
    layout = compile_idl(text)
    with pytest.raises(RefusedLayoutError, match=construct):
        layout.events.decode(START + bytes(8))
    (problem,) = check_idl(text).problems
    assert "Happened" in problem
    assert construct in problem


def test_what_cannot_be_read_does_not_take_its_neighbours_with_it() -> None:
    document = json.loads(idl([{"name": "a", "type": {"hashMap": ["u8", "u8"]}}]))
    document["events"].append({"name": "Fine", "discriminator": [9] * 8})
    document["types"].append(defined("Fine", {"kind": "struct", "fields": [{"name": "n", "type": "u8"}]}))
    decoded = compile_idl(json.dumps(document)).events.decode(bytes([9] * 8) + b"\x07")
    assert (decoded.name, decoded.data) == ("Fine", {"n": 7})


@pytest.mark.parametrize("other", [TAG, TAG[:4]])
def test_items_that_share_a_discriminator_are_refused(other: list[int]) -> None:
    document = json.loads(idl([]))
    document["events"].append({"name": "Second", "discriminator": other})
    with pytest.raises(IdlError, match="events Happened and Second share the discriminator"):
        compile_idl(json.dumps(document))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "not a JSON object"),
        ("{", "not a JSON object"),
        ('{"metadata": {"spec": "0.2.0"}}', "spec '0.2.0' is not known"),
        ("{}", "lacks or misshapes"),
        ('{"name": "x", "events": [{}]}', "lacks or misshapes"),
    ],
)
def test_text_that_is_no_idl_is_refused(text: str, message: str) -> None:
    with pytest.raises(IdlError, match=message):
        compile_idl(text)


BYTEMUCK = {"serialization": "bytemuck", "repr": {"kind": "c"}}


def test_bytemuck_without_padding_reads_as_it_lies() -> None:
    fields = [{"name": "big", "type": "u64"}, {"name": "a", "type": "u32"}, {"name": "b", "type": "i32"}]
    data = START + (5).to_bytes(8, "little") + (6).to_bytes(4, "little") + b"\xff\xff\xff\xff"
    decoded = compile_idl(idl(fields, **BYTEMUCK)).events.decode(data)
    assert decoded.data == {"big": "5", "a": 6, "b": -1}


@pytest.mark.parametrize(
    ("fields", "struct", "problem"),
    [
        (["u8", "u64"], BYTEMUCK, "bytemuck with padding"),
        (["u64", "u8"], BYTEMUCK, "bytemuck with padding at its end"),
        (["string"], BYTEMUCK, "a bytemuck field of varying size"),
        (["u8"], {"serialization": "bytemuck", "repr": {"kind": "rust"}}, "repr rust"),
        (["u8"], {"serialization": "bytemuck", "repr": {"kind": "c", "align": 8}}, "align"),
        (["u8"], {"serialization": {"custom": "zip"}}, "serialization"),
    ],
    ids=["inner padding", "tail padding", "varying", "repr(Rust)", "align", "custom"],
)
def test_bytemuck_that_is_not_packed_is_refused(
    fields: list[str], struct: dict[str, Any], problem: str
) -> None:
    named = [{"name": f"f{number}", "type": kind} for number, kind in enumerate(fields)]
    with pytest.raises(RefusedLayoutError, match=problem.replace("(", r"\(")):
        compile_idl(idl(named, **struct)).events.decode(START)


def test_packed_bytemuck_has_no_padding() -> None:
    packed = {"serialization": "bytemuck", "repr": {"kind": "c", "packed": True}}
    fields = [{"name": "a", "type": "u8"}, {"name": "b", "type": "u64"}]
    decoded = compile_idl(idl(fields, **packed)).events.decode(START + b"\x01" + (2).to_bytes(8, "little"))
    assert decoded.data == {"a": 1, "b": "2"}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("bool", b"\x02"),
        ({"option": "u8"}, b"\x02\x01"),
        ("string", b"\x02\x00\x00\x00\xff\xff"),
        ("string", b"\x01\x00\x00\x00\x00"),
        ({"vec": "u64"}, b"\xff\xff\xff\xff" + bytes(64)),
        ("bytes", b"\xff\xff\xff\x7f"),
    ],
    ids=["bool 2", "option 2", "not UTF-8", "zero byte", "hostile length", "hostile bytes"],
)
def test_bytes_that_no_writer_wrote_are_refused(kind: Any, data: bytes) -> None:
    with pytest.raises(BytesError):
        compile_idl(idl([{"name": "a", "type": kind}])).events.decode(START + data)


def test_unknown_bytes_are_told_apart_from_bad_ones() -> None:
    layout = compile_idl(idl([]))
    with pytest.raises(UnknownItemError):
        layout.events.decode(b"\xaa" * 8)
    with pytest.raises(BytesError, match="1 bytes left over"):
        layout.events.decode(START + b"\x00")
    assert layout.events.decode(START + b"\x00", exact=False).data == {}


def test_a_layout_holds_from_its_slot_until_the_next() -> None:
    first, second = compile_idl(idl([])), compile_idl(idl([{"name": "a", "type": "u8"}]))
    registry = IdlRegistry()
    program = Address("p")
    registry.add(program, Slot(20), second)
    registry.add(program, Slot(5), first)
    assert registry.layout_at(program, Slot(4)) is None
    assert registry.layout_at(program, Slot(5)) is first
    assert registry.layout_at(program, Slot(19)) is first
    assert registry.layout_at(program, Slot(20)) is second
    assert registry.layout_at(Address("q"), Slot(20)) is None
    registry.add(program, Slot(20), first)
    assert registry.layout_at(program, Slot(20)) is first


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("mintEnergy", "mint_energy"),
        ("MintEnergy", "mint_energy"),
        ("mint_energy", "mint_energy"),
        ("openERCBatch", "open_erc_batch"),
        ("v2Mint", "v2_mint"),
    ],
)
def test_names_become_snake_case(written: str, expected: str) -> None:
    assert snake_case(written) == expected
