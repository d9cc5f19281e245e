"""Sun, wind and habits, in whole numbers, so that every machine draws the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

_LOCAL = timedelta(hours=7)
"""Bangkok."""
_SUNRISE_MIN, _SUNSET_MIN = 6 * 60, 18 * 60


def sun_permille(moment: datetime) -> int:
    """How high the sun stands over Bangkok: 0 at night, 1000 at noon."""
    local = moment + _LOCAL
    minute = local.hour * 60 + local.minute
    if not _SUNRISE_MIN < minute < _SUNSET_MIN:
        return 0
    half = (_SUNSET_MIN - _SUNRISE_MIN) // 2
    return (minute - _SUNRISE_MIN) * (_SUNSET_MIN - minute) * 1000 // half**2


def output_permille(source: str, moment: datetime, chance: Random) -> int:
    """What share of its capacity a plant delivers."""
    if source == "solar":
        return sun_permille(moment) * chance.randrange(550, 951) // 1000
    if source == "wind":
        return chance.randrange(50, 700)
    return chance.randrange(600, 900)


def household_watts(moment: datetime, chance: Random) -> int:
    """What a household takes: little by night, most after work."""
    hour = (moment + _LOCAL).hour
    if 18 <= hour < 23:
        return chance.randrange(500, 2_400)
    if 6 <= hour < 18:
        return chance.randrange(200, 1_000)
    return chance.randrange(120, 420)


def air_celsius(moment: datetime) -> int:
    """In tenths of a degree."""
    return 255 + sun_permille(moment) * 85 // 1000
