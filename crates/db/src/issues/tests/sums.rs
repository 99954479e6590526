//! The sums by hour say what the rows of sessions say.

use sea_orm::ConnectionTrait;

use crow_migrations::{Migrator, MigratorTrait};

use super::*;
use crate::issues::list::of_rows;
use crate::issues::sums::{self, merge_hours};

on_both!(
    sums_and_rows_agree_after_each_change,
    people_of_large_issues_are_estimated,
    few_people_of_many_sessions_are_counted,
);

const HOUR: i64 = 3_600_000;
const ORDERS: [IssueOrder; 2] = [IssueOrder::LastSeen, IssueOrder::Count];

fn range() -> Range {
    let now = Timestamp::now().0;
    Range {
        from: now - 72 * HOUR - 1_234_567,
        to: now + 1,
    }
}

/// Issues that are compared, at most; a multiple of a page.
const LIMIT: usize = 100;

async fn agree(database: &Database, range: Range, what: &str) -> Vec<IssueRow> {
    let filter = IssueFilter::default();
    let mut all = Vec::new();
    for order in ORDERS {
        let by = sums::suffice(range, &filter, order, Timestamp(range.to)).unwrap();
        let page = (by, None, LIMIT as u64);
        let summed = sums::list(&database.db, &acme(), range, &filter, page).await;
        let page = (order, None, LIMIT as u64);
        let counted = of_rows(&database.db, &acme(), range, &filter, page).await;
        let bare = |rows: Vec<IssueRow>| -> Vec<IssueRow> {
            let without_trend = |row| IssueRow {
                trend: Vec::new(),
                ..row
            };
            rows.into_iter().map(without_trend).collect()
        };
        let summed = summed.unwrap();
        for row in &summed {
            let total: i64 = row.trend.iter().sum();
            assert_eq!(total, row.occurrences, "{what}: {row:?}");
        }
        let summed = bare(summed);
        assert_eq!(summed, bare(counted.unwrap()), "{what}, by {order:?}");
        // Page by page.
        let mut paged = Vec::new();
        let mut after: Option<IssueKey> = None;
        while paged.len() < LIMIT {
            let page = (by, after.as_ref(), 2);
            let rows = sums::list(&database.db, &acme(), range, &filter, page).await;
            let rows = rows.unwrap();
            if rows.is_empty() {
                break;
            }
            after = rows.last().map(|row| row.key.clone());
            paged.extend(rows);
        }
        assert_eq!(bare(paged), summed, "{what}, by {order:?}");
        all = summed;
    }
    all
}

/// The same for each seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        i64::try_from(self.0 >> 33).unwrap() % most
    }
}

async fn sums_and_rows_agree_after_each_change(database: Database) {
    let mut lease = database.lease().await;
    let range = range();
    let mut dice = Dice(7);
    let of = |number: i64| format!("s{number}");
    for round in 0..12 {
        let mut errors = Vec::new();
        let mut sessions = Vec::new();
        for number in 0..20 {
            let person = format!("p{}", dice.below(8));
            let session = SessionRecord {
                // Now and then somebody signs in.
                user_id: (dice.below(4) == 0).then(|| person.clone()),
                error_count: if number == 3 { 300 } else { 2 },
                ..visit(&of(number), &person)
            };
            sessions.push(session);
            let fingerprint = format!("1:{:02x}", dice.below(9));
            let at = range.from - 3 * HOUR + dice.below(75 * HOUR);
            errors.push(error(&of(number), &fingerprint, at, 1 + dice.below(3)));
        }
        // A page with a new message each time: the limit takes some away.
        if round == 5 {
            for number in 0..270 {
                errors.push(error(
                    "s3",
                    &format!("1:f{number:03x}"),
                    range.from + number,
                    1,
                ));
            }
        }
        let flush = flush_of(&lease, sessions, errors);
        flush::commit(&database.db, &flush).await.unwrap();
        flush::commit(&database.db, &flush).await.unwrap();
        if round % 3 == 0 {
            merge_hours(&database.db).await.unwrap();
        }
        let one = Subject::Sessions(vec![of(dice.below(20))]);
        match round % 4 {
            1 => erase(&database, one, Mode::Erase).await,
            2 => erase(&database, one, Mode::Anonymize).await,
            3 => erase(&database, one, Mode::RemoveEvents).await,
            _ => {}
        }
        let found = agree(&database, range, &format!("round {round}")).await;
        assert!(!found.is_empty());
        // An erasure takes the lease of the keeper.
        if round % 4 != 0 {
            lease = database.lease().await;
        }
    }
    erase(&database, Subject::Organization, Mode::Erase).await;
    merge_hours(&database.db).await.unwrap();
    assert_eq!(rows_of_sums(&database).await, [0, 0]);
}

async fn rows_of_sums(database: &Database) -> [i64; 2] {
    let sql =
        "select (select count(*) from issue_hours), (select count(*) from issue_hour_changes)";
    database.numbers(sql).await
}

