//! Passkeys: one's own, and the sign-in with one. Options and answers pass as JSON between the browser
//! and `crow-accounts`.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crow_accounts::{Accounts, AddPasskey, Asked, Passkey};
use crow_auth::hash_of;
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::accounts::OnePasskey;
use crate::door::http::SignedIn;
use crate::rest::account::user_of;
use crate::rest::answers::{Answered, Done, Found, Made, OrConflict};
use crate::rest::asked::AskedSignedIn;
use crate::rest::attempts::Attempts;
use crate::rest::body;
use crate::rest::described::Unread;
use crate::rest::sign_in::{SignInView, WithCookie, hand_over};

/// Body limit in bytes. A device that proves what it is sends certificates, although it is not asked to.
const MAX_BODY: usize = 32 << 10;

/// The passkeys of a user.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyList {
    /// Oldest first, at most 10.
    pub passkeys: Vec<PasskeyView>,
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyView {
    /// Id of the passkey.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// When somebody last signed in with it, milliseconds since the epoch; null: never.
    pub last_used_at: Option<i64>,
}

impl From<Passkey> for PasskeyView {
    fn from(passkey: Passkey) -> Self {
        Self {
            id: passkey.id,
            name: passkey.name,
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
        }
    }
}

/// What a device is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyChallenge {
    /// Send it with the answer. It is good for one answer.
    pub token: String,
    /// `{"publicKey": …}`. A browser parses `publicKey` with `PublicKeyCredential.parseCreationOptionsFromJSON` or
    /// `parseRequestOptionsFromJSON`.
    #[schema(value_type = Object)]
    pub options: Value,
}

impl From<Asked> for PasskeyChallenge {
    fn from(asked: Asked) -> Self {
        Self {
            token: asked.token,
            options: asked.options,
        }
    }
}

/// A passkey to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// From the challenge.
    token: String,
    /// The name of the passkey, such as that of the device: 1 to 100 characters.
    name: String,
    /// The device's answer, from `PublicKeyCredential.toJSON`.
    #[schema(value_type = Object)]
    credential: Value,
}

/// A passkey to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInByPasskey {
    /// From the challenge.
    token: String,
    /// The device's answer, from `PublicKeyCredential.toJSON`.
    #[schema(value_type = Object)]
    credential: Value,
}

/// The name of a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenamePasskey {
    /// 1 to 100 characters.
    name: String,
}

pub async fn list(accounts: Data<Accounts>, by: SignedIn) -> Answered<PasskeyList> {
    let user = user_of(&by.sign_in)?;
    let passkeys = accounts.passkeys_of(&user.id).await?;
    Ok(Found(PasskeyList {
        passkeys: passkeys.into_iter().map(PasskeyView::from).collect(),
    }))
}

pub async fn start(
    accounts: Data<Accounts>,
    by: SignedIn,
) -> Result<OrConflict<Found<PasskeyChallenge>>, ApiError> {
    let user = user_of(&by.sign_in)?;
    let own = hash_of(&by.token);
    let asked = accounts.start_passkey(&user.id, &own).await?;
    Ok(OrConflict(Found(asked.into())))
}

pub async fn add(
    api: Data<Api>,
    accounts: Data<Accounts>,
    request: HttpRequest,
    by: SignedIn,
    body: Unread<NewPasskey>,
) -> Result<OrConflict<Made<PasskeyView>>, ApiError> {
    let user = user_of(&by.sign_in)?;
    let sent: NewPasskey = body::json(&request, body.payload, MAX_BODY, true).await?;
    let add = AddPasskey {
        token: sent.token,
        name: sent.name,
        credential: sent.credential,
    };
    let address = api.door.client_of(&request).address;
    let own = hash_of(&by.token);
    let added = accounts.add_passkey(&user.id, &own, add, address).await?;
    Ok(OrConflict(Made(added.into())))
}

pub async fn rename(
    accounts: Data<Accounts>,
    request: HttpRequest,
    ask: AskedSignedIn<OnePasskey>,
    body: Unread<RenamePasskey>,
) -> Result<Done, ApiError> {
    let user = user_of(&ask.by.sign_in)?;
    let sent: RenamePasskey = body::json(&request, body.payload, MAX_BODY, true).await?;
    let id = &ask.question.passkey.0;
    accounts.rename_passkey(&user.id, id, &sent.name).await?;
    Ok(Done)
}

pub async fn remove(
    api: Data<Api>,
    accounts: Data<Accounts>,
    request: HttpRequest,
    ask: AskedSignedIn<OnePasskey>,
) -> Result<Done, ApiError> {
    let user = user_of(&ask.by.sign_in)?;
    let address = api.door.client_of(&request).address;
    let id = &ask.question.passkey.0;
    accounts.remove_passkey(&user.id, id, address).await?;
    Ok(Done)
}

pub async fn start_sign_in(
    accounts: Data<Accounts>,
    attempts: Data<Attempts>,
    request: HttpRequest,
) -> Answered<PasskeyChallenge> {
    attempts.uses_passkey(&request)?;
    Ok(Found(accounts.start_passkey_sign_in().await?.into()))
}

pub async fn sign_in(
    api: Data<Api>,
    accounts: Data<Accounts>,
    attempts: Data<Attempts>,
    request: HttpRequest,
    body: Unread<SignInByPasskey>,
) -> Result<OrConflict<WithCookie<Found<SignInView>>>, ApiError> {
    attempts.uses_passkey(&request)?;
    let sent: SignInByPasskey = body::json(&request, body.payload, MAX_BODY, true).await?;
    let from = api.door.client_of(&request);
    let started = accounts.sign_in_with_passkey(&sent.token, sent.credential, from);
    hand_over(&api, &request, started.await?)
        .await
        .map(OrConflict)
}
