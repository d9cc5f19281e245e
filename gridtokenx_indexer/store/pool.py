"""Connections for the service: UTC, typed JSON, named in pg_stat_activity."""

from __future__ import annotations

from typing import TypeAlias

import asyncpg
import msgspec

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.domain.masking import masked as masked
from gridtokenx_indexer.domain.masking import scrubbed

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)
"""One of its own or one taken from a pool; what functions inside a caller's transaction take."""

_JSON = msgspec.json.Encoder()


def encode_json(value: object) -> str:
    """Python objects to JSON text; Decimals become strings, so no digit is lost."""
    return _JSON.encode(value).decode()


async def prepare_connection(connection: Connection) -> None:
    """Registers the JSON codec on a raw asyncpg connection."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=encode_json, decoder=msgspec.json.decode
        )


SINCE_17 = {"transaction_timeout": "0"}
"""Settings of our sessions that servers before 17 do not know."""


def session_settings(application_name: str) -> dict[str, str]:
    """What every session of ours runs under, whatever the role or database is configured to.

    Limits meant for people would cut a long clearing off, again after each repetition; the pool has its own.
    That a server takes no writes is left as it is: whoever says so protects a full disk.
    """
    return {
        "application_name": application_name,
        "timezone": "UTC",
        "datestyle": "ISO, MDY",
        "client_encoding": "UTF8",
        "search_path": "public",
        "default_transaction_isolation": "read committed",
        "statement_timeout": "0",
        "lock_timeout": "0",
        "idle_session_timeout": "0",
        "idle_in_transaction_session_timeout": "300000",
    }


def connection_failure(url: str, error: BaseException) -> RetryableError:
    """The one message for a server that cannot be reached; never shows the password."""
    return RetryableError(
        f"cannot reach the database {masked(url)}: {scrubbed(str(error), url)}",
        remedy="check DATABASE_URL and that the server is up",
    )


async def create_pool(
    url: str,
    *,
    application_name: str,
    min_size: int = 1,
    max_size: int = 8,
    command_timeout_s: float | None = 120,
) -> Pool:
    """An open pool; raises `RetryableError` for an unreachable server, `StopError` when it refuses us."""

    async def opened(settings: dict[str, str]) -> Pool:
        return await asyncpg.create_pool(
            url,
            min_size=min_size,
            max_size=max_size,
            init=prepare_connection,
            server_settings=settings,
            command_timeout=command_timeout_s,
        )

    settings = session_settings(application_name)
    try:
        try:
            return await opened({**settings, **SINCE_17})
        except asyncpg.UndefinedObjectError:
            return await opened(settings)
    except (
        asyncpg.InvalidCatalogNameError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.ClientConfigurationError,
    ) as error:
        raise StopError(
            f"the database {masked(url)} refuses the connection: {scrubbed(str(error), url)}",
            remedy="check DATABASE_URL: user, password, database name",
        ) from error
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise connection_failure(url, error) from error
