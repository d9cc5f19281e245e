//! Calls of other programs, and of this one for events.

use pinocchio::{
    cpi::{invoke_signed_unchecked, CpiAccount, Signer},
    instruction::{InstructionAccount, InstructionView},
    AccountView, Address,
};

/// Calls `program_id`. `metas` and `views` name the same accounts in the same order.
///
/// A failing callee ends the transaction, so there is nothing to return. No reference to the data of a
/// writable account may be used again after the call; handlers read such data anew.
#[inline(always)]
pub fn invoke<const N: usize>(
    program_id: &Address,
    metas: [InstructionAccount; N],
    views: [&AccountView; N],
    data: &[u8],
    signers: &[Signer],
) {
    let accounts = views.map(CpiAccount::from);
    let instruction = InstructionView { program_id, accounts: &metas, data };
    unsafe { invoke_signed_unchecked(&instruction, &accounts, signers) };
}
