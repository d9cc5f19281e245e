//! Errors by name; the codes are their order from 6000, as in the IDL.

use pinocchio::error::ProgramError;

/// Anchor's code for an instruction that the program does not have.
pub const FALLBACK_NOT_FOUND: ProgramError = ProgramError::Custom(101);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum GridError {
    /// The signer does not hold the role.
    Unauthorized = 6000,
    /// An account that must sign did not.
    MissingSignature,
    /// An account that is written was passed read-only.
    NotWritable,
    /// The number of accounts does not fit the instruction.
    WrongAccountCount,
    /// An account is not at the address its seeds give.
    WrongPda,
    /// An account is owned by another program.
    WrongAccountOwner,
    /// An account of this program is of another kind.
    WrongAccountType,
    /// The system program account is another account.
    WrongSystemProgram,
    /// The program account is not this program.
    WrongProgram,
    /// The token program is not the one of the config, or neither SPL Token nor Token-2022.
    WrongTokenProgram,
    /// The mint is not the one of the config.
    WrongMint,
    /// The account is not an initialized mint of its token program.
    InvalidMint,
    /// The mint has the wrong number of decimals.
    WrongDecimals,
    /// The energy mint has a supply already.
    SupplyNotZero,
    /// The energy mint's authority is not this program's mint authority.
    WrongMintAuthority,
    /// The energy mint has a freeze authority.
    FreezeAuthoritySet,
    /// The mint has an extension outside the allow-list.
    ForbiddenExtension,
    /// The fee recipient cannot receive the payment token.
    InvalidFeeRecipient,
    /// The signer is not the upgrade authority in the program's ProgramData.
    NotUpgradeAuthority,
    /// The config exists.
    AlreadyInitialized,
    /// The limits contradict each other.
    InvalidLimits,
    /// No authority is proposed.
    NoPendingAuthority,
    /// The program is paused.
    Paused,
    /// The participant exists.
    AlreadyRegistered,
    /// The amount is zero.
    ZeroAmount,
    /// The amount is above the limit per window.
    AmountAboveLimit,
    /// The window has not begun.
    WindowInFuture,
    /// The window is older than max_window_age, or below the mint floor.
    WindowTooOld,
    /// The ledger is of another meter or page.
    WrongLedger,
    /// The destination cannot receive the energy token.
    InvalidDestination,
    /// The page has windows that can still be minted.
    LedgerStillOpen,
    /// The account is not the payer recorded at creation.
    WrongPayer,
    /// The epoch is not the YYYYMMDDHHMM of a quarter of an hour.
    UnalignedEpoch,
    /// The epoch has not begun.
    EpochInFuture,
    /// The zone has opened this or a later part.
    SettlementNotNewer,
    /// The settlement is open with other arguments.
    SettlementDiffers,
    /// A part holds 1 to 65536 trades, and indexes fit 32 bits.
    InvalidTradeCount,
    /// The price is outside the limits.
    PriceOutOfLimits,
    /// The deadline has passed already.
    DeadlineInPast,
    /// The settlement is of another epoch, zone or part.
    WrongSettlement,
    /// The deadline has passed.
    SettlementExpired,
    /// The batch has no trades.
    EmptyBatch,
    /// A trade is not within the part.
    IndexOutOfRange,
    /// The trades are not under the published root.
    InvalidProof,
    /// A payment does not follow from the published price.
    PaymentNotAtPrice,
    /// A fee is above the limit.
    FeeAboveLimit,
    /// Trades are open and the deadline has not passed.
    SettlementStillOpen,
    /// A certificate id has 1 to 100 bytes of UTF-8.
    InvalidCertificateId,
    /// The certificate exists.
    CertificateExists,
    /// The period is empty or not over yet.
    InvalidPeriod,
    /// The period does not begin and end at a multiple of 900 s.
    UnalignedPeriod,
    /// The certificate is retired or revoked.
    CertificateNotActive,
    /// The arguments are not what the instruction takes.
    InvalidArguments,
    /// An event was not sent by this program itself.
    EventForged,
    /// An amount does not fit its type.
    MathOverflow,
    /// An earlier part of the epoch has trades of these indexes.
    IndexAlreadyPublished,
}

impl From<GridError> for ProgramError {
    #[inline(always)]
    fn from(error: GridError) -> Self {
        ProgramError::Custom(error as u32)
    }
}

/// Fails with `error` unless `condition` holds.
#[inline(always)]
pub fn require(condition: bool, error: GridError) -> crate::Outcome {
    if condition {
        Ok(())
    } else {
        Err(error.into())
    }
}
