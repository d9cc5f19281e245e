//! Replaces the limits.

use crate::{
    accounts::{load_mut, must_be},
    args::Args,
    discriminator::event,
    entrypoint::Call,
    error::GridError,
    event::{Event, Events},
    state::{Config, Limits},
    Outcome,
};

#[inline(never)]
pub fn set_limits(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let limits = Limits::read(&mut args)?;
    args.end()?;
    let [authority, config, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load_mut::<Config>(config, call.program_id)?;
    must_be(authority, &config.authority)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    config.limits = limits;
    events.emit(Event::new(event::LIMITS_SET).bytes(limits.as_bytes()));
    Ok(())
}
