use std::net::{IpAddr, Ipv4Addr};

use crow_auth::{AuthConfig, Client, Holder, KeyVerifier, Role, Scope, Scopes, SignIn, hash_of};
use crow_db::audit_log::{self, Actor, Filter, Verdict};
use crow_db::{DatabaseConfig, Db};
use crow_testkit::authenticator::Authenticator;
use crow_types::OrganizationId;

use crate::guesses::{Guesses, Limited};
use crate::{
    Accept, Accounts, AccountsError, AddPasskey, By, ChangeMember, Member, NewMember, Passkey,
};

pub(crate) const PASSWORD: &str = "correct horse battery";
const ANN: &str = "ann@shop.example";

pub(crate) struct World {
    pub(crate) accounts: Accounts,
    verifier: KeyVerifier,
    pub(crate) db: Db,
    _folder: tempfile::TempDir,
}

pub(crate) async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    let config = DatabaseConfig {
        url: url.into(),
        ..DatabaseConfig::default()
    };
    let db = Db::connect(&config).await.unwrap();
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    World {
        accounts: Accounts::new(db.clone(), verifier.clone()),
        verifier,
        db,
        _folder: folder,
    }
}

/// Adds a passkey of somebody who is signed in with this token.
pub(crate) async fn add_passkey(
    accounts: &Accounts,
    user: &str,
    signed_in: &str,
    device: &mut Authenticator,
) -> Result<Passkey, AccountsError> {
    let signed_in = hash_of(signed_in);
    let asked = accounts.start_passkey(user, &signed_in).await?;
    let add = AddPasskey {
        token: asked.token,
        name: "Phone".to_owned(),
        credential: device.register(&asked.options),
    };
    accounts.add_passkey(user, &signed_in, add, None).await
}

pub(crate) async fn sign_in_with(
    accounts: &Accounts,
    device: &mut Authenticator,
) -> Result<(String, SignIn), AccountsError> {
    let asked = accounts.start_passkey_sign_in().await?;
    let credential = device.sign(&asked.options);
    accounts
        .sign_in_with_passkey(&asked.token, credential, from("192.0.2.1"))
        .await
}

/// So that it outlives every future.
fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn acme() -> &'static OrganizationId {
    kept(OrganizationId::new("acme").unwrap())
}

pub(crate) fn by(scope: Scope) -> &'static By {
    kept(By {
        actor: Actor::system(),
        scopes: [scope].into_iter().collect::<Scopes>(),
    })
}

pub(crate) fn from(address: &str) -> Client {
    Client {
        address: Some(address.to_owned()),
        user_agent: Some("test".to_owned()),
    }
}

fn accept(token: &str) -> Accept {
    Accept {
        token: token.to_owned(),
        password: PASSWORD.to_owned().into(),
        name: Some("Bob".to_owned()),
        email: None,
        organization: None,
    }
}

impl World {
    pub(crate) async fn add(&self, email: &str, role: Role) -> Member {
        let new = NewMember {
            email,
            name: "Somebody",
            role,
            password: PASSWORD.to_owned().into(),
        };
        let made = self.accounts.create_member(by(Scope::Owner), acme(), new);
        made.await.unwrap()
    }

    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: &str,
        address: &str,
    ) -> Result<(String, SignIn), AccountsError> {
        let password = password.to_owned().into();
        self.accounts.sign_in(email, password, from(address)).await
    }

    /// What the audit log says was done, oldest first.
    pub(crate) async fn actions(&self) -> Vec<String> {
        let every = Filter::default();
        let listed = audit_log::list(&self.db, acme(), &every, None, 100).await;
        let mut entries = listed.unwrap();
        entries.retain(|entry| entry.outcome.as_deref() == Some("done"));
        entries.reverse();
        entries.into_iter().map(|entry| entry.action).collect()
    }

    pub(crate) async fn is_in(&self, token: &str) -> bool {
        self.verifier.signed_in(token).await.is_ok()
    }

    pub(crate) async fn change(
        &self,
        scope: Scope,
        id: &str,
        change: ChangeMember,
    ) -> Result<Member, String> {
        let changed = self.accounts.change_member(by(scope), acme(), id, change);
        changed.await.map_err(|error| error.to_string())
    }
}

