//! How many connections a listener has, and which one goes when there are too many.
//!
//! A connection that has not asked anything yet is silent. When there is no room, the oldest
//! silent one is closed: whoever connects and asks is served, however many others only
//! connect.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;

/// Files that are kept for databases, objects and the bus.
const RESERVED: u64 = 512;
/// Listeners of a process, and the files that a silent connection may take.
const SHARES: u64 = 4 * 2;
/// More are not useful to one process.
const MOST: u64 = 20_000;
/// A listener can always do with these.
const LEAST: u64 = 64;

/// How many connections there may be.
#[derive(Debug, Clone)]
pub struct ConnectionLimits {
    /// Of one listener.
    pub all: usize,
    /// From one address.
    pub per_address: usize,
    /// Proxies, which connect for many clients: only the limit of all holds for them.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for ConnectionLimits {
    /// What the limit of open files leaves room for; one address may have three quarters.
    fn default() -> Self {
        let files = crow_runtime::process::open_files().saturating_sub(RESERVED);
        let all = (files / SHARES).clamp(LEAST, MOST);
        let all = usize::try_from(all).unwrap_or(usize::MAX);
        Self {
            all,
            per_address: all / 4 * 3,
            trusted_proxies: Vec::new(),
        }
    }
}

/// The connections of one listener. Cloning is cheap; all clones count together.
#[derive(Debug, Clone)]
pub struct Connections {
    state: Arc<Mutex<State>>,
    limits: Arc<ConnectionLimits>,
}

#[derive(Default)]
struct State {
    next: u64,
    open: HashMap<u64, IpAddr>,
    by_address: HashMap<IpAddr, usize>,
    /// Oldest first.
    silent: BTreeMap<u64, Close>,
}

type Close = Box<dyn FnOnce() + Send>;

/// One connection; it counts until this is dropped.
#[derive(Debug)]
pub struct Connection {
    connections: Connections,
    number: u64,
}

impl Connections {
    /// None yet.
    #[must_use]
    pub fn new(limits: ConnectionLimits) -> Self {
        Self {
            state: Arc::default(),
            limits: Arc::new(limits),
        }
    }

    /// A connection has come; `close` ends it. `None`: there is no room, and it must be
    /// closed now.
    pub fn admit(
        &self,
        address: IpAddr,
        close: impl FnOnce() + Send + 'static,
    ) -> Option<Connection> {
        let address = address.to_canonical();
        let mut state = self.lock();
        let is_proxy = crate::proxies::is_trusted(address, &self.limits.trusted_proxies);
        let of_address = state.by_address.get(&address).copied().unwrap_or(0);
        let has_room = if !is_proxy && of_address >= self.limits.per_address {
            state.close_oldest(|other| other == address)
        } else if state.open.len() >= self.limits.all {
            state.close_oldest(|_other| true)
        } else {
            true
        };
        if !has_room {
            metrics::counter!("crow_connections_refused_total").increment(1);
            return None;
        }
        let number = state.next;
        state.next += 1;
        state.open.insert(number, address);
        *state.by_address.entry(address).or_default() += 1;
        state.silent.insert(number, Box::new(close));
        Some(Connection {
            connections: self.clone(),
            number,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Closes the oldest silent connection of which this holds. False: there is none.
    fn close_oldest(&mut self, is_meant: impl Fn(IpAddr) -> bool) -> bool {
        let found = self
            .silent
            .keys()
            .find(|number| self.open.get(*number).is_some_and(|of| is_meant(*of)));
        let Some(number) = found.copied() else {
            return false;
        };
        metrics::counter!("crow_connections_closed_silent_total").increment(1);
        let close = self.silent.remove(&number);
        self.forget(number);
        if let Some(close) = close {
            close();
        }
        true
    }

    fn forget(&mut self, number: u64) {
        self.silent.remove(&number);
        let Some(address) = self.open.remove(&number) else {
            return;
        };
        if let Some(count) = self.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&address);
            }
        }
    }
}

impl Connection {
    /// It asks something: from now on it is not silent.
    pub fn asks(&self) {
        self.connections.lock().silent.remove(&self.number);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.lock().forget(self.number);
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("open", &self.open.len())
            .field("silent", &self.silent.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn limited(all: usize, per_address: usize) -> (Connections, Arc<AtomicUsize>) {
        let connections = Connections::new(ConnectionLimits {
            all,
            per_address,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        });
        (connections, Arc::default())
    }

    fn come(
        connections: &Connections,
        from: &str,
        closed: &Arc<AtomicUsize>,
    ) -> Option<Connection> {
        let closed = Arc::clone(closed);
        connections.admit(from.parse().unwrap(), move || {
            closed.fetch_add(1, Ordering::Relaxed);
        })
    }

    #[test]
    fn silent_connections_make_room_for_others() {
        let (connections, closed) = limited(3, 3);
        let silent: Vec<_> = (0..3)
            .map(|_| come(&connections, "192.0.2.1", &closed).unwrap())
            .collect();
        let asking = come(&connections, "192.0.2.2", &closed).unwrap();
        asking.asks();
        assert_eq!(closed.load(Ordering::Relaxed), 1);
        drop(silent);
        assert_eq!(connections.lock().open.len(), 1);
        drop(asking);
        assert!(connections.lock().by_address.is_empty());
    }

    #[test]
    fn those_that_ask_stay_and_nobody_else_comes_in() {
        let (connections, closed) = limited(3, 2);
        let first = come(&connections, "192.0.2.1", &closed).unwrap();
        let second = come(&connections, "::ffff:192.0.2.1", &closed).unwrap();
        first.asks();
        second.asks();
        assert!(come(&connections, "192.0.2.1", &closed).is_none());
        let other = come(&connections, "192.0.2.2", &closed).unwrap();
        other.asks();
        assert!(come(&connections, "192.0.2.3", &closed).is_none());
        assert_eq!(closed.load(Ordering::Relaxed), 0);
        drop(first);
        assert!(come(&connections, "192.0.2.1", &closed).is_some());
    }

    #[test]
    fn a_trusted_proxy_connects_for_many() {
        let (connections, closed) = limited(4, 1);
        let from_proxy: Vec<_> = (0..4)
            .filter_map(|_| come(&connections, "10.0.0.1", &closed))
            .collect();
        assert_eq!(from_proxy.len(), 4);
    }
}
