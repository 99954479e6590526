use crow_db::analytics::{SampledSession, StepKind, hash_of_browser, stored_word};
use crow_db::read::SessionFilter;
use crow_types::Timestamp;

/// The filter of the session list, applied to the rows that analytics reads. It does not check the
/// range of time.
pub struct Matcher<'a> {
    filter: &'a SessionFilter,
    text: Option<String>,
    url: Option<String>,
    referrer: Option<String>,
    /// Hash of the visitor id.
    browser: Option<u64>,
    /// The time at which `live` is decided, milliseconds since the epoch.
    now: i64,
}

impl<'a> Matcher<'a> {
    pub fn new(filter: &'a SessionFilter) -> Self {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_ascii_lowercase());
        Self {
            filter,
            text: lower(&filter.text),
            url: lower(&filter.url),
            referrer: lower(&filter.referrer),
            browser: filter.visitor_id.as_deref().map(hash_of_browser),
            now: Timestamp::now().0,
        }
    }

    /// Whether the filter looks at events.
    pub fn needs_steps(&self) -> bool {
        let filter = self.filter;
        filter.event_type.is_some()
            || filter.event_name.is_some()
            || filter.has_dead_clicks.is_some()
            || filter.url.is_some()
    }

    pub fn matches(&self, session: &SampledSession<'_>) -> bool {
        self.fits_words(session)
            && self.fits_numbers(session)
            && self.fits_texts(session)
            && self.fits_events(session)
    }

    fn fits_words(&self, session: &SampledSession<'_>) -> bool {
        let (filter, facts) = (self.filter, &session.facts);
        // What is wanted is cut as what is stored.
        let fits = |wanted: &Option<String>, word: &str| {
            let wanted = wanted.as_deref().map(stored_word);
            wanted.is_none_or(|wanted| wanted == word)
        };
        self.browser.is_none_or(|hash| hash == facts.browser_hash)
            && fits(&filter.user_id, facts.user_id)
            && fits(&filter.country, facts.country)
            && fits(&filter.device_type, facts.device)
            && fits(&filter.browser, facts.browser)
            && fits(&filter.os, facts.os)
    }

    fn fits_numbers(&self, session: &SampledSession<'_>) -> bool {
        let (filter, facts) = (self.filter, &session.facts);
        let fits = |wanted: Option<bool>, is_so: bool| wanted.is_none_or(|wanted| wanted == is_so);
        filter
            .min_duration_ms
            .is_none_or(|least| facts.duration_ms >= least)
            && filter
                .max_duration_ms
                .is_none_or(|most| facts.duration_ms <= most)
            && fits(filter.has_errors, facts.errors > 0)
            && fits(filter.has_rage_clicks, facts.rage_clicks > 0)
            && fits(filter.has_replay, facts.has_replay)
            && fits(filter.is_open, facts.is_open)
            && fits(filter.live, facts.is_open && facts.live_until > self.now)
            && fits(filter.is_bot, facts.is_bot)
    }

    fn fits_texts(&self, session: &SampledSession<'_>) -> bool {
        let facts = &session.facts;
        let mentioned = |text: &String| {
            [
                facts.user_id,
                facts.initial_url,
                facts.exit_url,
                facts.session_id,
            ]
            .into_iter()
            .any(|place| contains(place, text))
        };
        self.text.as_ref().is_none_or(mentioned)
            && self
                .referrer
                .as_ref()
                .is_none_or(|text| contains(facts.referrer, text))
    }

    fn fits_events(&self, session: &SampledSession<'_>) -> bool {
        let (filter, steps) = (self.filter, session.steps);
        let any =
            |is_it: &dyn Fn(&crow_db::analytics::Step) -> bool| steps.list().iter().any(is_it);
        filter
            .event_type
            .as_ref()
            .is_none_or(|word| any(&|step| steps.word(step) == stored_word(word)))
            && filter
                .event_name
                .as_ref()
                .is_none_or(|name| any(&|step| steps.name(step) == stored_word(name)))
            && filter
                .has_dead_clicks
                .is_none_or(|wanted| any(&|step| step.kind == StepKind::DeadClick) == wanted)
            && self.url.as_ref().is_none_or(|url| {
                contains(session.facts.initial_url, url)
                    || contains(session.facts.exit_url, url)
                    || any(&|step| contains(steps.url(step), url))
            })
    }
}

/// Whether `place` contains `text`, which must be lower case. ASCII letters in `place` match in
/// either case, as with `LIKE` in SQLite.
pub fn contains(place: &str, text: &str) -> bool {
    let (place, text) = (place.as_bytes(), text.as_bytes());
    text.is_empty()
        || place
            .windows(text.len())
            .any(|window| window.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn case_does_not_matter() {
        assert!(contains("https://Shop.example/CART", "/cart"));
        assert!(contains("x", ""));
        assert!(!contains("short", "longer than that"));
        assert!(!contains("/cat", "/cart"));
    }
}
