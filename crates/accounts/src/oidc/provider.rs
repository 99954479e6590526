//! The conversation with the provider, in the terms of the library: discovery, the address to send
//! people to, and the exchange of a code for what the provider says about somebody.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthenticationFlow, AuthorizationCode, ClientId,
    ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    HttpRequest, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse, UserInfoClaims,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use crow_types::{Timestamp, log_chain};

use super::calls;
use super::config::Settings;
use super::person::{Person, Problem};
use super::state::{self, Begun};

/// How long the provider's description and keys are used before they are read again.
const FRESH_FOR: Duration = Duration::from_secs(3_600);
/// How long after a failure the provider is not asked for them again.
const PAUSE: Duration = Duration::from_secs(5);
/// The shortest time between two readings because of an unknown key.
const AGAIN_AFTER: Duration = Duration::from_secs(30);

/// All claims, for the one that holds the groups.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Others(BTreeMap<String, Value>);

impl AdditionalClaims for Others {}

type Tokens = StandardTokenResponse<
    IdTokenFields<
        Others,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Client = openidconnect::Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The provider. Its description is read when it is first needed, so that CROW starts without it.
#[derive(Debug)]
pub(crate) struct Provider {
    http: reqwest::Client,
    known: Mutex<Read>,
}

/// What was read of the provider.
#[derive(Debug, Default)]
struct Read {
    known: Option<Known>,
    failed_at: Option<Instant>,
}

#[derive(Debug)]
struct Known {
    client: Arc<Client>,
    read_at: Instant,
}

impl Provider {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        Ok(Self {
            http: calls::client()?,
            known: Mutex::default(),
        })
    }

    /// The address to send somebody to, and what to remember until the return.
    pub(crate) async fn begin(
        &self,
        settings: &Settings,
        next: Option<String>,
        previous: Option<String>,
    ) -> Result<(String, Begun), Problem> {
        let client = self.client(settings, FRESH_FOR).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client.authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        for scope in &settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (url, state, nonce) = request.set_pkce_challenge(challenge).url();
        let begun = Begun {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            next,
            previous,
            expires_at: Timestamp::now().plus(state::LASTS).0,
        };
        Ok((url.into(), begun))
    }

    /// Exchanges a code. The provider accepts each code once.
    pub(crate) async fn finish(
        &self,
        settings: &Settings,
        begun: Begun,
        code: String,
    ) -> Result<Person, Problem> {
        let client = self.client(settings, FRESH_FOR).await?;
        let http = |request: HttpRequest| calls::send(self.http.clone(), request);
        let exchange = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| invalid("the provider has no token endpoint", &error))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier));
        let tokens = exchange.request_async(&http).await;
        let tokens = tokens.map_err(|error| match error {
            openidconnect::RequestTokenError::Request(error) => unavailable(&error),
            openidconnect::RequestTokenError::ServerResponse(_)
            | openidconnect::RequestTokenError::Parse(_, _)
            | openidconnect::RequestTokenError::Other(_) => {
                invalid("the provider refused a code", &NoPayload)
            }
        })?;
        let nonce = Nonce::new(begun.nonce);
        let client = match self.check(&client, &tokens, &nonce) {
            // The provider may have changed its keys since.
            Err(error) if is_unknown_key(&error) => self.client(settings, AGAIN_AFTER).await?,
            Ok(()) | Err(_) => client,
        };
        self.check(&client, &tokens, &nonce)
            .map_err(|error| invalid("the ID token of the provider is not valid", &error))?;
        self.read(settings, &client, &tokens, &nonce).await
    }

    /// Signature, issuer, audience, time, nonce and the hash of the access token.
    fn check(&self, client: &Client, tokens: &Tokens, nonce: &Nonce) -> Result<(), Invalid> {
        let verifier = client.id_token_verifier();
        let id_token = tokens.id_token().ok_or(Invalid::NoIdToken)?;
        let claims = id_token.claims(&verifier, nonce)?;
        let Some(expected) = claims.access_token_hash() else {
            return Ok(());
        };
        let algorithm = id_token.signing_alg()?;
        let key = id_token.signing_key(&verifier)?;
        let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)?;
        if actual == *expected {
            Ok(())
        } else {
            Err(Invalid::AccessToken)
        }
    }

    /// What the ID token says, and the user info where it says nothing.
    async fn read(
        &self,
        settings: &Settings,
        client: &Client,
        tokens: &Tokens,
        nonce: &Nonce,
    ) -> Result<Person, Problem> {
        let id_token = tokens.id_token().ok_or(Problem::Invalid)?;
        let claims = id_token
            .claims(&client.id_token_verifier(), nonce)
            .map_err(|error| invalid("the ID token of the provider is not valid", &error))?;
        let groups = |others: &Others| groups_in(settings, others);
        let mut person = Person {
            issuer: settings.issuer.clone(),
            subject: claims.subject().as_str().to_owned(),
            email: claims.email().map(|email| email.as_str().to_owned()),
            is_verified: claims.email_verified() == Some(true),
            name: claims.name().and_then(first),
            groups: groups(claims.additional_claims()),
        };
        let is_complete = person.email.is_some() && person.is_verified;
        let has_groups = settings.role_claim.is_none() || person.groups.is_some();
        if is_complete && has_groups {
            return Ok(person);
        }
        let subject = Some(claims.subject().clone());
        let Ok(request) = client.user_info(tokens.access_token().clone(), subject) else {
            return Ok(person);
        };
        let http = |request: HttpRequest| calls::send(self.http.clone(), request);
        let told: Result<UserInfoClaims<Others, CoreGenderClaim>, _> =
            request.request_async(&http).await;
        let told = told.map_err(|error| invalid("the provider gave no user info", &error))?;
        // An address and whether it is verified belong together, so both come from one answer.
        if !is_complete && let Some(email) = told.email() {
            person.email = Some(email.as_str().to_owned());
            person.is_verified = told.email_verified() == Some(true);
        }
        person.name = person.name.or_else(|| told.name().and_then(first));
        person.groups = person.groups.or_else(|| groups(told.additional_claims()));
        Ok(person)
    }

    /// The provider as it describes itself, read again when that is older than `at_most`.
    async fn client(&self, settings: &Settings, at_most: Duration) -> Result<Arc<Client>, Problem> {
        let mut read = self.known.lock().await;
        let before = read.known.as_ref();
        if let Some(known) = before.filter(|known| known.read_at.elapsed() < at_most) {
            return Ok(Arc::clone(&known.client));
        }
        let before = before.map(|known| Arc::clone(&known.client));
        // Those who wait here must not each wait for a provider that does not answer.
        if read.failed_at.is_some_and(|at| at.elapsed() < PAUSE) {
            return before.ok_or(Problem::Unavailable);
        }
        match self.discover(settings).await {
            Ok(client) => {
                let client = Arc::new(client);
                read.known = Some(Known {
                    client: Arc::clone(&client),
                    read_at: Instant::now(),
                });
                read.failed_at = None;
                Ok(client)
            }
            Err(problem) => {
                read.failed_at = Some(Instant::now());
                before.ok_or(problem)
            }
        }
    }

    async fn discover(&self, settings: &Settings) -> Result<Client, Problem> {
        let issuer = IssuerUrl::new(settings.issuer.clone())
            .map_err(|error| invalid("the issuer is no address", &error))?;
        let http = |request: HttpRequest| calls::send(self.http.clone(), request);
        let described = CoreProviderMetadata::discover_async(issuer, &http).await;
        let described = described.map_err(|error| unavailable(&error))?;
        let secret = settings.client_secret.expose_secret().to_owned();
        let redirect = RedirectUrl::new(settings.redirect.to_string())
            .map_err(|error| invalid("the redirect is no address", &error))?;
        Ok(Client::from_provider_metadata(
            described,
            ClientId::new(settings.client_id.clone()),
            Some(ClientSecret::new(secret)),
        )
        .set_redirect_uri(redirect))
    }
}

