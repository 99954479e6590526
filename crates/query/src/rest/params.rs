use std::collections::BTreeMap;

use actix_web::web::Query;
use serde_json::Value;

use crow_db::read::SessionFilter;
use crow_types::ErrorCode;
use crow_web::ApiError;

/// The query parameters of one request, checked to be known and given once.
#[derive(Debug)]
pub struct Params {
    given: BTreeMap<String, String>,
}

impl Params {
    /// # Errors
    /// `malformed` when the text is no query, a parameter is not among `known` or is
    /// given twice.
    pub fn parse(query: &str, known: &[&str]) -> Result<Self, ApiError> {
        let pairs = Query::<Vec<(String, String)>>::from_query(query)
            .map_err(|_| malformed("the query string cannot be read"))?;
        let mut given = BTreeMap::new();
        for (name, value) in pairs.into_inner() {
            check_name(&name, known)?;
            if given.insert(name.clone(), value).is_some() {
                return Err(malformed(&format!("{name}: give it once")));
            }
        }
        Ok(Self { given })
    }

    /// From a JSON object of texts, numbers and booleans.
    ///
    /// # Errors
    /// `malformed` when a name is not among `known` or a value is something else.
    pub fn from_json(
        object: &serde_json::Map<String, Value>,
        known: &[&str],
    ) -> Result<Self, ApiError> {
        let mut given = BTreeMap::new();
        for (name, value) in object {
            check_name(name, known)?;
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    return Err(malformed(&format!(
                        "{name}: must be a text, a number or true or false"
                    )));
                }
            };
            given.insert(name.clone(), text);
        }
        Ok(Self { given })
    }

    /// One of several words, as its type reads them.
    pub fn word<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
        expected: &str,
    ) -> Result<Option<T>, ApiError> {
        let read = |text: &str| serde_json::from_value(Value::String(text.to_owned())).ok();
        self.read(name, expected, read)
    }

    /// A text as it is.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(String::as_str)
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.given.get(name).cloned()
    }

    fn read<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        read(text)
            .map(Some)
            .ok_or_else(|| malformed(&format!("{name}: must be {expected}")))
    }

    /// A whole number from 0.
    pub fn count(&self, name: &str) -> Result<Option<u64>, ApiError> {
        self.read(name, "a whole number", |text| text.parse().ok())
    }

    /// A duration in milliseconds.
    fn milliseconds(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.read(name, "a whole number of milliseconds", |text| {
            text.parse().ok().filter(|ms| *ms >= 0)
        })
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.read(name, "true or false", |text| match text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        })
    }

    /// Of the parameter `status`.
    fn is_open(&self) -> Result<Option<bool>, ApiError> {
        self.read("status", "open or closed", |text| match text {
            "open" => Some(true),
            "closed" => Some(false),
            _ => None,
        })
    }

    /// A point in time, as milliseconds since the epoch.
    pub fn time(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.read(
            name,
            "milliseconds since the epoch or RFC 3339, such as 2025-11-21T08:00:00Z",
            read_time,
        )
    }
}

fn read_time(text: &str) -> Option<i64> {
    if let Ok(ms) = text.parse() {
        return Some(ms);
    }
    // A `+` that was not escaped arrives as a blank.
    let text = text.replace(' ', "+");
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(jiff::Timestamp::as_millisecond)
}

fn check_name(name: &str, known: &[&str]) -> Result<(), ApiError> {
    if known.contains(&name) {
        return Ok(());
    }
    let name: String = name.chars().take(64).collect();
    Err(malformed(&format!(
        "unknown parameter `{name}`; known are {}",
        known.join(", ")
    )))
}

fn malformed(message: &str) -> ApiError {
    ApiError::new(ErrorCode::Malformed, message)
}

/// Parameters of the list of sessions.
pub const LIST_PARAMS: &[&str] = &[
    "limit",
    "cursor",
    "from",
    "to",
    "userId",
    "visitorId",
    "country",
    "device",
    "browser",
    "os",
    "url",
    "eventType",
    "eventName",
    "minDuration",
    "maxDuration",
    "errors",
    "rageClicks",
    "deadClicks",
    "referrer",
    "bot",
    "hasReplay",
    "status",
    "live",
    "text",
];

/// Parameters that choose sessions: what the list takes without its pages.
pub const FILTER_PARAMS: &[&str] = LIST_PARAMS.split_at(2).1;

/// The filter of the list of sessions.
pub fn session_filter(params: &Params) -> Result<SessionFilter, ApiError> {
    Ok(SessionFilter {
        from: params.time("from")?,
        to: params.time("to")?,
        user_id: params.owned("userId"),
        visitor_id: params.owned("visitorId"),
        country: params.owned("country"),
        device_type: params.owned("device"),
        browser: params.owned("browser"),
        os: params.owned("os"),
        url: params.owned("url"),
        event_type: params.owned("eventType"),
        event_name: params.owned("eventName"),
        min_duration_ms: params.milliseconds("minDuration")?,
        max_duration_ms: params.milliseconds("maxDuration")?,
        has_errors: params.flag("errors")?,
        has_rage_clicks: params.flag("rageClicks")?,
        has_dead_clicks: params.flag("deadClicks")?,
        referrer: params.owned("referrer"),
        is_bot: params.flag("bot")?,
        has_replay: params.flag("hasReplay")?,
        is_open: params.is_open()?,
        live: params.flag("live")?,
        text: params.owned("text"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(query: &str) -> Result<SessionFilter, String> {
        Params::parse(query, LIST_PARAMS)
            .and_then(|params| session_filter(&params))
            .map_err(|error| error.message)
    }

    #[test]
    fn every_parameter_reaches_its_field() {
        let query = "from=5&to=1970-01-01T00:00:01Z&userId=u&visitorId=v&country=DE&device=mobile&browser=b&os=o&url=/x&eventType=click\
                     &eventName=n&minDuration=1&maxDuration=2&errors=true&rageClicks=false&deadClicks=true\
                     &referrer=r&bot=false&hasReplay=1&status=open&live=0&text=a%20b";
        let text = |text: &str| Some(text.to_owned());
        let expected = SessionFilter {
            from: Some(5),
            to: Some(1_000),
            user_id: text("u"),
            visitor_id: text("v"),
            country: text("DE"),
            device_type: text("mobile"),
            browser: text("b"),
            os: text("o"),
            url: text("/x"),
            event_type: text("click"),
            event_name: text("n"),
            min_duration_ms: Some(1),
            max_duration_ms: Some(2),
            has_errors: Some(true),
            has_rage_clicks: Some(false),
            has_dead_clicks: Some(true),
            referrer: text("r"),
            is_bot: Some(false),
            has_replay: Some(true),
            is_open: Some(true),
            live: Some(false),
            text: text("a b"),
        };
        assert_eq!(filter(query).unwrap(), expected);
    }

    #[test]
    fn an_unescaped_offset_is_understood() {
        assert_eq!(
            filter("from=1970-01-01T02:00:00+02:00").unwrap().from,
            Some(0)
        );
    }

    #[test]
    fn mistakes_name_the_parameter() {
        let unknown = filter("color=red").unwrap_err();
        assert!(
            unknown.contains("`color`") && unknown.contains("rageClicks"),
            "{unknown}"
        );
        for (query, name) in [
            ("from=soon", "from"),
            ("live=maybe", "live"),
            ("status=ended", "status"),
            ("minDuration=-1", "minDuration"),
            ("os=a&os=b", "os"),
        ] {
            let message = filter(query).unwrap_err();
            assert!(message.starts_with(&format!("{name}:")), "{message}");
        }
    }
}