#[tokio::test]
async fn a_user_signs_in_with_what_the_role_allows() {
    let world = world().await;
    world.add(ANN, Role::Marketing).await;
    let (token, sign_in) = world
        .sign_in(" Ann@Shop.example", PASSWORD, "192.0.2.1")
        .await
        .unwrap();
    assert_eq!(sign_in.organization, *acme());
    assert!(sign_in.scopes.allow(Scope::Analytics) && !sign_in.scopes.allow(Scope::Read));
    let Holder::User(user) = &sign_in.holder else {
        panic!("{sign_in:?}");
    };
    assert_eq!((user.email.as_str(), user.role), (ANN, Role::Marketing));
    assert_eq!(world.verifier.signed_in(&token).await.unwrap(), sign_in);
}

#[tokio::test]
async fn unknown_disabled_and_wrong_get_one_answer_for_one_computation() {
    let world = world().await;
    world.add(ANN, Role::Owner).await;
    let bob = world.add("bob@shop.example", Role::Member).await;
    let disable = ChangeMember {
        is_disabled: Some(true),
        ..ChangeMember::default()
    };
    world.change(Scope::Owner, &bob.id, disable).await.unwrap();
    for (email, password) in [
        (ANN, "wrong horse battery"),
        (ANN, ""),
        ("bob@shop.example", PASSWORD),
        ("nobody@shop.example", PASSWORD),
        ("no address", PASSWORD),
    ] {
        let before = world.accounts.passwords().computed();
        let refused = world.sign_in(email, password, "192.0.2.1").await;
        assert!(
            matches!(refused, Err(AccountsError::WrongPassword)),
            "{email}"
        );
        let computed = world.accounts.passwords().computed() - before;
        assert_eq!(computed, 1, "{email}");
    }
}

#[tokio::test]
async fn guessing_ends_before_hashing_and_does_not_lock_the_owner_out() {
    let world = world().await;
    world.add(ANN, Role::Owner).await;
    world.sign_in(ANN, PASSWORD, "198.51.100.7").await.unwrap();
    for _ in 0..10 {
        let refused = world.sign_in(ANN, "wrong", "192.0.2.1").await;
        assert!(matches!(refused, Err(AccountsError::WrongPassword)));
    }
    let before = world.accounts.passwords().computed();
    let refused = world.sign_in(ANN, PASSWORD, "192.0.2.1").await;
    assert!(matches!(refused, Err(AccountsError::TooManyAttempts)));
    assert_eq!(world.accounts.passwords().computed(), before);
    // Others are not concerned, and neither is another address.
    world.sign_in(ANN, PASSWORD, "198.51.100.7").await.unwrap();
    world.sign_in(ANN, PASSWORD, "203.0.113.9").await.unwrap();
}

#[test]
fn an_attack_from_many_addresses_leaves_known_ones_alone() {
    let guesses = Guesses::default();
    let address = |number: u32| Some(IpAddr::V4(Ipv4Addr::from(number)));
    let home = Some("2001:db8:1:2::7".parse().unwrap());
    guesses.succeeded(ANN, home);
    for number in 0..100 {
        assert_eq!(guesses.begin(ANN, address(number)), Ok(()));
    }
    assert_eq!(guesses.begin(ANN, address(100)), Err(Limited::Others));
    assert_eq!(guesses.begin(ANN, home), Ok(()));
    let neighbour = Some("2001:db8:1:2::8".parse().unwrap());
    assert_eq!(guesses.begin(ANN, neighbour), Ok(()), "the same subscriber");
    let elsewhere = Some("2001:db8:1:3::8".parse().unwrap());
    assert_eq!(guesses.begin(ANN, elsewhere), Err(Limited::Others));
    for number in 0..50 {
        let email = format!("{number}@shop.example");
        assert_eq!(guesses.begin(&email, address(7_000)), Ok(()));
    }
    let one_more = guesses.begin("more@shop.example", address(7_000));
    assert_eq!(one_more, Err(Limited::Others));
}

