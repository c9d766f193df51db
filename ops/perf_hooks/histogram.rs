//! Histograms of `perf_hooks`: counts of whole numbers with a chosen number of exact digits, shared by all
//! threads that have one.

use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hdrhistogram::Histogram as Counts;

use super::estimates::{mann_whitney_test, mean_interval, percentile_interval, quantiles, welch_test};
use super::export::{export, import};
use crate::bind::object::{self, Carried, Seed, State};
use crate::bind::task::lock;
use crate::bind::{Binding, Host};
use crate::binding;

/// `internalBinding('histogram')`. A histogram is what `create` returns, and the first argument of all others.
pub const BINDING: Binding = binding! {
    "histogram",
    sync: [
        create, record, record_corrected, add, subtract, reset, summary, percentile, percentiles, counts, equivalents,
        mean_interval, percentile_interval, welch_test, mann_whitney_test, export, import, monitor_turns, forget_turns,
    ],
    both: [quantiles],
};

/// A moving average of what is recorded, in which a value weighs half as much after a number of others.
#[derive(Debug, Default)]
pub(super) struct Moving {
    /// How much the newest value weighs; 0 where nothing is averaged.
    pub(super) weight: f64,
    /// Values above it are errors; 0 for none.
    pub(super) threshold: f64,
    pub(super) mean: f64,
    pub(super) variance: f64,
    pub(super) error_rate: f64,
    pub(super) is_empty: bool,
}

impl Moving {
    fn new(half_life: f64, threshold: f64) -> Self {
        let weight = if half_life > 0.0 { 1.0 - 0.5_f64.powf(1.0 / half_life) } else { 0.0 };
        Moving { weight, threshold, is_empty: true, ..Moving::default() }
    }

    fn record(&mut self, value: f64) {
        if self.weight == 0.0 {
            return;
        }
        let failed = self.threshold > 0.0 && value > self.threshold;
        let failed = f64::from(u8::from(failed));
        if self.is_empty {
            (self.is_empty, self.mean, self.error_rate) = (false, value, failed);
            return;
        }
        let distance = value - self.mean;
        self.mean += self.weight * distance;
        self.variance = (1.0 - self.weight) * (self.variance + self.weight * distance * distance);
        self.error_rate += self.weight * (failed - self.error_rate);
    }

    fn reset(&mut self) {
        *self =
            Moving { weight: self.weight, threshold: self.threshold, is_empty: true, ..Moving::default() };
    }
}

#[derive(Debug)]
pub(super) struct Record {
    pub(super) counts: Counts<u64>,
    pub(super) lowest: u64,
    pub(super) highest: u64,
    /// The least and the greatest value, as they were given.
    pub(super) range: Option<(u64, u64)>,
    /// How many values were too high.
    exceeds: u64,
    pub(super) moving: Moving,
}

impl Record {
    /// One without values. The bounds are as JavaScript has checked them.
    pub(super) fn new(lowest: u64, highest: u64, figures: u8, moving: Moving) -> Option<Record> {
        let counts = Counts::new_with_bounds(lowest, highest, figures).ok()?;
        Some(Record { counts, lowest, highest, range: None, exceeds: 0, moving })
    }

    fn record(&mut self, value: u64) {
        if self.record_n(value, 1) {
            self.moving.record(value as f64);
        } else {
            self.exceeds += 1;
        }
    }

    /// Whether the value is not too high.
    pub(super) fn record_n(&mut self, value: u64, count: u64) -> bool {
        if value > self.highest || self.counts.record_n(value, count).is_err() {
            return false;
        }
        let (least, greatest) = self.range.unwrap_or((value, value));
        self.range = Some((least.min(value), greatest.max(value)));
        true
    }

    pub(super) fn mean(&self) -> f64 {
        let values =
            self.recorded().map(|(value, count)| self.counts.median_equivalent(value) as f64 * count as f64);
        values.sum::<f64>() / self.counts.len() as f64
    }

