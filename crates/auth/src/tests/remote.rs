use super::*;

/// An auth service that counts its calls and can be told to fail.
pub(super) struct FakeAuthService {
    url: String,
    calls: Arc<AtomicUsize>,
    status: Arc<AtomicUsize>,
    pub(super) shutdown: Shutdown,
}

impl FakeAuthService {
    pub(super) fn start() -> Self {
        let (calls, status) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(200)),
        );
        let shutdown = Shutdown::new();
        let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}", listener.address());
        let state = web::Data::new((Arc::clone(&calls), Arc::clone(&status)));
        let app = move || {
            App::new()
                .app_data(state.clone())
                .route("/api/v1/api-keys/verify", web::post().to(Self::verify))
        };
        tokio::spawn(listener.serve(1, app, shutdown.clone()));
        Self {
            url,
            calls,
            status,
            shutdown,
        }
    }

    async fn verify(
        state: web::Data<(Arc<AtomicUsize>, Arc<AtomicUsize>)>,
        request: actix_web::HttpRequest,
        body: web::Json<Value>,
    ) -> HttpResponse {
        state.0.fetch_add(1, Ordering::SeqCst);
        let status = u16::try_from(state.1.load(Ordering::SeqCst)).unwrap();
        assert_eq!(
            request.headers().get("authorization").unwrap(),
            "Bearer service"
        );
        let is_known = body["key"] == "crow_11111111111111111111";
        let key = body["key"].as_str().unwrap();
        match &key[5..9] {
            "4040" => return HttpResponse::NotFound().finish(),
            "long" => {
                let part = web::Bytes::from(vec![b' '; 64 << 10]);
                let parts =
                    futures::stream::repeat_with(move || Ok::<_, actix_web::Error>(part.clone()));
                return HttpResponse::Ok().streaming(parts);
            }
            "echo" => return HttpResponse::Ok().json(json!({ "valid": key })),
            "good" => {
                return HttpResponse::Ok().json(json!({
                    "valid": true, "keyId": "key_2", "organizationId": "acme", "scopes": ["read"],
                    "allowedOrigins": ["null", "https://*.example", "https://Acme.example:443"]
                }));
            }
            _ => {}
        }
        HttpResponse::build(status.try_into().unwrap()).json(json!({
            "valid": is_known, "keyId": "key_1", "organizationId": "acme", "scopes": ["ingest", "later"],
            "allowedOrigins": null
        }))
    }

    pub(super) async fn verifier(&self, folder: &tempfile::TempDir) -> KeyVerifier {
        crow_runtime::install_crypto();
        let config = AuthConfig {
            service_url: self.url.clone(),
            service_api_key: "service".to_owned().into(),
            ..AuthConfig::default()
        };
        KeyVerifier::new(database(folder).await, &config).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auth_service_is_asked_once_and_answers_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let known = key("crow_11111111111111111111");
    for _ in 0..3 {
        assert_eq!(verifier.verify(&known).await.unwrap().key_id, "key_1");
        assert_eq!(
            verifier
                .verify(&key("crow_22222222222222222222"))
                .await
                .unwrap_err(),
            AuthError::Unknown
        );
    }
    assert_eq!(service.calls.load(Ordering::SeqCst), 2);
    verifier.forget("key_1").await;
    verifier.verify(&known).await.unwrap();
    assert_eq!(service.calls.load(Ordering::SeqCst), 3);
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_auth_service_fails_only_what_is_remembered_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let known = key("crow_11111111111111111111");
    verifier.verify(&known).await.unwrap();
    service.status.store(500, Ordering::SeqCst);
    assert!(verifier.verify(&known).await.is_ok());
    let other = verifier.verify(&key("crow_22222222222222222222")).await;
    assert_eq!(other.unwrap_err(), AuthError::Unavailable);
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_looked_up_says_nothing_about_others() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    for number in 0..20 {
        let bad = key(&format!("crow_4040xxxxxxxxxxxxxx{number:02}"));
        let outcome = verifier.verify(&bad).await;
        assert_eq!(outcome.unwrap_err(), AuthError::Unavailable);
        // Each of these keys is looked up for the first time.
        let good = key(&format!("crow_goodxxxxxxxxxxxxxx{number:02}"));
        assert_eq!(verifier.verify(&good).await.unwrap().key_id, "key_2");
    }
    let calls = service.calls.load(Ordering::SeqCst);
    let again = verifier.verify(&key("crow_4040xxxxxxxxxxxxxx19")).await;
    assert_eq!(again.unwrap_err(), AuthError::Unavailable);
    assert_eq!(service.calls.load(Ordering::SeqCst), calls, "it rests");
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_answer_of_the_auth_service_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let began = std::time::Instant::now();
    let outcome = verifier.verify(&key("crow_longxxxxxxxxxxxxxxxx")).await;
    assert_eq!(outcome.unwrap_err(), AuthError::Unavailable);
    assert!(
        began.elapsed() < std::time::Duration::from_secs(2),
        "not by the deadline"
    );
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_auth_service_is_never_in_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    crow_runtime::install_crypto();
    let _verifier = service.verifier(&folder).await;
    let config = AuthConfig {
        service_url: service.url.clone(),
        service_api_key: "service".to_owned().into(),
        ..AuthConfig::default()
    };
    let remote = crate::remote::RemoteVerifier::new(&config).unwrap();
    let error = remote.verify(&key("crow_echoxxxxxxxxxxxxxxxx")).await;
    let told = crow_types::log_chain(&error.unwrap_err());
    assert!(!told.contains("echo"), "{told}");
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn origins_of_the_auth_service_are_normalised_and_bad_ones_allow_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let grant = verifier.verify(&key("crow_goodxxxxxxxxxxxxxxxx")).await;
    let grant = grant.unwrap();
    assert!(grant.allows_origin(Some("https://acme.example")));
    assert!(!grant.allows_origin(Some("null")));
    assert!(!grant.allows_origin(Some("https://a.example")));
    service.shutdown.start();
}
