//! Decides whether a session fits conditions. Lists and analytics use the same code, so they mean the
//! same.

use crow_db::analytics::properties::{property, stored_value};
use crow_db::analytics::{SampledSession, Step, StepKind, Steps, hash_of_browser, stored_word};

use super::matcher::contains;
use super::members::Members;
use crate::ask::conditions::{Condition, Conditions, Field, Kind, Operator};
use crate::place::page_of;
use crate::source;

/// Conditions, prepared for many sessions.
pub struct Wanted<'a> {
    groups: Vec<Vec<Test<'a>>>,
    members: &'a Members,
}

struct Test<'a> {
    condition: &'a Condition,
    /// The name of the event, as it is stored.
    event: Option<&'a str>,
    with: With<'a>,
}

/// What values are compared with.
enum With<'a> {
    /// Nothing: whether there is one.
    Any,
    /// One of these.
    Words(Vec<&'a str>),
    /// One of these, in lower case, as a part.
    Parts(Vec<String>),
    /// One of these.
    Numbers(Vec<f64>),
    Above(f64),
    Below(f64),
}

impl With<'_> {
    fn fits(&self, text: &str) -> bool {
        let number = || text.parse::<f64>().ok();
        match self {
            Self::Any => true,
            Self::Words(words) => words.contains(&text),
            Self::Parts(parts) => parts.iter().any(|part| contains(text, part)),
            Self::Numbers(numbers) => number().is_some_and(|number| numbers.contains(&number)),
            Self::Above(least) => number().is_some_and(|number| number > *least),
            Self::Below(most) => number().is_some_and(|number| number < *most),
        }
    }

    fn fits_number(&self, number: i64) -> bool {
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts and durations are far below 2^53"
        )]
        let number = number as f64;
        match self {
            Self::Any => true,
            Self::Numbers(numbers) => numbers.contains(&number),
            Self::Above(least) => number > *least,
            Self::Below(most) => number < *most,
            Self::Words(_) | Self::Parts(_) => false,
        }
    }
}

impl<'a> Wanted<'a> {
    /// `members` are those of the cohorts that the conditions name.
    pub fn new(conditions: &'a Conditions, members: &'a Members) -> Self {
        Self {
            groups: prepared(conditions),
            members,
        }
    }

    /// Whether a condition looks at events.
    pub fn needs_steps(&self) -> bool {
        self.groups.iter().flatten().any(Test::needs_steps)
    }

    pub fn matches(&self, session: &SampledSession<'_>) -> bool {
        self.groups.iter().all(|group| self.holds(group, session))
    }

    /// Whether a session fits as far as it can be told without its events.
    pub fn may_match(&self, session: &SampledSession<'_>) -> bool {
        let mut groups = self.groups.iter();
        groups.all(|group| group.iter().any(Test::needs_steps) || self.holds(group, session))
    }

    fn holds(&self, group: &[Test<'_>], session: &SampledSession<'_>) -> bool {
        group.iter().any(|test| test.holds(session, self.members))
    }
}

/// Conditions about the properties of one event, prepared for many events.
pub struct OfEvent<'a> {
    groups: Vec<Vec<Test<'a>>>,
}

impl<'a> OfEvent<'a> {
    /// All conditions must have the field `eventProperty`.
    pub fn new(conditions: &'a Conditions) -> Self {
        Self {
            groups: prepared(conditions),
        }
    }

    /// Whether all groups hold for this event.
    pub fn matches(&self, steps: &Steps, step: &Step) -> bool {
        let holds = |test: &Test<'_>| {
            let is_there = test.has_property(steps, step);
            is_there == test.condition.is_positive()
        };
        self.groups.iter().all(|group| group.iter().any(holds))
    }
}

fn prepared(conditions: &Conditions) -> Vec<Vec<Test<'_>>> {
    let groups = conditions.groups.iter();
    groups
        .map(|group| group.iter().map(Test::new).collect())
        .collect()
}

impl<'a> Test<'a> {
    fn new(condition: &'a Condition) -> Self {
        let numbers = || -> Vec<f64> {
            let read = condition.values.iter().map(|value| value.parse::<f64>());
            read.map(|number| number.unwrap_or(f64::NAN)).collect()
        };
        let one = || numbers().first().copied().unwrap_or(f64::NAN);
        let with = match condition.operator {
            Operator::IsSet | Operator::IsNotSet => With::Any,
            Operator::Greater => With::Above(one()),
            Operator::Less => With::Below(one()),
            Operator::Is | Operator::IsNot if condition.field.kind() == Kind::Number => {
                With::Numbers(numbers())
            }
            Operator::Is | Operator::IsNot => With::Words(stored(condition).collect()),
            Operator::Contains => {
                let lower = stored(condition).map(str::to_ascii_lowercase);
                With::Parts(lower.collect())
            }
        };
        Self {
            condition,
            event: condition.event.as_deref().map(stored_word),
            with,
        }
    }

    fn needs_steps(&self) -> bool {
        matches!(
            self.condition.field,
            Field::Page | Field::EventType | Field::EventName | Field::EventProperty
        )
    }

