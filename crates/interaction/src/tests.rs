//! Real sessions in objects, on SQLite and Postgres, and a real queue.

use std::time::Duration;

use tempfile::TempDir;

use crow_ai::AiConfig;
use crow_bus::interactions::{self as queue, ERASED, InteractionMessage};
use crow_bus::reported::{CctvBatchQueueMessage, FrameAnalysis, Report};
use crow_bus::streams::{self, WorkQueue};
use crow_bus::{Bus, BusConfig, dead_letters};
use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Mode, Request, Subject};
use crow_db::interactions::{Interaction, InteractionFilter, list};
use crow_db::products::{self, ProductRow};
use crow_db::{DatabaseConfig, Db, installation};
use crow_keyring::{Keyring, KeyringConfig, new_master_key};
use crow_runtime::Shutdown;
use crow_seed::{Objects, Plan, Recordings};
use crow_storage::{Seal, StorageConfig, Store};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::scripted::{Scripted, ScriptedServer};
use crow_testkit::wait::eventually;
use crow_types::{OrganizationId, PartitionCount, SessionRecord, Timestamp};

use crate::announcement::Announcement;
use crate::consumer::work;
use crate::failure::Failure;
use crate::worker::{Outcome, Worker};

mod again;
mod chosen;
mod embedded;
mod erased;
mod evaluation;
mod held;
mod interrupted;
mod models;
mod stopped;
mod stored;

use again::{
    a_process_that_dies_while_models_are_asked_again_replaces_a_text_once,
    an_erasure_while_models_are_asked_again_leaves_nothing,
    models_are_asked_again_within_their_limits_about_what_rules_told,
    models_are_not_asked_again_in_vain,
};
use chosen::{
    a_model_chooses_a_product_that_is_near_and_is_paid_once,
    a_model_that_chooses_badly_or_fails_costs_a_product_and_no_report,
};
use interrupted::a_message_that_is_interrupted_at_each_step_becomes_one_interaction;
use models::{
    a_model_that_fails_costs_its_words_and_no_message,
    a_model_words_a_visit_and_what_it_invents_is_left_out,
};

const SESSIONS: u64 = 30;
const DEADLINE: Duration = Duration::from_secs(60);

struct World {
    worker: Worker,
    plan: Plan,
    folder: TempDir,
}

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

impl World {
    async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/crow.db", folder.path().display());
        Self::on(url, folder).await
    }

    async fn on_postgres() -> Self {
        let url = crow_testkit::postgres::database().await;
        Self::on(url, tempfile::tempdir().unwrap()).await
    }

    async fn on(url: String, folder: TempDir) -> Self {
        let config = DatabaseConfig {
            url: url.into(),
            ..DatabaseConfig::default()
        };
        let db = Db::connect(&config).await.unwrap();
        db.migrate().await.unwrap();
        installation::ensure(&db, Some(1)).await.unwrap();
        let config = StorageConfig {
            url: format!("file://{}/objects", folder.path().display()),
            ..StorageConfig::default()
        };
        let store = Store::open(&config).unwrap();
        let config = KeyringConfig {
            master_key: new_master_key().into(),
            ..KeyringConfig::default()
        };
        let keyring = Keyring::open(&db, &config, Seal::On).unwrap();
        let one = PartitionCount::new(1).unwrap();
        let plan = Plan::new(acme(), 7, SESSIONS, 3, 1_763_690_000_000, one);
        let objects = Objects {
            store: store.clone(),
            keyring: keyring.clone(),
            recordings: Recordings::default(),
        };
        crow_seed::write(&db, &plan, Some(&objects), |_written| {})
            .await
            .unwrap();
        Self {
            worker: models::worker(db, store, keyring),
            plan,
            folder,
        }
    }

    async fn all(&self) -> Vec<Interaction> {
        let filter = InteractionFilter::default();
        list(&self.worker.db, &acme(), &filter, None, 100)
            .await
            .unwrap()
    }

    async fn erase(&self, session: &SessionRecord) {
        self.erase_all(&Subject::Sessions(vec![session.session_id.clone()]))
            .await;
    }

    async fn erase_all(&self, subject: &Subject) {
        let request = Request {
            organization: &acme(),
            subject,
            mode: Mode::Erase,
            requested_by: &Actor::system_named("visitor"),
        };
        erasure::erase(&self.worker.db, &request).await.unwrap();
    }
}

