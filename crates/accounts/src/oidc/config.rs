//! The settings of the provider.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use crow_auth::Role;
use crow_types::OrganizationId;

/// The shortest secret of a client, in bytes. The cookie is signed with a key derived from it.
const MIN_SECRET: usize = 16;

/// Sign-in with an OpenID Connect provider, such as Keycloak, Entra ID, Okta or Google.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OidcConfig {
    /// The issuer, such as `https://login.shop.example/realms/shop`. Empty: nobody signs in with a
    /// provider.
    pub issuer: String,
    /// The name on the button of the sign-in page.
    pub name: String,
    /// The id of CROW at the provider. Register `{query.public_url}/auth/oidc/callback` there as the
    /// redirect address.
    pub client_id: String,
    /// File with the secret of CROW at the provider: at least 16 characters.
    pub client_secret_file: PathBuf,
    /// What is asked of the provider besides `openid`.
    pub scopes: Vec<String>,
    /// Domains of the e-mail addresses that may sign in with the provider, such as
    /// `shop.example`. Required.
    pub allowed_domains: Vec<String>,
    /// Domains whose people can sign in only with the provider, not with a password or a passkey.
    pub enforced_domains: Vec<String>,
    /// The organization whose people the provider signs in. Required. Who has no account yet gets one
    /// there, with the role of an invitation, of `roles`, or else `default_role`.
    pub organization: String,
    /// The claim that holds a person's groups: a text, or a list of texts. With it, each sign-in
    /// sets the role, and who has no role is refused. Empty: roles are set in CROW.
    pub role_claim: String,
    /// The role of each group, such as `crow-admins = "admin"`. Of several, the one that may do most
    /// counts.
    pub roles: BTreeMap<String, String>,
    /// The role of people without one of those groups. Empty: they are refused.
    pub default_role: String,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            name: "Single sign-on".to_owned(),
            client_id: String::new(),
            client_secret_file: PathBuf::new(),
            scopes: vec!["email".to_owned(), "profile".to_owned()],
            allowed_domains: Vec::new(),
            enforced_domains: Vec::new(),
            organization: String::new(),
            role_claim: String::new(),
            roles: BTreeMap::new(),
            default_role: String::new(),
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OidcConfigError {
    /// A setting is wrong.
    #[error("{setting}: {problem}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The file cannot be read.
    #[error("query.oidc.client_secret_file cannot be read")]
    SecretFile(#[source] std::io::Error),
    /// The client for HTTP cannot be made.
    #[error("query.oidc: there is no TLS for calls to the provider")]
    Client(#[from] reqwest::Error),
}

fn wrong(setting: &'static str, problem: impl Into<String>) -> OidcConfigError {
    OidcConfigError::Setting {
        setting,
        problem: problem.into(),
    }
}

/// The settings, checked.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretString,
    pub(crate) scopes: Vec<String>,
    /// Where the provider sends people back to.
    pub(crate) redirect: Url,
    pub(crate) organization: OrganizationId,
    pub(crate) role_claim: Option<String>,
    roles: BTreeMap<String, Role>,
    default_role: Option<Role>,
    allowed_domains: Vec<String>,
    enforced_domains: Vec<String>,
}

impl Settings {
    /// Checks them; `None` without an issuer.
    pub(crate) fn read(
        config: &OidcConfig,
        public_url: &str,
    ) -> Result<Option<Self>, OidcConfigError> {
        if config.issuer.is_empty() {
            return Ok(None);
        }
        secure_url("query.oidc.issuer", &config.issuer)?;
        let public = secure_url("query.public_url", public_url)?;
        let redirect = public
            .join("/auth/oidc/callback")
            .map_err(|error| wrong("query.public_url", error.to_string()))?;
        if config.client_id.is_empty() {
            return Err(wrong("query.oidc.client_id", "set it"));
        }
        if config.allowed_domains.is_empty() {
            let problem = "name the domains of the people that may sign in";
            return Err(wrong("query.oidc.allowed_domains", problem));
        }
        let role = |text: &String| -> Result<Role, OidcConfigError> {
            let read = text.parse::<Role>();
            read.map_err(|error| wrong("query.oidc.roles", error.to_string()))
        };
        let mut roles = BTreeMap::new();
        for (group, text) in &config.roles {
            roles.insert(group.clone(), role(text)?);
        }
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        let organization = OrganizationId::new(config.organization.clone());
        Ok(Some(Self {
            issuer: config.issuer.clone(),
            client_id: config.client_id.clone(),
            client_secret: read_secret(config)?,
            scopes: config.scopes.clone(),
            redirect,
            organization: organization
                .map_err(|error| wrong("query.oidc.organization", error.to_string()))?,
            role_claim: given(&config.role_claim),
            roles,
            default_role: given(&config.default_role).as_ref().map(role).transpose()?,
            allowed_domains: domains("query.oidc.allowed_domains", &config.allowed_domains)?,
            enforced_domains: domains("query.oidc.enforced_domains", &config.enforced_domains)?,
        }))
    }

    /// Whether the address may sign in with the provider.
    pub(crate) fn allows(&self, email: &str) -> bool {
        has_domain(&self.allowed_domains, email)
    }

    /// Whether the address may not sign in with a password.
    pub(crate) fn enforces(&self, email: &str) -> bool {
        has_domain(&self.enforced_domains, email)
    }

    /// The role of somebody in these groups: of several, the one that may do most.
    pub(crate) fn role_of(&self, groups: &[String]) -> Option<Role> {
        let has = |role: Role| {
            let mut mapped = groups.iter().filter_map(|group| self.roles.get(group));
            mapped.any(|mapped| *mapped == role)
        };
        [Role::Owner, Role::Admin, Role::Member, Role::Marketing]
            .into_iter()
            .find(|role| has(*role))
            .or(self.default_role)
    }
}

fn read_secret(config: &OidcConfig) -> Result<SecretString, OidcConfigError> {
    let text = std::fs::read_to_string(&config.client_secret_file);
    let text = text.map_err(OidcConfigError::SecretFile)?;
    let text = text.trim();
    if text.len() < MIN_SECRET {
        let problem = format!("the secret needs at least {MIN_SECRET} characters");
        return Err(wrong("query.oidc.client_secret_file", problem));
    }
    Ok(text.to_owned().into())
}

/// https, or http on this machine.
fn secure_url(setting: &'static str, text: &str) -> Result<Url, OidcConfigError> {
    let url = Url::parse(text).map_err(|_error| wrong(setting, "must be a https:// address"))?;
    let host = url.host_str().unwrap_or_default();
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if url.scheme() == "https" || (url.scheme() == "http" && is_here) {
        Ok(url)
    } else {
        Err(wrong(setting, "must begin with https://"))
    }
}

fn domains(setting: &'static str, given: &[String]) -> Result<Vec<String>, OidcConfigError> {
    let checked = given.iter().map(|text| {
        let domain = text.trim().to_ascii_lowercase();
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
        let is_domain = domain.contains('.') && domain.bytes().all(is_plain);
        is_domain.then_some(domain).ok_or_else(|| {
            wrong(
                setting,
                format!("{text:?} is no domain such as shop.example"),
            )
        })
    });
    checked.collect()
}

/// A domain does not stand for those below it.
fn has_domain(domains: &[String], email: &str) -> bool {
    let domain = email.rsplit_once('@').map(|(_, domain)| domain);
    domain.is_some_and(|domain| domains.iter().any(|one| one.eq_ignore_ascii_case(domain)))
}
