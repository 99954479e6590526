//! Why a model gave no answer. Says nothing of what was asked or answered, so it may be logged.

use std::time::Duration;

/// Why a call has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("it did not answer in time")]
    Slow,
    /// The request was not sent.
    #[error("it cannot be reached")]
    Unreachable,
    /// The request was sent, at least in part.
    #[error("its answer broke off")]
    BrokenOff,
    #[error("it answered with status {status}")]
    Status {
        status: u16,
        /// When to come again.
        retry_after: Option<Duration>,
    },
    #[error("its answer is too long")]
    TooLong,
    #[error("its answer is none of its API")]
    Unreadable,
    #[error("it refused")]
    Refused,
    #[error("its answer is cut off")]
    CutOff,
    #[error("its answer has another form than asked for")]
    WrongForm,
    #[error("what it says rests on nothing")]
    Unfounded,
    #[error("the organization has used its tokens of the day")]
    Budget,
    #[error("the database failed")]
    Database,
}

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The provider's, whatever was asked.
    Provider,
    /// The provider's or the question's. A visitor can cause such a failure, too, and must not be able
    /// to shut a model off for other organizations with it.
    Unclear,
    /// The provider has answered, if only with a refusal or nonsense.
    Question,
    /// It was not asked.
    Ours,
}

impl Failure {
    /// The word in metrics and rows.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Unreachable => "unreachable",
            Self::BrokenOff => "broken_off",
            Self::Status { status: 429, .. } => "rate_limited",
            Self::Status { .. } => "status",
            Self::TooLong => "too_long",
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
            Self::CutOff => "cut_off",
            Self::WrongForm => "wrong_form",
            Self::Unfounded => "unfounded",
            Self::Budget => "budget",
            Self::Database => "database",
        }
    }

    /// Whether the same call may succeed soon, and this one cost nothing. What may have to be paid for
    /// is not repeated at once: a visitor can make a provider take long or fail.
    pub(crate) fn is_retryable(self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Status { status, .. } => is_busy(status),
            Self::Slow
            | Self::BrokenOff
            | Self::TooLong
            | Self::Unreadable
            | Self::Refused
            | Self::CutOff
            | Self::WrongForm
            | Self::Unfounded
            | Self::Budget
            | Self::Database => false,
        }
    }

    /// Whose fault it is, as far as the failure tells.
    pub(crate) fn fault(self) -> Fault {
        match self {
            Self::Unreachable => Fault::Provider,
            Self::Status { status, .. } => match status {
                401 | 402 | 404 => Fault::Provider,
                _ if is_busy(status) => Fault::Provider,
                // A firewall may refuse what is in the text, and a gateway may give up waiting.
                403 | 408 | 500.. => Fault::Unclear,
                _other => Fault::Question,
            },
            Self::Slow | Self::BrokenOff | Self::Unreadable => Fault::Unclear,
            Self::TooLong | Self::Refused | Self::CutOff | Self::WrongForm | Self::Unfounded => {
                Fault::Question
            }
            Self::Budget | Self::Database => Fault::Ours,
        }
    }

    /// When the provider wants to be asked again.
    pub(crate) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    /// Whether the provider may have used tokens without saying how many. Each request that was sent may
    /// cost, unless the provider says that it did not begin: a gateway that gives up waiting answers 408
    /// or 5xx while the model goes on.
    pub(crate) fn may_cost(self) -> bool {
        match self {
            Self::Unreachable | Self::Budget | Self::Database => false,
            Self::Status { status, .. } => status == 408 || (status >= 500 && !is_busy(status)),
            Self::Slow
            | Self::BrokenOff
            | Self::TooLong
            | Self::Unreadable
            | Self::Refused
            | Self::CutOff
            | Self::WrongForm
            | Self::Unfounded => true,
        }
    }
}

/// Too many requests. 529: Anthropic is overloaded.
fn is_busy(status: u16) -> bool {
    matches!(status, 429 | 529)
}