#[tokio::test]
async fn many_attempts_at_once_do_not_slip_through() {
    let world = world().await;
    world.add(ANN, Role::Owner).await;
    let before = world.accounts.passwords().computed();
    let attempts = (0..40).map(|_| world.sign_in(ANN, "wrong", "192.0.2.1"));
    let answers = futures::future::join_all(attempts).await;
    let is_late = |answer: &Result<_, _>| matches!(answer, Err(AccountsError::TooManyAttempts));
    assert_eq!(answers.iter().filter(|answer| is_late(answer)).count(), 30);
    assert_eq!(world.accounts.passwords().computed() - before, 10);
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once_and_a_new_role_counts_at_once() {
    let world = world().await;
    world.add(ANN, Role::Owner).await;
    let bob = world.add("bob@shop.example", Role::Member).await;
    let (token, _) = world
        .sign_in("bob@shop.example", PASSWORD, "192.0.2.1")
        .await
        .unwrap();
    let promote = ChangeMember {
        role: Some(Role::Admin),
        ..ChangeMember::default()
    };
    world.change(Scope::Admin, &bob.id, promote).await.unwrap();
    // Another replica, with no notice from anybody.
    let replica = KeyVerifier::new(world.db.clone(), &AuthConfig::default()).unwrap();
    let seen = replica.signed_in(&token).await.unwrap();
    assert!(seen.scopes.allow(Scope::Admin));
    let disable = |is_disabled| ChangeMember {
        is_disabled: Some(is_disabled),
        ..ChangeMember::default()
    };
    world
        .change(Scope::Admin, &bob.id, disable(true))
        .await
        .unwrap();
    assert!(replica.signed_in(&token).await.is_err());
    world
        .change(Scope::Admin, &bob.id, disable(false))
        .await
        .unwrap();
    assert!(replica.signed_in(&token).await.is_err(), "it was ended");
}

#[tokio::test]
async fn only_owners_decide_about_owners_and_the_last_one_stays() {
    let world = world().await;
    let ann = world.add(ANN, Role::Owner).await;
    let bob = world.add("bob@shop.example", Role::Member).await;
    let role = |role| ChangeMember {
        role: Some(role),
        ..ChangeMember::default()
    };
    for (id, wanted) in [(&ann.id, Role::Member), (&bob.id, Role::Owner)] {
        let refused = world.change(Scope::Admin, id, role(wanted)).await;
        assert!(refused.unwrap_err().contains("only an owner"));
    }
    let refused = world.change(Scope::Owner, &ann.id, role(Role::Admin)).await;
    assert!(refused.unwrap_err().contains("last owner"));
    world
        .change(Scope::Owner, &bob.id, role(Role::Owner))
        .await
        .unwrap();
    world
        .change(Scope::Owner, &ann.id, role(Role::Admin))
        .await
        .unwrap();
    let rival = OrganizationId::new("rival").unwrap();
    let foreign =
        world
            .accounts
            .change_member(by(Scope::Owner), &rival, &bob.id, role(Role::Member));
    assert!(matches!(foreign.await, Err(AccountsError::NotFound)));
    let invited = world
        .accounts
        .invite(by(Scope::Admin), acme(), "x@y.z", Role::Owner);
    assert!(matches!(invited.await, Err(AccountsError::OwnersOnly)));
}

#[tokio::test]
async fn an_invitation_works_once_and_only_until_it_is_withdrawn_or_replaced() {
    let world = world().await;
    let invite = async |email: &str| {
        let invited = world
            .accounts
            .invite(by(Scope::Admin), acme(), email, Role::Member);
        invited.await.unwrap()
    };
    let (_, replaced) = invite("bob@shop.example").await;
    let (invitation, token) = invite("Bob@shop.example").await;
    let use_it = async |token: &str| {
        world
            .accounts
            .accept(accept(token), from("192.0.2.1"))
            .await
    };
    assert!(matches!(
        use_it(&replaced).await,
        Err(AccountsError::NotFound)
    ));
    let open = world.accounts.invitations(acme()).await.unwrap();
    assert_eq!(open, std::slice::from_ref(&invitation));

    let both = futures::future::join(use_it(&token), use_it(&token)).await;
    let done = [both.0.is_ok(), both.1.is_ok()];
    assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    let members = world.accounts.members(acme()).await.unwrap();
    assert_eq!(members[0].email, "bob@shop.example");
    assert!(matches!(use_it(&token).await, Err(AccountsError::NotFound)));
    let again = world
        .accounts
        .invite(by(Scope::Admin), acme(), "bob@shop.example", Role::Member);
    assert!(matches!(again.await, Err(AccountsError::EmailTaken)));

    let (invitation, token) = invite("eve@shop.example").await;
    let rival = OrganizationId::new("rival").unwrap();
    let foreign = world
        .accounts
        .withdraw(by(Scope::Admin), &rival, &invitation.id);
    assert!(matches!(foreign.await, Err(AccountsError::NotFound)));
    let withdrawn = world
        .accounts
        .withdraw(by(Scope::Admin), acme(), &invitation.id);
    withdrawn.await.unwrap();
    assert!(matches!(use_it(&token).await, Err(AccountsError::NotFound)));
}

#[tokio::test]
async fn the_first_link_makes_one_owner_and_then_no_more() {
    let world = world().await;
    let old = world.accounts.first_link().await.unwrap().unwrap();
    let token = world.accounts.first_link().await.unwrap().unwrap();
    let first = |token: &str| Accept {
        email: Some(ANN.to_owned()),
        organization: Some("acme".to_owned()),
        ..accept(token)
    };
    let use_it = async |accept: Accept| world.accounts.accept(accept, from("192.0.2.1")).await;
    assert!(matches!(
        use_it(first(&old)).await,
        Err(AccountsError::NotFound)
    ));
    let unnamed = use_it(accept(&token)).await.unwrap_err().to_string();
    assert!(unnamed.starts_with("organizationId:"), "{unnamed}");
    let (_, sign_in) = use_it(first(&token)).await.unwrap();
    assert!(sign_in.scopes.allow(Scope::Owner));
    assert_eq!(world.accounts.first_link().await.unwrap(), None);
}

#[tokio::test]
async fn a_first_link_is_void_once_somebody_else_is_there() {
    let world = world().await;
    let token = world.accounts.first_link().await.unwrap().unwrap();
    world.add(ANN, Role::Owner).await;
    let first = Accept {
        email: Some("eve@shop.example".to_owned()),
        organization: Some("acme".to_owned()),
        ..accept(&token)
    };
    let refused = world.accounts.accept(first, from("192.0.2.1")).await;
    assert!(matches!(refused, Err(AccountsError::NotFound)));
}

#[tokio::test]
async fn a_new_password_ends_the_other_sign_ins() {
    let world = world().await;
    let ann = world.add(ANN, Role::Owner).await;
    let here = world.sign_in(ANN, PASSWORD, "192.0.2.1").await.unwrap();
    let there = world.sign_in(ANN, PASSWORD, "192.0.2.2").await.unwrap();
    let own = crow_auth::hash_of(&here.0);
    let change = async |current: &str, new: &str| {
        let (current, new) = (current.to_owned().into(), new.to_owned().into());
        let client = from("192.0.2.1");
        let changed = world
            .accounts
            .change_password(&ann.id, current, new, &own, &client);
        changed.await.map_err(|error| error.to_string())
    };
    for (current, new, problem) in [
        ("wrong", "a new long password", "the current password"),
        (PASSWORD, "short", "newPassword: must have 12"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "newPassword: must not"),
        (PASSWORD, "ANN@shop.example", "newPassword: must not"),
    ] {
        let refused = change(current, new).await.unwrap_err();
        assert!(refused.starts_with(problem), "{refused}");
    }
    assert!(world.is_in(&there.0).await);
    change(PASSWORD, "a new long password").await.unwrap();
    assert!(world.is_in(&here.0).await && !world.is_in(&there.0).await);
    assert!(world.sign_in(ANN, PASSWORD, "192.0.2.1").await.is_err());
    let again = world.sign_in(ANN, "a new long password", "192.0.2.1").await;
    assert!(again.is_ok());
}

#[tokio::test]
async fn a_password_link_sets_the_password_once_and_signs_out() {
    let world = world().await;
    let ann = world.add(ANN, Role::Owner).await;
    let (token, _) = world.sign_in(ANN, PASSWORD, "192.0.2.1").await.unwrap();
    let link = world
        .accounts
        .password_link(by(Scope::Owner), acme(), &ann.id);
    let (_, link) = link.await.unwrap();
    let with = |password: &str| Accept {
        password: password.to_owned().into(),
        ..accept(&link)
    };
    let used = world
        .accounts
        .accept(with("another long password"), from("192.0.2.1"));
    used.await.unwrap();
    assert!(!world.is_in(&token).await);
    let again = world
        .accounts
        .accept(with("yet another password"), from("192.0.2.1"));
    assert!(matches!(again.await, Err(AccountsError::NotFound)));
    let there = world.sign_in(ANN, "another long password", "192.0.2.1");
    assert!(there.await.is_ok());
}

#[tokio::test]
async fn sign_ins_are_listed_and_ended_by_their_user_alone() {
    let world = world().await;
    let ann = world.add(ANN, Role::Owner).await;
    let bob = world.add("bob@shop.example", Role::Member).await;
    let (token, sign_in) = world.sign_in(ANN, PASSWORD, "192.0.2.1").await.unwrap();
    let id = sign_in.id.unwrap();
    let listed = world.accounts.sign_ins(&ann.id).await.unwrap();
    assert_eq!(listed[0].id.as_deref(), Some(id.as_str()));
    assert_eq!(listed[0].address.as_deref(), Some("192.0.2.1"));
    let foreign = world.accounts.end_sign_in(&bob.id, &id).await;
    assert!(matches!(foreign, Err(AccountsError::NotFound)));
    assert!(world.is_in(&token).await);
    world.accounts.end_sign_in(&ann.id, &id).await.unwrap();
    assert!(!world.is_in(&token).await);
}

#[tokio::test]
async fn all_this_is_in_the_audit_log() {
    let world = world().await;
    world.add(ANN, Role::Owner).await;
    world.sign_in(ANN, PASSWORD, "192.0.2.1").await.unwrap();
    assert!(world.sign_in(ANN, "wrong", "192.0.2.9").await.is_err());
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    let entries = loop {
        let every = Filter::default();
        let listed = audit_log::list(&world.db, acme(), &every, None, 10).await;
        let entries = listed.unwrap();
        if entries.len() == 3 {
            break entries;
        }
        assert!(tokio::time::Instant::now() < deadline, "{entries:?}");
        tokio::task::yield_now().await;
    };
    let refused = &entries[0];
    assert_eq!(refused.action, "sign_in.password");
    assert_eq!(refused.outcome.as_deref(), Some("refused"));
    assert_eq!(refused.address.as_deref(), Some("192.0.2.9"));
    assert!(!format!("{entries:?}").contains("@"), "names no address");
    let verdict = audit_log::verify(&world.db, "acme", None).await.unwrap();
    assert!(matches!(verdict, Verdict::Whole { unchained: 0, .. }));
}
