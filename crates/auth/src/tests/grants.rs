use super::*;

#[test]
fn both_system_secrets_are_accepted_and_short_ones_are_refused() {
    let config = |text: &str| serde_json::from_str::<AuthConfig>(text).unwrap();
    let (one, two) = ("a".repeat(32), "b".repeat(40));
    let text = format!(r#"{{"system_secret":"{one}","previous_system_secret":"{two}"}}"#);
    let both = SharedSecret::of_system(&config(&text)).unwrap();
    assert!(both.is_one(&one) && both.is_one(&two));
    assert!(!both.is_one("") && !both.is_one(&one[1..]));
    let none = SharedSecret::of_system(&AuthConfig::default()).unwrap();
    assert!(!none.is_set() && !none.is_one(""));
    assert!(config(r#"{"system_secret":"short"}"#).check().is_err());
}

#[test]
fn roles_are_sets_of_scopes_that_include_narrower_ones() {
    let all = [
        Scope::Ingest,
        Scope::Analytics,
        Scope::Read,
        Scope::Admin,
        Scope::Owner,
    ];
    for (role, allowed) in [
        (Role::Owner, &all[..]),
        (Role::Admin, &all[..4]),
        (Role::Member, &all[1..3]),
        (Role::Marketing, &all[1..2]),
    ] {
        for scope in all {
            let is_allowed = role.scopes().allow(scope);
            assert_eq!(is_allowed, allowed.contains(&scope), "{role} {scope}");
        }
        assert_eq!(role.as_str().parse(), Ok(role));
    }
    assert!("root".parse::<Role>().is_err());
}

#[test]
fn admin_allows_everything_but_owning_and_scopes_read_back_as_written() {
    let scopes: Scopes = "admin, ingest".parse().unwrap();
    let refused: Vec<Scope> = Scope::ALL
        .into_iter()
        .filter(|scope| !scopes.allow(*scope))
        .collect();
    assert_eq!(refused, [Scope::Owner]);
    assert_eq!(scopes.to_string(), "ingest,admin");
    assert!("ingest,write".parse::<Scopes>().is_err());
}

#[test]
fn a_key_is_found_in_either_header_and_a_broken_one_is_an_error() {
    let text = "crow_00000000000000000000";
    let found = |name: &'static str, value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
        key_from_headers(&headers)
            .map(|key| key.map(|key| key.expose().to_owned()))
            .map_err(|error| error.code.as_str())
    };
    assert_eq!(
        found("authorization", &format!("bearer {text}")),
        Ok(Some(text.to_owned()))
    );
    assert_eq!(found("x-api-key", text), Ok(Some(text.to_owned())));
    assert_eq!(found("accept", text), Ok(None));
    for (name, value) in [
        ("authorization", text),
        ("authorization", "Basic eDp5"),
        ("x-api-key", "crow_short"),
    ] {
        assert_eq!(found(name, value), Err("unauthenticated"));
    }
}

#[test]
fn the_configuration_is_checked_and_its_secret_is_not_shown() {
    let config = |text: &str| serde_json::from_str::<AuthConfig>(text).unwrap();
    assert!(config(r#"{"cache_seconds":59}"#).check().is_err());
    assert!(config(r#"{"service_url":"auth.example"}"#).check().is_err());
    assert!(
        config(r#"{"service_url":"https://auth.example"}"#)
            .check()
            .is_err()
    );
    let good = config(r#"{"service_url":"https://auth.example","service_api_key":"s3cret"}"#);
    assert!(good.check().is_ok());
    assert!(!format!("{good:?}{}", serde_json::to_string(&good).unwrap()).contains("s3cret"));
}
