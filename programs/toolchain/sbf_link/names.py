"""Symbols with a meaning of their own, and the instructions that SBPF v0 knows."""

from __future__ import annotations

ENTRY = "entrypoint"

# Crate sbf-rt: what sbf-lower calls must survive until then.
RUNTIME = [
    "memcpy",
    "memmove",
    "memset",
    "memcmp",
    "bcmp",
    "sbf_memcpy",
    "sbf_memmove",
    "sbf_memset",
    "sbf_umulh",
    "sbf_smulo64",
    "sbf_sdiv64",
    "sbf_srem64",
    "sbf_mul128",
    "sbf_umulo128",
    "sbf_shl128",
    "sbf_lshr128",
    "sbf_ashr128",
    "sbf_udiv128",
    "sbf_urem128",
    "sbf_sdiv128",
    "sbf_srem128",
]

SYSCALLS = frozenset(
    [
        "abort",
        "sol_panic_",
        "sol_log_",
        "sol_log_64_",
        "sol_log_compute_units_",
        "sol_log_pubkey",
        "sol_log_data",
        "sol_create_program_address",
        "sol_try_find_program_address",
        "sol_sha256",
        "sol_keccak256",
        "sol_blake3",
        "sol_secp256k1_recover",
        "sol_poseidon",
        "sol_curve_validate_point",
        "sol_curve_group_op",
        "sol_curve_multiscalar_mul",
        "sol_get_clock_sysvar",
        "sol_get_epoch_schedule_sysvar",
        "sol_get_rent_sysvar",
        "sol_get_last_restart_slot",
        "sol_get_epoch_rewards_sysvar",
        "sol_get_sysvar",
        "sol_get_fees_sysvar",
        "sol_get_epoch_stake",
        "sol_memcpy_",
        "sol_memmove_",
        "sol_memcmp_",
        "sol_memset_",
        "sol_invoke_signed_c",
        "sol_invoke_signed_rust",
        "sol_set_return_data",
        "sol_get_return_data",
        "sol_get_processed_sibling_instruction",
        "sol_get_stack_height",
        "sol_alt_bn128_group_op",
        "sol_alt_bn128_compression",
        "sol_big_mod_exp",
        "sol_remaining_compute_units",
    ]
)

TRAP, ABORT = "__bpf_trap", "abort"
"""What llvm.trap calls, and the system call that does it."""

LDDW, CALL, CALLX = 0x18, 0x85, 0x8D
_LOADS_AND_STORES = {0x61, 0x69, 0x71, 0x79, 0x62, 0x6A, 0x72, 0x7A, 0x63, 0x6B, 0x73, 0x7B}
_ALU64 = {op << 4 | source | 7 for op in (*range(8), 9, 0xA, 0xB, 0xC) for source in (0, 8)}
_JUMPS = {op << 4 | source | 5 for op in (*range(1, 8), 0xA, 0xB, 0xC, 0xD) for source in (0, 8)}
_OTHERS = {LDDW, CALL, CALLX, 0x95, 0x05, 0xD4, 0xDC, 0x84, 0x87}
# Of ALU32 only the two that cpu v2 can emit.
OPCODES = frozenset(_LOADS_AND_STORES | _ALU64 | _JUMPS | _OTHERS)
