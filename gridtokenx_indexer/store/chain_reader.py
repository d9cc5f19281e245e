"""What a restart needs to know: the cursor, the blocks not yet final, the layouts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gridtokenx_indexer.domain.ids import Address, Blockhash, BlockHeight, Slot
from gridtokenx_indexer.idl.program import compile_idl
from gridtokenx_indexer.idl.registry import IdlRegistry
from gridtokenx_indexer.source.chain import BlockLink, ChainWindow
from gridtokenx_indexer.store.chain_writer import ChainIdentity
from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load


@dataclass(frozen=True, slots=True)
class StoredChain:
    identity: ChainIdentity
    window: ChainWindow


@dataclass(frozen=True, slots=True)
class IdlText:
    """An IDL as given; it holds from a slot on."""

    program: Address
    text: str
    from_slot: Slot | None = None
    """None: from the anchor for a program's first IDL, from the next slot when the text has changed."""


async def read_chain(connection: Pool | Connection) -> StoredChain | None:
    """None before the anchor was written."""
    queries = load("chain")
    row = await connection.fetchrow(queries["cursor"])
    if row is None:
        return None
    identity = ChainIdentity(
        Blockhash(row["genesis_hash"]),
        Address(row["program_id"]),
        Slot(row["anchor_slot"]),
        Address(row["energy_mint"]) if row["energy_mint"] is not None else None,
    )
    blocks = await connection.fetch(queries["window"], row["finalized_slot"])
    return StoredChain(
        identity,
        ChainWindow(
            BlockLink(
                Slot(block["slot"]),
                Slot(block["parent_slot"]),
                Blockhash(block["blockhash"]),
                Blockhash(block["previous_blockhash"]),
                BlockHeight(block["block_height"]),
                block["block_time"],
            )
            for block in blocks
        ),
    )


async def read_positions(connection: Pool | Connection) -> tuple[Slot, Slot] | None:
    """The head and the last final slot; None before the anchor was written."""
    row = await connection.fetchrow(load("chain")["cursor"])
    return (Slot(row["head_slot"]), Slot(row["finalized_slot"])) if row is not None else None


async def read_idls(connection: Pool | Connection) -> IdlRegistry:
    """Raises `IdlError` for a stored IDL that this release cannot read."""
    registry = IdlRegistry()
    for row in await connection.fetch(load("chain")["idls"]):
        registry.add(Address(row["program_id"]), Slot(row["from_slot"]), compile_idl(row["idl"]))
    return registry


async def update_idls(connection: Connection, given: Iterable[IdlText], next_slot: Slot) -> IdlRegistry:
    """Registers IDLs that are new or have changed; raises `IdlError` for one that cannot be read."""
    registry = await read_idls(connection)
    for idl in given:
        layout = compile_idl(idl.text)
        latest = registry.layout_at(idl.program, Slot(2**62))
        from_slot = idl.from_slot
        if from_slot is None:
            if latest is not None and latest.sha256 == layout.sha256:
                continue
            from_slot = Slot(0) if latest is None else next_slot
        await connection.execute(
            load("chain")["register_idl"], idl.program, from_slot, layout.sha256, idl.text
        )
        registry.add(idl.program, from_slot, layout)
    return registry
