use webauthn_rs::prelude::WebauthnError;

use crow_auth::UnknownRole;
use crow_auth::keys::KeysError;
use crow_types::{ErrorCode, log_chain};
use crow_web::ApiError;

/// Why something about accounts was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// A wrong address or password; it does not say which.
    #[error("the e-mail address or the password is wrong")]
    WrongPassword,
    /// The current password of somebody who is signed in is wrong.
    #[error("the current password is wrong")]
    WrongCurrentPassword,
    /// The address has a domain whose people sign in only with the provider.
    #[error("people with this e-mail domain sign in with the provider of their organization")]
    ProviderOnly,
    /// No provider is configured.
    #[error("there is no provider to sign in with; an operator sets `query.oidc.issuer`")]
    NoProvider,
    /// Passkeys are off.
    #[error(
        "passkeys are off; an operator sets `query.public_url` to an https:// address with a host name"
    )]
    NoPasskeys,
    /// No user has the passkey, the user is disabled, or the signature is wrong; it does not say which.
    #[error("this passkey is not registered here")]
    WrongPasskey,
    /// The challenge was answered, has expired, or was for somebody else.
    #[error("this took too long or was answered already; start again")]
    ChallengeOver,
    /// The sign-in is not recent enough for what gives lasting access.
    #[error("this sign-in is older than an hour; sign in again to add a passkey")]
    SignInTooOld,
    /// Somebody has the passkey.
    #[error("this passkey has been added already")]
    PasskeyTaken,
    /// No more fit.
    #[error("the limit of 10 passkeys is reached; remove one")]
    TooManyPasskeys,
    /// Too many wrong passwords.
    #[error("too many attempts to sign in; wait a quarter of an hour")]
    TooManyAttempts,
    /// More passwords are waiting to be checked than fit.
    #[error("too many people sign in at the moment; try again")]
    Busy,
    /// Signed in with a key.
    #[error("sign in with e-mail address and password for this")]
    NoUser,
    /// There is none.
    #[error("not found")]
    NotFound,
    /// The address belongs to a user.
    #[error("a user with this e-mail address exists; users belong to one organization")]
    EmailTaken,
    /// The organization needs an owner.
    #[error("this is the last owner; make somebody else an owner first")]
    LastOwner,
    /// The caller lacks the scope `owner`.
    #[error("only an owner may make, change or invite owners")]
    OwnersOnly,
    /// Another filter has the name.
    #[error(
        "you have saved a filter with this name on this page; choose another name or change that one"
    )]
    FilterExists,
    /// No more fit.
    #[error("the limit of 200 saved filters is reached; remove one")]
    TooManyFilters,
    /// It belongs to somebody else.
    #[error("only an admin or whoever saved this filter may change it")]
    OthersFilter,
    /// Another cohort has the name.
    #[error("you have saved a cohort with this name; choose another name or change that one")]
    CohortExists,
    /// No more fit.
    #[error("the limit of 200 cohorts is reached; remove one")]
    TooManyCohorts,
    /// It belongs to somebody else.
    #[error("only an admin or whoever saved this cohort may change it")]
    OthersCohort,
    /// A field is wrong.
    #[error("{field}: {problem}")]
    Field {
        /// Its name.
        field: &'static str,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// A row holds an unknown role.
    #[error("a stored user has an unknown role")]
    Role(#[from] UnknownRole),
    /// The database failed.
    #[error("accounts could not be read or written")]
    Db(#[from] crow_db::Error),
    /// A secret could not be made or stored.
    #[error("a secret could not be made")]
    Secret(#[from] KeysError),
    /// The library for passkeys failed.
    #[error("a challenge for a passkey could not be made")]
    Passkey(#[source] WebauthnError),
    /// What is stored about a passkey cannot be read or written.
    #[error("a stored passkey or challenge could not be read or written")]
    Json(#[source] serde_json::Error),
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

impl AccountsError {
    pub(crate) fn field(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Field {
            field,
            problem: problem.into(),
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::WrongPassword | Self::WrongPasskey => ErrorCode::Unauthenticated,
            Self::WrongCurrentPassword
            | Self::NoUser
            | Self::OwnersOnly
            | Self::ProviderOnly
            | Self::SignInTooOld
            | Self::OthersFilter
            | Self::OthersCohort => ErrorCode::Forbidden,
            Self::TooManyAttempts => ErrorCode::RateLimited,
            Self::NotFound | Self::NoProvider | Self::NoPasskeys => ErrorCode::NotFound,
            Self::EmailTaken
            | Self::LastOwner
            | Self::FilterExists
            | Self::TooManyFilters
            | Self::CohortExists
            | Self::TooManyCohorts
            | Self::ChallengeOver
            | Self::PasskeyTaken
            | Self::TooManyPasskeys => ErrorCode::Conflict,
            Self::Field { .. } => ErrorCode::Malformed,
            Self::Busy | Self::Db(_) | Self::Secret(_) => ErrorCode::Unavailable,
            Self::Role(_) | Self::Hash(_) | Self::Passkey(_) | Self::Json(_) => ErrorCode::Internal,
        }
    }
}

impl From<AccountsError> for ApiError {
    fn from(error: AccountsError) -> Self {
        let code = error.code();
        if matches!(code, ErrorCode::Internal) {
            return Self::internal(&error);
        }
        if matches!(error, AccountsError::Db(_) | AccountsError::Secret(_)) {
            tracing::error!(error = log_chain(&error), "accounts are not available");
        }
        let answer = Self::new(code, error.to_string());
        match error {
            AccountsError::TooManyAttempts => answer.retry_after(900),
            AccountsError::Busy => answer.retry_after(2),
            _ => answer,
        }
    }
}
