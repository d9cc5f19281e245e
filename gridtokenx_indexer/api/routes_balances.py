"""`/v1/balances/{account}`: token and lamport balances as the index knows them."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from gridtokenx_indexer.api.errors import NotFoundError
from gridtokenx_indexer.api.etag import tagged
from gridtokenx_indexer.api.reading import SQL, Reader
from gridtokenx_indexer.api.schemas import Balance, Balances
from gridtokenx_indexer.domain.units import plain_text


@get("/v1/balances/{account:str}", summary="Balances of an account or wallet", tags=["chain"])
async def balances(
    request: Request[Any, Any, Any], reader: NamedDependency[SkipValidation[Reader]], account: FromPath[str]
) -> Response[Balances]:
    """Amounts in base units: of a token account itself, or of every token account that a wallet owns."""
    async with reader.snapshot() as (connection, frontier):
        rows = await connection.fetch(SQL["balances_of"], account)
    if not rows:
        raise NotFoundError(f"no balance of {account} is indexed", remedy="check the address")
    data = [
        Balance(
            account=row["account_id"],
            owner=row["owner"],
            mint=row["mint"],
            total=plain_text(row["total_balance"]),
            available=plain_text(row["available_balance"]),
            locked=plain_text(row["locked_balance"]),
            slot=str(row["slot"]),
            finality=frontier.finality(row["slot"]),
        )
        for row in rows
    ]
    return tagged(request, Balances(context=frontier.context(), data=data), data)