impl Worker {
    /// A message that was published just now.
    async fn process(&self, queue: WorkQueue, payload: &[u8]) -> Result<Outcome, Failure> {
        self.process_published(queue, payload, Timestamp::now())
            .await
    }
}

fn announced(session: &SessionRecord, revision: i32) -> InteractionMessage {
    let completion_id = format!("{}-{revision}", session.id);
    let data = serde_json::json!({
        "completionId": completion_id, "revision": revision, "session": {"id": session.id}, "events": [],
    });
    InteractionMessage {
        organization_id: session.organization_id.clone(),
        source_type: "web".to_owned(),
        session_id: session.session_id.clone(),
        data: data.to_string(),
        summary: None,
        timestamp: session.ended_at.unwrap_or(session.last_event_at),
        completion_id,
        report: None,
    }
}

fn bytes(message: &InteractionMessage) -> Vec<u8> {
    serde_json::to_vec(message).unwrap()
}

macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name(super::World::on_sqlite().await).await; })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name(super::World::on_postgres().await).await; })*
        }
    };
}

on_both!(
    a_finished_session_becomes_one_interaction_however_often_it_is_announced,
    an_erased_session_has_none_whatever_arrives_later,
    the_queue_is_drained_and_what_cannot_be_read_is_kept,
    a_report_becomes_one_interaction_and_none_after_its_session_was_erased,
    a_message_that_is_interrupted_at_each_step_becomes_one_interaction,
    a_model_words_a_visit_and_what_it_invents_is_left_out,
    a_model_that_fails_costs_its_words_and_no_message,
    models_are_asked_again_within_their_limits_about_what_rules_told,
    models_are_not_asked_again_in_vain,
    a_process_that_dies_while_models_are_asked_again_replaces_a_text_once,
    an_erasure_while_models_are_asked_again_leaves_nothing,
    a_model_chooses_a_product_that_is_near_and_is_paid_once,
    a_model_that_chooses_badly_or_fails_costs_a_product_and_no_report,
);

async fn a_finished_session_becomes_one_interaction_however_often_it_is_announced(world: World) {
    for number in 0..SESSIONS {
        let visit = world.plan.visit(number);
        let message = bytes(&announced(&visit.session, 0));
        for _delivery in 0..2 {
            let outcome = world
                .worker
                .process(WorkQueue::Interactions, &message)
                .await
                .unwrap();
            assert_eq!(outcome, Outcome::Stored);
        }
        // What the objects hold is what the session was made of.
        let mut teller = crow_story::Teller::new(&visit.session);
        visit.events.iter().for_each(|event| teller.hear(event));
        let story = teller.tell();
        let all = world.all().await;
        let made = all.iter().find(|it| it.id == visit.session.id).unwrap();
        assert_eq!(made.summary, Some(story.summary));
        assert_eq!(made.intent.as_deref(), Some(story.intent.as_str()));
        assert_eq!(made.summary_source.as_deref(), Some("rules/1"));
    }
    assert_eq!(world.all().await.len() as u64, SESSIONS);
    let foreign = InteractionMessage {
        organization_id: "other".to_owned(),
        ..announced(&world.plan.visit(0).session, 0)
    };
    assert_eq!(
        world
            .worker
            .process(WorkQueue::Interactions, &bytes(&foreign))
            .await
            .unwrap(),
        Outcome::Gone
    );
}

async fn an_erased_session_has_none_whatever_arrives_later(world: World) {
    let session = world.plan.visit(3).session;
    let message = bytes(&announced(&session, 0));
    world
        .worker
        .process(WorkQueue::Interactions, &message)
        .await
        .unwrap();
    world.erase(&session).await;
    assert!(world.all().await.is_empty());
    let erased = InteractionMessage {
        source_type: ERASED.to_owned(),
        completion_id: format!("{}-erased", session.id),
        ..announced(&session, 0)
    };
    for late in [message.clone(), bytes(&erased), message] {
        assert_eq!(
            world
                .worker
                .process(WorkQueue::Interactions, &late)
                .await
                .unwrap(),
            Outcome::Gone
        );
    }
    assert!(world.all().await.is_empty());
}

