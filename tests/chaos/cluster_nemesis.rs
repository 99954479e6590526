//! Does harm to an installation on three NATS nodes, in an order that the seed decides.
//!
//! At most one node is harmed at a time, because two of three must be well to store anything.
//! Something else may be harmed at the same time.

use std::time::{Duration, Instant};

use crow_testkit::gate::Mode;
use crow_testkit::nats::cluster::{NODE_WITH_SMALL_DISK, NODES};
use crow_testkit::wait::{self, quiet_for};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::installation::{Installation, KEEPERS};
use crate::nemesis::Report;
use crate::resumption::Resumption;

/// Longest wait until all partitions take batches again while a node is lost.
const RESUMES: Duration = Duration::from_secs(60);

/// What is done to a node.
#[derive(Debug, Clone, Copy)]
enum NodeFault {
    Kill,
    Stop,
    Pause,
    CutFromNodes,
    CutFromClients,
    FillDisk,
}

impl NodeFault {
    fn random(random: &mut StdRng, has_small_disk: bool) -> Self {
        match random.random_range(0..12) {
            0..=2 => Self::Kill,
            3 => Self::Stop,
            4..=5 => Self::Pause,
            6..=7 => Self::CutFromNodes,
            8..=9 => Self::CutFromClients,
            _ if has_small_disk => Self::FillDisk,
            _ => Self::Kill,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Kill => "node killed",
            Self::Stop => "node stopped in order",
            Self::Pause => "node stopped and continued",
            Self::CutFromNodes => "node cut off from nodes",
            Self::CutFromClients => "node cut off from clients",
            Self::FillDisk => "disk of a node full",
        }
    }

    async fn begin(self, node: usize, installation: &mut Installation) {
        let nodes = installation.bus.cluster();
        match self {
            Self::Kill => nodes.kill(node),
            Self::Stop => nodes.stop(node).await,
            Self::Pause => nodes.pause(node),
            Self::CutFromNodes => nodes.cut_from_nodes(node, true),
            Self::CutFromClients => nodes.cut_from_clients(node, true),
            Self::FillDisk => nodes.fill_disk(),
        }
        .unwrap();
    }

    async fn heal(self, node: usize, installation: &mut Installation) {
        let nodes = installation.bus.cluster();
        match self {
            Self::Kill | Self::Stop => nodes.start_node(node),
            Self::Pause => nodes.resume(node),
            Self::CutFromNodes => nodes.cut_from_nodes(node, false),
            Self::CutFromClients => nodes.cut_from_clients(node, false),
            Self::FillDisk => {
                nodes.clear_disk().unwrap();
                // A server that could not write takes no more messages until it is restarted.
                nodes.kill(node).unwrap();
                nodes.start_node(node)
            }
        }
        .unwrap();
        nodes.wait_until_healthy().await.unwrap();
    }
}

/// What is done to something else.
#[derive(Debug, Clone, Copy)]
enum Fault {
    KillKeeper(usize),
    KillGateway(usize),
    /// What stands beside a node in its zone: a keeper, and a gateway if there is one.
    KillZone(usize),
    KeeperWithoutSql(usize, Mode),
    KeeperWithoutBus(usize, Mode),
    Objects(Mode),
}

impl Fault {
    fn random(random: &mut StdRng) -> Self {
        let mode = [Mode::Refuse, Mode::Stall][random.random_range(0..2)];
        let keeper = random.random_range(0..KEEPERS);
        match random.random_range(0..10) {
            0..=2 => Self::KillKeeper(keeper),
            3..=4 => Self::KillGateway(random.random_range(0..2)),
            5..=6 => Self::KeeperWithoutSql(keeper, mode),
            7..=8 => Self::KeeperWithoutBus(keeper, mode),
            _ => Self::Objects(mode),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::KillKeeper(_) => "keeper killed",
            Self::KillGateway(_) => "gateway killed",
            Self::KillZone(_) => "zone lost: node, keeper and gateway",
            Self::KeeperWithoutSql(..) => "keeper without SQL, with bus",
            Self::KeeperWithoutBus(..) => "keeper without bus, with SQL",
            Self::Objects(Mode::Refuse) => "object store cut off",
            Self::Objects(_) => "object store silent",
        }
    }

    fn begin(self, installation: &mut Installation) {
        match self {
            Self::KillKeeper(index) => {
                let keeper = &mut installation.sessions[index].process;
                installation.takeovers.killed(keeper.pid());
                keeper.kill().unwrap();
            }
            Self::KillGateway(index) => installation.ingests[index].process.kill().unwrap(),
            Self::KillZone(zone) => {
                Self::KillKeeper(zone).begin(installation);
                if zone < installation.ingests.len() {
                    Self::KillGateway(zone).begin(installation);
                }
            }
            Self::KeeperWithoutSql(..) | Self::KeeperWithoutBus(..) | Self::Objects(_) => {
                self.set_gates(installation, self.mode());
            }
        }
    }

    fn heal(self, installation: &mut Installation) {
        match self {
            Self::KillKeeper(index) => installation.sessions[index].process.start_again().unwrap(),
            Self::KillGateway(index) => installation.ingests[index].process.start_again().unwrap(),
            Self::KillZone(zone) => {
                Self::KillKeeper(zone).heal(installation);
                if zone < installation.ingests.len() {
                    Self::KillGateway(zone).heal(installation);
                }
            }
            Self::KeeperWithoutSql(..) | Self::KeeperWithoutBus(..) | Self::Objects(_) => {
                self.set_gates(installation, Mode::Open);
            }
        }
    }

