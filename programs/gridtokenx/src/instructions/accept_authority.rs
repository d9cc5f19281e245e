//! The proposed key becomes the authority.

use crate::{
    accounts::{load_mut, must_be, SYSTEM_PROGRAM},
    args::Args,
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    state::Config,
    Outcome,
};

/// The zero address, which nobody holds the key of.
const NOBODY: pinocchio::Address = SYSTEM_PROGRAM;

#[inline(never)]
pub fn accept_authority(call: &mut Call) -> Outcome {
    Args(call.data).end()?;
    let [pending, config, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load_mut::<Config>(config, call.program_id)?;
    require(config.pending_authority != NOBODY, GridError::NoPendingAuthority)?;
    must_be(pending, &config.pending_authority)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    config.authority = *pending.address();
    config.pending_authority = NOBODY;
    events.emit(Event::new(event::AUTHORITY_ACCEPTED).address(pending.address()));
    Ok(())
}
