//! Against a provider of our own for what no provider does, and against a real one.

mod issuer;
mod real;

use std::path::Path;

use serde_json::{Value, json};
use url::Url;

use crow_auth::{Holder, Role, Scope, SignIn};
use crow_testkit::authenticator::Authenticator;
use crow_types::OrganizationId;

use super::*;
use crate::tests::{World, add_passkey, by, from, world};
use crate::{Accept, AccountsError, ChangeMember, Passkeys};
use issuer::Issuer;

const PUBLIC_URL: &str = "http://127.0.0.1:7071";
const CLIENT_SECRET: &str = "a secret for tests, long";
const ORIGIN: &str = "https://crow.example";
const ADDRESS: &str = "192.0.2.1";

/// The settings for this issuer.
fn config(issuer: &str, folder: &Path) -> OidcConfig {
    let client_secret_file = folder.join("client-secret");
    std::fs::write(&client_secret_file, CLIENT_SECRET).unwrap();
    OidcConfig {
        issuer: issuer.to_owned(),
        client_id: "crow".to_owned(),
        client_secret_file,
        allowed_domains: vec!["shop.example".to_owned()],
        organization: "acme".to_owned(),
        ..OidcConfig::default()
    }
}

/// Accounts, and a provider that says what a test wants.
struct Rig {
    world: World,
    issuer: Issuer,
    folder: tempfile::TempDir,
}

