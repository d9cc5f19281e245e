#!/usr/bin/env bash
# Builds an on-chain program.
#
#   build.sh [--toolchain auto|debian|platform] [--out FILE] [CRATE]
#
# debian    the compiler of programs/toolchain/setup.sh; without --out it refreshes CRATE/CRATE.so, the
#           file that the repository carries, with its hash and the versions it was built with
# platform  `cargo build-sbf`, what a cluster lets you deploy; without --out it leaves target/deploy/
# auto      platform where `cargo build-sbf` exists, else debian (the default)
set -euo pipefail
cd "$(dirname "$0")"

toolchain=auto out="" crate=gridtokenx
while [ $# -gt 0 ]; do
  case $1 in
    --toolchain) toolchain=$2; shift 2 ;;
    --out) out=$(realpath -m "$2"); shift 2 ;;
    -*) echo "build.sh: unknown option $1" >&2; exit 2 ;;
    *) crate=$1; shift ;;
  esac
done
[ -f "$crate/Cargo.toml" ] || { echo "build.sh: no crate $crate under programs/" >&2; exit 2; }
cargo=${CARGO:-cargo}
if [ "$toolchain" = auto ]; then
  if "$cargo" build-sbf --version >/dev/null 2>&1; then toolchain=platform; else toolchain=debian; fi
fi

if [ "$toolchain" = platform ]; then
  "$cargo" build-sbf --manifest-path "$crate/Cargo.toml" -- --locked
  built=target/deploy/$crate.so
  [ -z "$out" ] || cp "$built" "$out"
  sha256sum "${out:-$built}"
  exit
fi
[ "$toolchain" = debian ] || { echo "build.sh: unknown toolchain $toolchain" >&2; exit 2; }

toolchain/check.sh
llvm=/usr/lib/llvm-22
plugin=$PWD/target/toolchain/libsbflower.so
if [ toolchain/sbf-lower.cpp -nt "$plugin" ]; then
  mkdir -p target/toolchain
  # shellcheck disable=SC2046
  g++ -std=c++17 -O1 -fPIC -shared -fno-rtti $($llvm/bin/llvm-config --cppflags) -o "$plugin.$$" toolchain/sbf-lower.cpp
  mv "$plugin.$$" "$plugin"
fi

target=${CARGO_TARGET_DIR:-$PWD/target}
built=$target/bpfel-unknown-none/release/lib$crate.so
# cargo does not watch the linker: without the old output it links with today's.
rm -f "$built" "$target/bpfel-unknown-none/release/deps/lib$crate.so"
export SBF_PLUGIN=$plugin SBF_LLVM_BIN=$llvm/bin CARGO_TARGET_DIR=$target
RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc "$cargo" build --locked --release --lib --package "$crate" \
  --target bpfel-unknown-none -Zbuild-std=core,alloc \
  -Ztrim-paths --config 'profile.release.trim-paths="all"'
if [ -n "$out" ]; then
  cp "$built" "$out"
  sha256sum "$out"
  exit
fi
cp "$built" "$crate/$crate.so"
(cd "$crate" && sha256sum "$crate.so" | tee "$crate.so.sha256")
toolchain/versions.sh "$crate" > "$crate/versions"
