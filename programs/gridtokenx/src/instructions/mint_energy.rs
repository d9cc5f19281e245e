//! Mints one meter's energy of one window, once.

use pinocchio::{
    cpi::{Seed, Signer},
    AccountView,
};

use crate::{
    accounts::{begin, load, load_mut, must_be, must_be_pda, must_write},
    args::Args,
    clock::now,
    create::{create, Funding},
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    layout::Layout,
    state::{
        ledger::{self, window_of, Position},
        Config, Ledger,
    },
    token::{inspect, mint_to},
    Outcome,
};

pub const AUTHORITY_SEED: &[u8] = b"mint_authority";

struct Mint<'a> {
    meter_id: &'a [u8; 16],
    window: u32,
    amount: u64,
}

#[inline(never)]
pub fn mint_energy(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let mint = Mint { meter_id: args.array()?, window: args.u32()?, amount: args.u64()? };
    args.end()?;
    let [minter, config, mint_authority, energy_mint, ledger, destination, token_program, system_program, event_authority, program] =
        &mut *call.accounts
    else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load::<Config>(config, call.program_id)?;
    must_be(minter, &config.roles.minter)?;
    config.must_run()?;
    mint.must_be_within(config)?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    let bump = [config.mint_authority_bump];
    must_be_pda(mint_authority, &[AUTHORITY_SEED], bump[0], call.program_id)?;
    require(energy_mint.address() == &config.energy_mint, GridError::WrongMint)?;
    must_write(energy_mint)?;
    require(token_program.address() == &config.energy_token_program, GridError::WrongTokenProgram)?;

    let position = Position::of(mint.meter_id, mint.window);
    if !ledger.owned_by(call.program_id) {
        let page = position.page.to_le_bytes();
        let seeds = [ledger::SEED, mint.meter_id.as_slice(), page.as_slice()];
        let funding = Funding { payer: minter, system_program };
        create(&funding, ledger, &seeds, Ledger::SIZE, call.program_id)?;
        let state = begin::<Ledger>(ledger, call.program_id)?;
        state.meter_id = *mint.meter_id;
        state.page.set(position.page);
        state.payer = *minter.address();
    }
    let ledger = load_mut::<Ledger>(ledger, call.program_id)?;
    require(ledger.meter_id == *mint.meter_id && ledger.page.get() == position.page, GridError::WrongLedger)?;
    if ledger.is_minted(position.bit) {
        events.emit(mint.event(event::ENERGY_MINT_SKIPPED, destination));
        return Ok(());
    }
    let usable = inspect(destination, &config.energy_mint, &config.energy_token_program).is_ok();
    require(usable, GridError::InvalidDestination)?;
    must_write(destination)?;

    ledger.set_minted(position.bit);
    let seeds = [Seed::from(AUTHORITY_SEED), Seed::from(&bump)];
    mint_to(
        token_program.address(),
        [energy_mint, destination, mint_authority],
        mint.amount,
        &Signer::from(&seeds),
    );
    events.emit(mint.event(event::ENERGY_MINTED, destination));
    Ok(())
}

impl Mint<'_> {
    /// The amount and the window are within the config's limits.
    #[inline(always)]
    fn must_be_within(&self, config: &Config) -> Outcome {
        let limits = &config.limits;
        require(self.amount > 0, GridError::ZeroAmount)?;
        require(self.amount <= limits.max_mint_base_units.get(), GridError::AmountAboveLimit)?;
        let age = window_of(now()?).checked_sub(u64::from(self.window)).ok_or(GridError::WindowInFuture)?;
        let is_recent = age <= u64::from(limits.max_window_age.get());
        require(is_recent && self.window >= config.mint_floor.get(), GridError::WindowTooOld)
    }

    #[inline(always)]
    fn event(&self, name: [u8; 8], destination: &AccountView) -> Event {
        Event::new(name).bytes(self.meter_id).u32(self.window).u64(self.amount).address(destination.address())
    }
}