fn frames(session: &str) -> CctvBatchQueueMessage {
    let frame = |frame_index: i64, description: &str| FrameAnalysis {
        frame_index,
        timestamp: 1_000 * frame_index,
        description: description.to_owned(),
    };
    CctvBatchQueueMessage {
        organization_id: "acme".to_owned(),
        source_type: "cctv".to_owned(),
        session_id: session.to_owned(),
        camera_id: "door".to_owned(),
        batch_index: 0,
        frame_analyses: vec![frame(1, "A hand"), frame(0, "An empty shelf")],
        batch_start_timestamp: 0,
        batch_end_timestamp: 2_000,
        report: None,
    }
}

fn product(id: &str, name: &str) -> ProductRow {
    ProductRow {
        organization_id: "acme".to_owned(),
        id: id.to_owned(),
        sku: None,
        name: name.to_owned(),
        description: None,
        category: None,
        price_minor: None,
        currency: None,
        url: None,
        path: None,
        image_url: None,
        words: name.to_lowercase(),
        created_at: 0,
        updated_at: 0,
    }
}

fn post(session: &str) -> InteractionMessage {
    InteractionMessage {
        organization_id: "acme".to_owned(),
        source_type: "social".to_owned(),
        session_id: session.to_owned(),
        data: r#"{"text": "Love the lamp"}"#.to_owned(),
        summary: None,
        timestamp: 5,
        completion_id: String::new(),
        report: Some("post-1".to_owned()),
    }
}

