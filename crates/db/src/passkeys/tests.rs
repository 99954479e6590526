use super::*;
use crate::audit_log;
use crate::identities::{self, IdentityRow, Linked};
use crate::invitations::{self, InvitationRow};
use crate::sign_ins::SignInRow;
use crate::tests::{Database, on_both};

on_both!(
    a_challenge_is_taken_once_by_whom_it_was_for_until_it_expires,
    a_passkey_has_one_user_and_a_user_has_ten,
    a_passkey_is_added_only_while_its_user_is_signed_in,
    of_two_uses_of_one_state_only_one_is_noted,
    whoever_links_a_user_removes_the_passkeys,
    a_link_that_sets_a_password_removes_the_passkeys,
);

fn challenge(token: &str, user: Option<&str>, expires_at: i64) -> ChallengeRow {
    ChallengeRow {
        token_hash: token.to_owned(),
        user_id: user.map(str::to_owned),
        state: "{}".to_owned(),
        expires_at,
    }
}

fn user(id: &str) -> UserRow {
    UserRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        email: format!("{id}@shop.example"),
        name: id.to_owned(),
        role: "member".to_owned(),
        password_hash: "hash".to_owned(),
        created_at: 7,
        disabled_at: None,
    }
}

fn passkey(id: &str, user: &str) -> PasskeyRow {
    PasskeyRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        user_id: user.to_owned(),
        credential_id: format!("of {id}"),
        credential: "{}".to_owned(),
        name: "Phone".to_owned(),
        created_at: 7,
        last_used_at: None,
    }
}

/// Signs a user in, with the name of the user as the token's hash.
async fn sign_in(db: &Db, user: &str) {
    let row = SignInRow {
        token_hash: user.to_owned(),
        key_id: String::new(),
        organization_id: "acme".to_owned(),
        scopes: String::new(),
        key_prefix: String::new(),
        created_at: 7,
        expires_at: i64::MAX,
        id: None,
        user_id: Some(user.to_owned()),
        user_agent: None,
        address: None,
    };
    crate::sign_ins::insert(db, row).await.unwrap();
}

async fn added(db: &Db, id: &str, user: &str) -> Added {
    let by = Actor::system();
    add(db, &by, passkey(id, user), user).await.unwrap()
}

async fn a_challenge_is_taken_once_by_whom_it_was_for_until_it_expires(database: Database) {
    let db = &database.db;
    let now = Timestamp(50);
    let take = async |token: &str, user: Option<&str>, now: Timestamp| {
        let taken = take_challenge(db, token, user, now).await.unwrap();
        taken.is_some()
    };
    ask(db, challenge("in", None, 100), now).await.unwrap();
    ask(db, challenge("ann", Some("ann"), 100), now)
        .await
        .unwrap();
    assert!(!take("in", Some("ann"), now).await, "it is of a sign-in");
    assert!(!take("ann", None, now).await, "it is of a user");
    assert!(!take("ann", Some("bob"), now).await);
    assert!(!take("in", None, Timestamp(100)).await, "too late");
    let both = futures::future::join(take("in", None, now), take("in", None, now)).await;
    assert!(both.0 != both.1, "one of two: {both:?}");
    assert!(take("ann", Some("ann"), now).await);

    ask(db, challenge("ann 1", Some("ann"), 100), now)
        .await
        .unwrap();
    ask(db, challenge("ann 2", Some("ann"), 100), now)
        .await
        .unwrap();
    assert!(!take("ann 1", Some("ann"), now).await, "one at a time");
    ask(db, challenge("in 2", None, 200), Timestamp(100))
        .await
        .unwrap();
    let left = passkey_challenges::Entity::find().all(&db.lookups).await;
    assert_eq!(left.unwrap(), [challenge("in 2", None, 200)]);
}

