//! The list of extensions behind the fixed part of a Token-2022 account or mint.

use super::{ACCOUNT_BYTES, MULTISIG_BYTES};

pub const METADATA_POINTER: u16 = 18;
pub const TOKEN_METADATA: u16 = 19;
pub const IMMUTABLE_OWNER: u16 = 7;
pub const MEMO_TRANSFER: u16 = 8;
pub const CPI_GUARD: u16 = 11;

const KIND_BYTE: usize = ACCOUNT_BYTES;

/// The byte behind the fixed part that tells mints from accounts.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Kind {
    Mint = 1,
    Account = 2,
}

/// The extension bytes of an account or mint longer than its fixed part, if it is one of that kind.
#[inline(always)]
pub fn list(data: &[u8], kind: Kind) -> Option<&[u8]> {
    let is_kind = data.len() > ACCOUNT_BYTES && data.len() != MULTISIG_BYTES && data[KIND_BYTE] == kind as u8;
    is_kind.then(|| &data[KIND_BYTE + 1..])
}

/// Hands every extension's type and value to `accept` until it refuses one. False when one was refused or
/// the list is malformed. A zero type ends the list, as does a rest too short for a type.
#[inline(always)]
pub fn all(mut rest: &[u8], mut accept: impl FnMut(u16, &[u8]) -> bool) -> bool {
    while let Some((kind, tail)) = rest.split_first_chunk::<2>() {
        let kind = u16::from_le_bytes(*kind);
        if kind == 0 {
            return true;
        }
        let Some((length, tail)) = tail.split_first_chunk::<2>() else {
            return false;
        };
        let length = usize::from(u16::from_le_bytes(*length));
        if length > tail.len() {
            return false;
        }
        let (value, tail) = tail.split_at(length);
        if !accept(kind, value) {
            return false;
        }
        rest = tail;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_to_the_end_or_the_first_zero_type() {
        let mut seen = 0;
        assert!(all(&[7, 0, 0, 0, 8, 0, 1, 0, 1, 0, 0, 9], |_, _| {
            seen += 1;
            true
        }));
        assert_eq!(seen, 2);
        assert!(all(&[], |_, _| false));
        assert!(all(&[7], |_, _| false));
    }

    #[test]
    fn malformed_lists_are_refused() {
        for bytes in [&[7, 0][..], &[7, 0, 0], &[7, 0, 1, 0], &[7, 0, 255, 255, 1]] {
            assert!(!all(bytes, |_, _| true), "{bytes:?}");
        }
    }

    #[test]
    fn kinds_and_multisigs_are_told_apart() {
        let mut data = [0; 200];
        data[165] = 2;
        assert!(list(&data, Kind::Account).is_some());
        assert!(list(&data, Kind::Mint).is_none());
        assert!(list(&data[..165], Kind::Account).is_none());
        let mut multisig = [0; 355];
        multisig[165] = 2;
        assert!(list(&multisig, Kind::Account).is_none());
    }
}
