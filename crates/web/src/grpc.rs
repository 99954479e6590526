//! gRPC plumbing: listeners, connections, statuses.

mod calls;
mod connections;
mod status;

use std::net::SocketAddr;

use tonic::transport::server::TcpIncoming;

use crate::server::ServeError;

pub use calls::CallsLayer;
pub use connections::{Caller, Incoming, accepted};
pub use status::status;

/// Binds the address; port 0 picks a free port. `setting` names where it was set.
///
/// # Errors
/// When the address cannot be bound.
pub fn bind(setting: &'static str, listen: SocketAddr) -> Result<TcpIncoming, ServeError> {
    let bound = TcpIncoming::bind(listen).map_err(|source| ServeError::Bind {
        address: listen,
        setting,
        source,
    })?;
    Ok(bound.with_nodelay(Some(true)))
}
