use super::deliveries::{
    AT_ONCE, Attempt, DeliveryRow, KEPT, MOST_WAITING, NewDelivery, PATIENCE, Replayed, Target,
    Way, add_test, replay, settle,
};
use super::*;
use crate::tests::{Database, on_both};
use crate::users::{self, UserRow};

on_both!(
    an_endpoint_is_changed_only_as_it_was_read_and_by_its_organization,
    a_message_is_claimed_once_and_again_when_its_process_died,
    a_slow_target_delays_no_other,
    an_organization_holds_few_slots_and_mails_none_of_webhooks,
    the_first_message_of_each_target_is_found_however_many_wait,
    a_full_queue_cancels_what_is_added_and_one_test_waits_at_most,
    what_the_installation_cannot_send_is_counted_and_not_held_against_the_endpoint,
    attempts_end_and_a_replay_has_all_of_them_again,
    an_endpoint_that_fails_for_days_is_disabled_and_admins_are_told,
    old_messages_go,
);

const NOW: i64 = 1_000_000_000_000;

fn org(name: &str) -> OrganizationId {
    OrganizationId::new(name).unwrap()
}

pub(crate) fn endpoint(organization: &str, id: &str) -> EndpointRow {
    EndpointRow {
        id: id.to_owned(),
        organization_id: organization.to_owned(),
        kind: "standard".to_owned(),
        name: id.to_owned(),
        shown_url: "https://hooks.example".to_owned(),
        sealed: vec![0, 255],
        wrapped: Vec::new(),
        master: String::new(),
        version: 0,
        failing_since: None,
        disabled_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

async fn with_endpoints(db: &Db, ids: &[&str]) {
    for id in ids {
        let row = endpoint("acme", id);
        assert!(insert(db, &Actor::system(), row).await.unwrap());
    }
}

fn to(target: Target) -> NewDelivery {
    NewDelivery {
        target,
        event: "test",
        content: "{}".to_owned(),
    }
}

async fn message_to(db: &Db, organization: &str, target: Target, now: i64) {
    let transaction = db.begin("adding a message").await.unwrap();
    deliveries::add(&transaction, organization, None, &[to(target)], now)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

async fn message(db: &Db, endpoint: &str, now: i64) {
    message_to(db, "acme", Target::Webhook(endpoint.to_owned()), now).await;
}

async fn claim(db: &Db, now: i64) -> Result<Option<DeliveryRow>> {
    deliveries::claim(db, Way::Http, now).await
}

async fn all_of(db: &Db, endpoint: &str) -> Vec<DeliveryRow> {
    let rows = deliveries::list(db, &org("acme"), endpoint, None, 100).await;
    rows.unwrap()
}

fn failed(next_at: Option<i64>) -> Attempt {
    Attempt::Failed {
        status: Some(500),
        why: "HTTP status 500".to_owned(),
        next_at,
    }
}

async fn an_endpoint_is_changed_only_as_it_was_read_and_by_its_organization(database: Database) {
    let (db, by) = (&database.db, &Actor::system());
    with_endpoints(db, &["a"]).await;
    let read = find(db, &org("acme"), "a").await.unwrap().unwrap();
    assert_eq!(read, endpoint("acme", "a"));
    assert_eq!(find(db, &org("rival"), "a").await.unwrap(), None);
    let foreign = EndpointRow {
        organization_id: "rival".to_owned(),
        ..read.clone()
    };
    let changed =
        |row: EndpointRow| async move { change(db, by, &row, "webhook.changed").await.unwrap() };
    assert_eq!(changed(foreign).await, Change::Unknown);
    assert_eq!(changed(read.clone()).await, Change::Done);
    assert_eq!(changed(read).await, Change::Outdated, "twice");
    assert!(!remove(db, by, &org("rival"), "a", NOW).await.unwrap());
    for number in 1..MOST {
        let row = endpoint("acme", &format!("b{number}"));
        assert!(insert(db, by, row).await.unwrap());
    }
    assert!(!insert(db, by, endpoint("acme", "c")).await.unwrap());
    assert!(insert(db, by, endpoint("rival", "c")).await.unwrap());
    message(db, "a", NOW).await;
    assert!(remove(db, by, &org("acme"), "a", NOW).await.unwrap());
    assert!(all_of(db, "a").await.is_empty());
}

async fn a_message_is_claimed_once_and_again_when_its_process_died(database: Database) {
    let db = &database.db;
    with_endpoints(db, &["a"]).await;
    message(db, "a", NOW).await;
    assert_eq!(claim(db, NOW - 1).await.unwrap(), None, "it is not due");
    // Two replicas look at the same moment.
    let (one, other) = tokio::join!(claim(db, NOW), claim(db, NOW));
    let mut both = [one.unwrap(), other.unwrap()].into_iter().flatten();
    let first = both.next().unwrap();
    assert_eq!(both.next(), None);
    // Its process dies before it stores that the message has arrived.
    let later = NOW + deliveries::CLAIM;
    assert_eq!(claim(db, later - 1).await.unwrap(), None);
    let second = claim(db, later).await.unwrap().unwrap();
    assert_eq!((&second.id, second.epoch), (&first.id, first.epoch + 1));
    // The first one was only slow.
    let arrived = Attempt::Arrived { status: Some(200) };
    assert!(!settle(db, &first, &failed(None), later).await.unwrap());
    assert!(settle(db, &second, &arrived, later).await.unwrap());
    assert!(
        !settle(db, &second, &arrived, later).await.unwrap(),
        "twice"
    );
    let stored = &all_of(db, "a").await[0];
    assert_eq!((stored.state.as_str(), stored.attempts), ("delivered", 1));
    assert_eq!(claim(db, later + 1).await.unwrap(), None);
}

async fn a_slow_target_delays_no_other(database: Database) {
    let db = &database.db;
    with_endpoints(db, &["a", "b"]).await;
    message(db, "a", NOW).await;
    message(db, "a", NOW + 1).await;
    message(db, "b", NOW + 2).await;
    let now = NOW + 10;
    let claimed = async || claim(db, now).await.unwrap().map(|row| row.target_id);
    assert_eq!(claimed().await.as_deref(), Some("a"));
    assert_eq!(claimed().await.as_deref(), Some("b"), "not `a` again");
    assert_eq!(claimed().await, None);
}

async fn an_organization_holds_few_slots_and_mails_none_of_webhooks(database: Database) {
    let db = &database.db;
    let claimed = async |way: Way| {
        let row = deliveries::claim(db, way, NOW + 100).await.unwrap();
        row.map(|row| row.organization_id)
    };
    for user in 0..=AT_ONCE {
        let target = Target::User(format!("usr{user}"));
        message_to(db, "acme", target, NOW).await;
    }
    message_to(db, "rival", Target::User("other".to_owned()), NOW + 1).await;
    message(db, "a", NOW + 2).await;
    for _slot in 0..AT_ONCE {
        assert_eq!(claimed(Way::Mail).await.as_deref(), Some("acme"));
    }
    assert_eq!(claimed(Way::Mail).await.as_deref(), Some("rival"));
    assert_eq!(claimed(Way::Mail).await, None, "acme has its share");
    assert_eq!(claimed(Way::Http).await.as_deref(), Some("acme"));
}

async fn the_first_message_of_each_target_is_found_however_many_wait(database: Database) {
    let db = &database.db;
    let claimed = async |now: i64| {
        let row = claim(db, now).await.unwrap();
        row.map(|row| (row.target_id.clone(), row.next_at, row))
    };
    for (endpoint, at) in [("a", 3), ("a", 1), ("b", 2), ("c", 9), ("c", 4)] {
        message(db, endpoint, NOW + at).await;
    }
    let (target, at, first) = claimed(NOW + 5).await.unwrap();
    assert_eq!((target.as_str(), at), ("a", NOW + 1));
    // One that waits for its next attempt does not hold up the others of its target.
    assert!(
        settle(db, &first, &failed(Some(NOW + 8)), NOW)
            .await
            .unwrap()
    );
    let mut next = Vec::new();
    while let Some((target, at, _row)) = claimed(NOW + 5).await {
        next.push((target, at - NOW));
    }
    let expected = [("b", 2), ("a", 3), ("c", 4)];
    assert_eq!(next, expected.map(|(target, at)| (target.to_owned(), at)));
}

async fn a_full_queue_cancels_what_is_added_and_one_test_waits_at_most(database: Database) {
    let db = &database.db;
    with_endpoints(db, &["a", "b"]).await;
    message(db, "a", NOW).await;
    let copies = MOST_WAITING - 2;
    let copy = format!(
        "insert into webhook_deliveries (id, organization_id, target_kind, target_id, event, \
         content, state, attempts, next_at, claimed_until, epoch, created_at) \
         with recursive numbers (n) as (select 1 union all select n + 1 from numbers \
         where n < {copies}) select d.id || n, organization_id, target_kind, target_id, event, \
         content, state, attempts, next_at, claimed_until, epoch, created_at \
         from webhook_deliveries d, numbers"
    );
    database.execute(&copy).await;
    message(db, "a", NOW + 1).await;
    message(db, "a", NOW + 2).await;
    message(db, "b", NOW + 2).await;
    let newest = all_of(db, "a").await;
    let told = |row: &DeliveryRow| (row.state.clone(), row.failure.clone(), row.finished_at);
    let why = "1000 messages were waiting already".to_owned();
    let cancelled = ("cancelled".to_owned(), Some(why), Some(NOW + 2));
    assert_eq!(told(&newest[0]), cancelled);
    assert_eq!(told(&newest[1]), ("pending".to_owned(), None, None));
    assert_eq!(all_of(db, "b").await[0].state, "pending");

    let by = &Actor::system();
    let test = async |endpoint: &str| {
        let new = to(Target::Webhook(endpoint.to_owned()));
        add_test(db, by, &org("acme"), new, NOW).await.unwrap()
    };
    assert_eq!(test("b").await, Replayed::Waiting);
    with_endpoints(db, &["c"]).await;
    assert_eq!(test("c").await, Replayed::Done);
    assert_eq!(test("c").await, Replayed::Waiting);
    assert_eq!(all_of(db, "c").await.len(), 1);
}

async fn what_the_installation_cannot_send_is_counted_and_not_held_against_the_endpoint(
    database: Database,
) {
    let db = &database.db;
    with_endpoints(db, &["a"]).await;
    message(db, "a", NOW).await;
    let prevented = |next_at: Option<i64>| Attempt::Prevented {
        why: "no key",
        next_at,
    };
    let row = claim(db, NOW).await.unwrap().unwrap();
    let next = prevented(Some(NOW + 5));
    assert!(settle(db, &row, &next, NOW).await.unwrap());
    let row = claim(db, NOW + 5).await.unwrap().unwrap();
    assert_eq!((row.attempts, row.failure.as_deref()), (1, Some("no key")));
    assert!(settle(db, &row, &prevented(None), NOW + 5).await.unwrap());
    assert_eq!(all_of(db, "a").await[0].state, "exhausted");
    let endpoint = find(db, &org("acme"), "a").await.unwrap().unwrap();
    assert_eq!(endpoint.failing_since, None);
}

async fn attempts_end_and_a_replay_has_all_of_them_again(database: Database) {
    let (db, by) = (&database.db, &Actor::system());
    with_endpoints(db, &["a"]).await;
    message(db, "a", NOW).await;
    let row = claim(db, NOW).await.unwrap().unwrap();
    assert!(settle(db, &row, &failed(Some(NOW + 5)), NOW).await.unwrap());
    assert_eq!(claim(db, NOW + 4).await.unwrap(), None);
    let row = claim(db, NOW + 5).await.unwrap().unwrap();
    assert_eq!(row.attempts, 1);
    assert!(settle(db, &row, &failed(None), NOW + 5).await.unwrap());
    let stored = all_of(db, "a").await.remove(0);
    let told = (stored.state.as_str(), stored.status, stored.finished_at);
    assert_eq!(told, ("exhausted", Some(500), Some(NOW + 5)));
    assert_eq!(claim(db, NOW + 100).await.unwrap(), None);

    let replayed = async |organization: &str, id: &str| {
        let of = org(organization);
        replay(db, by, &of, ("a", id), NOW + 200).await.unwrap()
    };
    assert_eq!(replayed("acme", "msg_none").await, Replayed::Unknown);
    assert_eq!(replayed("rival", &stored.id).await, Replayed::Disabled);
    assert_eq!(replayed("acme", &stored.id).await, Replayed::Done);
    let again = claim(db, NOW + 200).await.unwrap().unwrap();
    assert_eq!((&again.id, again.attempts), (&stored.id, 0));
}

async fn an_endpoint_that_fails_for_days_is_disabled_and_admins_are_told(database: Database) {
    let db = &database.db;
    let admin = UserRow {
        id: "ann".to_owned(),
        organization_id: "acme".to_owned(),
        email: "ann@shop.example".to_owned(),
        name: "Ann".to_owned(),
        role: "admin".to_owned(),
        password_hash: String::new(),
        created_at: 7,
        disabled_at: None,
    };
    assert!(users::insert(db, &Actor::system(), admin).await.unwrap());
    with_endpoints(db, &["a"]).await;
    let attempt = async |at: i64, attempt: Attempt| {
        message(db, "a", at).await;
        let row = claim(db, at).await.unwrap().unwrap();
        assert!(settle(db, &row, &attempt, at).await.unwrap());
        find(db, &org("acme"), "a").await.unwrap().unwrap()
    };
    attempt(NOW, failed(None)).await;
    // One that arrives ends the failures.
    let arrived = Attempt::Arrived { status: Some(204) };
    let row = attempt(NOW + PATIENCE, arrived).await;
    assert_eq!((row.failing_since, row.disabled_at), (None, None));
    let since = NOW + PATIENCE + 1;
    attempt(since, failed(None)).await;
    let row = attempt(since + PATIENCE - 1, failed(None)).await;
    assert_eq!((row.failing_since, row.disabled_at), (Some(since), None));

    message(db, "a", since + PATIENCE - 1).await;
    let end = since + PATIENCE;
    let waiting = claim(db, end).await.unwrap().unwrap();
    message(db, "a", end).await;
    assert!(settle(db, &waiting, &failed(None), end).await.unwrap());
    let row = find(db, &org("acme"), "a").await.unwrap().unwrap();
    assert_eq!(row.disabled_at, Some(end));
    assert_eq!(all_of(db, "a").await[0].state, "cancelled");
    assert_eq!(claim(db, end + 1).await.unwrap(), None);
    let told = crate::notifications::list(db, &org("acme"), "ann", None, 9).await;
    let told = told.unwrap();
    assert_eq!(told.len(), 1);
    let (kind, fields) = (told[0].kind.as_str(), told[0].fields.as_str());
    assert_eq!((kind, fields), ("webhook_disabled", r#"{"webhookId":"a"}"#));
}

async fn old_messages_go(database: Database) {
    let db = &database.db;
    with_endpoints(db, &["a"]).await;
    message(db, "a", NOW).await;
    message(db, "a", NOW + 1).await;
    let removed = deliveries::remove_old(db, NOW + 1 + KEPT).await.unwrap();
    assert_eq!((removed, all_of(db, "a").await.len()), (1, 1));
}
