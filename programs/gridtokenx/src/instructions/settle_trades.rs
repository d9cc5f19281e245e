//! Executes a contiguous range of published trades, each once.

use alloc::vec::Vec;

use super::trade::{must_take_fees, Trade, Venue, DELEGATE_SEED, TERMS_BYTES};
use crate::{
    accounts::{load, load_mut, must_be, must_be_pda, must_write, tail_mut},
    args::Args,
    clock::now,
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    merkle::root_of,
    state::{Config, Settlement},
    token::Reject,
    Outcome,
};

const ACCOUNTS_PER_TRADE: usize = 4;
const SETTLED: u8 = 0;
const SKIPPED: u8 = 1;
const REJECTED: u8 = 2;

#[inline(never)]
pub fn settle_trades(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let (epoch, zone, part) = (args.u64()?, args.u32()?, args.u16()?);
    let first_index = args.u32()?;
    let terms = args.items::<TERMS_BYTES>()?;
    let proof = args.items::<32>()?;
    args.end()?;
    let [settler, config, settlement, delegate, fee_recipient, energy_program, payment_program, event_authority, program, parties @ ..] =
        &mut *call.accounts
    else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load::<Config>(config, call.program_id)?;
    must_be(settler, &config.roles.settler)?;
    config.must_run()?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    must_be_pda(delegate, &[DELEGATE_SEED], config.delegate_bump, call.program_id)?;
    require(
        energy_program.address() == &config.energy_token_program
            && payment_program.address() == &config.payment_token_program,
        GridError::WrongTokenProgram,
    )?;
    must_take_fees(config, fee_recipient)?;
    must_write(fee_recipient)?;

    let state = load_mut::<Settlement>(settlement, call.program_id)?;
    let published = state.published;
    let mut settled = state.settled.get();
    require(published.is_part(epoch, zone, part), GridError::WrongSettlement)?;
    require(!published.is_over(now()?), GridError::SettlementExpired)?;
    require(!terms.is_empty(), GridError::EmptyBatch)?;
    require(parties.len() == terms.len() * ACCOUNTS_PER_TRADE, GridError::WrongAccountCount)?;
    let position = first_index.checked_sub(published.first_index.get()).ok_or(GridError::IndexOutOfRange)?;
    let end = u64::from(position) + terms.len() as u64;
    require(end <= u64::from(published.trades.get()), GridError::IndexOutOfRange)?;

    let trades = || {
        let parties = parties.as_chunks::<ACCOUNTS_PER_TRADE>().0;
        let trades = terms.iter().zip(parties).map(|(terms, accounts)| Trade::new(terms, accounts));
        trades.zip(first_index..)
    };
    let mut leaves = Vec::with_capacity(terms.len());
    leaves.extend(trades().map(|(trade, index)| trade.leaf(&published, index)));
    let root = root_of(leaves, position, published.trades.get(), proof);
    require(root == Some(published.root), GridError::InvalidProof)?;

    let bitmap = tail_mut::<Settlement>(settlement);
    let venue = Venue { config, delegate, fee_recipient };
    let price = published.price.get();
    let max_fee_bps = u64::from(config.limits.max_fee_bps.get());
    let mut results =
        Event::new(event::TRADES_SETTLED).bytes(&call.data[..KEY_BYTES]).u32(terms.len() as u32);
    for ((trade, _), bit) in trades().zip(position as usize..) {
        trade.must_be_writable()?;
        trade.must_be_at_price(price, max_fee_bps)?;
        results = results.bytes(trade.terms);
        let (byte, mask) = (&mut bitmap[bit / 8], 1u8 << (bit % 8));
        if *byte & mask != 0 {
            results = results.u8(SKIPPED);
            continue;
        }
        results = match trade.execute(&venue) {
            Ok(()) => {
                *byte |= mask;
                settled += 1;
                results.u8(SETTLED)
            }
            Err(reason) => rejected(results, reason),
        };
    }
    load_mut::<Settlement>(settlement, call.program_id)?.settled.set(settled);
    events.emit(results);
    Ok(())
}

/// Epoch, zone, part and first index.
const KEY_BYTES: usize = 18;

#[inline(always)]
fn rejected(results: Event, reason: Reject) -> Event {
    results.u8(REJECTED).u8(reason as u8)
}
