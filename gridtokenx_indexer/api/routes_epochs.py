"""`/v1/epochs/{number}`: the result of an epoch, and the proof of each of its trades."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import asyncpg
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter, SkipValidation

from gridtokenx_indexer.api.errors import NotFoundError
from gridtokenx_indexer.api.etag import tagged
from gridtokenx_indexer.api.proof_trees import ProofTrees
from gridtokenx_indexer.api.reading import SQL, Reader
from gridtokenx_indexer.api.schemas import (
    Epoch,
    EpochAnswer,
    EpochPart,
    EpochZone,
    Leaf,
    TradeProof,
    TradeProofAnswer,
)
from gridtokenx_indexer.domain.units import plain_text

EpochPath = Annotated[
    int, PathParameter(ge=0, le=999_999_999_999, description="YYYYMMDDHHMM of its start, UTC.")
]
IndexPath = Annotated[int, PathParameter(ge=0, le=2**31 - 1)]
ZoneQuery = Annotated[int, QueryParameter(ge=0, le=2**31 - 1)]


@get("/v1/epochs/{number:int}", summary="One market epoch", tags=["market"])
async def epoch(
    request: Request[Any, Any, Any], reader: NamedDependency[SkipValidation[Reader]], number: EpochPath
) -> Response[EpochAnswer]:
    """State, prices and volumes of an epoch, by zone, with the hashes that let anyone check them."""
    async with reader.snapshot() as (connection, frontier):
        row = await connection.fetchrow(SQL["epoch"], number)
        if row is None:
            raise NotFoundError(
                f"epoch {number} does not exist", remedy="give YYYYMMDDHHMM of its start in UTC"
            )
        zones = await connection.fetch(SQL["epoch_zones"], number)
        parts = await connection.fetch(SQL["epoch_parts"], number)
    data = Epoch(
        number=str(row["epoch_number"]),
        status=row["status"],
        start_time=row["start_time"],
        end_time=row["end_time"],
        clearing_price=_text(row["clearing_price"]),
        total_volume_kwh=plain_text(row["total_volume"]),
        total_orders=row["total_orders"],
        matched_orders=row["matched_orders"],
        settlements=row["settlements"],
        zones=[_zone(zone, [part for part in parts if part["zone_id"] == zone["zone_id"]]) for zone in zones],
    )
    return tagged(request, EpochAnswer(context=frontier.context(), data=data), data)


@get("/v1/epochs/{number:int}/trades/{index:int}/proof", summary="Merkle proof of a trade", tags=["market"])
async def trade_proof(
    request: Request[Any, Any, Any],
    reader: NamedDependency[SkipValidation[Reader]],
    number: EpochPath,
    index: IndexPath,
    trees: NamedDependency[SkipValidation[ProofTrees]],
    zone: ZoneQuery = 0,
) -> Response[TradeProofAnswer]:
    """The leaf of a trade and the hashes that lead from it to the root published on chain."""
    async with reader.snapshot() as (connection, frontier):
        row = await connection.fetchrow(SQL["trade_leaf"], number, zone, index)
        if row is None:
            raise NotFoundError(f"epoch {number}, zone {zone} has no trade {index}")
        tree = await trees.tree(connection, number, zone, row["part"])
    position = index - row["first_index"]
    data = TradeProof(
        leaf=Leaf(
            epoch=str(row["epoch_number"]),
            zone=row["zone_id"],
            trade_index=row["trade_index"],
            seller_energy=row["seller_energy"],
            buyer_energy=row["buyer_energy"],
            buyer_payment=row["buyer_payment"],
            seller_payment=row["seller_payment"],
            energy=plain_text(row["energy_base_units"]),
            payment=plain_text(row["payment_base_units"]),
            fee=plain_text(row["fee_base_units"]),
        ),
        leaf_hash=row["leaf"].hex(),
        position=position,
        leaves=len(tree),
        proof=[sibling.hex() for sibling in tree.range_proof(position, 1)],
        root=row["root"].hex(),
        part=row["part"],
    )
    return tagged(request, TradeProofAnswer(context=frontier.context(), data=data), data)


def _zone(row: asyncpg.Record, parts: list[asyncpg.Record]) -> EpochZone:
    return EpochZone(
        zone=row["zone_id"],
        status=row["status"],
        clearing_price=_text(row["clearing_price"]),
        volume_kwh=plain_text(row["volume"]),
        trades=row["trade_count"],
        book_hash=_hex(row["book_hash"]),
        result_hash=_hex(row["result_hash"]),
        parts=[
            EpochPart(
                part=part["part"],
                status=part["status"],
                first_index=part["first_index"],
                trades=part["trade_count"],
                root=part["root"].hex(),
                deadline=part["deadline"],
            )
            for part in parts
        ],
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain_text(value)


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
