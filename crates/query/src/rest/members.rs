//! The users of an organization, and invitations to it.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_accounts::{Accounts, By, Invitation, Member};
use crow_auth::Role;
use crow_web::ApiError;

use crate::ask::accounts::{ChangeUser, Invite, OneInvitation, OneUser};
use crate::door::{Admin, Allowed};
use crate::rest::answers::{Answered, Changed, Done, Found, Made, OrConflict};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::body;
use crate::rest::described::Unread;

/// Body limit in bytes. The bodies hold a few short texts.
const MAX_BODY: usize = 4 << 10;

impl Body for Invite {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// The users of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserList {
    /// Oldest first, including disabled ones.
    pub users: Vec<MemberView>,
}

/// A user of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// Id of the user.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
    /// `owner`, `admin`, `member` or `marketing`.
    #[schema(value_type = String)]
    pub role: Role,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch; null while the user may sign in.
    pub disabled_at: Option<i64>,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            email: member.email,
            name: member.name,
            role: member.role,
            created_at: member.created_at,
            disabled_at: member.disabled_at,
        }
    }
}

/// Invitations to an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationList {
    /// Those that can be used, oldest first.
    pub invitations: Vec<InvitationView>,
}

/// An invitation to an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// Id of the invitation.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The role of the new user.
    #[schema(value_type = String)]
    pub role: Role,
    /// Id of the user or key that made it.
    pub created_by: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// When it stops working, milliseconds since the epoch.
    pub expires_at: i64,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email.unwrap_or_default(),
            role: invitation.role,
            created_by: invitation.created_by,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
        }
    }
}

/// A new invitation, with the token of its link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewInvitation {
    /// The entry that lists show.
    #[serde(flatten)]
    pub view: InvitationView,
    /// The link is the dashboard's address with `#/accept/` and this. It is shown only here.
    pub token: String,
    /// Whether the link was mailed. If not, pass it on.
    pub is_mailed: bool,
}

/// A new link that sets a password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordLink {
    /// The link is the dashboard's address with `#/accept/` and this. It is shown only here.
    pub token: String,
    /// Whether the link was mailed. If not, pass it on.
    pub is_mailed: bool,
    /// When it stops working, milliseconds since the epoch.
    pub expires_at: i64,
}

fn by<S>(allowed: &Allowed<S>) -> By {
    By {
        actor: allowed.actor(),
        scopes: allowed.principal().scopes(),
    }
}

pub async fn list_users(accounts: Data<Accounts>, ask: Asked<Admin, ()>) -> Answered<UserList> {
    let members = accounts.members(ask.organization()).await?;
    Ok(Found(UserList {
        users: members.into_iter().map(MemberView::from).collect(),
    }))
}

pub async fn change_user(
    accounts: Data<Accounts>,
    request: HttpRequest,
    ask: Asked<Admin, OneUser>,
    body: Unread<ChangeUser>,
) -> Result<Changed<MemberView>, ApiError> {
    let asked: ChangeUser = body::json(&request, body.payload, MAX_BODY, true).await?;
    let (id, change) = (&ask.question.user.0, asked.change()?);
    let changed = accounts
        .change_member(&by(&ask.by), ask.organization(), id, change)
        .await?;
    Ok(Changed(changed.into()))
}

pub async fn sign_user_out(
    accounts: Data<Accounts>,
    ask: Asked<Admin, OneUser>,
) -> Result<Done, ApiError> {
    let id = &ask.question.user.0;
    accounts
        .sign_member_out(&by(&ask.by), ask.organization(), id)
        .await?;
    Ok(Done)
}

pub async fn make_password_link(
    accounts: Data<Accounts>,
    ask: Asked<Admin, OneUser>,
) -> Result<Made<PasswordLink>, ApiError> {
    let id = &ask.question.user.0;
    let (invitation, token) = accounts
        .password_link(&by(&ask.by), ask.organization(), id)
        .await?;
    let is_mailed = accounts.mail_link(&invitation, &token).await;
    Ok(Made(PasswordLink {
        token,
        is_mailed,
        expires_at: invitation.expires_at,
    }))
}

pub async fn list_invitations(
    accounts: Data<Accounts>,
    ask: Asked<Admin, ()>,
) -> Answered<InvitationList> {
    let found = accounts.invitations(ask.organization()).await?;
    Ok(Found(InvitationList {
        invitations: found.into_iter().map(InvitationView::from).collect(),
    }))
}

pub async fn invite(
    accounts: Data<Accounts>,
    sent: Sent<Admin, Invite>,
) -> Result<OrConflict<Made<NewInvitation>>, ApiError> {
    let (email, role) = (&sent.body.email, sent.body.role()?);
    let (invitation, token) = accounts
        .invite(&by(&sent.by), sent.organization(), email, role)
        .await?;
    let is_mailed = accounts.mail_link(&invitation, &token).await;
    let view = invitation.into();
    Ok(OrConflict(Made(NewInvitation {
        view,
        token,
        is_mailed,
    })))
}

pub async fn withdraw_invitation(
    accounts: Data<Accounts>,
    ask: Asked<Admin, OneInvitation>,
) -> Result<Done, ApiError> {
    let id = &ask.question.invitation.0;
    accounts
        .withdraw(&by(&ask.by), ask.organization(), id)
        .await?;
    Ok(Done)
}
