#!/usr/bin/env python3
"""The IDL in the form that Anchor had before spec 0.1.0, for clients that read no other.

Usage: legacy_idl.py [idl.json] > legacy.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

IDL = Path(__file__).with_name("idl.json")


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def legacy_type(kind: Any) -> Any:
    """`pubkey` was `publicKey`, and `defined` held the bare name."""
    if kind == "pubkey":
        return "publicKey"
    if not isinstance(kind, dict):
        return kind
    (form, value), *_ = kind.items()
    if form == "defined":
        return {"defined": value["name"]}
    if form == "array":
        return {"array": [legacy_type(value[0]), value[1]]}
    return {form: legacy_type(value)}


def legacy_field(field: dict[str, Any]) -> dict[str, Any]:
    return {"name": camel(field["name"]), "type": legacy_type(field["type"])}


def legacy_account(account: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": camel(account["name"]),
        "isMut": account.get("writable", False),
        "isSigner": account.get("signer", False),
    }


def legacy_variant(variant: dict[str, Any]) -> dict[str, Any]:
    if "fields" not in variant:
        return {"name": variant["name"]}
    return {"name": variant["name"], "fields": [legacy_field(field) for field in variant["fields"]]}


def legacy_definition(definition: dict[str, Any]) -> dict[str, Any]:
    kind = definition["type"]
    if kind["kind"] == "struct":
        body = {"kind": "struct", "fields": [legacy_field(field) for field in kind["fields"]]}
    else:
        body = {"kind": "enum", "variants": [legacy_variant(variant) for variant in kind["variants"]]}
    return {"name": definition["name"], "type": body}


def legacy_event(definition: dict[str, Any]) -> dict[str, Any]:
    fields = [{**legacy_field(field), "index": False} for field in definition["type"]["fields"]]
    return {"name": definition["name"], "fields": fields}


def legacy_idl(idl: dict[str, Any]) -> dict[str, Any]:
    """The same program in the old form; discriminators are left out, they follow from the names there."""
    types = {definition["name"]: definition for definition in idl["types"]}
    accounts = [entry["name"] for entry in idl["accounts"]]
    events = [entry["name"] for entry in idl["events"]]
    named = {*accounts, *events}
    return {
        "version": idl["metadata"]["version"],
        "name": idl["metadata"]["name"],
        "instructions": [
            {
                "name": camel(instruction["name"]),
                "accounts": [legacy_account(account) for account in instruction["accounts"]],
                "args": [legacy_field(argument) for argument in instruction["args"]],
            }
            for instruction in idl["instructions"]
        ],
        "accounts": [legacy_definition(types[name]) for name in accounts],
        "types": [legacy_definition(types[name]) for name in types if name not in named],
        "events": [legacy_event(types[name]) for name in events],
        "errors": idl["errors"],
        "metadata": {"address": idl["address"]},
    }


if __name__ == "__main__":
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else IDL
    json.dump(legacy_idl(json.loads(source.read_text())), sys.stdout, indent=2)
    sys.stdout.write("\n")
