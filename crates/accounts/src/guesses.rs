//! Limits for those who guess passwords. An attempt counts before the password is checked, so many
//! at the same time do not slip through. Counts are of one process: with several, each allows as
//! many.

use std::net::IpAddr;
use std::time::Duration;

use moka::sync::Cache;

use crow_web::proxies::network;

use crate::counts::{Counts, MAX_COUNTED};

/// Attempts on one account from one address.
const PER_PAIR: u32 = 10;
/// Attempts on one account from addresses that it was never used from.
const PER_ACCOUNT: u32 = 100;
/// Attempts on any account from one address.
const PER_ADDRESS: u32 = 50;
/// The period of these counts.
const PERIOD: Duration = Duration::from_secs(15 * 60);
/// How long an address of an account is remembered.
const KNOWN_FOR: Duration = Duration::from_secs(30 * 86_400);

/// An account by its address, and a network.
type Pair = (String, Option<IpAddr>);

/// Counts attempts. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Guesses {
    pairs: Counts<Pair>,
    accounts: Counts<String>,
    addresses: Counts<IpAddr>,
    known: Cache<Pair, ()>,
}

/// Why an attempt is one too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limited {
    /// By its own earlier ones.
    Own,
    /// By those of others, so it may be made from an address that the account was used from.
    Others,
}

impl Default for Guesses {
    fn default() -> Self {
        Self {
            pairs: Counts::of(PERIOD),
            accounts: Counts::of(PERIOD),
            addresses: Counts::of(PERIOD),
            known: Cache::builder()
                .max_capacity(MAX_COUNTED)
                .time_to_live(KNOWN_FOR)
                .build(),
        }
    }
}

impl Guesses {
    /// Counts an attempt, unless it is one too many.
    pub(crate) fn begin(&self, email: &str, address: Option<IpAddr>) -> Result<(), Limited> {
        let of = address.map(network);
        let pair = (email.to_owned(), of);
        if self.pairs.add(pair.clone()) > PER_PAIR {
            return Err(Limited::Own);
        }
        if self.known.contains_key(&pair) {
            return Ok(());
        }
        let of_address = of.map_or(0, |network| self.addresses.add(network));
        let of_account = self.accounts.add(email.to_owned());
        if of_address > PER_ADDRESS || of_account > PER_ACCOUNT {
            return Err(Limited::Others);
        }
        Ok(())
    }

    /// The password was right: the attempts of this address on this account are forgotten, and
    /// those of others no longer limit it.
    pub(crate) fn succeeded(&self, email: &str, address: Option<IpAddr>) {
        let pair = (email.to_owned(), address.map(network));
        self.pairs.forget(&pair);
        self.known.insert(pair, ());
    }
}