    /// The sums of the second, third and fourth powers of the distances from the mean, divided by the count.
    pub(super) fn moments(&self, mean: f64) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for (value, count) in self.recorded() {
            let distance = self.counts.median_equivalent(value) as f64 - mean;
            let square = distance * distance;
            for (sum, power) in sums.iter_mut().zip([square, square * distance, square * square]) {
                *sum += power * count as f64;
            }
        }
        sums.map(|sum| sum / self.counts.len() as f64)
    }

    /// The value whose rank is nearest to a percentile above 0; 0 where there is none.
    pub(super) fn percentile(&self, percentile: f64) -> f64 {
        let rank = (percentile / 100.0 * self.counts.len() as f64).round() as u64;
        self.value_at(rank.max(1))
    }

    /// The value at a rank from 1 on.
    pub(super) fn value_at(&self, rank: u64) -> f64 {
        let mut sum = 0;
        let found = self.recorded().find(|(_, count)| {
            sum += count;
            sum >= rank
        });
        found.map_or(0.0, |(value, _)| self.counts.highest_equivalent(value) as f64)
    }

    /// The values that were recorded, each the lowest of those that count as the same, and how often.
    pub(super) fn recorded(&self) -> impl Iterator<Item = (u64, u64)> {
        let counts = &self.counts;
        let steps = counts.iter_recorded();
        steps.map(|step| (counts.lowest_equivalent(step.value_iterated_to()), step.count_at_value()))
    }
}

#[derive(Debug, Clone)]
pub(super) struct Histogram(pub(super) Arc<Mutex<Record>>);

impl Histogram {
    pub(super) fn new(record: Record) -> Self {
        Histogram(Arc::new(Mutex::new(record)))
    }

    /// Records how long something took.
    pub(super) fn record_time(&self, time: Duration) {
        lock(&self.0).record(time.as_nanos() as u64);
    }
}

impl State for Histogram {
    fn memory(&self) -> usize {
        lock(&self.0).counts.distinct_values() * size_of::<u64>()
    }

    fn seed(&self) -> Option<Box<dyn Seed>> {
        Some(Box::new(self.clone()))
    }
}

impl Seed for Histogram {
    fn grow<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Object> {
        object::create(scope, self.clone())
    }
}

impl Carried for Histogram {}

/// `create(lowest, highest, figures, halfLife, threshold)`
///
/// # Panics
/// Where the bounds are not as JavaScript has checked them.
fn create(lowest: i64, highest: i64, figures: u32, half_life: f64, threshold: f64) -> Histogram {
    let (lowest, highest) = (lowest.cast_unsigned(), highest.cast_unsigned());
    let record = Record::new(lowest, highest, figures as u8, Moving::new(half_life, threshold));
    Histogram::new(record.expect("JavaScript has checked the bounds"))
}

/// `record(histogram, value)`
fn record(histogram: Histogram, value: i64) {
    lock(&histogram.0).record(value.cast_unsigned());
}

/// `recordCorrected(histogram, value, interval)`: also the values that a measurement missed which took longer
/// than the interval at which one was expected.
fn record_corrected(histogram: Histogram, value: i64, interval: i64) {
    let (value, interval) = (value.cast_unsigned(), interval.cast_unsigned());
    let mut record = lock(&histogram.0);
    record.record(value);
    let mut missed = value.saturating_sub(interval);
    while interval > 0 && missed >= interval {
        record.record(missed);
        missed -= interval;
    }
}

/// `add(histogram, other)`
fn add(histogram: Histogram, other: Histogram) {
    let (recorded, exceeds) = {
        let other = lock(&other.0);
        (other.recorded().collect::<Vec<_>>(), other.exceeds)
    };
    let mut record = lock(&histogram.0);
    record.exceeds += exceeds;
    for (value, count) in recorded {
        if !record.record_n(value, count) {
            record.exceeds += count;
        }
    }
}

