"""Writing addresses into the image, and noting what the loader has to do itself."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from sbf_link.elf_object import ObjectFile, Relocation, Section, Symbol
from sbf_link.failure import fail
from sbf_link.image import BASE, TEXT, Image
from sbf_link.names import ABORT, CALL, CALLX, LDDW, OPCODES, SYSCALLS, TRAP

RELATIVE, SYSCALL = 8, 10
"""R_BPF_64_RELATIVE and R_BPF_64_32."""
_IN_LDDW, _IN_DATA, _IN_CALL = 1, 2, 10
_PSEUDO_CALL = 0x10


@dataclass
class Dynamic:
    """For the loader: (address, kind, symbol) to relocate, and the system calls by symbol number."""

    relocations: list[tuple[int, int, int]] = field(default_factory=list)
    syscalls: dict[str, int] = field(default_factory=dict)


def relocate(source: ObjectFile, image: Image) -> Dynamic:
    """Fix every address in `image`; anything not understood ends the link."""
    dynamic = Dynamic()
    for index in sorted(image.address, key=image.address.__getitem__):
        section = source.sections[index]
        for relocation in sorted(section.relocations, key=lambda r: (r.offset, r.kind, r.symbol)):
            symbol = source.symbols[relocation.symbol]
            at = image.address[index] + relocation.offset
            if symbol.section == 0:
                _syscall(section, relocation, symbol, image, at, dynamic)
            elif symbol.section in image.address:
                target = image.address[symbol.section] + symbol.value
                _address(section, relocation, image, at, target, dynamic)
            else:
                fail(f"relocation against {symbol.name} in a dropped section")
    _check_code(image)
    return dynamic


def _syscall(
    section: Section, relocation: Relocation, symbol: Symbol, image: Image, at: int, dynamic: Dynamic
) -> None:
    if not (section.is_code and relocation.kind == _IN_CALL):
        fail(f"address of undefined symbol {symbol.name}")
    name = ABORT if symbol.name == TRAP else symbol.name
    if name not in SYSCALLS:
        fail(f"undefined symbol (not a system call): {name} (from {section.name})")
    number = dynamic.syscalls.setdefault(name, len(dynamic.syscalls) + 1)
    image.data[at - BASE + 1] = _PSEUDO_CALL
    struct.pack_into("<i", image.data, at - BASE + 4, -1)
    dynamic.relocations.append((at, SYSCALL, number))


def _address(
    section: Section, relocation: Relocation, image: Image, at: int, target: int, dynamic: Dynamic
) -> None:
    data, here = image.data, at - BASE
    if section.is_code and relocation.kind == _IN_CALL:
        (immediate,) = struct.unpack_from("<i", data, here + 4)
        destination = target + (immediate + 1) * 8
        if data[here] != CALL or (destination - at) % 8:
            fail(f"odd call in {section.name}+{relocation.offset:#x}")
        data[here + 1] = _PSEUDO_CALL
        struct.pack_into("<i", data, here + 4, (destination - at) // 8 - 1)
    elif section.is_code and relocation.kind == _IN_LDDW:
        low, high = (struct.unpack_from("<I", data, here + offset)[0] for offset in (4, 12))
        if data[here] != LDDW:
            fail(f"address outside of lddw in {section.name}+{relocation.offset:#x}")
        destination = _within(image, target + (high << 32 | low), section)
        struct.pack_into("<I", data, here + 4, destination)
        struct.pack_into("<I", data, here + 12, 0)
        dynamic.relocations.append((at, RELATIVE, 0))
    elif not section.is_code and relocation.kind == _IN_DATA:
        (addend,) = struct.unpack_from("<Q", data, here)
        # The v0 loader reads an address in data from its upper half.
        struct.pack_into("<II", data, here, 0, _within(image, target + addend, section))
        dynamic.relocations.append((at, RELATIVE, 0))
    else:
        fail(f"relocation of kind {relocation.kind} in {section.name}")


def _within(image: Image, destination: int, section: Section) -> int:
    destination &= (1 << 64) - 1
    if not BASE <= destination <= image.end:
        fail(f"address out of range in {section.name}")
    return destination


def _check_code(image: Image) -> None:
    """Only v0 instructions; an indirect call's register moves to where v0 looks for it."""
    start, size = image.bounds[TEXT]
    here, end = start - BASE, start - BASE + size
    while here < end:
        opcode = image.data[here]
        if opcode not in OPCODES:
            fail(f"opcode {opcode:#x} is not SBPF v0 (at {BASE + here:#x})")
        if opcode == CALLX:
            registers = image.data[here + 1]
            register = registers & 15 or registers >> 4 or image.data[here + 4]
            image.data[here + 1] = 0
            struct.pack_into("<i", image.data, here + 4, register)
        here += 16 if opcode == LDDW else 8
