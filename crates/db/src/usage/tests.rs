use super::*;
use crate::ai;
use crate::entity::ai_calls;
use crate::interactions::tests::{acme, closed, interaction, write};
use crate::interactions::{self, Interaction};
use crate::tests::{Database, on_both};
use crow_types::SessionRecord;

on_both!(what_is_used_is_counted_by_day_and_organization,);

fn call(id: &str, at: i64) -> ai_calls::Model {
    ai_calls::Model {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        at,
        task: "summary".to_owned(),
        model: "m".to_owned(),
        outcome: "answered".to_owned(),
        input_tokens: 20,
        output_tokens: 10,
        latency_ms: 5,
    }
}

async fn what_is_used_is_counted_by_day_and_organization(database: Database) {
    let lease = database.lease().await;
    let db = &database.db;
    // The last moment of day 2, and the first of day 3.
    let sessions = [("a", 3 * DAY - 1), ("b", 3 * DAY), ("c", 3 * DAY + 5)];
    let sessions = sessions.map(|(id, started_at)| SessionRecord {
        started_at,
        event_count: 7,
        ..closed(id, 0)
    });
    write(&database, &lease, sessions.to_vec()).await;
    let told = Interaction {
        timestamp: 3 * DAY - 1,
        ..interaction(&sessions[0], 0)
    };
    interactions::put(db, &told).await.unwrap();
    let made = call("1", 3 * DAY + 9);
    assert!(ai::reserve(db, &made, 40, 100).await.unwrap());
    ai::note(db, &made, 40, 30).await.unwrap();

    let used = by_day(db, &acme(), Days { from: 2, to: 4 }).await.unwrap();
    let before = DayOfUse {
        sessions: 1,
        events: 7,
        interactions: 1,
        ..DayOfUse::default()
    };
    let after = DayOfUse {
        sessions: 2,
        events: 14,
        interactions: 0,
        model_calls: 1,
        tokens: 30,
    };
    assert_eq!(used, BTreeMap::from([(2, before), (3, after)]));
    let only = by_day(db, &acme(), Days { from: 2, to: 3 }).await.unwrap();
    assert_eq!(only, BTreeMap::from([(2, before)]));
    let rival = OrganizationId::new("rival").unwrap();
    let none = by_day(db, &rival, Days { from: 0, to: 9 }).await.unwrap();
    assert!(none.is_empty());
}
