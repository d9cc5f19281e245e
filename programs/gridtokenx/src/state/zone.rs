//! What a zone opened last, so that a closed settlement can never be opened again. Never closed itself.

use super::settlement::Publication;
use crate::{
    discriminator::account,
    error::{require, GridError},
    layout::{Layout, U16, U32, U64},
    Outcome,
};

pub const SEED: &[u8] = b"zone";

#[repr(C)]
pub struct Zone {
    pub zone: U32,
    pub last_epoch: U64,
    pub last_part: U16,
    /// Index behind the last trade published for `last_epoch`.
    pub next_index: U32,
}

unsafe impl Layout for Zone {
    const DISCRIMINATOR: [u8; 8] = account::ZONE;
}

impl Zone {
    /// The part is newer than all that the zone opened, and repeats no trade of its epoch.
    pub fn must_precede(&self, part: &Publication) -> Outcome {
        let last = (self.last_epoch.get(), self.last_part.get());
        require((part.epoch.get(), part.part.get()) > last, GridError::SettlementNotNewer)?;
        let repeats = part.epoch.get() == last.0 && part.first_index.get() < self.next_index.get();
        require(!repeats, GridError::IndexAlreadyPublished)
    }

    pub fn record(&mut self, part: &Publication) -> Outcome {
        let next = part.first_index.get().checked_add(part.trades.get());
        self.last_epoch = part.epoch;
        self.last_part = part.part;
        self.next_index.set(next.ok_or(GridError::InvalidTradeCount)?);
        Ok(())
    }
}
