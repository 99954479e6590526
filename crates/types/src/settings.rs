//! What an organization decides about its data: one document, stored as JSON.
//!
//! Everything has a default, and a field that this version does not know is ignored when a stored
//! document is read. So a release can read what a newer or an older one has stored. Who sends a
//! document must name only known fields; the read API checks that.

mod beside;
pub mod issue_rules;
mod pages;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xxhash_rust::xxh3::xxh3_64;

use crate::id::{OrganizationId, SessionId};

pub use beside::{ConsoleSettings, NetworkSettings, RecordingLimits};
pub use issue_rules::IssueRule;
pub use pages::DashboardPage;

#[cfg(test)]
mod tests;

/// The most days that anything is kept.
pub const MAX_DAYS: u16 = 3_650;
/// The most query parameters that are scrubbed by name.
pub const MAX_PARAMETERS: usize = 50;
/// The longest name of a query parameter, in bytes.
const MAX_PARAMETER: usize = 64;
/// The most hosts of assets.
pub const MAX_HOSTS: usize = 100;
/// The longest name of a host, in bytes.
const MAX_HOST: usize = 253;
/// What stands for the id in the address of a trace.
pub const TRACE_ID: &str = "{traceId}";
/// The longest address of a trace, in bytes.
const MAX_TRACE_LINK: usize = 1_000;

/// A setting that cannot be used: `{field}: {problem}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct SettingsError {
    /// Its path in the document.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

/// What an organization decides about its data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct OrganizationSettings {
    /// Which sessions are recorded.
    pub recording: RecordingSettings,
    /// How long data is kept.
    pub retention: RetentionSettings,
    /// What is kept of a visitor's address.
    pub ip_address: AddressPolicy,
    /// What `Sec-GPC: 1` and `DNT: 1` of a browser mean.
    pub consent_signals: SignalPolicy,
    /// What is replaced by `*` before it is stored.
    pub scrubbing: ScrubbingSettings,
    /// Hosts whose pictures and fonts are stored for replays, in lower case, such as
    /// `cdn.shop.example`. Empty: any.
    #[schema(max_items = 100)]
    pub asset_hosts: Vec<String>,
    /// Where people find the trace of a request: an address with `{traceId}`, such as
    /// `https://traces.shop.example/trace/{traceId}`. Absent: requests have no link.
    #[schema(max_length = 1000)]
    pub trace_link: Option<String>,
    /// Pages of the dashboard that users with the role `marketing` may open, and the routes behind
    /// them. Empty: none. Absent: all.
    pub marketing_pages: Option<BTreeSet<DashboardPage>>,
    /// Which public links to recordings admins may make. Those that are not allowed stop working.
    pub public_links: PublicLinks,
    /// How errors are grouped into issues: the first rule whose conditions all hold decides. They
    /// apply to errors that are stored from then on.
    #[schema(max_items = 50)]
    pub issue_rules: Vec<IssueRule>,
}

/// Which public links to recordings an organization allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PublicLinks {
    /// None.
    Off,
    /// Only links that leave out texts and pictures.
    #[default]
    Masked,
    /// Also links that show the recording as it is stored.
    Any,
}

impl PublicLinks {
    /// Whether a link may be made, and works.
    #[must_use]
    pub fn allow(self, is_masked: bool) -> bool {
        match self {
            Self::Off => false,
            Self::Masked => is_masked,
            Self::Any => true,
        }
    }
}

/// Which sessions are recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RecordingSettings {
    /// Whether recordings are stored at all.
    pub enabled: bool,
    /// Share of sessions whose recording is stored, 0 to 1. The session id decides, so a session is
    /// recorded as a whole or not.
    #[schema(minimum = 0, maximum = 1)]
    pub sample_rate: f64,
    /// What is stored of the console of recorded pages.
    pub console: ConsoleSettings,
    /// What is stored of the requests of recorded pages.
    pub network: NetworkSettings,
}

