"""From bitcode to one object file, by LLVM's own tools and the sbf-lower plugin."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from sbf_link import archive
from sbf_link.failure import fail
from sbf_link.names import ENTRY, RUNTIME

_BITCODE = (b"BC\xc0\xde", b"\xde\xc0\x17\x0b")
# rustc adds these to an rlib and its command line; no code is in them.
_NOT_CODE = (".rmeta", "symbols.o")


def object_file(inputs: Sequence[Path], folder: Path, level: str) -> bytes:
    """Merge `inputs` (bitcode files and rlibs of them), optimize, lower and compile.

    Intermediate files are left in `folder`.
    """
    llvm = Path(os.environ["SBF_LLVM_BIN"])
    modules = []
    for number, body in enumerate(_bitcode(inputs)):
        modules.append(folder / f"{number:03}.bc")
        modules[-1].write_bytes(body)
    merged, optimized, compiled = folder / "merged.bc", folder / "opt.bc", folder / "out.o"
    _run(llvm / "llvm-link", "-o", merged, *modules)
    _run(
        llvm / "opt",
        f"-load-pass-plugin={os.environ['SBF_PLUGIN']}",
        f"-passes=internalize,globaldce,default<O{level}>,globaldce,sbf-lower,globaldce",
        "-internalize-public-api-list=" + ",".join([ENTRY, *RUNTIME]),
        "-o",
        optimized,
        merged,
    )
    _run(
        llvm / "llc",
        f"-O{level if level in '0123' else 2}",
        "-march=bpfel",
        "-mcpu=v2",
        "-mattr=+allows-misaligned-mem-access",
        "-bpf-stack-size=4096",
        "-function-sections",
        "-data-sections",
        "-filetype=obj",
        "-o",
        compiled,
        optimized,
    )
    return compiled.read_bytes()


def _bitcode(inputs: Sequence[Path]) -> Iterator[bytes]:
    for path in inputs:
        data = path.read_bytes()
        is_archive = data.startswith(archive.MAGIC)
        for name, body in archive.members(data) if is_archive else [(path.name, data)]:
            if body.startswith(_BITCODE):
                yield body
            elif not name.endswith(_NOT_CODE):
                fail(f"{path}({name}): not LLVM bitcode")


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    # llc goes on after some errors, and says so on stderr only.
    if done.returncode or "error:" in done.stderr:
        fail(f"{command[0]}: {done.stderr.strip()[:6000]}")
