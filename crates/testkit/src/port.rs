//! Free ports on 127.0.0.1.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rand::Rng;

#[cfg(test)]
mod tests;

/// Below the ephemeral port range, so that no outgoing connection takes a server's port while the
/// server restarts.
const CANDIDATES: Range<u16> = 20_000..32_000;

/// Ports that this process got. None is given twice, because its server may be stopped at the
/// moment.
static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port that is not in use and that this process did not get before.
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

/// Whether the port is not in use.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn give(port: u16) -> bool {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    given.insert(port)
}
