//! Encrypting a key with another key: AES-256-GCM under a subkey for what the key belongs to, with a
//! random nonce in front.

use ring::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce};
use ring::rand::{SecureRandom, SystemRandom};

use crow_storage::seal::{KEY_BYTES, KeyBytes};

/// Bytes of a wrapped key.
const WRAPPED: usize = NONCE_LEN + KEY_BYTES + 16;

/// Wraps a key; `of` names what it belongs to.
pub(crate) fn wrap(with: &KeyBytes, purpose: &str, of: &str, key: &KeyBytes) -> Vec<u8> {
    let mut nonce = [0; NONCE_LEN];
    let filled = SystemRandom::new().fill(&mut nonce);
    filled.expect("the operating system has random numbers");
    let mut wrapped = Vec::with_capacity(WRAPPED);
    wrapped.extend_from_slice(&nonce);
    wrapped.extend_from_slice(key.expose());
    let tag = with.subkey(purpose, of).seal_in_place_separate_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(of),
        &mut wrapped[NONCE_LEN..],
    );
    let tag = tag.expect("a key is far smaller than the limit of GCM");
    wrapped.extend_from_slice(tag.as_ref());
    debug_assert_eq!(wrapped.len(), NONCE_LEN + KEY_BYTES + AES_256_GCM.tag_len());
    wrapped
}

/// The key; `None` when it was wrapped with another key, for something else, or is damaged.
pub(crate) fn unwrap(with: &KeyBytes, purpose: &str, of: &str, wrapped: &[u8]) -> Option<KeyBytes> {
    let (nonce, sealed) = wrapped.split_first_chunk::<NONCE_LEN>()?;
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let key = with.subkey(purpose, of);
    let opened = key.open_in_place(nonce, Aad::from(of), &mut sealed).ok()?;
    Some(KeyBytes::new(<[u8; KEY_BYTES]>::try_from(&*opened).ok()?))
}
