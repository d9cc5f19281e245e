//! Fixed layouts over account bytes: little-endian integers without alignment.

macro_rules! little_endian {
    ($name:ident, $native:ty, $size:literal) => {
        #[derive(Clone, Copy)]
        #[repr(transparent)]
        pub struct $name([u8; $size]);

        impl $name {
            #[inline(always)]
            pub fn get(&self) -> $native {
                <$native>::from_le_bytes(self.0)
            }

            // Not every width is written somewhere.
            #[allow(dead_code)]
            #[inline(always)]
            pub fn set(&mut self, value: $native) {
                self.0 = value.to_le_bytes();
            }
        }
    };
}

little_endian!(U16, u16, 2);
little_endian!(U32, u32, 4);
little_endian!(U64, u64, 8);
little_endian!(I64, i64, 8);

/// A type that is a view of account bytes.
///
/// # Safety
/// The type is `repr(C)`, made of byte-aligned fields for which every bit pattern is valid.
pub unsafe trait Layout: Sized {
    const DISCRIMINATOR: [u8; 8];
    /// Bytes of the account before any variable tail, discriminator included.
    const SIZE: usize = 8 + core::mem::size_of::<Self>();
}
