"""Plans to take power off a site, how they went, and the traces that they left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk
from gridtokenx_indexer.ops.sample.hosting import STANDBY_WATTS, model_of, site_of
from gridtokenx_indexer.ops.sample.world import World

_MINERS = 4
"""That a plan switches off."""
_APART = timedelta(hours=5)
_RECOVERY = timedelta(hours=2)
_MILLION = Decimal(10**6)


@dataclass(frozen=True, slots=True)
class Plan:
    id: int
    site: int
    kind: str
    status: str
    scheduled: datetime
    executed: datetime | None
    recovered: datetime | None
    miners: tuple[int, ...]

    @property
    def watts(self) -> int:
        return sum(model_of(miner).watts for miner in self.miners)


def draw_plans(world: World) -> list[Plan]:
    """One every few hours for as long as there are plans; one is under way, a few are to come."""
    chance = world.chance("curtailment")
    count, sites = world.scale.plans, world.scale.sites
    over = count - max(3, count // 100)
    at_site: dict[int, list[int]] = {site: [] for site in range(1, sites + 1)}
    for miner in range(1, world.scale.miners + 1):
        at_site[site_of(world, miner)].append(miner)
    plans: list[Plan] = []
    for number in range(1, count + 1):
        site = chance.randrange(1, sites + 1)
        miners = tuple(sorted(chance.sample(at_site[site], _MINERS)))
        kind = chance.choice(("scheduled", "scheduled", "manual", "automatic"))
        if number <= over:
            course = _past(chance, world.now - _APART * (over + 1 - number))
        else:
            course = _present(world, number - over - 1)
        plans.append(Plan(number, site, kind, *course, miners))
    return plans


_Course = tuple[str, datetime, datetime | None, datetime | None]
"""Status, and when it was scheduled, executed and over."""


def _past(chance: Random, scheduled: datetime) -> _Course:
    if chance.randrange(12) == 0:
        return "cancelled", scheduled, None, None
    executed = scheduled + timedelta(minutes=chance.randrange(4))
    return "executed", scheduled, executed, executed + _RECOVERY + timedelta(minutes=chance.randrange(20))


def _present(world: World, place: int) -> _Course:
    """The first is under way, the second approved, the third due, the others have time."""
    if place == 0:
        return "executing", world.ago(minutes=27), world.ago(minutes=25), None
    if place == 1:
        return "approved", world.ago(minutes=-40), None, None
    return "pending", world.ago(minutes=10) + _APART * (place - 2), None, None


def curtailed_now(world: World, plans: list[Plan]) -> dict[int, timedelta]:
    """Miners that are switched off, and for how long they have been."""
    return {
        miner: world.now - plan.executed
        for plan in plans
        if plan.status == "executing" and plan.executed is not None
        for miner in plan.miners
    }


def curtailment(world: World, plans: list[Plan]) -> Iterator[Chunk]:
    """As they stood before they began; `ends` says what became of them."""
    yield chunk(
        "hosting.curtailment_plans",
        "id site_id plan_type target_power_reduction status scheduled_time created_by created_at",
        [
            (
                plan.id,
                plan.site,
                plan.kind,
                Decimal(plan.watts * 9 // 10) / _MILLION,
                "pending" if plan.status == "pending" else "approved",
                plan.scheduled,
                world.staff[plan.id % len(world.staff)].id,
                min(plan.scheduled - timedelta(hours=8), world.now),
            )
            for plan in plans
        ],
    )
    yield chunk(
        "hosting.curtailment_plan_miners",
        "plan_id miner_id shutdown_order",
        [(plan.id, miner, order) for plan in plans for order, miner in enumerate(plan.miners, 1)],
    )
    log = [row for plan in plans for row in _log(world, plan)]
    log.sort(key=lambda row: (row[4], row[0], row[1]))
    yield chunk("hosting.miner_operation_log", "miner_id operation performed_by details timestamp", log)
    yield from outbox(world, plans)


def ends(plans: list[Plan]) -> list[list[Any]]:
    """The columns of what plans came to that were cancelled or begun."""
    rows = [_end(plan) for plan in plans if plan.executed is not None or plan.status == "cancelled"]
    return [list(column) for column in zip(*rows, strict=True)]


def _end(plan: Plan) -> Row:
    if plan.executed is None:
        return plan.id, plan.status, None, None, None, 0, Decimal(0)
    reduced = Decimal(plan.watts - STANDBY_WATTS * len(plan.miners)) / _MILLION
    recovery = plan.executed + _RECOVERY
    return plan.id, plan.status, plan.executed, recovery, plan.recovered, len(plan.miners), reduced


def _log(world: World, plan: Plan) -> Iterator[Row]:
    decided = plan.scheduled - timedelta(hours=6)
    if plan.status != "pending":
        word = "reject" if plan.status == "cancelled" else "approve"
        decider = world.staff[plan.id % len(world.staff)].id
        yield plan.miners[0], word, decider, f"plan {plan.id}", min(decided, world.now)
    for operation, moment in (("shutdown", plan.executed), ("start", plan.recovered)):
        if moment is not None:
            yield from ((miner, operation, None, f"plan {plan.id}", moment) for miner in plan.miners)


def outbox(world: World, plans: list[Plan]) -> Iterator[Chunk]:
    """An event of each plan that began in the last month; the newest are still to be handed on."""
    rows: list[Row] = []
    begun = [(plan, plan.executed) for plan in plans if plan.executed is not None]
    for plan, moment in begun:
        if moment < world.ago(days=29):
            continue
        handed = plan.status == "executed"
        rows.append(
            (
                "curtailment.executed" if handed else "curtailment.started",
                "curtailment_plan",
                str(plan.id),
                {"plan": plan.id, "miners": list(plan.miners), "watts": plan.watts},
                "processed" if handed else "pending",
                0,
                f"curtailment-{plan.id}",
                moment,
                moment + timedelta(seconds=2) if handed else None,
            )
        )
    yield chunk(
        "hosting.outbox_events",
        "event_type aggregate_type aggregate_id payload status retry_count idempotency_key created_at"
        " processed_at",
        rows,
    )
