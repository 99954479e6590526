use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use percent_encoding::percent_decode_str;
use secrecy::ExposeSecret;

use crate::config::StorageConfig;
use crate::error::{Error, Result};

/// What the library calls a folder in its errors.
const FOLDER: &str = "LocalFileSystem";
/// In bytes. A chunk is far smaller, and only a damaged row says otherwise.
const LONGEST_RANGE: u64 = 1 << 30;

/// An object store. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    retries: usize,
}

impl Store {
    /// Opens the store that the configuration names. Makes no request yet.
    pub fn open(config: &StorageConfig) -> Result<Self> {
        let inner: Arc<dyn ObjectStore> = match config.url.split_once("://") {
            Some(("file", folder)) => open_folder(folder)?,
            Some(("s3", place)) => open_s3(config, place)?,
            _ => {
                return Err(Error::Config(
                    "storage.url must begin with file:// or s3://".to_owned(),
                ));
            }
        };
        Ok(Self {
            inner,
            retries: config.retries,
        })
    }

    /// Any store, for tests that inject faults.
    #[must_use]
    pub fn with(inner: Arc<dyn ObjectStore>) -> Self {
        Self { inner, retries: 0 }
    }

    /// Writes an object and checks its size. When this returns the object is durable.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<()> {
        let outcome = self.retrying(|| self.put_once(key, bytes.clone())).await;
        count("put", &outcome);
        metrics::counter!("crow_storage_written_bytes_total").increment(bytes.len() as u64);
        outcome
    }

    async fn put_once(&self, key: &str, bytes: Bytes) -> Result<()> {
        let written = bytes.len() as u64;
        let path = Path::from(key);
        self.inner
            .put(&path, bytes.into())
            .await
            .map_err(|error| Error::store("writing", key, error))?;
        let found = match self.inner.head(&path).await {
            Ok(found) => Some(found.size),
            // The store lost it or does not show it yet. Another attempt writes it again.
            Err(object_store::Error::NotFound { .. }) => None,
            Err(error) => return Err(Error::store("checking", key, error)),
        };
        if found == Some(written) {
            Ok(())
        } else {
            Err(Error::Truncated {
                key: key.to_owned(),
                written,
                found: found.unwrap_or(0),
            })
        }
    }

    /// Reads a whole object.
    pub async fn get(&self, key: &str) -> Result<Bytes> {
        let path = Path::from(key);
        let outcome = self
            .retrying(|| async {
                let found = self
                    .inner
                    .get(&path)
                    .await
                    .map_err(|error| Error::store("reading", key, error))?;
                found
                    .bytes()
                    .await
                    .map_err(|error| Error::store("reading", key, error))
            })
            .await;
        count("get", &outcome);
        outcome
    }

    /// Reads a byte range of an object.
    ///
    /// # Errors
    /// Also when the range is longer than any that is written. Its memory is taken before it is read.
    pub async fn get_range(&self, key: &str, range: Range<u64>) -> Result<Bytes> {
        if range.end.saturating_sub(range.start) > LONGEST_RANGE {
            return Err(Error::Corrupt(format!(
                "bytes {} to {} of {key} are no chunk",
                range.start, range.end
            )));
        }
        let (path, ranges) = (Path::from(key), [range]);
        let outcome = self
            .retrying(|| async {
                // A folder is read in one step this way, and a bucket in one request.
                let read = match self.inner.get_ranges(&path, &ranges).await {
                    Ok(read) => Ok(read.into_iter().next().unwrap_or_default()),
                    // It has no part of a range that is longer than the object.
                    Err(object_store::Error::Generic { store: FOLDER, .. }) => {
                        self.inner.get_range(&path, ranges[0].clone()).await
                    }
                    Err(error) => Err(error),
                };
                read.map_err(|error| Error::store("reading", key, error))
            })
            .await;
        count("get_range", &outcome);
        outcome
    }

    /// Whether there is such an object.
    pub async fn exists(&self, key: &str) -> Result<bool> {
        Ok(self.size(key).await?.is_some())
    }

    /// The bytes of an object; `None`: there is no such object.
    pub async fn size(&self, key: &str) -> Result<Option<u64>> {
        let path = Path::from(key);
        let found = self
            .retrying(|| async {
                let head = self.inner.head(&path).await;
                head.map_err(|error| Error::store("looking for", key, error))
            })
            .await;
        match found {
            Ok(found) => Ok(Some(found.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes an object. A missing object is not an error.
    pub async fn delete(&self, key: &str) -> Result<()> {
        let outcome = match self.inner.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::store("deleting", key, error)),
        };
        count("delete", &outcome);
        outcome
    }

    /// The keys below a prefix, as they were given when the objects were written.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>> {
        self.inner
            .list(Some(&Path::from(prefix)))
            // Some characters, such as `~` in the name of an organization, are stored as `%7E`.
            .map_ok(|object| {
                let key = percent_decode_str(object.location.as_ref());
                key.decode_utf8_lossy().into_owned()
            })
            .try_collect()
            .await
            .map_err(|error| Error::store("listing", prefix, error))
    }

    /// Retries failures that may be temporary, with growing pauses and jitter.
    async fn retrying<T, F: Future<Output = Result<T>>>(
        &self,
        call: impl FnMut() -> F,
    ) -> Result<T> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(2))
            .with_max_times(self.retries)
            .with_jitter();
        call.retry(pauses).when(Error::is_retryable).await
    }
}

