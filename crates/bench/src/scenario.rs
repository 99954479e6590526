//! What is measured: one file for each.

use std::time::Duration;

use clap::ValueEnum;

use crate::results::{Results, Sheet};

mod connections;
mod cost;
mod gateway;
mod growth;
mod hop;
mod interactions;
mod keeper;
mod latency;
mod memory;
mod neighbours;
mod people;
mod read;
mod revocation;
mod search;
mod sign_in;
mod sizing;
mod sustained;
mod watchers;

/// Connections of the load: enough to keep two cores busy, and few enough for short answer times.
const CONNECTIONS: usize = 256;

/// One thing to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// The gateway against a server that does nothing and against bare publishing.
    Gateway,
    /// The gateway with few and many connections, against a plain handler.
    Connections,
    /// From the gateway to rows and objects, for minutes.
    Sustained,
    /// The keeper with a backlog, against bare reading.
    Keeper,
    /// How long everything takes at half load.
    Latency,
    /// Memory, idle and under load.
    Memory,
    /// Lists and replays.
    Read,
    /// What live watchers cost the rest.
    Watchers,
    /// Objects, bytes and rows for each session.
    Cost,
    /// The resources for a number of events per day.
    Sizing,
    /// The same beside more and more sessions.
    Growth,
    /// What the API gateway costs.
    Hop,
    /// Finished sessions become interactions, alone and beside ingest.
    Interactions,
    /// What tenants and silent connections cost others.
    Neighbours,
    /// How soon a revocation counts on every replica.
    Revocation,
    /// Interactions by words and by meaning.
    Search,
    /// How many passwords can be guessed, and whether answers tell which accounts exist.
    SignIn,
}

impl Scenario {
    /// The named scenarios, or all, in the order in which they use each other's figures.
    pub fn chosen(named: &[Self]) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|one| named.is_empty() || named.contains(one))
            .collect()
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => gateway::NAME,
            Self::Connections => connections::NAME,
            Self::Sustained => sustained::NAME,
            Self::Keeper => keeper::NAME,
            Self::Latency => latency::NAME,
            Self::Memory => memory::NAME,
            Self::Read => read::NAME,
            Self::Watchers => watchers::NAME,
            Self::Cost => cost::NAME,
            Self::Sizing => sizing::NAME,
            Self::Growth => growth::NAME,
            Self::Hop => hop::NAME,
            Self::Interactions => interactions::NAME,
            Self::Neighbours => neighbours::NAME,
            Self::Revocation => revocation::NAME,
            Self::Search => search::NAME,
            Self::SignIn => sign_in::NAME,
        }
    }

    /// How a scenario measures, for the report.
    pub fn about(name: &str) -> &'static str {
        let one = Self::value_variants().iter().find(|one| one.name() == name);
        match one {
            Some(Self::Gateway) => gateway::ABOUT,
            Some(Self::Connections) => connections::ABOUT,
            Some(Self::Sustained) => sustained::ABOUT,
            Some(Self::Keeper) => keeper::ABOUT,
            Some(Self::Latency) => latency::ABOUT,
            Some(Self::Memory) => memory::ABOUT,
            Some(Self::Read) => read::ABOUT,
            Some(Self::Watchers) => watchers::ABOUT,
            Some(Self::Cost) => cost::ABOUT,
            Some(Self::Sizing) => sizing::ABOUT,
            Some(Self::Growth) => growth::ABOUT,
            Some(Self::Hop) => hop::ABOUT,
            Some(Self::Interactions) => interactions::ABOUT,
            Some(Self::Neighbours) => neighbours::ABOUT,
            Some(Self::Revocation) => revocation::ABOUT,
            Some(Self::Search) => search::ABOUT,
            Some(Self::SignIn) => sign_in::ABOUT,
            None => "",
        }
    }

    /// Measures. `before` are the figures of this run so far.
    pub async fn run(self, length: &Length, before: &Results) -> anyhow::Result<Sheet> {
        progress(format!("scenario {}", self.name()));
        match self {
            Self::Gateway => gateway::run(length).await,
            Self::Connections => connections::run(length).await,
            Self::Sustained => sustained::run(length).await,
            Self::Keeper => keeper::run(length).await,
            Self::Latency => latency::run(length, before).await,
            Self::Memory => memory::run(length).await,
            Self::Read => read::run(length).await,
            Self::Watchers => watchers::run(length).await,
            Self::Cost => cost::run(length).await,
            Self::Sizing => sizing::run(length, before).await,
            Self::Growth => growth::run(length).await,
            Self::Hop => hop::run(length).await,
            Self::Interactions => interactions::run(length).await,
            Self::Neighbours => neighbours::run(length).await,
            Self::Revocation => revocation::run(length).await,
            Self::Search => search::run(length).await,
            Self::SignIn => sign_in::run(length).await,
        }
    }
}

/// How long is measured, and how often.
#[derive(Debug, Clone)]
pub struct Length {
    pub rounds: usize,
    pub is_quick: bool,
    /// Of `search`.
    pub interactions: Option<u64>,
    only: Option<String>,
}

impl Length {
    pub fn new(is_quick: bool, rounds: Option<usize>) -> Self {
        let rounds = rounds.unwrap_or(if is_quick { 1 } else { 3 });
        Self {
            rounds,
            is_quick,
            interactions: None,
            only: None,
        }
    }

    /// Leaves out measurements without the text in their name.
    #[must_use]
    pub fn only(self, only: Option<String>) -> Self {
        Self { only, ..self }
    }

    /// Whether this measurement is to be made.
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only))
    }

    /// This duration, or a part of it in a quick run.
    pub fn seconds(&self, seconds: u64) -> Duration {
        let seconds = if self.is_quick {
            seconds.div_ceil(5).max(2)
        } else {
            seconds
        };
        Duration::from_secs(seconds)
    }

    /// So many, or a tenth when it must be quick.
    pub fn count(&self, count: u64) -> u64 {
        if self.is_quick { count / 10 } else { count }
    }
}

/// Says on the terminal what is being done.
pub fn progress(what: impl std::fmt::Display) {
    eprintln!("bench: {what}");
}
