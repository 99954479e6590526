use actix_web::HttpRequest;
use utoipa::IntoParams;

use crow_types::{ErrorCode, OrganizationId};
use crow_web::ApiError;

use crate::analytics::Asked;
use crate::rest::Api;
use crate::rest::params::{FILTER_PARAMS, Params, session_filter};
use crate::use_cases::{check_text, check_texts};

/// Which sessions: those that began in the range and for which all that is given holds.
#[expect(dead_code, reason = "describes the parameters; they are read by name")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct SessionParams {
    /// Milliseconds since the epoch or RFC 3339; seven days before `to` when absent.
    from: Option<String>,
    /// Milliseconds since the epoch or RFC 3339, not included; now when absent.
    to: Option<String>,
    /// The user, exactly.
    user_id: Option<String>,
    /// The browser's id, exactly.
    visitor_id: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// desktop, mobile, tablet, tv, console or bot.
    device: Option<String>,
    /// The browser, exactly.
    browser: Option<String>,
    /// The operating system, exactly.
    os: Option<String>,
    /// Visited a page whose URL contains this.
    url: Option<String>,
    /// Has an event of this type.
    event_type: Option<String>,
    /// Has a custom event of this name.
    event_name: Option<String>,
    /// Lasted at least this many milliseconds.
    min_duration: Option<u64>,
    /// Lasted at most this many milliseconds.
    max_duration: Option<u64>,
    /// With errors, or without.
    errors: Option<bool>,
    /// With rage clicks, or without.
    rage_clicks: Option<bool>,
    /// With clicks after which nothing happened, or without.
    dead_clicks: Option<bool>,
    /// Contained in where the visitor came from.
    referrer: Option<String>,
    /// Of a known robot, or not.
    bot: Option<bool>,
    /// With a recording, or without.
    has_replay: Option<bool>,
    /// `open` or `closed`.
    status: Option<String>,
    /// Open, and a page of it was there within the last minute; or not.
    live: Option<bool>,
    /// Contained in user id, first page, last page or session id.
    text: Option<String>,
    /// Read all sessions, however long that takes; else a sample of them when there are many.
    exact: Option<bool>,
}

/// What a request asks, and its other parameters.
pub struct Request {
    pub asked: Asked,
    pub params: Params,
}

impl Request {
    /// Lets the caller in, and reads the parameters: those of [`SessionParams`] and `more`.
    pub async fn read(
        api: &Api,
        request: &HttpRequest,
        organization: &str,
        more: &[&str],
    ) -> Result<Self, ApiError> {
        let organization = api.organization(request, organization).await?;
        let known: Vec<&str> = more
            .iter()
            .chain(FILTER_PARAMS)
            .chain(&["exact"])
            .copied()
            .collect();
        let params = Params::parse(request.query_string(), &known)?;
        Ok(Self {
            asked: asked(organization, &params)?,
            params,
        })
    }

    /// A number in its bounds, `default` when absent.
    pub fn number(&self, name: &str, default: usize, most: usize) -> Result<usize, ApiError> {
        let Some(number) = self.params.count(name)? else {
            return Ok(default);
        };
        usize::try_from(number)
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| malformed(&format!("{name}: must be 1 to {most}")))
    }

    /// A text that can be looked for.
    pub fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let text = self.params.text(name);
        check_text(name, text)?;
        Ok(text)
    }

    /// A word that must be given.
    pub fn required<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
        expected: &str,
    ) -> Result<T, ApiError> {
        let word = self.params.word(name, expected)?;
        word.ok_or_else(|| malformed(&format!("{name}: is missing; must be {expected}")))
    }
}

/// The sessions that the parameters choose.
pub fn asked(organization: OrganizationId, params: &Params) -> Result<Asked, ApiError> {
    let filter = session_filter(params)?;
    check_texts(&filter)?;
    let is_exact = params.flag("exact")?.unwrap_or(false);
    Ok(Asked::new(organization, filter, is_exact)?)
}

pub fn malformed(message: &str) -> ApiError {
    ApiError::new(ErrorCode::Malformed, message)
}
