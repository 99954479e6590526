//! One upload: a line of JSON, then the bytes of the asset.
//!
//! The line is read first. The rest is read only if the sender is known and the asset is wanted.
//! [`crow_db::assets::store`] explains how an upload is stored and what a crash leaves behind.

use std::time::Duration;

use actix_web::web::Payload;
use bytes::Bytes;
use futures::StreamExt;
use governor::clock::{Clock, DefaultClock};
use memchr::memchr;
use tracing::warn;

use crow_db::archive;
use crow_db::assets::store::{self, Outcome, Upload};
use crow_storage::{Store, keys};
use crow_types::{AssetUrl, ContentHash, ErrorCode, OrganizationId, Timestamp, UrlHash};
use crow_web::ApiError;
use crow_web::body::Parts;

use super::{Assets, sniff};
use crate::blocking::offload;
use crate::decode::malformed;
use crate::inflight::Reservation;

/// The longest first line, in bytes.
pub(crate) const MAX_HEAD: usize = 16 << 10;
/// Larger assets are processed on another thread.
const OFFLOAD_BYTES: usize = 64 << 10;
/// How often an upload is attempted when the sweeper removes its object first.
const ATTEMPTS: usize = 3;

/// A body with a first line that describes the rest.
pub(crate) struct Body<'a> {
    payload: Payload,
    parts: Parts,
    /// Length of the first line with its line feed.
    head: usize,
    /// Largest asset, in bytes.
    max: usize,
    reservation: &'a mut Reservation,
}

impl<'a> Body<'a> {
    pub(crate) fn new(payload: Payload, max: usize, reservation: &'a mut Reservation) -> Self {
        Self {
            payload,
            parts: Parts::up_to(MAX_HEAD + max),
            head: 0,
            max,
            reservation,
        }
    }

    /// The first line.
    pub(crate) async fn head(&mut self, at_most: Duration) -> Result<Bytes, ApiError> {
        within(at_most, self.read_head()).await
    }

    /// Everything after the first line.
    pub(crate) async fn rest(mut self, at_most: Duration) -> Result<Bytes, ApiError> {
        within(at_most, async {
            while self.parts.as_slice().len() <= self.head + self.max {
                if !self.read_part().await? {
                    return Ok(self.parts.joined().slice(self.head..));
                }
            }
            Err(too_large(self.max))
        })
        .await
    }

    async fn read_head(&mut self) -> Result<Bytes, ApiError> {
        let mut searched = 0;
        loop {
            let read = self.parts.as_slice();
            if let Some(place) = memchr(b'\n', &read[searched..]) {
                let line = Bytes::copy_from_slice(&read[..searched + place]);
                self.head = line.len() + 1;
                return Ok(line);
            }
            searched = read.len();
            if searched > MAX_HEAD {
                let message = format!("the first line must have at most {MAX_HEAD} bytes");
                return Err(malformed(message).into());
            }
            if !self.read_part().await? {
                let message = "the body must be a line of JSON and then the bytes of the asset";
                return Err(malformed(message).into());
            }
        }
    }

    /// Returns false at the end of the body.
    async fn read_part(&mut self) -> Result<bool, ApiError> {
        let Some(part) = self.payload.next().await else {
            return Ok(false);
        };
        let part =
            part.map_err(|_cut_off| malformed("the body was cut off or is not framed correctly"))?;
        let reservation = &mut *self.reservation;
        self.parts
            .add(part, &mut |bytes| reservation.resize(bytes))?;
        Ok(true)
    }
}

