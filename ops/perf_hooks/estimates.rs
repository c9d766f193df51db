//! What histograms say of the distributions that their values come from, and whether two come from the same.

use std::sync::Arc;

use super::histogram::{Histogram, Record};
use super::special::{beta, binomial, normal_tails, student_quantile, student_tails};
use crate::bind::task::lock;

/// Mean, its variance by the sample, and the number of values.
struct Sample {
    count: f64,
    mean: f64,
    /// The variance of the mean.
    error: f64,
}

impl Sample {
    fn of(record: &Record) -> Sample {
        let count = record.counts.len() as f64;
        let mean = record.mean();
        let [square, ..] = record.moments(mean);
        Sample { count, mean, error: square / (count - 1.0) }
    }
}

/// `meanInterval(histogram, confidence)`: the mean, and the bounds between which that of the distribution lies.
pub(super) fn mean_interval(histogram: Histogram, confidence: f64) -> Vec<f64> {
    let Sample { count, mean, error } = Sample::of(&lock(&histogram.0));
    if count < 2.0 {
        return vec![mean, f64::NAN, f64::NAN];
    }
    let margin = if error == 0.0 { 0.0 } else { student_quantile(confidence, count - 1.0) * error.sqrt() };
    vec![mean, mean - margin, mean + margin]
}

/// `percentileInterval(histogram, percentile, confidence)`: the values between which a percentile of the
/// distribution lies, by the exact binomial method.
pub(super) fn percentile_interval(histogram: Histogram, percentile: f64, confidence: f64) -> Vec<f64> {
    let record = lock(&histogram.0);
    let value = record.percentile(percentile);
    let count = record.counts.len();
    if count < 2 {
        return vec![value, value, value];
    }
    let tail = (1.0 - confidence) / 2.0;
    let below = |rank: u64| binomial(rank as f64 - 1.0, count as f64, percentile / 100.0);
    let lower = first(1, count + 1, |rank| below(rank) > tail) - 1;
    let upper = first(1, count, |rank| below(rank) >= 1.0 - tail);
    vec![value, record.value_at(lower.max(1)), record.value_at(upper)]
}

