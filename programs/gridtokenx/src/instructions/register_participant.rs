//! Records what the authority knows of a wallet. Minting and trading do not require it.

use crate::{
    accounts::{begin, load, must_be},
    args::Args,
    clock::now,
    create::{create, Funding},
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    layout::Layout,
    state::{participant, Config, Participant},
    Outcome,
};

#[inline(never)]
pub fn register_participant(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let kind = args.u8()?;
    let meter_id = args.array::<16>()?;
    args.end()?;
    require(kind < participant::KINDS, GridError::InvalidArguments)?;
    let [payer, authority, config, wallet, participant, system_program, event_authority, program] =
        &mut *call.accounts
    else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load::<Config>(config, call.program_id)?;
    must_be(authority, &config.authority)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    require(!participant.owned_by(call.program_id), GridError::AlreadyRegistered)?;

    let funding = Funding { payer, system_program };
    let seeds = [participant::SEED, wallet.address().as_ref()];
    create(&funding, participant, &seeds, Participant::SIZE, call.program_id)?;
    let state = begin::<Participant>(participant, call.program_id)?;
    state.wallet = *wallet.address();
    state.kind = kind;
    state.meter_id = *meter_id;
    state.registered_at.set(now()? as i64);

    events.emit(Event::new(event::PARTICIPANT_REGISTERED).address(wallet.address()).u8(kind).bytes(meter_id));
    Ok(())
}
