use super::*;

#[tokio::test]
async fn a_key_with_a_limit_of_its_own_has_it_also_after_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let new = |rate| keys::NewKey {
        name: "partner".to_owned(),
        scopes: [Scope::Read].into_iter().collect(),
        allowed_origins: None,
        expires_at: None,
        requests_per_second: KeyRate::new(rate),
    };
    let (by, acme) = (Actor::system(), organization());
    let slow = keys::create_as(&db, &by, &acme, new(1)).await.unwrap();
    let (_, free) = keys::create_as(&db, &by, &acme, new(0)).await.unwrap();
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    let refusals = async |key: &ApiKeySecret| {
        let mut refused = 0;
        for _ in 0..50 {
            match verifier.admit(key).await {
                Err(AuthError::RateLimited(seconds)) => {
                    assert!((1..=2).contains(&seconds), "{seconds}");
                    refused += 1;
                }
                outcome => drop(outcome.unwrap()),
            }
        }
        refused
    };
    assert!(refusals(&slow.1).await >= 30);
    assert!(
        verifier.verify(&slow.1).await.is_ok(),
        "only requests count"
    );
    assert_eq!(refusals(&free).await, 0, "another key");
    let rotated = keys::rotate(&db, &by, &acme, &slow.0.id, Overlap::NONE).await;
    let record = rotated.unwrap().unwrap().key;
    assert_eq!(record.requests_per_second, KeyRate::new(1));
    assert_eq!(KeyRate::new(KeyRate::MOST + 1), None);
}
