"""Errors as nodes report them, and when to try again."""

from __future__ import annotations

from typing import Any

import pytest

from gridtokenx_indexer.tx.backoff import BackoffConfig, pause_ms
from gridtokenx_indexer.tx.chain_errors import ErrorReading, Reaction, half, react, read_error


@pytest.mark.parametrize(
    ("error", "reading"),
    [
        ("AccountInUse", ErrorReading("AccountInUse")),
        ({"InstructionError": [2, {"Custom": 6024}]}, ErrorReading("Custom", 2, 6024)),
        ({"InstructionError": [1, "InvalidAccountData"]}, ErrorReading("InvalidAccountData", 1)),
        ({"InstructionError": [0, {"BorshIoError": "x"}]}, ErrorReading("BorshIoError", 0)),
        ({"InsufficientFundsForRent": {"account_index": 3}}, ErrorReading("InsufficientFundsForRent")),
        ({"InstructionError": [1]}, ErrorReading("InstructionError")),
        ({"InstructionError": [0, {}]}, ErrorReading("Unreadable", 0)),
        ({}, ErrorReading("Unreadable")),
        (17, ErrorReading("Unreadable")),
    ],
)
def test_errors_are_taken_apart(error: Any, reading: ErrorReading) -> None:
    assert read_error(error) == reading


def reaction(error: Any, operations: int = 1) -> Reaction:
    return react(
        error, operations=operations, permanent_codes={6001: "Never"}, passing_codes={6002: "NotYet"}
    )[0]


def test_only_the_closed_list_rejects() -> None:
    assert reaction({"InstructionError": [0, {"Custom": 6001}]}) is Reaction.REJECT
    assert reaction({"InstructionError": [0, {"Custom": 6002}]}) is Reaction.RETRY
    assert reaction({"InstructionError": [0, {"Custom": 6003}]}) is Reaction.PARK
    assert reaction("InsufficientFundsForFee") is Reaction.RETRY
    assert reaction("SomethingNew") is Reaction.PARK


def test_several_operations_are_never_judged_together() -> None:
    assert reaction({"InstructionError": [0, {"Custom": 6001}]}, operations=2) is Reaction.HALVES
    assert [half(count) for count in (1, 2, 3, 19)] == [1, 1, 2, 10]


def test_pauses_double_up_to_the_limit() -> None:
    config = BackoffConfig(first_ms=100, max_ms=1_000)
    assert [pause_ms(config, failures) for failures in (1, 2, 3, 4, 5, 6, 10_000)] == [
        100,
        200,
        400,
        800,
        1_000,
        1_000,
        1_000,
    ]
    assert pause_ms(config, 0) == 100
