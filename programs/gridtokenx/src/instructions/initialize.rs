//! Creates the config, once, for whoever may upgrade the program.

use pinocchio::{AccountView, Address};

use crate::{
    accounts::{begin, bytes, find_pda, must_sign},
    args::Args,
    create::{create, Funding},
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{find_authority, Event, Events},
    layout::Layout,
    state::{config, Config, Limits, Roles},
    token::{can_receive, Mint},
    Outcome,
};

const ENERGY_DECIMALS: u8 = 9;
const PAYMENT_DECIMALS: u8 = 6;
const UPGRADEABLE_LOADER: Address = Address::new_from_array([
    2, 168, 246, 145, 78, 136, 161, 176, 226, 16, 21, 62, 247, 99, 174, 43, 0, 194, 185, 61, 22, 193, 36,
    210, 192, 83, 122, 16, 4, 128, 0, 0,
]);
const PROGRAM_DATA: [u8; 4] = [3, 0, 0, 0];

#[inline(never)]
pub fn initialize(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let roles = Roles::read(&mut args)?;
    let limits = Limits::read(&mut args)?;
    args.end()?;
    let [payer, upgrade_authority, config, program_data, energy_mint, payment_mint, energy_program, payment_program, fee_recipient, system_program, event_authority, program] =
        &mut *call.accounts
    else {
        return Err(GridError::WrongAccountCount.into());
    };

    must_sign(upgrade_authority)?;
    must_be_upgrade_authority(upgrade_authority, program_data, call.program_id)?;
    require(!config.owned_by(call.program_id), GridError::AlreadyInitialized)?;

    let (mint_authority, mint_authority_bump) =
        Address::try_find_program_address(&[super::mint_energy::AUTHORITY_SEED], call.program_id)
            .ok_or(GridError::WrongPda)?;
    let (_, delegate_bump) =
        Address::try_find_program_address(&[super::trade::DELEGATE_SEED], call.program_id)
            .ok_or(GridError::WrongPda)?;
    let event_authority_bump = find_authority(event_authority, call.program_id)?;

    must_be_energy_mint(energy_mint, energy_program, &mint_authority)?;
    let payment = Mint::read(payment_mint, payment_program.address())?;
    require(payment.decimals == PAYMENT_DECIMALS, GridError::WrongDecimals)?;
    require(
        can_receive(fee_recipient, payment_mint.address(), payment_program.address()),
        GridError::InvalidFeeRecipient,
    )?;

    let funding = Funding { payer, system_program };
    create(&funding, config, &[config::SEED], Config::SIZE, call.program_id)?;
    let state = begin::<Config>(config, call.program_id)?;
    state.authority = *upgrade_authority.address();
    state.roles = roles;
    state.limits = limits;
    state.fee_recipient = *fee_recipient.address();
    state.energy_mint = *energy_mint.address();
    state.payment_mint = *payment_mint.address();
    state.energy_token_program = *energy_program.address();
    state.payment_token_program = *payment_program.address();
    state.mint_authority_bump = mint_authority_bump;
    state.delegate_bump = delegate_bump;
    state.event_authority_bump = event_authority_bump;

    Events::with_bump(event_authority, program, event_authority_bump, call.program_id)?.emit(
        Event::new(event::INITIALIZED)
            .address(upgrade_authority.address())
            .address(energy_mint.address())
            .address(payment_mint.address()),
    );
    Ok(())
}

/// The signer is the upgrade authority in the ProgramData account that the loader keeps for this program.
fn must_be_upgrade_authority(
    authority: &AccountView,
    program_data: &AccountView,
    program_id: &Address,
) -> Outcome {
    find_pda(program_data, &[program_id.as_ref()], &UPGRADEABLE_LOADER)?;
    require(program_data.owned_by(&UPGRADEABLE_LOADER), GridError::WrongAccountOwner)?;
    let data = bytes(program_data);
    let is_named = data.len() >= 45
        && data[..4] == PROGRAM_DATA
        && data[12] == 1
        && data[13..45] == *authority.address().as_ref();
    require(is_named, GridError::NotUpgradeAuthority)
}

fn must_be_energy_mint(mint: &AccountView, token_program: &AccountView, mint_authority: &Address) -> Outcome {
    let mint = Mint::read(mint, token_program.address())?;
    require(mint.decimals == ENERGY_DECIMALS, GridError::WrongDecimals)?;
    require(mint.supply == 0, GridError::SupplyNotZero)?;
    require(!mint.has_freeze_authority, GridError::FreezeAuthoritySet)?;
    require(
        mint.authority.is_some_and(|authority| *authority == *mint_authority.as_ref()),
        GridError::WrongMintAuthority,
    )
}
