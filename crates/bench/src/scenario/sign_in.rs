//! How many passwords somebody can try, and whether the time of an answer tells which accounts exist.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use futures::StreamExt;
use futures::stream::iter;
use hdrhistogram::Histogram;
use reqwest::StatusCode;
use serde_json::json;

use super::people::{Admin, PASSWORD};
use super::read::add;
use super::{Length, progress};
use crate::results::Sheet;
use crate::stack::{Database, Setup, Stack, Sync};

pub const NAME: &str = "sign-in";
pub const ABOUT: &str = "\
One read API on Postgres. Somebody tries passwords from 16 connections as fast as they are answered: at one \
account from one address, at one account from a new address each time, and at a new account each time from \
one address. Then attempts are made one after the other, each from a new address: at accounts that exist and \
at accounts that do not, in turns.\n\
\n\
- *compared*: attempts whose password was compared with the account's. The others were *refused* before \
that (429), or waited too long for a turn (*busy*, 503). A minute is more than the attempts take, and the \
limits are those of 15 minutes.\n\
- In the second case the owner of the account signs in afterwards, from an address that was used before: \
*owner let in* is 1 if that works.\n\
- *limit reached*: the account has had its attempts from unknown addresses.\n\
- *difference*: between the two rows above it. It should be small beside the range of either.\n\
- A challenge for a passkey is asked for without naming an account, so there is nothing to compare. There is \
no route that takes an address and mails a new password: an admin makes the link.";

/// Of each attack.
const ATTEMPTS: u64 = 2_000;
const CONNECTIONS: usize = 16;
/// For each row of times.
const TIMED: u64 = 500;
/// Attempts at one account from unknown addresses that stay below its limit.
const BELOW_LIMIT: u64 = 50;
/// Attempts that reach the limit of an account.
const LIMIT: u64 = 110;
const WRONG: &str = "not the password at all";
/// Where the owner is at home.
const HOME: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
/// Where an attacker with one address is.
const ATTACKER: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
/// Attempts that the attacker's limit may refuse must all be made within this time.
const MINUTE: Duration = Duration::from_secs(60);

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        let setup = Setup::new(Sync::Always, Database::Postgres)
            .with("CROW_QUERY__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#)
            .with("CROW_QUERY__PUBLIC_URL", "https://crow.example");
        let mut stack = Stack::start(&setup).await?;
        stack.start_query().await?;
        let mut visits = Visits {
            stack: &stack,
            used: 0,
        };
        progress(format!("round {round}, guessing"));
        guess(&mut visits, length.count(ATTEMPTS), &mut sheet).await?;
        progress(format!("round {round}, times"));
        compare(&mut visits, length.count(TIMED), &mut sheet).await?;
        stack.stop().await?;
    }
    Ok(sheet)
}

/// Requests from addresses of our choice: the load is a trusted proxy.
struct Visits<'a> {
    stack: &'a Stack,
    /// Addresses that were used.
    used: u32,
}

/// An attempt to sign in.
struct Attempt {
    email: String,
    from: Ipv4Addr,
}

impl Visits<'_> {
    /// An address that nobody has used.
    fn fresh(&mut self) -> Ipv4Addr {
        self.used += 1;
        Ipv4Addr::from_bits(Ipv4Addr::new(10, 0, 0, 0).to_bits() + self.used)
    }

    /// The status of a sign-in.
    async fn sign_in(&self, attempt: &Attempt, password: &str) -> anyhow::Result<StatusCode> {
        let body = json!({ "email": attempt.email, "password": password });
        let request = self.post("/auth/password", attempt.from).json(&body);
        finished(request).await
    }

    fn post(&self, path: &str, from: Ipv4Addr) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.stack.query_url);
        let request = self.stack.http.post(url);
        request.header("x-forwarded-for", from.to_string())
    }
}

/// The status of a request whose answer was read to its end, so that its connection is free.
async fn finished(request: reqwest::RequestBuilder) -> anyhow::Result<StatusCode> {
    let answer = request.send().await?;
    let status = answer.status();
    answer.bytes().await?;
    Ok(status)
}

/// What became of the attempts of an attack.
#[derive(Default)]
struct Outcomes {
    compared: u64,
    refused: u64,
    busy: u64,
}

impl Outcomes {
    fn count(&mut self, status: StatusCode) -> anyhow::Result<()> {
        match status {
            StatusCode::UNAUTHORIZED => self.compared += 1,
            StatusCode::TOO_MANY_REQUESTS => self.refused += 1,
            StatusCode::SERVICE_UNAVAILABLE => self.busy += 1,
            other => bail!("a wrong password was answered with {other}"),
        }
        Ok(())
    }
}

