use std::time::Duration;

use serde_json::json;

use crow_auth::{Role, Scope, SignIn, hash_of};
use crow_db::passkeys::{self as rows, ChallengeRow};
use crow_db::sign_ins::{self, KeyHolder, SignInRow};
use crow_testkit::authenticator::Authenticator;
use crow_testkit::wait;
use crow_types::Timestamp;

use super::add::{AddPasskey, Passkey};
use super::*;
use crate::tests::{PASSWORD, World, add_passkey, from, sign_in_with, world};
use crate::{ChangeMember, Member};

const ORIGIN: &str = "https://crow.example";
const ANN: &str = "ann@shop.example";

/// Somebody who is signed in.
struct Person {
    member: Member,
    token: String,
}

async fn with_passkeys() -> World {
    let mut world = world().await;
    world.accounts = world.accounts.with_passkeys(Passkeys::new(ORIGIN));
    world
}

async fn person(world: &World, email: &str) -> Person {
    let member = world.add(email, Role::Member).await;
    let (token, _) = world.sign_in(email, PASSWORD, "192.0.2.1").await.unwrap();
    Person { member, token }
}

async fn add(
    world: &World,
    person: &Person,
    device: &mut Authenticator,
) -> Result<Passkey, AccountsError> {
    add_passkey(&world.accounts, &person.member.id, &person.token, device).await
}

/// Somebody with a passkey.
async fn ann(world: &World) -> (Person, Authenticator) {
    let (ann, mut device) = (person(world, ANN).await, Authenticator::new(ORIGIN));
    add(world, &ann, &mut device).await.unwrap();
    (ann, device)
}

fn is_wrong(result: &Result<(String, SignIn), AccountsError>) -> bool {
    matches!(result, Err(AccountsError::WrongPasskey))
}

/// The text of a field's problem.
fn problem<T: std::fmt::Debug>(result: Result<T, AccountsError>) -> String {
    match result {
        Err(AccountsError::Field { field, problem }) => format!("{field}: {problem}"),
        other => panic!("{other:?}"),
    }
}

/// What is refused, as the audit log has it, once it is written.
async fn refused_actions(world: &World, count: usize) -> Vec<String> {
    use crow_db::audit_log::{self, Filter};
    let acme = crow_types::OrganizationId::new("acme").unwrap();
    let refused = async || {
        let listed = audit_log::list(&world.db, &acme, &Filter::default(), None, 100).await;
        let mut entries = listed.unwrap();
        entries.retain(|entry| entry.outcome.as_deref() == Some("refused"));
        let mut actions: Vec<_> = entries.into_iter().map(|entry| entry.action).collect();
        actions.sort();
        (actions.len() >= count).then_some(actions)
    };
    wait::eventually("refused entries", Duration::from_secs(10), refused).await
}

#[tokio::test]
async fn a_user_adds_a_passkey_and_signs_in_without_an_address() {
    let world = with_passkeys().await;
    let (ann, mut device) = ann(&world).await;
    let listed = world.accounts.passkeys_of(&ann.member.id).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].name.as_str(), listed[0].last_used_at),
        ("Phone", None)
    );
    for _time in 0..2 {
        let (token, sign_in) = sign_in_with(&world.accounts, &mut device).await.unwrap();
        assert_eq!(sign_in.organization.as_str(), "acme");
        assert!(world.is_in(&token).await && sign_in.scopes.allow(Scope::Read));
    }
    let id = &listed[0].id;
    let accounts = &world.accounts;
    let renamed = accounts.rename_passkey(&ann.member.id, id, " Laptop ");
    renamed.await.unwrap();
    let listed = accounts.passkeys_of(&ann.member.id).await.unwrap();
    assert_eq!(listed[0].name, "Laptop");
    assert!(listed[0].last_used_at.is_some());
    let nameless = accounts.rename_passkey(&ann.member.id, id, " ").await;
    assert!(problem(nameless).starts_with("name:"));

    accounts
        .remove_passkey(&ann.member.id, id, None)
        .await
        .unwrap();
    assert!(is_wrong(&sign_in_with(accounts, &mut device).await));
    let expected = [
        "user.created",
        "sign_in.password",
        "passkey.added",
        "sign_in.passkey",
        "sign_in.passkey",
        "passkey.removed",
    ];
    assert_eq!(world.actions().await, expected);
}

