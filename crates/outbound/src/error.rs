use std::error::Error as StdError;

/// Why an address may not be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither http nor https.
    #[error("it must begin with http:// or https://")]
    Scheme,
    /// There is no host.
    #[error("it has no host")]
    NoHost,
    /// There is a user name or a password in it.
    #[error("it must not have a user name or a password")]
    Credentials,
    /// The port is neither 80 nor 443, nor one that the operator allows.
    #[error("its port is not allowed")]
    Port,
    /// No address of the host is public or in a network that the operator allows.
    #[error("its host has no public address")]
    Address,
    /// It redirects to an address that is too long.
    #[error("it redirects to an address that is too long")]
    Long,
    /// From https to http.
    #[error("it leads from https to http")]
    Downgrade,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address, or one that it redirects to, may not be asked.
    #[error("the address is refused")]
    Refused(#[source] Refusal),
    /// It redirects to where the caller does not want to go.
    #[error("it redirects to another place")]
    Elsewhere,
    /// It redirects too often.
    #[error("it redirects more than {0} times")]
    Redirects(usize),
    /// It redirects, and does not say where to.
    #[error("it redirects without an address")]
    Location,
    /// The answer is larger than the limit.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// It took longer than the limit.
    #[error("it took longer than {0} s")]
    TooSlow(u64),
    /// The answer is compressed in a way that was not asked for, or is damaged.
    #[error("the answer cannot be decompressed")]
    Encoding,
    /// It cannot be reached, or does not speak HTTP.
    #[error("it cannot be reached")]
    Http(#[source] reqwest::Error),
    /// The client cannot be made.
    #[error("cannot make the client for other sites")]
    Client(#[source] reqwest::Error),
}

impl Error {
    /// The resolver's refusal lies somewhere below what the client reports.
    pub(crate) fn of(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut cause: Option<&(dyn StdError + 'static)> = error.source();
        while let Some(known) = cause {
            if let Some(refusal) = known.downcast_ref::<Refusal>() {
                return Self::Refused(*refusal);
            }
            cause = known.source();
        }
        Self::Http(error)
    }
}