/// `subtract(histogram, other)`: no count falls below zero.
fn subtract(histogram: Histogram, other: Histogram) {
    let taken = lock(&other.0).recorded().collect::<Vec<_>>();
    let mut record = lock(&histogram.0);
    let kept: Vec<_> = record
        .recorded()
        .filter_map(|(value, count)| {
            let same = taken.iter().filter(|(other, _)| record.counts.equivalent(*other, value));
            let taken: u64 = same.map(|(_, count)| count).sum();
            (count > taken).then_some((value, count - taken))
        })
        .collect();
    record.counts.reset();
    record.range = None;
    for (value, count) in kept {
        record.record_n(value, count);
    }
}

/// `reset(histogram)`
fn reset(histogram: Histogram) {
    let mut record = lock(&histogram.0);
    record.counts.reset();
    record.range = None;
    record.exceeds = 0;
    record.moving.reset();
}

/// `summary(histogram)`: count, exceeds, min, max, mean, standard deviation, skewness, kurtosis, and the moving
/// mean, standard deviation and share of errors. All but the moving ones mean nothing while the count is 0.
fn summary(histogram: Histogram) -> Vec<f64> {
    let record = lock(&histogram.0);
    let Record { counts, exceeds, moving, .. } = &*record;
    let mean = record.mean();
    let [square, cube, fourth] = if counts.is_empty() { [0.0; 3] } else { record.moments(mean) };
    let is_spread = square > 0.0;
    let skewness = if is_spread && counts.len() > 2 { cube / square.sqrt().powf(3.0) } else { 0.0 };
    let kurtosis = if is_spread && counts.len() > 3 { fourth / (square * square) - 3.0 } else { 0.0 };
    let (min, max) = (counts.lowest_equivalent(counts.min()), counts.max());
    let moving = [moving.mean, moving.variance.sqrt(), moving.error_rate];
    let parts = [
        counts.len() as f64,
        *exceeds as f64,
        min as f64,
        max as f64,
        mean,
        square.sqrt(),
        skewness,
        kurtosis,
    ];
    parts.into_iter().chain(moving).collect()
}

/// `percentile(histogram, percentile)`
fn percentile(histogram: Histogram, percentile: f64) -> f64 {
    lock(&histogram.0).percentile(percentile)
}

/// `percentiles(histogram)`: percentiles and the values at these in turn, ever denser towards 100.
fn percentiles(histogram: Histogram) -> Vec<f64> {
    let record = lock(&histogram.0);
    let counts = &record.counts;
    if counts.is_empty() {
        return vec![100.0, 0.0];
    }
    let steps = counts.iter_quantiles(1);
    steps
        .flat_map(|step| {
            let value = counts.lowest_equivalent(step.value_iterated_to());
            [step.quantile_iterated_to() * 100.0, value as f64]
        })
        .collect()
}

/// `counts(histogram)`: for each value that was recorded its lowest and its highest equivalent and how often it
/// was, in turn.
fn counts(histogram: Histogram) -> Vec<f64> {
    let record = lock(&histogram.0);
    let recorded = record.recorded();
    recorded
        .flat_map(|(value, count)| {
            [value as f64, record.counts.highest_equivalent(value) as f64, count as f64]
        })
        .collect()
}

/// `equivalents(histogram, value)`: the lowest and the highest of the values that count as the same.
fn equivalents(histogram: Histogram, value: f64) -> Vec<f64> {
    let record = lock(&histogram.0);
    let value = value as u64;
    vec![record.counts.lowest_equivalent(value) as f64, record.counts.highest_equivalent(value) as f64]
}

/// `monitorTurns(histogram)`: records how long each turn of the event loop takes, without its waiting.
fn monitor_turns(host: Rc<Host>, histogram: Histogram) {
    host.config.timing.monitor_turns(histogram);
}

/// `forgetTurns(histogram)`
fn forget_turns(host: Rc<Host>, histogram: Histogram) {
    host.config.timing.forget_turns(&histogram);
}
