//! Deterministic simulation: the keeper's own driver with its core, intake, flush, archive and sweep
//! on real SQL and a store in memory, under one seeded scheduler. It crashes processes after any
//! statement and between any two steps, expires leases unnoticed, redelivers, reorders, damages
//! messages, erases sessions and users, and fails reads and writes before and after their effect.
//!
//! `cargo xtask sim --seed N --runs M` runs it; the same seed gives the same run. Only what is
//! behind [`crate::outside::Outside`] is simulated (bus, clock, and when tasks run), and the
//! clients. The chaos test covers what only real servers show.

mod archiving;
mod check;
mod day;
mod erasing;
mod keeper;
mod lookup;
mod outside;
mod owner;
mod shared;
mod store;
mod tasks;
mod traffic;
mod world;

use std::env;
use std::time::Instant;

use world::World;

/// Threads that runs are divided among.
const LANES: u64 = 2;

fn setting(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// A lane and the threads of its database share one processor. Waking a thread on another one takes
/// longer than the work itself.
fn stay_on(processor: u64) {
    #[cfg(target_os = "linux")]
    {
        let mut set = nix::sched::CpuSet::new();
        let is_set = usize::try_from(processor).is_ok_and(|id| set.set(id).is_ok());
        // A machine may have fewer processors, or forbid pinning.
        if is_set && nix::sched::sched_setaffinity(nix::unistd::Pid::from_raw(0), &set).is_err() {
            println!("lane {processor} runs anywhere");
        }
    }
}

/// What a run did, to compare two of one seed.
fn run(seed: u64, is_traced: bool) -> world::Summary {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::new(seed, is_traced).await;
        world.torment().await;
        world.settle().await;
        world.summary()
    })
}

/// Prints the seed before the panic continues.
struct OnFailure(u64);

impl Drop for OnFailure {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let seed = self.0;
            println!(
                "run with seed {seed} failed; again: cargo xtask sim --seed {seed} --runs 1 --trace"
            );
        }
    }
}

#[test]
fn simulation_keeps_every_promise() {
    let (seed, runs) = (setting("CROW_SIM_SEED", 1), setting("CROW_SIM_RUNS", 200));
    let is_traced = env::var("CROW_SIM_TRACE").is_ok();
    let began = Instant::now();
    let lane = |lane: u64| {
        stay_on(lane);
        let mut total = world::Summary::default();
        for seed in (seed + lane..seed + runs).step_by(usize::try_from(LANES).unwrap()) {
            let _guard = OnFailure(seed);
            total.add(&run(seed, is_traced));
        }
        total
    };
    let total = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|id| scope.spawn(move || lane(id))).collect();
        let mut total = world::Summary::default();
        for lane in lanes {
            total.add(&lane.join().unwrap());
        }
        total
    });
    assert!(runs < 50 || total.erased > 0, "no run erased anything");
    println!(
        "{runs} runs from seed {seed} in {:.1} s: {total}",
        began.elapsed().as_secs_f64()
    );
}

/// The first batch of a session is an end. Its keeper stops, and another batch has the same number.
#[test]
fn simulation_of_a_number_that_nothing_stores() {
    run(20_956, false);
}

#[test]
fn simulation_repeats_itself() {
    for seed in 1..6 {
        assert_eq!(run(seed, false), run(seed, false), "seed {seed}");
    }
}
