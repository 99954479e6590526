//! Why a model gave no answer. Says nothing of what was asked or answered, so it may be logged.

use std::time::Duration;

/// Why a call has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("it did not answer in time")]
    Slow,
    #[error("it cannot be reached")]
    Unreachable,
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

impl Failure {
    /// The word in metrics and rows.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Unreachable => "unreachable",
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

    /// Whether the same call may succeed soon.
    pub(crate) fn is_retryable(self) -> bool {
        match self {
            Self::Unreachable => true,
            // 529: Anthropic is overloaded.
            Self::Status { status, .. } => status == 408 || status == 429 || status >= 500,
            // It was given all the time that it may have.
            Self::Slow
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

    /// Whether the model has answered, and nothing of it may be used.
    pub(crate) fn is_unusable(self) -> bool {
        match self {
            Self::TooLong | Self::Refused | Self::CutOff | Self::WrongForm | Self::Unfounded => {
                true
            }
            Self::Slow
            | Self::Unreachable
            | Self::Status { .. }
            | Self::Unreadable
            | Self::Budget
            | Self::Database => false,
        }
    }

    /// Whether the provider is at fault, whatever was asked. A visitor can make a model refuse or talk
    /// nonsense, and must not be able to shut it off for others with that. A status may be about the
    /// question, but not these.
    pub(crate) fn is_of_provider(self) -> bool {
        match self {
            Self::Slow | Self::Unreachable | Self::Unreadable => true,
            Self::Status { status, .. } => self.is_retryable() || matches!(status, 401..=404),
            Self::TooLong
            | Self::Refused
            | Self::CutOff
            | Self::WrongForm
            | Self::Unfounded
            | Self::Budget
            | Self::Database => false,
        }
    }

    /// When the provider wants to be asked again.
    pub(crate) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    /// Whether the provider may have used tokens without saying how many. A visitor can make a model
    /// refuse or talk nonsense, so that costs, too.
    pub(crate) fn may_cost(self) -> bool {
        !matches!(
            self,
            Self::Unreachable | Self::Status { .. } | Self::Budget | Self::Database
        )
    }
}
