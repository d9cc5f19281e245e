"""Decoding accounts: what is not such an account is refused by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import accounts, pda

DECODERS: dict[str, tuple[Callable[[bytes], object], int]] = {
    "Config": (accounts.config, 398),
    "Participant": (accounts.participant, 65),
    "Ledger": (accounts.ledger, 572),
    "Zone": (accounts.zone, 26),
    "Settlement": (accounts.settlement, 118),
    "Certificate": (accounts.certificate, 133),
}


@pytest.mark.parametrize("name", DECODERS)
def test_zero_bytes_behind_the_discriminator_decode(name: str) -> None:
    decode, size = DECODERS[name]
    head = accounts.discriminator(name)
    assert type(decode(head + bytes(size - 8))).__name__ == name


@pytest.mark.parametrize("name", DECODERS)
def test_other_bytes_are_refused(name: str) -> None:
    decode, size = DECODERS[name]
    head = accounts.discriminator(name)
    with pytest.raises(ParkError, match="wrong discriminator"):
        decode(bytes(size))
    with pytest.raises(ParkError, match="too few"):
        decode(head + bytes(size - 9))
    with pytest.raises(ParkError, match=f"are not the {size}"):
        decode(head + bytes(size - 7))
    with pytest.raises(ParkError, match="wrong discriminator"):
        decode(b"")


def test_an_announced_tail_must_be_there() -> None:
    head = accounts.discriminator("Settlement") + bytes(106)
    data = head + (3).to_bytes(4, "little") + b"\x01\x02\x03"
    assert accounts.settlement(data).bitmap == b"\x01\x02\x03"
    with pytest.raises(ParkError, match="are not the 121"):
        accounts.settlement(data[:-1])


def test_bits_are_counted_from_the_lowest_of_each_byte() -> None:
    minted = bytearray(512)
    minted[0], minted[511] = 0b10, 0x80
    ledger = accounts.Ledger(meter_id=bytes(16), page=0, payer=Pubkey.default(), minted=bytes(minted))
    assert [bit for bit in range(4096) if ledger.is_minted(bit)] == [1, 4095]


def test_pages_of_a_meter_join_without_gap() -> None:
    for serial in ("meter 1", "meter 2", "meter 3"):
        meter = meter_key(serial)
        page = pda.ledger_page(meter, 1_625_617)
        last = pda.last_window_of_page(meter, page)
        assert pda.ledger_page(meter, last) == page
        assert pda.ledger_bit(meter, last) == 4095
        assert (pda.ledger_page(meter, last + 1), pda.ledger_bit(meter, last + 1)) == (page + 1, 0)


def test_the_offset_is_taken_from_the_first_two_bytes() -> None:
    assert pda.ledger_offset(b"\x01\x00" + bytes(14)) == 1
    assert pda.ledger_offset(b"\x00\x01" + bytes(14)) == 256
    assert pda.ledger_offset(b"\xff\xff" + bytes(14)) == 4095
