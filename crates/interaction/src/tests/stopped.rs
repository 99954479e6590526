//! The service stops while a model is asked.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use crow_outbound::OutboundConfig;

use super::*;
use crate::service::consume;

/// It is paid for.
pub(super) async fn what_a_model_is_asked_at_the_end_is_answered_and_stored(
    world: &World,
    bus: &Bus,
    own: Bus,
) {
    let (open, closed) = channel::<()>();
    let closed = Mutex::new(closed);
    let server = ScriptedServer::start(move |number, seen| {
        let wait = || closed.lock().unwrap().recv_timeout(DEADLINE);
        let _opened = tokio::task::block_in_place(wait);
        models::half_true(number, seen)
    })
    .await;
    let mut config = AiConfig {
        call_seconds: 60,
        total_seconds: 60,
        ..models::config_at(&server)
    };
    config.models[0].name = "slow".to_owned();
    let worker = models::with_config(world, &config);
    let (session, _story) = models::shoppers(world).remove(1);
    queue::publish(bus, &announced(&session, 1)).await.unwrap();
    let shutdown = Shutdown::new();
    let consuming = consume(worker, own, OutboundConfig::default(), shutdown.clone());
    let task = tokio::spawn(consuming);
    eventually("a question", DEADLINE, async || {
        (!server.seen().is_empty()).then_some(())
    })
    .await;
    shutdown.start();
    drop(open);
    task.await.unwrap().unwrap();

    let calls = crow_db::ai::calls(&world.worker.db, "acme", Timestamp(0), 1_000);
    let mut calls = calls.await.unwrap();
    calls.retain(|call| call.model == "slow");
    let outcomes: Vec<&str> = calls.iter().map(|call| call.outcome.as_str()).collect();
    assert_eq!(outcomes, vec!["answered"; server.seen().len()]);
    let all = world.all().await;
    let told = all
        .iter()
        .filter(|it| it.summary_source.as_deref() == Some("slow"));
    assert_eq!(told.count(), outcomes.len());
}
