use std::path::Path;

use crow_testkit::certificates::Authority;
use tempfile::TempDir;

use super::{Tls, TlsConfig};
use crate::Shutdown;

fn config(folder: &Path) -> TlsConfig {
    let path = |name: &str| folder.join(name).display().to_string();
    TlsConfig {
        cert_file: path("tls.crt"),
        key_file: path("tls.key"),
        ..TlsConfig::default()
    }
}

/// The error of a start with these settings.
async fn refused(config: &TlsConfig) -> String {
    let outcome = Tls::open("ingest.tls", config, &Shutdown::new());
    outcome.unwrap_err().to_string()
}

#[tokio::test]
async fn without_files_a_listener_speaks_plain_text() {
    let outcome = Tls::open("ingest.tls", &TlsConfig::default(), &Shutdown::new());
    assert!(outcome.unwrap().is_none());
}

#[tokio::test]
async fn what_is_wrong_with_the_files_is_said_with_the_setting() {
    let folder = TempDir::new().unwrap();
    let whole = config(folder.path());
    let error = refused(&whole).await;
    assert!(
        error.starts_with("setting ingest.tls: cannot read "),
        "{error}"
    );
    assert!(error.contains("tls.crt"), "{error}");

    let authority = Authority::create();
    authority.issue().write_to(folder.path());
    assert!(Tls::open("ingest.tls", &whole, &Shutdown::new()).is_ok());
    let halves = [
        TlsConfig {
            key_file: String::new(),
            ..whole.clone()
        },
        TlsConfig {
            cert_file: String::new(),
            ..whole.clone()
        },
        TlsConfig {
            client_ca_file: whole.cert_file.clone(),
            ..TlsConfig::default()
        },
    ];
    for half in halves {
        let error = refused(&half).await;
        assert!(error.contains("needed together"), "{half:?}: {error}");
    }

    let key = folder.path().join("tls.key");
    std::fs::write(&key, authority.issue().key).unwrap();
    let error = refused(&whole).await;
    assert!(error.contains("key_file does not fit cert_file"), "{error}");
    std::fs::write(&key, "no key").unwrap();
    let error = refused(&whole).await;
    assert!(error.contains("key_file holds no private key"), "{error}");
    std::fs::write(folder.path().join("tls.crt"), "nothing").unwrap();
    let error = refused(&whole).await;
    assert!(error.contains("cert_file holds no certificate"), "{error}");
}
