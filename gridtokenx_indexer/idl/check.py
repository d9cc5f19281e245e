"""What `idl check` says about an IDL file."""

from __future__ import annotations

from dataclasses import dataclass

from gridtokenx_indexer.idl.nodes import Generation, IdlError
from gridtokenx_indexer.idl.program import ItemTable, compile_idl


@dataclass(frozen=True, slots=True)
class CheckedItem:
    kind: str
    name: str
    discriminator: str
    """Hex."""
    min_size: int | None
    """Bytes after the discriminator, None when the item cannot be read."""
    fixed: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class IdlReport:
    name: str
    address: str | None
    generation: Generation
    sha256: str
    items: tuple[CheckedItem, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(f"{item.kind} {item.name}: {item.problem}" for item in self.items if item.problem)


def check_idl(text: str | bytes) -> IdlReport:
    """Compiles every item; raises `IdlError` for text that is no IDL or has colliding discriminators."""
    layout = compile_idl(text)
    tables = {"event": layout.events, "account": layout.accounts, "instruction": layout.instructions}
    return IdlReport(
        layout.name,
        layout.address,
        layout.generation,
        layout.sha256.hex(),
        tuple(item for kind, table in tables.items() for item in _items(kind, table)),
    )


def _items(kind: str, table: ItemTable) -> list[CheckedItem]:
    return [
        CheckedItem(kind, name, discriminator.hex(), None, False, reader.message)
        if isinstance(reader, IdlError)
        else CheckedItem(kind, name, discriminator.hex(), reader.min_size, reader.fixed, None)
        for discriminator, (name, reader) in table.readers.items()
    ]
