//! Returns the rent of a ledger page whose windows can no longer be minted.

use crate::{
    accounts::{close, load, load_mut},
    args::Args,
    clock::now,
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    state::{ledger::window_of, Config, Ledger},
    Outcome,
};

#[inline(never)]
pub fn close_ledger(call: &mut Call) -> Outcome {
    Args(call.data).end()?;
    let [config, ledger, payer, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load_mut::<Config>(config, call.program_id)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    let state = load::<Ledger>(ledger, call.program_id)?;
    let last_window = state.last_window();
    let closes_after = last_window + u64::from(config.limits.max_window_age.get());
    require(window_of(now()?) > closes_after, GridError::LedgerStillOpen)?;

    // A later, larger max_window_age must not make these windows mintable again without their bits.
    let floor = u32::try_from(last_window + 1).map_err(|_| GridError::MathOverflow)?;
    if config.mint_floor.get() < floor {
        config.mint_floor.set(floor);
    }
    let closed = Event::new(event::LEDGER_CLOSED).bytes(&state.meter_id).u32(state.page.get());
    let recorded = state.payer;
    close(ledger, payer, &recorded)?;
    events.emit(closed);
    Ok(())
}
