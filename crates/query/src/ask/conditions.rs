//! Conditions that combine: groups, all of which must hold. A group holds if one of its conditions
//! does.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ask::json;
use crate::ask::question::questions;
use crate::ask::values::{Shape, Value};
use crate::error::{Error, Result};

/// The longest JSON, in bytes.
const MAX_JSON: usize = 16 << 10;
/// Conditions of all groups together.
const MAX_CONDITIONS: usize = 20;
/// Values of one condition.
const MAX_VALUES: usize = 50;
/// The longest value or name of an event, in bytes.
const MAX_TEXT: usize = 1_000;
/// Cohorts of one question.
const MAX_COHORTS: usize = 5;
/// The type of the events that have properties.
const CUSTOM: &str = "custom";
/// The longest name of a property, in bytes. A longer one is not stored for analytics.
const MAX_PROPERTY: usize = 64;

questions! {
    /// Conditions of a question.
    Where {
        /// Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`.
        /// All groups must hold, and of each group one condition. See docs/http-api.md.
        conditions "where": Option<Conditions>,
    }
}

impl Where {
    /// The conditions; without any when none were given.
    pub fn all(self) -> Conditions {
        self.conditions.unwrap_or_default()
    }
}

/// All groups must hold, and of each group one condition. Without groups everything fits.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Conditions {
    /// The groups.
    pub groups: Vec<Vec<Condition>>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// What is compared.
    pub field: Field,
    /// The name of the property, for `trait` and `eventProperty`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// Only of custom events of this name, for `eventProperty`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// How it is compared.
    pub operator: Operator,
    /// With what. One of them is enough; for `isNot` none of them may be it.
    #[serde(default)]
    pub values: Vec<String>,
    /// The condition holds if the rest does not.
    #[serde(default)]
    pub not: bool,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operator {
    /// It is one of the values.
    Is,
    /// It is none of the values, or absent.
    IsNot,
    /// It contains one of the values, ignoring the case of ASCII letters.
    Contains,
    /// It is a number above the value.
    Greater,
    /// It is a number below the value.
    Less,
    /// It is there.
    IsSet,
    /// It is absent.
    IsNotSet,
}

/// What values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A text of which only a hash is stored.
    Hashed,
    /// A text that may be a number.
    Property,
    /// The id of a cohort.
    Cohort,
}

macro_rules! fields {
    ($( $about:literal $field:ident $name:literal $kind:ident $is_personal:literal; )+) => {
        /// What a condition compares. Of a field with several values in a session, one is enough.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Field {
            $( #[doc = $about] #[serde(rename = $name)] $field, )+
        }

        /// All fields in their order: name, what the values are, and whether the field names a
        /// person or holds what a person wrote.
        const FIELDS: &[(&str, Kind, bool)] = &[$( ($name, Kind::$kind, $is_personal), )+];
    };
}

fields! {
    "ISO 3166-1 alpha-2." Country "country" Text false;
    "Name of the browser." Browser "browser" Text false;
    "Name of the operating system." Os "os" Text false;
    "desktop, mobile, tablet, tv, console or bot." Device "device" Text false;
    "Address of the page that the visitor came from." Referrer "referrer" Text true;
    "Host of the referrer, unless it is the site itself." ReferrerDomain "referrerDomain" Text false;
    "The referrer as one of a few known sites, such as `google`." ReferrerGroup "referrerGroup" Text false;
    "search, social, ai, mail, paid, referral or direct." Channel "channel" Text false;
    "`utm_source` of the first page." UtmSource "utmSource" Text false;
    "`utm_medium` of the first page." UtmMedium "utmMedium" Text false;
    "`utm_campaign` of the first page." UtmCampaign "utmCampaign" Text false;
    "Path of a page that was seen." Page "page" Text false;
    "Path of the first page." EntryPage "entryPage" Text false;
    "Path of the last page." ExitPage "exitPage" Text false;
    "Milliseconds." Duration "duration" Number false;
    "Interactions." Events "events" Number false;
    "Page views." Pageviews "pageviews" Number false;
    "Errors." Errors "errors" Number false;
    "Rage clicks." RageClicks "rageClicks" Number false;
    "The user." UserId "userId" Text true;
    "The SDK's id of the browser." VisitorId "visitorId" Hashed true;
    "The user agent is a known bot." Bot "bot" Flag false;
    "It has a recording." Replay "replay" Flag false;
    "A property of the person: what the client last said in the session." Trait "trait" Property true;
    "Type of an event." EventType "eventType" Text false;
    "Name of a custom event." EventName "eventName" Text false;
    "A property of a custom event." EventProperty "eventProperty" Property true;
    "A cohort that the person of the session belongs to, by its id." Cohort "cohort" Cohort true;
}

