"""Who emitted an event, counted once, and never taken from a forger."""

from __future__ import annotations

from typing import Any

import pytest

from gridtokenx_indexer.decode.facts import EventSource, ParkReason
from tests.support.transactions import (
    OTHER,
    OURS,
    SPL,
    call,
    counted,
    cpi_event,
    data_line,
    facts,
    invoke,
    success,
    transaction,
)


def emitted(written: dict[str, Any]) -> list[tuple[str, int, str, EventSource]]:
    return [
        (str(event.path), event.ordinal, event.data["n"], event.source)  # type: ignore[index]
        for event in facts(written).events
    ]


def test_a_call_to_itself_is_the_events_of_its_caller() -> None:
    written = transaction([call(OURS)], {0: [cpi_event(counted(1)), cpi_event(counted(2))]})
    assert emitted(written) == [("0", 0, "1", EventSource.CPI), ("0", 1, "2", EventSource.CPI)]


def test_equal_events_of_one_call_all_stay() -> None:
    written = transaction([call(OURS)], {0: [cpi_event(counted(1)), cpi_event(counted(1))]})
    assert [ordinal for _, ordinal, _, _ in emitted(written)] == [0, 1]


def test_an_event_below_another_program_belongs_to_the_inner_call() -> None:
    inner = [call(OURS, b"x", height=2), cpi_event(counted(3), height=3)]
    assert emitted(transaction([call(OTHER)], {0: inner})) == [("0.0", 0, "3", EventSource.CPI)]


@pytest.mark.parametrize(
    ("calls", "inner"),
    [
        ([cpi_event(counted(1), height=1)], {}),
        ([call(OTHER)], {0: [cpi_event(counted(1))]}),
        ([call(OURS)], {0: [call(OTHER, height=2), cpi_event(counted(1), height=3)]}),
        ([call(OURS)], {0: [cpi_event(counted(1), height=None)]}),
    ],
    ids=["top level", "through another program", "through a program that ours called", "unknown height"],
)
def test_a_forged_event_is_counted_and_ignored(
    calls: list[dict[str, Any]], inner: dict[int, list[dict[str, Any]]]
) -> None:
    found = facts(transaction(calls, inner))
    assert found.events == ()
    assert found.parked == ()
    assert found.forged_events == 1


def test_a_sibling_call_of_ours_does_not_lend_its_name() -> None:
    inner = [call(OURS, b"x", height=2), call(OTHER, height=2), cpi_event(counted(1), height=3)]
    found = facts(transaction([call(OTHER)], {0: inner}))
    assert (found.events, found.forged_events) == ((), 1)


def test_a_log_line_belongs_to_the_program_on_top_of_the_stack() -> None:
    logs = [
        invoke(OURS, 1),
        invoke(OTHER, 2),
        data_line(counted(9)),
        success(OTHER),
        data_line(counted(4)),
        success(OURS),
    ]
    written = transaction([call(OURS)], {0: [call(OTHER, height=2)]}, logs)
    assert emitted(written) == [("0", 0, "4", EventSource.LOG)]


def test_text_that_a_program_logs_cannot_change_the_stack() -> None:
    logs = [
        invoke(OTHER, 1),
        f"Program log: {invoke(OURS, 2)}",
        f"Program log: {success(OTHER)}",
        data_line(counted(4)),
        success(OTHER),
        invoke(OURS, 1),
        success(OURS),
    ]
    assert emitted(transaction([call(OTHER), call(OURS)], {}, logs)) == []


def test_the_same_event_logged_and_called_counts_once() -> None:
    logs = [invoke(OURS, 1), data_line(counted(5)), invoke(OURS, 2), success(OURS), success(OURS)]
    written = transaction([call(OURS)], {0: [cpi_event(counted(5))]}, logs)
    assert emitted(written) == [("0", 0, "5", EventSource.BOTH)]


def test_a_cut_log_does_not_shift_the_ordinals_of_called_events() -> None:
    logs = [invoke(OURS, 1), data_line(counted(6)), invoke(OURS, 2), success(OURS), success(OURS)]
    whole = transaction([call(OURS)], {0: [cpi_event(counted(5))]}, logs)
    cut = transaction([call(OURS)], {0: [cpi_event(counted(5))]}, [logs[0], "Log truncated"])
    assert emitted(whole)[0] == emitted(cut)[0] == ("0", 0, "5", EventSource.CPI)
    assert emitted(whole)[1] == ("0", 1, "6", EventSource.LOG)
    assert facts(cut).log_truncated


def test_a_line_after_the_cut_is_parked_since_its_writer_is_unknown() -> None:
    logs = [invoke(OURS, 1), "Log truncated", data_line(counted(8)), success(OURS)]
    found = facts(transaction([call(OURS)], {}, logs))
    assert found.events == ()
    assert [(item.reason, item.payload) for item in found.parked] == [
        (ParkReason.UNATTRIBUTED_LOG, counted(8))
    ]


def test_a_line_after_the_cut_that_a_call_repeats_is_that_call() -> None:
    logs = [invoke(OURS, 1), "Log truncated", data_line(counted(8)), success(OURS)]
    written = transaction([call(OURS)], {0: [cpi_event(counted(8))]}, logs)
    assert emitted(written) == [("0", 0, "8", EventSource.BOTH)]
    assert facts(written).parked == ()


def test_missing_logs_count_as_cut() -> None:
    assert facts(transaction([call(OURS)], logMessages=None)).log_truncated


def test_calls_that_log_nothing_are_passed_over() -> None:
    logs = [
        invoke(OURS, 1),
        data_line(counted(1)),
        success(OURS),
        invoke(OURS, 1),
        data_line(counted(2)),
        success(OURS),
    ]
    written = transaction([call(SPL, b"\x00"), call(OURS), call(OTHER), call(OURS)], {}, logs)
    assert [(path, n) for path, _, n, _ in emitted(written)] == [("1", "1"), ("3", "2")]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (counted(1) + b"\x00", ParkReason.BAD_BYTES),
        (counted(1)[:-1], ParkReason.BAD_BYTES),
        (b"unknown!" + bytes(8), ParkReason.UNKNOWN_EVENT),
        (b"", ParkReason.UNKNOWN_EVENT),
    ],
    ids=["longer", "shorter", "unknown", "empty"],
)
def test_what_does_not_fit_is_parked_with_its_bytes(payload: bytes, reason: ParkReason) -> None:
    for written in (
        transaction([call(OURS)], {0: [cpi_event(payload)]}),
        transaction([call(OURS)], {}, [invoke(OURS, 1), data_line(payload), success(OURS)]),
    ):
        found = facts(written)
        assert found.events == ()
        (item,) = found.parked
        assert (item.reason, item.payload, str(item.path), item.program) == (reason, payload, "0", OURS)


def test_a_failed_transaction_has_no_events() -> None:
    logs = [invoke(OURS, 1), data_line(counted(1)), success(OURS)]
    error = {"InstructionError": [0, {"Custom": 1}]}
    found = facts(transaction([call(OURS)], {0: [cpi_event(counted(2))]}, logs, err=error))
    assert (found.events, found.supply, found.failed, found.error) == ((), (), True, error)
