use super::*;

fn session() -> (OrganizationId, SessionId) {
    (
        OrganizationId::new("org").unwrap(),
        SessionId::new("session").unwrap(),
    )
}

#[test]
fn what_is_stored_under_an_id_is_found_by_later_versions() {
    let (organization, session) = session();
    let key = ApiKeySecret::parse("crow_01234567890123456789").unwrap();
    let ids = [
        SessionRowId::derive(&organization, &session, 1).0,
        EventRowId::named(&organization, &session, "event").0,
        EventRowId::placed(&organization, &session, "batch", 7).0,
        key.hash(),
    ];
    let stored = [
        "c7099dcceeef5ede0342651949cf849d",
        "b0f9244bdb5d2e3fe44610aa7affb1f3",
        "b0f9244b7c12e75c4912030daeefa471",
        "0d67a5f56c21f7e039195b3c0f34efde41410b4d9262279d4b2e06050467d4fa",
    ];
    assert_eq!(ids, stored);
}

#[test]
fn event_ids_tell_sessions_names_and_places_apart() {
    let (organization, session) = session();
    let others = (
        OrganizationId::new("or").unwrap(),
        SessionId::new("gsession").unwrap(),
    );
    let ids = [
        EventRowId::named(&organization, &session, "event"),
        EventRowId::named(&organization, &others.1, "event"),
        EventRowId::named(&others.0, &others.1, "event"),
        EventRowId::named(&organization, &session, "event1"),
        EventRowId::placed(&organization, &session, "event", 0),
        EventRowId::placed(&organization, &session, "event", 1),
        EventRowId::placed(&organization, &session, "event1", 0),
    ];
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
    assert!(
        ids[3..].iter().all(|id| id.0[..8] == ids[0].0[..8]),
        "{ids:?}"
    );
}