async fn a_passkey_has_one_user_and_a_user_has_ten(database: Database) {
    let db = &database.db;
    for user in ["ann", "bob"] {
        sign_in(db, user).await;
    }
    assert_eq!(added(db, "0", "ann").await, Added::Done);
    let same = PasskeyRow {
        credential_id: "of 0".to_owned(),
        ..passkey("other", "bob")
    };
    let by = Actor::system();
    assert_eq!(add(db, &by, same, "bob").await.unwrap(), Added::Taken);
    for number in 1..10 {
        assert_eq!(added(db, &number.to_string(), "ann").await, Added::Done);
    }
    assert_eq!(added(db, "10", "ann").await, Added::TooMany);
    assert_eq!(of_user(db, "acme", "ann").await.unwrap().len(), 10);
    assert!(of_user(db, "rival", "ann").await.unwrap().is_empty());

    let (ann, bob) = (user("ann"), user("bob"));
    assert!(!rename(db, &bob, "0", "mine").await.unwrap());
    assert!(!remove(db, &by, &bob, "0", Timestamp(8)).await.unwrap());
    assert!(rename(db, &ann, "0", "Laptop").await.unwrap());
    let found = find_by_credential(db, "of 0").await.unwrap().unwrap();
    assert_eq!(
        (found.name.as_str(), found.user_id.as_str()),
        ("Laptop", "ann")
    );
    assert!(remove(db, &by, &ann, "0", Timestamp(8)).await.unwrap());
    assert!(!remove(db, &by, &ann, "0", Timestamp(8)).await.unwrap());
    let acme = crow_types::OrganizationId::new("acme").unwrap();
    let all = audit_log::Filter::default();
    let noted = audit_log::list(db, &acme, &all, None, 100).await.unwrap();
    assert_eq!(
        noted.len(),
        11,
        "ten added, one removed, and no refused one"
    );
}

async fn a_passkey_is_added_only_while_its_user_is_signed_in(database: Database) {
    let db = &database.db;
    assert_eq!(added(db, "a", "ann").await, Added::SignedOut);
    sign_in(db, "ann").await;
    let by = Actor::system();
    let of_bob = add(db, &by, passkey("a", "bob"), "ann").await.unwrap();
    assert_eq!(
        of_bob,
        Added::SignedOut,
        "it is the sign-in of somebody else"
    );
    assert_eq!(added(db, "a", "ann").await, Added::Done);
}

async fn of_two_uses_of_one_state_only_one_is_noted(database: Database) {
    let db = &database.db;
    sign_in(db, "ann").await;
    added(db, "a", "ann").await;
    let row = find_by_credential(db, "of a").await.unwrap().unwrap();
    assert!(note_use(db, &row, "{1}", Timestamp(9)).await.unwrap());
    assert!(!note_use(db, &row, "{1}", Timestamp(9)).await.unwrap());
    let row = find_by_credential(db, "of a").await.unwrap().unwrap();
    assert_eq!(
        (row.credential.as_str(), row.last_used_at),
        ("{1}", Some(9))
    );
}

async fn whoever_links_a_user_removes_the_passkeys(database: Database) {
    let db = &database.db;
    let by = Actor::system();
    for id in ["ann", "bob"] {
        crate::users::insert(db, &by, user(id)).await.unwrap();
        sign_in(db, id).await;
        added(db, id, id).await;
    }
    ask(db, challenge("a", Some("ann"), 100), Timestamp(7))
        .await
        .unwrap();
    let identity = IdentityRow {
        issuer: "https://login.example".to_owned(),
        subject: "1".to_owned(),
        organization_id: "acme".to_owned(),
        user_id: "ann".to_owned(),
        created_at: 8,
    };
    let linked = identities::link(db, &by, identity).await.unwrap();
    assert_eq!(linked, Linked::Done);
    assert!(of_user(db, "acme", "ann").await.unwrap().is_empty());
    assert_eq!(of_user(db, "acme", "bob").await.unwrap().len(), 1);
    let left = take_challenge(db, "a", Some("ann"), Timestamp(9)).await;
    assert_eq!(left.unwrap(), None);
    assert_eq!(added(db, "b", "ann").await, Added::SignedOut);
}

async fn a_link_that_sets_a_password_removes_the_passkeys(database: Database) {
    let db = &database.db;
    let by = Actor::system();
    for id in ["ann", "bob"] {
        crate::users::insert(db, &by, user(id)).await.unwrap();
        sign_in(db, id).await;
        added(db, id, id).await;
    }
    let link = InvitationRow {
        id: "link".to_owned(),
        token_hash: "hash".to_owned(),
        organization_id: Some("acme".to_owned()),
        email: None,
        role: "member".to_owned(),
        user_id: Some("ann".to_owned()),
        created_by: "bob".to_owned(),
        created_at: 8,
        expires_at: 100,
    };
    let acme = crow_types::OrganizationId::new("acme").unwrap();
    invitations::insert(db, &by, &acme, link).await.unwrap();
    let used = invitations::reset(db, &by, "hash", "new", Timestamp(9)).await;
    assert!(matches!(used.unwrap(), invitations::Used::Done(_)));
    assert!(of_user(db, "acme", "ann").await.unwrap().is_empty());
    assert_eq!(of_user(db, "acme", "bob").await.unwrap().len(), 1);
}