impl Field {
    fn name(self) -> &'static str {
        FIELDS[self as usize].0
    }

    /// What its values are.
    pub fn kind(self) -> Kind {
        FIELDS[self as usize].1
    }

    fn is_personal(self) -> bool {
        FIELDS[self as usize].2
    }
}

impl Conditions {
    /// Whether everything fits.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// # Errors
    /// `Malformed`, with the parameter's name, when they are too many or do not make sense.
    pub fn check(&self, name: &str) -> Result<()> {
        let malformed = |message: String| Err(Error::Malformed(format!("{name}: {message}")));
        if self.groups.iter().flatten().count() > MAX_CONDITIONS {
            return malformed(format!("at most {MAX_CONDITIONS} conditions are allowed"));
        }
        if self.groups.iter().any(Vec::is_empty) {
            return malformed("a group must not be empty".to_owned());
        }
        if self.cohorts().len() > MAX_COHORTS {
            return malformed(format!("at most {MAX_COHORTS} cohorts are allowed"));
        }
        for condition in self.groups.iter().flatten() {
            if let Some(problem) = condition.problem() {
                return malformed(format!("{}: {problem}", condition.field.name()));
            }
        }
        // Conditions from several places are asked together, as one text.
        if !serde_json::to_vec(self).is_ok_and(|json| json.len() <= MAX_JSON) {
            return malformed(format!("must be {}", Self::expected()));
        }
        Ok(())
    }

    /// Like `check`, for conditions about the properties of one event of this type.
    ///
    /// # Errors
    /// `Malformed`, with the parameter's name, also when they are about anything else.
    pub fn check_of_event(&self, name: &str, event_type: &str) -> Result<()> {
        let malformed = |problem: &str| Err(Error::Malformed(format!("{name}: {problem}")));
        if !self.is_empty() && event_type != CUSTOM {
            return malformed("only events of the type `custom` have properties");
        }
        for condition in self.groups.iter().flatten() {
            if condition.field != Field::EventProperty {
                return malformed("the field must be `eventProperty`");
            }
            if condition.event.is_some() {
                return malformed("leave out `event`; the event is named beside the conditions");
            }
        }
        self.check(name)
    }

    /// The ids of the cohorts that they name.
    pub fn cohorts(&self) -> BTreeSet<&str> {
        let all = self.groups.iter().flatten();
        let of_cohorts = all.filter(|condition| condition.field == Field::Cohort);
        let ids = of_cohorts.flat_map(|condition| &condition.values);
        ids.map(String::as_str).collect()
    }

