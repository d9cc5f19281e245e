//! Run-time helpers that `toolchain/sbf-link` calls in place of operations the
//! upstream BPF back end refuses: `llvm.mem*`, 128-bit multiply / divide /
//! variable shift, overflow-checked 64-bit multiply, signed division.
//!
//! Everything here works on `u64` only; the linker refuses to lower one of
//! these operations inside a function of this crate (it would recurse).
#![no_std]
// Called by what `sbf-lower` puts in their place, never by hand.
#![allow(clippy::missing_safety_doc)]

#[cfg(target_arch = "bpf")]
mod mem;
pub mod wide;
