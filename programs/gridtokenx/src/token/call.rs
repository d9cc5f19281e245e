//! Calls of the token programs. Both take the same bytes for these instructions.

use pinocchio::{cpi::Signer, instruction::InstructionAccount, AccountView, Address};

use crate::cpi::invoke;

const TRANSFER: u8 = 3;
const MINT_TO: u8 = 7;

#[inline(always)]
fn data(instruction: u8, amount: u64) -> [u8; 9] {
    let mut data = [instruction; 9];
    data[1..].copy_from_slice(&amount.to_le_bytes());
    data
}

/// Moves `amount` by the authority of a delegate. The unchecked form serves because the caller has checked
/// the mint of both accounts, and no accepted mint has a transfer fee or hook.
#[inline(never)]
pub fn transfer(token_program: &Address, accounts: [&AccountView; 3], amount: u64, signer: &Signer) {
    let [from, to, delegate] = accounts;
    let metas = [
        InstructionAccount::writable(from.address()),
        InstructionAccount::writable(to.address()),
        InstructionAccount::readonly_signer(delegate.address()),
    ];
    let signers = core::slice::from_ref(signer);
    invoke(token_program, metas, accounts, &data(TRANSFER, amount), signers);
}

#[inline(always)]
pub fn mint_to(token_program: &Address, accounts: [&AccountView; 3], amount: u64, signer: &Signer) {
    let [mint, destination, authority] = accounts;
    let metas = [
        InstructionAccount::writable(mint.address()),
        InstructionAccount::writable(destination.address()),
        InstructionAccount::readonly_signer(authority.address()),
    ];
    let signers = core::slice::from_ref(signer);
    invoke(token_program, metas, accounts, &data(MINT_TO, amount), signers);
}
