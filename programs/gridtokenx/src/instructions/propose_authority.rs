//! Names the next authority, who then has to accept.

use crate::{
    accounts::{load_mut, must_be},
    args::Args,
    discriminator::event,
    entrypoint::Call,
    error::GridError,
    event::{Event, Events},
    state::Config,
    Outcome,
};

#[inline(never)]
pub fn propose_authority(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let pending = args.address()?;
    args.end()?;
    let [authority, config, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load_mut::<Config>(config, call.program_id)?;
    must_be(authority, &config.authority)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    config.pending_authority = *pending;
    events.emit(Event::new(event::AUTHORITY_PROPOSED).address(authority.address()).address(pending));
    Ok(())
}
