"""The body of a simulation: the answer of simulateTransaction and the data of a preflight failure."""

from __future__ import annotations

from gridtokenx_indexer.localnet.encode.instructions import inner_parsed
from gridtokenx_indexer.localnet.encode.transactions import return_data, token_balances
from gridtokenx_indexer.localnet.svm.simulation import Simulation


def failed_preflight(simulation: Simulation) -> dict[str, object]:
    executed = simulation.executed
    return {
        "accounts": None,
        "err": simulation.err,
        "fee": executed.fee_lamports if executed and simulation.is_charged else None,
        "innerInstructions": None,
        "loadedAccountsDataSize": executed.loaded_data_bytes if executed else 0,
        "loadedAddresses": None,
        "logs": executed.logs if executed else [],
        "postBalances": None,
        "postTokenBalances": None,
        "preBalances": None,
        "preTokenBalances": None,
        "replacementBlockhash": None,
        "returnData": return_data(executed.return_data) if executed else None,
        "unitsConsumed": executed.compute_units if executed else 0,
    }


def simulation_member(
    simulation: Simulation,
    accounts: list[object] | None,
    replacement: dict[str, object] | None,
    loaded: dict[str, list[str]],
    *,
    with_inner: bool,
) -> dict[str, object]:
    body = failed_preflight(simulation)
    body["accounts"] = accounts
    body["replacementBlockhash"] = replacement
    executed = simulation.executed
    body["loadedAddresses"] = loaded
    if executed is None:
        return body
    body["preBalances"] = executed.pre_balances
    body["postBalances"] = executed.post_balances
    body["preTokenBalances"] = token_balances(executed.pre_token_balances, zero_is_null=False)
    body["postTokenBalances"] = token_balances(executed.post_token_balances, zero_is_null=False)
    if with_inner:
        body["innerInstructions"] = inner_parsed(executed)
    return body
