"""The bytes of a transaction, read as the real node reads them."""

from __future__ import annotations

from functools import cached_property

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.base58 import b58encode

VERSION_BIT = 0x80


class WireError(ValueError):
    """The bytes end before the transaction does; the message says what was being read."""


class SanitizeError(ValueError):
    """The bytes parse but contradict themselves."""


class WireInstruction:
    __slots__ = ("accounts", "data", "program_index")

    def __init__(self, program_index: int, accounts: bytes, data: bytes) -> None:
        self.program_index = program_index
        self.accounts = accounts
        self.data = data


class WireLookup:
    __slots__ = ("readonly", "table", "writable")

    def __init__(self, table: Pubkey, writable: bytes, readonly: bytes) -> None:
        self.table = table
        self.writable = writable
        self.readonly = readonly


class WireMessage:
    """A legacy (`version` None) or version 0 message; other versions stop after the prefix."""

    def __init__(self, data: bytes, offset: int = 0) -> None:
        reader = _Reader(data, offset)
        first = reader.byte()
        self.version: int | None = None
        if first & VERSION_BIT:
            self.version = first & 0x7F
            if self.version != 0:
                self.data = data[offset:]
                self.end = len(data)
                return
            first = reader.byte()
        self.required_signatures = first
        self.readonly_signed = reader.byte()
        self.readonly_unsigned = reader.byte()
        keys = reader.take(reader.length() * 32)
        self.keys = tuple(Pubkey(keys[at : at + 32]) for at in range(0, len(keys), 32))
        self.blockhash = b58encode(reader.take(32))
        self.instructions = tuple(reader.instruction() for _ in range(reader.length()))
        self.lookups: tuple[WireLookup, ...] = ()
        if self.version == 0:
            self.lookups = tuple(reader.lookup() for _ in range(reader.length()))
        self.end = reader.offset
        self.data = data[offset : self.end]

    @property
    def is_supported(self) -> bool:
        return self.version in (None, 0)

    def sanitize(self) -> None:
        """Raises `SanitizeError` where the real node says that the offsets are wrong."""
        static = len(self.keys)
        total = static + sum(len(each.writable) + len(each.readonly) for each in self.lookups)
        if self.required_signatures + self.readonly_unsigned > static:
            raise SanitizeError("fewer keys than the header counts")
        if self.readonly_signed >= self.required_signatures:
            raise SanitizeError("no writable signer")
        if total > 256 or any(not each.writable and not each.readonly for each in self.lookups):
            raise SanitizeError("lookups out of range")
        for instruction in self.instructions:
            if not 0 < instruction.program_index < static:
                raise SanitizeError("program index out of range")
            if instruction.accounts and max(instruction.accounts) >= total:
                raise SanitizeError("account index out of range")

    def is_static_writable(self, index: int) -> bool:
        if index < self.required_signatures:
            return index < self.required_signatures - self.readonly_signed
        return index < len(self.keys) - self.readonly_unsigned


class WireTransaction:
    """Signatures and message of one transaction; raises `WireError` for bytes that are none.

    From version 1 on a transaction starts with its version byte; of those only the version is read.
    """

    def __init__(self, data: bytes) -> None:
        if data and data[0] & VERSION_BIT:
            self.message = WireMessage(data)
            self.signatures: tuple[bytes, ...] = ()
            self.data = data
            return
        reader = _Reader(data, 0)
        signatures = reader.take(reader.length() * 64)
        self.signatures = tuple(signatures[at : at + 64] for at in range(0, len(signatures), 64))
        self.message = WireMessage(data, reader.offset)
        self.data = data[: self.message.end]

    @cached_property
    def signature(self) -> str:
        return b58encode(self.signatures[0])

    @property
    def keys(self) -> tuple[Pubkey, ...]:
        return self.message.keys

    def sanitize(self) -> None:
        message = self.message
        if not message.required_signatures == len(self.signatures) <= len(message.keys):
            raise SanitizeError("signatures and keys do not match")
        message.sanitize()


class _Reader:
    __slots__ = ("data", "offset")

    def __init__(self, data: bytes, offset: int) -> None:
        self.data = data
        self.offset = offset

    def take(self, count: int) -> bytes:
        end = self.offset + count
        if end > len(self.data):
            raise WireError(f"Attempting to read {count} bytes")
        chunk = self.data[self.offset : end]
        self.offset = end
        return chunk

    def byte(self) -> int:
        return self.take(1)[0]

    def length(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
            shift += 7
            if shift > 14:
                raise WireError("Attempting to read a length above 65535")

    def instruction(self) -> WireInstruction:
        program_index = self.byte()
        accounts = self.take(self.length())
        return WireInstruction(program_index, accounts, self.take(self.length()))

    def lookup(self) -> WireLookup:
        table = Pubkey(self.take(32))
        writable = self.take(self.length())
        return WireLookup(table, writable, self.take(self.length()))
