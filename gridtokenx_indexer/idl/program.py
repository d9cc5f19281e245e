"""A program's compiled layouts: from a discriminator to a name and a reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from gridtokenx_indexer.idl.layout import LayoutCompiler
from gridtokenx_indexer.idl.nodes import Defined, Generation, Idl, IdlError, Item
from gridtokenx_indexer.idl.readers import BytesError, Reader
from gridtokenx_indexer.idl.spec import parse_idl


class UnknownItemError(BytesError):
    """No discriminator of the program starts these bytes."""


class RefusedLayoutError(BytesError):
    """The IDL knows the item, but with a construct that cannot be read."""


@dataclass(frozen=True, slots=True)
class Decoded:
    name: str
    data: object


class ItemTable:
    """The events, accounts or instructions of one program."""

    def __init__(self, kind: str, items: Iterable[Item], compiler: LayoutCompiler) -> None:
        self._readers: dict[bytes, tuple[str, Reader | IdlError]] = {}
        for item in items:
            if not item.discriminator:
                raise IdlError(f"{kind} {item.name} has no discriminator", remedy="rebuild the IDL")
            for other, (name, _) in self._readers.items():
                if item.discriminator.startswith(other) or other.startswith(item.discriminator):
                    raise IdlError(
                        f"{kind}s {name} and {item.name} share the discriminator {other.hex()}",
                        remedy="give one of them another discriminator",
                    )
            self._readers[item.discriminator] = (item.name, _compiled(item, compiler))
        self._lengths = sorted({len(discriminator) for discriminator in self._readers})

    @property
    def readers(self) -> dict[bytes, tuple[str, Reader | IdlError]]:
        return self._readers

    def decode(self, data: bytes, *, exact: bool = True) -> Decoded:
        """Raises `UnknownItemError`, `RefusedLayoutError`, or `BytesError` for bytes that do not fit exactly.

        `exact=False` allows bytes after the item, as accounts may have.
        """
        for length in self._lengths:
            found = self._readers.get(data[:length])
            if found is not None:
                name, reader = found
                if isinstance(reader, IdlError):
                    raise RefusedLayoutError(f"{name}: {reader.message}")
                value, end = reader.read(data, length)
                if exact and end != len(data):
                    raise BytesError(f"{name}: {len(data) - end} bytes left over")
                return Decoded(name, value)
        raise UnknownItemError(f"no item starts with {data[:8].hex()}")


def _compiled(item: Item, compiler: LayoutCompiler) -> Reader | IdlError:
    """An item that cannot be read must not take the others with it."""
    try:
        if isinstance(item.body, Defined):
            return compiler.type_reader(item.body)
        return compiler.body_reader(item.body)
    except IdlError as error:
        return error


class ProgramLayout:
    """Raises `IdlError` when two items share a discriminator."""

    def __init__(self, idl: Idl, text_sha256: bytes) -> None:
        compiler = LayoutCompiler(idl.types)
        self.name = idl.name
        self.address = idl.address
        self.generation: Generation = idl.generation
        self.sha256 = text_sha256
        self.events = ItemTable("event", idl.events, compiler)
        self.accounts = ItemTable("account", idl.accounts, compiler)
        self.instructions = ItemTable("instruction", idl.instructions, compiler)


def compile_idl(text: str | bytes) -> ProgramLayout:
    """From IDL text; raises `IdlError`."""
    raw = text.encode() if isinstance(text, str) else text
    return ProgramLayout(parse_idl(raw), sha256(raw).digest())
