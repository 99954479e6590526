//! A list that an index leads to does not pass over all of its sessions at once.

use sea_orm::ConnectionTrait;

use crow_db::analytics::SampledSession;
use crow_db::flush;
use crow_db::read::{self, KeptFilter, SessionFilter, SessionKey, Walk};
use crow_types::{OrganizationId, SessionRecord};

use super::needs::empty_flush;
use super::{END, Seeded};
use crate::analytics::conditions::Wanted;
use crate::analytics::members::Members;
use crate::analytics::needs;
use crate::ask::conditions::Conditions;
use crate::ask::values::Value;

/// The sessions of one user, as of all guests of a site. Only the oldest fits.
async fn check(seeded: &Seeded) {
    const GUESTS: i64 = 1_500;
    let mut flush = empty_flush(seeded).await;
    for number in 0..GUESTS {
        let id = format!("s{number}");
        flush.sessions.push(SessionRecord {
            session_id: id.clone(),
            id,
            organization_id: "acme".to_owned(),
            started_at: END - number * 1_000,
            user_id: Some("guest".to_owned()),
            visitor_id: Some("kiosk".to_owned()),
            country: Some(if number == GUESTS - 1 { "IS" } else { "DE" }.to_owned()),
            windows: "{}".to_owned(),
            ..SessionRecord::default()
        });
    }
    flush::commit(&seeded.db, &flush).await.unwrap();
    let tag = "insert into session_tags (session_id, tag, organization_id, created_by, created_at) \
        select id, 'seen', organization_id, 'test', 0 from sessions";
    seeded.sql.execute_unprepared(tag).await.unwrap();

    let of_guest = || SessionFilter {
        user_id: Some("guest".to_owned()),
        ..SessionFilter::default()
    };
    let of_kiosk = SessionFilter {
        visitor_id: Some("kiosk".to_owned()),
        ..SessionFilter::default()
    };
    let in_iceland = SessionFilter {
        country: Some("IS".to_owned()),
        ..of_guest()
    };
    let tagged = KeptFilter {
        tag: Some("seen".to_owned()),
        ..KeptFilter::default()
    };
    let of_all = SessionFilter::default();
    let iceland = r#"[[{"field":"country","operator":"is","values":["IS"]}]]"#;
    for (filter, kept, conditions) in [
        (of_guest(), KeptFilter::default(), iceland),
        (of_kiosk, KeptFilter::default(), iceland),
        (of_all, tagged, iceland),
        (in_iceland, KeptFilter::default(), "[]"),
    ] {
        let conditions = Conditions::named("where", conditions).unwrap();
        let (found, pages) = pages(seeded, &filter, &kept, &conditions).await;
        let expected = format!("s{}", GUESTS - 1);
        assert_eq!((found, pages), (vec![expected], 3), "{filter:?} {kept:?}");
    }
}

/// What is found on pages that pass over 600 sessions at most, and how many pages there are.
async fn pages(
    seeded: &Seeded,
    filter: &SessionFilter,
    kept: &KeptFilter,
    conditions: &Conditions,
) -> (Vec<String>, usize) {
    let organization = OrganizationId::new("acme").unwrap();
    let nobody = Members::default();
    let wanted = Wanted::new(conditions, &nobody);
    let needed = needs::of(conditions);
    let (mut found, mut pages, mut after) = (Vec::new(), 0, None::<SessionKey>);
    loop {
        let walk = Walk {
            organization: &organization,
            filter,
            kept,
            needs: &needed,
            after: after.as_ref(),
            with_steps: wanted.needs_steps(),
            limit: 45,
            most: 600,
        };
        let may_fit = |session: &SampledSession<'_>| wanted.may_match(session);
        let page = read::walk(&seeded.db, walk, may_fit, |session| wanted.matches(session));
        let page = page.await.unwrap();
        found.extend(page.found.into_iter().map(|key| key.id));
        pages += 1;
        after = page.stopped_at;
        if after.is_none() {
            return (found, pages);
        }
    }
}

#[tokio::test]
async fn sessions_that_an_index_leads_to_are_passed_over_page_by_page_on_sqlite() {
    check(&Seeded::sqlite().await).await;
}

#[tokio::test]
async fn sessions_that_an_index_leads_to_are_passed_over_page_by_page_on_postgres() {
    check(&Seeded::postgres().await).await;
}
