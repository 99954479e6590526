//! Free ports on 127.0.0.1.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rand::Rng;

#[cfg(test)]
mod tests;

/// Below the range from which systems take the ports of outgoing connections: while a server is
/// down between two starts, no connection of some other test sits on its port.
const CANDIDATES: Range<u16> = 20_000..32_000;

/// Ports given to this process, never given twice: their servers may be down just now.
static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port nobody listens on, different from all that this process got before.
pub fn free_port() -> u16 {
    let mut rng = rand::rng();
    for _ in 0..10_000 {
        let port = rng.random_range(CANDIDATES);
        if is_free(port) && give(port) {
            return port;
        }
    }
    panic!("no free port in {CANDIDATES:?}");
}

/// Whether nobody listens on this port.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn give(port: u16) -> bool {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    given.insert(port)
}
