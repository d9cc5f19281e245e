//! Energy mint, market settlement and certificates of the GridTokenX market.
//!
//! Wire-compatible with Anchor: 8-byte discriminators, borsh arguments, events as calls of the program to
//! itself, error codes from 6000. `idl.json` describes it.
#![cfg_attr(any(target_os = "solana", target_arch = "bpf"), no_std)]

extern crate alloc;

#[cfg(target_arch = "bpf")]
use sbf_rt as _;

mod accounts;
mod args;
mod calendar;
mod clock;
mod cpi;
mod create;
mod discriminator;
pub mod entrypoint;
mod error;
mod event;
mod instructions;
mod layout;
mod math;
mod merkle;
mod sha256;
mod state;
mod token;

pub use error::GridError;

/// What every fallible step returns.
pub type Outcome<T = ()> = Result<T, pinocchio::error::ProgramError>;
