use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};

use super::{free_port, is_free};

#[test]
fn no_port_is_given_twice() {
    let ports: BTreeSet<u16> = (0..500).map(|_| free_port()).collect();
    assert_eq!(ports.len(), 500);
}

#[test]
fn a_port_with_a_listener_is_not_free() {
    let port = free_port();
    let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    assert!(!is_free(port));
}
