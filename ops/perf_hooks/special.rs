//! Distributions that statistics compare with: the regularised incomplete beta function and what follows from it.

use std::f64::consts::PI;

/// How exact a continued fraction or an interval is at its end.
const EXACT: f64 = 1e-15;
/// A continued fraction needs about as many terms as the root of the larger parameter.
const TERMS: u32 = 1_000_000;
const SMALLEST: f64 = 1e-300;

const LANCZOS: [f64; 9] = [
    0.999_999_999_999_809_9,
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];

/// The logarithm of the gamma function of a positive number, by Lanczos.
fn ln_gamma(x: f64) -> f64 {
    if x < 0.5 {
        return (PI / (PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let base = x + 7.5;
    let terms = LANCZOS.iter().enumerate().skip(1).map(|(i, factor)| factor / (x + i as f64));
    let sum = LANCZOS[0] + terms.sum::<f64>();
    0.5 * (2.0 * PI).ln() + (x + 0.5) * base.ln() - base + sum.ln()
}

/// The share of the beta distribution with parameters `a` and `b` that lies below `x`.
pub(super) fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || a.is_infinite() {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, by the method of Lentz.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let away = |value: f64| if value.abs() < SMALLEST { SMALLEST } else { value };
    let mut above = 1.0;
    let mut below = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = below;
    for term in 1..TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        below = 1.0 / away(1.0 + even * below);
        above = away(1.0 + even / above);
        fraction *= below * above;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        below = 1.0 / away(1.0 + odd * below);
        above = away(1.0 + odd / above);
        let step = below * above;
        fraction *= step;
        if (step - 1.0).abs() < EXACT {
            break;
        }
    }
    fraction
}

/// How likely a value of Student's distribution is at least as far from zero as `t`.
pub(super) fn student_tails(t: f64, degrees: f64) -> f64 {
    beta(degrees / (degrees + t * t), degrees / 2.0, 0.5)
}

/// The distance from zero within which a value of Student's distribution lies with a probability.
pub(super) fn student_quantile(probability: f64, degrees: f64) -> f64 {
    let tails = 1.0 - probability;
    let mut high = 1.0;
    while student_tails(high, degrees) > tails && high < f64::MAX / 2.0 {
        high *= 2.0;
    }
    let mut low = 0.0;
    while high - low > EXACT * high {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if student_tails(middle, degrees) > tails { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// How likely a value of the normal distribution is at least as far from zero as `z`.
pub(super) fn normal_tails(z: f64) -> f64 {
    let square = z * z / 2.0;
    let front = (-square - ln_gamma(0.5) + 0.5 * square.ln()).exp();
    if square == 0.0 {
        1.0
    } else if square < 1.5 {
        1.0 - front * gamma_series(square)
    } else {
        front * gamma_fraction(square)
    }
}

/// The series of the incomplete gamma function of 1/2.
fn gamma_series(x: f64) -> f64 {
    let (mut term, mut sum) = (2.0, 2.0);
    let mut at = 0.5;
    while term > sum * EXACT {
        at += 1.0;
        term *= x / at;
        sum += term;
    }
    sum
}

/// The continued fraction of its complement.
fn gamma_fraction(x: f64) -> f64 {
    let mut b = x + 0.5;
    let mut above = 1.0 / SMALLEST;
    let mut below = 1.0 / b;
    let mut fraction = below;
    for term in 1..TERMS {
        let factor = -f64::from(term) * (f64::from(term) - 0.5);
        b += 2.0;
        below = 1.0 / (factor * below + b);
        above = b + factor / above;
        let step = below * above;
        fraction *= step;
        if (step - 1.0).abs() < EXACT {
            break;
        }
    }
    fraction
}

/// How likely at most `most` of `count` trials succeed, each with a probability.
pub(super) fn binomial(most: f64, count: f64, probability: f64) -> f64 {
    if most >= count { 1.0 } else { beta(1.0 - probability, count - most, most + 1.0) }
}
