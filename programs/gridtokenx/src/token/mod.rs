//! What the program knows of SPL Token and Token-2022.

mod account;
mod call;
mod extension;
mod mint;

use pinocchio::Address;

pub use account::{can_receive, inspect, Reject};
pub use call::{mint_to, transfer};
pub use mint::Mint;

const SPL_TOKEN: Address = Address::new_from_array([
    6, 221, 246, 225, 215, 101, 161, 147, 217, 203, 225, 70, 206, 235, 121, 172, 28, 180, 133, 237, 95, 91,
    55, 145, 58, 140, 245, 133, 126, 255, 0, 169,
]);
const TOKEN_2022: Address = Address::new_from_array([
    6, 221, 246, 225, 238, 117, 143, 222, 24, 66, 93, 188, 228, 108, 205, 218, 182, 26, 252, 77, 131, 185,
    13, 39, 254, 189, 249, 40, 216, 161, 139, 252,
]);

/// Length of a token account without extensions; extensions of mints start behind it, too.
const ACCOUNT_BYTES: usize = 165;
const MULTISIG_BYTES: usize = 355;

pub fn is_token_program(address: &Address) -> bool {
    address == &SPL_TOKEN || address == &TOKEN_2022
}
