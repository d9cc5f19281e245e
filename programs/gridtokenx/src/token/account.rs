//! Looking at a token account before it is used, so that no call of a token program fails.

use pinocchio::{AccountView, Address};

use super::{extension, ACCOUNT_BYTES};
use crate::accounts::{bytes, SYSTEM_PROGRAM};

/// Why a trade cannot be executed now, in the IDL's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reject {
    MissingAccount = 0,
    ForeignProgram = 1,
    WrongMint = 2,
    Frozen = 3,
    NotDelegated = 4,
    InsufficientAllowance = 5,
    InsufficientBalance = 6,
    MemoRequired = 7,
    UnknownExtension = 8,
}

/// Longest account that a transfer is tried with. All account extensions of today together need 572 bytes.
/// Calls cost compute by the bytes they pass, and whoever makes an account may make it as long as 10 MiB: in
/// a transfer such an account would use up the compute of its whole batch.
const LONGEST_BYTES: usize = 1_024;

/// A usable token account of the expected mint.
pub struct TokenAccount<'a> {
    data: &'a [u8],
    requires_memo: bool,
}

/// The account as a token account of `mint` that a transfer can use.
#[inline(always)]
pub fn inspect<'a>(
    account: &'a AccountView,
    mint: &Address,
    token_program: &Address,
) -> Result<TokenAccount<'a>, Reject> {
    const UNINITIALIZED: u8 = 0;
    const INITIALIZED: u8 = 1;
    let data = bytes(account);
    if !account.owned_by(token_program) {
        let is_gone = data.is_empty() && account.owned_by(&SYSTEM_PROGRAM);
        return Err(if is_gone { Reject::MissingAccount } else { Reject::ForeignProgram });
    }
    let extensions = if data.len() == ACCOUNT_BYTES {
        &[]
    } else {
        extension::list(data, extension::Kind::Account).ok_or(Reject::MissingAccount)?
    };
    let state = data[108];
    if state == UNINITIALIZED {
        return Err(Reject::MissingAccount);
    }
    if data[..32] != *mint.as_ref() {
        return Err(Reject::WrongMint);
    }
    if state != INITIALIZED {
        return Err(Reject::Frozen);
    }
    let mut requires_memo = false;
    let known = extension::all(extensions, |kind, value| match kind {
        extension::IMMUTABLE_OWNER | extension::CPI_GUARD => true,
        extension::MEMO_TRANSFER => {
            requires_memo = value != [0];
            true
        }
        _ => false,
    });
    if !known || data.len() > LONGEST_BYTES {
        return Err(Reject::UnknownExtension);
    }
    Ok(TokenAccount { data, requires_memo })
}

/// Whether the account can receive tokens by transfer or mint.
pub fn can_receive(account: &AccountView, mint: &Address, token_program: &Address) -> bool {
    inspect(account, mint, token_program).is_ok_and(|account| !account.requires_memo)
}

impl TokenAccount<'_> {
    /// The account can be the destination of a transfer.
    #[inline(always)]
    pub fn must_receive(&self) -> Result<(), Reject> {
        if self.requires_memo {
            return Err(Reject::MemoRequired);
        }
        Ok(())
    }

    /// `delegate` can take `amount` out of the account.
    #[inline(always)]
    pub fn must_give(&self, amount: u64, delegate: &Address) -> Result<(), Reject> {
        let is_delegated = self.data[72..76] == [1, 0, 0, 0] && self.data[76..108] == *delegate.as_ref();
        if !is_delegated {
            return Err(Reject::NotDelegated);
        }
        if self.u64_at(121) < amount {
            return Err(Reject::InsufficientAllowance);
        }
        if self.u64_at(64) < amount {
            return Err(Reject::InsufficientBalance);
        }
        Ok(())
    }

    #[inline(always)]
    fn u64_at(&self, offset: usize) -> u64 {
        u64::from_le_bytes(self.data[offset..offset + 8].try_into().unwrap_or_default())
    }
}
