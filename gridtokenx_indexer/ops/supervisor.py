"""Runs the services of a process: restarts, drains, stops. The only place that knows about signals."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from gridtokenx_indexer.domain.errors import RetryableError, ShutdownError
from gridtokenx_indexer.domain.service import Service
from gridtokenx_indexer.ops.failures import as_own

log = logging.getLogger(__name__)

EXIT_INTERRUPTED = 130
_HEALTHY_AFTER_S = 60.0
_STEADY_AFTER_S = 5.0


class RestartPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Pauses between restarts of a service that failed for a temporary reason."""

    minimum_ms: int = 200
    maximum_ms: int = 30_000

    def pause_s(self, failures_in_a_row: int) -> float:
        doubled = self.minimum_ms << min(failures_in_a_row - 1, 32)
        return min(doubled, self.maximum_ms) / 1000


class Supervisor:
    """Runs `services` until a signal, or until one of them fails for good.

    `run` returns the exit code: 0 after a requested drain, 130 after an interrupt or a forced stop, and the
    code of the error (1, 2 or 75) when a service cannot go on. Unexpected exceptions count as failures for
    good: a restart would hide them.

    `foundations` are what the others stand on, such as leases: they are stopped when those have ended.
    """

    def __init__(
        self,
        services: Sequence[Service],
        *,
        drain_s: float,
        restarts: RestartPolicy | None = None,
        foundations: Sequence[Service] = (),
    ) -> None:
        self._services = services
        self._foundations = foundations
        self._drain_s = drain_s
        self._restarts = restarts or RestartPolicy()
        self._stop = asyncio.Event()
        self._now = asyncio.Event()
        self._stop_foundations = asyncio.Event()
        self._exit_code = 0
        self.failures: dict[str, int] = {service.name: 0 for service in (*foundations, *services)}
        self.trouble: dict[str, str] = {}
        """Services that failed and have not run steadily since, with their error."""

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.on_signal, number)
        try:
            return await self._run_services()
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def on_signal(self, number: signal.Signals) -> None:
        """First signal: drain. Second: stop now."""
        if self._stop.is_set():
            log.warning("stop_forced", extra={"signal": number.name})
            self._exit_code = EXIT_INTERRUPTED
            self._now.set()
            return
        log.info("drain_started", extra={"signal": number.name, "limit_s": self._drain_s})
        if number is signal.SIGINT:
            self._exit_code = EXIT_INTERRUPTED
        self._stop.set()

    async def _run_services(self) -> int:
        foundations = self._start(self._foundations, self._stop_foundations)
        services = self._start(self._services, self._stop)
        await self._stop.wait()
        cancelled = await self._end(services)
        self._stop_foundations.set()
        cancelled += await self._end(foundations)
        log.info("stopped", extra={"exit_code": self._exit_code, "cancelled": cancelled})
        return self._exit_code

    def _start(self, services: Sequence[Service], stop: asyncio.Event) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self._keep(service, stop), name=service.name) for service in services]

    async def _end(self, tasks: Sequence[asyncio.Task[None]]) -> int:
        """Drains the tasks, cancels those that do not end in time and returns how many those were."""
        if tasks:
            await self._drain(tasks)
        unfinished = [task for task in tasks if not task.done()]
        for task in unfinished:
            log.warning("service_cancelled", extra={"service": task.get_name()})
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return len(unfinished)

    async def _drain(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Until every service has ended, the limit has passed, or a second signal came."""
        forced = asyncio.create_task(self._now.wait())
        ended = asyncio.create_task(_all_ended(tasks))
        await asyncio.wait({forced, ended}, timeout=self._drain_s, return_when=asyncio.FIRST_COMPLETED)
        for waiting in (forced, ended):
            waiting.cancel()
        await asyncio.gather(forced, ended, return_exceptions=True)

    async def _keep(self, service: Service, stop: asyncio.Event) -> None:
        """Runs one service, again after each temporary failure."""
        in_a_row = 0
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            started = loop.time()
            error = await self._run_once(service, stop)
            own = as_own(error) if error is not None else None
            if isinstance(own, RetryableError):
                in_a_row = 1 if loop.time() - started > _HEALTHY_AFTER_S else in_a_row + 1
                await self._pause(service, own, in_a_row, stop)
                continue
            if error is not None and not isinstance(own, ShutdownError):
                self._fail(service, own or error, own.exit_code if own else 1, unexpected=own is None)
            elif error is None and not stop.is_set():
                self._fail(service, RuntimeError("it ended without being asked to"), 1)
            break
        log.debug("service_ended", extra={"service": service.name})

    async def _run_once(self, service: Service, stop: asyncio.Event) -> Exception | None:
        """How it ended; None when it returned. Running steadily clears its trouble."""
        steady = asyncio.get_running_loop().call_later(_STEADY_AFTER_S, self.trouble.pop, service.name, None)
        try:
            await service.run(stop)
        except Exception as error:  # the boundary: whatever it is, it must end the process, not hang it
            return error
        finally:
            steady.cancel()
        return None

    async def _pause(
        self, service: Service, error: RetryableError, in_a_row: int, stop: asyncio.Event
    ) -> None:
        pause_s = self._restarts.pause_s(in_a_row)
        self.failures[service.name] += 1
        self.trouble[service.name] = str(error)
        log.warning(
            "service_restarting",
            extra={"service": service.name, "error": str(error), "pause_s": pause_s},
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause_s)

    def _fail(self, service: Service, error: Exception, code: int, *, unexpected: bool = False) -> None:
        self.trouble[service.name] = str(error)
        log.error(
            "service_failed",
            extra={"service": service.name, "error": str(error) or type(error).__name__},
            exc_info=error if unexpected else None,
        )
        self._exit_code = self._exit_code or code
        self._stop.set()


async def _all_ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    await asyncio.wait(tasks)
