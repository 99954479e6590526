use sea_orm::ConnectionTrait;

use super::*;
use crate::tests::{Database, on_both};

on_both!(
    a_chain_is_whole_until_somebody_touches_it,
    entries_made_at_once_are_one_chain,
    pages_follow_each_other_and_filters_hold,
    entries_of_earlier_releases_are_listed_and_counted,
);

/// Outlives every future.
fn acme() -> &'static OrganizationId {
    Box::leak(Box::new(OrganizationId::new("acme").unwrap()))
}

async fn add(database: &Database, organization: &str, action: &str, at: i64) {
    let by = Actor {
        kind: "user",
        id: "usr_ann".to_owned(),
        address: Some("192.0.2.1".to_owned()),
    };
    let entry = Entry {
        organization,
        by: &by,
        action,
        subject: "key_1",
        outcome: Outcome::Done,
        at: Timestamp(at),
    };
    note(&database.db, entry).await.unwrap();
}

async fn run(database: &Database, sql: &str) {
    database.db.write.execute_unprepared(sql).await.unwrap();
}

async fn verdict(database: &Database, kept: Option<&Head>) -> Verdict {
    verify(&database.db, "acme", kept).await.unwrap()
}

async fn head(database: &Database) -> Head {
    match verdict(database, None).await {
        Verdict::Whole {
            head: Some(head), ..
        } => head,
        other => panic!("{other:?}"),
    }
}

async fn a_chain_is_whole_until_somebody_touches_it(database: Database) {
    let database = &database;
    for at in 1..=5 {
        add(database, "acme", "api_key.created", at).await;
    }
    add(database, "rival", "api_key.created", 1).await;
    let kept = head(database).await;
    assert_eq!(kept.sequence, 5);
    assert_eq!(
        organizations(&database.db).await.unwrap(),
        ["acme", "rival"]
    );

    let of_third = "where organization_id = 'acme' and sequence = 3";
    for (change, back) in [
        ("subject = 'key_2'", "subject = 'key_1'"),
        ("actor_id = 'usr_eve'", "actor_id = 'usr_ann'"),
        ("at = 4", "at = 3"),
        ("outcome = 'refused'", "outcome = 'done'"),
        ("sequence = 9", "sequence = 3"),
    ] {
        run(
            database,
            &format!("update audit_log set {change} {of_third}"),
        )
        .await;
        assert_eq!(
            verdict(database, None).await,
            Verdict::BrokenAt(3),
            "{change}"
        );
        let here = of_third.replace("sequence = 3", "sequence in (3, 9)");
        run(database, &format!("update audit_log set {back} {here}")).await;
        assert_eq!(head(database).await, kept);
    }
    run(
        database,
        "delete from audit_log where organization_id = 'acme' and sequence = 5",
    )
    .await;
    assert_eq!(verdict(database, None).await, Verdict::CutAfter(4));
    // Whoever also turns the head back is found out by what was kept elsewhere.
    run(
        database,
        "update audit_heads set sequence = 4, hash = (select hash from audit_log \
         where organization_id = 'acme' and sequence = 4) where organization_id = 'acme'",
    )
    .await;
    assert_eq!(head(database).await.sequence, 4);
    assert_eq!(verdict(database, Some(&kept)).await, Verdict::CutAfter(4));
    add(database, "acme", "api_key.revoked", 5).await;
    assert_eq!(verdict(database, Some(&kept)).await, Verdict::Replaced(5));
    run(database, "delete from audit_heads").await;
    assert_eq!(verdict(database, None).await, Verdict::CutAfter(0));
}

async fn entries_made_at_once_are_one_chain(database: Database) {
    let database = &database;
    let entries = (0..20).map(|at| add(database, "acme", "replay.watched", at));
    futures::future::join_all(entries).await;
    assert_eq!(head(database).await.sequence, 20);
}

async fn pages_follow_each_other_and_filters_hold(database: Database) {
    let database = &database;
    for at in [1, 2, 2, 2, 3] {
        add(database, "acme", "user.created", at).await;
    }
    add(database, "acme", "user_agent.seen", 9).await;
    add(database, "rival", "user.created", 2).await;
    let users = Filter {
        action: Some("user".to_owned()),
        ..Filter::default()
    };
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = list(&database.db, acme(), &users, after.as_ref(), 2);
        let page = page.await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(AuditKey {
            at: last.at,
            id: last.id.clone(),
        });
        seen.extend(page.into_iter().map(|row| (row.at, row.id)));
    }
    let times: Vec<i64> = seen.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [3, 2, 2, 2, 1]);
    seen.dedup();
    assert_eq!(seen.len(), 5);
    let between = Filter {
        from: Some(2),
        to: Some(3),
        actor: Some("usr_ann".to_owned()),
        ..users
    };
    let found = list(&database.db, acme(), &between, None, 10).await;
    assert_eq!(found.unwrap().len(), 3);
    let nobody = Filter {
        actor: Some("usr_bob".to_owned()),
        ..Filter::default()
    };
    let found = list(&database.db, acme(), &nobody, None, 10).await;
    assert_eq!(found.unwrap(), []);
}

async fn entries_of_earlier_releases_are_listed_and_counted(database: Database) {
    let database = &database;
    run(
        database,
        "insert into audit_log (id, organization_id, at, action, subject) \
         values ('old', 'acme', 1, 'api_key.created', 'key_0')",
    )
    .await;
    add(database, "acme", "api_key.revoked", 2).await;
    let Verdict::Whole { unchained, .. } = verdict(database, None).await else {
        panic!("the chain is whole");
    };
    assert_eq!(unchained, 1);
    let listed = list(&database.db, acme(), &Filter::default(), None, 10).await;
    let ids: Vec<Option<i64>> = listed.unwrap().iter().map(|row| row.sequence).collect();
    assert_eq!(ids, [Some(1), None]);
}
