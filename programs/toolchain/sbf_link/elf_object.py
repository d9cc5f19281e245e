"""Reading the relocatable object that llc writes."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from sbf_link.failure import fail

_ET_REL, _EM_BPF = 1, 247
_SYMTAB, _RELA, _NOBITS, _REL, _SYMTAB_SHNDX = 2, 4, 8, 9, 18
_SHN_XINDEX = 0xFFFF
SHN_LORESERVE = 0xFF00
_SHF_EXECINSTR = 4


@dataclass(frozen=True)
class Relocation:
    offset: int
    kind: int
    symbol: int


@dataclass
class Section:
    name: str
    kind: int
    flags: int
    data: bytes
    size: int
    link: int
    info: int
    align: int
    relocations: list[Relocation] = field(default_factory=list)

    @property
    def is_code(self) -> bool:
        return bool(self.flags & _SHF_EXECINSTR)

    @property
    def is_empty_memory(self) -> bool:
        """Takes memory, but no bytes of the file: .bss."""
        return self.kind == _NOBITS


@dataclass(frozen=True)
class Symbol:
    name: str
    section: int
    """0: undefined."""
    value: int


@dataclass(frozen=True)
class ObjectFile:
    sections: list[Section]
    symbols: list[Symbol]


def read(data: bytes) -> ObjectFile:
    """Sections with their relocations, and symbols."""
    if data[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<HH", data, 16) != (_ET_REL, _EM_BPF):
        fail("llc did not write a little-endian BPF object")
    sections = _sections(data)
    table = next(section for section in sections if section.kind == _SYMTAB)
    extended = next((section.data for section in sections if section.kind == _SYMTAB_SHNDX), None)
    symbols = _symbols(table, sections[table.link].data, extended)
    for section in sections:
        if section.kind == _RELA:
            fail("relocations with addends")
        if section.kind == _REL:
            sections[section.info].relocations = [
                Relocation(offset, info & 0xFFFFFFFF, info >> 32)
                for offset, info in struct.iter_unpack("<QQ", section.data)
            ]
    return ObjectFile(sections, symbols)


def _sections(data: bytes) -> list[Section]:
    (at,) = struct.unpack_from("<Q", data, 40)
    entry, count, names = struct.unpack_from("<HHH", data, 58)
    # More sections than 16 bits count stand in the first, empty section header.
    if count == 0:
        (count,) = struct.unpack_from("<Q", data, at + 32)
    if names == _SHN_XINDEX:
        (names,) = struct.unpack_from("<I", data, at + 40)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, at + n * entry) for n in range(count)]
    name_table = headers[names][4]
    sections = []
    for name, kind, flags, _address, offset, size, link, info, align, _entry in headers:
        body = b"" if kind == _NOBITS else data[offset : offset + size]
        text = _text(data, name_table + name)
        sections.append(Section(text, kind, flags, body, size, link, info, max(align, 1)))
    return sections


def _symbols(table: Section, names: bytes, extended: bytes | None) -> list[Symbol]:
    symbols = []
    for number, (name, _info, _other, section, value, _size) in enumerate(
        struct.iter_unpack("<IBBHQQ", table.data)
    ):
        if section == _SHN_XINDEX:
            if extended is None:
                fail("a symbol's section is missing")
            (section,) = struct.unpack_from("<I", extended, number * 4)
        symbols.append(Symbol(_text(names, name), section, value))
    return symbols


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode()