    /// What these conditions may tell of somebody to callers whose answers are masked: by asking
    /// again and again, one finds out a text that one only compares with. So does one question about
    /// a text that answers hide, which `hides` recognises.
    pub fn telling(&self, hides: impl Fn(&str) -> bool) -> Option<&'static str> {
        let is_telling = |condition: &&Condition| {
            let is_text = condition.field.kind() == Kind::Text;
            condition.field.is_personal()
                || condition.operator == Operator::Contains
                || is_text && condition.values.iter().any(|value| hides(value))
        };
        let mut all = self.groups.iter().flatten();
        all.find(is_telling).map(|condition| condition.field.name())
    }

    /// The only user whose sessions can fit, if the conditions say so. These are found by an index.
    pub fn only_user(&self) -> Option<&str> {
        self.only(Field::UserId)
    }

    /// The only browser whose sessions can fit, by the SDK's id, in the same way.
    pub fn only_browser(&self) -> Option<&str> {
        self.only(Field::VisitorId)
    }

    fn only(&self, field: Field) -> Option<&str> {
        self.groups.iter().find_map(|group| match group.as_slice() {
            [only] if only.field == field && !only.not => {
                match (only.operator, only.values.as_slice()) {
                    (Operator::Is, [user]) => Some(user.as_str()),
                    _ => None,
                }
            }
            _ => None,
        })
    }
}

impl Condition {
    /// Whether it holds if a value fits; otherwise it holds if none does.
    pub fn is_positive(&self) -> bool {
        let is_opposite = matches!(self.operator, Operator::IsNot | Operator::IsNotSet);
        is_opposite == self.not
    }

    /// What does not make sense.
    fn problem(&self) -> Option<String> {
        let kind = self.field.kind();
        let (needs_property, has_property) = (kind == Kind::Property, self.property.is_some());
        if needs_property && !has_property {
            return Some("`property` must be given".to_owned());
        }
        if has_property && !needs_property {
            return Some("has no `property`".to_owned());
        }
        if self.event.is_some() && self.field != Field::EventProperty {
            return Some("has no `event`".to_owned());
        }
        let is_text = |text: &str, most: usize| {
            !text.is_empty() && text.len() <= most && !text.contains('\0')
        };
        if !self.property.iter().all(|text| is_text(text, MAX_PROPERTY)) {
            return Some(format!("`property` must be 1 to {MAX_PROPERTY} bytes"));
        }
        let mut texts = self.event.iter().chain(&self.values);
        if !texts.all(|text| is_text(text, MAX_TEXT)) {
            return Some(format!("each text must be 1 to {MAX_TEXT} bytes"));
        }
        self.wrong_operator().or_else(|| self.wrong_values())
    }

    fn wrong_operator(&self) -> Option<String> {
        use Operator::{Contains, Greater, Is, IsNot, IsNotSet, IsSet, Less};
        let allowed: &[Operator] = match self.field.kind() {
            Kind::Text => &[Is, IsNot, Contains, IsSet, IsNotSet],
            Kind::Number => &[Is, IsNot, Greater, Less],
            Kind::Flag | Kind::Cohort => &[Is, IsNot],
            Kind::Hashed => &[Is, IsNot, IsSet, IsNotSet],
            Kind::Property => &[Is, IsNot, Contains, Greater, Less, IsSet, IsNotSet],
        };
        let is_allowed = allowed.contains(&self.operator);
        (!is_allowed).then(|| "this operator does not fit the field".to_owned())
    }

    fn wrong_values(&self) -> Option<String> {
        let is_number = |text: &String| text.parse::<f64>().is_ok_and(f64::is_finite);
        let count = self.values.len();
        let problem = match self.operator {
            Operator::IsSet | Operator::IsNotSet => (count != 0).then_some("takes no values"),
            Operator::Greater | Operator::Less => {
                let is_one = count == 1 && self.values.iter().all(is_number);
                (!is_one).then_some("takes one number")
            }
            Operator::Is | Operator::IsNot | Operator::Contains => match self.field.kind() {
                _ if !(1..=MAX_VALUES).contains(&count) => Some("takes 1 to 50 values"),
                Kind::Number if !self.values.iter().all(is_number) => Some("takes numbers"),
                Kind::Flag if !self.values.iter().all(|it| it == "true" || it == "false") => {
                    Some("takes `true` or `false`")
                }
                Kind::Text
                | Kind::Number
                | Kind::Flag
                | Kind::Hashed
                | Kind::Property
                | Kind::Cohort => None,
            },
        };
        problem.map(str::to_owned)
    }
}

