use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{App, HttpResponse, web};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use secrecy::SecretString;

use crow_runtime::Shutdown;
use crow_types::{OrganizationId, Timestamp};
use crow_web::Listener;

use super::verifier::TokenVerifier;
use super::{Jwks, KeySet, Signer, TokenError};
use crate::grant::KeyGrant;
use crate::{AuthConfig, AuthError, Forwarded, GatewayChannel, Principal, Scope};

const NOW: Timestamp = Timestamp(1_764_000_000_000);

fn seed(byte: u8) -> SecretString {
    BASE64.encode(&[byte; 32]).into()
}

fn signer(byte: u8, previous: Option<u8>, lasts: Option<u32>) -> Signer {
    let previous = previous.map(seed);
    Signer::new(&seed(byte), previous.as_ref(), "prod", lasts).unwrap()
}

fn ann() -> Principal {
    let grant = KeyGrant {
        key_id: "key_1".to_owned(),
        organization: OrganizationId::new("acme").unwrap(),
        scopes: [Scope::Read].into_iter().collect(),
        allowed_origins: None,
        expires_at: None,
        requests_per_second: None,
    };
    Principal::from(&grant)
}

fn decoded(part: &str) -> String {
    String::from_utf8(BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().unwrap()
}

/// The token with other claims, signed by the same key.
fn with_claims(signer: &Signer, token: &str, change: impl Fn(&mut serde_json::Value)) -> String {
    let [header, claims, _] = parts(token);
    let mut claims = serde_json::from_str(&decoded(claims)).unwrap();
    change(&mut claims);
    let claims = BASE64URL_NOPAD.encode(claims.to_string().as_bytes());
    let signed = format!("{header}.{claims}");
    let signature = signer.pair.sign(signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
}

#[test]
fn a_token_says_who_it_is_until_it_expires() {
    let signer = signer(1, None, Some(300));
    let keys = KeySet::new(signer.document());
    let token = signer.sign(&ann(), NOW);
    assert!(token.len() < 512, "{}", token.len());
    assert_eq!(keys.check(&token, "prod", NOW), Ok(ann()));
    let [header, claims, _] = parts(&token);
    let kid = &signer.document().keys[0].kid;
    assert_eq!(
        decoded(header),
        format!(r#"{{"alg":"EdDSA","typ":"JWT","kid":"{kid}"}}"#)
    );
    assert_eq!(
        decoded(claims),
        r#"{"iss":"crow-gateway","aud":"crow/prod","iat":1764000000,"nbf":1764000000,"exp":1764000300,"sub":"key_1","org":"acme","kind":"key","scopes":["read"]}"#
    );
    let at = |seconds: i64| keys.check(&token, "prod", NOW.plus(seconds * 1_000));
    assert_eq!(at(329), Ok(ann()), "clocks differ");
    assert_eq!(at(330), Err(TokenError::Expired));
    assert_eq!(at(-30), Ok(ann()));
    assert_eq!(at(-31), Err(TokenError::Early));
}

#[test]
fn the_thumbprint_is_that_of_the_standard() {
    // RFC 8037, appendix A.3.
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    assert_eq!(
        super::thumbprint(x),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
}

#[test]
fn a_token_without_a_lifetime_does_not_expire_until_its_key_goes() {
    let signer = signer(1, None, None);
    let token = signer.sign(&ann(), NOW);
    let later = NOW.plus(50 * 366 * 86_400_000);
    let keys = KeySet::new(signer.document());
    assert_eq!(keys.check(&token, "prod", later), Ok(ann()));
    let others = KeySet::new(self::signer(2, None, None).document());
    assert_eq!(
        others.check(&token, "prod", later),
        Err(TokenError::UnknownKey)
    );
}

#[test]
fn the_header_decides_nothing() {
    let signer = signer(1, None, Some(300));
    let keys = KeySet::new(signer.document());
    let token = signer.sign(&ann(), NOW);
    let [header, claims, signature] = parts(&token);
    let kid = &signer.document().keys[0].kid;
    for (alg, expected) in [
        ("none", TokenError::Malformed),
        ("HS256", TokenError::Malformed),
        ("RS256", TokenError::Malformed),
        ("eddsa", TokenError::Malformed),
        // Our algorithm in another order of members is not our form.
        ("EdDSA", TokenError::UnknownKey),
    ] {
        let other = format!(r#"{{"typ":"JWT","alg":"{alg}","kid":"{kid}"}}"#);
        let other = BASE64URL_NOPAD.encode(other.as_bytes());
        for signature in [signature, ""] {
            let forged = format!("{other}.{claims}.{signature}");
            assert_eq!(keys.check(&forged, "prod", NOW), Err(expected), "{alg}");
        }
    }
    // A signature with the public key as the secret of HS256 is not even looked at.
    let unknown = format!(
        r#"{{"alg":"EdDSA","typ":"JWT","kid":"{}"}}"#,
        "A".repeat(43)
    );
    let unknown = BASE64URL_NOPAD.encode(unknown.as_bytes());
    let forged = format!("{unknown}.{claims}.{signature}");
    assert_eq!(
        keys.check(&forged, "prod", NOW),
        Err(TokenError::UnknownKey)
    );
    for broken in ["", ".", "..", "a.b", "eyJ.eyJ.x", header, &token[1..]] {
        let outcome = keys.check(broken, "prod", NOW);
        assert_eq!(outcome, Err(TokenError::Malformed), "{broken}");
    }
    let long = format!("{token}{}", "A".repeat(5_000));
    assert_eq!(keys.check(&long, "prod", NOW), Err(TokenError::Malformed));
}

#[test]
fn a_changed_token_is_refused_at_every_position() {
    let signer = signer(1, None, Some(300));
    let keys = KeySet::new(signer.document());
    let token = signer.sign(&ann(), NOW);
    for position in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[position] = match bytes[position] {
            b'A' => b'B',
            _ => b'A',
        };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(keys.check(&changed, "prod", NOW).is_err(), "{position}");
    }
    let rival = self::signer(2, None, Some(300));
    let swapped = with_claims(&rival, &token, |_claims| {});
    assert_eq!(
        keys.check(&swapped, "prod", NOW),
        Err(TokenError::Signature),
        "another key with our id"
    );
}

#[test]
fn a_token_of_another_environment_or_issuer_is_refused() {
    let signer = signer(1, None, Some(300));
    let keys = KeySet::new(signer.document());
    let token = signer.sign(&ann(), NOW);
    assert_eq!(keys.check(&token, "dev", NOW), Err(TokenError::Audience));
    let other = with_claims(&signer, &token, |claims| claims["iss"] = "other".into());
    assert_eq!(keys.check(&other, "prod", NOW), Err(TokenError::Audience));
}

#[test]
fn claims_that_make_no_principal_are_refused_and_no_key_is_an_owner() {
    let signer = signer(1, None, Some(300));
    let keys = KeySet::new(signer.document());
    let token = signer.sign(&ann(), NOW);
    for (claim, value) in [
        ("kind", "system"),
        ("kind", "public"),
        ("org", "a b"),
        ("role", "x"),
    ] {
        let changed = with_claims(&signer, &token, |claims| claims[claim] = value.into());
        let outcome = keys.check(&changed, "prod", NOW);
        assert_eq!(outcome, Err(TokenError::Malformed), "{claim} {value}");
    }
    let owner = with_claims(&signer, &token, |claims| {
        claims["scopes"] = serde_json::json!(["owner", "read", "later"]);
    });
    let principal = keys.check(&owner, "prod", NOW).unwrap();
    assert!(!principal.scopes().allow(Scope::Admin) && principal.scopes().allow(Scope::Read));
}

#[test]
fn after_a_rotation_tokens_of_both_keys_are_valid() {
    let old = signer(1, None, Some(300));
    let new = signer(2, Some(1), Some(300));
    let keys = KeySet::new(new.document());
    for signer in [&old, &new] {
        assert_eq!(
            keys.check(&signer.sign(&ann(), NOW), "prod", NOW),
            Ok(ann())
        );
    }
    for bad in ["", "AAAA", "no base64!"] {
        assert!(Signer::new(&bad.to_owned().into(), None, "prod", None).is_err());
    }
}

/// The document, and how often it was asked for.
type Shown = (Arc<Mutex<Option<Jwks>>>, Arc<AtomicUsize>);

/// The gateway's document over HTTP, which a test can replace.
struct Published {
    url: String,
    document: Arc<Mutex<Option<Jwks>>>,
    asked: Arc<AtomicUsize>,
    shutdown: Shutdown,
}

impl Published {
    fn start(document: &Jwks) -> Self {
        crow_runtime::install_crypto();
        let (document, asked) = (
            Arc::new(Mutex::new(Some(document.clone()))),
            Arc::new(AtomicUsize::new(0)),
        );
        let shutdown = Shutdown::new();
        let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}/jwks.json", listener.address());
        let state = web::Data::new((Arc::clone(&document), Arc::clone(&asked)));
        let app = move || {
            App::new()
                .app_data(state.clone())
                .route("/jwks.json", web::get().to(Self::show))
        };
        tokio::spawn(listener.serve(1, app, shutdown.clone()));
        Self {
            url,
            document,
            asked,
            shutdown,
        }
    }

    async fn show(state: web::Data<Shown>) -> HttpResponse {
        state.1.fetch_add(1, Ordering::SeqCst);
        let document = state.0.lock().unwrap().clone();
        match document {
            Some(document) => HttpResponse::Ok().json(document),
            None => HttpResponse::InternalServerError().finish(),
        }
    }

    fn config(&self) -> AuthConfig {
        AuthConfig {
            jwks_url: self.url.clone(),
            gateway_key: "k".repeat(32).into(),
            ..AuthConfig::default()
        }
    }

    fn channel(&self) -> GatewayChannel {
        GatewayChannel::new(&self.config(), "prod").unwrap()
    }
}

fn forwarded(headers: &[(&'static str, &str)]) -> Option<Forwarded> {
    let text = |asked| {
        let found = headers.iter().find(|(name, _)| *name == asked);
        found.map(|(_, value)| (*value).to_owned())
    };
    Forwarded::by(text, || None)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_counts_only_with_the_key_of_the_gateway() {
    let signer = signer(1, None, Some(300));
    let published = Published::start(signer.document());
    let channel = published.channel();
    let token = format!("Bearer {}", signer.sign(&ann(), Timestamp::now()));
    let key = "k".repeat(32);
    let token = ("authorization", token.as_str());
    let from_gateway = forwarded(&[token, ("x-crow-gateway", &key)]).unwrap();
    assert_eq!(channel.admit(&from_gateway).await, Ok(ann()));
    let wrong = "w".repeat(32);
    for leaked in [
        forwarded(&[token]),
        forwarded(&[token, ("x-crow-gateway", "")]),
        forwarded(&[token, ("x-crow-gateway", &wrong)]),
        forwarded(&[token, ("x-crow-gateway", &key[1..])]),
        forwarded(&[token, ("x-organization-id", "acme")]),
    ] {
        let outcome = channel.admit(&leaked.unwrap()).await;
        assert_eq!(outcome, Err(AuthError::Token));
    }
    for (organization, is_admitted) in [("acme", true), ("rival", false), ("", false)] {
        let named = ("x-organization-id", organization);
        let named = forwarded(&[token, ("x-crow-gateway", &key), named]).unwrap();
        let outcome = channel.admit(&named).await;
        assert_eq!(outcome.is_ok(), is_admitted, "{organization}");
    }
    let none = GatewayChannel::new(&AuthConfig::default(), "prod").unwrap();
    assert_eq!(none.admit(&from_gateway).await, Err(AuthError::Token));
    assert!(forwarded(&[("authorization", "Bearer crow_00000000000000000000")]).is_none());
    let keyless = AuthConfig {
        jwks_url: published.url.clone(),
        ..AuthConfig::default()
    };
    assert!(
        GatewayChannel::new(&keyless, "prod").is_err(),
        "a token alone"
    );
    published.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_fetched_once_and_unknown_ones_make_no_storm() {
    let (old, new) = (signer(1, None, None), signer(2, Some(1), None));
    let published = Published::start(old.document());
    let verifier = TokenVerifier::new(&published.config(), "prod").unwrap();
    let token = old.sign(&ann(), Timestamp::now());
    for _ in 0..3 {
        assert_eq!(verifier.verify(&token).await, Ok(ann()));
    }
    let unknown = new.sign(&ann(), Timestamp::now());
    for _ in 0..3 {
        let outcome = verifier.verify(&unknown).await;
        assert_eq!(outcome, Err(TokenError::UnknownKey));
    }
    assert_eq!(published.asked.load(Ordering::SeqCst), 1, "just fetched");
    // The gateway got a new key, and the pause is over.
    *published.document.lock().unwrap() = Some(new.document().clone());
    verifier.forget_try();
    assert_eq!(verifier.verify(&unknown).await, Ok(ann()));
    assert_eq!(verifier.verify(&token).await, Ok(ann()), "the overlap");
    assert_eq!(published.asked.load(Ordering::SeqCst), 2);
    // The old key goes, and with it all that it has signed.
    let last = signer(2, None, None);
    *published.document.lock().unwrap() = Some(last.document().clone());
    verifier.forget_try();
    let other = signer(3, None, None).sign(&ann(), Timestamp::now());
    assert_eq!(verifier.verify(&other).await, Err(TokenError::UnknownKey));
    assert_eq!(verifier.verify(&token).await, Err(TokenError::UnknownKey));
    assert_eq!(verifier.verify(&unknown).await, Ok(ann()));
    published.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_nothing_is_believed() {
    let signer = signer(1, None, None);
    let published = Published::start(signer.document());
    *published.document.lock().unwrap() = None;
    let verifier = TokenVerifier::new(&published.config(), "prod").unwrap();
    let token = signer.sign(&ann(), Timestamp::now());
    assert_eq!(verifier.verify(&token).await, Err(TokenError::NoKeys));
    published.shutdown.start();
}

#[test]
fn an_address_has_one_token_a_period_on_every_replica() {
    let scopes = ["public:chat".to_owned()];
    let (one, two) = (signer(1, None, Some(300)), signer(1, None, Some(300)));
    let of = |signer: &Signer, address: &str, seconds: i64| {
        let now = NOW.plus(seconds * 1_000);
        signer.sign_public(address.parse().unwrap(), &scopes, now)
    };
    let token = of(&one, "192.0.2.7", 0);
    for (address, seconds) in [("192.0.2.7", 299), ("::ffff:192.0.2.7", 0)] {
        assert_eq!(of(&two, address, seconds), token, "{address} {seconds}");
    }
    for (address, seconds) in [("192.0.2.8", 0), ("192.0.2.7", 300), ("2001:db8::7", 0)] {
        assert_ne!(of(&two, address, seconds), token, "{address} {seconds}");
    }
    let neighbour = of(&one, "2001:db8:0:1::1", 0);
    assert_eq!(of(&two, "2001:db8:0:1:ffff::2", 0), neighbour, "a /64");
    assert_ne!(of(&two, "2001:db8:0:2::1", 0), neighbour);

    let claims = |token: &str| -> serde_json::Value {
        serde_json::from_str(&decoded(parts(token)[1])).unwrap()
    };
    let shown = claims(&token);
    let subject = shown["sub"].as_str().unwrap().to_owned();
    assert!(
        subject.starts_with("pub_") && subject.len() == 36,
        "{subject}"
    );
    assert_eq!(
        shown,
        serde_json::json!({
            "iss": "crow-gateway", "aud": "crow/prod", "iat": 1_764_000_000, "nbf": 1_764_000_000,
            "exp": 1_764_000_600, "sub": subject, "kind": "public", "scopes": ["public:chat"],
        })
    );
    assert!(!decoded(parts(&token)[1]).contains("192.0.2"), "no address");
    // One name a day, and another one the next day and with another signing key.
    let later = claims(&of(&one, "192.0.2.7", 3_600));
    assert_eq!(later["sub"], shown["sub"]);
    let tomorrow = claims(&of(&one, "192.0.2.7", 86_400));
    assert_ne!(tomorrow["sub"], shown["sub"]);
    let other = signer(2, None, Some(300));
    assert_ne!(claims(&of(&other, "192.0.2.7", 0))["sub"], shown["sub"]);
    // It expires, though others of this gateway do not.
    let endless = signer(1, None, None);
    assert!(claims(&of(&endless, "192.0.2.7", 0))["exp"].is_i64());
}

#[test]
fn a_public_caller_is_nobody_to_our_services() {
    let signer = signer(1, None, Some(300));
    let keys = KeySet::new(signer.document());
    let address = "192.0.2.7".parse().unwrap();
    for scopes in [vec!["public:chat".to_owned()], vec!["read".to_owned()]] {
        let token = signer.sign_public(address, &scopes, NOW);
        let outcome = keys.check(&token, "prod", NOW);
        assert_eq!(outcome, Err(TokenError::Malformed));
        // Nor with an organization, which it never has.
        let token = with_claims(&signer, &token, |claims| claims["org"] = "acme".into());
        let outcome = keys.check(&token, "prod", NOW);
        assert_eq!(outcome, Err(TokenError::Malformed));
    }
}
