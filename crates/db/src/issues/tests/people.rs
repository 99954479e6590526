//! Who counts as one person.

use super::*;

on_both!(
    a_person_who_becomes_known_is_one_person,
    a_browser_is_the_user_who_signs_in_with_it_later,
);

async fn a_person_who_becomes_known_is_one_person(database: Database) {
    let lease = database.lease().await;
    let sessions = vec![visit("a", "phone"), visit("b", "laptop")];
    let errors = vec![error("a", X, 10, 1), error("b", X, 20, 1)];
    add(&database, &lease, sessions, errors).await;
    assert_eq!(counts(&all(&database).await[0]), (X, 2, 2, 2));
    let known = |id: &str, visitor: &str| SessionRecord {
        user_id: Some("ann".to_owned()),
        ..visit(id, visitor)
    };
    // No new error says so.
    let sessions = vec![known("a", "phone"), known("b", "laptop")];
    add(&database, &lease, sessions, Vec::new()).await;
    assert_eq!(counts(&all(&database).await[0]), (X, 2, 2, 1));
}

async fn a_browser_is_the_user_who_signs_in_with_it_later(database: Database) {
    let lease = database.lease().await;
    let known = |id: &str, visitor: &str, user: &str| SessionRecord {
        user_id: Some(user.to_owned()),
        ..visit(id, visitor)
    };
    let of_rival = SessionRecord {
        organization_id: "rival".to_owned(),
        ..known("r", "phone", "eve")
    };
    let sessions = vec![
        visit("a", "phone"),
        known("b", "phone", "ann"),
        known("c", "laptop", "ann"),
        visit("d", "tablet"),
        of_rival,
    ];
    // The phone signs in with a session without errors.
    let errors = vec![
        error("a", X, 10, 1),
        error("c", X, 20, 1),
        error("d", X, 30, 1),
    ];
    add(&database, &lease, sessions, errors).await;
    for order in [IssueOrder::LastSeen, IssueOrder::People] {
        let filter = IssueFilter::default();
        let page = (order, None, 10);
        let found = list(&database.db, &acme(), ALL, &filter, page).await;
        assert_eq!(counts(&found.unwrap()[0]), (X, 3, 3, 2), "{order:?}");
    }
    let of_message = IssueFilter {
        text: Some("message of a".to_owned()),
        ..IssueFilter::default()
    };
    let found = all_with(&database, &of_message).await;
    assert_eq!(counts(&found[0]), (X, 1, 1, 1));
    let one = find(&database.db, &acme(), ALL, X).await.unwrap().unwrap();
    assert_eq!(counts(&one), (X, 3, 3, 2));
}
