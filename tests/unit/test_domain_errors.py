from __future__ import annotations

import pytest

from gridtokenx_indexer.domain.errors import (
    GridTokenXError,
    ParkError,
    RetryableError,
    ShutdownError,
    StopError,
    UsageError,
)


@pytest.mark.parametrize(
    ("kind", "exit_code"),
    [(RetryableError, 75), (ParkError, 1), (StopError, 1), (UsageError, 2), (ShutdownError, 0)],
)
def test_exit_codes_carry_what_the_caller_must_do(kind: type[GridTokenXError], exit_code: int) -> None:
    assert kind("x").exit_code == exit_code


def test_the_text_names_the_problem_and_the_remedy() -> None:
    error = StopError("the genesis hash differs", remedy="check SOLANA_RPC_URL", stored="a", seen="b")
    assert str(error) == "the genesis hash differs; check SOLANA_RPC_URL"
    assert error.fields == {"stored": "a", "seen": "b"}
    assert str(StopError("no key")) == "no key"
