from __future__ import annotations

from hashlib import sha256

from gridtokenx_indexer.domain.ids import (
    EpochNumber,
    Window,
    ZoneId,
    meter_key,
    mint_operation,
    open_operation,
    trade_operation,
)


def test_a_meter_key_is_a_prefix_of_the_hash_of_its_serial() -> None:
    assert meter_key("LV3-101-001") == sha256(b"gridtokenx:meter:LV3-101-001").digest()[:16]
    assert meter_key("zähler-1") == sha256("gridtokenx:meter:zähler-1".encode()).digest()[:16]


def test_operation_keys_of_different_effects_never_collide() -> None:
    key = meter_key("LV3-101-001")
    epoch, zone = EpochNumber(201605121215), ZoneId(3)
    keys = {
        mint_operation(key, Window(1)),
        mint_operation(key, Window(2)),
        open_operation(epoch, zone, 0),
        trade_operation(epoch, zone, 0),
        trade_operation(epoch, zone, 1),
    }
    assert len(keys) == 5