async fn a_report_becomes_one_interaction_and_none_after_its_session_was_erased(world: World) {
    let lamp = product("lamp-1", "Lamp");
    let by = Actor::system_named("test");
    products::create(&world.worker.db, &by, &lamp)
        .await
        .unwrap();
    let reports = [
        (
            WorkQueue::Cctv,
            serde_json::to_vec(&frames("rec-1")).unwrap(),
        ),
        (WorkQueue::Interactions, bytes(&post("rec-1"))),
        (WorkQueue::Interactions, bytes(&post(""))),
    ];
    let process_published = async |number: usize, at: Timestamp| {
        let (queue, payload) = &reports[number];
        let processed = world.worker.process_published(*queue, payload, at);
        processed.await.unwrap()
    };
    let published_at = Timestamp::now();
    let process = async |number: usize| process_published(number, published_at).await;
    for number in [0, 1, 0, 1] {
        assert_eq!(process(number).await, Outcome::Stored);
    }
    let all = world.all().await;
    let summaries: Vec<&str> = all.iter().filter_map(|it| it.summary.as_deref()).collect();
    assert_eq!(
        summaries,
        [
            "A post was reported: \"Love the lamp\". Names \"Lamp\".",
            "The camera \"door\" took 2 frames in 2 s. They were described as \"An empty shelf\", \
             \"A hand\"."
        ]
    );
    assert_eq!(all[0].product_ids.as_deref(), Some(r#"["lamp-1"]"#));
    let evidence: serde_json::Value =
        serde_json::from_str(all[0].evidence.as_deref().unwrap()).unwrap();
    assert_eq!(
        evidence["match"],
        serde_json::json!([
            {"productId": "lamp-1", "name": "Lamp", "confidence": 0.8, "by": "name", "evidence": [1]},
        ])
    );
    let of_camera = &all[1];
    assert_eq!(of_camera.source_type, "cctv");
    assert_eq!(
        (of_camera.session_id.as_deref(), &of_camera.session_row),
        (Some("rec-1"), &None)
    );
    assert_eq!((&of_camera.intent, of_camera.confidence), (&None, None));
    assert!(
        of_camera.words.contains("empty shelf"),
        "{}",
        of_camera.words
    );

    let of_session = Subject::Sessions(vec!["rec-1".to_owned()]);
    world.erase_all(&of_session).await;
    assert!(world.all().await.is_empty());
    for number in [0, 1] {
        assert_eq!(process(number).await, Outcome::Gone, "it was on its way");
    }
    assert_eq!(process(2).await, Outcome::Stored, "of no session");
    world.erase_all(&Subject::Time { from: 0, to: 6 }).await;
    assert!(world.all().await.is_empty());
    assert_eq!(process(2).await, Outcome::Gone, "it is delivered again");
    let later = Timestamp::now().plus(60_000);
    assert_eq!(process_published(2, later).await, Outcome::Stored);
    assert_eq!(world.all().await.len(), 1, "it was published again");
}

async fn the_queue_is_drained_and_what_cannot_be_read_is_kept(world: World) {
    // With the users of a cluster, so the service proves that its permissions suffice.
    let users = crow_testkit::paths::workspace_root().join("deploy/nats-users.conf");
    let options = NatsOptions {
        users: Some(users),
        ..NatsOptions::default()
    };
    let nats = NatsServer::start(options).await.unwrap();
    let config = BusConfig {
        url: nats.url(),
        partition_max_bytes: 64 << 20,
        // What a dead one has not settled is delivered again soon.
        completion_retry_ms: 2_000,
        cctv_retry_ms: 2_000,
        ..BusConfig::default()
    };
    let one = PartitionCount::new(1).unwrap();
    let bus = Bus::connect("test", &config, one).await.unwrap();
    let config = BusConfig {
        url: nats.url_of("crow-interaction"),
        ..config
    };
    let own = Bus::connect("crow-interaction", &config, one)
        .await
        .unwrap();
    eventually("the streams", DEADLINE, async || {
        streams::ensure(&bus).await.ok()
    })
    .await;
    for number in 0..SESSIONS {
        let message = announced(&world.plan.visit(number).session, 0);
        queue::publish(&bus, &message).await.unwrap();
    }
    let unreadable = InteractionMessage {
        data: "{}".to_owned(),
        completion_id: "no-0".to_owned(),
        ..announced(&world.plan.visit(0).session, 0)
    };
    assert!(Announcement::read(WorkQueue::Interactions, &bytes(&unreadable)).is_err());
    queue::publish(&bus, &unreadable).await.unwrap();
    // Services reach the queues through the read API.
    let config = BusConfig {
        url: nats.url_of("crow-query"),
        ..config
    };
    let query = Bus::connect("crow-query", &config, one).await.unwrap();
    for report in [
        Report::Batch(frames("rec-1")),
        Report::Interaction(post("rec-1")),
    ] {
        eventually("the bus", DEADLINE, async || {
            report.publish(&query).await.ok()
        })
        .await;
    }

    // Dies at an arbitrary moment, and another one goes on.
    let never = Shutdown::new();
    for _life in 0..3 {
        let life = work(&world.worker, &own, &never);
        let _died = tokio::time::timeout(Duration::from_millis(20), life).await;
    }
    let worker = world.worker.clone();
    let working = own.clone();
    let task = tokio::spawn(async move { work(&worker, &working, &never).await });
    eventually("one interaction for each session", DEADLINE, async || {
        (world.all().await.len() as u64 == SESSIONS + 2).then_some(())
    })
    .await;
    eventually("a dead letter", DEADLINE, async || {
        let letters = dead_letters::list(&bus, 10).await.ok()?;
        (!letters.is_empty()).then_some(())
    })
    .await;
    task.abort();
    erased::a_report_that_is_delivered_again_stays_erased(&world, &query, &own).await;
    a_visit_that_takes_long_holds_up_nobody(&world, &bus, &query, own.clone()).await;
    stored::each_state_is_announced_under_one_name(&world, &nats, &bus, &own).await;
    stopped::what_a_model_is_asked_at_the_end_is_answered_and_stored(&world, &bus, own).await;
}

async fn a_visit_that_takes_long_holds_up_nobody(world: &World, bus: &Bus, query: &Bus, own: Bus) {
    let silent = ScriptedServer::start(|_, _| Scripted::Silence).await;
    let config = AiConfig {
        call_seconds: 300,
        total_seconds: 300,
        ..models::config_at(&silent)
    };
    let worker = models::with_config(world, &config);
    let before = world.all().await.len();
    let (session, _story) = models::shoppers(world).remove(0);
    queue::publish(bus, &announced(&session, 1)).await.unwrap();
    // With these, as many are taken as are processed at the same time.
    let report = |name: String| {
        Report::Interaction(InteractionMessage {
            report: Some(name),
            ..post("rec-2")
        })
    };
    for number in 0..9 {
        let beside = report(format!("beside-{number}"));
        beside.publish(query).await.unwrap();
    }
    let never = Shutdown::new();
    let task = tokio::spawn(async move { work(&worker, &own, &never).await });
    let stored = async |count: usize| {
        eventually("interactions", DEADLINE, async || {
            (world.all().await.len() == before + count).then_some(())
        })
        .await;
    };
    stored(9).await;
    report("later".to_owned()).publish(query).await.unwrap();
    stored(10).await;
    assert!(!silent.seen().is_empty(), "a model is asked");
    task.abort();
}