/// The first of the numbers from `low` on for which something holds that holds for all after it; `high` if none is
/// below it.
fn first(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// `welchTest(histogram, other, confidence)`: Welch's statistic, degrees of freedom, the likelihood of such a
/// difference of the means by chance, and the bounds of the difference.
pub(super) fn welch_test(histogram: Histogram, other: Histogram, confidence: f64) -> Vec<f64> {
    let nothing = vec![0.0, 0.0, 1.0, 0.0, 0.0];
    if Arc::ptr_eq(&histogram.0, &other.0) {
        return nothing;
    }
    let ours = Sample::of(&lock(&histogram.0));
    let theirs = Sample::of(&lock(&other.0));
    let square = ours.error + theirs.error;
    if ours.count < 2.0 || theirs.count < 2.0 || square == 0.0 {
        return nothing;
    }
    let error = square.sqrt();
    let difference = ours.mean - theirs.mean;
    let statistic = difference / error;
    let parts =
        ours.error * ours.error / (ours.count - 1.0) + theirs.error * theirs.error / (theirs.count - 1.0);
    let degrees = square * square / parts;
    let margin = student_quantile(confidence, degrees) * error;
    vec![statistic, degrees, student_tails(statistic, degrees), difference - margin, difference + margin]
}

/// `mannWhitneyTest(histogram, other)`: how often a value of ours is greater than one of theirs, as a number, as a
/// distance from what is expected in standard deviations, and the likelihood of that by chance.
pub(super) fn mann_whitney_test(histogram: Histogram, other: Histogram) -> Vec<f64> {
    let nothing = vec![0.0, 0.0, 1.0];
    if Arc::ptr_eq(&histogram.0, &other.0) {
        return nothing;
    }
    let collect = |it: &Histogram| lock(&it.0).recorded().collect::<Vec<_>>();
    let (ours, theirs) = (collect(&histogram), collect(&other));
    let total = |values: &[(u64, u64)]| values.iter().map(|(_, count)| *count as f64).sum::<f64>();
    let (our_count, their_count) = (total(&ours), total(&theirs));
    if our_count == 0.0 || their_count == 0.0 {
        return nothing;
    }
    let (mut greater, mut ties, mut smaller) = (0.0, 0.0, 0.0);
    let (mut i, mut k) = (0, 0);
    while i < ours.len() || k < theirs.len() {
        let value = ours.get(i).into_iter().chain(theirs.get(k)).map(|(value, _)| *value).min();
        let take = |values: &[(u64, u64)], at: &mut usize| match values.get(*at) {
            Some((found, count)) if Some(*found) == value => {
                *at += 1;
                *count as f64
            }
            _ => 0.0,
        };
        let (our_part, their_part) = (take(&ours, &mut i), take(&theirs, &mut k));
        greater += our_part * (smaller + their_part / 2.0);
        smaller += their_part;
        let tied = our_part + their_part;
        ties += tied * (tied * tied - 1.0);
    }
    let all = our_count + their_count;
    let variance = our_count * their_count / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    if variance <= 0.0 {
        return vec![greater, 0.0, 1.0];
    }
    let score = (greater - our_count * their_count / 2.0) / variance.sqrt();
    vec![greater, score, normal_tails(score)]
}

/// `quantiles(counts, probabilities, spread)`: the quantiles of a distribution at probabilities from 0 to 1, by Harrell
/// and Davis. `counts` are what the binding's function of that name gives; of values that count as the same several
/// stand for a range, if these are more than one (`spread` 1) or always (2).
pub(super) fn quantiles(counts: Vec<f64>, probabilities: Vec<f64>, spread: i32) -> Vec<f64> {
    let buckets = buckets(&counts, spread);
    let total = buckets.last().map_or(0.0, |bucket| bucket.end);
    let at = |probability: f64| match (&*buckets, probability) {
        ([], _) => 0.0,
        ([only], _) => only.low + (only.high - only.low) * probability,
        ([first, ..], 0.0) => first.low,
        ([.., last], 1.0) => last.high,
        _ => quantile(&buckets, total, probability),
    };
    probabilities.into_iter().map(at).collect()
}

/// Values that count as the same: the range that they stand for, and how many there are up to the last of them.
struct Bucket {
    low: f64,
    high: f64,
    end: f64,
}

fn buckets(counts: &[f64], spread: i32) -> Vec<Bucket> {
    let mut end = 0.0;
    let parts = counts.chunks_exact(3).map(|part| {
        let width = part[1] - part[0] + 1.0;
        let middle = part[0] + (width / 2.0).floor();
        let is_spread = part[2] > 1.0 && (spread == 2 || (spread == 1 && width > 1.0));
        let half = if is_spread { width / 2.0 } else { 0.0 };
        end += part[2];
        Bucket { low: middle - half, high: middle + half, end }
    });
    let mut buckets: Vec<_> = parts.collect();
    // Nothing is known beyond the least and the greatest.
    if let [first, .., last] = &mut *buckets {
        first.low = f64::midpoint(first.low, first.high);
        last.high = f64::midpoint(last.low, last.high);
    }
    buckets
}

/// One quantile: each bucket weighs as much as the beta distribution has of it.
fn quantile(buckets: &[Bucket], total: f64, probability: f64) -> f64 {
    let (a, b) = ((total + 1.0) * probability, (total + 1.0) * (1.0 - probability));
    // Further from the middle there is nothing that a sum would show.
    let reach = 40.0 * ((probability * (1.0 - probability) / (total + 2.0)).sqrt() + 1.0 / total);
    let share = |x: f64, a: f64| match x - probability {
        it if it < -reach => 0.0,
        it if it > reach => 1.0,
        _ => beta(x, a, b),
    };
    let mut sum = 0.0;
    let (mut before, mut below, mut moment_below) = (0.0, 0.0, 0.0);
    for Bucket { low, high, end } in buckets {
        let x = end / total;
        let (upto, moment) = (share(x, a), share(x, a + 1.0));
        sum += low * (upto - below);
        if high > low {
            // The mean place within the range, by the distribution's own density.
            let start = before / total;
            let slope = (high - low) / (x - start);
            sum += slope * (probability * (moment - moment_below) - start * (upto - below));
        }
        (before, below, moment_below) = (*end, upto, moment);
    }
    sum
}
