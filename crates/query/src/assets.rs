//! Pictures and fonts of recorded pages, shared by all interfaces.

use bytes::Bytes;
use crow_db::assets::read;
use crow_types::{AssetUrl, ContentHash, OrganizationId, Timestamp};

use crate::ask::assets::{AssetsQuestion, OneAsset};
use crate::error::{Error, Result};
use crate::use_cases::UseCases;

/// The stored version of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAsset {
    /// The address as the caller wrote it.
    pub url: String,
    /// The hash of the bytes.
    pub content: ContentHash,
    /// The type detected from the bytes.
    pub mime_type: String,
    /// The number of bytes.
    pub length: i64,
}

impl UseCases {
    /// The versions that these addresses had at a moment. Leaves out an address that cannot belong
    /// to an asset.
    pub async fn assets_at(
        &self,
        organization: &OrganizationId,
        asked: &AssetsQuestion,
    ) -> Result<Vec<FoundAsset>> {
        asked.check()?;
        let parse = |given: &String| Some((given.clone(), AssetUrl::parse(given).ok()?));
        let urls: Vec<_> = asked.urls.iter().filter_map(parse).collect();
        let at = Timestamp(asked.at);
        let hashes: Vec<_> = urls
            .iter()
            .map(|(_, url)| url.hash_in(organization))
            .collect();
        let versions = read::versions_at(&self.db, organization, &hashes, at).await?;
        let found = urls.iter().zip(hashes).filter_map(|((given, _), hash)| {
            let version = versions.get(&hash)?;
            Some(FoundAsset {
                url: given.clone(),
                content: ContentHash::from_bytes(&version.content_hash)?,
                mime_type: version.mime_type.clone(),
                length: version.byte_length,
            })
        });
        Ok(found.collect())
    }

    /// The bytes with this hash, and their type.
    pub async fn asset(
        &self,
        organization: &OrganizationId,
        asked: &OneAsset,
    ) -> Result<(String, Bytes)> {
        let content: ContentHash = asked.hash.0.parse().map_err(|_malformed| Error::NotFound)?;
        let version = read::content(&self.db, organization, content)
            .await?
            .ok_or(Error::NotFound)?;
        let bytes = match self.store.get(&version.object_key).await {
            // The sweeper removed the object first.
            Err(crow_storage::Error::NotFound { .. }) => return Err(Error::NotFound),
            outcome => outcome?,
        };
        Ok((version.mime_type, bytes))
    }
}