#[tokio::test]
async fn an_answer_counts_once() {
    let world = with_passkeys().await;
    let accounts = &world.accounts;
    let (ann, mut device) = ann(&world).await;
    let asked = accounts.start_passkey_sign_in().await.unwrap();
    let answer = device.sign(&asked.options);
    let finish = async || {
        let from = from("192.0.2.1");
        let finished = accounts.sign_in_with_passkey(&asked.token, answer.clone(), from);
        finished.await.map(drop)
    };
    finish().await.unwrap();
    let again = finish().await;
    assert!(matches!(again, Err(AccountsError::ChallengeOver)));

    let (user, signed_in) = (&ann.member.id, hash_of(&ann.token));
    let mut other = Authenticator::new(ORIGIN);
    let asked = accounts.start_passkey(user, &signed_in).await.unwrap();
    let credential = other.register(&asked.options);
    let finish = async || {
        let add = AddPasskey {
            token: asked.token.clone(),
            name: "Key".to_owned(),
            credential: credential.clone(),
        };
        accounts.add_passkey(user, &signed_in, add, None).await
    };
    finish().await.unwrap();
    let again = finish().await;
    assert!(matches!(again, Err(AccountsError::ChallengeOver)));
    let unknown = accounts
        .sign_in_with_passkey("unknown", answer.clone(), from("192.0.2.1"))
        .await;
    assert!(matches!(unknown, Err(AccountsError::ChallengeOver)));
}

#[tokio::test]
async fn answers_of_other_pages_to_other_challenges_or_of_nobody_are_refused() {
    type Lie = fn(&mut Authenticator);
    let world = with_passkeys().await;
    let (ann, mut device) = ann(&world).await;
    let lies: [(Lie, &str); 5] = [
        (
            |it| it.origin = "https://evil.example".to_owned(),
            "another page",
        ),
        (
            |it| it.origin = "http://crow.example".to_owned(),
            "another page",
        ),
        (
            |it| it.origin = "https://a.crow.example".to_owned(),
            "another page",
        ),
        (|it| it.challenge = Some("A".repeat(43)), "start again"),
        (|it| it.has_verified = false, "PIN"),
    ];
    for (lie, told) in lies {
        let mut other = Authenticator::new(ORIGIN);
        lie(&mut other);
        let refused = problem(add(&world, &ann, &mut other).await);
        assert!(refused.contains(told), "{refused}");
        lie(&mut device);
        let refused = sign_in_with(&world.accounts, &mut device).await;
        assert!(is_wrong(&refused), "{told}: {refused:?}");
        (device.origin, device.challenge) = (ORIGIN.to_owned(), None);
        device.has_verified = true;
    }
    let asked = world.accounts.start_passkey_sign_in().await.unwrap();
    let mut answer = device.sign(&asked.options);
    let mut others = Authenticator::new(ORIGIN).sign(&asked.options);
    answer["response"]["signature"] = others["response"]["signature"].take();
    let finished = world
        .accounts
        .sign_in_with_passkey(&asked.token, answer, from("192.0.2.1"))
        .await;
    assert!(is_wrong(&finished), "{finished:?}");
    assert!(sign_in_with(&world.accounts, &mut device).await.is_ok());
    let listed = world.accounts.passkeys_of(&ann.member.id).await.unwrap();
    assert_eq!(listed.len(), 1);
    for garbage in [json!(null), json!({}), json!({ "id": "x" })] {
        let asked = world.accounts.start_passkey_sign_in().await.unwrap();
        let finished = world
            .accounts
            .sign_in_with_passkey(&asked.token, garbage, from("192.0.2.1"))
            .await;
        assert!(problem(finished).starts_with("credential:"));
    }
}