async fn within<T>(
    at_most: Duration,
    reading: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, ApiError> {
    tokio::time::timeout(at_most, reading)
        .await
        .map_err(|_elapsed| {
            let seconds = at_most.as_secs_f32();
            let message = format!("the body did not arrive within {seconds} s");
            ApiError::new(ErrorCode::Timeout, message)
        })?
}

pub(crate) fn too_large(max: usize) -> ApiError {
    let message = format!("an asset may have at most {max} bytes");
    ApiError::new(ErrorCode::TooLarge, message)
}

pub(crate) fn not_wanted() -> ApiError {
    ApiError::new(
        ErrorCode::NotWanted,
        "this asset is not wanted; upload only what the `wantAssets` of a receipt names",
    )
}

fn cannot_store(error: impl Into<anyhow::Error>) -> ApiError {
    warn!(
        error = format!("{:#}", error.into()),
        "cannot store an asset"
    );
    ApiError::unavailable("assets cannot be stored at the moment; send the same request again")
}

impl Assets {
    /// Checks whether an upload may proceed, before its bytes are read.
    pub(crate) async fn check_upload(
        &self,
        organization: &OrganizationId,
        url: UrlHash,
    ) -> Result<(), ApiError> {
        if !self.config.enabled {
            return Err(not_wanted());
        }
        self.check_rate(organization)?;
        let is_asked_for = store::is_asked_for(&self.db, organization, url).await;
        if is_asked_for.map_err(cannot_store)? {
            Ok(())
        } else {
            Err(not_wanted())
        }
    }

    fn check_rate(&self, organization: &OrganizationId) -> Result<(), ApiError> {
        let Some(uploads) = &self.uploads else {
            return Ok(());
        };
        uploads.check_key(organization).map_err(|denied| {
            let wait = denied.wait_time_from(DefaultClock::default().now());
            let seconds = u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
            metrics::counter!("crow_ingest_rate_limited_total", "by" => "assets").increment(1);
            ApiError::new(
                ErrorCode::RateLimited,
                "too many assets of this organization were uploaded in the last minute",
            )
            .retry_after(seconds.max(1))
        })
    }

    /// Stores the bytes of an address. They are durable when this returns.
    pub(crate) async fn take(
        &self,
        objects: &Store,
        organization: &OrganizationId,
        url: &AssetUrl,
        bytes: Bytes,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let hashed = bytes.clone();
        let look = move || (sniff::mime_type(&hashed), ContentHash::of(&hashed));
        let (mime_type, content) = offload(bytes.len() > OFFLOAD_BYTES, look).await?;
        let mime_type = mime_type.ok_or_else(|| {
            ApiError::new(
                ErrorCode::UnsupportedMedia,
                "the bytes are not a supported picture (png, jpeg, gif, webp, avif, bmp, ico, svg) or font (woff, woff2, ttf, otf)",
            )
        })?;
        let upload = Upload {
            organization: organization.clone(),
            url: url.hash_in(organization),
            content,
            mime_type,
            length: bytes.len() as u64,
        };
        match self.store(objects, &upload, &bytes, now).await? {
            Outcome::Stored | Outcome::Same => {
                self.on_stored(upload.url, now);
                Ok(())
            }
            Outcome::NotWanted => Err(not_wanted()),
            Outcome::NeedsObject | Outcome::Swept => Err(ApiError::unavailable(
                "the asset could not be stored; send the same request again",
            )),
        }
    }

    async fn store(
        &self,
        objects: &Store,
        upload: &Upload,
        bytes: &Bytes,
        now: Timestamp,
    ) -> Result<Outcome, ApiError> {
        let refresh = self.config.refresh_ms();
        let mut outcome = store::store(&self.db, upload, None, refresh, now)
            .await
            .map_err(cannot_store)?;
        for _ in 0..ATTEMPTS {
            if !matches!(outcome, Outcome::NeedsObject | Outcome::Swept) {
                break;
            }
            self.check_space(upload).await?;
            let key = keys::new_asset(upload.organization.as_str(), &upload.content, now);
            archive::note(&self.db, &key).await.map_err(cannot_store)?;
            objects
                .put(&key, bytes.clone())
                .await
                .map_err(cannot_store)?;
            outcome = store::store(&self.db, upload, Some(&key), refresh, now)
                .await
                .map_err(cannot_store)?;
        }
        Ok(outcome)
    }

    async fn check_space(&self, upload: &Upload) -> Result<(), ApiError> {
        let limit = self.config.organization_bytes;
        let used = store::used_bytes(&self.db, &upload.organization)
            .await
            .map_err(cannot_store)?;
        if used.saturating_add(upload.length) <= limit {
            return Ok(());
        }
        self.full.insert(upload.organization.clone(), ());
        Err(ApiError::new(
            ErrorCode::TooLarge,
            format!("the assets of this organization would have more than {limit} bytes"),
        ))
    }
}
