//! Sends requests over many connections and records their durations.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::ensure;
use futures::future::try_join_all;
use hdrhistogram::Histogram;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::http::Connection;
use crate::traffic::{Request, Traffic};

/// Microseconds: the longest that a histogram holds.
const LONGEST: u64 = 60_000_000;
const ACCEPTED: u16 = 202;
const REFUSED: u16 = 503;

/// When the next request goes out.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// As soon as the last one on its connection is answered.
    Closed,
    /// A fixed rate over all connections. A request that has to wait for its connection counts from
    /// the time when it was due.
    Open(f64),
}

/// How much, for how long.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub address: SocketAddr,
    pub connections: usize,
    pub pace: Pace,
    pub duration: Duration,
}

/// What came of it.
pub struct Outcome {
    /// Acknowledged.
    pub requests: u64,
    /// Acknowledged, interactions and replay events.
    pub events: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
    /// Answered with 503.
    pub refused: u64,
    pub elapsed: Duration,
    /// Of the acknowledged ones, microseconds.
    pub latency: Histogram<u64>,
}

impl Outcome {
    pub fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.elapsed.as_secs_f64()
    }

    /// A percentile of the durations, in milliseconds.
    pub fn latency_ms(&self, percent: f64) -> f64 {
        self.latency.value_at_percentile(percent) as f64 / 1e3
    }
}

/// Limit of events that are acknowledged and not yet committed.
pub struct Window {
    most: u64,
    sent: Cell<u64>,
    arrived: watch::Receiver<u64>,
}

impl Window {
    pub fn new(most: u64, arrived: watch::Receiver<u64>) -> Self {
        Self {
            most,
            sent: Cell::new(0),
            arrived,
        }
    }

    async fn enter(&self, events: u64) -> anyhow::Result<()> {
        let sent = self.sent.get();
        self.sent.set(sent + events);
        let most = self.most;
        let mut arrived = self.arrived.clone();
        arrived
            .wait_for(|arrived| sent.saturating_sub(*arrived) < most)
            .await?;
        Ok(())
    }

    /// They will not arrive.
    fn forget(&self, events: u64) {
        self.sent.set(self.sent.get() - events);
    }
}

impl Load {
    /// Runs until the time is over and every request is answered.
    pub async fn run(
        self,
        traffic: Vec<Traffic>,
        window: Option<&Window>,
    ) -> anyhow::Result<Outcome> {
        ensure!(traffic.len() == self.connections);
        let began = Instant::now();
        let each = traffic
            .into_iter()
            .enumerate()
            .map(|(number, traffic)| self.run_one(number, traffic, window, began));
        let mut whole = Tally::new();
        for tally in try_join_all(each).await? {
            whole.add(&tally)?;
        }
        Ok(Outcome {
            requests: whole.requests,
            events: whole.events,
            bytes: whole.bytes,
            refused: whole.refused,
            elapsed: began.elapsed(),
            latency: whole.latency,
        })
    }

    async fn run_one(
        self,
        number: usize,
        mut traffic: Traffic,
        window: Option<&Window>,
        began: Instant,
    ) -> anyhow::Result<Tally> {
        let mut connection = Connection::open(self.address).await?;
        let mut tally = Tally::new();
        let end = began + self.duration;
        for round in 0_u32.. {
            let from = match self.pace {
                Pace::Closed => Instant::now(),
                Pace::Open(rate) => self.turn(number, round, rate, began).await,
            };
            if from >= end {
                break;
            }
            let request = traffic.next_request();
            if let Some(window) = window {
                window.enter(request.events).await?;
            }
            let status = connection.exchange(request.bytes).await?;
            if status == REFUSED
                && let Some(window) = window
            {
                window.forget(request.events);
            }
            tally.note(&request, status, from.elapsed(), &connection)?;
        }
        Ok(tally)
    }

    /// Waits for this connection's turn. Returns the time from which its request counts: when it
    /// was due, or now if only the timer is late.
    async fn turn(self, number: usize, round: u32, rate: f64, began: Instant) -> Instant {
        let index = f64::from(round) * self.connections as f64 + number as f64;
        let due = began + Duration::from_secs_f64(index / rate);
        if due <= Instant::now() {
            return due;
        }
        sleep_until(due).await;
        Instant::now()
    }
}

struct Tally {
    requests: u64,
    events: u64,
    bytes: u64,
    refused: u64,
    latency: Histogram<u64>,
}

impl Tally {
    fn new() -> Self {
        Self {
            requests: 0,
            events: 0,
            bytes: 0,
            refused: 0,
            latency: Histogram::new_with_max(LONGEST, 3).expect("three digits are possible"),
        }
    }

    fn note(
        &mut self,
        request: &Request<'_>,
        status: u16,
        took: Duration,
        connection: &Connection,
    ) -> anyhow::Result<()> {
        if status == REFUSED {
            self.refused += 1;
            return Ok(());
        }
        ensure!(status == ACCEPTED, "answered {}", connection.last_answer());
        self.requests += 1;
        self.events += request.events;
        self.bytes += request.body_bytes;
        let micros = u64::try_from(took.as_micros())?;
        self.latency.saturating_record(micros);
        Ok(())
    }

    fn add(&mut self, other: &Self) -> anyhow::Result<()> {
        self.requests += other.requests;
        self.events += other.events;
        self.bytes += other.bytes;
        self.refused += other.refused;
        self.latency.add(&other.latency)?;
        Ok(())
    }
}
