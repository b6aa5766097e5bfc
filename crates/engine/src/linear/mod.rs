//! Linear algebra that knows no economics: loops over contiguous cells, small dense systems, GMRES.

pub(crate) mod columns;
pub(crate) mod dense;
pub(crate) mod kernel;
pub(crate) mod krylov;
#[cfg(target_arch = "x86_64")]
mod simd_avx2;
