//! Public links to recordings.
//!
//! A link is a right of its own: whoever has it sees the recording of one session and the pictures and
//! fonts of that session, and nothing else. [`Shared`] proves that a link was checked: secret,
//! expiry, the organization's setting, and that the recording still exists. It is checked with
//! each request, so revoking has effect at once.

use crow_auth::LinkToken;
use crow_db::assets::read::{self as assets, VersionRow};
use crow_db::audit_log::Actor;
use crow_db::records::StoredSession;
use crow_db::replay_links::{self, MAX_LINKS, Made, ReplayLinkRow};
use crow_db::settings;
use crow_types::{AssetUrl, ContentHash, ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use super::{SessionReplay, UseCases};
use crate::ask::assets::{AssetsQuestion, OneAsset};
use crate::ask::replay::GetReplay;
use crate::ask::shared::{ListLinks, MakeLink, OneLink, SharedReplay};
use crate::ask::values::{Moment, Name};
use crate::assets::FoundAsset;
use crate::error::{Error, Result};
use crate::replay::shown::Shown;
use crate::windows::{self, Gap};

const HOUR: i64 = 3_600_000;

/// A session that a link shows. Only [`UseCases::shared`] makes one.
#[derive(Debug)]
pub struct Shared {
    organization: OrganizationId,
    link: ReplayLinkRow,
    session: StoredSession,
}

impl Shared {
    /// The link, which holds no secret.
    pub fn link(&self) -> &ReplayLinkRow {
        &self.link
    }

    /// The first and the last moment that are shown, milliseconds since the epoch.
    pub fn range(&self) -> (i64, i64) {
        let session = &self.session.record;
        let from = self.link.from_at.unwrap_or(i64::MIN);
        let to = self.link.to_at.unwrap_or(i64::MAX);
        (
            from.max(session.started_at),
            to.min(session.last_event_at.max(session.started_at)),
        )
    }

    /// Whether assets of this type are shown.
    fn shows(&self, mime_type: &str) -> bool {
        !self.link.is_masked || mime_type.starts_with("font/")
    }

    /// Batches of the session that never arrived.
    pub fn gaps(&self) -> Vec<Gap> {
        windows::parse(&self.session.record.windows).1
    }
}

impl UseCases {
    /// Makes a link to a recording. Returns the token for the link, which cannot be shown again.
    ///
    /// # Errors
    /// `forbidden` when the organization does not allow such links, `not_found` without such a session,
    /// `unprocessable` when the session is not over or has no recording, `conflict` when the
    /// organization has as many links as fit.
    pub async fn make_link(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        asked: &MakeLink,
    ) -> std::result::Result<(ReplayLinkRow, LinkToken), ApiError> {
        asked.check()?;
        let settings = settings::read(&self.db, organization).await;
        let allowed = settings.map_err(Error::from)?.settings.public_links;
        if !allowed.allow(asked.is_masked) {
            return Err(not_allowed(asked.is_masked));
        }
        let name = Name(asked.session_id.clone());
        let session = self.row(organization, &name).await?.record;
        let is_outside = asked.from.is_some_and(|from| from > session.last_event_at)
            || asked.to.is_some_and(|to| to < session.started_at);
        if is_outside {
            let text = "from: the session has nothing in this range".to_owned();
            return Err(Error::Malformed(text).into_api());
        }
        let token = LinkToken::generate().map_err(|error| ApiError::internal(&error))?;
        let now = Timestamp::now().0;
        let row = ReplayLinkRow {
            id: token.id().to_owned(),
            organization_id: organization.as_str().to_owned(),
            session_id: session.id,
            secret_hash: token.hash(),
            is_masked: asked.is_masked,
            from_at: asked.from,
            to_at: asked.to,
            created_by: by.id.clone(),
            created_at: now,
            expires_at: now + i64::from(asked.expires_in_hours) * HOUR,
            opened: 0,
            last_opened_at: None,
        };
        let made = replay_links::insert(&self.db, by, row.clone()).await;
        match made.map_err(Error::from)? {
            Made::Done => Ok((row, token)),
            Made::NoRecording => Err(ApiError::new(
                ErrorCode::Unprocessable,
                "the session is not over, or has no recording",
            )),
            Made::TooMany => Err(ApiError::new(
                ErrorCode::Conflict,
                format!("the organization has {MAX_LINKS} public links; revoke one"),
            )),
        }
    }

    /// The links of an organization that have not expired, newest first.
    pub async fn links(
        &self,
        organization: &OrganizationId,
        asked: &ListLinks,
    ) -> Result<Vec<ReplayLinkRow>> {
        let session = match &asked.session {
            Some(name) => Some(self.row(organization, name).await?.record.id),
            None => None,
        };
        let (now, session) = (Timestamp::now(), session.as_deref());
        Ok(replay_links::list(&self.db, organization, session, now).await?)
    }

    /// Ends a link at once.
    pub async fn revoke_link(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        asked: &OneLink,
    ) -> Result<()> {
        let (id, now) = (asked.link.stored()?, Timestamp::now());
        if replay_links::revoke(&self.db, by, organization, id, now).await? {
            return Ok(());
        }
        Err(Error::NotFound)
    }

    /// What the link with this token shows.
    ///
    /// # Errors
    /// `NotFound` when no link has this token, it has expired, the organization does not allow it, or
    /// there is no recording any more. The caller cannot tell which.
    pub async fn shared(&self, token: &str) -> Result<Shared> {
        let token = LinkToken::parse(token).ok_or(Error::NotFound)?;
        let link = replay_links::find(&self.db, token.id(), Timestamp::now()).await?;
        let link = link.ok_or(Error::NotFound)?;
        if !token.has_hash(&link.secret_hash) {
            return Err(Error::NotFound);
        }
        #[expect(clippy::disallowed_methods, reason = "the link is the right to it")]
        let organization = OrganizationId::new(link.organization_id.clone());
        let organization = organization.map_err(|_malformed| Error::NotFound)?;
        let settings = settings::read(&self.db, &organization).await?.settings;
        if !settings.public_links.allow(link.is_masked) {
            return Err(Error::NotFound);
        }
        let name = Name(link.session_id.clone());
        let session = self.row(&organization, &name).await?;
        if session.record.id != link.session_id || !session.record.has_replay {
            return Err(Error::NotFound);
        }
        Ok(Shared {
            organization,
            link,
            session,
        })
    }

    /// Counts that a link was opened.
    pub async fn note_opened(&self, shared: &Shared) -> Result<()> {
        let now = Timestamp::now();
        Ok(replay_links::note_opened(&self.db, &shared.link, now).await?)
    }

    /// The recording that a link shows, from a moment on.
    pub async fn shared_replay(
        &self,
        shared: &Shared,
        asked: &SharedReplay,
    ) -> Result<SessionReplay> {
        let link = &shared.link;
        let earliest = link.from_at.unwrap_or(i64::MIN);
        let from = asked.from.map(|from| from.0.max(earliest)).or(link.from_at);
        let latest = link.to_at.unwrap_or(i64::MAX);
        let asked = GetReplay {
            session: Name(link.session_id.clone()),
            format: None,
            from: from.map(|from| Moment(from.min(latest))),
            to: link.to_at.map(Moment),
        };
        let found = self.replay(&shared.organization, &asked).await?;
        Ok(SessionReplay {
            replay: found.replay.showing(Shown::for_public(link.is_masked)),
            ..found
        })
    }

    /// The stored versions of these addresses, of those that the session has shown. A masked link has
    /// fonts only: even the address of a picture tells what the visitor saw.
    pub async fn shared_assets(
        &self,
        shared: &Shared,
        asked: &AssetsQuestion,
    ) -> Result<Vec<FoundAsset>> {
        asked.check()?;
        let organization = &shared.organization;
        let session = &shared.session.record.session_id;
        let shown = assets::shown_by(&self.db, organization, session).await?;
        let is_shown = |url: &&String| {
            let url = AssetUrl::parse(url).ok();
            url.is_some_and(|url| shown.contains(&url.hash_in(organization).short()))
        };
        let asked = AssetsQuestion {
            at: asked.at,
            urls: asked.urls.iter().filter(is_shown).cloned().collect(),
        };
        let mut found = self.assets_at(organization, &asked).await?;
        found.retain(|asset| shared.shows(&asset.mime_type));
        Ok(found)
    }

    /// The bytes with this hash, and their type, if the session has shown an address with them.
    pub async fn shared_asset(
        &self,
        shared: &Shared,
        asked: &OneAsset,
    ) -> Result<(String, bytes::Bytes)> {
        let content: ContentHash = asked.hash.0.parse().map_err(|_malformed| Error::NotFound)?;
        let organization = &shared.organization;
        let versions = assets::versions_of(&self.db, organization, content).await?;
        if versions.is_empty() {
            return Err(Error::NotFound);
        }
        let session = &shared.session.record.session_id;
        let shown = assets::shown_by(&self.db, organization, session).await?;
        let is_shown = |short: &[u8]| shown.iter().any(|one| one.as_slice() == short);
        let is_of_session = versions
            .iter()
            .any(|version| version.url_hash.get(..8).is_some_and(is_shown));
        let is_shown = |version: &VersionRow| shared.shows(&version.mime_type);
        if !is_of_session || !versions.iter().all(is_shown) {
            return Err(Error::NotFound);
        }
        self.asset(organization, asked).await
    }
}

fn not_allowed(is_masked: bool) -> ApiError {
    let what = if is_masked {
        "public links"
    } else {
        "public links that are not masked"
    };
    let message = format!(
        "your organization does not allow {what}; an admin can change the setting `publicLinks`"
    );
    ApiError::new(ErrorCode::Forbidden, message)
}
