//! How long no batch of a partition is acknowledged after a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crow_types::Partition;

use crate::installation::PARTITIONS;
use crate::takeover::distribution;

/// The faults so far. Cloning gives the same.
#[derive(Debug, Clone, Default)]
pub struct Resumption(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    faults: Vec<Fault>,
    /// The last acknowledgement of each partition.
    last: BTreeMap<Partition, Instant>,
}

#[derive(Debug)]
struct Fault {
    name: &'static str,
    began: Instant,
    /// When the harm was done; before, a batch may pass as if nothing were wrong.
    effective: Option<Instant>,
    /// Partitions that took a batch after that.
    resumed: BTreeSet<Partition>,
    /// The longest time without an acknowledgement from the beginning until the next fault.
    longest: BTreeMap<Partition, Duration>,
}

impl Resumption {
    /// A fault begins now.
    pub fn begin(&self, name: &'static str) {
        self.0.lock().unwrap().faults.push(Fault {
            name,
            began: Instant::now(),
            effective: None,
            resumed: BTreeSet::new(),
            longest: BTreeMap::new(),
        });
    }

    /// The harm of the last fault is done.
    pub fn effective(&self) {
        let mut state = self.0.lock().unwrap();
        if let Some(fault) = state.faults.last_mut() {
            fault.effective = Some(Instant::now());
        }
    }

    /// A batch was acknowledged. `sent`: when the try began that succeeded.
    pub fn acknowledged(&self, partition: Partition, sent: Instant) {
        let now = Instant::now();
        let mut state = self.0.lock().unwrap();
        let before = state.last.insert(partition, now);
        let Some(fault) = state.faults.last_mut() else {
            return;
        };
        let since = before.map_or(fault.began, |before| before.max(fault.began));
        let longest = fault.longest.entry(partition).or_default();
        *longest = (*longest).max(now - since);
        if fault.effective.is_some_and(|effective| effective <= sent) {
            fault.resumed.insert(partition);
        }
    }

    /// Whether all partitions took a batch since the harm of the last fault was done.
    pub fn is_complete(&self) -> bool {
        let state = self.0.lock().unwrap();
        let is_complete = |fault: &Fault| fault.resumed.len() == usize::from(PARTITIONS);
        state.faults.last().is_none_or(is_complete)
    }
}

impl fmt::Display for Resumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock().unwrap();
        let mut by_name: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
        for fault in &state.faults {
            let times = by_name.entry(fault.name).or_default();
            times.extend(fault.longest.values());
        }
        let all = by_name.values().flatten().copied().collect();
        by_name.insert("all of these", all);
        writeln!(
            f,
            "longest time without an acknowledged batch, for each of {PARTITIONS} partitions, after:"
        )?;
        for (name, times) in &mut by_name {
            times.sort();
            write!(f, "{name:<36}{:>6}  ", times.len())?;
            distribution(f, times)?;
            writeln!(f)?;
        }
        Ok(())
    }
}
