use crow_types::{OrganizationId, Sequence, SessionRecord};

use super::*;
use crate::flush::{Flush, commit};
use crate::read::SessionKey;
use crate::tests::{Database, on_both, session};

on_both!(
    people_are_listed_once_by_their_newest_session,
    who_signs_in_keeps_what_came_before,
    an_erased_person_is_gone,
    of_many_browsers_the_same_ones_are_taken,
    the_user_of_a_browser_is_one_step,
);

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

/// A session with a user and a browser; empty: none.
fn visit(id: &str, at: i64, user: &str, visitor: &str) -> SessionRecord {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    SessionRecord {
        started_at: at,
        last_event_at: at + 5,
        user_id: some(user),
        visitor_id: some(visitor),
        traits: (!user.is_empty()).then(|| format!(r#"{{"plan":"{user}'s"}}"#)),
        event_count: 2,
        error_count: 1,
        ..session(id)
    }
}

async fn write(database: &Database, sessions: Vec<SessionRecord>) {
    let lease = database.lease().await;
    let flush = Flush {
        id: "1".to_owned(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 0,
        sessions,
        steps: crate::analytics::NewSteps::default(),
        errors: Vec::new(),
        events: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    commit(&database.db, &flush).await.unwrap();
}

/// Two users share the browser `pc`. Ada has a phone, too, which nobody else uses.
async fn filled(database: &Database) {
    let of_others = SessionRecord {
        organization_id: "other".to_owned(),
        ..visit("foreign", 99, "ada", "pc")
    };
    let nobody = visit("nobody", 65, "", "");
    write(
        database,
        vec![
            visit("a1", 10, "", "phone"),
            visit("a2", 20, "ada", "phone"),
            visit("a3", 30, "", "phone"),
            visit("a4", 40, "ada", "pc"),
            visit("b1", 50, "bob", "pc"),
            visit("b2", 60, "", "pc"),
            visit("v1", 15, "", "guest"),
            visit("v2", 70, "", "guest"),
            nobody,
            of_others,
        ],
    )
    .await;
}

fn asked<'a>(organization: &'a OrganizationId, after: Option<&'a SessionKey>) -> ListPeople<'a> {
    ListPeople {
        organization,
        text: None,
        after,
        with_facts: false,
        with_steps: false,
        limit: 100,
        most: 1_000,
    }
}

fn names(seen: &PeopleSeen) -> Vec<(&str, &str)> {
    seen.found
        .iter()
        .map(|(person, key)| (person.id(), key.id.as_str()))
        .collect()
}

async fn people_are_listed_once_by_their_newest_session(database: Database) {
    filled(&database).await;
    let acme = acme();
    let all = [("guest", "v2"), ("bob", "b1"), ("ada", "a4")];
    let seen = list(&database.db, asked(&acme, None), |_| true).await;
    let seen = seen.unwrap();
    assert_eq!(
        (names(&seen).as_slice(), &seen.stopped_at),
        (all.as_slice(), &None)
    );

    // Page by page, and with a bound on the sessions looked at.
    let (mut after, mut found) = (None::<SessionKey>, Vec::new());
    loop {
        let page = ListPeople {
            limit: 1,
            most: 2,
            ..asked(&acme, after.as_ref())
        };
        let page = list(&database.db, page, |_| true).await.unwrap();
        assert!(page.found.len() <= 1);
        found.extend(page.found);
        after = page.stopped_at;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, seen.found);

    let text = |text| ListPeople {
        text: Some(text),
        ..asked(&acme, None)
    };
    for (wanted, expected) in [
        ("BOB", vec![("bob", "b1")]),
        ("ada's", vec![("ada", "a4")]),
        ("plan", vec![("bob", "b1"), ("ada", "a4")]),
        ("gue", vec![("guest", "v2")]),
        ("%", vec![]),
    ] {
        let seen = list(&database.db, text(wanted), |_| true).await.unwrap();
        assert_eq!(names(&seen), expected, "{wanted}");
    }
    let with_facts = ListPeople {
        with_facts: true,
        with_steps: true,
        ..asked(&acme, None)
    };
    let seen = list(&database.db, with_facts, |session| session.facts.is_user);
    assert_eq!(names(&seen.await.unwrap()), all[1..]);
}

async fn of_many_browsers_the_same_ones_are_taken(database: Database) {
    let visits = (0..150).rev().map(|number: i64| {
        let name = format!("b{number:03}");
        visit(&name, number, "ada", &name)
    });
    write(&database, visits.collect()).await;
    let ada = Person::User("ada".to_owned());
    let found = find(&database.db, &acme(), &ada).await.unwrap();
    let first: Vec<String> = (0..100).map(|number| format!("b{number:03}")).collect();
    assert_eq!(found.unwrap().browsers, first);
}

async fn who_signs_in_keeps_what_came_before(database: Database) {
    filled(&database).await;
    let (db, acme) = (&database.db, acme());
    let ids = async |found: &Found, after: Option<&SessionKey>, limit| {
        let rows = sessions(db, &acme, found, after, limit).await.unwrap();
        let keys = rows.into_iter().map(|row| SessionKey {
            started_at: row.record.started_at,
            id: row.record.id,
        });
        keys.collect::<Vec<_>>()
    };
    // The phone's sessions without a user are Ada's. The shared browser is Bob's, who came last.
    for (asked, person, expected) in [
        ("user ada", "ada", vec!["a4", "a3", "a2", "a1"]),
        ("visitor phone", "ada", vec!["a4", "a3", "a2", "a1"]),
        ("user bob", "bob", vec!["b2", "b1"]),
        ("visitor pc", "bob", vec!["b2", "b1"]),
        ("visitor guest", "guest", vec!["v2", "v1"]),
    ] {
        let asked = match asked.split_once(' ').unwrap() {
            ("user", id) => Person::User(id.to_owned()),
            (_, id) => Person::Visitor(id.to_owned()),
        };
        let found = find(db, &acme, &asked).await.unwrap().unwrap();
        assert_eq!(found.person.id(), person);
        let all = ids(&found, None, 100).await;
        let names: Vec<&str> = all.iter().map(|key| key.id.as_str()).collect();
        assert_eq!(names, expected, "{asked:?}");
        let mut paged = ids(&found, None, 1).await;
        paged.extend(ids(&found, Some(&paged[0].clone()), 100).await);
        assert_eq!(paged, all);
        let totals = totals(db, &acme, &found).await.unwrap();
        let count = i64::try_from(all.len()).unwrap();
        let first = all.last().unwrap().started_at;
        let last = all[0].started_at + 5;
        assert_eq!(
            totals,
            Totals {
                sessions: count,
                first_seen_at: first,
                last_seen_at: last,
                events: 2 * count,
                pageviews: 0,
                errors: count,
            }
        );
        assert_eq!(interactions(db, &acme, &found).await.unwrap(), 0);
    }
    let ada = find(db, &acme, &Person::User("ada".to_owned())).await;
    let ada = ada.unwrap().unwrap();
    assert_eq!(ada.browsers, ["phone"]);
    assert_eq!(ada.identified_at, Some(20));
}

async fn an_erased_person_is_gone(database: Database) {
    filled(&database).await;
    let acme = acme();
    database
        .execute("delete from sessions where user_id = 'ada' or visitor_id = 'guest'")
        .await;
    for gone in [
        Person::User("ada".to_owned()),
        Person::Visitor("guest".to_owned()),
        Person::User("guest".to_owned()),
    ] {
        let found = find(&database.db, &acme, &gone).await.unwrap();
        assert_eq!(found, None, "{gone:?}");
    }
    // Nothing says any more whose phone it was.
    let seen = list(&database.db, asked(&acme, None), |_| true).await;
    assert_eq!(names(&seen.unwrap()), [("bob", "b1"), ("phone", "a3")]);
}

/// A browser may have any number of sessions without a user.
async fn the_user_of_a_browser_is_one_step(database: Database) {
    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    let sessions = (0..300).map(|number| visit(&format!("k{number}"), number, "", "kiosk"));
    let others = (0..300).map(|number| {
        let user = format!("u{number}");
        visit(&format!("o{number}"), number, &user, &user)
    });
    write(&database, sessions.chain(others).collect()).await;
    let acme = acme();
    let seen = list(&database.db, asked(&acme, None), |_| true).await;
    let seen = seen.unwrap();
    let kiosk = seen.found.iter().filter(|(who, _)| who.id() == "kiosk");
    assert_eq!(kiosk.count(), 1);

    let sql = super::list::statement(&database.db, &asked(&acme, None), None, 100);
    let backend = database.db.read.get_database_backend();
    let (explain, few) = match backend {
        DbBackend::Postgres => ("explain ", "set local enable_seqscan = off"),
        _sqlite => ("explain query plan ", "select 1"),
    };
    let transaction = database.db.begin("explaining").await.unwrap();
    // A table that fits into a few pages would be read as a whole.
    transaction.execute_unprepared(few).await.unwrap();
    let text = format!("{explain}{}", sql.text);
    let plan = Statement::from_sql_and_values(backend, text, sql.values);
    let rows = transaction.query_all_raw(plan).await.unwrap();
    let column = if backend == DbBackend::Postgres { 0 } else { 3 };
    let line = |row: &sea_orm::QueryResult| row.try_get_by_index(column).unwrap();
    let plan: Vec<String> = rows.iter().map(line).collect();
    transaction.rollback().await.unwrap();
    let uses = |line: &String| line.contains("sessions_user_of_browser");
    assert!(plan.iter().any(uses), "{}", plan.join("\n"));
}
