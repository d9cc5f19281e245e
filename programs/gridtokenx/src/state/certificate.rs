//! A claim on the attributes of generated energy.

use pinocchio::Address;

use crate::{
    discriminator::account,
    error::{require, GridError},
    layout::{Layout, I64, U32, U64},
    Outcome,
};

pub const SEED: &[u8] = b"certificate";
pub const MAX_ID_BYTES: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    Active = 0,
    Retired = 1,
    Revoked = 2,
}

/// Followed by the certificate id in UTF-8.
#[repr(C)]
pub struct Certificate {
    pub owner: Address,
    pub issuer: Address,
    pub energy: U64,
    pub period_start: I64,
    pub period_end: I64,
    pub beneficiary: Address,
    status: u8,
    pub id_bytes: U32,
}

unsafe impl Layout for Certificate {
    const DISCRIMINATOR: [u8; 8] = account::CERTIFICATE;
}

impl Certificate {
    pub fn set_status(&mut self, status: Status) {
        self.status = status as u8;
    }

    /// Retired and revoked certificates stay what they are.
    pub fn must_be_active(&self) -> Outcome {
        require(self.status == Status::Active as u8, GridError::CertificateNotActive)
    }
}