impl Rig {
    async fn new() -> Self {
        crow_runtime::install_crypto();
        Self {
            world: world().await,
            issuer: Issuer::start(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn oidc(&self, change: impl FnOnce(&mut OidcConfig)) -> Oidc {
        let mut config = config(self.issuer.url(), self.folder.path());
        change(&mut config);
        Oidc::new(&config, PUBLIC_URL).unwrap().unwrap()
    }

    /// Signs in somebody about whom the provider makes these claims.
    async fn sign_in(&self, oidc: &Oidc, claims: Value) -> Result<SignIn, Problem> {
        let started = oidc.begin(None, None).await?;
        let code = self.issuer.code_for(&started.url, &claims);
        self.finish(oidc, &started, code).await
    }

    async fn finish(
        &self,
        oidc: &Oidc,
        started: &Started,
        code: String,
    ) -> Result<SignIn, Problem> {
        let state = issuer::parameter(&started.url, "state");
        let accounts = &self.world.accounts;
        let signed_in = accounts.sign_in_with(oidc, &started.cookie, &state, code, from(ADDRESS));
        signed_in.await.map(|(_, sign_in, _)| sign_in)
    }
}

fn ann() -> Value {
    json!({ "sub": "ann", "email": "Ann@shop.example", "email_verified": true, "name": "Ann" })
}

/// The same with other claims.
fn with(claims: Value, other: &Value) -> Value {
    let mut claims = claims;
    for (name, value) in other.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn role_of(sign_in: &SignIn) -> Role {
    match &sign_in.holder {
        Holder::User(user) => user.role,
        Holder::Key { .. } => panic!("{sign_in:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_linked_once_and_found_by_its_subject_afterwards() {
    let rig = Rig::new().await;
    let member = rig.world.add("ann@shop.example", Role::Member).await;
    let oidc = rig.oidc(|_| {});
    let sign_in = rig.sign_in(&oidc, ann()).await.unwrap();
    let Holder::User(user) = &sign_in.holder else {
        panic!("{sign_in:?}");
    };
    assert_eq!(
        (user.id.as_str(), user.role),
        (member.id.as_str(), Role::Member)
    );

    // The address changes at the provider, and somebody else gets the earlier one.
    let moved = with(ann(), &json!({ "email": "ann.b@shop.example" }));
    let again = rig.sign_in(&oidc, moved).await.unwrap();
    assert_eq!(again.holder, sign_in.holder);
    let other = with(ann(), &json!({ "sub": "another ann" }));
    let refused = rig.sign_in(&oidc, other).await;
    assert_eq!(refused.unwrap_err(), Problem::OtherAccount);
    let unlinked = rig
        .world
        .accounts
        .unlink(by(Scope::Owner), "ann@shop.example");
    unlinked.await.unwrap();
    let other = with(ann(), &json!({ "sub": "another ann" }));
    let linked = rig.sign_in(&oidc, other).await.unwrap();
    assert_eq!(linked.holder, sign_in.holder);
    let expected = [
        "user.created",
        "user.identity_linked",
        "sign_in.provider",
        "sign_in.provider",
        "user.identity_unlinked",
        "user.identity_linked",
        "sign_in.provider",
    ];
    assert_eq!(rig.world.actions().await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_verified_never_links() {
    let rig = Rig::new().await;
    rig.world.add("ann@shop.example", Role::Owner).await;
    let oidc = rig.oidc(|_| {});
    let claims = json!({ "sub": "mallory", "email": "ann@shop.example" });
    for verified in [json!({}), json!({ "email_verified": false })] {
        let refused = rig.sign_in(&oidc, with(claims.clone(), &verified)).await;
        assert_eq!(refused.unwrap_err(), Problem::Unverified);
    }
    let refused = rig.sign_in(&oidc, json!({ "sub": "mallory" })).await;
    assert_eq!(refused.unwrap_err(), Problem::Unverified);
    let elsewhere = with(ann(), &json!({ "email": "ann@evil.example" }));
    let refused = rig.sign_in(&oidc, elsewhere).await;
    assert_eq!(refused.unwrap_err(), Problem::Domain);
    let below = with(ann(), &json!({ "email": "ann@x.shop.example" }));
    assert_eq!(
        rig.sign_in(&oidc, below).await.unwrap_err(),
        Problem::Domain
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_not_for_this_sign_in_is_refused() {
    let rig = Rig::new().await;
    rig.world.add("ann@shop.example", Role::Member).await;
    let oidc = rig.oidc(|_| {});
    for wrong in [
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "aud": "another client" }),
        json!({ "aud": ["crow", "another client"] }),
        json!({ "iss": "https://evil.example" }),
        json!({ "exp": 1 }),
        json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" }),
        json!({ "~alg": "none" }),
        json!({ "~key": "another" }),
    ] {
        let refused = rig.sign_in(&oidc, with(ann(), &wrong)).await;
        assert_eq!(refused.unwrap_err(), Problem::Invalid, "{wrong}");
    }
    assert!(rig.sign_in(&oidc, ann()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_once_and_only_in_the_browser_that_began() {
    let rig = Rig::new().await;
    rig.world.add("ann@shop.example", Role::Member).await;
    let oidc = rig.oidc(|_| {});
    let started = oidc.begin(Some("/app/sessions"), None).await.unwrap();
    let code = rig.issuer.code_for(&started.url, &ann());
    let other = oidc.begin(None, None).await.unwrap();
    let mixed = Started {
        cookie: other.cookie.clone(),
        ..started
    };
    let refused = rig.finish(&oidc, &mixed, code.clone()).await;
    assert_eq!(
        refused.unwrap_err(),
        Problem::Expired,
        "another browser's state"
    );

    // The state of the other one, with the code of this one: the nonce and the challenge differ.
    let refused = rig.finish(&oidc, &other, code).await;
    assert_eq!(
        refused.unwrap_err(),
        Problem::Invalid,
        "another browser's code"
    );

    let started = oidc.begin(None, None).await.unwrap();
    let code = rig.issuer.code_for(&started.url, &ann());
    rig.finish(&oidc, &started, code.clone()).await.unwrap();
    let replayed = rig.finish(&oidc, &started, code).await;
    assert_eq!(replayed.unwrap_err(), Problem::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browsers_sign_in_ends_when_the_new_one_starts_and_no_other() {
    let rig = Rig::new().await;
    let world = &rig.world;
    world.add("bob@other.example", Role::Member).await;
    world.add("ann@shop.example", Role::Member).await;
    let oidc = rig.oidc(|_| {});
    let password = || crate::tests::PASSWORD.to_owned().into();
    let sign_in = async || {
        let accounts = &world.accounts;
        let started = accounts.sign_in("bob@other.example", password(), from(ADDRESS));
        started.await.unwrap().0
    };
    let (here, there) = (sign_in().await, sign_in().await);
    let started = oidc.begin(None, Some(&here)).await.unwrap();
    let stranger = json!({ "sub": "eve", "email": "eve@evil.example", "email_verified": true });
    let code = rig.issuer.code_for(&started.url, &stranger);
    rig.finish(&oidc, &started, code).await.unwrap_err();
    assert!(world.is_in(&here).await, "nobody else signed in");

    let started = oidc.begin(None, Some(&here)).await.unwrap();
    let code = rig.issuer.code_for(&started.url, &ann());
    rig.finish(&oidc, &started, code).await.unwrap();
    assert!(!world.is_in(&here).await);
    assert!(world.is_in(&there).await, "of another browser");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_decide_about_the_role_at_each_sign_in() {
    let rig = Rig::new().await;
    let oidc = rig.oidc(|config| {
        config.organization = "acme".to_owned();
        config.role_claim = "groups".to_owned();
        let roles = [("staff", "member"), ("admins", "admin")];
        config.roles = roles
            .map(|(group, role)| (group.to_owned(), role.to_owned()))
            .into();
    });
    let groups = |groups: Value| with(ann(), &json!({ "groups": groups }));
    let refused = rig.sign_in(&oidc, groups(json!(["strangers"]))).await;
    assert_eq!(refused.unwrap_err(), Problem::NoRole);
    for (given, role) in [
        (json!(["staff", "admins"]), Role::Admin),
        (json!("staff"), Role::Member),
    ] {
        let sign_in = rig.sign_in(&oidc, groups(given)).await.unwrap();
        assert_eq!(role_of(&sign_in), role);
        assert_eq!(sign_in.organization, OrganizationId::new("acme").unwrap());
    }
    for left in [groups(json!([])), ann()] {
        let refused = rig.sign_in(&oidc, left).await;
        assert_eq!(refused.unwrap_err(), Problem::NoRole);
    }
    assert!(
        rig.world
            .actions()
            .await
            .contains(&"user.role_changed".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_role_for_everybody_only_invited_people_get_an_account() {
    let rig = Rig::new().await;
    let oidc = rig.oidc(|_| {});
    let refused = rig.sign_in(&oidc, ann()).await;
    assert_eq!(refused.unwrap_err(), Problem::NoRole);
    let acme = OrganizationId::new("acme").unwrap();
    let accounts = &rig.world.accounts;
    let invited = accounts.invite(by(Scope::Owner), &acme, "ann@shop.example", Role::Marketing);
    let (_, token) = invited.await.unwrap();
    let sign_in = rig.sign_in(&oidc, ann()).await.unwrap();
    assert_eq!(role_of(&sign_in), Role::Marketing);
    assert!(accounts.invitation(&token).await.is_err(), "it is used");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_set_a_password_before_the_person_was_linked_is_out() {
    let rig = Rig::new().await;
    let world = &rig.world;
    world.add("owner@shop.example", Role::Owner).await;
    let member = world.add("ann@shop.example", Role::Member).await;
    let oidc = rig.oidc(|config| {
        config.role_claim = "groups".to_owned();
        config.roles = [("admins".to_owned(), "admin".to_owned())].into();
    });
    let accounts = world.accounts.clone().with_oidc(Some(oidc.clone()));
    let accounts = accounts.with_passkeys(Passkeys::new(ORIGIN));
    let acme = OrganizationId::new("acme").unwrap();
    let link = async || {
        let made = accounts.password_link(by(Scope::Owner), &acme, &member.id);
        made.await.unwrap().1
    };
    let before = link().await;
    let password = || crate::tests::PASSWORD.to_owned().into();
    let earlier = accounts.sign_in("ann@shop.example", password(), from(ADDRESS));
    let (earlier, _) = earlier.await.unwrap();
    let mut device = Authenticator::new(ORIGIN);
    // Before roles are the provider's.
    let alone = accounts.clone().with_oidc(None);
    let added = add_passkey(&alone, &member.id, &earlier, &mut device);
    added.await.unwrap();

    let admin = with(ann(), &json!({ "groups": ["admins"] }));
    let sign_in = rig.sign_in(&oidc, admin).await.unwrap();
    assert_eq!(role_of(&sign_in), Role::Admin);
    assert!(!world.is_in(&earlier).await);
    let refused = accounts.sign_in("ann@shop.example", password(), from(ADDRESS));
    assert!(matches!(refused.await, Err(AccountsError::WrongPassword)));
    let refused = crate::tests::sign_in_with(&accounts, &mut device).await;
    assert!(matches!(refused, Err(AccountsError::WrongPasskey)));
    for (token, expected) in [(before, "NotFound"), (link().await, "ProviderOnly")] {
        let accept = Accept {
            token,
            password: password(),
            name: None,
            email: None,
            organization: None,
        };
        let refused = accounts.accept(accept, from(ADDRESS)).await.unwrap_err();
        assert_eq!(format!("{refused:?}"), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_also_count_for_those_who_were_linked_before() {
    let rig = Rig::new().await;
    rig.world.add("ann@shop.example", Role::Member).await;
    rig.sign_in(&rig.oidc(|_| {}), ann()).await.unwrap();
    let rival = rig.oidc(|config| config.organization = "rival".to_owned());
    let refused = rig.sign_in(&rival, ann()).await;
    assert_eq!(refused.unwrap_err(), Problem::OtherAccount);
    let narrower = rig.oidc(|config| config.allowed_domains = vec!["other.example".to_owned()]);
    let refused = rig.sign_in(&narrower, ann()).await;
    assert_eq!(refused.unwrap_err(), Problem::Domain);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_and_one_of_another_organization_are_refused() {
    let rig = Rig::new().await;
    rig.world.add("owner@shop.example", Role::Owner).await;
    let member = rig.world.add("ann@shop.example", Role::Member).await;
    let rival = rig.oidc(|config| config.organization = "rival".to_owned());
    let refused = rig.sign_in(&rival, ann()).await;
    assert_eq!(refused.unwrap_err(), Problem::OtherAccount);
    let oidc = rig.oidc(|_| {});
    rig.sign_in(&oidc, ann()).await.unwrap();
    let disabled = ChangeMember {
        is_disabled: Some(true),
        ..ChangeMember::default()
    };
    rig.world
        .change(Scope::Owner, &member.id, disabled)
        .await
        .unwrap();
    let refused = rig.sign_in(&oidc, ann()).await;
    assert_eq!(refused.unwrap_err(), Problem::Disabled);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_an_enforced_domain_have_no_password_and_no_passkey() {
    let rig = Rig::new().await;
    let world = &rig.world;
    let member = world.add("ann@shop.example", Role::Member).await;
    let before = world.accounts.clone().with_passkeys(Passkeys::new(ORIGIN));
    let signed_in = world.sign_in("ann@shop.example", crate::tests::PASSWORD, ADDRESS);
    let (token, _) = signed_in.await.unwrap();
    let mut device = Authenticator::new(ORIGIN);
    let added = add_passkey(&before, &member.id, &token, &mut device);
    added.await.unwrap();
    world.add("bob@other.example", Role::Member).await;
    let oidc = rig.oidc(|config| config.enforced_domains = vec!["Shop.example".to_owned()]);
    let accounts = before.with_oidc(Some(oidc));
    let password = || crate::tests::PASSWORD.to_owned().into();
    let refused = accounts.sign_in("ann@shop.example", password(), from(ADDRESS));
    assert!(matches!(refused.await, Err(AccountsError::ProviderOnly)));
    let refused = crate::tests::sign_in_with(&accounts, &mut device).await;
    assert!(matches!(refused, Err(AccountsError::ProviderOnly)));
    let another = add_passkey(&accounts, &member.id, &token, &mut device).await;
    assert!(matches!(another, Err(AccountsError::ProviderOnly)));
    let nobody = accounts.sign_in("nobody@shop.example", password(), from(ADDRESS));
    assert!(
        matches!(nobody.await, Err(AccountsError::ProviderOnly)),
        "it tells nothing"
    );
    let other = accounts.sign_in("bob@other.example", password(), from(ADDRESS));
    assert!(other.await.is_ok());
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    crow_runtime::install_crypto();
    let refused = |public_url: &str, change: fn(&mut OidcConfig)| {
        let mut config = config("https://login.shop.example", folder.path());
        change(&mut config);
        Oidc::new(&config, public_url).unwrap_err().to_string()
    };
    let here = "https://crow.shop.example";
    for (told, name) in [
        (refused("", |_| {}), "query.public_url"),
        (
            refused("http://crow.shop.example", |_| {}),
            "query.public_url",
        ),
        (
            refused(here, |config| {
                config.issuer = "http://login.example".to_owned();
            }),
            "issuer",
        ),
        (
            refused(here, |config| config.client_id.clear()),
            "client_id",
        ),
        (
            refused(here, |config| config.allowed_domains.clear()),
            "allowed_domains",
        ),
        (
            refused(here, |config| {
                config.enforced_domains = vec!["a@b.example".to_owned()];
            }),
            "enforced_domains",
        ),
        (
            refused(here, |config| config.organization.clear()),
            "organization",
        ),
        (
            refused(here, |config| config.client_secret_file = "/nowhere".into()),
            "client_secret_file",
        ),
        (
            refused(here, |config| config.default_role = "root".to_owned()),
            "roles",
        ),
    ] {
        assert!(told.contains(name), "{told}");
    }
    let off = Oidc::new(&OidcConfig::default(), "").unwrap();
    assert!(off.is_none());
}
