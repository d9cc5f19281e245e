//! Returns the rent of a settlement that has nothing left to settle.

use crate::{
    accounts::{close, load},
    args::Args,
    clock::now,
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    state::{Config, Settlement},
    Outcome,
};

#[inline(never)]
pub fn close_settlement(call: &mut Call) -> Outcome {
    Args(call.data).end()?;
    let [config, settlement, payer, event_authority, program] = &mut *call.accounts else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load::<Config>(config, call.program_id)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    let state = load::<Settlement>(settlement, call.program_id)?;
    let is_done = state.settled.get() == state.published.trades.get();
    require(is_done || state.published.is_over(now()?), GridError::SettlementStillOpen)?;

    let closed = Event::new(event::SETTLEMENT_CLOSED)
        .bytes(&state.published.as_bytes()[..KEY_BYTES])
        .u32(state.settled.get());
    let recorded = state.payer;
    close(settlement, payer, &recorded)?;
    events.emit(closed);
    Ok(())
}

/// Epoch, zone and part.
const KEY_BYTES: usize = 14;
