//! Requests with their questions. The question is read only after the caller is admitted.

use std::collections::BTreeMap;

use actix_web::dev::Payload;
use actix_web::web::{self, Query};
use actix_web::{FromRequest, HttpRequest};
use futures::FutureExt;
use futures::future::{LocalBoxFuture, Ready, ready};
use serde::de::DeserializeOwned;

use crow_types::{ErrorCode, OrganizationId};
use crow_web::ApiError;

use crate::ask::question::{Given, Question};
use crate::door::http::{SignedIn, path_values};
use crate::door::{Allowed, Needed};
use crate::error::Error;
use crate::mask;
use crate::rest::body;

/// A question of a caller with the scope `S`, from the path and the query string.
pub struct Asked<S, Q> {
    /// The caller.
    pub by: Allowed<S>,
    /// The question.
    pub question: Q,
}

impl<S, Q> Asked<S, Q> {
    /// The organization of the request.
    pub fn organization(&self) -> &OrganizationId {
        self.by.organization()
    }
}

impl<S: Needed, Q: Question> FromRequest for Asked<S, Q> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let allowed = Allowed::from_request(request, payload);
        let request = request.clone();
        async move {
            let by = allowed.await?;
            let question = read::<Q>(&request)?;
            Ok(Self { by, question })
        }
        .boxed_local()
    }
}

/// A question of somebody who is signed in, of any organization.
pub struct AskedSignedIn<Q> {
    /// The sign-in.
    pub by: SignedIn,
    /// The question.
    pub question: Q,
}

impl<Q: Question> FromRequest for AskedSignedIn<Q> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload);
        let request = request.clone();
        async move {
            let by = signed_in.await?;
            let question = read::<Q>(&request)?;
            Ok(Self { by, question })
        }
        .boxed_local()
    }
}

/// A question of anybody.
pub struct Open<Q>(pub Q);

impl<Q: Question> FromRequest for Open<Q> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(read::<Q>(request).map(Self))
    }
}

/// The content of a request body.
pub trait Body: DeserializeOwned + 'static {
    /// The largest body, in bytes.
    const MOST: usize;
    /// Whether the content type must be JSON.
    const MUST_BE_TYPED: bool = false;
}

/// A body from a caller with the scope `S`.
pub struct Sent<S, B> {
    /// The caller.
    pub by: Allowed<S>,
    /// The content.
    pub body: B,
}

impl<S, B> Sent<S, B> {
    /// The organization of the request.
    pub fn organization(&self) -> &OrganizationId {
        self.by.organization()
    }
}

impl<S: Needed, B: Body> FromRequest for Sent<S, B> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let asked = Asked::<S, ()>::from_request(request, payload);
        let payload = web::Payload::from_request(request, payload).into_inner();
        let request = request.clone();
        async move {
            let by = asked.await?.by;
            let payload = payload.map_err(|_never| Error::NotFound.into_api())?;
            let body = body::json(&request, payload, B::MOST, B::MUST_BE_TYPED).await?;
            Ok(Self { by, body })
        }
        .boxed_local()
    }
}

fn read<Q: Question>(request: &HttpRequest) -> Result<Q, ApiError> {
    let path = path_values(request)?;
    let known: Vec<&str> = Q::parameters()
        .iter()
        .map(|parameter| parameter.name)
        .filter(|name| !path.contains_key(*name))
        .collect();
    let mut texts = query_values(request.query_string(), &known)?;
    let given = texts.iter();
    let given = given.map(|(name, value)| (name.as_str(), value.as_str()));
    if mask::is_masked(request)
        && let Some(name) = mask::telling(given)
    {
        let text = format!("the filter `{name}` needs the scope `read`");
        return Err(ApiError::new(ErrorCode::Forbidden, text));
    }
    texts.extend(path);
    Ok(Q::read(&Given::new(texts))?)
}

/// The values of a query string. Each name must be known and occur once.
fn query_values(query: &str, known: &[&str]) -> Result<BTreeMap<String, String>, ApiError> {
    let pairs = Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| malformed("the query string cannot be read".to_owned()))?;
    let mut values = BTreeMap::new();
    for (name, value) in pairs.into_inner() {
        check_name(&name, known)?;
        if values.insert(name.clone(), value).is_some() {
            return Err(malformed(format!("{name}: must be given only once")));
        }
    }
    Ok(values)
}

/// Checks that a parameter name is known.
pub fn check_name(name: &str, known: &[&str]) -> Result<(), ApiError> {
    if known.contains(&name) {
        return Ok(());
    }
    let name: String = name.chars().take(64).collect();
    Err(malformed(format!(
        "unknown parameter `{name}`; leave it out, or correct its name"
    )))
}

/// An error for an invalid request.
pub fn malformed(message: String) -> ApiError {
    ApiError::new(ErrorCode::Malformed, message)
}

#[cfg(test)]
mod tests {
    use crow_db::read::SessionFilter;

    use super::*;
    use crate::ask::sessions::ListSessions;

    fn filter(query: &str) -> Result<SessionFilter, String> {
        let known: Vec<&str> = ListSessions::parameters()
            .iter()
            .map(|parameter| parameter.name)
            .collect();
        query_values(query, &known)
            .and_then(|texts| Ok(SessionFilter::read(&Given::new(texts))?))
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
            unknown.contains("`color`") && !unknown.contains("rageClicks"),
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
