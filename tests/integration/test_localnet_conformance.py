"""The local node against the recorded answers of a real one."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import httpx
import pytest

from tests.support.agave_exceptions import ALLOWED, allows, unexpected
from tests.support.agave_recording import Step, http_cases, timeline
from tests.support.agave_replay import Replay, prepared_node, without_votes
from tests.support.shapes import differences

Differences = dict[str, list[tuple[str, list[str]]]]
RPC_STEPS = [step for step in timeline() if not step.case.case.startswith("transport:")]
GROUPS = sorted({step.case.case.partition(":")[0] for step in RPC_STEPS})


async def replayed() -> Differences:
    """Per method the cases, in the order they were asked, with what differs."""
    found: Differences = defaultdict(list)
    node = prepared_node()
    async with node, httpx.AsyncClient(base_url=node.http_url) as client:
        replay = Replay(node, client)
        for step in RPC_STEPS:
            status, body = await replay.ask(step)
            found[step.case.case.partition(":")[0]].append((step.case.case, _compared(step, status, body)))
    return found


def _compared(step: Step, status: int, body: Any) -> list[str]:
    recorded = {"http": step.case.status, "answer": without_votes(step.case.response)}
    return list(differences(recorded, {"http": status, "answer": body}))


@pytest.fixture(scope="module")
def found() -> Differences:
    return asyncio.run(replayed())


@pytest.mark.parametrize("group", GROUPS)
def test_answers_like_the_recorded_node(found: Differences, group: str) -> None:
    wrong = {case: lines for case, seen in found[group] if (lines := unexpected(case, seen))}
    assert wrong == {}


def test_every_exception_is_still_needed(found: Differences) -> None:
    seen = [(case, line) for cases in found.values() for case, lines in cases for line in lines]
    unused = [each.reason for each in ALLOWED if not any(allows(each, case, line) for case, line in seen)]
    assert unused == []


async def test_truncated_logs_are_those_of_the_recorded_node() -> None:
    """Line by line, with what still fits behind the truncation mark."""
    compared = 0
    node = prepared_node()
    async with node, httpx.AsyncClient(base_url=node.http_url) as client:
        replay = Replay(node, client)
        for step in RPC_STEPS:
            _, body = await replay.ask(step)
            if step.case.case.startswith("getTransaction: logs longer than 10 kB"):
                recorded = step.case.response["result"]["meta"]["logMessages"]
                assert "Log truncated" in recorded
                assert body["result"]["meta"]["logMessages"] == recorded
                compared += 1
    assert compared == 2


def test_covers_the_recording() -> None:
    """The fixture has not been thinned out: the figures are those of the recording's used part."""
    assert len(http_cases()) == 712
    assert len(GROUPS) >= 35


async def test_transport_answers_like_the_recorded_node() -> None:
    wrong: dict[str, list[str]] = {}
    node = prepared_node()
    async with node, httpx.AsyncClient(base_url=node.http_url) as client:
        for case in http_cases():
            if not case.case.startswith("transport:"):
                continue
            verb, _, path = (case.http or "POST /").partition(" ")
            content = None if case.request == "" else _body(case.request)
            headers = {"content-type": "application/json"} if case.headers is None else case.headers
            response = await client.request(verb, path, content=content, headers=headers)
            recorded = {"status": case.status, "headers": case.response_headers, "body": case.response}
            ours = {
                "status": response.status_code,
                "headers": {name: response.headers.get(name) for name in case.response_headers or {}},
                "body": _decoded(response) if isinstance(case.response, dict) else response.text or None,
            }
            if recorded != ours:
                wrong[case.case] = list(differences(recorded, ours)) or [f"{ours} instead of {recorded}"]
    assert wrong == {}


def _body(request: Any) -> bytes:
    if isinstance(request, dict):
        return httpx.Request("POST", "http://localhost", json=request).content
    return b'{"jsonrpc":"2.0","id":"' + b"x" * 60_000 + b'","method":"getVersion"}'


def _decoded(response: httpx.Response) -> Any:
    return response.json()
