"""Placing the sections that the entry point reaches: code, constants, constants with addresses."""

from __future__ import annotations

from dataclasses import dataclass

from sbf_link.elf_object import SHN_LORESERVE, ObjectFile, Section
from sbf_link.failure import fail
from sbf_link.names import ENTRY

ELF_HEADER_BYTES, PROGRAM_HEADER_BYTES, PROGRAM_HEADERS = 64, 56, 3
BASE = ELF_HEADER_BYTES + PROGRAM_HEADERS * PROGRAM_HEADER_BYTES
"""Where the image starts in the file. In SBPF v0 an address is its offset in the file."""
TEXT, RODATA, RELRO = ".text", ".rodata", ".data.rel.ro"


@dataclass(frozen=True)
class Image:
    """The bytes from `BASE` on, and where each section of the object stands."""

    data: bytearray
    address: dict[int, int]
    bounds: dict[str, tuple[int, int]]
    """Start and size of each group."""
    entry: int

    @property
    def end(self) -> int:
        return BASE + len(self.data)


def place(source: ObjectFile) -> Image:
    """The image before relocation."""
    entry = next((symbol for symbol in source.symbols if symbol.name == ENTRY and symbol.section), None)
    if entry is None:
        fail(f"no `{ENTRY}`")
    groups: dict[str, list[int]] = {TEXT: [], RODATA: [], RELRO: []}
    for index in _reachable(source, entry.section):
        groups[_group(source.sections[index])].append(index)
    groups[TEXT].sort(key=lambda index: (index != entry.section, index))

    address: dict[int, int] = {}
    bounds: dict[str, tuple[int, int]] = {}
    position = BASE
    for group, indexes in groups.items():
        position = position if group == TEXT else _aligned(position, 16)
        start = position
        for index in indexes:
            position = _aligned(position, source.sections[index].align)
            address[index] = position
            position += source.sections[index].size
        bounds[group] = (start, position - start)
    data = bytearray(_aligned(position, 8) - BASE)
    for index, at in address.items():
        section = source.sections[index]
        data[at - BASE : at - BASE + section.size] = section.data
    return Image(data, address, bounds, address[entry.section] + entry.value)


def _reachable(source: ObjectFile, start: int) -> list[int]:
    seen, waiting = {start}, [start]
    while waiting:
        for relocation in source.sections[waiting.pop()].relocations:
            target = source.symbols[relocation.symbol].section
            if target and target < SHN_LORESERVE and target not in seen:
                seen.add(target)
                waiting.append(target)
    return sorted(seen)


def _group(section: Section) -> str:
    if section.is_code:
        return TEXT
    if section.name.startswith(RELRO):
        return RELRO
    if section.is_empty_memory or section.name.startswith((".bss", ".data")):
        fail(f"a program cannot have writable data: {section.name} ({section.size} bytes)")
    if not section.name.startswith(RODATA):
        fail(f"unexpected section {section.name}")
    return RODATA


def _aligned(position: int, to: int) -> int:
    return (position + to - 1) // to * to
