//! What the API gateway costs: the same requests to the services, and through it.

use std::net::SocketAddr;

use crow_testkit::port::free_port;

use super::gateway::{add_outcome, purge};
use super::read::{add, measure_requests};
use super::{Length, progress};
use crate::load::{Load, Pace};
use crate::meter;
use crate::results::Sheet;
use crate::stack::{Database, ORGANIZATION, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "hop";
pub const ABOUT: &str = "\
The gateway and the read API directly, and through `crow-gateway`, in the same round. All processes \
share the cores.\n\
\n\
- *batch*: each connection sends its next request, of 20 events, when the last one is answered.\n\
- *list*: the first page, one request at a time.\n\
- *of direct*: requests/s through the API gateway divided by those without it.\n\
- *CPU hop*: microseconds of processor time of `crow-gateway` for a request.";

const CONNECTIONS: [usize; 2] = [1, 64];
const SESSIONS: u64 = 100_000;

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        progress(format!("round {round}"));
        let hop = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let setup = Setup::new(Sync::Always, Database::Sqlite).behind_api_gateway(hop);
        let mut stack = Stack::start(&setup).await?;
        measure_batches(&stack, hop, length, &mut sheet).await?;
        let sessions = length.count(SESSIONS).to_string();
        let seed = ["seed", "--org", ORGANIZATION, "--sessions", &sessions];
        stack.crow(&seed)?;
        measure_lists(&mut stack, hop, &mut sheet).await?;
        stack.stop().await?;
    }
    Ok(sheet)
}

async fn measure_batches(
    stack: &Stack,
    hop: SocketAddr,
    length: &Length,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let gateway = stack.start_api_gateway(hop).await?;
    for connections in CONNECTIONS {
        let load = |address| Load {
            address,
            connections,
            pace: Pace::Closed,
            duration: length.seconds(5),
        };
        let traffic = || stack.requests.traffic(Kind::Twenty, connections);
        let name = |what: &str| format!("batch, {connections} connections, {what}");
        let direct = load(stack.ingest_address).run(traffic(), None).await?;
        add_outcome(sheet, &name("direct"), &direct);
        purge(stack).await?;
        let before = meter::cpu_seconds(gateway.pid())?;
        let through = load(hop).run(traffic(), None).await?;
        let used = meter::cpu_seconds(gateway.pid())? - before;
        let row = name("through");
        add_outcome(sheet, &row, &through);
        let of_direct = through.per_second(through.requests) / direct.per_second(direct.requests);
        sheet.add(&row, "of direct", of_direct);
        sheet.add(&row, "CPU hop", used * 1e6 / through.requests as f64);
        purge(stack).await?;
    }
    Ok(())
}

async fn measure_lists(
    stack: &mut Stack,
    hop: SocketAddr,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    stack.start_query().await?;
    let _gateway = stack.start_api_gateway(hop).await?;
    add(sheet, "list, direct", &measure_requests(stack, "").await?);
    stack.query_url = format!("http://{hop}");
    add(sheet, "list, through", &measure_requests(stack, "").await?);
    Ok(())
}
