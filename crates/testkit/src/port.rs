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
/// server restarts.
const CANDIDATES: Range<u16> = 20_000..32_000;

/// Locked files of the ports that this process got. None is given twice, because its server may be stopped
/// at the moment, or not started yet. Other processes of tests run beside this one.
static GIVEN: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A port that is not in use, and that no running process got from here.
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

/// `false`: it is given already.
fn give(port: u16) -> bool {
    let folder = folder();
    let file =
        fs::create_dir_all(&folder).and_then(|()| File::create(folder.join(port.to_string())));
    let file = file.unwrap_or_else(|error| panic!("cannot use {}: {error}", folder.display()));
    let is_new = file.try_lock().is_ok();
    if is_new {
        let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
        given.push(file);
    }
    is_new
}

fn folder() -> PathBuf {
    env::temp_dir().join(format!("crow-ports-{}", nix::unistd::getuid()))
}
