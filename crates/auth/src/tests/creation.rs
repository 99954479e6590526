use super::*;

#[tokio::test]
async fn a_created_key_is_verified_and_a_revoked_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let scopes: Scopes = "ingest".parse().unwrap();
    let origins = Some(vec!["https://acme.example".to_owned()]);
    let (record, secret) = keys::create(&db, &organization(), "web", scopes, origins)
        .await
        .unwrap();
    assert_eq!(secret.expose().len(), 48);
    assert!(secret.expose().starts_with(&record.prefix));

    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    let grant = verifier.verify(&secret).await.unwrap();
    assert_eq!(grant.key_id, record.id);
    assert_eq!(grant.organization, organization());
    assert!(grant.scopes.allow(Scope::Ingest) && !grant.scopes.allow(Scope::Read));
    assert!(grant.allows_origin(None) && grant.allows_origin(Some("https://acme.example")));
    assert!(!grant.allows_origin(Some("https://evil.example")));

    let revoked = keys::revoke(&db, &record.id).await.unwrap().unwrap();
    assert!(revoked.revoked_at.is_some());
    assert!(
        verifier.verify(&secret).await.is_ok(),
        "cached until it is forgotten"
    );
    verifier.forget(&record.id).await;
    assert_eq!(
        verifier.verify(&secret).await.unwrap_err(),
        AuthError::Unknown
    );
    assert_eq!(
        keys::list(&db, &organization()).await.unwrap(),
        std::slice::from_ref(&revoked)
    );
    assert_eq!(
        keys::revoke(&db, &record.id).await.unwrap(),
        Some(revoked),
        "twice changes nothing"
    );
    assert_eq!(keys::revoke(&db, "key_none").await.unwrap(), None);
}

#[tokio::test]
async fn an_unknown_key_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let verifier = KeyVerifier::new(database(&folder).await, &AuthConfig::default()).unwrap();
    let outcome = verifier.verify(&key("crow_00000000000000000000")).await;
    assert_eq!(outcome.unwrap_err(), AuthError::Unknown);
}

#[tokio::test]
async fn keys_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let ingest: Scopes = [Scope::Ingest].into_iter().collect();
    for (name, scopes, origin) in [
        ("", ingest, None),
        ("web", Scopes::default(), None),
        ("web", ingest, Some("acme")),
    ] {
        let origins = origin.map(|origin: &str| vec![origin.to_owned()]);
        keys::create(&db, &organization(), name, scopes, origins)
            .await
            .unwrap_err();
    }
}

#[tokio::test]
async fn the_use_of_a_key_is_noted_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let scopes: Scopes = "ingest".parse().unwrap();
    let made = keys::create(&db, &organization(), "web", scopes, None).await;
    let (record, secret) = made.unwrap();
    assert_eq!(record.last_used_at, None);
    let used = async || {
        let listed = keys::list(&db, &organization()).await.unwrap();
        listed[0].last_used_at
    };
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    verifier.verify(&secret).await.unwrap();
    let first = eventually("the note of its use", PATIENCE, used).await;
    // Another replica looks it up within the hour.
    let now = Timestamp(first + 1_000);
    let since = now.plus(-3_600_000);
    crow_db::api_keys::note_use(&db, &record.id, now, since)
        .await
        .unwrap();
    assert_eq!(used().await, Some(first));
    let later = Timestamp(first + 3_600_001);
    crow_db::api_keys::note_use(&db, &record.id, later, later.plus(-3_600_000))
        .await
        .unwrap();
    assert_eq!(used().await, Some(later.0));
}

#[tokio::test]
async fn no_key_is_an_owner() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let scopes: Scopes = "owner,read".parse().unwrap();
    let refused = keys::create(&db, &organization(), "web", scopes, None).await;
    assert!(matches!(refused, Err(keys::KeysError::OwnerScope)));
}

#[tokio::test]
async fn a_key_is_made_with_the_origins_that_browsers_send() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let given = ["https://Shop.example:443", "https://shop.example"];
    let given = Some(given.map(str::to_owned).to_vec());
    let made = keys::create(
        &db,
        &organization(),
        "web",
        "ingest".parse().unwrap(),
        given,
    )
    .await;
    let (record, _secret) = made.unwrap();
    assert_eq!(
        record.allowed_origins.unwrap(),
        ["https://shop.example".to_owned()]
    );
    for bad in ["https://*.example", "javascript://x", "null"] {
        let given = Some(vec![bad.to_owned()]);
        let scopes = "ingest".parse().unwrap();
        let made = keys::create(&db, &organization(), "web", scopes, given).await;
        let told = made.unwrap_err().to_string();
        assert!(told.contains(bad) && told.contains(": "), "{told}");
    }
}
