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


def session_settings(application_name: str) -> dict[str, str]:
    """What every session of ours runs under, whatever the role or database is configured to."""
    return {
        "application_name": application_name,
        "timezone": "UTC",
        "datestyle": "ISO, MDY",
        "client_encoding": "UTF8",
        "search_path": "public",
        "idle_in_transaction_session_timeout": "300000",
    }


def connection_failure(url: str, error: BaseException) -> RetryableError:
    """The one message for a server that cannot be reached; never shows the password."""
    return RetryableError(
        f"cannot reach the database {masked(url)}: {scrubbed(str(error), url)}",
        remedy="check DATABASE_URL and that the server is up",
    )


async def create_pool(url: str, *, application_name: str, min_size: int = 1, max_size: int = 8) -> Pool:
    """An open pool; raises `RetryableError` for an unreachable server, `StopError` when it refuses us."""
    try:
        return await asyncpg.create_pool(
            url,
            min_size=min_size,
            max_size=max_size,
            init=prepare_connection,
            server_settings=session_settings(application_name),
            command_timeout=120,
        )
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
