#!/usr/bin/env bash
# What decides the bytes of a program: its sources, this directory, the compiler and LLVM.
#
#   versions.sh CRATE            all of it; needs the compiler
#   versions.sh --sources CRATE  the digest of the files only
set -euo pipefail
cd "$(dirname "$0")/.."
only_sources=no
if [ "$1" = --sources ]; then only_sources=yes; shift; fi
crate=$1
files=$(
  printf '%s\n' .cargo/config.toml Cargo.toml Cargo.lock toolchain/packages toolchain/sbf-link toolchain/sbf-lower.cpp
  find toolchain/sbf-rt toolchain/sbf_link "$crate/src" -type f \( -name "*.rs" -o -name "*.py" -o -name Cargo.toml \)
  echo "$crate/Cargo.toml"
)
echo "sources sha256 $(printf '%s\n' "$files" | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)"
[ $only_sources = no ] || exit 0
/usr/bin/rustc --version
echo "llvm $(/usr/lib/llvm-22/bin/llvm-config --version)"
cat toolchain/packages
