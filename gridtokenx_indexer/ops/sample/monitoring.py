"""The health of the grid's nodes and of the system, over the last days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk, micro
from gridtokenx_indexer.ops.sample.grid import congestion
from gridtokenx_indexer.ops.sample.meters import grid_codes
from gridtokenx_indexer.ops.sample.weather import sun_permille
from gridtokenx_indexer.ops.sample.world import World

_HEALTH_QUARTERS = 3 * 96
_METRIC_MINUTES = 600
_QUARTER = timedelta(minutes=15)


def monitoring(world: World) -> Iterator[Chunk]:
    yield from grid_health(world)
    yield from system_metrics(world)


def grid_health(world: World) -> Iterator[Chunk]:
    """All nodes report at the same quarter of an hour."""
    chance = world.chance("health")
    newest = world.now - timedelta(minutes=world.now.minute % 15)
    rows: list[Row] = []
    for back in range(_HEALTH_QUARTERS - 1, -1, -1):
        moment = newest - back * _QUARTER
        sun = sun_permille(moment)
        for n, code in enumerate(grid_codes()):
            load = chance.randrange(25, 98 if n == 4 else 85)
            rows.append(
                (
                    code,
                    micro(1_000_000 - load * load * 30 - chance.randrange(20_000)),
                    micro(1_000_000 - chance.randrange(60_000)),
                    congestion(load),
                    chance.randrange(80, 120) + 3 * n,
                    micro(sun * chance.randrange(800, 1_200) * 100),
                    micro(load * chance.randrange(900, 1_100) * 2_000),
                    moment,
                )
            )
    yield chunk(
        "monitoring.grid_health",
        "grid_code health_score stability_index congestion_level active_connections energy_flow_in"
        " energy_flow_out recorded_at",
        rows,
    )


def system_metrics(world: World) -> Iterator[Chunk]:
    chance = world.chance("metrics")
    rows: list[Row] = []
    blocks = 0
    for back in range(_METRIC_MINUTES, 0, -1):
        moment = world.now - timedelta(minutes=back)
        blocks += 6
        values = {
            "cpu_percent": ("gauge", chance.randrange(4, 60)),
            "index_lag_slots": ("gauge", chance.choice((0, 0, 0, 1, 2))),
            "blocks_indexed": ("counter", blocks),
        }
        rows += [(name, value, kind, {"host": "a"}, moment) for name, (kind, value) in values.items()]
    columns = "metric_name metric_value metric_type labels recorded_at"
    yield chunk("monitoring.system_metrics", columns, rows)
