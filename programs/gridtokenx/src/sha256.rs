//! sha256 over several slices: a syscall on chain.

pub type Hash = [u8; 32];

#[inline(always)]
pub fn sha256(parts: &[&[u8]]) -> Hash {
    #[cfg(any(target_os = "solana", target_arch = "bpf"))]
    {
        let mut hash = core::mem::MaybeUninit::<Hash>::uninit();
        unsafe {
            pinocchio::syscalls::sol_sha256(
                parts.as_ptr() as *const u8,
                parts.len() as u64,
                hash.as_mut_ptr() as *mut u8,
            );
            hash.assume_init()
        }
    }
    #[cfg(not(any(target_os = "solana", target_arch = "bpf")))]
    {
        use sha2::Digest;
        let mut hasher = sha2::Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().into()
    }
}
