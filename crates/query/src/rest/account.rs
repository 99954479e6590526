//! The account of somebody who signs in by password: sign-in, invitation, password, own sign-ins.

use actix_web::HttpRequest;
use actix_web::web::Data;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_accounts::{Accept, Accounts, AccountsError, Invitation};
use crow_auth::{Holder, Role, SignIn, SignedInUser, hash_of};
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::accounts::OneSignIn;
use crate::door::http::SignedIn;
use crate::rest::answers::{Answered, Done, Found, OrConflict};
use crate::rest::asked::AskedSignedIn;
use crate::rest::body;
use crate::rest::described::Unread;
use crate::rest::sign_in::{SignInView, WithCookie, hand_over};

/// Body limit in bytes. The bodies hold a few short texts.
const MAX_BODY: usize = 4 << 10;

/// The result of signing in.
type Started = Result<WithCookie<Found<SignInView>>, ApiError>;

/// An account to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInByPassword {
    /// The e-mail address; case does not matter.
    email: String,
    /// The password.
    #[schema(value_type = String)]
    password: SecretString,
}

/// The token of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationToken {
    /// From the link.
    token: String,
}

/// The use of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptInvitation {
    /// From the link.
    token: String,
    /// The password: 12 to 128 characters.
    #[schema(value_type = String, min_length = 12, max_length = 128)]
    password: SecretString,
    /// The name, 1 to 100 characters. Required to join.
    #[serde(default)]
    name: Option<String>,
    /// The e-mail address. Required if the invitation has none.
    #[serde(default)]
    email: Option<String>,
    /// The organization. Required if the invitation has none.
    #[serde(default)]
    organization_id: Option<String>,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePassword {
    /// The password until now.
    #[schema(value_type = String)]
    current_password: SecretString,
    /// The new one: 12 to 128 characters.
    #[schema(value_type = String, min_length = 12, max_length = 128)]
    new_password: SecretString,
}

/// An open invitation, for whoever has its link.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenInvitation {
    /// `join` makes an account; `password` sets the password of an account.
    pub purpose: String,
    /// The organization; null: the first user of the installation names it.
    pub organization_id: Option<String>,
    /// The e-mail address; null: the first user says it.
    pub email: Option<String>,
    /// `owner`, `admin`, `member` or `marketing`.
    #[schema(value_type = String)]
    pub role: Role,
    /// When it stops working, milliseconds since the epoch.
    pub expires_at: i64,
}

impl From<Invitation> for OpenInvitation {
    fn from(invitation: Invitation) -> Self {
        Self {
            purpose: invitation.purpose.as_str().to_owned(),
            organization_id: invitation.organization,
            email: invitation.email,
            role: invitation.role,
            expires_at: invitation.expires_at,
        }
    }
}

/// The sign-ins of a user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInList {
    /// Newest first, at most 200.
    pub sign_ins: Vec<ListedSignIn>,
}

/// One sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedSignIn {
    /// Id of the sign-in.
    pub id: String,
    /// When it began, milliseconds since the epoch.
    pub created_at: i64,
    /// When it ends, milliseconds since the epoch.
    pub expires_at: i64,
    /// Where it began; null when unknown.
    pub address: Option<String>,
    /// The `User-Agent` header, shortened.
    pub user_agent: Option<String>,
    /// Whether it is the one of this request.
    pub is_current: bool,
}

pub async fn sign_in(
    api: Data<Api>,
    accounts: Data<Accounts>,
    request: HttpRequest,
    body: Unread<SignInByPassword>,
) -> Started {
    let asked: SignInByPassword = body::json(&request, body.payload, MAX_BODY, true).await?;
    let from = api.door.client_of(&request);
    let started = accounts.sign_in(&asked.email, asked.password, from).await?;
    hand_over(&api, &request, started).await
}

pub async fn show_invitation(
    accounts: Data<Accounts>,
    request: HttpRequest,
    body: Unread<InvitationToken>,
) -> Answered<OpenInvitation> {
    let asked: InvitationToken = body::json(&request, body.payload, MAX_BODY, true).await?;
    Ok(Found(accounts.invitation(&asked.token).await?.into()))
}

pub async fn accept_invitation(
    api: Data<Api>,
    accounts: Data<Accounts>,
    request: HttpRequest,
    body: Unread<AcceptInvitation>,
) -> Result<OrConflict<WithCookie<Found<SignInView>>>, ApiError> {
    let asked: AcceptInvitation = body::json(&request, body.payload, MAX_BODY, true).await?;
    let accept = Accept {
        token: asked.token,
        password: asked.password,
        name: asked.name,
        email: asked.email,
        organization: asked.organization_id,
    };
    let from = api.door.client_of(&request);
    let started = accounts.accept(accept, from).await?;
    hand_over(&api, &request, started).await.map(OrConflict)
}

pub async fn change_password(
    api: Data<Api>,
    accounts: Data<Accounts>,
    request: HttpRequest,
    by: SignedIn,
    body: Unread<ChangePassword>,
) -> Result<Done, ApiError> {
    let user = user_of(&by.sign_in)?;
    let asked: ChangePassword = body::json(&request, body.payload, MAX_BODY, true).await?;
    let (current, new) = (asked.current_password, asked.new_password);
    let from = api.door.client_of(&request);
    accounts
        .change_password(&user.id, current, new, &hash_of(&by.token), &from)
        .await?;
    Ok(Done)
}

pub async fn list_sign_ins(accounts: Data<Accounts>, by: SignedIn) -> Answered<SignInList> {
    let user = user_of(&by.sign_in)?;
    let rows = accounts.sign_ins(&user.id).await?;
    let sign_ins = rows.into_iter().map(|row| ListedSignIn {
        is_current: row.id == by.sign_in.id,
        id: row.id.unwrap_or_default(),
        created_at: row.created_at,
        expires_at: row.expires_at,
        address: row.address,
        user_agent: row.user_agent,
    });
    Ok(Found(SignInList {
        sign_ins: sign_ins.collect(),
    }))
}

pub async fn end_sign_in(
    accounts: Data<Accounts>,
    ask: AskedSignedIn<OneSignIn>,
) -> Result<Done, ApiError> {
    let user = user_of(&ask.by.sign_in)?;
    let id = &ask.question.sign_in.0;
    accounts.end_sign_in(&user.id, id).await?;
    Ok(Done)
}

pub async fn end_other_sign_ins(accounts: Data<Accounts>, by: SignedIn) -> Result<Done, ApiError> {
    let user = user_of(&by.sign_in)?;
    let own = hash_of(&by.token);
    accounts.end_sign_ins(&user.id, Some(&own)).await?;
    Ok(Done)
}

/// The user of a sign-in. A key has no password and no list of sign-ins.
pub fn user_of(sign_in: &SignIn) -> Result<&SignedInUser, AccountsError> {
    match &sign_in.holder {
        Holder::User(user) => Ok(user),
        Holder::Key { .. } => Err(AccountsError::NoUser),
    }
}