#[tokio::test]
async fn a_challenge_is_over_after_five_minutes() {
    let world = with_passkeys().await;
    let (_, mut device) = ann(&world).await;
    let asked = world.accounts.start_passkey_sign_in().await.unwrap();
    let (hash, now) = (hash_of(&asked.token), Timestamp::now());
    let row = rows::take_challenge(&world.db, &hash, None, now).await;
    let row = row.unwrap().unwrap();
    let lasts = row.expires_at - now.0;
    assert!((LASTS - 60_000..=LASTS).contains(&lasts), "{lasts}");
    let old = ChallengeRow {
        expires_at: now.0,
        ..row
    };
    rows::ask(&world.db, old, now).await.unwrap();
    let credential = device.sign(&asked.options);
    let late = world
        .accounts
        .sign_in_with_passkey(&asked.token, credential, from("192.0.2.1"))
        .await;
    assert!(matches!(late, Err(AccountsError::ChallengeOver)));
}

#[tokio::test]
async fn nobody_uses_what_belongs_to_somebody_else() {
    let world = with_passkeys().await;
    let accounts = &world.accounts;
    let (ann, mut device) = ann(&world).await;
    let bob = person(&world, "bob@shop.example").await;
    let (bobs, bobs_sign_in) = (&bob.member.id, hash_of(&bob.token));

    // Bob answers the challenge of Ann.
    let asked = accounts
        .start_passkey(&ann.member.id, &hash_of(&ann.token))
        .await
        .unwrap();
    let add_as_bob = |token: String, credential: Value| AddPasskey {
        token,
        name: "Phone".to_owned(),
        credential,
    };
    let stolen = add_as_bob(
        asked.token,
        Authenticator::new(ORIGIN).register(&asked.options),
    );
    let refused = accounts
        .add_passkey(bobs, &bobs_sign_in, stolen, None)
        .await;
    assert!(matches!(refused, Err(AccountsError::ChallengeOver)));

    // Bob claims the passkey of Ann, and Ann's device claims to be Bob's.
    let taken = add(&world, &bob, &mut device).await;
    assert!(matches!(taken, Err(AccountsError::PasskeyTaken)));
    assert!(is_wrong(&sign_in_with(accounts, &mut device).await));
    device.user.clear();
    assert!(is_wrong(&sign_in_with(accounts, &mut device).await));
    device.user = handle_of(&ann.member.id).as_bytes().to_vec();
    assert!(sign_in_with(accounts, &mut device).await.is_ok());

    let id = &accounts.passkeys_of(&ann.member.id).await.unwrap()[0].id;
    let refused = accounts.remove_passkey(bobs, id, None).await;
    assert!(matches!(refused, Err(AccountsError::NotFound)));
    let refused = accounts.rename_passkey(bobs, id, "mine").await;
    assert!(matches!(refused, Err(AccountsError::NotFound)));
    assert!(accounts.passkeys_of(bobs).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_disabled_user_looks_like_an_unknown_passkey() {
    let world = with_passkeys().await;
    let (ann, mut device) = ann(&world).await;
    let change = |is_disabled: bool| ChangeMember {
        is_disabled: Some(is_disabled),
        ..ChangeMember::default()
    };
    let id = &ann.member.id;
    world.change(Scope::Owner, id, change(true)).await.unwrap();
    let disabled = sign_in_with(&world.accounts, &mut device).await;
    let mut nobodys = Authenticator::new(ORIGIN);
    nobodys.user = handle_of(id).as_bytes().to_vec();
    let unknown = sign_in_with(&world.accounts, &mut nobodys).await;
    assert!(is_wrong(&disabled) && is_wrong(&unknown));
    assert_eq!(refused_actions(&world, 1).await, ["sign_in.passkey"]);
    world.change(Scope::Owner, id, change(false)).await.unwrap();
    assert!(sign_in_with(&world.accounts, &mut device).await.is_ok());
}

#[tokio::test]
async fn a_count_that_does_not_grow_is_refused_and_noted() {
    let world = with_passkeys().await;
    let (ann, mut device) = (person(&world, ANN).await, Authenticator::new(ORIGIN));
    device.count = Some(3);
    add(&world, &ann, &mut device).await.unwrap();
    assert!(sign_in_with(&world.accounts, &mut device).await.is_ok());
    for count in [3, 2] {
        device.count = Some(count);
        assert!(is_wrong(&sign_in_with(&world.accounts, &mut device).await));
    }
    device.count = Some(4);
    assert!(sign_in_with(&world.accounts, &mut device).await.is_ok());
    let expected = [
        "passkey.copy_suspected",
        "passkey.copy_suspected",
        "sign_in.passkey",
        "sign_in.passkey",
    ];
    assert_eq!(refused_actions(&world, 4).await, expected);
}

#[tokio::test]
async fn a_passkey_is_added_only_soon_after_a_sign_in() {
    let world = with_passkeys().await;
    let ann = person(&world, ANN).await;
    let (hash, now) = (hash_of(&ann.token), Timestamp::now());
    let row = sign_ins::find(&world.db, &hash, KeyHolder::Table, now).await;
    let old = SignInRow {
        created_at: now.0 - 3_600_000,
        ..row.unwrap().unwrap()
    };
    sign_ins::remove(&world.db, &hash).await.unwrap();
    sign_ins::insert(&world.db, old).await.unwrap();
    let refused = add(&world, &ann, &mut Authenticator::new(ORIGIN)).await;
    assert!(matches!(refused, Err(AccountsError::SignInTooOld)));
}

#[tokio::test]
async fn a_device_is_asked_for_a_passkey_that_knows_its_user() {
    let world = with_passkeys().await;
    let (ann, _) = ann(&world).await;
    let asked = world
        .accounts
        .start_passkey(&ann.member.id, &hash_of(&ann.token))
        .await
        .unwrap();
    let options = &asked.options["publicKey"];
    assert_eq!(
        options["rp"],
        json!({ "id": "crow.example", "name": "CROW" })
    );
    let wanted = json!({ "residentKey": "required", "requireResidentKey": true, "userVerification": "required" });
    assert_eq!(options["authenticatorSelection"], wanted);
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    assert_eq!(options["user"]["name"], ANN);
    let asked = world.accounts.start_passkey_sign_in().await.unwrap();
    let options = &asked.options["publicKey"];
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"], json!([]));
    assert!(asked.options.get("mediation").is_none());
}

#[test]
fn passkeys_work_where_browsers_have_them() {
    for (public_url, origin) in [
        ("https://crow.example", "https://crow.example"),
        ("https://crow.example:8443/", "https://crow.example:8443"),
        ("http://localhost:7071", "http://localhost:7071"),
        ("http://127.0.0.1:7071", "http://localhost:7071"),
        ("https://[::1]:7071", "https://localhost:7071"),
    ] {
        assert_eq!(Passkeys::new(public_url).unwrap().origin(), origin);
    }
    for off in [
        "",
        "crow.example",
        "http://crow.example",
        "https://192.0.2.1",
        "http://0.0.0.0:7071",
        "ftp://localhost",
    ] {
        assert!(Passkeys::new(off).is_none(), "{off}");
    }
}

#[tokio::test]
async fn without_a_public_address_passkeys_are_off() {
    let world = world().await;
    let off = world.accounts.start_passkey_sign_in().await;
    assert!(matches!(off, Err(AccountsError::NoPasskeys)));
}
