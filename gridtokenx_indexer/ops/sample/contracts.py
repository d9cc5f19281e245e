"""The program of the sample's chain, and how it was called last."""

from __future__ import annotations

from collections.abc import Iterator

from gridtokenx_indexer.ops.sample.chain_rows import compute_units
from gridtokenx_indexer.ops.sample.chunk import Chunk, chunk
from gridtokenx_indexer.ops.sample.world import World

_CALLS = 1_000


def contracts(world: World) -> Iterator[Chunk]:
    chain = world.chain
    program, deployer = chain.terms.program_id, chain.key("deployer")
    yield chunk(
        "blockchain.smart_contracts",
        "contract_address deployer contract_name abi status gas_used storage_rent deployed_at",
        [
            (
                chain.key("first program"),
                deployer,
                "gridtokenx trial",
                {"metadata": {"name": "gridtokenx", "version": "0.0.1"}},
                "destroyed",
                1_400_000,
                0,
                world.ago(days=900),
            ),
            (
                program,
                deployer,
                "gridtokenx",
                {"metadata": {"name": "gridtokenx", "version": "0.1.0"}},
                "active",
                1_900_000,
                "1.85",
                world.ago(days=600),
            ),
        ],
    )
    called = [one for one in chain.transactions if one.slot is not None][-_CALLS:]
    yield chunk(
        "blockchain.contract_executions",
        "transaction_hash contract_address caller method_name input_data output_data gas_used status"
        " error_message executed_at",
        [
            (
                one.signature,
                program,
                one.signer,
                one.method,
                {"operations": list(one.operations)},
                {"events": [event.name for event in one.events]} if one.error is None else None,
                compute_units(one),
                "success" if one.error is None else "failed",
                None if one.error is None else "the program is paused",
                chain.time_of(one.slot),
            )
            for one in called
            if one.slot is not None
        ],
    )