impl Default for RecordingSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            sample_rate: 1.0,
            console: ConsoleSettings::default(),
            network: NetworkSettings::default(),
        }
    }
}

/// The bits of a session's place among all sessions.
const PLACE_BITS: u32 = 24;

/// Six digits in the random part of an id that our SDK made. The SDK decides by the same ones, so
/// it does not record what is not stored.
fn place_in_id(session: &SessionId) -> Option<u32> {
    let id = session.as_str();
    let digits = id.get(id.len().checked_sub(12)?..)?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    are_digits.then(|| u32::from_str_radix(&digits[..6], 16).ok())?
}

fn place_by_hash(organization: &OrganizationId, session: &SessionId) -> u32 {
    let hash = xxh3_64(format!("sample\0{organization}\0{session}").as_bytes());
    u32::try_from(hash >> (64 - PLACE_BITS)).expect("24 bits fit")
}

impl RecordingSettings {
    /// Whether the recording of this session is stored. Every batch of a session gets the same
    /// answer, at every gateway.
    #[must_use]
    pub fn takes(&self, organization: &OrganizationId, session: &SessionId) -> bool {
        if !self.enabled || self.sample_rate >= 1.0 {
            return self.enabled;
        }
        let place = place_in_id(session).unwrap_or_else(|| place_by_hash(organization, session));
        f64::from(place) / f64::from(1 << PLACE_BITS) < self.sample_rate
    }

    /// What is taken from what pages record of console and requests. `None`: nothing.
    #[must_use]
    pub fn limits(&self) -> Option<RecordingLimits> {
        RecordingLimits::of(&self.console, &self.network)
    }
}

/// How long data is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RetentionSettings {
    /// Days from its last event after which the recording of a session is removed. Its events stay.
    /// Absent: as long as the events.
    #[schema(minimum = 1, maximum = 3650)]
    pub recordings_days: Option<u16>,
    /// Days from its last event after which the events of a session are removed, with its recording.
    /// It stays in lists and in analytics. Absent: as long as the session.
    #[schema(minimum = 1, maximum = 3650)]
    pub events_days: Option<u16>,
    /// Days from its last event after which a session is erased. Absent: never.
    #[schema(minimum = 1, maximum = 3650)]
    pub sessions_days: Option<u16>,
    /// A legal hold: nothing is erased because of its age.
    pub hold: bool,
}

impl RetentionSettings {
    fn check(&self) -> Result<(), SettingsError> {
        let mut shortest = (0, "");
        for (field, days) in [
            ("retention.recordingsDays", self.recordings_days),
            ("retention.eventsDays", self.events_days),
            ("retention.sessionsDays", self.sessions_days),
        ] {
            let Some(days) = days else { continue };
            if !(1..=MAX_DAYS).contains(&days) {
                let problem = format!("must be 1 to {MAX_DAYS} days, or null");
                return Err(SettingsError { field, problem });
            }
            let (least, part) = shortest;
            if days < least {
                let problem = format!("must be at least the {least} days of {part}");
                return Err(SettingsError { field, problem });
            }
            shortest = (days, field);
        }
        Ok(())
    }
}

/// What is kept of a visitor's address. The country is looked up before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AddressPolicy {
    /// What `ingest.ip_policy` of the installation keeps.
    #[default]
    Keep,
    /// At most the first 24 bits of IPv4 and the first 48 of IPv6.
    Truncate,
    /// Nothing.
    Drop,
}

/// What `Sec-GPC: 1` and `DNT: 1` of a browser mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignalPolicy {
    /// Nothing is stored.
    Drop,
    /// Nothing is stored that names the visitor, and nothing that the visitor typed.
    #[default]
    Anonymous,
    /// They change nothing.
    Ignore,
}

