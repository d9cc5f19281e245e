"""Links LLVM bitcode for bpfel-unknown-none into a Solana SBPF v0 shared object."""