fn count<T>(operation: &'static str, outcome: &Result<T>) {
    let outcome = if outcome.is_ok() { "ok" } else { "failed" };
    metrics::counter!("crow_storage_operations_total", "operation" => operation, "outcome" => outcome).increment(1);
}

fn open_folder(folder: &str) -> Result<Arc<dyn ObjectStore>> {
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder).map_err(|error| {
        Error::Config(format!(
            "storage.url: cannot create {}: {error}",
            folder.display()
        ))
    })?;
    let store = LocalFileSystem::new_with_prefix(&folder)
        .map_err(|error| Error::Config(format!("storage.url: {error}")))?
        .with_fsync(true);
    Ok(Arc::new(store))
}

fn open_s3(config: &StorageConfig, place: &str) -> Result<Arc<dyn ObjectStore>> {
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let client = ClientOptions::new()
        .with_timeout(Duration::from_millis(config.timeout_ms))
        .with_connect_timeout(Duration::from_secs(5))
        .with_allow_http(config.allow_http);
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_region(&config.region)
        .with_client_options(client)
        // We retry on our own, with a limit and visible in the metrics.
        .with_retry(RetryConfig {
            max_retries: 0,
            ..RetryConfig::default()
        });
    if !config.endpoint.is_empty() {
        builder = builder.with_endpoint(&config.endpoint);
    }
    if !config.access_key_id.is_empty() {
        builder = builder
            .with_access_key_id(&config.access_key_id)
            .with_secret_access_key(config.secret_access_key.expose_secret());
    }
    let store = builder
        .build()
        .map_err(|error| Error::Config(format!("storage: {error}")))?;
    if prefix.is_empty() {
        return Ok(Arc::new(store));
    }
    Ok(Arc::new(PrefixStore::new(store, Path::from(prefix))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &tempfile::TempDir) -> Store {
        let config = StorageConfig {
            url: format!("file://{}", folder.path().display()),
            ..StorageConfig::default()
        };
        Store::open(&config).unwrap()
    }

    #[tokio::test]
    async fn an_object_that_ends_early_gives_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        store
            .put("a", Bytes::from_static(b"0123456789"))
            .await
            .unwrap();
        assert_eq!(store.get_range("a", 2..5).await.unwrap(), "234");
        assert_eq!(store.get_range("a", 8..12).await.unwrap(), "89");
        let damaged = store.get_range("a", 0..u64::MAX).await.unwrap_err();
        assert!(matches!(damaged, Error::Corrupt(_)), "{damaged}");
        let missing = store.get_range("b", 0..1).await.unwrap_err();
        assert!(matches!(missing, Error::NotFound { .. }), "{missing}");
    }

    #[tokio::test]
    async fn a_list_names_keys_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        for key in ["packs/a~b:c.d/é/50%", "packs/../x", "packs/%7E"] {
            store.put(key, Bytes::from_static(b"x")).await.unwrap();
            assert_eq!(store.list("packs").await.unwrap(), [key]);
            store.delete(key).await.unwrap();
        }
        assert_eq!(store.list("packs").await.unwrap(), [""; 0]);
    }
}