impl Value for Conditions {
    fn expected() -> String {
        format!("JSON of at most {MAX_JSON} bytes: a list of groups of conditions")
    }

    fn shape() -> Shape {
        Shape::Text {
            most: Some(MAX_JSON),
        }
    }

    fn read(text: &str) -> Option<Self> {
        Self::named("where", text).ok()
    }

    fn named(name: &str, text: &str) -> Result<Self> {
        let malformed = |message: String| Error::Malformed(format!("{name}: {message}"));
        if text.len() > MAX_JSON {
            return Err(malformed(format!("must be {}", Self::expected())));
        }
        let conditions: Self = json::read(text.as_bytes()).map_err(malformed)?;
        conditions.check(name)?;
        Ok(conditions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Conditions> {
        Conditions::named("where", json)
    }

    #[test]
    fn what_does_not_make_sense_is_refused_and_named() {
        for (json, problem) in [
            ("{}", "wrong type"),
            ("[[]]", "empty"),
            (
                r#"[[{"field":"color","operator":"is"}]]"#,
                "`[0][0].field` has a value that is not allowed",
            ),
            (
                r#"[[{"field":"os","operator":"is","values":[]}]]"#,
                "1 to 50",
            ),
            (
                r#"[[{"field":"os","operator":"greater","values":["1"]}]]"#,
                "operator",
            ),
            (
                r#"[[{"field":"duration","operator":"less","values":["long"]}]]"#,
                "one number",
            ),
            (
                r#"[[{"field":"errors","operator":"is","values":["x"]}]]"#,
                "numbers",
            ),
            (
                r#"[[{"field":"bot","operator":"is","values":["1"]}]]"#,
                "true",
            ),
            (r#"[[{"field":"trait","operator":"isSet"}]]"#, "property"),
            (
                r#"[[{"field":"os","property":"x","operator":"isSet"}]]"#,
                "property",
            ),
            (
                r#"[[{"field":"os","event":"x","operator":"isSet"}]]"#,
                "event",
            ),
            (
                r#"[[{"field":"os","operator":"isSet","values":["x"]}]]"#,
                "no values",
            ),
            (
                r#"[[{"field":"os","operator":"is","values":[""]}]]"#,
                "1 to 1000 bytes",
            ),
            (
                r#"[[{"field":"os","operator":"is","values":["a"],"more":1}]]"#,
                "`[0][0].more` is not a known field",
            ),
        ] {
            let message = read(json).unwrap_err().to_string();
            assert!(message.contains(problem), "{json}: {message}");
            assert!(message.contains("where:"), "{message}");
        }
        let one = r#"[{"field":"os","operator":"isSet"}]"#;
        assert!(read(&format!("[{}]", [one; 20].join(","))).is_ok());
        assert!(read(&format!("[{}]", [one; 21].join(","))).is_err());
        assert!(read(&" ".repeat(MAX_JSON + 1)).is_err());
    }

    #[test]
    fn every_field_has_its_name_and_comes_back() {
        for (name, _, _) in FIELDS {
            let field: Field = serde_json::from_value((*name).into()).unwrap();
            assert_eq!(field.name(), *name);
        }
        let json = r#"[[{"field":"eventProperty","property":"total","event":"purchase","operator":"greater","values":["9.5"],"not":true}]]"#;
        let conditions = read(json).unwrap();
        assert_eq!(serde_json::to_string(&conditions).unwrap(), json);
        assert_eq!(conditions.telling(|_| false), Some("eventProperty"));
    }

    #[test]
    fn one_user_is_seen() {
        let user = |more: &str| {
            let json = format!(
                r#"[[{{"field":"os","operator":"isSet"}}],[{{"field":"userId","operator":"is","values":["ada"]{more}]]"#
            );
            read(&json).unwrap().only_user().map(str::to_owned)
        };
        assert_eq!(user("}").as_deref(), Some("ada"));
        assert_eq!(user(r#","not":true}"#), None);
        assert_eq!(user(r#"},{"field":"os","operator":"isSet"}"#), None);
    }
}