    fn mode(self) -> Mode {
        match self {
            Self::KeeperWithoutSql(_, mode)
            | Self::KeeperWithoutBus(_, mode)
            | Self::Objects(mode) => mode,
            Self::KillKeeper(_) | Self::KillGateway(_) | Self::KillZone(_) => Mode::Open,
        }
    }

    fn set_gates(self, installation: &Installation, mode: Mode) {
        match self {
            Self::KeeperWithoutSql(index, _) => installation.keeper_gates[index].database.set(mode),
            Self::KeeperWithoutBus(index, _) => installation.keeper_gates[index].set_bus(mode),
            Self::Objects(_) => installation.objects.set(mode),
            Self::KillKeeper(_) | Self::KillGateway(_) | Self::KillZone(_) => {}
        }
    }

    /// How long it lasts, in milliseconds. A keeper is cut off past its lease.
    fn length(self, random: &mut StdRng) -> u64 {
        match self {
            Self::KillKeeper(_) | Self::KillGateway(_) => random.random_range(0..800),
            Self::KillZone(_) => random.random_range(1_000..4_000),
            Self::KeeperWithoutSql(..) | Self::KeeperWithoutBus(..) => {
                random.random_range(200..6_000)
            }
            Self::Objects(_) => random.random_range(200..2_500),
        }
    }
}

/// Does harm for this long, and leaves everything well.
pub async fn torment(
    installation: &mut Installation,
    resumption: &Resumption,
    seed: u64,
    length: Duration,
) -> Report {
    let mut random = StdRng::seed_from_u64(seed);
    let mut report = Report::default();
    let end = Instant::now() + length;
    lose_a_zone(installation, resumption, &mut random, &mut report).await;
    while Instant::now() < end {
        // Neither alone for long: both kinds, and both at once.
        match random.random_range(0..3) {
            0 => harm_other(installation, &mut random, &mut report).await,
            1 => harm_node(installation, None, resumption, &mut random, &mut report).await,
            _ => {
                let other = Some(Fault::random(&mut random));
                harm_node(installation, other, resumption, &mut random, &mut report).await;
            }
        }
        quiet_for(Duration::from_millis(random.random_range(0..400))).await;
    }
    report
}

async fn harm_other(installation: &mut Installation, random: &mut StdRng, report: &mut Report) {
    let fault = Fault::random(random);
    fault.begin(installation);
    quiet_for(Duration::from_millis(fault.length(random))).await;
    fault.heal(installation);
    let healed = Instant::now();
    installation.wait_until_ready().await;
    report.add(fault.name(), healed.elapsed());
}

/// A zone comes back only when all partitions take batches without it. Database and object store are
/// elsewhere, as they would be in a cluster of their own.
async fn lose_a_zone(
    installation: &mut Installation,
    resumption: &Resumption,
    random: &mut StdRng,
    report: &mut Report,
) {
    let zone = random.random_range(0..NODES);
    let others = Fault::KillZone(zone);
    println!("{} ({zone})", others.name());
    resumption.begin(others.name());
    NodeFault::Kill.begin(zone, installation).await;
    others.begin(installation);
    resumption.effective();
    quiet_for(Duration::from_millis(others.length(random))).await;
    until_resumed(others.name(), resumption).await;
    let healed = Instant::now();
    others.heal(installation);
    NodeFault::Kill.heal(zone, installation).await;
    installation.wait_until_ready().await;
    until_resumed(others.name(), resumption).await;
    report.add(others.name(), healed.elapsed());
}

/// Half of the faults last until all partitions take batches again.
async fn harm_node(
    installation: &mut Installation,
    other: Option<Fault>,
    resumption: &Resumption,
    random: &mut StdRng,
    report: &mut Report,
) {
    let has_small_disk = installation.bus.cluster().has_small_disk();
    let fault = NodeFault::random(random, has_small_disk);
    let node = match fault {
        NodeFault::FillDisk => NODE_WITH_SMALL_DISK,
        _ => random.random_range(0..NODES),
    };
    let (lasts, is_long) = (random.random_range(0..1_500), random.random_bool(0.5));
    println!("{} ({node}), with {other:?}", fault.name());
    resumption.begin(fault.name());
    fault.begin(node, installation).await;
    resumption.effective();
    if let Some(other) = other {
        other.begin(installation);
    }
    quiet_for(Duration::from_millis(lasts)).await;
    if let Some(other) = other {
        other.heal(installation);
    }
    if is_long {
        let name = fault.name();
        until_resumed(name, resumption).await;
    }
    let healed = Instant::now();
    fault.heal(node, installation).await;
    installation.wait_until_ready().await;
    until_resumed(fault.name(), resumption).await;
    for name in other.map(Fault::name).into_iter().chain([fault.name()]) {
        report.add(name, healed.elapsed());
    }
}

async fn until_resumed(name: &str, resumption: &Resumption) {
    let what = format!("publishing to resume in all partitions after: {name}");
    wait::eventually(&what, RESUMES, async || {
        resumption.is_complete().then_some(())
    })
    .await;
}