    /// `isNot` and `isNotSet` are the opposite of `is` and `isSet`: they hold without a value.
    fn holds(&self, session: &SampledSession<'_>, members: &Members) -> bool {
        let is_there = if self.condition.field == Field::Cohort {
            self.is_member(session, members)
        } else {
            self.is_there(session)
        };
        is_there == self.condition.is_positive()
    }

    /// Whether one of the values of the field fits.
    fn is_there(&self, session: &SampledSession<'_>) -> bool {
        let (facts, steps) = (&session.facts, session.steps);
        let word = |text: &str| !text.is_empty() && self.with.fits(text);
        match self.condition.field {
            Field::Country => word(facts.country),
            Field::Browser => word(facts.browser),
            Field::Os => word(facts.os),
            Field::Device => word(facts.device),
            Field::Referrer => word(facts.referrer),
            Field::ReferrerDomain => word(&source::domain(facts.referrer, facts.initial_url)),
            Field::ReferrerGroup => word(&source::group(facts.referrer, facts.initial_url)),
            Field::Channel => word(source::channel(facts.referrer, facts.initial_url).as_str()),
            Field::UtmSource => word(&source::parameter(facts.initial_url, "utm_source")),
            Field::UtmMedium => word(&source::parameter(facts.initial_url, "utm_medium")),
            Field::UtmCampaign => word(&source::parameter(facts.initial_url, "utm_campaign")),
            Field::EntryPage => word(&page_of(facts.initial_url)),
            Field::ExitPage => word(&page_of(facts.exit_url)),
            Field::UserId => word(facts.user_id),
            Field::Bot => word(&facts.is_bot.to_string()),
            Field::Replay => word(&facts.has_replay.to_string()),
            Field::Trait => self.has_trait(facts.traits),
            Field::VisitorId => self.is_browser(facts.browser_hash),
            Field::Duration => self.with.fits_number(facts.duration_ms),
            Field::Events => self.with.fits_number(facts.events),
            Field::Pageviews => self.with.fits_number(facts.pageviews),
            Field::Errors => self.with.fits_number(facts.errors),
            Field::RageClicks => self.with.fits_number(facts.rage_clicks),
            Field::Page => Self::has_step(session, |step| {
                step.kind == StepKind::Pageview && word(&page_of(steps.url(step)))
            }),
            Field::EventType => Self::has_step(session, |step| word(steps.word(step))),
            Field::EventName => Self::has_step(session, |step| word(steps.name(step))),
            Field::EventProperty => Self::has_step(session, |step| self.has_property(steps, step)),
            Field::Cohort => false,
        }
    }

    fn is_member(&self, session: &SampledSession<'_>, members: &Members) -> bool {
        let mut ids = self.condition.values.iter();
        ids.any(|id| members.holds(id, &session.facts))
    }

    fn has_step(session: &SampledSession<'_>, is_it: impl Fn(&Step) -> bool) -> bool {
        session.steps.list().iter().any(is_it)
    }

    fn has_property(&self, steps: &Steps, step: &Step) -> bool {
        let name = self.condition.property.as_deref().unwrap_or_default();
        self.event.is_none_or(|event| event == steps.name(step))
            && property(steps.properties(step), name).is_some_and(|value| self.with.fits(value))
    }

    fn has_trait(&self, traits: &str) -> bool {
        let name = self.condition.property.as_deref().unwrap_or_default();
        property(traits, name).is_some_and(|value| self.with.fits(value))
    }

    fn is_browser(&self, hash: u64) -> bool {
        let is_it = |id: &&str| hash_of_browser(id) == hash;
        let is_wanted = match &self.with {
            With::Words(ids) => ids.iter().any(is_it),
            With::Any | With::Parts(_) | With::Numbers(_) | With::Above(_) | With::Below(_) => true,
        };
        hash != 0 && is_wanted
    }
}

/// The values, cut as the stored ones are: a longer one could not be equal to any.
fn stored(condition: &Condition) -> impl Iterator<Item = &str> {
    let cut: fn(&str) -> &str = match condition.field {
        Field::Country
        | Field::Browser
        | Field::Os
        | Field::Device
        | Field::UserId
        | Field::EventType
        | Field::EventName => stored_word,
        Field::Trait | Field::EventProperty => stored_value,
        // Addresses may be as long as values, and of the visitor's id a hash is stored.
        Field::Referrer
        | Field::ReferrerDomain
        | Field::ReferrerGroup
        | Field::Channel
        | Field::UtmSource
        | Field::UtmMedium
        | Field::UtmCampaign
        | Field::Page
        | Field::EntryPage
        | Field::ExitPage
        | Field::Duration
        | Field::Events
        | Field::Pageviews
        | Field::Errors
        | Field::RageClicks
        | Field::VisitorId
        | Field::Bot
        | Field::Replay
        | Field::Cohort => |value| value,
    };
    condition.values.iter().map(move |value| cut(value))
}

#[cfg(test)]
mod tests {
    use crow_db::analytics::Facts;
    use crow_db::analytics::properties::pairs_of;

