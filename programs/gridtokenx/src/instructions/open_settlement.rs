//! Publishes one part of a cleared epoch.

use crate::{
    accounts::{begin, load, load_mut, must_be, must_write},
    args::Args,
    calendar::{epoch_of, is_epoch},
    clock::now,
    create::{create, Funding},
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    layout::Layout,
    state::{
        settlement::{self, Publication, MAX_TRADES},
        zone, Config, Settlement, Zone,
    },
    Outcome,
};

#[inline(never)]
pub fn open_settlement(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let published = Publication::from_bytes(*args.array()?);
    args.end()?;
    let [clearer, config, zone, settlement, system_program, event_authority, program] = &mut *call.accounts
    else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load::<Config>(config, call.program_id)?;
    must_be(clearer, &config.roles.clearer)?;
    config.must_run()?;
    let events = Events::new(event_authority, program, config, call.program_id)?;

    if settlement.owned_by(call.program_id) {
        let open = &load::<Settlement>(settlement, call.program_id)?.published;
        let key = (published.epoch.get(), published.zone.get(), published.part.get());
        require(open.is_part(key.0, key.1, key.2), GridError::WrongSettlement)?;
        require(open.as_bytes() == published.as_bytes(), GridError::SettlementDiffers)?;
        events.emit(Event::new(event::SETTLEMENT_OPEN_SKIPPED).bytes(&published.as_bytes()[..KEY_BYTES]));
        return Ok(());
    }
    must_be_valid(&published, config)?;

    let funding = Funding { payer: clearer, system_program };
    let zone_seed = published.zone.get().to_le_bytes();
    if !zone.owned_by(call.program_id) {
        create(&funding, zone, &[zone::SEED, &zone_seed], Zone::SIZE, call.program_id)?;
        begin::<Zone>(zone, call.program_id)?.zone = published.zone;
    }
    must_write(zone)?;
    let last = load_mut::<Zone>(zone, call.program_id)?;
    require(last.zone.get() == published.zone.get(), GridError::WrongPda)?;
    last.must_precede(&published)?;
    last.record(&published)?;

    let (epoch, part) = (published.epoch.get().to_le_bytes(), published.part.get().to_le_bytes());
    let bitmap_bytes = published.bitmap_bytes();
    create(
        &funding,
        settlement,
        &[settlement::SEED, &epoch, &zone_seed, &part],
        Settlement::SIZE + bitmap_bytes,
        call.program_id,
    )?;
    let state = begin::<Settlement>(settlement, call.program_id)?;
    state.published = published;
    state.payer = *clearer.address();
    state.bitmap_bytes.set(bitmap_bytes as u32);
    events.emit(Event::new(event::SETTLEMENT_OPENED).bytes(published.as_bytes()));
    Ok(())
}

/// Epoch, zone and part.
const KEY_BYTES: usize = 14;

fn must_be_valid(published: &Publication, config: &Config) -> Outcome {
    let now = now()?;
    require(is_epoch(published.epoch.get()), GridError::UnalignedEpoch)?;
    // A future epoch would lock the zone until then, because later parts must be newer.
    require(published.epoch.get() <= epoch_of(now), GridError::EpochInFuture)?;
    let trades = published.trades.get();
    let fits =
        (1..=MAX_TRADES).contains(&trades) && published.first_index.get().checked_add(trades).is_some();
    require(fits, GridError::InvalidTradeCount)?;
    let limits = &config.limits;
    let price = published.price.get();
    require(limits.min_price.get() <= price && price <= limits.max_price.get(), GridError::PriceOutOfLimits)?;
    let is_ahead = published.deadline.get() > 0 && !published.is_over(now);
    require(is_ahead, GridError::DeadlineInPast)
}
