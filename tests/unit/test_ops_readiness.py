from __future__ import annotations

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.daemon.status import readiness
from gridtokenx_indexer.ops.endpoints import rpc_urls


@pytest.mark.parametrize(
    ("head", "tip", "trouble", "ready", "lag"),
    [
        (100, 100, {}, True, 0),
        (90, 100, {}, True, 10),
        (89, 100, {}, False, 11),
        (105, 100, {}, True, 0),
        (None, 100, {}, False, None),
        (100, 0, {}, False, None),
        (100, 100, {"minter": "no lamports"}, False, 0),
    ],
)
def test_ready_means_caught_up_and_out_of_trouble(
    head: int | None, tip: int, trouble: dict[str, str], ready: bool, lag: int | None
) -> None:
    answer = readiness(head, tip, 10, trouble)
    assert (answer.ready, answer.lag_slots) == (ready, lag)
    assert answer.ready == (not answer.reasons)


def test_the_reasons_name_figures_and_services() -> None:
    answer = readiness(1, 100, 10, {"minter": "no lamports"})
    assert answer.reasons == ["minter: no lamports", "99 slots behind the tip, 10 are allowed"]


def test_monikers_in_full_and_by_letter() -> None:
    assert rpc_urls(["m", "devnet", "l"]) == (
        "https://api.mainnet-beta.solana.com",
        "https://api.devnet.solana.com",
        "http://127.0.0.1:8899",
    )
    assert rpc_urls([" https://node.example/key "]) == ("https://node.example/key",)


@pytest.mark.parametrize("name", ["mainnet", "ftp://x", "http://", "x"])
def test_anything_else_is_no_endpoint(name: str) -> None:
    with pytest.raises(UsageError, match="no RPC endpoint"):
        rpc_urls([name])


def test_no_endpoint_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match="no RPC endpoint is given"):
        rpc_urls([])
