//! Rules have written the text of a visit, because no model answered. Then models are asked again.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::mpsc::channel;

use crow_ai::AiConfig;
use crow_db::ai::retries;
use crow_db::analytics::NewSteps;
use crow_db::flush::{self, Flush};
use crow_db::leases::{self, Lease};
use crow_testkit::interrupt::within;
use crow_testkit::scripted::{Scripted, ScriptedServer, Seen};
use crow_types::Timestamp;
use serde_json::json;

use super::models::{config_at, half_true, list_of, says, shoppers, with_config};
use super::*;
use crate::again::step::Step;

const MINUTE: i64 = 60_000;
const SAID: &str = "Came to the shop. Went on from there.";
/// More steps than an attempt has.
const MOST: usize = 5_000;

/// Fails for the first `failures` questions, whoever asks. No failure of the provider: those would shut
/// the model off.
async fn recovers_after(failures: usize) -> ScriptedServer {
    let answer = move |number, seen: &Seen| match number < failures {
        true => Scripted::status(400, "not now"),
        false => half_true(number, seen),
    };
    ScriptedServer::start(answer).await
}

/// The message of a visit. The worker has told it by the rules.
async fn told_by_rules(worker: &Worker, session: &SessionRecord) -> Vec<u8> {
    let message = bytes(&announced(session, 0));
    let outcome = worker.process(WorkQueue::Interactions, &message).await;
    assert_eq!(outcome.unwrap(), Outcome::Stored);
    message
}

async fn ask(worker: &Worker, now: Timestamp) -> Option<Step> {
    worker.ask_again("acme", now).await.unwrap()
}

async fn one_row(world: &World) -> Interaction {
    let [row] = <[_; 1]>::try_from(world.all().await).unwrap();
    row
}

pub(super) async fn models_are_asked_again_within_their_limits_about_what_rules_told(world: World) {
    let server = recovers_after(2).await;
    let config = config_at(&server);
    let worker = with_config(&world, &config);
    let [(session, _), (other, _)] = [0, 1].map(|number| shoppers(&world).remove(number));
    let message = told_by_rules(&worker, &session).await;
    let before = one_row(&world).await;
    assert_eq!(before.summary_source.as_deref(), Some("rules/1"));
    let now = Timestamp::now();
    assert_eq!(ask(&worker, now).await, None, "it is too early");

    // Nobody is asked without models, for organizations that have none, and without tokens.
    let due = now.plus(6 * MINUTE);
    let without = AiConfig {
        organizations: vec!["rival".to_owned()],
        ..config.clone()
    };
    let poor = AiConfig {
        tokens_per_day: 1,
        ..config.clone()
    };
    let never = AiConfig {
        retry_attempts: 0,
        ..config.clone()
    };
    for (config, step) in [
        (&AiConfig::default(), None),
        (&never, None),
        (&without, Some(Step::Resting)),
        (&poor, Some(Step::Resting)),
    ] {
        assert_eq!(ask(&with_config(&world, config), due).await, step);
    }
    assert_eq!(server.seen().len(), 1, "only when it was told");

    assert_eq!(ask(&worker, due).await, Some(Step::Failed));
    assert_eq!(ask(&worker, due.plus(14 * MINUTE)).await, None);
    let due = due.plus(15 * MINUTE);
    assert_eq!(ask(&worker, due).await, Some(Step::Worded));
    let after = one_row(&world).await;
    assert_eq!(after.summary.as_deref(), Some(SAID));
    assert_eq!(after.summary_source.as_deref(), Some("the-model"));
    assert!(!list_of(after.tags.as_ref()).contains(&"ai_unavailable".to_owned()));
    assert!(after.words.contains("came to the shop"), "{}", after.words);
    assert_eq!(
        (&after.data, after.timestamp, after.created_at),
        (&before.data, before.timestamp, before.created_at)
    );
    assert_eq!(ask(&worker, due.plus(1_000 * MINUTE)).await, None);
    // The announcement is delivered once more.
    let again = worker.process(WorkQueue::Interactions, &message).await;
    assert_eq!(again.unwrap(), Outcome::Stored);
    assert_eq!(one_row(&world).await, after);
    assert_eq!(server.seen().len(), 3);

    // A model that never tells it.
    let server = recovers_after(usize::MAX).await;
    let config = AiConfig {
        retry_attempts: 1,
        ..config_at(&server)
    };
    // One call fits the tokens of the day, and not half of them.
    let tight = AiConfig {
        max_output_tokens: 100_000,
        tokens_per_day: 150_000,
        ..config.clone()
    };
    let tight = with_config(&world, &tight);
    told_by_rules(&tight, &other).await;
    assert_eq!(ask(&tight, due).await, Some(Step::Resting));
    assert_eq!(server.seen().len(), 1, "only when it was told");
    let worker = with_config(&world, &config);
    assert_eq!(ask(&worker, due).await, Some(Step::GivenUp));
    assert_eq!(ask(&worker, due.plus(1_000 * MINUTE)).await, None);
    assert_eq!((world.all().await.len(), server.seen().len()), (2, 2));
}

