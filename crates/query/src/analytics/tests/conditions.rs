//! Conditions against plain SQL: in analytics, and in a list that is walked page by page.

use jiff::tz::TimeZone;

use crow_db::analytics::SampledSession;
use crow_db::read::{self, KeptFilter, SessionFilter, SessionKey, Walk};
use crow_types::OrganizationId;

use super::plain;
use super::{DAY, DAYS, END, Seeded, asked};
use crate::analytics::conditions::Wanted;
use crate::analytics::members::Members;
use crate::analytics::needs;
use crate::analytics::top::Dimension;
use crate::ask::conditions::Conditions;
use crate::ask::values::Value;

const SESSIONS: u64 = 4_000;

/// Conditions, and what they mean in SQL.
fn cases() -> Vec<(&'static str, String)> {
    let event = |condition: &str| {
        format!("exists (select 1 from events e where e.session_id = s.id and {condition})")
    };
    let page = plain::page("e.url");
    let cents = "cast(replace(replace(e.data, '{\"cents\":', ''), '}', '') as bigint)";
    let from_search =
        "(s.referrer like '%google%' or s.referrer like '%duck%' or s.referrer like '%bing%')";
    let newsletter = "s.initial_url like '%utm_source=newsletter%'";
    vec![
        ("[]", "1 = 1".to_owned()),
        (
            r#"[[{"field":"country","operator":"is","values":["DE","PL"]}]]"#,
            "s.country in ('DE', 'PL')".to_owned(),
        ),
        (
            r#"[[{"field":"country","operator":"isNot","values":["DE"]}],[{"field":"userId","operator":"isNotSet"}]]"#,
            "coalesce(s.country, '') <> 'DE' and s.user_id is null".to_owned(),
        ),
        (
            r#"[[{"field":"errors","operator":"greater","values":["0"]},{"field":"rageClicks","operator":"greater","values":["0"]}],
                [{"field":"device","operator":"is","values":["mobile"]}]]"#,
            "(s.error_count > 0 or s.rage_click_count > 0) and s.device_type = 'mobile'".to_owned(),
        ),
        (
            r#"[[{"field":"duration","operator":"less","values":["20000"],"not":true}]]"#,
            "s.duration_ms >= 20000".to_owned(),
        ),
        (
            r#"[[{"field":"browser","operator":"contains","values":["FIRE","saf"]}]]"#,
            "(s.browser like '%Fire%' or s.browser like '%Saf%')".to_owned(),
        ),
        (
            r#"[[{"field":"page","operator":"is","values":["/cart"]}]]"#,
            event(&format!("e.type = 'pageview' and {page} = '/cart'")),
        ),
        (
            r#"[[{"field":"eventName","operator":"isNot","values":["add_to_cart"]}],[{"field":"eventType","operator":"is","values":["click"]}]]"#,
            format!(
                "not {} and {}",
                event("e.name = 'add_to_cart'"),
                event("e.type = 'click'")
            ),
        ),
        (
            r#"[[{"field":"eventProperty","event":"purchase","property":"cents","operator":"greater","values":["9000"]}]]"#,
            // The name is compared first, so that nothing else is read as a number.
            event(&format!(
                "case when e.name = 'purchase' then {cents} else 0 end > 9000"
            )),
        ),
        (
            r#"[[{"field":"trait","property":"plan","operator":"is","values":["pro"]}]]"#,
            "s.traits like '%\"plan\":\"pro\"%'".to_owned(),
        ),
        (
            r#"[[{"field":"trait","property":"plan","operator":"isNot","values":["pro"]}]]"#,
            "coalesce(s.traits, '') not like '%\"plan\":\"pro\"%'".to_owned(),
        ),
        (
            r#"[[{"field":"channel","operator":"is","values":["search"]}]]"#,
            format!("{from_search} and not {newsletter}"),
        ),
        (
            r#"[[{"field":"channel","operator":"is","values":["mail"]},{"field":"referrerGroup","operator":"is","values":["x"]}]]"#,
            format!("({newsletter} or s.referrer like '%t.co%')"),
        ),
        (
            r#"[[{"field":"utmSource","operator":"is","values":["newsletter"]}],[{"field":"referrerDomain","operator":"isNot","values":["google.com"]}]]"#,
            format!("{newsletter} and coalesce(s.referrer, '') not like '%google%'"),
        ),
        (
            r#"[[{"field":"userId","operator":"is","values":["user-1"]}]]"#,
            "s.user_id = 'user-1'".to_owned(),
        ),
    ]
}

