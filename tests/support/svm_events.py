"""anchorpy as an independent decoder of the program's events and accounts, over the legacy IDL."""

from __future__ import annotations

import importlib.util
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any

from anchorpy.coder.accounts import AccountsCoder
from anchorpy.coder.event import EventCoder
from anchorpy_core.idl import Idl
from solders.pubkey import Pubkey

from gridtokenx_indexer.resources import resource
from tests.support.svm import idl


@cache
def legacy_idl() -> Idl:
    path = resource("programs/gridtokenx/legacy_idl.py")
    spec = importlib.util.spec_from_file_location("legacy_idl", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Idl.from_json(json.dumps(module.legacy_idl(idl())))


@cache
def _events() -> EventCoder:
    with _quiet():
        return EventCoder(legacy_idl())


@cache
def _accounts() -> AccountsCoder:
    with _quiet():
        return AccountsCoder(legacy_idl())


@contextmanager
def _quiet() -> Iterator[None]:
    """anchorpy's enum library calls attrs in a way that attrs warns of."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The `repr_ns` argument", DeprecationWarning)
        yield


def decode_event(data: bytes) -> tuple[str, dict[str, Any]]:
    """Name and fields of an event; demands that not a byte is left over."""
    stream = BytesIO(data)
    event = _events().parse_stream(stream)
    assert event is not None, data[:8].hex()
    assert stream.read() == b"", "bytes behind the event"
    return event.name, plain(event.data)


def decode_account(data: bytes) -> tuple[str, dict[str, Any]]:
    """Kind and fields of an account; demands that not a byte is left over."""
    stream = BytesIO(data)
    account = _accounts().parse_stream(stream)
    assert stream.read() == b"", "bytes behind the account"
    return account.name, plain(account.data)


def plain(value: Any) -> Any:
    """Containers as dicts, lists and bytes; an enum as its variant's name, or as {name: fields}."""
    if isinstance(value, int | str | bytes | Pubkey):
        return value
    if isinstance(value, list):
        items = [plain(item) for item in value]
        return bytes(items) if items and all(isinstance(item, int) for item in items) else items
    fields = {name: plain(item) for name, item in vars(value).items() if not name.startswith("_")}
    if type(value).__module__ == "sumtypes":
        return {type(value).__name__: fields} if fields else type(value).__name__
    return fields
