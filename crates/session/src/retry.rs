//! Retries of a partition's task: until it works, or until an error shows that it never will.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;

use backon::BackoffBuilder;
use tracing::{error, info, warn};

use crow_runtime::Troubles;
use crow_runtime::retry::{LONGEST_PAUSE, pauses};
use crow_types::{Partition, log_chain};

use crate::outside::Outside;

/// An error that knows whether a retry helps.
pub(crate) trait Failure: Error + Sized + 'static {
    /// Whether the same call may succeed later without a change.
    fn is_retryable(&self) -> bool;

    /// What operators may read without a key: no address, no name and no statement.
    fn in_words(&self) -> &'static str;
}

impl Failure for crow_db::Error {
    fn is_retryable(&self) -> bool {
        self.is_retryable()
    }

    fn in_words(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "this version cannot read a row",
            Self::KeyExists => "a session has another key already",
            Self::LeaseLost => "another keeper owns the partition",
            Self::Sql { .. } if self.is_retryable() => "the database fails or does not answer",
            Self::SchemaHeld(_) => "another program holds a table that a migration changes",
            Self::SchemaTooOld(_) | Self::SchemaTooNew(_) => {
                "the database has a schema that this version does not know"
            }
            Self::Sql { .. }
            | Self::Config(_)
            | Self::PartitionMismatch { .. }
            | Self::BackupSchema(_) => {
                "the database rejects a statement, and a retry does not help"
            }
        }
    }
}

impl Failure for crow_storage::Error {
    fn is_retryable(&self) -> bool {
        self.is_retryable()
    }

    fn in_words(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "the object store kept only a part of an object",
            Self::Store { .. } => "the object store fails or does not answer",
            Self::NotFound { .. } => "the object store has no such object or bucket",
            Self::Config(_) | Self::Corrupt(_) | Self::NoKey { .. } | Self::ReadAhead(_) => {
                "an object cannot be read or written, and a retry does not help"
            }
        }
    }
}

impl Failure for crow_keyring::Error {
    fn is_retryable(&self) -> bool {
        self.is_retryable()
    }

    fn in_words(&self) -> &'static str {
        match self {
            Self::Database(error) => error.in_words(),
            Self::Vault(_) | Self::VaultRefused { .. } => "Vault refuses or does not answer",
            Self::OtherMaster { .. } => "a key is wrapped with a master key that is not configured",
            Self::NoMasterKey | Self::File { .. } | Self::NotAKey { .. } | Self::VaultConfig(_) => {
                "there is no usable master key"
            }
            Self::NotRestored { .. } => "the keys of a restored backup are missing",
            Self::Damaged { .. } | Self::NoOrganizationKey { .. } => {
                "a wrapped key cannot be opened, and a retry does not help"
            }
        }
    }
}

impl Failure for crow_bus::Error {
    fn is_retryable(&self) -> bool {
        self.is_retryable()
    }

    fn in_words(&self) -> &'static str {
        match self {
            Self::Connect(_) | Self::Disconnected => "the keeper is not connected to NATS",
            Self::TimedOut => "NATS does not answer in time",
            Self::Full => "a stream of NATS is full",
            Self::NoRoom => "NATS has no room for a stream",
            Self::Busy => "too many messages wait for NATS",
            Self::TooLarge { .. } => "NATS takes no message of this size",
            Self::NoStream { .. } => "NATS has no stream for the partition",
            Self::Config(_) | Self::PartitionMismatch { .. } => {
                "the streams do not fit this installation"
            }
            Self::Server { .. } => "NATS refuses a request",
        }
    }
}

/// A retry does not help, so the partition must be given up. Holds the words for operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hopeless(pub(crate) &'static str);

/// How one thing of a partition is retried. Its failures are reported in the troubles.
pub(crate) struct Retry<'a> {
    pub(crate) outside: &'a Arc<dyn Outside>,
    pub(crate) troubles: &'a Troubles,
    pub(crate) partition: Partition,
    /// Name in readiness, metrics and logs.
    pub(crate) what: &'static str,
}

impl Retry<'_> {
    /// Calls until it works. Returns an error when a retry does not help. The causes go to the log
    /// once, and again when the kind of failure changes.
    pub(crate) async fn run<T, E, F>(&self, mut call: impl FnMut() -> F) -> Result<T, E>
    where
        E: Failure,
        F: Future<Output = Result<T, E>>,
    {
        let guard = self.troubles.guard(self.what, self.partition.0);
        let mut pauses = pauses().build();
        let mut told = None;
        loop {
            let error = match call().await {
                Err(error) if error.is_retryable() => error,
                outcome => {
                    if told.is_some() && outcome.is_ok() {
                        info!(
                            partition = self.partition.0,
                            what = self.what,
                            "works again"
                        );
                    }
                    return outcome;
                }
            };
            let words = error.in_words();
            guard.failed(of_partition(self.partition, words));
            if told.replace(words) != Some(words) {
                self.warn(&error);
            }
            let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
            self.outside.sleep(pause).await;
        }
    }

    /// For a call that is repeated later in any case. `None`: it failed, and may work later. When
    /// all such calls have worked, [`Self::ended`] ends the report.
    pub(crate) fn once<T, E: Failure>(&self, outcome: Result<T, E>) -> Result<Option<T>, Hopeless> {
        match outcome {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_retryable() => {
                self.failed(&error);
                Ok(None)
            }
            Err(error) => Err(self.give_up(&error)),
        }
    }

    /// Reports a failure of a call that is repeated later. The causes go to the log when the kind of
    /// failure is new.
    pub(crate) fn failed(&self, failure: &impl Failure) {
        let words = of_partition(self.partition, failure.in_words());
        if self.troubles.failed(self.what, self.partition.0, words) {
            self.warn(failure);
        }
    }

    /// Ends the report of failures.
    pub(crate) fn ended(&self) {
        self.troubles.ended(self.what, self.partition.0);
    }

    /// For an error that a retry does not mend: its causes go to the log.
    pub(crate) fn give_up(&self, failure: &impl Failure) -> Hopeless {
        error!(
            partition = self.partition.0,
            what = self.what,
            error = log_chain(failure),
            "a retry does not help; giving the partition up"
        );
        Hopeless(failure.in_words())
    }

    fn warn(&self, failure: &impl Error) {
        warn!(
            partition = self.partition.0,
            what = self.what,
            error = log_chain(failure),
            "failed, retrying"
        );
    }
}

/// As readiness says it.
pub(crate) fn of_partition(partition: Partition, words: &str) -> String {
    format!("partition {}: {words}", partition.0)
}
