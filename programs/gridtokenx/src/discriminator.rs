//! The eight bytes that open instructions, accounts and events: sha256 of `global:`, `account:` or `event:`
//! and the name. A test compares them with the IDL.

/// Opens a call of the program to itself that carries an event.
pub const EVENT: [u8; 8] = [228, 69, 165, 46, 81, 203, 154, 29];

pub const INITIALIZE: [u8; 8] = [175, 175, 109, 31, 13, 152, 155, 237];
pub const SET_ROLES: [u8; 8] = [119, 86, 129, 161, 55, 23, 250, 12];
pub const SET_LIMITS: [u8; 8] = [207, 50, 250, 67, 211, 33, 70, 91];
pub const SET_PAUSED: [u8; 8] = [91, 60, 125, 192, 176, 225, 166, 218];
pub const PROPOSE_AUTHORITY: [u8; 8] = [20, 148, 236, 198, 76, 119, 99, 142];
pub const ACCEPT_AUTHORITY: [u8; 8] = [107, 86, 198, 91, 33, 12, 107, 160];
pub const REGISTER_PARTICIPANT: [u8; 8] = [248, 112, 38, 215, 226, 230, 249, 40];
pub const MINT_ENERGY: [u8; 8] = [76, 31, 77, 219, 98, 60, 1, 241];
pub const CLOSE_LEDGER: [u8; 8] = [236, 179, 19, 235, 59, 77, 121, 118];
pub const OPEN_SETTLEMENT: [u8; 8] = [144, 15, 89, 242, 217, 186, 154, 38];
pub const SETTLE_TRADES: [u8; 8] = [245, 202, 232, 94, 181, 34, 139, 142];
pub const CLOSE_SETTLEMENT: [u8; 8] = [45, 247, 83, 183, 24, 102, 0, 68];
pub const ISSUE_CERTIFICATE: [u8; 8] = [61, 197, 55, 28, 159, 18, 132, 128];
pub const REVOKE_CERTIFICATE: [u8; 8] = [236, 5, 130, 119, 9, 164, 130, 122];
pub const TRANSFER_CERTIFICATE: [u8; 8] = [0, 215, 102, 104, 210, 244, 186, 7];
pub const RETIRE_CERTIFICATE: [u8; 8] = [99, 8, 130, 180, 89, 9, 203, 225];

pub mod account {
    pub const CONFIG: [u8; 8] = [155, 12, 170, 224, 30, 250, 204, 130];
    pub const PARTICIPANT: [u8; 8] = [32, 142, 108, 79, 247, 179, 54, 6];
    pub const LEDGER: [u8; 8] = [43, 41, 21, 213, 180, 176, 95, 32];
    pub const ZONE: [u8; 8] = [169, 253, 183, 233, 122, 195, 93, 252];
    pub const SETTLEMENT: [u8; 8] = [55, 11, 219, 33, 36, 136, 40, 182];
    pub const CERTIFICATE: [u8; 8] = [202, 229, 222, 220, 116, 20, 74, 67];
}

pub mod event {
    pub const INITIALIZED: [u8; 8] = [208, 213, 115, 98, 115, 82, 201, 209];
    pub const ROLES_SET: [u8; 8] = [214, 13, 236, 87, 106, 220, 125, 38];
    pub const LIMITS_SET: [u8; 8] = [53, 198, 194, 145, 146, 149, 189, 127];
    pub const PAUSED_SET: [u8; 8] = [171, 125, 127, 156, 233, 81, 68, 66];
    pub const AUTHORITY_PROPOSED: [u8; 8] = [244, 117, 94, 112, 53, 151, 35, 89];
    pub const AUTHORITY_ACCEPTED: [u8; 8] = [166, 192, 219, 188, 41, 209, 195, 26];
    pub const PARTICIPANT_REGISTERED: [u8; 8] = [47, 115, 159, 109, 135, 121, 70, 193];
    pub const ENERGY_MINTED: [u8; 8] = [40, 61, 69, 45, 232, 138, 229, 35];
    pub const ENERGY_MINT_SKIPPED: [u8; 8] = [245, 97, 67, 148, 170, 208, 215, 159];
    pub const LEDGER_CLOSED: [u8; 8] = [22, 212, 40, 108, 223, 155, 10, 194];
    pub const SETTLEMENT_OPENED: [u8; 8] = [164, 217, 30, 110, 136, 68, 197, 228];
    pub const SETTLEMENT_OPEN_SKIPPED: [u8; 8] = [43, 140, 173, 113, 210, 96, 230, 15];
    pub const TRADES_SETTLED: [u8; 8] = [51, 184, 177, 43, 254, 122, 237, 146];
    pub const SETTLEMENT_CLOSED: [u8; 8] = [245, 50, 228, 218, 145, 185, 227, 59];
    pub const CERTIFICATE_ISSUED: [u8; 8] = [62, 59, 26, 207, 181, 234, 201, 52];
    pub const CERTIFICATE_REVOKED: [u8; 8] = [99, 180, 224, 20, 200, 221, 133, 47];
    pub const CERTIFICATE_TRANSFERRED: [u8; 8] = [236, 75, 227, 202, 62, 24, 221, 37];
    pub const CERTIFICATE_RETIRED: [u8; 8] = [64, 57, 149, 238, 200, 149, 46, 123];
}
