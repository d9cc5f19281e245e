"""The bitcoin market of the last week by the quarter of an hour, and the indicators computed from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from math import sqrt

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk
from gridtokenx_indexer.ops.sample.world import World

_QUARTERS = 96 * 7
_DIFFICULTY = 152_270_000_000_000
_HASHRATE = 1_090
"""EH/s that this difficulty stands for."""
_Series = list[float | None]


def bitcoin(world: World) -> Iterator[Chunk]:
    chance = world.chance("bitcoin")
    newest = world.now - timedelta(minutes=world.now.minute % 15)
    price, closes, market = 100_000.0, [], []
    for n in range(1, _QUARTERS + 1):
        price *= 1 + chance.uniform(-0.004, 0.004)
        closes.append(round(price, 2))
        moment = newest - timedelta(minutes=15 * (_QUARTERS - n))
        hashrate = _HASHRATE + chance.randrange(-25, 26)
        volume = chance.randrange(25_000, 38_000) * 10**6
        market.append((n, closes[-1], hashrate, _DIFFICULTY, Decimal("3.125"), volume, moment))
    yield chunk(
        "analytics.market_analytics",
        "id btc_price network_hashrate network_difficulty block_reward volume_24h created_at",
        market,
    )
    yield chunk(
        "analytics.technical_indicators",
        "analytics_id rsi macd macd_signal macd_histogram bb_upper bb_middle bb_lower ema_12 ema_26 signal"
        " created_at",
        list(_indicators(closes, market)),
    )


def _indicators(closes: Sequence[float], market: Sequence[Row]) -> Iterator[Row]:
    """From the first quarter of an hour for which all of them are defined."""
    fast, slow = ema(list(closes), 12), ema(list(closes), 26)
    macd: _Series = [
        None if short is None or long is None else short - long
        for short, long in zip(fast, slow, strict=True)
    ]
    smoothed, strength = ema(macd, 9), rsi(closes, 14)
    for at, row in enumerate(market):
        line, trend, power = macd[at], smoothed[at], strength[at]
        if line is None or trend is None or power is None:
            continue
        window = closes[at - 19 : at + 1]
        middle = sum(window) / len(window)
        width = 2 * sqrt(sum((close - middle) ** 2 for close in window) / len(window))
        lower, upper = middle - width, middle + width
        signal = "NEUTRAL"
        if (power < 30 and line > trend) or closes[at] < lower:
            signal = "BUY"
        elif (power > 70 and line < trend) or closes[at] > upper:
            signal = "SELL"
        figures = (power, line, trend, line - trend, upper, middle, lower, fast[at], slow[at])
        yield row[0], *(round(figure or 0.0, 4) for figure in figures), signal, row[6]


def ema(values: Sequence[float | None], length: int) -> _Series:
    """Seeded by the mean of the first `length` values; what is not defined yet counts for nothing."""
    found: _Series = []
    known: list[float] = []
    last: float | None = None
    for value in values:
        if value is not None:
            known.append(value)
            if last is not None:
                last += (value - last) * 2 / (length + 1)
            elif len(known) == length:
                last = sum(known) / length
        found.append(last)
    return found


def rsi(closes: Sequence[float], length: int) -> _Series:
    """Wilder's."""
    found: _Series = [None] * min(length, len(closes))
    changes = [after - before for before, after in pairwise(closes)]
    gain = sum(max(change, 0) for change in changes[:length]) / length
    loss = sum(max(-change, 0) for change in changes[:length]) / length
    for at in range(length, len(closes)):
        if at > length:
            gain = (gain * (length - 1) + max(changes[at - 1], 0)) / length
            loss = (loss * (length - 1) + max(-changes[at - 1], 0)) / length
        found.append(100 - 100 / (1 + gain / loss) if loss else 100.0)
    return found
