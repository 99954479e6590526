//! What lies between the nodes of a cluster, and between a node and its clients.

use std::ffi::OsStr;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::gate::{Gate, Mode};
use crate::namespace::{Namespace, ip};
use crate::port::free_port;

/// Nodes of a cluster.
pub const NODES: usize = 3;

const CLIENT_PORT: u16 = 4222;
const MONITOR_PORT: u16 = 8222;
const ROUTE_PORT: u16 = 6222;

/// Name of a node's interface to the clients, inside its namespace.
const TO_CLIENTS: &str = "clients";

/// How nodes are separated.
#[derive(Debug)]
pub(super) enum Network {
    /// Each in its own namespaces, with a link to the clients and one to each other node.
    Namespaces {
        nodes: Vec<Namespace>,
        /// Third part of all addresses.
        subnet: u8,
    },
    /// All on 127.0.0.1, with proxies.
    Gates(Gates),
}

/// Ports and proxies of all nodes.
#[derive(Debug)]
pub(super) struct Gates {
    clients: Vec<Gate>,
    /// By the node that connects, then by the node that is connected to.
    routes: Vec<Vec<Gate>>,
    client_ports: [u16; NODES],
    route_ports: [u16; NODES],
    monitor_ports: [u16; NODES],
}

impl Network {
    /// Namespaces where possible.
    pub(super) async fn new() -> Self {
        match namespaces() {
            Ok((nodes, subnet)) => Self::Namespaces { nodes, subnet },
            Err(error) => {
                eprintln!("NO NAMESPACES: {error:#}");
                Self::Gates(Gates::new().await)
            }
        }
    }

    pub(super) fn description(&self) -> &'static str {
        match self {
            Self::Namespaces { .. } => "three nodes in separate network namespaces",
            Self::Gates(_) => {
                "three nodes on 127.0.0.1 with PROXIES between them, because namespaces are not \
                 possible here; no disk is filled"
            }
        }
    }

    pub(super) fn has_mounts(&self) -> bool {
        matches!(self, Self::Namespaces { .. })
    }

    /// A command beside a node.
    pub(super) fn command(&self, index: usize, program: impl AsRef<OsStr>) -> Command {
        match self {
            Self::Namespaces { nodes, .. } => nodes[index].command(program),
            Self::Gates(_) => Command::new(program),
        }
    }

    /// Where clients connect.
    pub(super) fn client_addresses(&self) -> [SocketAddr; NODES] {
        std::array::from_fn(|index| match self {
            Self::Namespaces { subnet, .. } => (client_ends(*subnet, index).1, CLIENT_PORT).into(),
            Self::Gates(gates) => local(gates.clients[index].port),
        })
    }

    /// Where a node tells how it is.
    pub(super) fn monitor_address(&self, index: usize) -> SocketAddr {
        match self {
            Self::Namespaces { subnet, .. } => (client_ends(*subnet, index).1, MONITOR_PORT).into(),
            Self::Gates(gates) => local(gates.monitor_ports[index]),
        }
    }

    /// Where a node listens to clients, and to questions about itself.
    pub(super) fn bound(&self, index: usize) -> (SocketAddr, SocketAddr) {
        match self {
            Self::Namespaces { .. } => (everywhere(CLIENT_PORT), everywhere(MONITOR_PORT)),
            Self::Gates(gates) => (
                local(gates.client_ports[index]),
                local(gates.monitor_ports[index]),
            ),
        }
    }

    /// Where a node listens to other nodes, and where it reaches them.
    pub(super) fn routes(&self, index: usize) -> (SocketAddr, Vec<SocketAddr>) {
        let others = (0..NODES).filter(|other| *other != index);
        match self {
            Self::Namespaces { subnet, .. } => {
                let address =
                    |other| SocketAddr::from((route_end(*subnet, other, index), ROUTE_PORT));
                (everywhere(ROUTE_PORT), others.map(address).collect())
            }
            Self::Gates(gates) => {
                let address = |other: usize| local(gates.routes[index][other].port);
                (
                    local(gates.route_ports[index]),
                    others.map(address).collect(),
                )
            }
        }
    }

    pub(super) fn cut_from_nodes(&self, index: usize, is_cut: bool) -> anyhow::Result<()> {
        for other in (0..NODES).filter(|other| *other != index) {
            match self {
                Self::Namespaces { nodes, .. } => {
                    set_link(&nodes[index], &to_node(other), is_cut)?;
                }
                Self::Gates(gates) => {
                    set_gate(&gates.routes[index][other], is_cut);
                    set_gate(&gates.routes[other][index], is_cut);
                }
            }
        }
        Ok(())
    }

    pub(super) fn cut_from_clients(&self, index: usize, is_cut: bool) -> anyhow::Result<()> {
        match self {
            Self::Namespaces { nodes, .. } => set_link(&nodes[index], TO_CLIENTS, is_cut),
            Self::Gates(gates) => {
                set_gate(&gates.clients[index], is_cut);
                Ok(())
            }
        }
    }
}

