//! Does harm in an order that the seed decides, one thing at a time or two.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use crow_testkit::gate::Mode;
use crow_testkit::wait::quiet_for;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::installation::Installation;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    KillKeeper(usize),
    KillGateway(usize),
    KillNats,
    PauseKeeper(usize),
    /// Stopped while it writes a flush that another owner will have made when it goes on.
    FreezeFlush(usize),
    PauseGateway(usize),
    PauseNats,
    RefuseDatabase,
    StallDatabase,
    RefuseObjects,
    StallObjects,
}

impl Fault {
    fn random(random: &mut StdRng) -> Self {
        match random.random_range(0..20) {
            0..=4 => Self::KillKeeper(random.random_range(0..3)),
            5..=6 => Self::KillGateway(random.random_range(0..2)),
            7..=8 => Self::KillNats,
            9..=10 => Self::PauseKeeper(random.random_range(0..3)),
            11 => Self::FreezeFlush(random.random_range(0..3)),
            12 => Self::PauseGateway(random.random_range(0..2)),
            13 => Self::PauseNats,
            14..=15 => Self::RefuseDatabase,
            16 => Self::StallDatabase,
            17..=18 => Self::RefuseObjects,
            _ => Self::StallObjects,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::KillKeeper(_) => "keeper killed",
            Self::KillGateway(_) => "gateway killed",
            Self::KillNats => "nats-server killed",
            Self::PauseKeeper(_) => "keeper stopped and continued",
            Self::FreezeFlush(_) => "keeper stopped in a flush",
            Self::PauseGateway(_) => "gateway stopped and continued",
            Self::PauseNats => "nats-server stopped and continued",
            Self::RefuseDatabase => "database cut off",
            Self::StallDatabase => "database silent",
            Self::RefuseObjects => "object store cut off",
            Self::StallObjects => "object store silent",
        }
    }

    /// Whether it touches the same part as another.
    fn collides_with(self, other: Self) -> bool {
        let part = |fault| match fault {
            Self::KillKeeper(index) | Self::PauseKeeper(index) | Self::FreezeFlush(index) => {
                (0, index)
            }
            Self::KillGateway(index) | Self::PauseGateway(index) => (1, index),
            Self::KillNats | Self::PauseNats => (2, 0),
            Self::RefuseDatabase | Self::StallDatabase => (3, 0),
            Self::RefuseObjects | Self::StallObjects => (4, 0),
        };
        let is_of_two_parts = |fault| matches!(fault, Self::FreezeFlush(_));
        part(self) == part(other) || is_of_two_parts(self) || is_of_two_parts(other)
    }

    async fn begin(self, installation: &mut Installation) {
        match self {
            Self::KillKeeper(index) => {
                let keeper = &mut installation.sessions[index].process;
                installation.takeovers.killed(keeper.pid());
                keeper.kill().unwrap();
            }
            Self::KillGateway(index) => installation.ingests[index].process.kill().unwrap(),
            Self::KillNats => installation.bus.server().kill().unwrap(),
            Self::PauseKeeper(index) => installation.sessions[index].process.pause().unwrap(),
            Self::FreezeFlush(index) => {
                installation.objects.set(Mode::Stall);
                quiet_for(Duration::from_millis(300)).await;
                installation.sessions[index].process.pause().unwrap();
                installation.objects.set(Mode::Open);
            }
            Self::PauseGateway(index) => installation.ingests[index].process.pause().unwrap(),
            Self::PauseNats => installation.bus.server().pause().unwrap(),
            Self::RefuseDatabase => installation.database.set(Mode::Refuse),
            Self::StallDatabase => installation.database.set(Mode::Stall),
            Self::RefuseObjects => installation.objects.set(Mode::Refuse),
            Self::StallObjects => installation.objects.set(Mode::Stall),
        }
    }

    async fn heal(self, installation: &mut Installation) {
        match self {
            Self::KillKeeper(index) => restart(&mut installation.sessions[index].process),
            Self::KillGateway(index) => restart(&mut installation.ingests[index].process),
            Self::KillNats => installation.bus.server().start_again().await.unwrap(),
            Self::PauseKeeper(index) | Self::FreezeFlush(index) => {
                installation.sessions[index].process.resume().unwrap();
            }
            Self::PauseGateway(index) => installation.ingests[index].process.resume().unwrap(),
            Self::PauseNats => installation.bus.server().resume().unwrap(),
            Self::RefuseDatabase | Self::StallDatabase => installation.database.set(Mode::Open),
            Self::RefuseObjects | Self::StallObjects => installation.objects.set(Mode::Open),
        }
    }

    /// How long it lasts, in milliseconds. Keepers are stopped past their lease.
    fn length(self, random: &mut StdRng) -> u64 {
        match self {
            Self::PauseKeeper(_) => random.random_range(200..6_000),
            Self::FreezeFlush(_) => random.random_range(4_500..7_000),
            Self::KillKeeper(_) | Self::KillGateway(_) | Self::KillNats => {
                random.random_range(0..800)
            }
            _ => random.random_range(200..2_500),
        }
    }
}

fn restart(process: &mut crow_testkit::process::Process) {
    process.start_again().unwrap();
}

/// What was done, and how long it took until everything was well again.
#[derive(Debug, Default)]
pub struct Report {
    faults: BTreeMap<&'static str, Vec<Duration>>,
}

impl Report {
    /// Another fault, and how long it took from its end until everything was ready.
    pub fn add(&mut self, fault: &'static str, recovered: Duration) {
        self.faults.entry(fault).or_default().push(recovered);
    }

    /// How many faults there were.
    pub fn count(&self) -> usize {
        self.faults.values().map(Vec::len).sum()
    }
}

/// Does harm for this long, and leaves everything well.
pub async fn torment(installation: &mut Installation, seed: u64, length: Duration) -> Report {
    let mut random = StdRng::seed_from_u64(seed);
    let mut report = Report::default();
    let end = Instant::now() + length;
    while Instant::now() < end {
        let mut faults = vec![Fault::random(&mut random)];
        let second = Fault::random(&mut random);
        if random.random_bool(0.3) && !second.collides_with(faults[0]) {
            faults.push(second);
        }
        let lasts = faults.iter().map(|fault| fault.length(&mut random)).max();
        for fault in &faults {
            fault.begin(installation).await;
            quiet_for(Duration::from_millis(random.random_range(0..100))).await;
        }
        quiet_for(Duration::from_millis(lasts.unwrap_or(0))).await;
        for fault in &faults {
            fault.heal(installation).await;
        }
        let healed = Instant::now();
        installation.wait_until_ready().await;
        for fault in faults {
            report.add(fault.name(), healed.elapsed());
        }
        quiet_for(Duration::from_millis(random.random_range(0..600))).await;
    }
    report
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.count();
        writeln!(
            f,
            "{count} faults; seconds until everything is ready again:"
        )?;
        writeln!(
            f,
            "{:<36}{:>6}{:>9}{:>9}",
            "fault", "count", "median", "longest"
        )?;
        for (name, times) in &self.faults {
            let mut times: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
            times.sort_by(f64::total_cmp);
            let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
            writeln!(f, "{name:<36}{:>6}{median:>9.2}{longest:>9.2}", times.len())?;
        }
        Ok(())
    }
}
