//! How long somebody is still admitted after a revocation, on two replicas under load.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use crow_testkit::port::free_port;
use futures::future::try_join_all;
use hdrhistogram::Histogram;
use reqwest::Method;
use serde_json::{Value, json};

use super::people::Admin;
use super::read::add;
use super::{Length, progress};
use crate::results::Sheet;
use crate::stack::{Database, ORGANIZATION, Setup, Stack, Sync};

pub const NAME: &str = "revocation";
pub const ABOUT: &str = "\
Two replicas of the read API and two of the API gateway in front of them, on Postgres and NATS. 16 \
connections read lists at both replicas as fast as they are answered. In the same time a caller sends \
requests to both replicas, one after the other, and the caller's key is revoked, the user disabled, or \
the role changed at the first read API.\n\
\n\
- The time counts from when the revocation is sent, not from when it is answered, until both replicas \
have refused the caller. The caller was admitted by both before.\n\
- *requests/s*: those of the load, at both replicas.\n\
- The target is 1,000 ms at p99.";

/// For each row.
const REVOCATIONS: u64 = 200;
const READERS: usize = 16;
const SESSIONS: u64 = 10_000;
/// The status for whoever may read a session that does not exist.
const ADMITTED: u16 = 404;
const NOT_KNOWN: u16 = 401;
const NOT_ALLOWED: u16 = 403;
/// A revocation that is not noticed within this time ends the run.
const PATIENCE: Duration = Duration::from_secs(60);

/// Two replicas of the same service.
struct Place {
    name: &'static str,
    replicas: [String; 2],
}

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        let hops = [(); 2].map(|()| SocketAddr::from(([127, 0, 0, 1], free_port())));
        let setup = Setup::new(Sync::Always, Database::Postgres).behind_api_gateway(hops[0]);
        let mut stack = Stack::start(&setup).await?;
        let sessions = length.count(SESSIONS).to_string();
        stack.crow(&["seed", "--org", ORGANIZATION, "--sessions", &sessions])?;
        stack.start_query().await?;
        let (_second, second_url) = stack.start_query_replica().await?;
        let first = stack.start_api_gateway(hops[0]).await?;
        let second = stack.start_api_gateway(hops[1]).await?;
        let read_api = [stack.query_url.clone(), second_url];
        let gateways = hops.map(|hop| format!("http://{hop}"));
        for (name, replicas) in [("read API", read_api), ("API gateway", gateways)] {
            progress(format!("round {round}, {name}"));
            let place = Place { name, replicas };
            measure(&stack, &place, length.count(REVOCATIONS), &mut sheet).await?;
        }
        drop((first, second));
        stack.stop().await?;
    }
    Ok(sheet)
}

async fn measure(
    stack: &Stack,
    place: &Place,
    revocations: u64,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let answered = Cell::new(0_u64);
    let began = Instant::now();
    let times = tokio::select! {
        times = revoke_each(stack, place, revocations) => times?,
        failed = read_again_and_again(stack, place, &answered) => return Err(failed),
    };
    let load = answered.get() as f64 / began.elapsed().as_secs_f64();
    for (what, times) in times {
        let row = format!("{what}, {}", place.name);
        sheet.add(&row, "revocations", times.len() as f64);
        add(sheet, &row, &times);
        sheet.add(&row, "requests/s", load);
    }
    Ok(())
}

/// The times of each kind of revocation, in microseconds.
async fn revoke_each(
    stack: &Stack,
    place: &Place,
    revocations: u64,
) -> anyhow::Result<[(&'static str, Histogram<u64>); 3]> {
    let admin = Admin::new(stack)?;
    let (mut keys, mut roles, mut users) =
        (Histogram::new(3)?, Histogram::new(3)?, Histogram::new(3)?);
    for number in 0..revocations {
        let (id, key) = admin.create_key().await?;
        let caller = Caller {
            stack,
            place,
            credential: ("authorization", format!("Bearer {key}")),
        };
        let path = format!("keys/{id}");
        let revoked = admin.ask(Method::DELETE, &path, Value::Null);
        keys.record(caller.refused_after(revoked, NOT_KNOWN).await?)?;

        let email = format!("{number}@{}.example", place.name.replace(' ', "-"));
        let (id, cookie) = admin.create_user(&email).await?;
        let caller = Caller {
            stack,
            place,
            credential: ("cookie", cookie),
        };
        let path = format!("users/{id}");
        let changed = admin.ask(Method::PUT, &path, json!({ "role": "marketing" }));
        roles.record(caller.refused_after(changed, NOT_ALLOWED).await?)?;
        let allowed = json!({ "role": "member" });
        admin.ask(Method::PUT, &path, allowed).await?;
        let disabled = admin.ask(Method::PUT, &path, json!({ "isDisabled": true }));
        users.record(caller.refused_after(disabled, NOT_KNOWN).await?)?;
    }
    Ok([
        ("key revoked", keys),
        ("user disabled", users),
        ("role changed", roles),
    ])
}

/// Somebody whose rights end.
struct Caller<'a> {
    stack: &'a Stack,
    place: &'a Place,
    credential: (&'static str, String),
}

impl Caller<'_> {
    /// Microseconds from now, when the revocation is sent, until both replicas have refused.
    async fn refused_after(
        &self,
        revocation: impl Future<Output = anyhow::Result<Value>>,
        refusal: u16,
    ) -> anyhow::Result<u64> {
        for replica in &self.place.replicas {
            let status = self.status_at(replica).await?;
            ensure!(status == ADMITTED, "{replica} answered {status} before");
        }
        let began = Instant::now();
        let replicas = self.place.replicas.iter();
        let refused = try_join_all(replicas.map(|one| self.until_refused(one, refusal)));
        let (_answer, refused) = tokio::try_join!(revocation, refused)?;
        let last = refused.into_iter().max().context("there are replicas")?;
        Ok(u64::try_from((last - began).as_micros())?)
    }

    async fn until_refused(&self, replica: &str, refusal: u16) -> anyhow::Result<Instant> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match self.status_at(replica).await? {
                status if status == refusal => return Ok(Instant::now()),
                ADMITTED => {}
                status => bail!("{replica} answered {status}"),
            }
        }
        bail!("{replica} still admits a revoked caller")
    }

    async fn status_at(&self, replica: &str) -> anyhow::Result<u16> {
        let (name, value) = &self.credential;
        let url = format!("{replica}/sessions/{ORGANIZATION}/none/events");
        let request = self.stack.http.get(url).header(*name, value);
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        // To the end, so that the connection serves the next request.
        answer.bytes().await?;
        Ok(status)
    }
}

/// Reads lists at both replicas until one request fails.
async fn read_again_and_again(stack: &Stack, place: &Place, answered: &Cell<u64>) -> anyhow::Error {
    let readers = (0..READERS).map(async |reader| {
        let replica = &place.replicas[reader % place.replicas.len()];
        loop {
            stack.get_at(replica, "?limit=20").await?.bytes().await?;
            answered.set(answered.get() + 1);
        }
    });
    let ended: anyhow::Result<Vec<()>> = try_join_all(readers).await;
    ended.map_or_else(|error| error, |_none| anyhow::anyhow!("no readers"))
}
