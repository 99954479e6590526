//! Limits the connections of a listener and chooses which one to close when there are too many.
//!
//! A connection is silent until its first request arrives, and while the body of a request is still
//! arriving. When there is no room, the connection that has been silent longest is closed. Clients
//! that send requests are therefore served, however many idle connections exist.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::net::IpAddr;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ipnet::IpNet;

/// How long a client may read nothing before its connection is closed.
const STALLED: Duration = Duration::from_secs(30);
/// Open files reserved for databases, objects and the bus.
const RESERVED: u64 = 512;
/// Up to four listeners share the limit, and a connection takes up to two files.
const SHARES: u64 = 4 * 2;
/// The upper bound per listener. One process cannot make use of more.
const MOST: u64 = 20_000;
/// The lower bound per listener, whatever the limit of open files.
const LEAST: u64 = 64;

/// Limits on concurrent connections.
#[derive(Debug, Clone)]
pub struct ConnectionLimits {
    /// Per listener.
    pub all: usize,
    /// Per client address.
    pub per_address: usize,
    /// Proxies connect on behalf of many clients, so only the limit per listener applies to them.
    pub trusted_proxies: Vec<IpNet>,
    /// How long a client may read nothing while data is waiting for it. Linux only.
    pub stalled: Duration,
}

impl Default for ConnectionLimits {
    /// What the limit of open files allows. One address may have three quarters of it.
    fn default() -> Self {
        let files = crow_runtime::process::open_files().saturating_sub(RESERVED);
        let all = (files / SHARES).clamp(LEAST, MOST);
        let all = usize::try_from(all).unwrap_or(usize::MAX);
        Self {
            all,
            per_address: all / 4 * 3,
            trusted_proxies: Vec::new(),
            stalled: STALLED,
        }
    }
}

/// The connections of one listener. Cloning is cheap; all clones share the count.
#[derive(Debug, Clone)]
pub struct Connections {
    state: Arc<Mutex<State>>,
    limits: Arc<ConnectionLimits>,
    is_stopping: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    next: u64,
    open: HashMap<u64, Open>,
    by_address: HashMap<IpAddr, usize>,
    /// When each silent connection fell silent, and its number.
    silent: BTreeSet<(u64, u64)>,
}

struct Open {
    address: IpAddr,
    close: Close,
    silent_since: Option<u64>,
}

type Close = Box<dyn FnOnce() + Send>;

/// One connection. It counts until it is dropped.
#[derive(Debug)]
pub struct Connection {
    connections: Connections,
    number: u64,
}

impl Connections {
    /// Without connections.
    #[must_use]
    pub fn new(limits: ConnectionLimits) -> Self {
        Self {
            state: Arc::default(),
            limits: Arc::new(limits),
            is_stopping: Arc::default(),
        }
    }

    /// From now on each connection closes after its next answer.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }

    /// Lets the operating system close the connection when its client reads nothing for too long.
    #[cfg(target_os = "linux")]
    pub(crate) fn cut_off_stalled(&self, socket: impl AsFd) {
        let millis = u32::try_from(self.limits.stalled.as_millis()).unwrap_or(u32::MAX);
        if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(socket, millis) {
            let error = crow_types::log_chain(&error);
            tracing::debug!(error, "cannot set a time limit for slow clients");
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn cut_off_stalled(&self, _socket: impl AsFd) {}

    /// Registers a connection; `close` ends it. `None` when there is no room and the caller must
    /// close it now.
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
        let number = state.count();
        let open = Open {
            address,
            close: Box::new(close),
            silent_since: None,
        };
        state.open.insert(number, open);
        *state.by_address.entry(address).or_default() += 1;
        state.is_silent(number);
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
    fn count(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn is_silent(&mut self, number: u64) {
        let since = self.count();
        self.asks(number);
        if let Some(open) = self.open.get_mut(&number) {
            open.silent_since = Some(since);
            self.silent.insert((since, number));
        }
    }

    fn asks(&mut self, number: u64) {
        let open = self.open.get_mut(&number);
        if let Some(since) = open.and_then(|open| open.silent_since.take()) {
            self.silent.remove(&(since, number));
        }
    }

    /// Closes the longest silent connection for which `is_meant` holds. Returns false if there is
    /// none.
    fn close_oldest(&mut self, is_meant: impl Fn(IpAddr) -> bool) -> bool {
        let is_found = |entry: &&(u64, u64)| {
            let open = self.open.get(&entry.1);
            open.is_some_and(|open| is_meant(open.address))
        };
        let Some((_since, number)) = self.silent.iter().find(is_found).copied() else {
            return false;
        };
        metrics::counter!("crow_connections_closed_silent_total").increment(1);
        if let Some(open) = self.forget(number) {
            (open.close)();
        }
        true
    }

    fn forget(&mut self, number: u64) -> Option<Open> {
        self.asks(number);
        let open = self.open.remove(&number)?;
        if let Some(count) = self.by_address.get_mut(&open.address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&open.address);
            }
        }
        Some(open)
    }
}

impl Connection {
    /// A whole request has arrived: the connection is not silent.
    pub fn asks(&self) {
        self.connections.lock().asks(self.number);
    }

    /// Whether the client must be told to connect elsewhere for its next request.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.connections.is_stopping.load(Ordering::Acquire)
    }

    /// The rest of a request has yet to arrive.
    pub fn is_silent(&self) {
        self.connections.lock().is_silent(self.number);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        drop(self.connections.lock().forget(self.number));
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
    use std::sync::atomic::AtomicUsize;

    use super::*;

    fn limited(all: usize, per_address: usize) -> (Connections, Arc<AtomicUsize>) {
        let connections = Connections::new(ConnectionLimits {
            all,
            per_address,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            stalled: STALLED,
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
    fn a_body_that_does_not_come_makes_room_too() {
        let (connections, closed) = limited(2, 2);
        let first = come(&connections, "192.0.2.1", &closed).unwrap();
        let second = come(&connections, "192.0.2.1", &closed).unwrap();
        first.asks();
        second.asks();
        first.is_silent();
        assert!(come(&connections, "192.0.2.1", &closed).is_some());
        assert_eq!(closed.load(Ordering::Relaxed), 1);
        drop((first, second));
        assert!(connections.lock().open.is_empty());
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
