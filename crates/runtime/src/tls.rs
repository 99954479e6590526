//! TLS of our listeners, and of our connections to other services. A new certificate is used without
//! a restart: its files are read again every few seconds.
//!
//! - [`Tls`]: what a listener presents, and whose certificates it accepts.
//! - [`ClientTls`]: what we present to a service, and whose certificates we accept there.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::NoServerSessionStorage;
use tracing::{info, warn};

use crate::Shutdown;

mod client;
mod config;
mod files;
mod reloaded;
#[cfg(test)]
mod tests;

pub use client::{ClientFiles, ClientTls};
pub use config::{TlsConfig, TlsError};

use config::Clients;
use files::{Files, Identity, LOOK_AGAIN};
use reloaded::Reloaded;

/// The certificate of one listener, and whose certificates it accepts. Cloning is cheap; clones
/// share the certificate.
#[derive(Debug, Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// Reads the files, and again every five seconds until the shutdown begins. `None` if TLS is
    /// off. New files that cannot be used leave the old certificate in place and a warning in the
    /// log. `setting` is the name of the section, such as `ingest.tls`.
    ///
    /// # Errors
    /// When a file is missing or unreadable, or the key does not belong to the certificate.
    pub fn open(
        setting: &'static str,
        config: &TlsConfig,
        shutdown: &Shutdown,
    ) -> Result<Option<Self>, TlsError> {
        let failed = |reason| TlsError { setting, reason };
        let Some(files) = Files::of(config).map_err(failed)? else {
            return Ok(None);
        };
        let content = files.read().map_err(failed)?;
        let identity = Identity::parse(&content).map_err(failed)?;
        let clients = Clients::of(config);
        let reloaded = Arc::new(Reloaded::new(identity, clients));
        let stop = shutdown.clone();
        let (follower, followed) = (Arc::clone(&reloaded), files);
        shutdown.spawn(setting, async move {
            tokio::select! {
                () = follow(setting, &followed, content, &follower) => {}
                () = stop.started() => {}
            }
            Ok(())
        });
        Ok(Some(Self(Arc::new(server(reloaded, clients)))))
    }

    /// What a TLS acceptor needs.
    #[must_use]
    pub fn server_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0)
    }
}

fn server(reloaded: Arc<Reloaded>, clients: Clients) -> ServerConfig {
    let asks_clients = clients != Clients::NotAsked;
    let builder =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider supports the default versions");
    let builder = if asks_clients {
        builder.with_client_cert_verifier(Arc::clone(&reloaded) as _)
    } else {
        builder.with_no_client_auth()
    };
    let mut server = builder.with_cert_resolver(reloaded);
    if asks_clients {
        // A resumed session would skip the check against new authorities.
        server.session_storage = Arc::new(NoServerSessionStorage {});
        server.send_tls13_tickets = 0;
    }
    server
}

/// Replaces the identity when the files change.
async fn follow(
    setting: &'static str,
    files: &Files,
    mut seen: files::Content,
    reloaded: &Reloaded,
) {
    let mut last_reason = None;
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let reason = match files.read() {
            Ok(content) if content == seen => continue,
            Ok(content) => match Identity::parse(&content) {
                Ok(identity) => {
                    reloaded.replace(identity);
                    info!(setting, "new certificate in use");
                    seen = content;
                    last_reason = None;
                    continue;
                }
                Err(reason) => reason,
            },
            Err(reason) => reason,
        };
        if last_reason.as_ref() != Some(&reason) {
            warn!(
                setting,
                error = reason,
                "the new certificate cannot be used; the old one stays"
            );
            last_reason = Some(reason);
        }
    }
}
