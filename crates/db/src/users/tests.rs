use super::*;
use crate::invitations::{self, InvitationRow, Used};
use crate::tests::{Database, on_both};

on_both!(
    an_address_has_one_user,
    of_two_owners_who_leave_at_once_one_stays,
    an_invitation_is_used_once_by_all_who_try_at_once,
    who_has_expired_or_other_organizations_find_nothing,
);

/// Outlives every future.
fn acme() -> &'static OrganizationId {
    Box::leak(Box::new(OrganizationId::new("acme").unwrap()))
}

fn row(id: &str, role: &str) -> UserRow {
    UserRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        email: format!("{id}@shop.example"),
        name: id.to_owned(),
        role: role.to_owned(),
        password_hash: "hash".to_owned(),
        created_at: 7,
        disabled_at: None,
    }
}

fn invitation() -> InvitationRow {
    InvitationRow {
        id: "inv".to_owned(),
        token_hash: "token".to_owned(),
        organization_id: Some("acme".to_owned()),
        email: Some("eve@shop.example".to_owned()),
        role: "member".to_owned(),
        user_id: None,
        created_by: "ann".to_owned(),
        created_at: 7,
        expires_at: 100,
    }
}

async fn an_address_has_one_user(database: Database) {
    let database = &database;
    let by = Actor::system();
    assert!(
        insert(&database.db, &by, row("ann", "owner"))
            .await
            .unwrap()
    );
    let same = UserRow {
        id: "other".to_owned(),
        ..row("ann", "owner")
    };
    assert!(!insert(&database.db, &by, same).await.unwrap());
    let listed = list(&database.db, acme()).await.unwrap();
    assert_eq!(listed, [row("ann", "owner")]);
    let all = crate::audit_log::Filter::default();
    let noted = crate::audit_log::list(&database.db, acme(), &all, None, 10).await;
    assert_eq!(noted.unwrap().len(), 1, "the second was rolled back");
}

async fn of_two_owners_who_leave_at_once_one_stays(database: Database) {
    let database = &database;
    let by = Actor::system();
    for id in ["ann", "bob"] {
        insert(&database.db, &by, row(id, "owner")).await.unwrap();
    }
    let leave = async |id: &str| {
        let demoted = Change {
            role: Some("member"),
            ..Change::default()
        };
        change(&database.db, &by, acme(), id, demoted, Timestamp(8)).await
    };
    let both = futures::future::join(leave("ann"), leave("bob")).await;
    let both = [both.0.unwrap(), both.1.unwrap()];
    let stayed = both.iter().filter(|one| **one == Changed::LastOwner);
    assert_eq!(stayed.count(), 1, "{both:?}");
}

async fn an_invitation_is_used_once_by_all_who_try_at_once(database: Database) {
    let database = &database;
    let by = Actor::system();
    invitations::insert(&database.db, &by, acme(), invitation())
        .await
        .unwrap();
    let tries = (0..5).map(|number| {
        let user = row(&format!("user-{number}"), "member");
        invitations::accept(&database.db, &by, "token", user, Timestamp(50))
    });
    let used = futures::future::join_all(tries).await;
    let used: Vec<Used> = used.into_iter().map(Result::unwrap).collect();
    let done = used.iter().filter(|one| matches!(one, Used::Done(_)));
    assert_eq!(done.count(), 1, "{used:?}");
    assert_eq!(list(&database.db, acme()).await.unwrap().len(), 1);
}

async fn who_has_expired_or_other_organizations_find_nothing(database: Database) {
    let database = &database;
    let by = Actor::system();
    invitations::insert(&database.db, &by, acme(), invitation())
        .await
        .unwrap();
    let late = Timestamp(100);
    let found = invitations::find(&database.db, "token", late).await;
    assert_eq!(found.unwrap(), None);
    let used = invitations::accept(&database.db, &by, "token", row("ann", "owner"), late).await;
    assert_eq!(used.unwrap(), Used::Unknown);
    insert(&database.db, &by, row("ann", "owner"))
        .await
        .unwrap();
    let rival = OrganizationId::new("rival").unwrap();
    assert_eq!(find(&database.db, &rival, "ann").await.unwrap(), None);
    let disabled = Change {
        is_disabled: Some(true),
        ..Change::default()
    };
    let changed = change(&database.db, &by, &rival, "ann", disabled, late).await;
    assert_eq!(changed.unwrap(), Changed::Unknown);
}
