//! The program's accounts, one layout per file.

pub mod certificate;
pub mod config;
pub mod ledger;
pub mod participant;
pub mod settlement;
pub mod zone;

pub use certificate::{Certificate, Status};
pub use config::{Config, Limits, Roles};
pub use ledger::Ledger;
pub use participant::Participant;
pub use settlement::Settlement;
pub use zone::Zone;
