//! What the authority says about a wallet.

use pinocchio::Address;

use crate::{
    discriminator::account,
    layout::{Layout, I64},
};

pub const SEED: &[u8] = b"participant";
/// Producer and consumer.
pub const KINDS: u8 = 2;

#[repr(C)]
pub struct Participant {
    pub wallet: Address,
    pub kind: u8,
    pub meter_id: [u8; 16],
    pub registered_at: I64,
}

unsafe impl Layout for Participant {
    const DISCRIMINATOR: [u8; 8] = account::PARTICIPANT;
}