/// What is wrong with a token.
#[derive(Debug, thiserror::Error)]
enum Invalid {
    #[error("there is none")]
    NoIdToken,
    #[error("it does not belong to the access token")]
    AccessToken,
    #[error("its claims are refused")]
    Claims(#[from] openidconnect::ClaimsVerificationError),
    #[error("its signature is refused")]
    Signature(#[from] openidconnect::SignatureVerificationError),
    #[error("its key cannot be used")]
    Key(#[from] openidconnect::SigningError),
}

/// The answer to a code may repeat it, so no log has that answer.
#[derive(Debug, thiserror::Error)]
#[error("it may have been used before, or have expired")]
struct NoPayload;

fn is_unknown_key(error: &Invalid) -> bool {
    use openidconnect::{ClaimsVerificationError, SignatureVerificationError};
    matches!(
        error,
        Invalid::Claims(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey
        ))
    )
}

fn invalid(what: &'static str, error: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::warn!(
        error = log_chain(error),
        reason = what,
        "a sign-in with the provider failed"
    );
    Problem::Invalid
}

fn unavailable(error: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(
        error = log_chain(error),
        "the OpenID Connect provider is not available"
    );
    Problem::Unavailable
}

fn first(name: &openidconnect::LocalizedClaim<openidconnect::EndUserName>) -> Option<String> {
    name.get(None).map(|name| name.as_str().to_owned())
}

/// The groups; `None` without the claim.
fn groups_in(settings: &Settings, others: &Others) -> Option<Vec<String>> {
    match others.0.get(settings.role_claim.as_ref()?)? {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(several) => {
            let texts = several.iter().filter_map(Value::as_str);
            Some(texts.map(str::to_owned).collect())
        }
        _ => None,
    }
}
