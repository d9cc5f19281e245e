"""The ELF file that the SBPF v0 loader reads: the image, then what it needs to relocate it."""

from __future__ import annotations

import struct

from sbf_link.image import (
    BASE,
    ELF_HEADER_BYTES,
    PROGRAM_HEADER_BYTES,
    PROGRAM_HEADERS,
    RELRO,
    RODATA,
    TEXT,
    Image,
)
from sbf_link.names import ENTRY
from sbf_link.relocate import RELATIVE, Dynamic

_ET_DYN, _EM_BPF = 3, 247
_PT_LOAD, _PT_DYNAMIC = 1, 2
_PROGBITS, _STRTAB, _DYNAMIC, _REL, _DYNSYM = 1, 3, 6, 9, 11
_ALLOC, _WRITE, _EXEC = 2, 1, 4
_SYMBOL_BYTES = 24
_REL_BYTES = _DYN_BYTES = 16
_SECTION_HEADER_BYTES = 64


def write(image: Image, dynamic: Dynamic) -> bytes:
    """The whole file."""
    names, symbols = _symbols(image, dynamic)
    relocations = b"".join(
        struct.pack("<QQ", address, kind | number << 32) for address, kind, number in dynamic.relocations
    )
    dynamic_at = image.end
    symbols_at = dynamic_at + len(_DYNAMIC_TAGS) * _DYN_BYTES
    names_at = symbols_at + len(symbols)
    relocations_at = _aligned(names_at + len(names))
    relative = sum(kind == RELATIVE for _, kind, _ in dynamic.relocations)
    values = (
        4,
        relocations_at,
        len(relocations),
        _REL_BYTES,
        relative,
        symbols_at,
        _SYMBOL_BYTES,
        names_at,
        len(names),
        0,
    )
    table = b"".join(struct.pack("<QQ", *entry) for entry in zip(_DYNAMIC_TAGS, values, strict=True))

    section_names_at = relocations_at + len(relocations)
    sections = _Sections()
    for group, flags in ((TEXT, _ALLOC | _EXEC), (RODATA, _ALLOC), (RELRO, _ALLOC | _WRITE)):
        if group == TEXT or image.bounds[group][1]:
            sections.add(group, _PROGBITS, flags, *image.bounds[group])
    number = sections.count
    strings, dynsym = number + 2, number + 1
    sections.add(".dynamic", _DYNAMIC, _ALLOC | _WRITE, dynamic_at, len(table), strings, entry=_DYN_BYTES)
    sections.add(".dynsym", _DYNSYM, _ALLOC, symbols_at, len(symbols), strings, info=1, entry=_SYMBOL_BYTES)
    sections.add(".dynstr", _STRTAB, _ALLOC, names_at, len(names), align=1)
    sections.add(".rel.dyn", _REL, _ALLOC, relocations_at, len(relocations), dynsym, entry=_REL_BYTES)
    own = len(sections.names) + len(".shstrtab") + 1
    sections.add(".shstrtab", _STRTAB, 0, section_names_at, own, align=1)
    headers_at = _aligned(section_names_at + own)

    text_at, text_size = image.bounds[TEXT]
    rest_at = text_at + text_size
    file = _file_header(image.entry, headers_at, sections.count)
    file += _program_header(_PT_LOAD, 5, text_at, text_size)
    file += _program_header(_PT_LOAD, 4, rest_at, section_names_at - rest_at)
    file += _program_header(_PT_DYNAMIC, 4, dynamic_at, len(table))
    assert len(file) == BASE
    file += bytes(image.data) + table + symbols + names
    file += bytes(relocations_at - len(file)) + relocations + sections.names
    file += bytes(headers_at - len(file)) + sections.headers
    return file


# FLAGS (TEXTREL), REL, RELSZ, RELENT, RELCOUNT, SYMTAB, SYMENT, STRTAB, STRSZ, NULL
_DYNAMIC_TAGS = (0x1E, 17, 18, 19, 0x6FFFFFFA, 6, 11, 5, 10, 0)


def _symbols(image: Image, dynamic: Dynamic) -> tuple[bytes, bytes]:
    """String table and symbol table: the system calls by number, then the entry point."""
    names, offset = b"\0", {}
    for name in [ENTRY, *dynamic.syscalls]:
        offset[name] = len(names)
        names += name.encode() + b"\0"
    symbols = bytes(_SYMBOL_BYTES)
    for name in dynamic.syscalls:
        symbols += struct.pack("<IBBHQQ", offset[name], 0x10, 0, 0, 0, 0)
    return names, symbols + struct.pack("<IBBHQQ", offset[ENTRY], 0x12, 0, 1, image.entry, 0)


class _Sections:
    """Section headers and their names, growing together."""

    def __init__(self) -> None:
        self.names = b"\0"
        self.headers = bytes(_SECTION_HEADER_BYTES)

    @property
    def count(self) -> int:
        return len(self.headers) // _SECTION_HEADER_BYTES

    def add(
        self,
        name: str,
        kind: int,
        flags: int,
        at: int,
        size: int,
        link: int = 0,
        *,
        info: int = 0,
        align: int = 8,
        entry: int = 0,
    ) -> None:
        address = at if flags & _ALLOC else 0
        self.headers += struct.pack(
            "<IIQQQQIIQQ", len(self.names), kind, flags, address, at, size, link, info, align, entry
        )
        self.names += name.encode() + b"\0"


def _file_header(entry: int, sections_at: int, sections: int) -> bytes:
    return (
        b"\x7fELF\x02\x01\x01"
        + bytes(9)
        + struct.pack(
            "<HHIQQQIHHHHHH",
            _ET_DYN,
            _EM_BPF,
            1,
            entry,
            ELF_HEADER_BYTES,
            sections_at,
            0,
            ELF_HEADER_BYTES,
            PROGRAM_HEADER_BYTES,
            PROGRAM_HEADERS,
            _SECTION_HEADER_BYTES,
            sections,
            sections - 1,
        )
    )


def _program_header(kind: int, flags: int, at: int, size: int) -> bytes:
    return struct.pack("<IIQQQQQQ", kind, flags, at, at, at, size, size, 8)


def _aligned(position: int) -> int:
    return (position + 7) // 8 * 8
