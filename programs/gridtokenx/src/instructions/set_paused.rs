//! Stops or allows minting, opening, settling and issuing.

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
pub fn set_paused(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let paused = args.bool()?;
    args.end()?;
    let [authority, config, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load_mut::<Config>(config, call.program_id)?;
    must_be(authority, &config.authority)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    config.set_paused(paused);
    events.emit(Event::new(event::PAUSED_SET).u8(u8::from(paused)));
    Ok(())
}
