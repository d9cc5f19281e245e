//! Exact integer arithmetic.

use crate::{error::GridError, Outcome};

/// floor(a * b / divisor)
#[inline(always)]
pub fn mul_div_floor(a: u64, b: u64, divisor: u64) -> Outcome<u64> {
    if let Some(product) = a.checked_mul(b) {
        return Ok(product / divisor);
    }
    let quotient = u128::from(a) * u128::from(b) / u128::from(divisor);
    Ok(u64::try_from(quotient).map_err(|_| GridError::MathOverflow)?)
}

#[cfg(test)]
mod tests {
    use super::mul_div_floor;

    #[test]
    fn floors_and_widens() {
        assert_eq!(mul_div_floor(10, 10, 3).unwrap(), 33);
        assert_eq!(mul_div_floor(u64::MAX, 10, 10).unwrap(), u64::MAX);
        assert!(mul_div_floor(u64::MAX, 11, 10).is_err());
    }
}
