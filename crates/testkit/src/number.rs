//! Numbers that equations can be written in: plain, with a derivative, and with twice the digits.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// What an equation needs of a number.
pub trait Number:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    fn of(value: f64) -> Self;
    fn value(self) -> f64;
    fn ln(self) -> Self;
    fn exp(self) -> Self;

    fn times(self, factor: f64) -> Self {
        self * Self::of(factor)
    }
}

impl Number for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn value(self) -> f64 {
        self
    }
    fn ln(self) -> Self {
        f64::ln(self)
    }
    fn exp(self) -> Self {
        f64::exp(self)
    }
}

/// A number and its derivative.
#[derive(Clone, Copy, Debug)]
pub struct Dual {
    pub value: f64,
    pub slope: f64,
}

impl Add for Dual {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        Self { value: self.value + b.value, slope: self.slope + b.slope }
    }
}
impl Sub for Dual {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        Self { value: self.value - b.value, slope: self.slope - b.slope }
    }
}
impl Mul for Dual {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        Self { value: self.value * b.value, slope: self.slope * b.value + self.value * b.slope }
    }
}
impl Div for Dual {
    type Output = Self;
    fn div(self, b: Self) -> Self {
        let value = self.value / b.value;
        Self { value, slope: (self.slope - value * b.slope) / b.value }
    }
}
impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self { value: -self.value, slope: -self.slope }
    }
}

impl Number for Dual {
    fn of(value: f64) -> Self {
        Self { value, slope: 0.0 }
    }
    fn value(self) -> f64 {
        self.value
    }
    fn ln(self) -> Self {
        Self { value: self.value.ln(), slope: self.slope / self.value }
    }
    fn exp(self) -> Self {
        let value = self.value.exp();
        Self { value, slope: self.slope * value }
    }
}

/// A number of some 31 digits: an unevaluated sum of two (Dekker 1971).
#[derive(Clone, Copy, Debug)]
pub struct Wide {
    high: f64,
    low: f64,
}

impl Wide {
    /// The sum of two numbers of which the first is the larger.
    fn quick(a: f64, b: f64) -> Self {
        let high = a + b;
        Self { high, low: b - (high - a) }
    }

    fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let part = high - a;
        Self { high, low: (a - (high - part)) + (b - part) }
    }

    fn product(a: f64, b: f64) -> Self {
        let split = |x: f64| {
            let t = 134_217_729.0 * x;
            let high = t - (t - x);
            (high, x - high)
        };
        let high = a * b;
        let ((a1, a2), (b1, b2)) = (split(a), split(b));
        Self { high, low: ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2 }
    }
}

impl Wide {
    fn over(self, divisor: f64) -> Self {
        let first = self.high / divisor;
        let rest = self - Self::product(first, divisor);
        Self::quick(first, rest.high / divisor)
    }
}

impl Add for Wide {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        let high = Self::sum(self.high, b.high);
        let low = Self::sum(self.low, b.low);
        let first = Self::quick(high.high, high.low + low.high);
        Self::quick(first.high, first.low + low.low)
    }
}
impl Neg for Wide {
    type Output = Self;
    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}
impl Sub for Wide {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        self + -b
    }
}
impl Mul for Wide {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        let p = Self::product(self.high, b.high);
        Self::quick(p.high, p.low + (self.high * b.low + self.low * b.high))
    }
}
impl Div for Wide {
    type Output = Self;
    fn div(self, b: Self) -> Self {
        let first = self.high / b.high;
        let rest = self - b.times(first);
        let second = rest.high / b.high;
        let rest = rest - b.times(second);
        let third = rest.high / b.high;
        let whole = Self::quick(first, second);
        whole + Self::of(third)
    }
}

impl Number for Wide {
    fn of(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }
    fn value(self) -> f64 {
        self.high
    }
    /// One step of Newton's method from the rounded logarithm.
    fn ln(self) -> Self {
        let rough = Self::of(self.high.ln());
        rough + (self * (-rough).exp() - Self::of(1.0))
    }
    /// `exp(k ln 2 + r) = 2^k (exp(r/512))^512`, the inner one by its series.
    fn exp(self) -> Self {
        const LN_2: Wide = Wide { high: std::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };
        let k = (self.high / LN_2.high).round();
        let r = (self - LN_2.times(k)).times(1.0 / 512.0);
        // exp(r) − 1, so that squaring loses nothing: (1+x)² − 1 = 2x + x².
        let (mut term, mut x) = (r, r);
        for n in 2..10 {
            term = (term * r).over(f64::from(n));
            x = x + term;
        }
        for _ in 0..9 {
            x = x.times(2.0) + x * x;
        }
        (x + Self::of(1.0)).times(2.0_f64.powi(k as i32))
    }
}
