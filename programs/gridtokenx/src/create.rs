//! Creating an account at a derived address.

use pinocchio::{
    cpi::{Seed, Signer},
    error::ProgramError,
    instruction::InstructionAccount,
    sysvars::{get_sysvar, rent::RENT_ID},
    AccountView, Address,
};

use crate::{
    accounts::{bytes, find_pda, must_sign, must_write, SYSTEM_PROGRAM},
    cpi::invoke,
    error::{require, GridError},
    Outcome,
};

const TRANSFER: u32 = 2;
const ASSIGN: u32 = 1;
const ALLOCATE: u32 = 8;

/// Who pays for a new account, and through which program.
pub struct Funding<'a> {
    pub payer: &'a AccountView,
    pub system_program: &'a AccountView,
}

/// Creates `target` at the address of its seeds with `space` zero bytes, owned by this program.
///
/// Anyone may have sent lamports to the address before, and the system program refuses to create an account
/// that holds some; so the missing rent is topped up, then the space is allocated and the owner assigned.
#[inline(never)]
pub fn create(
    funding: &Funding,
    target: &AccountView,
    seeds: &[&[u8]],
    space: usize,
    program_id: &Address,
) -> Outcome<u8> {
    must_sign(funding.payer)?;
    must_write(funding.payer)?;
    must_write(target)?;
    require(funding.system_program.address() == &SYSTEM_PROGRAM, GridError::WrongSystemProgram)?;
    let bump = find_pda(target, seeds, program_id)?;
    require(target.owned_by(&SYSTEM_PROGRAM) && bytes(target).is_empty(), GridError::WrongAccountOwner)?;

    let missing = minimum_balance(space as u64)?.saturating_sub(target.lamports());
    if missing > 0 {
        let mut data = [0; 12];
        data[..4].copy_from_slice(&TRANSFER.to_le_bytes());
        data[4..].copy_from_slice(&missing.to_le_bytes());
        let metas = [
            InstructionAccount::writable_signer(funding.payer.address()),
            InstructionAccount::writable(target.address()),
        ];
        invoke(&SYSTEM_PROGRAM, metas, [funding.payer, target], &data, &[]);
    }

    let bump_seed = [bump];
    let mut signer_seeds: [Seed; 6] = core::array::from_fn(|_| Seed::from(bump_seed.as_slice()));
    for (slot, seed) in signer_seeds.iter_mut().zip(seeds) {
        *slot = Seed::from(*seed);
    }
    let signer = [Signer::from(&signer_seeds[..=seeds.len()])];
    let meta = || [InstructionAccount::writable_signer(target.address())];

    let mut data = [0; 12];
    data[..4].copy_from_slice(&ALLOCATE.to_le_bytes());
    data[4..].copy_from_slice(&(space as u64).to_le_bytes());
    invoke(&SYSTEM_PROGRAM, meta(), [target], &data, &signer);

    let mut data = [0; 36];
    data[..4].copy_from_slice(&ASSIGN.to_le_bytes());
    data[4..].copy_from_slice(program_id.as_ref());
    invoke(&SYSTEM_PROGRAM, meta(), [target], &data, &signer);
    Ok(bump)
}

/// Lamports that keep `space` bytes for ever. The sysvar's threshold is a float that clusters are about to
/// change from 2.0 to 1.0 years, and pinocchio's `Rent` reckons with 1.0 only.
fn minimum_balance(space: u64) -> Outcome<u64> {
    const ACCOUNT_OVERHEAD: u64 = 128;
    let mut rent = [0; 16];
    get_sysvar(&mut rent, &RENT_ID, 0)?;
    let (per_byte, threshold) = rent.split_at(8);
    let years = match threshold {
        [0, 0, 0, 0, 0, 0, 0xf0, 0x3f] => 1,
        [0, 0, 0, 0, 0, 0, 0x00, 0x40] => 2,
        _ => return Err(ProgramError::UnsupportedSysvar),
    };
    let per_byte = u64::from_le_bytes(per_byte.try_into().unwrap_or_default());
    let lamports =
        (ACCOUNT_OVERHEAD + space).checked_mul(per_byte).and_then(|yearly| yearly.checked_mul(years));
    Ok(lamports.ok_or(GridError::MathOverflow)?)
}
