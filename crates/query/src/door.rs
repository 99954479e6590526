//! Access control. An [`Allowed`] proves that a caller was admitted, and only [`Door`] creates one.
//! By then the key or sign-in, the origin, the CSRF token, the scope and the requested organization
//! are checked. Handlers take the organization only from it.
//!
//! - `http`: requests, as an extractor for handlers.
//! - `call`: gRPC calls.
//! - `pages`: the pages that an organization opens to the role `marketing`.

pub mod call;
pub mod http;
pub mod pages;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use ipnet::IpNet;

use crow_auth::{
    Forwarded, GatewayChannel, KeyVerifier, KnownServices, Principal, PrincipalKind, Scope,
};
use crow_db::Db;
use crow_db::audit_log::Actor;
use crow_types::settings::DashboardPage;
use crow_types::{ApiKeySecret, ErrorCode, OrganizationId};
use crow_web::ApiError;

use crate::error::Error;

/// What a request presents to be admitted.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An API key.
    Key(ApiKeySecret),
    /// The token of a sign-in, from a cookie.
    SignIn(String),
    /// What the API gateway forwards.
    Forwarded(Forwarded),
}

/// The facts about a request that decide whether it is admitted.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The credential; `None` when the request has none.
    credential: Option<Credential>,
    /// The origin of the page that sent the request.
    origin: Option<String>,
    /// Whether the request changes something. With a sign-in it then needs the CSRF token.
    changes: bool,
    /// The CSRF token.
    csrf_token: Option<String>,
    /// The address of the client, for the audit log.
    address: Option<String>,
}

/// What a caller needs, as a type.
pub trait Needed: Send + Sync + 'static {
    /// The scope.
    const SCOPE: Scope;
    /// Pages of the dashboard that show the answer. The role `marketing` needs one of them. Empty: no
    /// page is needed.
    const PAGES: &'static [DashboardPage] = &[];
    /// Whether it changes something, for which a key needs the scope `admin`.
    const WRITES: bool = false;
}

/// The scope `analytics`, for what is the caller's own. What is shown of sessions is
/// [`pages::Shown`]. Without `read`, the answer is masked.
#[derive(Debug, Clone, Copy)]
pub struct Analytics;

impl Needed for Analytics {
    const SCOPE: Scope = Scope::Analytics;
}

/// The scope `read`.
#[derive(Debug, Clone, Copy)]
pub struct Read;

impl Needed for Read {
    const SCOPE: Scope = Scope::Read;
}

/// The scope `admin`.
#[derive(Debug, Clone, Copy)]
pub struct Admin;

impl Needed for Admin {
    const SCOPE: Scope = Scope::Admin;
}

/// What `S` needs, to change something. People need no more. A key needs the scope `admin`, also when it
/// has signed in: a program that may read, such as an assistant, changes nothing.
#[derive(Debug, Clone, Copy)]
pub struct Writes<S>(PhantomData<S>);

impl<S: Needed> Needed for Writes<S> {
    const SCOPE: Scope = S::SCOPE;
    const PAGES: &'static [DashboardPage] = S::PAGES;
    const WRITES: bool = true;
}

/// A caller that has what `S` says in an organization.
pub struct Allowed<S> {
    principal: Principal,
    caller: Caller,
    scope: PhantomData<S>,
}

impl<S> Clone for Allowed<S> {
    fn clone(&self) -> Self {
        Self {
            principal: self.principal.clone(),
            caller: self.caller.clone(),
            scope: PhantomData,
        }
    }
}

impl<S> fmt::Debug for Allowed<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Allowed")
            .field("principal", &self.principal)
            .finish_non_exhaustive()
    }
}

impl<S> Allowed<S> {
    /// The tenant.
    pub fn organization(&self) -> &OrganizationId {
        self.principal.organization()
    }

    /// Who it is.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Who it is, for the audit log.
    pub fn actor(&self) -> Actor {
        Actor {
            kind: self.principal.kind().as_str(),
            id: self.principal.id().to_owned(),
            address: self.caller.address.clone(),
        }
    }
}

/// Admits callers. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Door {
    db: Db,
    verifier: KeyVerifier,
    trusted_proxies: Arc<[IpNet]>,
    system: KnownServices,
    gateway: GatewayChannel,
}

impl Door {
    /// Uses this verifier, and the settings of organizations in this database.
    #[must_use]
    pub fn new(db: Db, verifier: KeyVerifier) -> Self {
        Self {
            db,
            verifier,
            trusted_proxies: Arc::default(),
            system: KnownServices::default(),
            gateway: GatewayChannel::default(),
        }
    }

    /// Admits what the API gateway forwards.
    #[must_use]
    pub fn behind_gateway(self, gateway: GatewayChannel) -> Self {
        Self { gateway, ..self }
    }

    /// Lets these services in.
    #[must_use]
    pub fn for_services(self, system: KnownServices) -> Self {
        Self { system, ..self }
    }

