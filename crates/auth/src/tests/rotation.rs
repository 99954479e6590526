use super::*;

#[tokio::test]
async fn a_rotated_key_lasts_as_long_as_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let new = keys::NewKey {
        name: "long".to_owned(),
        scopes: [Scope::Read].into_iter().collect(),
        allowed_origins: None,
        expires_at: Some(Timestamp::now().plus(3_600_000).0),
        requests_per_second: None,
    };
    let by = Actor::system();
    let (old, _) = keys::create_as(&db, &by, &organization(), new.clone())
        .await
        .unwrap();
    let rotated = keys::rotate(&db, &by, &organization(), &old.id, Overlap::NONE).await;
    let record = rotated.unwrap().unwrap().key;
    let lasts = |record: &keys::ApiKeyRecord| record.expires_at.unwrap() - record.created_at;
    assert_eq!(lasts(&record), lasts(&old));
    for expires_at in [0, Timestamp::now().0, i64::MAX] {
        let new = keys::NewKey {
            expires_at: Some(expires_at),
            ..new.clone()
        };
        let refused = keys::create_as(&db, &by, &organization(), new).await;
        assert!(matches!(refused, Err(keys::KeysError::Expiry)));
    }
}

#[tokio::test]
async fn a_rotated_key_works_until_the_overlap_ends_and_not_longer_than_before() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let (by, acme) = (Actor::system(), organization());
    let scopes: Scopes = "read".parse().unwrap();
    let (old, secret) = keys::create(&db, &acme, "web", scopes, None).await.unwrap();
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    let grant = verifier.verify(&secret).await.unwrap();
    let started = verifier.sign_in(&secret, &grant, Client::default()).await;
    let (token, _) = started.unwrap();

    let overlap = Overlap::of_seconds(2).unwrap();
    let rotated = keys::rotate(&db, &by, &acme, &old.id, overlap).await;
    let rotated = rotated.unwrap().unwrap();
    let (new, new_secret, told) = (rotated.key, rotated.secret, rotated.old_ends);
    assert_eq!((&new.name, new.expires_at), (&old.name, None));
    verifier.forget(&old.id).await;
    verifier.end_sign_ins(&old.id, told).await.unwrap();
    assert!(verifier.verify(&secret).await.is_ok(), "both work");
    assert!(verifier.verify(&new_secret).await.is_ok(), "both work");
    assert!(verifier.signed_in(&token).await.is_ok(), "it works still");
    let listed = keys::find(&db, &acme, &old.id).await.unwrap().unwrap();
    let ends = listed.expires_at.unwrap();
    assert_eq!(told, Some(Timestamp(ends)));
    assert_eq!(listed.revoked_at, None);

    // Neither a longer nor a shorter overlap changes what was promised.
    for seconds in [3_600, 1] {
        let another = Overlap::of_seconds(seconds).unwrap();
        let again = keys::rotate(&db, &by, &acme, &old.id, another).await;
        assert_eq!(again.unwrap().unwrap().old_ends, told);
        let listed = keys::find(&db, &acme, &old.id).await.unwrap().unwrap();
        assert_eq!(listed.expires_at, Some(ends));
    }
    eventually("the end of the old key", PATIENCE, async || {
        verifier.verify(&secret).await.is_err().then_some(())
    })
    .await;
    assert!(Timestamp::now().0 >= ends, "not earlier");
    assert!(verifier.signed_in(&token).await.is_err());
    assert!(verifier.verify(&new_secret).await.is_ok());
    assert_eq!(Overlap::of_seconds(u64::from(Overlap::MOST) + 1), None);
}

#[tokio::test]
async fn a_rotation_without_overlap_revokes_and_another_organization_has_no_such_key() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let (by, acme) = (Actor::system(), organization());
    let scopes: Scopes = "read".parse().unwrap();
    let (old, secret) = keys::create(&db, &acme, "web", scopes, None).await.unwrap();
    let rival = OrganizationId::new("rival").unwrap();
    let foreign = keys::rotate(&db, &by, &rival, &old.id, Overlap::NONE).await;
    assert!(foreign.unwrap().is_none());
    let done = keys::rotate(&db, &by, &acme, &old.id, Overlap::NONE).await;
    assert_eq!(done.unwrap().unwrap().old_ends, None);
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    assert!(verifier.verify(&secret).await.is_err());
    let again = keys::rotate(&db, &by, &acme, &old.id, Overlap::NONE).await;
    assert!(again.unwrap().is_none(), "it is over");
    assert_eq!(keys::list(&db, &acme).await.unwrap().len(), 2);
}

#[tokio::test]
async fn without_an_overlap_a_rotation_revokes_also_a_key_that_was_rotated_before() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let (by, acme) = (Actor::system(), organization());
    let scopes: Scopes = "read".parse().unwrap();
    let (old, secret) = keys::create(&db, &acme, "web", scopes, None).await.unwrap();
    let overlap = Overlap::of_seconds(3_600).unwrap();
    for overlap in [overlap, Overlap::NONE] {
        let rotated = keys::rotate(&db, &by, &acme, &old.id, overlap).await;
        assert!(rotated.unwrap().is_some());
    }
    let verifier = KeyVerifier::new(db, &AuthConfig::default()).unwrap();
    assert!(verifier.verify(&secret).await.is_err());
}
