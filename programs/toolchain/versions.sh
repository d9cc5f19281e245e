#!/usr/bin/env bash
# What decides the bytes of a program: the compiler, LLVM, and the files of this directory.
set -euo pipefail
cd "$(dirname "$0")"
/usr/bin/rustc --version
echo "llvm $(/usr/lib/llvm-22/bin/llvm-config --version)"
cat packages
sha256sum sbf-link sbf-lower.cpp
