//! What a zone opened last, so that a closed settlement can never be opened again. Never closed itself.

use crate::{
    discriminator::account,
    layout::{Layout, U16, U32, U64},
};

pub const SEED: &[u8] = b"zone";

#[repr(C)]
pub struct Zone {
    pub zone: U32,
    pub last_epoch: U64,
    pub last_part: U16,
}

unsafe impl Layout for Zone {
    const DISCRIMINATOR: [u8; 8] = account::ZONE;
}
