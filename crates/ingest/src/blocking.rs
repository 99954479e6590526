//! Moves long work off the threads that serve connections.

use crow_web::ApiError;

/// Larger bodies are processed on another thread.
pub(crate) const OFFLOAD_BYTES: usize = 256 * 1024;

/// Runs work on large bodies on another thread, so that it does not block other connections.
pub(crate) async fn offload<T, F>(is_large: bool, work: F) -> Result<T, ApiError>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    if !is_large {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|panicked| ApiError::internal(&panicked))
}
