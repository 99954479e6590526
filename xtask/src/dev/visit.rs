//! Sends the demo session, and prints where to find it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use crow_testkit::recording::rrweb_recording;
use crow_testkit::{http, wait};
use reqwest::Client;
use serde_json::Value;

use super::address::{self, DEMO, GRPC, INGEST, QUERY};
use super::demo;
use super::keys::{Keys, ORGANIZATION};

/// Longer than the age at which the keeper flushes.
const LISTED_DEADLINE: Duration = Duration::from_secs(30);

/// Sends the recording as a session that ends now, waits until it can be read, and gives its id.
pub async fn record(keys: &Keys) -> anyhow::Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = i64::try_from(now.context("the clock is before 1970")?.as_millis())?;
    let session_id = format!("demo-{now}");
    let client = http::client();
    for batch in demo::batches(&session_id, rrweb_recording(), now) {
        send(&client, keys, &batch).await?;
    }
    let url = session_url(&session_id);
    wait::until(
        "the demo session to be listed",
        LISTED_DEADLINE,
        async || {
            let answer = client.get(&url).bearer_auth(&keys.read).send().await.ok()?;
            answer.status().is_success().then_some(())
        },
    )
    .await?;
    Ok(session_id)
}

/// What to do next, with the real key and session.
pub fn welcome(keys: &Keys, session_id: &str) -> String {
    let curl = format!("curl -s -H 'Authorization: Bearer {}'", keys.read);
    let session = session_url(session_id);
    format!(
        "\n\
         CROW is running.\n\
         \n\
         \x20 demo       {demo}        a shop; click around in it\n\
         \x20            {demo}/live   the shop, and what the SDK sends\n\
         \x20 dashboard  {query}        sign in with {dashboard}\n\
         \x20 gateway    {ingest}        ingest key {key}\n\
         \x20 gRPC       127.0.0.1:{GRPC}\n\
         \n\
         The list of sessions, the demo session, and its replay as rrweb events:\n\
         \n\
         {curl} '{query}/sessions/{ORGANIZATION}'\n\
         {curl} '{session}'\n\
         {curl} '{session}/replay?format=rrweb'\n",
        demo = address::url(DEMO),
        ingest = address::url(INGEST),
        query = address::url(QUERY),
        key = keys.ingest,
        dashboard = keys.dashboard,
    )
}

async fn send(client: &Client, keys: &Keys, batch: &Value) -> anyhow::Result<()> {
    let answer = client
        .post(format!("{}/batch", address::url(INGEST)))
        .bearer_auth(&keys.ingest)
        .json(batch)
        .send()
        .await
        .context("cannot reach ingest")?;
    let status = answer.status();
    let text = answer.text().await.unwrap_or_default();
    ensure!(
        status.is_success(),
        "ingest refused a batch of the demo session: {status} {text}"
    );
    Ok(())
}

fn session_url(session_id: &str) -> String {
    format!(
        "{}/sessions/{ORGANIZATION}/{session_id}",
        address::url(QUERY)
    )
}