/// Stores the session as it is now.
async fn changes(world: &World, lease: Lease, session: SessionRecord) {
    let flush = Flush {
        id: format!("changed-{}", session.id),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: lease.checkpoint,
        stream_created: lease.stream_created,
        sessions: vec![session],
        events: Vec::new(),
        steps: NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    flush::commit(&world.worker.db, &flush).await.unwrap();
}

pub(super) async fn models_are_not_asked_again_in_vain(world: World) {
    let visits = shoppers(&world);
    let [hostile, goes_on, has_more, unreadable] = [0, 1, 2, 3].map(|number| &visits[number].0);
    let due = Timestamp::now().plus(60 * MINUTE);
    let poem = says(&json!({"poem": "Roses are red."}));
    // A gateway that gives up waiting, and one that breaks off.
    let replies = [Scripted::status(504, ""), Scripted::CutOff, poem.clone()];
    for (revision, reply) in (0..).zip(replies) {
        let server = ScriptedServer::start(move |_, _| reply.clone()).await;
        let worker = with_config(&world, &config_at(&server));
        let message = bytes(&announced(hostile, revision));
        let outcome = worker.process(WorkQueue::Interactions, &message).await;
        assert_eq!(outcome.unwrap(), Outcome::Stored);
        assert_eq!(ask(&worker, due).await, Some(Step::GivenUp));
        assert_eq!(ask(&worker, due).await, None);
        assert_eq!(server.seen().len(), 2, "each may have to be paid for");
    }

    let server = ScriptedServer::start(move |_, _| poem.clone()).await;
    let worker = with_config(&world, &config_at(&server));

    let db = &worker.db;
    let leases = leases::acquire(db, "keeper", 60_000, 1, &BTreeSet::new()).await;
    let lease = leases.unwrap()[0];
    for session in [goes_on, has_more] {
        told_by_rules(&worker, session).await;
        let mut changed = worker.session("acme", &session.id).await.unwrap().unwrap();
        if session == goes_on {
            (changed.end_reason, changed.ended_at) = (None, None);
        } else {
            changed.revision += 1;
        }
        changes(&world, lease, changed).await;
        assert_eq!(ask(&worker, due).await, Some(Step::Gone));
    }
    assert_eq!(server.seen().len(), 2, "only when they were told");
    assert_eq!(retries::count(db).await.unwrap(), 0);

    told_by_rules(&worker, unreadable).await;
    std::fs::remove_dir_all(world.folder.path().join("objects")).unwrap();
    assert_eq!(ask(&worker, due).await, Some(Step::Unreadable));
    assert_eq!(retries::count(db).await.unwrap(), 1);
}

/// As `half_true`, in other words for each question.
fn differently(number: usize, _seen: &Seen) -> Scripted {
    if number == 0 {
        return Scripted::status(400, "not now");
    }
    let digits = number.to_string().into_bytes();
    let word: String = digits.iter().map(|it| char::from(it + 49)).collect();
    let text = format!("Came to the shop {word}.");
    says(&json!({
        "claims": [{"text": text, "evidence": [1]}],
        "intent": "browse", "products": [], "confidence": 0.8,
    }))
}

pub(super) async fn a_process_that_dies_while_models_are_asked_again_replaces_a_text_once(
    world: World,
) {
    let server = ScriptedServer::start(differently).await;
    let config = AiConfig {
        retry_attempts: u32::MAX,
        cache_hours: 0,
        // Each death leaves a reservation.
        tokens_per_day: 1_000_000_000,
        ..config_at(&server)
    };
    let worker = with_config(&world, &config);
    let (session, _) = shoppers(&world).remove(0);
    told_by_rules(&worker, &session).await;
    let mut now = Timestamp::now().plus(6 * MINUTE);
    let (mut interruptions, mut first) = (0, None);
    for steps in 1..MOST {
        let ended = within(steps, worker.ask_again("acme", now)).await;
        let row = one_row(&world).await;
        let is_worded = row.summary_source.as_deref() == Some("the-model");
        if is_worded {
            assert_eq!(retries::count(&worker.db).await.unwrap(), 0);
            assert_eq!(*first.get_or_insert_with(|| row.clone()), row);
        } else {
            assert_eq!(row.summary_source.as_deref(), Some("rules/1"));
            assert_eq!(first, None, "it stays");
        }
        // The claim of the dead one lapses.
        now = now.plus(10 * MINUTE);
        let Some(step) = ended else {
            interruptions += 1;
            continue;
        };
        match step.unwrap() {
            Some(step) => assert_eq!((step, is_worded), (Step::Worded, true)),
            // The dead one has committed, or what it sent to claim the visit was carried out only now.
            None => assert!(interruptions > 0),
        }
        if is_worded {
            break;
        }
    }
    assert!(interruptions >= 4, "interrupted {interruptions} times");
    assert_eq!(ask(&worker, now).await, None);
    assert_eq!(Some(one_row(&world).await), first);
}

pub(super) async fn an_erasure_while_models_are_asked_again_leaves_nothing(world: World) {
    let (erased, wait) = channel::<()>();
    let wait = Mutex::new(wait);
    let server = ScriptedServer::start(move |number, seen| {
        if number == 0 {
            return Scripted::status(400, "not now");
        }
        tokio::task::block_in_place(|| wait.lock().unwrap().recv_timeout(DEADLINE).unwrap());
        half_true(number, seen)
    })
    .await;
    let config = AiConfig {
        call_seconds: 60,
        total_seconds: 60,
        ..config_at(&server)
    };
    let worker = with_config(&world, &config);
    let (session, _) = shoppers(&world).remove(0);
    told_by_rules(&worker, &session).await;
    let asking = {
        let worker = worker.clone();
        let due = Timestamp::now().plus(6 * MINUTE);
        tokio::spawn(async move { ask(&worker, due).await })
    };
    eventually("the question", DEADLINE, async || {
        (server.seen().len() == 2).then_some(())
    })
    .await;
    world.erase(&session).await;
    erased.send(()).unwrap();
    assert_eq!(asking.await.unwrap(), Some(Step::Gone));
    assert!(world.all().await.is_empty());
    assert_eq!(retries::count(&worker.db).await.unwrap(), 0);
}
