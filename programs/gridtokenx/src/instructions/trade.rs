//! One trade of a published range: checking it, and moving energy, payment and fee.

use pinocchio::{
    cpi::{Seed, Signer},
    AccountView,
};

use crate::{
    error::{require, GridError},
    math::mul_div_floor,
    sha256::{sha256, Hash},
    state::{settlement::Publication, Config},
    token::{can_receive, inspect, transfer, Reject},
    Outcome,
};

pub const DELEGATE_SEED: &[u8] = b"delegate";
/// Bytes of energy, payment and fee.
pub const TERMS_BYTES: usize = 24;
const ENERGY_UNITS_PER_KWH: u64 = 1_000_000_000;
const BPS: u64 = 10_000;

/// What one trade moves, and between which accounts.
pub struct Trade<'a> {
    pub terms: &'a [u8; TERMS_BYTES],
    pub energy: u64,
    pub payment: u64,
    pub fee: u64,
    pub seller_energy: &'a AccountView,
    pub buyer_energy: &'a AccountView,
    pub buyer_payment: &'a AccountView,
    pub seller_payment: &'a AccountView,
}

/// What all trades of a batch share.
pub struct Venue<'a> {
    pub config: &'a Config,
    pub delegate: &'a AccountView,
    pub fee_recipient: &'a AccountView,
}

impl<'a> Trade<'a> {
    #[inline(always)]
    pub fn new(terms: &'a [u8; TERMS_BYTES], parties: &'a [AccountView; 4]) -> Self {
        let amount = |at: usize| u64::from_le_bytes(terms[at..at + 8].try_into().unwrap_or_default());
        Self {
            terms,
            energy: amount(0),
            payment: amount(8),
            fee: amount(16),
            seller_energy: &parties[0],
            buyer_energy: &parties[1],
            buyer_payment: &parties[2],
            seller_payment: &parties[3],
        }
    }

    /// The trade's leaf. Its parties are the addresses of their accounts and nothing in these, so that
    /// nobody can spoil a range by what he does with his account.
    #[inline(always)]
    pub fn leaf(&self, published: &Publication, index: u32) -> Hash {
        sha256(&[
            &[0],
            &published.as_bytes()[..12],
            &index.to_le_bytes(),
            self.seller_energy.address().as_ref(),
            self.buyer_energy.address().as_ref(),
            self.buyer_payment.address().as_ref(),
            self.seller_payment.address().as_ref(),
            self.terms,
        ])
    }

    /// All four accounts were passed writable.
    #[inline(always)]
    pub fn must_be_writable(&self) -> Outcome {
        let is_writable = self.seller_energy.is_writable()
            && self.buyer_energy.is_writable()
            && self.buyer_payment.is_writable()
            && self.seller_payment.is_writable();
        require(is_writable, GridError::NotWritable)
    }

    /// The payment follows from the price: the buyer pays at least the value, the seller gets at most it,
    /// because charges may lie on either side.
    #[inline(always)]
    pub fn must_be_at_price(&self, price: u64, max_fee_bps: u64) -> Outcome {
        require(self.energy > 0, GridError::ZeroAmount)?;
        let value = mul_div_floor(self.energy, price, ENERGY_UNITS_PER_KWH)?;
        let net = self.payment.checked_sub(self.fee).ok_or(GridError::PaymentNotAtPrice)?;
        require(net <= value && value <= self.payment, GridError::PaymentNotAtPrice)?;
        let max_fee = mul_div_floor(self.payment, max_fee_bps, BPS)?;
        require(self.fee <= max_fee, GridError::FeeAboveLimit)
    }

    /// Whether every transfer of the trade would succeed now.
    #[inline(always)]
    fn must_be_executable(&self, venue: &Venue) -> Result<(), Reject> {
        let config = venue.config;
        let delegate = venue.delegate.address();
        let energy = |account| inspect(account, &config.energy_mint, &config.energy_token_program);
        let payment = |account| inspect(account, &config.payment_mint, &config.payment_token_program);
        let seller_energy = energy(self.seller_energy)?;
        energy(self.buyer_energy)?.must_receive()?;
        let buyer_payment = payment(self.buyer_payment)?;
        payment(self.seller_payment)?.must_receive()?;
        seller_energy.must_give(self.energy, delegate)?;
        buyer_payment.must_give(self.payment, delegate)
    }

    /// Moves energy, payment and fee, or nothing.
    #[inline(always)]
    pub fn execute(&self, venue: &Venue) -> Result<(), Reject> {
        self.must_be_executable(venue)?;
        let config = venue.config;
        let bump = [config.delegate_bump];
        let seeds = [Seed::from(DELEGATE_SEED), Seed::from(&bump)];
        let signer = Signer::from(&seeds);
        let delegate = venue.delegate;
        transfer(
            &config.energy_token_program,
            [self.seller_energy, self.buyer_energy, delegate],
            self.energy,
            &signer,
        );
        let pay = |to, amount| {
            if amount > 0 {
                let accounts = [self.buyer_payment, to, delegate];
                transfer(&config.payment_token_program, accounts, amount, &signer);
            }
        };
        pay(self.seller_payment, self.payment - self.fee);
        pay(venue.fee_recipient, self.fee);
        Ok(())
    }
}

/// A foreign or unusable fee recipient would make every batch fail; it is the operator's to repair.
pub fn must_take_fees(config: &Config, recipient: &AccountView) -> Outcome {
    let usable = recipient.address() == &config.fee_recipient
        && can_receive(recipient, &config.payment_mint, &config.payment_token_program);
    require(usable, GridError::InvalidFeeRecipient)
}