/// The three attacks.
async fn guess(visits: &mut Visits<'_>, attempts: u64, sheet: &mut Sheet) -> anyhow::Result<()> {
    let admin = Admin::new(visits.stack)?;
    let (one, other) = ("one@bench.example", "other@bench.example");
    for email in [one, other] {
        admin.create_user(email).await?;
    }
    let row = "one account, one address";
    let at_one = |_number| Attempt {
        email: one.to_owned(),
        from: ATTACKER,
    };
    attack(visits, row, (0..attempts).map(at_one).collect(), sheet).await?;

    let row = "one account, many addresses";
    let home = Attempt {
        email: other.to_owned(),
        from: HOME,
    };
    let before = visits.sign_in(&home, PASSWORD).await?;
    ensure!(before.is_success(), "the owner got {before} before");
    let mut from_everywhere = Vec::new();
    for _attempt in 0..attempts {
        from_everywhere.push(Attempt {
            email: other.to_owned(),
            from: visits.fresh(),
        });
    }
    attack(visits, row, from_everywhere, sheet).await?;
    let after = visits.sign_in(&home, PASSWORD).await?;
    sheet.add(row, "owner let in", f64::from(u8::from(after.is_success())));

    let row = "many accounts, one address";
    let from = visits.fresh();
    let at_any = |number| Attempt {
        email: format!("guess-{number}@bench.example"),
        from,
    };
    attack(visits, row, (0..attempts).map(at_any).collect(), sheet).await
}

async fn attack(
    visits: &Visits<'_>,
    row: &str,
    attempts: Vec<Attempt>,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut outcomes = Outcomes::default();
    let all = attempts.len();
    let sent = iter(attempts).map(async |attempt| visits.sign_in(&attempt, WRONG).await);
    let mut answers = std::pin::pin!(sent.buffer_unordered(CONNECTIONS));
    while let Some(status) = answers.next().await {
        outcomes.count(status?)?;
    }
    let took = began.elapsed();
    ensure!(took < MINUTE, "{row}: the attempts took {took:?}");
    for (column, count) in [
        ("attempts", all as f64),
        ("compared", outcomes.compared as f64),
        ("refused", outcomes.refused as f64),
        ("busy", outcomes.busy as f64),
        ("attempts/s", all as f64 / took.as_secs_f64()),
    ] {
        sheet.add(row, column, count);
    }
    Ok(())
}

/// An account and one that does not exist, whose answers are compared.
struct Pair {
    existing: String,
    missing: String,
}

/// The times of answers, in microseconds.
struct Times {
    existing: Histogram<u64>,
    missing: Histogram<u64>,
}

/// Times of answers about accounts that exist and about others.
async fn compare(visits: &mut Visits<'_>, timed: u64, sheet: &mut Sheet) -> anyhow::Result<()> {
    let admin = Admin::new(visits.stack)?;
    let mut pairs = Vec::new();
    for number in 0..timed.div_ceil(BELOW_LIMIT) {
        let existing = format!("member-{number}@bench.example");
        admin.create_user(&existing).await?;
        let missing = format!("nobody-{number}@bench.example");
        pairs.push(Pair { existing, missing });
    }
    let wanted = StatusCode::UNAUTHORIZED;
    let times = time_pairs(visits, &pairs, timed, wanted).await?;
    note("wrong password", &times, sheet);

    let limited = &pairs[..1];
    for email in [&limited[0].existing, &limited[0].missing] {
        for _attempt in 0..LIMIT {
            let from = visits.fresh();
            let email = email.clone();
            visits.sign_in(&Attempt { email, from }, WRONG).await?;
        }
    }
    let wanted = StatusCode::TOO_MANY_REQUESTS;
    let times = time_pairs(visits, limited, timed, wanted).await?;
    note("limit reached", &times, sheet);

    let mut challenges = Histogram::new(3)?;
    for _request in 0..timed {
        let from = visits.fresh();
        let request = visits.post("/auth/passkey/start", from);
        challenges.record(time_of(finished(request), StatusCode::OK).await?)?;
    }
    add(sheet, "challenge for a passkey", &challenges);
    Ok(())
}

/// Takes turns, and in each turn another one begins, so that neither always follows the other.
async fn time_pairs(
    visits: &mut Visits<'_>,
    pairs: &[Pair],
    timed: u64,
    wanted: StatusCode,
) -> anyhow::Result<Times> {
    let mut times = Times {
        existing: Histogram::new(3)?,
        missing: Histogram::new(3)?,
    };
    for (turn, pair) in (0..timed).zip(pairs.iter().cycle()) {
        let mut both = [
            (&pair.existing, &mut times.existing),
            (&pair.missing, &mut times.missing),
        ];
        if turn % 2 == 1 {
            both.reverse();
        }
        for (email, histogram) in both {
            let attempt = Attempt {
                email: email.clone(),
                from: visits.fresh(),
            };
            histogram.record(time_of(visits.sign_in(&attempt, WRONG), wanted).await?)?;
        }
    }
    Ok(times)
}

/// Microseconds until the answer.
async fn time_of(
    request: impl Future<Output = anyhow::Result<StatusCode>>,
    wanted: StatusCode,
) -> anyhow::Result<u64> {
    let began = Instant::now();
    let status = request.await?;
    let took = began.elapsed();
    ensure!(status == wanted, "{status} instead of {wanted}");
    Ok(u64::try_from(took.as_micros())?)
}

fn note(what: &str, times: &Times, sheet: &mut Sheet) {
    add(sheet, &format!("{what}, account exists"), &times.existing);
    add(sheet, &format!("{what}, no account"), &times.missing);
    for (column, percentile) in [("p50 ms", 50.0), ("p99 ms", 99.0)] {
        let at = |times: &Histogram<u64>| times.value_at_percentile(percentile) as f64 / 1e3;
        let difference = (at(&times.existing) - at(&times.missing)).abs();
        sheet.add(&format!("{what}, difference"), column, difference);
    }
}
