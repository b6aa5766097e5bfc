//! The few loops that touch every cell, as plain passes over contiguous exporters, and the choice of instructions.
//!
//! The loops are written so that the compiler turns them into vector code. It may use AVX2 only in functions that say so, and
//! the program must run where there is none: [`dispatch`] compiles a pass twice and picks at run time.

/// Whether this machine has the instructions that the second compilation of a pass uses.
#[inline]
pub(crate) fn has_wide_vectors() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

/// Defines a pass as two compilations of one body, `name` choosing between them.
macro_rules! dispatch {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident / $wide:ident / $body:ident ($this:ident: & $($mutable:ident)?, $($argument:ident : $kind:ty),* $(,)?)) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments, unsafe_code)]
        $visibility fn $name(&$($mutable)? $this, $($argument: $kind),*) {
            #[cfg(target_arch = "x86_64")]
            if $crate::equilibrium::kernel::has_wide_vectors() {
                // SAFETY: the features that the function is compiled for have just been found.
                return unsafe { $this.$wide($($argument),*) };
            }
            $this.$body($($argument),*);
        }

        #[cfg(target_arch = "x86_64")]
        #[allow(clippy::too_many_arguments)]
        #[target_feature(enable = "avx2,fma")]
        fn $wide(&$($mutable)? $this, $($argument: $kind),*) {
            $this.$body($($argument),*);
        }
    };
}
pub(crate) use dispatch;

/// `share = weight · power`, and its sum.
#[inline(always)]
pub(crate) fn weigh(share: &mut [f64], weight: &[f64], power: &[f64]) -> f64 {
    let n = share.len();
    let (weight, power) = (&weight[..n], &power[..n]);
    let mut lanes = [0.0; 4];
    let body = n - n % 4;
    let mut i = 0;
    while i < body {
        for l in 0..4 {
            let a = weight[i + l] * power[i + l];
            share[i + l] = a;
            lanes[l] += a;
        }
        i += 4;
    }
    let mut total = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    while i < n {
        let a = weight[i] * power[i];
        share[i] = a;
        total += a;
        i += 1;
    }
    total
}

/// Divides a row by its total, splits off the tariff, adds what exporters receive; returns the sum of payment shares.
#[inline(always)]
pub(crate) fn normalise(
    share: &mut [f64],
    payment_share: &mut [f64],
    payment: &[f64],
    received: &mut [f64],
    scale: f64,
    spending: f64,
) -> f64 {
    let n = share.len();
    let (payment_share, payment, received) = (&mut payment_share[..n], &payment[..n], &mut received[..n]);
    let mut lanes = [0.0; 4];
    let body = n - n % 4;
    let mut i = 0;
    while i < body {
        for l in 0..4 {
            let g = share[i + l] * scale;
            let h = g * payment[i + l];
            share[i + l] = g;
            payment_share[i + l] = h;
            received[i + l] += h * spending;
            lanes[l] += h;
        }
        i += 4;
    }
    let mut sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    while i < n {
        let g = share[i] * scale;
        let h = g * payment[i];
        share[i] = g;
        payment_share[i] = h;
        received[i] += h * spending;
        sum += h;
        i += 1;
    }
    sum
}

/// As [`normalise`], where export taxes make producer values differ from payments.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub(crate) fn normalise_taxed(
    share: &mut [f64],
    payment_share: &mut [f64],
    producer_share: &mut [f64],
    payment: &[f64],
    producer: &[f64],
    received: &mut [f64],
    sales: &mut [f64],
    scale: f64,
    spending: f64,
) -> f64 {
    let mut sum = 0.0;
    for i in 0..share.len() {
        let g = share[i] * scale;
        let h = g * payment[i];
        let p = g * producer[i];
        share[i] = g;
        payment_share[i] = h;
        producer_share[i] = p;
        received[i] += h * spending;
        sales[i] += p * spending;
        sum += h;
    }
    sum
}

/// `cost[i] += Σ_k γ[i,k→s] value[i,k]` for one using sector `s`; `input` holds its S·N shares.
#[inline(always)]
pub(crate) fn inputs_into_costs(cost: &mut [f64], input: &[f64], value: &[f64]) {
    let n = cost.len();
    for (share, value) in input.chunks_exact(n).zip(value.chunks_exact(n)) {
        for i in 0..n {
            cost[i] += share[i] * value[i];
        }
    }
}

/// `usage[i,k] += γ[i,k→s] output[i,s]` for one using sector `s`.
#[inline(always)]
pub(crate) fn outputs_into_use(usage: &mut [f64], input: &[f64], output: &[f64]) {
    let n = output.len();
    for (share, usage) in input.chunks_exact(n).zip(usage.chunks_exact_mut(n)) {
        for i in 0..n {
            usage[i] += share[i] * output[i];
        }
    }
}

/// Dot product.
#[inline(always)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len();
    let b = &b[..n];
    let mut lanes = [0.0; 8];
    let body = n - n % 8;
    let mut i = 0;
    while i < body {
        for l in 0..8 {
            lanes[l] += a[i + l] * b[i + l];
        }
        i += 8;
    }
    let mut total =
        ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    while i < n {
        total += a[i] * b[i];
        i += 1;
    }
    total
}

/// `y += factor · x`.
#[inline(always)]
pub(crate) fn add_scaled(y: &mut [f64], factor: f64, x: &[f64]) {
    let n = y.len();
    let x = &x[..n];
    for i in 0..n {
        y[i] += factor * x[i];
    }
}

/// Dot products of two rows with the same vector.
#[inline(always)]
pub(crate) fn dot_two(a: &[f64], b: &[f64], x: &[f64]) -> (f64, f64) {
    let n = x.len();
    let (a, b) = (&a[..n], &b[..n]);
    let mut first = [0.0; 4];
    let mut second = [0.0; 4];
    let body = n - n % 4;
    let mut i = 0;
    while i < body {
        for l in 0..4 {
            first[l] += a[i + l] * x[i + l];
            second[l] += b[i + l] * x[i + l];
        }
        i += 4;
    }
    let mut one = (first[0] + first[1]) + (first[2] + first[3]);
    let mut two = (second[0] + second[1]) + (second[2] + second[3]);
    while i < n {
        one += a[i] * x[i];
        two += b[i] * x[i];
        i += 1;
    }
    (one, two)
}

/// `weight[i] += border_share[i] · spending · (sales[i] − revenue) − taken · share[i]`.
#[inline(always)]
pub(crate) fn spread(
    weight: &mut [f64],
    border_share: &[f64],
    sales: &[f64],
    revenue: f64,
    spending: f64,
    share: &[f64],
    taken: f64,
) {
    let n = weight.len();
    let (border_share, sales, share) = (&border_share[..n], &sales[..n], &share[..n]);
    for i in 0..n {
        weight[i] += border_share[i] * (spending * (sales[i] - revenue)) - taken * share[i];
    }
}