async fn people_of_large_issues_are_estimated(database: Database) {
    const SESSIONS: i64 = 4_000;
    let lease = database.lease().await;
    let range = range();
    for part in 0..4 {
        let ids = || (0..SESSIONS / 4).map(|number| format!("{part}-{number}"));
        // Two sessions of each person.
        let person = |id: &String| id.replace("2-", "0-").replace("3-", "1-");
        let sessions = ids().map(|id| visit(&id, &person(&id))).collect();
        let errors = ids().map(|id| error(&id, X, range.from + 5, 1)).collect();
        add(&database, &lease, sessions, errors).await;
    }
    add(
        &database,
        &lease,
        vec![visit("y", "ann")],
        vec![error("y", Y, range.from, 1)],
    )
    .await;
    for order in ORDERS {
        let filter = IssueFilter::default();
        let by = sums::suffice(range, &filter, order, Timestamp(range.to)).unwrap();
        let page = (by, None, 10);
        let found = sums::list(&database.db, &acme(), range, &filter, page).await;
        let mut found = found.unwrap();
        found.sort_by(|one, other| one.fingerprint.cmp(&other.fingerprint));
        let [x, y] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((x.sessions, x.are_people_estimated), (SESSIONS, true));
        assert!((1_600..2_400).contains(&x.people), "{} people", x.people);
        assert_eq!((y.people, y.are_people_estimated), (1, false));
    }
    let one = find(&database.db, &acme(), range, X)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (one.people, one.are_people_estimated),
        (SESSIONS / 2, false)
    );
}

async fn few_people_of_many_sessions_are_counted(database: Database) {
    const PEOPLE: i64 = 9;
    let lease = database.lease().await;
    let range = range();
    for part in 0..3 {
        let ids = || (0..750_i64).map(|number| (number % PEOPLE, format!("{part}-{number}")));
        let sessions = ids().map(|(person, id)| visit(&id, &format!("p{person}")));
        let sessions = sessions.collect();
        let errors = ids().map(|(_, id)| error(&id, X, range.from + 5, 1));
        add(&database, &lease, sessions, errors.collect()).await;
    }
    let found = agree(&database, range, "few people").await;
    let [x] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!((x.sessions, x.people), (2_250, PEOPLE));
    assert!(!x.are_people_estimated);
}

/// Sums that a merge brings back would stay for ever.
#[tokio::test]
async fn an_erasure_waits_for_a_merge() {
    let database = crate::tests::postgres().await;
    two_sessions(&database).await;
    let merging = database.db.begin("merging").await.unwrap();
    sums::wait_for_merge(&merging).await.unwrap();
    assert!(sums::merge_in(&merging).await.unwrap() > 0);
    let erasing = async {
        erase(&database, Subject::Organization, Mode::Erase).await;
    };
    let committing = async {
        database.somebody_waits().await;
        merging.commit().await.unwrap();
    };
    tokio::join!(erasing, committing);
    assert_eq!(rows_of_sums(&database).await, [0, 0]);
}

/// Rows that the step finds are counted once, also of a flush that is not committed when it begins.
#[tokio::test]
async fn the_step_that_adds_sums_counts_each_row_once() {
    const ROW: &str = "insert into session_errors values \
        ('$ID', '1:aa', 'acme', 0, 7200000, 2, 1, '', '', '', '', '', '')";
    let database = crate::tests::postgres_before_migrations().await;
    let steps = Migrator::migrations();
    let before = steps
        .iter()
        .take_while(|step| step.name() != "m0053_issue_hours");
    let before = u32::try_from(before.count()).unwrap();
    Migrator::up(&database.db.write, Some(before))
        .await
        .unwrap();
    database.execute(&ROW.replace("$ID", "a")).await;
    let flush = database.db.begin("flushing").await.unwrap();
    flush
        .execute_unprepared(&ROW.replace("$ID", "b"))
        .await
        .unwrap();
    let committing = async {
        database.somebody_waits().await;
        flush.commit().await.unwrap();
    };
    let (migrated, ()) = tokio::join!(database.db.migrate(), committing);
    migrated.unwrap();
    database.execute(&ROW.replace("$ID", "c")).await;
    merge_hours(&database.db).await.unwrap();
    let sums = database
        .numbers(
            "select hour, cast(sum(sessions) as bigint), cast(sum(occurrences) as bigint) \
             from issue_hours group by hour",
        )
        .await;
    assert_eq!(sums, [2, 3, 6]);
}

#[test]
fn sums_of_another_range_or_filter_do_not_suffice() {
    let now = Timestamp::now();
    let range = |from: i64, to: i64| Range {
        from: now.0 - from,
        to: now.0 - to,
    };
    let suffice = |range: Range, filter: &IssueFilter, order: IssueOrder| {
        sums::suffice(range, filter, order, now).is_some()
    };
    let all = IssueFilter::default();
    let latest = IssueOrder::LastSeen;
    assert!(suffice(range(48 * HOUR, 0), &all, latest));
    assert!(!suffice(range(47 * HOUR, 0), &all, latest), "short");
    assert!(!suffice(range(96 * HOUR, 2 * HOUR), &all, latest), "past");
    assert!(!suffice(range(96 * HOUR, 0), &all, IssueOrder::People));
    let text = || Some("a".to_owned());
    for filter in [
        IssueFilter {
            text: text(),
            ..IssueFilter::default()
        },
        IssueFilter {
            release: text(),
            ..IssueFilter::default()
        },
        IssueFilter {
            page: text(),
            ..IssueFilter::default()
        },
    ] {
        assert!(!suffice(range(96 * HOUR, 0), &filter, latest), "{filter:?}");
    }
}
