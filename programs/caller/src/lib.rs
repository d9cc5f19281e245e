//! A program for tests only. The first byte of the data says what it does with the rest:
//! 0 calls the program in the first account with the other accounts and the rest as data;
//! 1 does the same after one more byte, a bump, and signs as this program's `__event_authority`;
//! 2 logs the rest as Anchor programs log an event.
#![cfg_attr(any(target_os = "solana", target_arch = "bpf"), no_std)]
#![cfg(any(target_os = "solana", target_arch = "bpf"))]

extern crate alloc;

#[cfg(target_arch = "bpf")]
use sbf_rt as _;

use alloc::vec::Vec;

use pinocchio::{
    cpi::{invoke_signed_with_slice, Seed, Signer},
    error::ProgramError,
    instruction::{InstructionAccount, InstructionView},
    AccountView, Address, ProgramResult,
};

const MAX_ACCOUNTS: usize = 64;

struct Call<'a> {
    program_id: &'a Address,
    accounts: &'a [AccountView],
    data: &'a [u8],
}

/// # Safety
/// Called by the loader only, with its serialized input.
#[no_mangle]
pub unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 {
    let mut views = [const { core::mem::MaybeUninit::<AccountView>::uninit() }; MAX_ACCOUNTS];
    let (program_id, count, data) = pinocchio::entrypoint::deserialize::<MAX_ACCOUNTS>(input, &mut views);
    let accounts = core::slice::from_raw_parts(views.as_ptr() as *const AccountView, count);
    match run(&Call { program_id, accounts, data }) {
        Ok(()) => pinocchio::SUCCESS,
        Err(error) => error.into(),
    }
}

pinocchio::default_allocator!();
pinocchio::nostd_panic_handler!();

#[inline(never)]
fn run(call: &Call) -> ProgramResult {
    match call.data {
        [0, data @ ..] => forward(call, data, None),
        [1, bump, data @ ..] => forward(call, data, Some(*bump)),
        [2, data @ ..] => {
            log(data);
            Ok(())
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

fn forward(call: &Call, data: &[u8], bump: Option<u8>) -> ProgramResult {
    let (target, accounts) = call.accounts.split_first().ok_or(ProgramError::NotEnoughAccountKeys)?;
    let bump_seed = [bump.unwrap_or_default()];
    let seeds = [Seed::from(b"__event_authority"), Seed::from(&bump_seed)];
    let own = bump.map(|bump| Address::derive_address(&[b"__event_authority"], Some(bump), call.program_id));
    let metas: Vec<InstructionAccount> = accounts
        .iter()
        .map(|view| {
            let signs = view.is_signer() || own.as_ref() == Some(view.address());
            InstructionAccount::new(view.address(), view.is_writable(), signs)
        })
        .collect();
    let instruction = InstructionView { program_id: target.address(), accounts: &metas, data };
    let signer = [Signer::from(&seeds)];
    invoke_signed_with_slice(&instruction, accounts, if bump.is_some() { &signer } else { &[] })
}

fn log(data: &[u8]) {
    let parts: [&[u8]; 1] = [data];
    unsafe { pinocchio::syscalls::sol_log_data(parts.as_ptr() as *const u8, 1) }
}
