use super::*;

#[tokio::test]
async fn a_key_and_its_sign_ins_end_when_it_expires_though_it_is_cached() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let ends = Timestamp::now().plus(1_500).0;
    let new = keys::NewKey {
        name: "short".to_owned(),
        scopes: [Scope::Read].into_iter().collect(),
        allowed_origins: None,
        expires_at: Some(ends),
        requests_per_second: None,
    };
    let made = keys::create_as(&db, &Actor::system(), &organization(), new).await;
    let (record, secret) = made.unwrap();
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    let grant = verifier.verify(&secret).await.unwrap();
    let started = verifier.sign_in(&secret, &grant, Client::default()).await;
    let (token, sign_in) = started.unwrap();
    assert_eq!(sign_in.expires_at, ends, "not twelve hours");
    assert!(verifier.signed_in(&token).await.is_ok());

    eventually("the end of the key", PATIENCE, async || {
        verifier.verify(&secret).await.is_err().then_some(())
    })
    .await;
    assert!(Timestamp::now().0 >= ends, "not earlier");
    assert!(verifier.signed_in(&token).await.is_err());
    assert_eq!(record.state(Timestamp::now()), "expired");
    let rotated = keys::rotate(
        &db,
        &Actor::system(),
        &organization(),
        &record.id,
        Overlap::NONE,
    )
    .await;
    assert!(rotated.unwrap().is_none(), "it is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_an_auth_service_a_rotation_lets_sign_ins_last_until_the_old_key_ends() {
    let folder = tempfile::tempdir().unwrap();
    let service = remote::FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let secret = key("crow_goodxxxxxxxxxxxxxxxx");
    let grant = verifier.verify(&secret).await.unwrap();
    let started = verifier.sign_in(&secret, &grant, Client::default()).await;
    let (token, before) = started.unwrap();

    let ends = Timestamp::now().plus(1_500);
    let later = Timestamp(before.expires_at).plus(1);
    for until in [later, ends, later] {
        let told = verifier.end_sign_ins(&grant.key_id, Some(until)).await;
        told.unwrap();
        assert!(verifier.signed_in(&token).await.is_ok(), "{until:?}");
    }
    let sign_in = verifier.signed_in(&token).await.unwrap();
    assert_eq!(sign_in.expires_at, ends.0, "it never lasts longer");
    eventually("the end of the sign-in", PATIENCE, async || {
        verifier.signed_in(&token).await.is_err().then_some(())
    })
    .await;
    assert!(Timestamp::now() >= ends, "not earlier");

    let started = verifier.sign_in(&secret, &grant, Client::default()).await;
    let (token, _) = started.unwrap();
    let revoked = verifier.end_sign_ins(&grant.key_id, None).await;
    revoked.unwrap();
    assert!(verifier.signed_in(&token).await.is_err(), "revoked");
    service.shutdown.start();
}