/// What is replaced by `*` in texts of pages, in inputs, in URLs and in data of events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ScrubbingSettings {
    /// E-mail addresses.
    pub email: bool,
    /// Numbers of payment cards.
    pub card: bool,
    /// International bank account numbers.
    pub iban: bool,
    /// Telephone numbers.
    pub phone: bool,
    /// JSON web tokens, API keys of CROW and of well-known services, and private keys.
    pub secrets: bool,
    /// Query parameters of URLs whose values are replaced; upper and lower case are the same.
    #[schema(max_items = 50)]
    pub query_parameters: Vec<String>,
}

impl ScrubbingSettings {
    /// Whether anything is to be replaced.
    #[must_use]
    pub fn is_on(&self) -> bool {
        let Self {
            email,
            card,
            iban,
            phone,
            secrets,
            query_parameters,
        } = self;
        *email || *card || *iban || *phone || *secrets || !query_parameters.is_empty()
    }
}

impl OrganizationSettings {
    /// Rejects values out of range, and names the first one.
    ///
    /// # Errors
    /// When a value cannot be used.
    pub fn check(&self) -> Result<(), SettingsError> {
        let refuse = |field, problem: String| Err(SettingsError { field, problem });
        if !(0.0..=1.0).contains(&self.recording.sample_rate) {
            return refuse("recording.sampleRate", "must be 0 to 1".to_owned());
        }
        beside::check(&self.recording.console, &self.recording.network)?;
        self.retention.check()?;
        let parameters = &self.scrubbing.query_parameters;
        let field = "scrubbing.queryParameters";
        if parameters.len() > MAX_PARAMETERS {
            return refuse(field, format!("must be at most {MAX_PARAMETERS} names"));
        }
        if let Some(name) = parameters.iter().find(|name| !is_parameter(name)) {
            let rule = "must be 1 to 64 letters, digits or any of `-_.~[]$:`";
            return refuse(field, format!("{name:?} {rule}"));
        }
        if self.asset_hosts.len() > MAX_HOSTS {
            return refuse("assetHosts", format!("must be at most {MAX_HOSTS} hosts"));
        }
        if let Some(host) = self.asset_hosts.iter().find(|host| !is_host(host)) {
            let rule = "must be a host name in lower case, without scheme, port and path";
            return refuse("assetHosts", format!("{host:?} {rule}"));
        }
        if let Some(link) = self
            .trace_link
            .as_deref()
            .filter(|link| !is_trace_link(link))
        {
            let rule = format!("must be an http or https address with {TRACE_ID} after its host");
            return refuse("traceLink", format!("{link:?} {rule}"));
        }
        issue_rules::check(&self.issue_rules)
    }

    /// Whether pictures and fonts of this address may be stored.
    #[must_use]
    pub fn takes_asset(&self, address: &str) -> bool {
        if self.asset_hosts.is_empty() {
            return true;
        }
        let url = url::Url::parse(address).ok();
        let host = url.as_ref().and_then(url::Url::host_str);
        host.is_some_and(|host| self.asset_hosts.iter().any(|allowed| allowed == host))
    }
}

fn is_parameter(name: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.~[]$:".contains(&b);
    (1..=MAX_PARAMETER).contains(&name.len()) && name.bytes().all(is_allowed)
}

/// Whether it is an address of the web, and the id of the trace does not decide whose.
fn is_trace_link(link: &str) -> bool {
    let of = |id: &str| url::Url::parse(&link.replace(TRACE_ID, id)).ok();
    let (Some(one), Some(other)) = (of("0"), of("1")) else {
        return false;
    };
    link.len() <= MAX_TRACE_LINK
        && matches!(one.scheme(), "http" | "https")
        && one.origin() == other.origin()
        && one != other
        && (one.username(), one.password()) == ("", None)
}

/// Whether it is a host as an address has it: a name, an IPv4 address, or an IPv6 address in
/// brackets.
fn is_host(host: &str) -> bool {
    if !(1..=MAX_HOST).contains(&host.len()) {
        return false;
    }
    let url = url::Url::parse(&format!("https://{host}/")).ok();
    url.is_some_and(|url| {
        url.as_str() == format!("https://{host}/") && url.host_str() == Some(host)
    })
}
