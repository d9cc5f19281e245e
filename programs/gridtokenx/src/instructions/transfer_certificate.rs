//! The owner hands a certificate over.

use crate::{
    accounts::{load, load_mut, must_be, tail},
    args::Args,
    discriminator::event,
    entrypoint::Call,
    error::GridError,
    event::{Event, Events},
    state::{Certificate, Config},
    Outcome,
};

#[inline(never)]
pub fn transfer_certificate(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let new_owner = args.address()?;
    args.end()?;
    let [owner, config, certificate, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load::<Config>(config, call.program_id)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    let state = load_mut::<Certificate>(certificate, call.program_id)?;
    must_be(owner, &state.owner)?;
    state.must_be_active()?;
    state.owner = *new_owner;
    events.emit(
        Event::new(event::CERTIFICATE_TRANSFERRED)
            .text(tail::<Certificate>(certificate))
            .address(owner.address())
            .address(new_owner),
    );
    Ok(())
}
