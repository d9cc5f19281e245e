"""Settings of the local node."""

from __future__ import annotations

from pathlib import Path

import msgspec


class ProgramFile(msgspec.Struct, frozen=True, kw_only=True):
    """A program that the node carries from its genesis on, installed as loader-v3 Program + ProgramData."""

    program_id: str
    """Base58 address."""
    path: Path
    """The `.so` file."""
    upgrade_authority: str | None = None
    """Base58 address written into the ProgramData account; None makes the program final."""


class LocalNodeConfig(msgspec.Struct, frozen=True, kw_only=True):
    host: str = "127.0.0.1"
    port: int = 8899
    """HTTP port; the websocket listens on the next one. 0 takes two free neighbours."""
    slot_ms: int = 250
    """Time between slots. 0 stops the clock: slots pass only on `LocalNode.produce` or `localnet_produce`."""
    confirmation_slots: int = 1
    """Blocks on top that make a block confirmed."""
    finality_slots: int = 32
    """Blocks on top that make a block finalized."""
    seed: str | None = None
    """Same seed, same genesis hash, identity and faucet; None draws them at random."""
    genesis_unix: int | None = None
    """Chain time of the first block, which then ticks on; None takes the wall clock. Chain time never runs
    backwards, so a day in the past must begin in the past."""
    history_blocks: int = 200_000
    """Blocks kept for getBlock and getTransaction; older ones answer -32001."""
    account_locks: int = 64
    """Accounts one transaction may name."""
    block_compute_units: int = 60_000_000
    """Cost at which a block is full; what does not fit waits for the next slot."""
    faucet_lamports: int = 500_000_000_000_000_000
    max_body_bytes: int = 50 * 1024
    """Larger HTTP bodies are answered with 413."""
    programs: tuple[ProgramFile, ...] = ()
