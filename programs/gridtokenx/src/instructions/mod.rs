//! One file per instruction.

mod accept_authority;
mod close_ledger;
mod close_settlement;
mod initialize;
mod issue_certificate;
mod mint_energy;
mod open_settlement;
mod propose_authority;
mod register_participant;
mod retire_certificate;
mod revoke_certificate;
mod set_limits;
mod set_paused;
mod set_roles;
mod settle_trades;
mod trade;
mod transfer_certificate;

pub use accept_authority::accept_authority;
pub use close_ledger::close_ledger;
pub use close_settlement::close_settlement;
pub use initialize::initialize;
pub use issue_certificate::issue_certificate;
pub use mint_energy::mint_energy;
pub use open_settlement::open_settlement;
pub use propose_authority::propose_authority;
pub use register_participant::register_participant;
pub use retire_certificate::retire_certificate;
pub use revoke_certificate::revoke_certificate;
pub use set_limits::set_limits;
pub use set_paused::set_paused;
pub use set_roles::set_roles;
pub use settle_trades::settle_trades;
pub use transfer_certificate::transfer_certificate;
