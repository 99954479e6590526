//! Samples of people against a computation of its own.

use std::collections::{BTreeMap, BTreeSet};

use crow_types::{OrganizationId, SessionRecord};

use super::super::scan::level_of;
use super::*;
use crate::tests::{Database, session};

const PEOPLE: i64 = 120;
/// The sessions are read of, and these decide whose a browser is.
const RANGE: (i64, i64) = (1_000, 2_000);
const LINKS: Whole = Whole {
    from: 500,
    to: 3_000,
};

fn visit(id: &str, at: i64, user: Option<String>, visitor: Option<String>) -> SessionRecord {
    SessionRecord {
        started_at: at,
        user_id: user,
        visitor_id: visitor,
        ..session(id)
    }
}

/// Of each number: a user with a phone, a browser that two users share, and a guest.
fn visits() -> Vec<SessionRecord> {
    let mut all = Vec::new();
    for number in 0..PEOPLE {
        let name = |word: &str| Some(format!("{word}{number}"));
        let next = Some(format!("user{}", (number + 1) % PEOPLE));
        let (user, phone, shared) = (name("user"), name("phone"), name("shared"));
        let at = 1_000 + number;
        let id = |word: &str| format!("{word}{number:04}");
        all.extend([
            visit(&id("a"), at, None, phone.clone()),
            visit(&id("b"), at + 200, user.clone(), phone.clone()),
            visit(&id("c"), at + 400, None, phone),
            visit(&id("d"), at + 300, user.clone(), shared.clone()),
            visit(&id("e"), at + 500, next, shared.clone()),
            visit(&id("f"), at + 600, None, shared),
            visit(&id("g"), at + 700, None, name("guest")),
            visit(&id("h"), at + 800, None, None),
            // Known as a user only after the range, or too early to count.
            visit(&id("i"), at, None, name("late")),
            visit(&id("j"), 2_500, user.clone(), name("late")),
            visit(&id("k"), 100, user, name("guest")),
        ]);
    }
    all
}

/// The person of each session, as a hash, by all sessions at once.
fn people(all: &[SessionRecord]) -> BTreeMap<&str, u64> {
    let mut users: BTreeMap<&str, (i64, &str)> = BTreeMap::new();
    for visit in all {
        let is_link = (LINKS.from..LINKS.to).contains(&visit.started_at);
        if let (true, Some(user), Some(browser)) = (is_link, &visit.user_id, &visit.visitor_id) {
            let said = (visit.started_at, user.as_str());
            let known = users.entry(browser).or_insert(said);
            *known = said.max(*known);
        }
    }
    let person = |visit: &SessionRecord| {
        let of_browser = visit.visitor_id.as_deref().and_then(|it| users.get(it));
        let user = visit.user_id.clone();
        let user = user.or_else(|| of_browser.map(|(_, user)| (*user).to_owned()));
        let known = SessionRecord {
            user_id: user,
            ..visit.clone()
        };
        Facts::of(&known).visitor
    };
    all.iter()
        .map(|visit| (visit.id.as_str(), person(visit)))
        .collect()
}

pub async fn a_sample_of_people_has_all_sessions_of_each(database: Database) {
    let all = visits();
    write(&database, "1", all.clone(), Vec::new()).await;
    let foreign = SessionRecord {
        organization_id: "other".to_owned(),
        ..visit(
            "z",
            1_500,
            Some("user0".to_owned()),
            Some("guest1".to_owned()),
        )
    };
    write(&database, "2", vec![foreign], Vec::new()).await;
    let people = people(&all);
    let organization = OrganizationId::new("acme").unwrap();
    for halvings in [0, 1, 3] {
        let question = Question {
            organization: &organization,
            from: RANGE.0,
            to: RANGE.1,
            user_id: None,
            with_steps: true,
            active_since: None,
            budget: None,
            whole: Some(LINKS),
            least_halvings: halvings,
        };
        let mut found = Vec::new();
        let sampling = scan(&database.db, &question, |it| found.push(it.id.to_owned()));
        assert_eq!(sampling.await.unwrap().halvings, halvings);
        found.sort();
        let in_range = all
            .iter()
            .filter(|visit| (RANGE.0..RANGE.1).contains(&visit.started_at));
        let is_sampled = |visit: &&SessionRecord| {
            let level = level_of(people[visit.id.as_str()]);
            level >= halvings.cast_signed()
        };
        let expected: BTreeSet<String> = in_range
            .filter(is_sampled)
            .map(|it| it.id.clone())
            .collect();
        let expected: Vec<String> = expected.into_iter().collect();
        assert!(expected.len() > 50, "{}", expected.len());
        assert_eq!(found, expected, "{halvings}");
    }
}
