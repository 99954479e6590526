//! What an organization and its visitor allow to be stored of a batch.
//!
//! It is applied after validation and before publishing, so what is not allowed never leaves the
//! gateway. In this order: the signal of the browser, the visitor's consent, whether the session is
//! recorded, what it may hold beside what pages show, and what is scrubbed.

use std::sync::Arc;

use actix_web::http::header::{DNT, HeaderMap, HeaderName};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use crow_proto::events::{Batch, Client, Context, Kind, Page};
use crow_scrub::Scrubber;
use crow_types::settings::{AddressPolicy, OrganizationSettings, SignalPolicy};
use crow_types::{OrganizationId, SessionId};

use crate::beside;
use crate::config::IpPolicy;
use crate::outcome::{self, Lane};
use crate::settings::Policy;

const SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");

/// What a browser says about its person's wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Global Privacy Control.
    Gpc,
    /// Do Not Track.
    Dnt,
}

impl Signal {
    /// The first is the stronger one.
    fn read(headers: &HeaderMap) -> Option<Self> {
        let is_set = |name: HeaderName| {
            let mut values = headers.get_all(name);
            values.any(|value| value.as_bytes().trim_ascii() == b"1")
        };
        if is_set(SEC_GPC) {
            Some(Self::Gpc)
        } else {
            is_set(DNT).then_some(Self::Dnt)
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Gpc => "gpc",
            Self::Dnt => "dnt",
        }
    }
}

/// Why nothing of a batch is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotStored {
    /// The browser sent `Sec-GPC: 1` or `DNT: 1`, and the organization stores nothing then.
    PrivacySignal,
    /// `context.consent` says that the visitor denied it.
    ConsentDenied,
    /// The session, its user or the organization was erased.
    Erased,
}

impl NotStored {
    fn as_str(self) -> &'static str {
        match self {
            Self::PrivacySignal => "privacy_signal",
            Self::ConsentDenied => "consent_denied",
            Self::Erased => "erased",
        }
    }
}

/// What is left of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Allowed {
    /// Why its items are gone.
    pub not_stored: Option<NotStored>,
    /// Its replay events are gone, because the session is not recorded.
    pub not_recorded: bool,
    /// There is nothing to publish.
    pub is_silent: bool,
}

impl Allowed {
    /// Nothing, because it was erased.
    pub(crate) fn erased(batch: &mut Batch) -> Self {
        remove_items(batch, NotStored::Erased);
        Self {
            not_stored: Some(NotStored::Erased),
            is_silent: true,
            ..Self::default()
        }
    }
}

/// What applies to a request.
#[derive(Debug, Clone)]
pub(crate) struct Privacy {
    policy: Arc<Policy>,
    signal: Option<Signal>,
}

impl Privacy {
    pub(crate) fn new(policy: Arc<Policy>, headers: &HeaderMap) -> Self {
        let signal = match policy.settings.consent_signals {
            SignalPolicy::Ignore => None,
            SignalPolicy::Drop | SignalPolicy::Anonymous => Signal::read(headers),
        };
        Self { policy, signal }
    }

    /// The settings of the organization.
    pub(crate) fn settings(&self) -> &OrganizationSettings {
        &self.policy.settings
    }

    /// What is kept of the address: the strictest of what installation, organization and visitor
    /// want.
    pub(crate) fn ip_policy(&self, of_installation: IpPolicy) -> IpPolicy {
        if self.signal.is_some() {
            return IpPolicy::Drop;
        }
        match (self.settings().ip_address, of_installation) {
            (AddressPolicy::Keep, policy) => policy,
            (AddressPolicy::Truncate, IpPolicy::Full | IpPolicy::Truncate) => IpPolicy::Truncate,
            (AddressPolicy::Truncate, IpPolicy::Drop) | (AddressPolicy::Drop, _) => IpPolicy::Drop,
        }
    }

    /// Whether the recording of a session is stored.
    pub(crate) fn is_recorded(&self, organization: &OrganizationId, session: &SessionId) -> bool {
        self.settings().recording.takes(organization, session)
    }

    /// Whether [`Self::apply`] reads all of a batch.
    pub(crate) fn takes_time(&self) -> bool {
        self.signal.is_some()
            || self.policy.scrubber.is_some()
            || beside::is_limited(&self.settings().recording)
    }

