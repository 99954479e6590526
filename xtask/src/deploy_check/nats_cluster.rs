//! Three NATS nodes, set up as the values of the chart say, with certificates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context;
use crow_testkit::port::free_port;
use serde_json::Value;
use tokio::process::{Child, Command};

use super::certificates::Certificates;

/// As in the values of the chart.
const NODES: usize = 3;
const MAX_FILE_STORE: &str = "100GB";

/// Of all users.
const PASSWORD: &str = "not-a-secret";

/// The nodes; killed when dropped.
pub struct NatsCluster {
    program: PathBuf,
    nodes: Vec<Node>,
    ports: Vec<u16>,
}

struct Node {
    home: PathBuf,
    /// None after it was killed.
    process: Option<Child>,
}

impl NatsCluster {
    /// Starts all nodes with these users. Whoever uses them waits until they have a leader.
    pub fn start(
        program: &Path,
        folder: &Path,
        certificates: &Certificates,
        users: &Value,
    ) -> anyhow::Result<Self> {
        let users = with_passwords(users);
        let ports: Vec<u16> = (0..NODES).map(|_| free_port()).collect();
        let routes: Vec<u16> = (0..NODES).map(|_| free_port()).collect();
        let mut nodes = Vec::new();
        for number in 0..NODES {
            let home = folder.join(format!("nats-{number}"));
            fs::create_dir_all(&home)?;
            let config = config(number, &ports, &routes, &home, certificates, &users);
            fs::write(home.join("nats.conf"), config)?;
            let process = Some(spawn(program, &home)?);
            nodes.push(Node { home, process });
        }
        Ok(Self {
            program: program.to_owned(),
            nodes,
            ports,
        })
    }

    /// What a service is told that connects as this user.
    pub fn url(&self, user: &str) -> String {
        let urls = self.ports.iter();
        let urls: Vec<_> = urls
            .map(|port| format!("tls://{user}:{PASSWORD}@127.0.0.1:{port}"))
            .collect();
        urls.join(",")
    }

    /// SIGKILL to one node.
    pub async fn kill_one(&mut self) -> anyhow::Result<()> {
        let mut nodes = self.nodes.iter_mut();
        let process = nodes.find_map(|node| node.process.take());
        process.context("no node is left")?.kill().await?;
        Ok(())
    }

    /// Starts the killed nodes again, on their stores.
    pub fn revive(&mut self) -> anyhow::Result<()> {
        for node in &mut self.nodes {
            if node.process.is_none() {
                node.process = Some(spawn(&self.program, &node.home)?);
            }
        }
        Ok(())
    }
}

fn spawn(program: &Path, home: &Path) -> anyhow::Result<Child> {
    Command::new(program)
        .arg("--config")
        .arg(home.join("nats.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log(home)?)
        .kill_on_drop(true)
        .spawn()
        .context("cannot start nats-server")
}

fn log(home: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options
        .create(true)
        .append(true)
        .open(home.join("nats.log"))
}

/// The chart takes passwords from the environment.
fn with_passwords(users: &Value) -> Value {
    let mut users = users.clone();
    for user in users.as_array_mut().into_iter().flatten() {
        user["password"] = PASSWORD.into();
    }
    users
}

fn config(
    number: usize,
    ports: &[u16],
    routes: &[u16],
    home: &Path,
    certificates: &Certificates,
    users: &Value,
) -> String {
    let others: Vec<_> = routes
        .iter()
        .map(|port| format!("nats-route://127.0.0.1:{port}"))
        .collect();
    format!(
        "server_name: node-{number}\nhost: 127.0.0.1\nport: {}\nmax_payload: 8MB\n\
         accounts {{ CROW {{ jetstream: enabled, users: {users} }} }}\n\
         tls {{\n  cert_file: {:?}\n  key_file: {:?}\n  ca_file: {:?}\n  verify: true\n}}\n\
         cluster {{\n  name: crow\n  host: 127.0.0.1\n  port: {}\n  routes: [{}]\n}}\n\
         jetstream {{\n  store_dir: {:?}\n  max_file_store: {MAX_FILE_STORE}\n  sync_interval: always\n}}\n",
        ports[number],
        certificates.path("server.crt"),
        certificates.path("server.key"),
        certificates.path("ca.crt"),
        routes[number],
        others.join(", "),
        home.join("store"),
    )
}
