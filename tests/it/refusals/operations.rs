//! The operations of the OpenAPI documents.

use std::fmt;

use reqwest::{Client, Method};
use serde_json::Value;

use crate::system::{ORGANIZATION, System};

/// Operations that anyone may use. Another one needs a decision.
const PUBLIC: [&str; 14] = [
    "GET /sdk/{file}",
    "POST /auth/session",
    "POST /auth/password",
    "POST /auth/passkey",
    "POST /auth/passkey/start",
    "POST /auth/invitation",
    "POST /auth/invitation/accept",
    "GET /auth/ways",
    "GET /auth/oidc/start",
    "GET /auth/oidc/callback",
    // They take a public link, and show nothing without one.
    "POST /shared/open",
    "GET /shared/replay",
    "POST /shared/assets/resolve",
    "GET /shared/assets/{hash}",
];

/// Other methods than GET for which a key with `read` is enough, because they change nothing that others
/// see: questions with a body, marks of the caller, and notifications, which keys do not have. Any other
/// such operation of an organization needs `admin`.
const FOR_READERS: [&str; 7] = [
    "POST /analytics/{orgId}/funnel",
    "POST /api/v1/interactions/organization/{orgId}/analyze",
    "POST /assets/{orgId}/resolve",
    "PUT /sessions/{orgId}/{sessionId}/watched",
    "DELETE /sessions/{orgId}/{sessionId}/watched",
    "POST /notifications/{orgId}/read",
    "POST /notifications/{orgId}/{notificationId}/read",
];

/// Whose operation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Gateway,
    ReadApi,
}

/// A path with a method.
pub struct Operation {
    pub service: Service,
    pub method: Method,
    /// With the names of its parameters in braces.
    path: String,
    /// The ways to prove who asks; null: none.
    security: Value,
}

/// All operations of both services.
pub async fn of(client: &Client, system: &System) -> Vec<Operation> {
    let services = [
        (Service::Gateway, &system.ingest_url),
        (Service::ReadApi, &system.query_url),
    ];
    let mut operations = Vec::new();
    for (service, url) in services {
        let answer = client.get(format!("{url}/openapi.json")).send().await;
        let document: Value = answer.unwrap().json().await.unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                operations.push(Operation {
                    service,
                    method: method.to_ascii_uppercase().parse().unwrap(),
                    path: path.clone(),
                    security: operation["security"].clone(),
                });
            }
        }
    }
    assert!(operations.len() > 30, "{}", operations.len());
    operations
}

impl Operation {
    pub fn has_security(&self) -> bool {
        self.security
            .as_array()
            .is_some_and(|ways| !ways.is_empty())
    }

    pub fn takes_keys(&self) -> bool {
        let mut ways = self.security.as_array().into_iter().flatten();
        ways.any(|way| way.get("bearer").is_some())
    }

    /// Takes the secret of services.
    pub fn is_for_services(&self) -> bool {
        let mut ways = self.security.as_array().into_iter().flatten();
        ways.any(|way| way.get("system").is_some())
    }

    pub fn is_meant_to_be_public(&self) -> bool {
        PUBLIC.contains(&self.to_string().as_str())
    }

    /// The gateway takes the organization from the key.
    pub fn names_organization(&self) -> bool {
        self.path.contains("{orgId}")
    }

    /// Whether a key needs the scope `admin`, also when it has signed in.
    pub fn is_for_admins(&self) -> bool {
        let is_of_readers = FOR_READERS.contains(&self.to_string().as_str());
        let writes = self.names_organization() && self.changes() && !is_of_readers;
        let is_of_maps = self.path.starts_with("/source-maps/");
        self.path.starts_with("/admin/") || is_of_maps || writes
    }

    /// Of people who signed in without a key.
    pub fn is_for_users(&self) -> bool {
        [
            "/auth/password",
            "/auth/passkeys",
            "/auth/passkeys/start",
            "/auth/passkeys/{passkeyId}",
            "/auth/sign-ins",
            "/auth/sign-ins/{signInId}",
        ]
        .contains(&self.path.as_str())
    }

    pub fn ends_sign_in(&self) -> bool {
        self.to_string() == "DELETE /auth/session"
    }

    pub fn changes(&self) -> bool {
        !self.method.is_safe()
    }

    /// The path with values in it.
    pub fn address(&self) -> String {
        let mut parts = self.path.split(['{', '}']);
        let mut address = parts.next().unwrap_or_default().to_owned();
        while let (Some(name), Some(after)) = (parts.next(), parts.next()) {
            address += match name {
                "orgId" => ORGANIZATION,
                "letterId" => "1",
                "kind" => "user",
                _ => "none",
            };
            address += after;
        }
        address
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)
    }
}
