//! Replaces the role keys and the fee recipient.

use crate::{
    accounts::{load_mut, must_be},
    args::Args,
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    state::{Config, Roles},
    token::can_receive,
    Outcome,
};

#[inline(never)]
pub fn set_roles(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let roles = Roles::read(&mut args)?;
    args.end()?;
    let [authority, config, fee_recipient, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load_mut::<Config>(config, call.program_id)?;
    must_be(authority, &config.authority)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    require(
        can_receive(fee_recipient, &config.payment_mint, &config.payment_token_program),
        GridError::InvalidFeeRecipient,
    )?;
    config.roles = roles;
    config.fee_recipient = *fee_recipient.address();
    events.emit(Event::new(event::ROLES_SET).bytes(roles.as_bytes()).address(fee_recipient.address()));
    Ok(())
}
