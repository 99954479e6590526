//! Certificates as cert-manager makes them for the component `tls`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use crow_testkit::paths;
use tokio::process::Command;

/// An authority, and a certificate each for the servers and for CROW.
pub struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// Makes them in a new folder.
    pub async fn make(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let made = Self {
            folder: folder.to_owned(),
        };
        made.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=crow-check",
            "-keyout",
            "ca.key",
            "-out",
            "ca.crt",
        ])
        .await?;
        made.sign(
            "server",
            "servers",
            "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth",
        )
        .await?;
        made.sign("tls", "crow", "extendedKeyUsage=clientAuth")
            .await?;
        Ok(made)
    }

    /// A key, and a certificate of the authority.
    async fn sign(&self, name: &str, subject: &str, extensions: &str) -> anyhow::Result<()> {
        let file = |end: &str| format!("{name}.{end}");
        fs::write(self.path(&file("ext")), extensions)?;
        self.openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            &format!("/CN={subject}"),
            "-keyout",
            &file("key"),
            "-out",
            &file("csr"),
        ])
        .await?;
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &file("csr"),
            "-CA",
            "ca.crt",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            &file("ext"),
            "-out",
            &file("crt"),
        ])
        .await
    }

    async fn openssl(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let program = paths::on_path("openssl")
            .context("openssl is missing; install it: apt-get install openssl")?;
        let mut command = Command::new(program);
        command.current_dir(&self.folder).args(arguments);
        // It tells what it does on standard error.
        command.stderr(fs::File::create(self.path("openssl.log"))?);
        let output = command.output().await?;
        anyhow::ensure!(
            output.status.success(),
            "openssl failed: {}",
            fs::read_to_string(self.path("openssl.log")).unwrap_or_default()
        );
        Ok(())
    }

    /// One of the files: `ca.crt`, `server.crt`, `server.key`.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// The files of the secret that the component mounts.
    pub fn secret(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let files = ["ca.crt", "tls.crt", "tls.key"];
        let read = |file: &str| -> anyhow::Result<(String, String)> {
            Ok((file.to_owned(), fs::read_to_string(self.path(file))?))
        };
        files.into_iter().map(read).collect()
    }
}
