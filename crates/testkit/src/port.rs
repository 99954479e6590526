//! Free ports on 127.0.0.1.

use std::env;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rand::Rng;

#[cfg(test)]
mod tests;

/// Below the ephemeral port range, so that no outgoing connection takes a server's port while the
/// server restarts. And above those that `crow serve` chooses from for its nats-server: it does not know
/// which ports are given here.
const CANDIDATES: Range<u16> = 24_000..32_000;

/// Locked files of the ports that this process got. None is given twice, because its server may be stopped
/// at the moment, or not started yet. Other processes of tests run beside this one.
static GIVEN: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A port that is not in use, and that no running process got from here.
pub fn free_port() -> u16 {
    let mut rng = rand::rng();
    for _ in 0..10_000 {
        let port = rng.random_range(CANDIDATES);
        // Nobody tries a port that another process has got, not even for a moment.
        if let Some(locked) = lock(port)
            && is_free(port)
        {
            let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
            given.push(locked);
            return port;
        }
    }
    panic!("no free port in {CANDIDATES:?}");
}

/// Whether the port is not in use.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// `None`: it is given already.
fn lock(port: u16) -> Option<File> {
    let folder = folder();
    let file =
        fs::create_dir_all(&folder).and_then(|()| File::create(folder.join(port.to_string())));
    let file = file.unwrap_or_else(|error| panic!("cannot use {}: {error}", folder.display()));
    file.try_lock().is_ok().then_some(file)
}

fn folder() -> PathBuf {
    env::temp_dir().join(format!("crow-ports-{}", nix::unistd::getuid()))
}
