//! When admins are reminded of an API key that expires: a week before, a day before, and at the end.

use crow_db::api_keys::ApiKeyRow;
use crow_types::Timestamp;
use crow_types::notification::{Audience, News, Notification};

const DAY_MS: i64 = 86_400_000;
/// Days before the end, the last reminder first.
const REMINDERS: [i64; 2] = [1, 7];
/// Milliseconds after the end of a key for which it is told. Longer than an upgrade takes.
pub(super) const LOOKS_BACK_MS: i64 = 7 * DAY_MS;

/// Keys that expire later are not told of yet.
pub(super) fn until(now: Timestamp) -> Timestamp {
    now.plus(REMINDERS[1] * DAY_MS)
}

/// The latest reminder of a key that is due by now. One whose time was over when the key was made is
/// none: whoever made the key knows.
pub(super) fn reminder(key: &ApiKeyRow, now: Timestamp) -> Option<Notification> {
    let ends = Timestamp(key.expires_at?);
    let tell = |news, at| Notification::new(&key.organization_id, Audience::Admins, &news, at);
    if ends <= now {
        let key = &key.id;
        return Some(tell(News::KeyExpired { key, at: ends }, ends));
    }
    let (days, due) = REMINDERS
        .into_iter()
        .map(|days| (days, ends.plus(-days * DAY_MS)))
        .find(|(_days, due)| *due <= now)?;
    let news = News::KeyExpires {
        key: &key.id,
        at: ends,
        days,
    };
    (due.0 > key.created_at).then(|| tell(news, due))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDS: i64 = 100 * DAY_MS;

    fn key(created_at: i64) -> ApiKeyRow {
        ApiKeyRow {
            id: "key_1".to_owned(),
            organization_id: "acme".to_owned(),
            created_at,
            expires_at: Some(ENDS),
            ..super::super::tests::key_row()
        }
    }

    fn told(key: &ApiKeyRow, now: i64) -> Option<(String, i64)> {
        let told = reminder(key, Timestamp(now))?;
        Some((told.kind, told.at))
    }

    #[test]
    fn a_key_is_told_of_a_week_before_a_day_before_and_at_its_end() {
        let key = key(0);
        let week = ENDS - 7 * DAY_MS;
        let day = ENDS - DAY_MS;
        let expires = |at| Some(("key_expires".to_owned(), at));
        for (now, expected) in [
            (week - 1, None),
            (week, expires(week)),
            (day - 1, expires(week)),
            (day, expires(day)),
            (ENDS - 1, expires(day)),
            (ENDS, Some(("key_expired".to_owned(), ENDS))),
            (ENDS + DAY_MS, Some(("key_expired".to_owned(), ENDS))),
        ] {
            assert_eq!(told(&key, now), expected, "{now}");
        }
        let never = ApiKeyRow {
            expires_at: None,
            ..key
        };
        assert_eq!(told(&never, ENDS), None);
    }

    #[test]
    fn a_key_that_was_made_for_a_short_time_is_told_of_later() {
        let hours = key(ENDS - DAY_MS / 4);
        assert_eq!(told(&hours, ENDS - 1), None);
        assert!(told(&hours, ENDS).is_some());
        let days = key(ENDS - 3 * DAY_MS);
        assert_eq!(told(&days, ENDS - 2 * DAY_MS), None);
        assert!(told(&days, ENDS - DAY_MS).is_some());
    }
}
