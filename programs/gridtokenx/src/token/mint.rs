//! Mints that the program accepts.

use pinocchio::{AccountView, Address};

use super::{extension, is_token_program};
use crate::{
    accounts::bytes,
    error::{require, GridError},
    Outcome,
};

const MINT_BYTES: usize = 82;

/// What `initialize` must know of a mint.
pub struct Mint<'a> {
    pub authority: Option<&'a [u8]>,
    pub supply: u64,
    pub decimals: u8,
    pub has_freeze_authority: bool,
}

impl<'a> Mint<'a> {
    /// Reads an initialized mint of `token_program`, without extensions but metadata and its pointer.
    pub fn read(account: &'a AccountView, token_program: &Address) -> Outcome<Self> {
        require(is_token_program(token_program), GridError::WrongTokenProgram)?;
        require(account.owned_by(token_program), GridError::InvalidMint)?;
        let data = bytes(account);
        if data.len() != MINT_BYTES {
            let extensions = extension::list(data, extension::Kind::Mint).ok_or(GridError::InvalidMint)?;
            let allowed = extension::all(extensions, |kind, _| {
                matches!(kind, extension::METADATA_POINTER | extension::TOKEN_METADATA)
            });
            require(allowed, GridError::ForbiddenExtension)?;
        }
        let is_initialized = data[45] == 1;
        require(is_initialized, GridError::InvalidMint)?;
        Ok(Self {
            authority: (data[0] == 1).then_some(&data[4..36]),
            supply: u64::from_le_bytes(data[36..44].try_into().unwrap_or_default()),
            decimals: data[44],
            has_freeze_authority: data[46] == 1,
        })
    }
}
