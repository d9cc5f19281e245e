"""docs/localnet.md lists what there is."""

from __future__ import annotations

import re
from pathlib import Path

from gridtokenx_indexer.localnet import Faults
from gridtokenx_indexer.localnet.rpc.dispatch import METHODS
from gridtokenx_indexer.localnet.server.topics import READERS

PAGE = (Path(__file__).parents[2] / "docs" / "localnet.md").read_text()


def test_every_method_is_listed() -> None:
    listed = set(re.findall(r"\b(?:get|is|minimum|request|send|simulate)[A-Z]\w+", PAGE.partition("###")[0]))
    listed |= set(re.findall(r"`(localnet_\w+)`", PAGE))
    assert listed == set(METHODS)


def test_every_subscription_is_listed() -> None:
    (kinds,) = re.findall(r"Websocket: `([a-z ]+)`", PAGE)
    assert {f"{kind}Subscribe" for kind in kinds.split()} == set(READERS)


def test_every_fault_is_listed() -> None:
    table = PAGE.partition("| member |")[2].partition("\n\n")[0]
    rows = [line.partition("|")[2].partition("|")[0] for line in table.splitlines()]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(Faults.__struct_fields__)
