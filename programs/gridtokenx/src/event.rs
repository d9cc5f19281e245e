//! Events: calls of the program to itself that do nothing but stand in the transaction's trace.

use alloc::vec::Vec;

use pinocchio::{
    cpi::{Seed, Signer},
    instruction::InstructionAccount,
    AccountView, Address,
};

use crate::{
    accounts::must_be_pda,
    cpi::invoke,
    discriminator,
    entrypoint::Call,
    error::{require, GridError},
    state::Config,
    Outcome,
};

const AUTHORITY_SEED: &[u8] = b"__event_authority";
/// Enough for the results of the largest `settle_trades`.
const USUAL_BYTES: usize = 768;

/// The two accounts through which events leave, checked.
pub struct Events<'a> {
    authority: &'a AccountView,
    program: &'a AccountView,
    bump: [u8; 1],
}

impl<'a> Events<'a> {
    #[inline(always)]
    pub fn new(
        authority: &'a AccountView,
        program: &'a AccountView,
        config: &Config,
        program_id: &Address,
    ) -> Outcome<Self> {
        Self::with_bump(authority, program, config.event_authority_bump, program_id)
    }

    #[inline(never)]
    pub fn with_bump(
        authority: &'a AccountView,
        program: &'a AccountView,
        bump: u8,
        program_id: &Address,
    ) -> Outcome<Self> {
        must_be_pda(authority, &[AUTHORITY_SEED], bump, program_id)?;
        require(program.address() == program_id, GridError::WrongProgram)?;
        Ok(Self { authority, program, bump: [bump] })
    }

    #[inline(never)]
    pub fn emit(&self, event: Event) {
        let seeds = [Seed::from(AUTHORITY_SEED), Seed::from(&self.bump)];
        invoke(
            self.program.address(),
            [InstructionAccount::readonly_signer(self.authority.address())],
            [self.authority],
            &event.0,
            &[Signer::from(&seeds)],
        );
    }
}

/// Finds the event authority; only `initialize` has to, the config keeps the bump.
pub fn find_authority(authority: &AccountView, program_id: &Address) -> Outcome<u8> {
    crate::accounts::find_pda(authority, &[AUTHORITY_SEED], program_id)
}

/// The bytes of one event, written field by field in the IDL's order.
pub struct Event(Vec<u8>);

impl Event {
    #[inline(never)]
    pub fn new(name: [u8; 8]) -> Self {
        let mut data = Vec::with_capacity(USUAL_BYTES);
        data.extend_from_slice(&discriminator::EVENT);
        data.extend_from_slice(&name);
        Self(data)
    }

    #[inline(always)]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        append(&mut self.0, bytes);
        self
    }

    #[inline(always)]
    pub fn address(self, address: &Address) -> Self {
        self.bytes(address.as_ref())
    }

    #[inline(always)]
    pub fn u8(self, value: u8) -> Self {
        self.bytes(&[value])
    }

    #[inline(always)]
    pub fn u32(self, value: u32) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    #[inline(always)]
    pub fn u64(self, value: u64) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    /// A borsh string: its length in bytes, then the bytes.
    #[inline(always)]
    pub fn text(self, text: &[u8]) -> Self {
        self.u32(text.len() as u32).bytes(text)
    }
}

#[inline(never)]
fn append(data: &mut Vec<u8>, bytes: &[u8]) {
    data.extend_from_slice(bytes);
}

/// Where an event arrives. Only this program can make its event authority sign, with whatever bump, so a
/// signing authority proves the sender. The hash is compared without a curve check: the account signed.
#[inline(always)]
pub fn receive(call: &mut Call) -> Outcome {
    let [authority] = &*call.accounts else {
        return Err(GridError::EventForged.into());
    };
    require(authority.is_signer(), GridError::EventForged)?;
    let ours = (0..=u8::MAX)
        .rev()
        .any(|bump| must_be_pda(authority, &[AUTHORITY_SEED], bump, call.program_id).is_ok());
    require(ours, GridError::EventForged)
}