    use crow_db::read::SessionFilter;

    use super::*;
    use crate::analytics::matcher::Matcher;
    use crate::ask::values::Value;

    fn fits(json: &str) -> bool {
        let steps = Steps::default();
        let session = SampledSession {
            id: "a",
            started_at: 0,
            facts: Facts {
                country: "DE",
                traits: "plan\0pro\0seats\x0012\0",
                browser_hash: hash_of_browser("pc"),
                initial_url: "https://shop.example/a?utm_source=flyer",
                errors: 2,
                ..Facts::default()
            },
            steps: &steps,
        };
        let conditions = Conditions::named("where", json).unwrap();
        Wanted::new(&conditions, &Members::default()).matches(&session)
    }

    #[test]
    fn long_values_are_compared_as_they_are_stored() {
        // The 200th byte is in the middle of a letter.
        let long = format!("a{}", "ä".repeat(127));
        let traits = pairs_of(&format!(r#"{{"plan":"{long}"}}"#));
        let steps = Steps::default();
        let session = SampledSession {
            id: "a",
            started_at: 0,
            facts: Facts {
                user_id: stored_word(&long),
                traits: &traits,
                ..Facts::default()
            },
            steps: &steps,
        };
        for field in [
            r#""field":"userId""#,
            r#""field":"trait","property":"plan""#,
        ] {
            for (operator, expected) in [("is", true), ("isNot", false), ("contains", true)] {
                let json =
                    format!(r#"[[{{{field},"operator":"{operator}","values":["{long}"]}}]]"#);
                let conditions = Conditions::named("where", &json).unwrap();
                let fits = Wanted::new(&conditions, &Members::default()).matches(&session);
                assert_eq!(fits, expected, "{field} {operator}");
            }
        }
        let filter = SessionFilter {
            user_id: Some(long.clone()),
            ..SessionFilter::default()
        };
        assert!(Matcher::new(&filter).matches(&session));
    }

    #[test]
    fn groups_are_joined_by_and_conditions_by_or() {
        let [yes, no] = ["DE", "FR"].map(|country| {
            format!(r#"{{"field":"country","operator":"is","values":["{country}"]}}"#)
        });
        assert!(fits("[]"));
        assert!(fits(&format!("[[{yes}]]")));
        assert!(fits(&format!("[[{no},{yes}],[{yes}]]")));
        assert!(!fits(&format!("[[{no},{yes}],[{no}]]")));
    }

    #[test]
    fn each_operator_and_its_opposite() {
        for (condition, expected) in [
            (
                r#""field":"country","operator":"is","values":["FR","DE"]"#,
                true,
            ),
            (
                r#""field":"country","operator":"is","values":["de"]"#,
                false,
            ),
            (
                r#""field":"country","operator":"contains","values":["d"]"#,
                true,
            ),
            (
                r#""field":"country","operator":"isNot","values":["FR"]"#,
                true,
            ),
            (r#""field":"country","operator":"isSet""#, true),
            // Without a value.
            (r#""field":"os","operator":"is","values":["iOS"]"#, false),
            (r#""field":"os","operator":"isNot","values":["iOS"]"#, true),
            (
                r#""field":"os","operator":"contains","values":["i"]"#,
                false,
            ),
            (r#""field":"os","operator":"isSet""#, false),
            (r#""field":"os","operator":"isNotSet""#, true),
            (
                r#""field":"eventName","operator":"isNot","values":["x"]"#,
                true,
            ),
            (
                r#""field":"errors","operator":"greater","values":["1.5"]"#,
                true,
            ),
            (
                r#""field":"errors","operator":"less","values":["2"]"#,
                false,
            ),
            (
                r#""field":"errors","operator":"is","values":["2.0","7"]"#,
                true,
            ),
            (r#""field":"bot","operator":"is","values":["false"]"#, true),
            (
                r#""field":"trait","property":"plan","operator":"is","values":["pro"]"#,
                true,
            ),
            (
                r#""field":"trait","property":"plan","operator":"greater","values":["1"]"#,
                false,
            ),
            (
                r#""field":"trait","property":"seats","operator":"greater","values":["9"]"#,
                true,
            ),
            (
                r#""field":"trait","property":"pro","operator":"isSet""#,
                false,
            ),
            (
                r#""field":"visitorId","operator":"is","values":["pc"]"#,
                true,
            ),
            (
                r#""field":"visitorId","operator":"is","values":["mac"]"#,
                false,
            ),
            (r#""field":"visitorId","operator":"isNotSet""#, false),
            (
                r#""field":"utmSource","operator":"is","values":["flyer"]"#,
                true,
            ),
            (
                r#""field":"channel","operator":"is","values":["referral"]"#,
                true,
            ),
        ] {
            assert_eq!(
                fits(&format!("[[{{{condition}}}]]")),
                expected,
                "{condition}"
            );
            let opposite = format!("[[{{{condition},\"not\":true}}]]");
            assert_eq!(fits(&opposite), !expected, "{opposite}");
        }
    }
}
