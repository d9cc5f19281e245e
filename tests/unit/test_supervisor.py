from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from gridtokenx_indexer.domain.errors import (
    GridTokenXError,
    RetryableError,
    ShutdownError,
    StopError,
    UsageError,
)
from gridtokenx_indexer.domain.service import Service
from gridtokenx_indexer.ops.supervisor import RestartPolicy, Supervisor

FAST = RestartPolicy(minimum_ms=1, maximum_ms=2)


class Part:
    def __init__(self, name: str, body: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        self.name = name
        self._body = body
        self.started = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        self.started.set()
        await self._body(stop)


async def until_stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def forever(_stop: asyncio.Event) -> None:
    await asyncio.Event().wait()


def failing(error: Exception) -> Callable[[asyncio.Event], Awaitable[None]]:
    async def body(_stop: asyncio.Event) -> None:
        raise error

    return body


def supervisor(*services: Service, drain_s: float = 5) -> Supervisor:
    return Supervisor(services, drain_s=drain_s, restarts=FAST)


async def test_a_signal_drains_every_service() -> None:
    parts = [Part("a", until_stopped), Part("b", until_stopped)]
    running = supervisor(*parts)
    task = asyncio.create_task(running.run())
    for part in parts:
        await part.started.wait()
    running.on_signal(signal.SIGTERM)
    assert await task == 0


async def test_an_interrupt_drains_and_exits_130() -> None:
    part = Part("a", until_stopped)
    running = supervisor(part)
    task = asyncio.create_task(running.run())
    await part.started.wait()
    running.on_signal(signal.SIGINT)
    assert await task == 130


async def test_a_service_that_does_not_drain_is_cancelled_at_the_limit() -> None:
    part = Part("deaf", forever)
    running = supervisor(part, drain_s=0.01)
    task = asyncio.create_task(running.run())
    await part.started.wait()
    running.on_signal(signal.SIGTERM)
    assert await asyncio.wait_for(task, 5) == 0


async def test_a_second_signal_stops_now() -> None:
    part = Part("deaf", forever)
    running = supervisor(part, drain_s=3600)
    task = asyncio.create_task(running.run())
    await part.started.wait()
    running.on_signal(signal.SIGTERM)
    running.on_signal(signal.SIGTERM)
    assert await asyncio.wait_for(task, 5) == 130


@pytest.mark.parametrize(
    "error",
    [
        RetryableError("busy"),
        asyncpg.ConnectionDoesNotExistError("gone"),
        ConnectionRefusedError("no"),
        TimeoutError(),
    ],
)
async def test_temporary_failures_restart_the_service_alone(error: Exception) -> None:
    runs = 0
    third = asyncio.Event()

    async def flaky(stop: asyncio.Event) -> None:
        nonlocal runs
        runs += 1
        if runs < 3:
            raise error
        third.set()
        await stop.wait()

    steady = Part("steady", until_stopped)
    running = supervisor(Part("flaky", flaky), steady)
    task = asyncio.create_task(running.run())
    await asyncio.wait_for(third.wait(), 5)
    assert running.failures == {"flaky": 2, "steady": 0}
    assert set(running.trouble) == {"flaky"}
    running.on_signal(signal.SIGTERM)
    assert await task == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StopError("wrong network"), 1),
        (UsageError("bad"), 2),
        (KeyError("bug"), 1),
        (GridTokenXError("x"), 1),
    ],
)
async def test_lasting_failures_stop_everything_with_their_code(error: Exception, code: int) -> None:
    steady = Part("steady", until_stopped)
    assert await supervisor(steady, Part("broken", failing(error))).run() == code


async def test_a_service_that_ends_unasked_is_a_failure() -> None:
    async def short(_stop: asyncio.Event) -> None:
        return

    assert await supervisor(Part("short", short)).run() == 1


async def test_a_shutdown_is_no_failure() -> None:
    steady = Part("steady", until_stopped)
    running = supervisor(Part("done", failing(ShutdownError("stopping"))), steady)
    task = asyncio.create_task(running.run())
    await steady.started.wait()
    running.on_signal(signal.SIGTERM)
    assert await task == 0
    assert running.trouble == {}


async def test_foundations_end_after_what_stands_on_them() -> None:
    order: list[str] = []

    def noting(name: str) -> Callable[[asyncio.Event], Awaitable[None]]:
        async def body(stop: asyncio.Event) -> None:
            await stop.wait()
            order.append(name)

        return body

    lease, worker = Part("lease", noting("lease")), Part("worker", noting("worker"))
    running = Supervisor([worker], drain_s=5, foundations=[lease])
    task = asyncio.create_task(running.run())
    for part in (lease, worker):
        await part.started.wait()
    running.on_signal(signal.SIGTERM)
    assert await task == 0
    assert order == ["worker", "lease"]


async def test_a_foundation_that_fails_for_good_ends_everything() -> None:
    worker = Part("worker", until_stopped)
    running = Supervisor([worker], drain_s=5, foundations=[Part("lease", failing(StopError("no")))])
    assert await asyncio.wait_for(running.run(), 5) == 1


def test_pauses_double_up_to_the_limit() -> None:
    policy = RestartPolicy(minimum_ms=200, maximum_ms=1000)
    assert [policy.pause_s(n) for n in (1, 2, 3, 4, 500)] == [0.2, 0.4, 0.8, 1.0, 1.0]
