//! Checks of accounts that a caller passed.

use pinocchio::{AccountView, Address};

use crate::{
    error::{require, GridError},
    layout::Layout,
    Outcome,
};

pub const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);

#[inline(always)]
pub fn must_sign(account: &AccountView) -> Outcome {
    require(account.is_signer(), GridError::MissingSignature)
}

#[inline(always)]
pub fn must_write(account: &AccountView) -> Outcome {
    require(account.is_writable(), GridError::NotWritable)
}

/// The account signs and is the holder of a role.
#[inline(always)]
pub fn must_be(account: &AccountView, holder: &Address) -> Outcome {
    must_sign(account)?;
    require(account.address() == holder, GridError::Unauthorized)
}

/// The account is at the address that seeds and bump give. The runtime refuses a bump that gives a point on
/// the curve when the address is created or signed for, so the hash alone decides here.
#[inline(never)]
pub fn must_be_pda<const N: usize>(
    account: &AccountView,
    seeds: &[&[u8]; N],
    bump: u8,
    program_id: &Address,
) -> Outcome {
    let address = Address::derive_address(seeds, Some(bump), program_id);
    require(account.address() == &address, GridError::WrongPda)
}

/// The bump of the account's seeds, when it is at their address.
#[inline(never)]
pub fn find_pda(account: &AccountView, seeds: &[&[u8]], program_id: &Address) -> Outcome<u8> {
    let (address, bump) = Address::try_find_program_address(seeds, program_id).ok_or(GridError::WrongPda)?;
    require(account.address() == &address, GridError::WrongPda)?;
    Ok(bump)
}

/// The account's bytes. No other reference to them lives while a handler uses these: handlers look at one
/// account at a time, and accounts of different kinds differ in their discriminators.
#[inline(always)]
pub fn bytes(account: &AccountView) -> &[u8] {
    unsafe { account.borrow_unchecked() }
}

/// Checks that the account is ours and of kind `T`. Only this program writes the bytes of its accounts, and
/// it writes a kind only at that kind's address, so the content proves the address.
#[inline(always)]
fn check<T: Layout>(account: &AccountView, program_id: &Address) -> Outcome {
    require(account.owned_by(program_id), GridError::WrongAccountOwner)?;
    let data = bytes(account);
    require(data.len() >= T::SIZE && data[..8] == T::DISCRIMINATOR, GridError::WrongAccountType)
}

#[inline(always)]
pub fn load<'a, T: Layout>(account: &'a AccountView, program_id: &Address) -> Outcome<&'a T> {
    check::<T>(account, program_id)?;
    Ok(unsafe { &*(account.data_ptr().add(8) as *const T) })
}

#[inline(always)]
pub fn load_mut<'a, T: Layout>(account: &'a mut AccountView, program_id: &Address) -> Outcome<&'a mut T> {
    must_write(account)?;
    check::<T>(account, program_id)?;
    Ok(unsafe { &mut *(account.data_mut_ptr().add(8) as *mut T) })
}

/// Marks a new account as a `T` and gives its fields, all zero.
pub fn begin<'a, T: Layout>(account: &'a mut AccountView, program_id: &Address) -> Outcome<&'a mut T> {
    let data = unsafe { account.borrow_unchecked_mut() };
    data[..8].copy_from_slice(&T::DISCRIMINATOR);
    load_mut(account, program_id)
}

/// Bytes behind the fixed part of an account that `load` or `load_mut` has accepted as `T`.
#[inline(always)]
pub fn tail<T: Layout>(account: &AccountView) -> &[u8] {
    &bytes(account)[T::SIZE..]
}

/// The same bytes, to be written.
#[inline(always)]
pub fn tail_mut<T: Layout>(account: &mut AccountView) -> &mut [u8] {
    let data = unsafe { account.borrow_unchecked_mut() };
    &mut data[T::SIZE..]
}

/// Gives the rent to the payer recorded at creation and the account back to the system program.
pub fn close(account: &mut AccountView, payer: &mut AccountView, recorded: &Address) -> Outcome {
    must_write(account)?;
    must_write(payer)?;
    require(payer.address() == recorded, GridError::WrongPayer)?;
    let lamports = payer.lamports().checked_add(account.lamports()).ok_or(GridError::MathOverflow)?;
    payer.set_lamports(lamports);
    account.set_lamports(0);
    account.close()
}
