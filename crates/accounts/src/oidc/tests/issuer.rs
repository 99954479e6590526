//! A provider that makes any claims, also wrong ones.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpResponse, web};
use data_encoding::BASE64URL_NOPAD;
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use url::Url;

use crow_runtime::Shutdown;
use crow_types::Timestamp;
use crow_web::Listener;

const ACCESS_TOKEN: &str = "access";

/// Stops when dropped.
pub(super) struct Issuer {
    state: web::Data<State>,
    shutdown: Shutdown,
}

struct State {
    url: String,
    key: Ed25519KeyPair,
    /// Signs what is not ours.
    other: Ed25519KeyPair,
    codes: Mutex<HashMap<String, Issued>>,
}

struct Issued {
    challenge: String,
    claims: Value,
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.shutdown.start();
    }
}

impl Issuer {
    pub(super) fn start() -> Self {
        let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
        let state = web::Data::from(Arc::new(State {
            url: format!("http://{}", listener.address()),
            key: new_key(),
            other: new_key(),
            codes: Mutex::default(),
        }));
        let shared = state.clone();
        let app = move || {
            App::new()
                .app_data(shared.clone())
                .route("/.well-known/openid-configuration", web::get().to(describe))
                .route("/jwks", web::get().to(keys))
                .route("/token", web::post().to(exchange))
        };
        let shutdown = Shutdown::new();
        tokio::spawn(listener.serve(1, app, shutdown.clone()));
        Self { state, shutdown }
    }

    pub(super) fn url(&self) -> &str {
        &self.state.url
    }

    /// A code for somebody who came to this address, with these claims in place of the right ones.
    /// `~alg` and `~key` change how they are signed.
    pub(super) fn code_for(&self, address: &str, claims: &Value) -> String {
        let now = Timestamp::now().0 / 1_000;
        let right = json!({
            "iss": self.state.url,
            "aud": parameter(address, "client_id"),
            "nonce": parameter(address, "nonce"),
            "iat": now,
            "exp": now + 60,
        });
        let issued = Issued {
            challenge: parameter(address, "code_challenge"),
            claims: super::with(right, claims),
        };
        let mut codes = self.state.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), issued);
        code
    }
}

/// A parameter of an address.
pub(super) fn parameter(address: &str, name: &str) -> String {
    let address = Url::parse(address).unwrap();
    let mut pairs = address.query_pairs();
    pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
}

fn new_key() -> Ed25519KeyPair {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap()
}

async fn describe(state: web::Data<State>) -> HttpResponse {
    let url = &state.url;
    HttpResponse::Ok().json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/auth"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys(state: web::Data<State>) -> HttpResponse {
    let x = BASE64URL_NOPAD.encode(state.key.public_key().as_ref());
    let key =
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "1", "x": x });
    HttpResponse::Ok().json(json!({ "keys": [key] }))
}

/// Each code works once, and only with the verifier of its challenge.
async fn exchange(
    state: web::Data<State>,
    form: web::Form<HashMap<String, String>>,
) -> HttpResponse {
    let challenge = digest::digest(&digest::SHA256, form["code_verifier"].as_bytes());
    let challenge = BASE64URL_NOPAD.encode(challenge.as_ref());
    let issued = {
        let mut codes = state.codes.lock().unwrap();
        codes.get_mut(&form["code"]).map(|issued| {
            let challenge = std::mem::take(&mut issued.challenge);
            (challenge, issued.claims.clone())
        })
    };
    match issued {
        Some((expected, claims)) if expected == challenge => HttpResponse::Ok().json(json!({
            "access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": state.sign(claims),
        })),
        Some(_) | None => HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" })),
    }
}

impl State {
    fn sign(&self, claims: Value) -> String {
        let mut claims = claims;
        let fields = claims.as_object_mut().unwrap();
        let is_unsigned = fields.remove("~alg").is_some();
        let is_foreign = fields.remove("~key").is_some();
        let algorithm = if is_unsigned { "none" } else { "EdDSA" };
        let header = json!({ "alg": algorithm, "kid": "1" });
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        if is_unsigned {
            return format!("{signed}.");
        }
        let key = if is_foreign { &self.other } else { &self.key };
        let signature = key.sign(signed.as_bytes());
        format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }
}
