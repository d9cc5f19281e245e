//! The one account that says who may do what, and how much.

use pinocchio::Address;

use crate::{
    args::Args,
    discriminator::account,
    error::{require, GridError},
    layout::{Layout, U16, U32, U64},
    Outcome,
};

pub const SEED: &[u8] = b"config";
const BPS: u16 = 10_000;

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Roles {
    pub minter: Address,
    pub clearer: Address,
    pub settler: Address,
    pub issuer: Address,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Limits {
    pub max_mint_base_units: U64,
    pub max_window_age: U32,
    pub min_price: U64,
    pub max_price: U64,
    pub max_fee_bps: U16,
}

#[repr(C)]
pub struct Config {
    pub authority: Address,
    pub pending_authority: Address,
    pub roles: Roles,
    pub fee_recipient: Address,
    pub energy_mint: Address,
    pub payment_mint: Address,
    pub energy_token_program: Address,
    pub payment_token_program: Address,
    pub limits: Limits,
    paused: u8,
    /// Windows below it can never be minted again: a ledger page that covered them was closed.
    pub mint_floor: U32,
    pub mint_authority_bump: u8,
    pub delegate_bump: u8,
    pub event_authority_bump: u8,
}

unsafe impl Layout for Config {
    const DISCRIMINATOR: [u8; 8] = account::CONFIG;
}

impl Config {
    #[inline(always)]
    pub fn must_run(&self) -> Outcome {
        require(self.paused == 0, GridError::Paused)
    }

    pub fn set_paused(&mut self, paused: bool) {
        self.paused = u8::from(paused);
    }
}

impl Roles {
    pub const SIZE: usize = core::mem::size_of::<Self>();

    pub fn read(args: &mut Args) -> Outcome<Self> {
        // All fields are byte arrays, in the order of the arguments.
        Ok(unsafe { core::mem::transmute::<[u8; Self::SIZE], Self>(*args.array()?) })
    }

    pub fn as_bytes(&self) -> &[u8; Self::SIZE] {
        unsafe { &*(self as *const Self as *const [u8; Self::SIZE]) }
    }
}

impl Limits {
    pub const SIZE: usize = core::mem::size_of::<Self>();

    /// Reads limits that do not contradict each other.
    pub fn read(args: &mut Args) -> Outcome<Self> {
        let limits = unsafe { core::mem::transmute::<[u8; Self::SIZE], Self>(*args.array()?) };
        let sane = limits.max_mint_base_units.get() > 0
            && limits.max_window_age.get() > 0
            && limits.min_price.get() > 0
            && limits.min_price.get() <= limits.max_price.get()
            && limits.max_fee_bps.get() <= BPS;
        require(sane, GridError::InvalidLimits)?;
        Ok(limits)
    }

    pub fn as_bytes(&self) -> &[u8; Self::SIZE] {
        unsafe { &*(self as *const Self as *const [u8; Self::SIZE]) }
    }
}
