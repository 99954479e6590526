//! `crow serve` on a folder, for one test.

use std::process::Command;
use std::time::Duration;

use crow_testkit::port::free_port;
use crow_testkit::process::{self, Process};
use crow_testkit::{keys, nats, wait};
use tempfile::TempDir;

use crate::system::{Keys, ORGANIZATION};

const READY: Duration = Duration::from_secs(60);

/// One installation in one process.
pub struct Single {
    pub folder: TempDir,
    ports: [u16; 4],
    settings: Vec<(String, String)>,
    pub process: Option<Process>,
}

/// How it is called.
pub struct Addresses {
    pub ingest: String,
    pub query: String,
    pub keys: Keys,
}

impl Single {
    /// Not started. `settings` are set on top, as environment variables.
    pub fn new(settings: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            folder: TempDir::new().unwrap(),
            ports: std::array::from_fn(|_| free_port()),
            settings: settings.iter().map(owned).collect(),
            process: None,
        }
    }

    fn env(&self) -> Vec<(String, String)> {
        let data = self.folder.path().join("data");
        let address = |port: u16| format!("127.0.0.1:{port}");
        let [ingest, query, grpc, session] = self.ports;
        let server = nats::binary().unwrap();
        let own = [
            ("CROW_DATA_DIR", data.display().to_string()),
            (nats::BINARY_VARIABLE, server.display().to_string()),
            ("CROW_BUS__PARTITION_MAX_BYTES", (16 << 20).to_string()),
            ("CROW_BUS__PARTITIONS", "2".to_owned()),
            ("CROW_INGEST__LISTEN", address(ingest)),
            ("CROW_QUERY__LISTEN", address(query)),
            ("CROW_QUERY__GRPC_LISTEN", address(grpc)),
            ("CROW_SESSION__LISTEN", address(session)),
            ("CROW_SESSION__FLUSH_AGE_MS", "300".to_owned()),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        own.into_iter().chain(self.settings.clone()).collect()
    }

    /// A `crow` command on this installation.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(process::binary("crow").unwrap());
        command.args(arguments).envs(self.env());
        command
    }

    /// Starts it; without keys, makes some.
    pub async fn start(&mut self, keys: Option<Keys>) -> Addresses {
        let mut builder = Process::builder("crow", self.folder.path()).arg("serve");
        for (name, value) in self.env() {
            builder = builder.env(name, value);
        }
        let process = builder.start().unwrap();
        let [ingest, query] =
            [self.ports[0], self.ports[1]].map(|port| format!("http://127.0.0.1:{port}"));
        for url in [&ingest, &query] {
            if let Err(error) = wait::until_http_ready(&format!("{url}/health/ready"), READY).await
            {
                panic!("{error:#}\n{}", process.log_tail(40));
            }
        }
        self.process = Some(process);
        Addresses {
            ingest,
            query,
            keys: keys.unwrap_or_else(|| (self.create_key("ingest"), self.create_key("read"))),
        }
    }

    fn create_key(&self, scope: &str) -> String {
        let mut command = self.command(&keys::create(ORGANIZATION, scope));
        let output = tokio::task::block_in_place(|| command.output().unwrap());
        keys::created(&String::from_utf8_lossy(&output.stdout)).unwrap()
    }
}