impl Gates {
    async fn new() -> Self {
        let ports = || std::array::from_fn(|_index| free_port());
        let (client_ports, route_ports, monitor_ports) = (ports(), ports(), ports());
        let mut routes = Vec::new();
        for _from in 0..NODES {
            routes.push(gates_before(route_ports).await);
        }
        Self {
            clients: gates_before(client_ports).await,
            routes,
            client_ports,
            route_ports,
            monitor_ports,
        }
    }
}

async fn gates_before(ports: [u16; NODES]) -> Vec<Gate> {
    let mut gates = Vec::new();
    for port in ports {
        gates.push(Gate::before(port).await);
    }
    gates
}

fn set_gate(gate: &Gate, is_cut: bool) {
    gate.set(if is_cut { Mode::Stall } else { Mode::Open });
}

/// Without a link, packets are lost and connections stay open.
fn set_link(node: &Namespace, interface: &str, is_cut: bool) -> anyhow::Result<()> {
    let state = if is_cut { "down" } else { "up" };
    node.run("ip", ["link", "set", interface, state])
}

/// One namespace for each node, and their links.
fn namespaces() -> anyhow::Result<(Vec<Namespace>, u8)> {
    let subnet = free_subnet()?;
    let nodes: Vec<Namespace> = (0..NODES)
        .map(|_index| Namespace::new())
        .collect::<Result<_, _>>()?;
    for (index, node) in nodes.iter().enumerate() {
        link_to_clients(subnet, index, node)?;
        for (other, later) in nodes.iter().enumerate().skip(index + 1) {
            link_nodes(subnet, (index, node), (other, later))?;
        }
    }
    Ok((nodes, subnet))
}

/// Our end disappears with the namespace of the other.
fn link_to_clients(subnet: u8, index: usize, node: &Namespace) -> anyhow::Result<()> {
    let ours = our_interface(subnet, index);
    let network = node.network_path();
    ip([
        "link", "add", &ours, "type", "veth", "peer", "name", TO_CLIENTS, "netns", &network,
    ])?;
    let (our_end, its_end) = client_ends(subnet, index);
    ip(["addr", "add", &format!("{our_end}/30"), "dev", &ours])?;
    ip(["link", "set", &ours, "up"])?;
    address(node, TO_CLIENTS, its_end)
}

fn link_nodes(
    subnet: u8,
    (first, first_node): (usize, &Namespace),
    (second, second_node): (usize, &Namespace),
) -> anyhow::Result<()> {
    let (to_first, to_second) = (to_node(first), to_node(second));
    let network = second_node.network_path();
    first_node.run(
        "ip",
        [
            "link", "add", &to_second, "type", "veth", "peer", "name", &to_first, "netns", &network,
        ],
    )?;
    address(first_node, &to_second, route_end(subnet, first, second))?;
    address(second_node, &to_first, route_end(subnet, second, first))
}

fn address(node: &Namespace, interface: &str, address: Ipv4Addr) -> anyhow::Result<()> {
    let address = format!("{address}/30");
    node.run("ip", ["addr", "add", &address, "dev", interface])?;
    node.run("ip", ["link", "set", interface, "up"])
}

/// One that no other run uses.
fn free_subnet() -> anyhow::Result<u8> {
    let is_free = |subnet: &u8| {
        let interface = our_interface(*subnet, 0);
        !Path::new("/sys/class/net").join(interface).exists()
    };
    let mut random = std::iter::repeat_with(rand::random).take(100);
    random.find(is_free).context("all subnets are in use")
}

/// Name of our interface to a node.
fn our_interface(subnet: u8, index: usize) -> String {
    format!("crow{subnet}n{index}")
}

/// Name of the interface to another node.
fn to_node(other: usize) -> String {
    format!("node{other}")
}

/// Our end and the node's end of its link to the clients.
fn client_ends(subnet: u8, index: usize) -> (Ipv4Addr, Ipv4Addr) {
    let base = 4 * number(index);
    (in_subnet(subnet, base + 1), in_subnet(subnet, base + 2))
}

/// The end at `node` of its link to `other`.
fn route_end(subnet: u8, node: usize, other: usize) -> Ipv4Addr {
    // Links 0-1, 0-2 and 1-2.
    let base = 64 + 4 * number(node + other);
    in_subnet(subnet, base + if node < other { 1 } else { 2 })
}

/// 198.18.0.0/15 is reserved for tests of networks.
fn in_subnet(subnet: u8, host: u8) -> Ipv4Addr {
    Ipv4Addr::new(198, 18, subnet, host)
}

fn number(index: usize) -> u8 {
    u8::try_from(index).expect("there are few nodes")
}

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn everywhere(port: u16) -> SocketAddr {
    (Ipv4Addr::UNSPECIFIED, port).into()
}
