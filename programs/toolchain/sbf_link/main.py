"""The command line that rustc gives its linker for bpfel-unknown-none."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sbf_link import elf_object, image, llvm, relocate, shared_object

_WITH_VALUE = {"--export-symbols", "-L", "--cpu", "--cpu-features", "--target", "--emit"}


def main(arguments: Sequence[str]) -> None:
    """Link; `SBF_KEEP` names a folder for the intermediate files, `SBF_VERBOSE` prints figures."""
    inputs, output, level = [], Path("a.so"), "3"
    words = iter(arguments)
    for word in words:
        if word in _WITH_VALUE:
            next(words)
        elif word == "-o":
            output = Path(next(words))
        elif word.startswith("-O"):
            level = word[2:] or "3"
        elif not word.startswith("-"):
            inputs.append(Path(word))
    with tempfile.TemporaryDirectory() as folder:
        compiled = llvm.object_file(inputs, Path(os.environ.get("SBF_KEEP", folder)), level)
    source = elf_object.read(compiled)
    placed = image.place(source)
    dynamic = relocate.relocate(source, placed)
    output.write_bytes(shared_object.write(placed, dynamic))
    if os.environ.get("SBF_VERBOSE"):
        sizes = {group: size for group, (_, size) in placed.bounds.items()}
        sys.stderr.write(f"{sizes} {len(dynamic.relocations)} {sorted(dynamic.syscalls)}\n")
