"""The driver's patience with its database: a server that is killed comes back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.ops.failures import as_own

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_LIMIT_S = 60.0
_PAUSE_S = 0.2


async def patiently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """`attempt()`, again after temporary failures for up to a minute; it must be safe to repeat."""
    deadline = asyncio.get_running_loop().time() + _LIMIT_S
    while True:
        try:
            return await attempt()
        except Exception as error:
            own = as_own(error)
            if not isinstance(own, RetryableError):
                raise
            if asyncio.get_running_loop().time() > deadline:
                raise own from error
            log.debug("demo_step_repeated", extra={"error": str(own)})
        await asyncio.sleep(_PAUSE_S)