    /// Removes what may not be stored, and counts removed items.
    pub(crate) fn apply(
        &self,
        batch: &mut Batch,
        organization: &OrganizationId,
        session: &SessionId,
    ) -> Allowed {
        let policy = self.settings().consent_signals;
        if let (Some(_signal), SignalPolicy::Drop) = (self.signal, policy) {
            remove_items(batch, NotStored::PrivacySignal);
            return Allowed {
                not_stored: Some(NotStored::PrivacySignal),
                is_silent: true,
                ..Allowed::default()
            };
        }
        if is_denied(batch) {
            remove_items(batch, NotStored::ConsentDenied);
            keep_only_decision(batch);
            return Allowed {
                not_stored: Some(NotStored::ConsentDenied),
                // A start would make a session.
                is_silent: batch.kind() == Kind::Start,
                ..Allowed::default()
            };
        }
        if let Some(signal) = self.signal {
            make_anonymous(batch, signal);
        }
        let is_recorded = batch.replay.is_empty() || self.is_recorded(organization, session);
        if !is_recorded {
            outcome::count_dropped("not_recorded", Lane::Replay, batch.replay.len());
            batch.replay.clear();
        }
        let recording = &self.settings().recording;
        if beside::is_limited(recording) {
            let gone = beside::limit(&mut batch.replay, recording);
            outcome::count_dropped("switched_off", Lane::Replay, gone);
        }
        if let Some(scrubber) = &self.policy.scrubber {
            scrub(batch, scrubber);
        }
        Allowed {
            not_recorded: !is_recorded,
            ..Allowed::default()
        }
    }
}

fn is_denied(batch: &Batch) -> bool {
    let consent = batch.context.as_ref().and_then(|it| it.consent.as_ref());
    consent.is_some_and(|consent| consent.state == "denied")
}

fn remove_items(batch: &mut Batch, reason: NotStored) {
    outcome::count_dropped(reason.as_str(), Lane::Events, batch.events.len());
    outcome::count_dropped(reason.as_str(), Lane::Replay, batch.replay.len());
    batch.events.clear();
    batch.replay.clear();
}

/// The number of the batch is kept, so that nobody looks for it, and the decision, for the session
/// that the visitor had agreed to before.
fn keep_only_decision(batch: &mut Batch) {
    let consent = batch.context.take().and_then(|context| context.consent);
    batch.context = Some(Context {
        consent,
        ..Context::default()
    });
    batch.client = Some(Client::default());
    batch.exit_context = Bytes::new();
    batch.set_page(Page::Unspecified);
}

/// Removes what names the visitor, and what the visitor typed.
fn make_anonymous(batch: &mut Batch, signal: Signal) {
    let client = batch.client.get_or_insert_default();
    client.ip_address.clear();
    signal.as_str().clone_into(&mut client.privacy_signal);
    if let Some(context) = &mut batch.context {
        context.user_id.clear();
        context.visitor_id.clear();
        context.traits = Bytes::new();
    }
    batch.exit_context = Bytes::new();
    for event in &mut batch.events {
        match event.r#type.as_str() {
            "identify" => event.data = Bytes::new(),
            "input" | "change" => crow_scrub::mask_inputs(&mut event.data),
            _ => {}
        }
    }
    for event in &mut batch.replay {
        crow_scrub::mask_recorded_inputs(&mut event.data);
    }
}

/// Ids are not scrubbed, neither are names and types of events.
fn scrub(batch: &mut Batch, scrubber: &Scrubber) {
    if let Some(context) = &mut batch.context {
        scrubber.url(&mut context.url);
        scrubber.url(&mut context.referrer);
        scrubber.text(&mut context.title);
        scrubber.data(&mut context.traits);
    }
    scrubber.data(&mut batch.exit_context);
    for event in &mut batch.events {
        scrubber.url(&mut event.url);
        match event.r#type.as_str() {
            "input" | "change" => scrubber.input_data(&mut event.data),
            _ => scrubber.data(&mut event.data),
        }
    }
    for event in &mut batch.replay {
        scrubber.recorded(&mut event.data);
    }
}
