//! gRPC plumbing: listeners, connections, statuses.

mod connections;
mod status;

use std::net::SocketAddr;

use tonic::transport::server::TcpIncoming;

use crow_runtime::Tls;

use crate::connections::ConnectionLimits;
use crate::server::ServeError;

pub use connections::{Caller, accepted, note_call};
pub use status::status;

/// Where calls come from.
pub struct Incoming {
    /// The bound address.
    pub sockets: TcpIncoming,
    /// Absent: plain text.
    pub tls: Option<Tls>,
    /// Limits of its connections.
    pub limits: ConnectionLimits,
}

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
