//! Chain time.

use pinocchio::sysvars::{clock::Clock, Sysvar};

use crate::{error::GridError, Outcome};

/// Windows and epochs last 900 s.
pub const WINDOW_SECONDS: u64 = 900;

/// Unix seconds of the Clock sysvar.
pub fn now() -> Outcome<u64> {
    let seconds = Clock::get()?.unix_timestamp;
    Ok(u64::try_from(seconds).map_err(|_| GridError::MathOverflow)?)
}
