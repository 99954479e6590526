//! Without a bus.

use std::time::Instant;

use super::*;

/// Sends until the status is no longer 202. It must then be 503, within a second.
async fn expect_unavailable(rig: &Rig) {
    for _ in 0..50 {
        let began = Instant::now();
        let response = rig.post("/batch").json(&click("s1")).send().await.unwrap();
        let (elapsed, retry_after) = (
            began.elapsed(),
            response.headers().get("retry-after").cloned(),
        );
        let (status, body) = read(response).await;
        assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
        if status != 202 {
            assert_eq!((status, code(&body)), (503, "unavailable"));
            assert_eq!(retry_after.unwrap(), "1");
            return;
        }
    }
    panic!("never refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_or_hung_bus_is_answered_with_503_within_a_second() {
    let mut rig = Rig::start().await;
    assert_eq!(rig.send("/batch", &click("s1")).await.0, 202);
    rig.nats.pause().unwrap();
    expect_unavailable(&rig).await;
    rig.nats.resume().unwrap();
    accepted_again(&rig).await;
    rig.nats.kill().unwrap();
    expect_unavailable(&rig).await;
    let ready = rig
        .http
        .get(format!("{}/health/ready", rig.url))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status().as_u16(), 503);
    rig.nats.start_again().await.unwrap();
    accepted_again(&rig).await;
    rig.stop().await;
}

async fn accepted_again(rig: &Rig) {
    crow_testkit::wait::eventually(
        "a batch is accepted again",
        Duration::from_secs(20),
        async || (rig.send("/batch", &click("s1")).await.0 == 202).then_some(()),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_stream_is_answered_with_503() {
    let rig = Rig::start_with(|config| config.bus.partition_max_bytes = 2_000).await;
    expect_unavailable(&rig).await;
    rig.stop().await;
}