async fn check(seeded: &Seeded) {
    seeded.seed("acme", 3, SESSIONS).await;
    seeded.seed("other", 4, 500).await;
    let range = plain::of_range(DAYS);
    for (json, sql) in cases() {
        let conditions = Conditions::named("where", json).unwrap();
        let sql = format!("select count(*) from sessions s where {range} and {sql}");
        let [expected] = seeded.numbers(&sql).await;
        assert!(expected > 0, "{sql}");
        let about = asked(DAYS, SessionFilter::default()).with(conditions.clone());
        let zone = TimeZone::UTC;
        let overview = seeded.analytics.overview(&about, None, &zone);
        let found = overview.await.unwrap().body.totals.sessions;
        assert_eq!(found, expected.unsigned_abs(), "{json}\n{sql}");
        let listed = walked(seeded, &conditions).await;
        assert_eq!(listed, expected, "{json}\n{sql}");
    }
    channels(seeded).await;
}

/// The sessions of a list, on pages of few sessions that look at few more.
async fn walked(seeded: &Seeded, conditions: &Conditions) -> i64 {
    let organization = OrganizationId::new("acme").unwrap();
    let nobody = Members::default();
    let wanted = Wanted::new(conditions, &nobody);
    let filter = SessionFilter {
        from: Some(END - DAYS * DAY),
        to: Some(END),
        ..SessionFilter::default()
    };
    let needed = needs::of(conditions);
    let (mut count, mut after) = (0, None::<SessionKey>);
    loop {
        let walk = Walk {
            organization: &organization,
            filter: &filter,
            kept: &KeptFilter::default(),
            needs: &needed,
            after: after.as_ref(),
            with_steps: wanted.needs_steps(),
            limit: 900,
            most: 8_000,
        };
        let may_fit = |session: &SampledSession<'_>| wanted.may_match(session);
        let page = read::walk(&seeded.db, walk, may_fit, |session| wanted.matches(session));
        let page = page.await.unwrap();
        assert!(
            page.found
                .is_sorted_by(|one, other| one.started_at >= other.started_at)
        );
        count += i64::try_from(page.found.len()).unwrap();
        after = page.stopped_at;
        if after.is_none() {
            return count;
        }
    }
}

/// What the seeded addresses mean.
async fn channels(seeded: &Seeded) {
    let channel = "case when s.initial_url like '%utm_source=newsletter%' then 'mail' \
        when s.referrer is null then 'direct' \
        when s.referrer like '%google%' or s.referrer like '%duck%' or s.referrer like '%bing%' then 'search' \
        when s.referrer like '%instagram%' or s.referrer like '%t.co%' then 'social' \
        else 'referral' end";
    let campaign = "case when s.initial_url like '%utm_source=newsletter%' then 'newsletter' else '(none)' end";
    for (dimension, value) in [
        (Dimension::Channel, channel),
        (Dimension::UtmSource, campaign),
    ] {
        let about = asked(DAYS, SessionFilter::default());
        let found = seeded.analytics.top(&about, dimension, 100).await.unwrap();
        let found: Vec<_> = found
            .body
            .rows
            .into_iter()
            .map(|row| {
                (
                    row.value,
                    row.sessions.cast_signed(),
                    row.count.cast_signed(),
                )
            })
            .collect();
        assert_eq!(
            found,
            plain::by_session(seeded, DAYS, value).await,
            "{dimension:?}"
        );
    }
}

#[tokio::test]
async fn conditions_mean_what_plain_sql_says_on_sqlite() {
    check(&Seeded::sqlite().await).await;
}

#[tokio::test]
async fn conditions_mean_what_plain_sql_says_on_postgres() {
    check(&Seeded::postgres().await).await;
}
