//! Which windows of one meter were minted: 4,096 of them per page.

use pinocchio::Address;

use crate::{
    clock::WINDOW_SECONDS,
    discriminator::account,
    layout::{Layout, U32},
};

pub const SEED: &[u8] = b"minted";
const WINDOWS: u64 = 4_096;

#[repr(C)]
pub struct Ledger {
    pub meter_id: [u8; 16],
    pub page: U32,
    pub payer: Address,
    minted: [u8; WINDOWS as usize / 8],
}

unsafe impl Layout for Ledger {
    const DISCRIMINATOR: [u8; 8] = account::LEDGER;
}

/// Where a window stands: its page, and the bit within the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub page: u32,
    pub bit: usize,
}

/// Meters are shifted against each other so that they do not all need a new page in the same window.
fn offset(meter_id: &[u8; 16]) -> u64 {
    (u64::from(meter_id[0]) + 256 * u64::from(meter_id[1])) % WINDOWS
}

impl Position {
    #[inline(always)]
    pub fn of(meter_id: &[u8; 16], window: u32) -> Self {
        let shifted = u64::from(window) + offset(meter_id);
        Self { page: (shifted / WINDOWS) as u32, bit: (shifted % WINDOWS) as usize }
    }
}

impl Ledger {
    #[inline(always)]
    pub fn is_minted(&self, bit: usize) -> bool {
        self.minted[bit / 8] >> (bit % 8) & 1 == 1
    }

    #[inline(always)]
    pub fn set_minted(&mut self, bit: usize) {
        self.minted[bit / 8] |= 1 << (bit % 8);
    }

    /// The last window that the page holds.
    pub fn last_window(&self) -> u64 {
        (u64::from(self.page.get()) + 1) * WINDOWS - 1 - offset(&self.meter_id)
    }
}

/// The window that contains a moment, in Unix seconds.
#[inline(always)]
pub fn window_of(unix: u64) -> u64 {
    unix / WINDOW_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_shift_with_the_meter() {
        let mut meter = [0; 16];
        assert_eq!(Position::of(&meter, 4_095), Position { page: 0, bit: 4_095 });
        assert_eq!(Position::of(&meter, 4_096), Position { page: 1, bit: 0 });
        meter[0] = 1;
        assert_eq!(Position::of(&meter, 4_095), Position { page: 1, bit: 0 });
        meter[1] = 16;
        assert_eq!(Position::of(&meter, 0), Position { page: 0, bit: 1 });
        assert_eq!(Position::of(&[255; 16], u32::MAX).page, 1 << 20);
    }
}
