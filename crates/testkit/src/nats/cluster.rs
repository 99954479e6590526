//! Three NATS nodes with JetStream whose links, processes and disks tests can break.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::child::OwnedChild;
use crate::{log, wait};

mod network;

use network::Network;

pub use network::NODES;

/// Recovery and catching up with the others, on a busy machine.
const HEALTHY: Duration = Duration::from_secs(120);
/// A node that stops in order hands over what it leads.
const STOP: Duration = Duration::from_secs(60);
/// Size of the store folder of a node whose disk can be filled.
const SMALL_DISK: &str = "size=256m";

/// The node whose disk is small, where mounting is possible.
pub const NODE_WITH_SMALL_DISK: usize = 2;

/// Three nodes, which sync every message before its acknowledgement. Killed on drop.
#[derive(Debug)]
pub struct NatsCluster {
    nodes: Vec<Node>,
    network: Network,
    binary: PathBuf,
    /// Declared after the nodes, which write to it.
    dir: TempDir,
}

#[derive(Debug)]
struct Node {
    /// `None` after it was stopped.
    child: Option<OwnedChild>,
    home: PathBuf,
}

impl NatsCluster {
    /// Starts all nodes, and waits until they form a cluster.
    ///
    /// Each node runs in its own namespaces. Where they cannot be created, proxies stand between
    /// the nodes, and a line on standard error says so.
    pub async fn start() -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("crow-nats-").tempdir();
        let dir = dir.context("cannot create a temporary folder")?;
        let network = Network::new().await;
        eprintln!("NATS cluster: {}", network.description());
        let nodes = (0..NODES).map(|index| Node {
            child: None,
            home: dir.path().join(format!("node-{index}")),
        });
        let mut cluster = Self {
            nodes: nodes.collect(),
            network,
            binary: super::binary()?,
            dir,
        };
        for index in 0..NODES {
            cluster.prepare(index)?;
            cluster.start_node(index)?;
        }
        cluster.wait_until_healthy().await?;
        Ok(cluster)
    }

    /// Where clients reach each node.
    pub fn addresses(&self) -> [SocketAddr; NODES] {
        self.network.client_addresses()
    }

    /// All nodes, for `bus.url`.
    pub fn url(&self) -> String {
        let urls = self.addresses().map(|address| format!("nats://{address}"));
        urls.join(",")
    }

    /// What separates the nodes: namespaces or proxies.
    pub fn description(&self) -> &'static str {
        self.network.description()
    }

    /// Whether [`fill_disk`](Self::fill_disk) works.
    pub fn has_small_disk(&self) -> bool {
        self.network.has_mounts()
    }

    /// Sends SIGKILL.
    pub fn kill(&mut self, index: usize) -> anyhow::Result<()> {
        let mut child = self.nodes[index].child.take();
        child.as_mut().context("the node is stopped")?.kill()
    }

    /// Sends SIGTERM and waits for the end: the node stops in order.
    pub async fn stop(&mut self, index: usize) -> anyhow::Result<()> {
        let mut child = self.nodes[index].child.take();
        let child = child.as_mut().context("the node is stopped")?;
        child.stop(Signal::SIGTERM, STOP).await.map(drop)
    }

    /// Starts a stopped node on its store.
    pub fn start_node(&mut self, index: usize) -> anyhow::Result<()> {
        let node = &mut self.nodes[index];
        ensure!(node.child.is_none(), "node {index} runs already");
        let mut command = self.network.command(index, &self.binary);
        command.arg("--config").arg(node.home.join("nats.conf"));
        let name = format!("nats-server {index}");
        let log = node.home.join("nats.log");
        node.child = Some(OwnedChild::spawn(&name, &mut command, &log)?);
        Ok(())
    }

    /// Sends SIGSTOP.
    pub fn pause(&mut self, index: usize) -> anyhow::Result<()> {
        self.running(index)?.pause()
    }

    /// Sends SIGCONT.
    pub fn resume(&mut self, index: usize) -> anyhow::Result<()> {
        self.running(index)?.resume()
    }

    /// Cuts or restores the links between a node and the other nodes. Data is lost silently.
    pub fn cut_from_nodes(&mut self, index: usize, is_cut: bool) -> anyhow::Result<()> {
        self.network.cut_from_nodes(index, is_cut)
    }

    /// Cuts or restores the link between a node and all clients. Data is lost silently.
    pub fn cut_from_clients(&mut self, index: usize, is_cut: bool) -> anyhow::Result<()> {
        self.network.cut_from_clients(index, is_cut)
    }

    /// Writes to the small disk until nothing fits any more.
    pub fn fill_disk(&self) -> anyhow::Result<()> {
        let filler = self.filler();
        // It fails when the disk is full, as it should.
        let mut fill = self.network.command(NODE_WITH_SMALL_DISK, "dd");
        let output = fill
            .args(["if=/dev/zero", "bs=64k", &format!("of={filler}")])
            .output();
        let output = output.context("cannot run dd")?;
        ensure!(!output.status.success(), "the disk has no end");
        Ok(())
    }

    /// Makes room on the small disk again.
    pub fn clear_disk(&self) -> anyhow::Result<()> {
        let mut clear = self.network.command(NODE_WITH_SMALL_DISK, "rm");
        let status = clear.args(["-f", &self.filler()]).status()?;
        ensure!(status.success(), "cannot remove the filler");
        Ok(())
    }

    /// Waits until every node says that its streams are up to date.
    pub async fn wait_until_healthy(&mut self) -> anyhow::Result<()> {
        for index in 0..NODES {
            let url = format!("http://{}/healthz", self.network.monitor_address(index));
            wait::until_http_ready(&url, HEALTHY)
                .await
                .with_context(|| format!("node {index}:\n{}", self.log_tail(index, 30)))?;
        }
        Ok(())
    }

    /// The last lines of a node's log.
    pub fn log_tail(&self, index: usize, lines: usize) -> String {
        log::tail(&self.nodes[index].home.join("nats.log"), lines)
    }

    fn running(&mut self, index: usize) -> anyhow::Result<&mut OwnedChild> {
        let child = self.nodes[index].child.as_mut();
        child.context("the node is stopped")
    }

    /// Creates the folders of a node, and writes its configuration.
    fn prepare(&self, index: usize) -> anyhow::Result<()> {
        let home = &self.nodes[index].home;
        let store = self.store(index);
        fs::create_dir_all(&store).context("cannot create the store folder")?;
        if index == NODE_WITH_SMALL_DISK && self.has_small_disk() {
            let mut mount = self.network.command(index, "mount");
            mount.args(["-t", "tmpfs", "-o", SMALL_DISK, "crow-test"]);
            let status = mount.arg(&store).status().context("cannot run mount")?;
            ensure!(status.success(), "cannot mount a small disk");
        }
        let config = self.config(index, &store);
        fs::write(home.join("nats.conf"), config).context("cannot write the configuration")
    }

    fn config(&self, index: usize, store: &Path) -> String {
        let network = &self.network;
        let (clients, monitor) = network.bound(index);
        let (cluster, routes) = network.routes(index);
        let routes: Vec<String> = routes
            .iter()
            .map(|address| format!("nats-route://{address}"))
            .collect();
        // Addresses that nodes pass on would lead around the links that tests cut.
        format!(
            "server_name: node-{index}\nlisten: {clients:?}\nhttp: {monitor:?}\nmax_payload: 8MB\n\
             cluster {{\n  name: crow\n  listen: {cluster:?}\n  advertise: \"127.0.0.1:1\"\n  \
             no_advertise: true\n  routes: [{}]\n}}\n\
             jetstream {{\n  store_dir: {store:?}\n  max_file_store: {}\n  sync_interval: always\n}}\n",
            routes.join(", "),
            1_u64 << 40,
        )
    }

    fn store(&self, index: usize) -> PathBuf {
        self.dir.path().join(format!("node-{index}/store"))
    }

    fn filler(&self) -> String {
        let path = self.store(NODE_WITH_SMALL_DISK).join("filler");
        path.display().to_string()
    }
}
