//! Borsh arguments.

use pinocchio::Address;

use crate::{
    error::{require, GridError},
    Outcome,
};

/// Reads an instruction's arguments from front to back.
pub struct Args<'a>(pub &'a [u8]);

impl<'a> Args<'a> {
    #[inline(always)]
    pub fn array<const N: usize>(&mut self) -> Outcome<&'a [u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(GridError::InvalidArguments)?;
        self.0 = tail;
        Ok(head)
    }

    #[inline(always)]
    pub fn u8(&mut self) -> Outcome<u8> {
        Ok(self.array::<1>()?[0])
    }

    #[inline(always)]
    pub fn bool(&mut self) -> Outcome<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(GridError::InvalidArguments.into()),
        }
    }

    #[inline(always)]
    pub fn u16(&mut self) -> Outcome<u16> {
        Ok(u16::from_le_bytes(*self.array()?))
    }

    #[inline(always)]
    pub fn u32(&mut self) -> Outcome<u32> {
        Ok(u32::from_le_bytes(*self.array()?))
    }

    #[inline(always)]
    pub fn u64(&mut self) -> Outcome<u64> {
        Ok(u64::from_le_bytes(*self.array()?))
    }

    #[inline(always)]
    pub fn i64(&mut self) -> Outcome<i64> {
        Ok(i64::from_le_bytes(*self.array()?))
    }

    #[inline(always)]
    pub fn address(&mut self) -> Outcome<&'a Address> {
        let bytes = self.array::<32>()?;
        // Address is a transparent wrapper of its 32 bytes.
        Ok(unsafe { &*(bytes as *const [u8; 32] as *const Address) })
    }

    /// A vector of `N`-byte items: a 32-bit count, then the items.
    #[inline(always)]
    pub fn items<const N: usize>(&mut self) -> Outcome<&'a [[u8; N]]> {
        let count = self.u32()? as usize;
        let length = count.checked_mul(N).ok_or(GridError::InvalidArguments)?;
        require(length <= self.0.len(), GridError::InvalidArguments)?;
        let (head, tail) = self.0.split_at(length);
        self.0 = tail;
        // The slice holds exactly `count` items, and byte arrays need no alignment.
        Ok(unsafe { core::slice::from_raw_parts(head.as_ptr() as *const [u8; N], count) })
    }

    /// Nothing may follow the last argument.
    #[inline(always)]
    pub fn end(self) -> Outcome {
        require(self.0.is_empty(), GridError::InvalidArguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_in_order_and_to_the_end() {
        let mut args = Args(&[1, 2, 0, 2, 0, 0, 0, 7, 8, 9, 10]);
        assert!(args.bool().unwrap());
        assert_eq!(args.u16().unwrap(), 2);
        assert_eq!(args.items::<2>().unwrap(), [[7, 8], [9, 10]]);
        assert!(args.u8().is_err());
        args.end().unwrap();
    }

    #[test]
    fn refuses_a_count_beyond_the_data() {
        assert!(Args(&[255, 255, 255, 255, 1]).items::<32>().is_err());
        assert!(Args(&[1]).end().is_err());
        assert!(Args(&[2]).bool().is_err());
    }
}