    /// Believes what these proxies say about the address of a client.
    #[must_use]
    pub fn behind(self, trusted_proxies: Vec<IpNet>) -> Self {
        Self {
            trusted_proxies: trusted_proxies.into(),
            ..self
        }
    }

    /// The verifier of keys and sign-ins.
    #[must_use]
    pub fn verifier(&self) -> &KeyVerifier {
        &self.verifier
    }

    /// Admits a caller that has the scope in the organization.
    ///
    /// # Errors
    /// `unauthenticated` without a valid key or sign-in. `forbidden` when the key lacks the scope,
    /// may not be used from this origin, or has no valid CSRF token. `not_found` for another
    /// organization, exactly as for a session that does not exist.
    async fn admit<S: Needed>(
        &self,
        caller: Caller,
        organization: &str,
    ) -> Result<Allowed<S>, ApiError> {
        self.charge(&caller).await?;
        self.check(caller, organization).await
    }

    /// Admits a caller that has the scope, to its own organization.
    ///
    /// # Errors
    /// `unauthenticated` without a valid key; `forbidden` when it lacks the scope, or may not be used
    /// from this origin.
    async fn admit_to_own<S: Needed>(&self, caller: Caller) -> Result<Allowed<S>, ApiError> {
        self.charge(&caller).await?;
        self.check_own(caller).await
    }

    /// Counts a request against the limit of its key.
    async fn charge(&self, caller: &Caller) -> Result<(), ApiError> {
        if let Some(Credential::Key(key)) = &caller.credential {
            self.verifier.admit(key).await?;
        }
        Ok(())
    }

    /// Checks without counting.
    async fn check<S: Needed>(
        &self,
        caller: Caller,
        organization: &str,
    ) -> Result<Allowed<S>, ApiError> {
        let allowed = self.check_own(caller).await?;
        if allowed.organization().as_str() != organization {
            return Err(Error::NotFound.into_api());
        }
        Ok(allowed)
    }

    async fn check_own<S: Needed>(&self, caller: Caller) -> Result<Allowed<S>, ApiError> {
        let known = self.look_at(&caller).await?;
        let is_person = known.kind() == PrincipalKind::User;
        let needed = match S::WRITES && !is_person {
            true => Scope::Admin,
            false => S::SCOPE,
        };
        if !known.scopes().allow(needed) {
            return Err(lacks(&known, needed));
        }
        self.check_page(&known, S::PAGES).await?;
        Ok(Allowed {
            principal: known,
            caller,
            scope: PhantomData,
        })
    }

    /// Checks whether a caller that was admitted earlier would be admitted now.
    ///
    /// # Errors
    /// The same as on admission.
    pub async fn admit_again<S: Needed>(&self, allowed: &Allowed<S>) -> Result<(), ApiError> {
        // The gateway verifies again what it streams. A token expires meanwhile.
        if matches!(allowed.caller.credential, Some(Credential::Forwarded(_))) {
            return Ok(());
        }
        let organization = allowed.organization().as_str();
        let again = self.check::<S>(allowed.caller.clone(), organization).await;
        again.map(drop)
    }

    async fn look_at(&self, caller: &Caller) -> Result<Principal, ApiError> {
        match &caller.credential {
            None => Err(nothing_shown()),
            Some(Credential::Key(key)) => self.by_key(key, caller.origin.as_deref()).await,
            Some(Credential::SignIn(token)) => self.by_sign_in(token, caller).await,
            // The gateway has checked the origin and the CSRF token.
            Some(Credential::Forwarded(request)) => Ok(self.gateway.admit(request).await?),
        }
    }

    async fn by_key(
        &self,
        key: &ApiKeySecret,
        origin: Option<&str>,
    ) -> Result<Principal, ApiError> {
        let grant = self.verifier.verify(key).await?;
        if !grant.allows_origin(origin) {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                "the API key may not be used from this origin",
            ));
        }
        Ok(Principal::from(grant.as_ref()))
    }

    async fn by_sign_in(&self, token: &str, caller: &Caller) -> Result<Principal, ApiError> {
        let sign_in = self.verifier.signed_in(token).await?;
        let csrf_token = caller.csrf_token.as_deref().unwrap_or_default();
        if caller.changes && !sign_in.is_meant(csrf_token) {
            return Err(may_be_forged());
        }
        Ok(Principal::from(&sign_in))
    }
}

fn lacks(principal: &Principal, scope: Scope) -> ApiError {
    let message = match principal.role() {
        Some(role) => format!("the role `{role}` lacks the scope `{scope}`; ask an admin"),
        None => format!("the API key needs the scope `{scope}`"),
    };
    ApiError::new(ErrorCode::Forbidden, message)
}

/// A request with a cookie and without its CSRF token: another page may have caused it.
fn may_be_forged() -> ApiError {
    ApiError::new(
        ErrorCode::Forbidden,
        "a request that changes something needs the header X-Crow-CSRF with the sign-in's csrfToken",
    )
}

fn nothing_shown() -> ApiError {
    ApiError::new(
        ErrorCode::Unauthenticated,
        "send an API key with scope `read` as `Authorization: Bearer crow_…`, or sign in",
    )
}
