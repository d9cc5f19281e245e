"""What was watched at which slot."""

from __future__ import annotations

from gridtokenx_indexer.decode.watch import Watched, WatchHistory, WatchKind, WatchSet
from gridtokenx_indexer.domain.ids import Address, Slot

A, B = Address("a"), Address("b")


def test_nothing_is_watched_by_default() -> None:
    assert WatchHistory([]).at(Slot(0)) == WatchSet()


def test_an_address_is_watched_from_its_slot_until_its_end() -> None:
    history = WatchHistory(
        [
            Watched(A, WatchKind.MINT, Slot(5), Slot(9)),
            Watched(A, WatchKind.MINT, Slot(12), None),
            Watched(B, WatchKind.SIGNER, Slot(9), None),
        ]
    )
    seen = {
        slot: (A in history.at(Slot(slot)).mints, B in history.at(Slot(slot)).signers) for slot in range(14)
    }
    assert [slot for slot, (mint, _) in seen.items() if mint] == [5, 6, 7, 8, 12, 13]
    assert [slot for slot, (_, signer) in seen.items() if signer] == [9, 10, 11, 12, 13]


def test_what_lasts_is_what_has_no_end_wherever_it_begins() -> None:
    ended = Watched(A, WatchKind.SIGNER, Slot(5), Slot(9))
    to_come = Watched(B, WatchKind.SIGNER, Slot(40), None)
    history = WatchHistory([ended, to_come])
    assert history.lasting == WatchSet(signers=frozenset({B}))
    assert history.entries == {to_come, ended}
    assert history.at(Slot(20)) == WatchSet()


def test_kinds_do_not_mix() -> None:
    watch = WatchHistory([Watched(A, kind, Slot(0), None) for kind in WatchKind]).at(Slot(3))
    assert all(watch.of_kind(kind) == {A} for kind in WatchKind)
    assert watch.addresses == {A}
    only = WatchHistory([Watched(A, WatchKind.LAMPORTS, Slot(0), None)]).at(Slot(3))
    assert only == WatchSet(lamports=frozenset({A}))
