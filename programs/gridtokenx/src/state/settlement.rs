//! One published part of an epoch's result, and one bit per trade of it.

use pinocchio::Address;

use crate::{
    discriminator::account,
    layout::{Layout, I64, U16, U32, U64},
};

pub const SEED: &[u8] = b"settle";
/// Most trades of one part.
pub const MAX_TRADES: u32 = 65_536;

/// What the clearer publishes, in the order of the arguments of `open_settlement`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Publication {
    pub epoch: U64,
    pub zone: U32,
    pub part: U16,
    pub trades: U32,
    pub first_index: U32,
    pub price: U64,
    pub root: [u8; 32],
    pub deadline: I64,
}

/// Followed by the bitmap: one bit per trade.
#[repr(C)]
pub struct Settlement {
    pub published: Publication,
    pub payer: Address,
    pub settled: U32,
    pub bitmap_bytes: U32,
}

unsafe impl Layout for Settlement {
    const DISCRIMINATOR: [u8; 8] = account::SETTLEMENT;
}

impl Publication {
    pub const SIZE: usize = core::mem::size_of::<Self>();

    #[inline(always)]
    pub fn from_bytes(bytes: [u8; Self::SIZE]) -> Self {
        unsafe { core::mem::transmute::<[u8; Self::SIZE], Self>(bytes) }
    }

    pub fn as_bytes(&self) -> &[u8; Self::SIZE] {
        unsafe { &*(self as *const Self as *const [u8; Self::SIZE]) }
    }

    #[inline(always)]
    pub fn is_part(&self, epoch: u64, zone: u32, part: u16) -> bool {
        self.epoch.get() == epoch && self.zone.get() == zone && self.part.get() == part
    }

    /// Whether chain time has passed the last moment at which trades settle.
    #[inline(always)]
    pub fn is_over(&self, now: u64) -> bool {
        i64::try_from(now).map_or(true, |now| now > self.deadline.get())
    }

    /// Bytes of a bitmap with one bit per trade.
    pub fn bitmap_bytes(&self) -> usize {
        self.trades.get().div_ceil(8) as usize
    }
}
