//! The issuer ends a certificate.

use crate::{
    accounts::{load, load_mut, must_be, tail},
    args::Args,
    discriminator::event,
    entrypoint::Call,
    error::GridError,
    event::{Event, Events},
    state::{Certificate, Config, Status},
    Outcome,
};

#[inline(never)]
pub fn revoke_certificate(call: &mut Call) -> Outcome {
    Args(call.data).end()?;
    let [issuer, config, certificate, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load::<Config>(config, call.program_id)?;
    must_be(issuer, &config.roles.issuer)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    let state = load_mut::<Certificate>(certificate, call.program_id)?;
    state.must_be_active()?;
    state.set_status(Status::Revoked);
    let owner = state.owner;
    events
        .emit(Event::new(event::CERTIFICATE_REVOKED).text(tail::<Certificate>(certificate)).address(&owner));
    Ok(())
}
