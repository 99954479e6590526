use super::{NATS_MINIMUM, nats_version};

#[test]
fn the_version_of_a_nats_server_is_read() {
    assert_eq!(nats_version("nats-server: v2.15.1\n"), Some((2, 15)));
    assert_eq!(nats_version("nats-server: v2.9.25"), Some((2, 9)));
    assert_eq!(nats_version("something else"), None);
    assert!(nats_version("nats-server: v2.9.25").unwrap() < NATS_MINIMUM);
}
