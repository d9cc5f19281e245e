//! From the loader's input to the handler of the instruction.

use pinocchio::{AccountView, Address};

use crate::{discriminator as ix, error::FALLBACK_NOT_FOUND, event, instructions, Outcome};

/// Accounts of the largest `settle_trades` that the trace allows, and some more.
#[cfg(any(target_os = "solana", target_arch = "bpf"))]
const MAX_ACCOUNTS: usize = 96;

/// One call: who is called, with what. Handlers take it by one reference because BPF passes few registers.
pub struct Call<'a> {
    pub program_id: &'a Address,
    pub accounts: &'a mut [AccountView],
    pub data: &'a [u8],
}

#[cfg(any(target_os = "solana", target_arch = "bpf"))]
mod on_chain {
    use super::*;

    /// # Safety
    /// Called by the loader only, with its serialized input.
    #[no_mangle]
    pub unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 {
        let mut views = [const { core::mem::MaybeUninit::<AccountView>::uninit() }; MAX_ACCOUNTS];
        let (program_id, count, data) = pinocchio::entrypoint::deserialize::<MAX_ACCOUNTS>(input, &mut views);
        let accounts = core::slice::from_raw_parts_mut(views.as_mut_ptr() as *mut AccountView, count);
        match dispatch(&mut Call { program_id, accounts, data }) {
            Ok(()) => pinocchio::SUCCESS,
            Err(error) => error.into(),
        }
    }

    pinocchio::default_allocator!();
    pinocchio::nostd_panic_handler!();
}

/// Runs the handler that the first eight bytes name.
#[inline(never)]
pub fn dispatch(call: &mut Call) -> Outcome {
    let Some((name, arguments)) = call.data.split_first_chunk::<8>() else {
        return Err(FALLBACK_NOT_FOUND);
    };
    call.data = arguments;
    match *name {
        ix::EVENT => event::receive(call),
        ix::MINT_ENERGY => instructions::mint_energy(call),
        ix::SETTLE_TRADES => instructions::settle_trades(call),
        ix::OPEN_SETTLEMENT => instructions::open_settlement(call),
        ix::CLOSE_SETTLEMENT => instructions::close_settlement(call),
        ix::CLOSE_LEDGER => instructions::close_ledger(call),
        ix::INITIALIZE => instructions::initialize(call),
        ix::SET_ROLES => instructions::set_roles(call),
        ix::SET_LIMITS => instructions::set_limits(call),
        ix::SET_PAUSED => instructions::set_paused(call),
        ix::PROPOSE_AUTHORITY => instructions::propose_authority(call),
        ix::ACCEPT_AUTHORITY => instructions::accept_authority(call),
        ix::REGISTER_PARTICIPANT => instructions::register_participant(call),
        ix::ISSUE_CERTIFICATE => instructions::issue_certificate(call),
        ix::REVOKE_CERTIFICATE => instructions::revoke_certificate(call),
        ix::TRANSFER_CERTIFICATE => instructions::transfer_certificate(call),
        ix::RETIRE_CERTIFICATE => instructions::retire_certificate(call),
        _ => Err(FALLBACK_NOT_FOUND),
    }
}
