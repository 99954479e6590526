use super::*;

fn organization() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

fn recorded(rate: f64, sessions: u32) -> u32 {
    let recording = RecordingSettings {
        sample_rate: rate,
        ..RecordingSettings::default()
    };
    let takes = |number: &u32| {
        let session = SessionId::new(format!("session-{number}")).unwrap();
        recording.takes(&organization(), &session)
    };
    u32::try_from((0..sessions).filter(takes).count()).unwrap()
}

#[test]
fn the_share_of_recorded_sessions_is_the_rate() {
    assert_eq!(recorded(1.0, 1_000), 1_000);
    assert_eq!(recorded(0.0, 1_000), 0);
    let half = recorded(0.5, 10_000);
    assert!((4_700..5_300).contains(&half), "{half}");
    let few = recorded(0.01, 10_000);
    assert!((50..160).contains(&few), "{few}");
}

#[test]
fn a_session_that_a_low_rate_takes_is_also_taken_by_a_higher_one() {
    for number in 0..1_000 {
        let session = SessionId::new(format!("s-{number}")).unwrap();
        let takes = |sample_rate| {
            RecordingSettings {
                sample_rate,
                ..RecordingSettings::default()
            }
            .takes(&organization(), &session)
        };
        assert!(!takes(0.2) || takes(0.6), "{session}");
    }
}

#[test]
fn an_id_of_the_sdk_decides_by_the_digits_that_the_sdk_uses() {
    let takes = |digits: &str, sample_rate| {
        let id = format!("019a9f3c-1d2e-7abc-8def-{digits}ffffff");
        let recording = RecordingSettings {
            sample_rate,
            ..RecordingSettings::default()
        };
        recording.takes(&organization(), &SessionId::new(id).unwrap())
    };
    assert!(takes("000000", 0.000_001) && takes("7fffff", 0.5) && takes("fffffe", 0.999_999_9));
    assert!(!takes("800000", 0.5) && !takes("ffffff", 0.99) && !takes("000000", 0.0));
}

#[test]
fn without_recording_no_session_is_taken() {
    let recording = RecordingSettings {
        enabled: false,
        ..RecordingSettings::default()
    };
    assert!(!recording.takes(&organization(), &SessionId::new("s").unwrap()));
}

#[test]
fn a_document_of_another_release_is_read() {
    let text = r#"{"recording":{"enabled":false,"later":1},"future":[]}"#;
    let settings: OrganizationSettings = serde_json::from_str(text).unwrap();
    assert!(!settings.recording.enabled);
    assert!((settings.recording.sample_rate - 1.0).abs() < f64::EPSILON);
    assert_eq!(settings.consent_signals, SignalPolicy::Anonymous);
    assert_eq!(settings.ip_address, AddressPolicy::Keep);
    assert!(!settings.scrubbing.is_on());
}

#[test]
fn console_and_network_are_as_before_until_they_are_limited() {
    let read = |recording: &str| {
        let text = format!(r#"{{"recording":{recording}}}"#);
        let settings: OrganizationSettings = serde_json::from_str(&text).unwrap();
        assert_eq!(settings.check(), Ok(()), "{recording}");
        settings.recording
    };
    // As an earlier release has stored them.
    assert_eq!(read(r#"{"enabled":true,"sampleRate":0.5}"#).limits(), None);
    let same = r#"{"console":{"enabled":true,"maxPerMinute":null},"network":{"bodies":true}}"#;
    assert_eq!(read(same).limits(), None);

    let told = |recording: &str| serde_json::to_string(&read(recording).limits()).unwrap();
    assert_eq!(
        told(r#"{"console":{"maxPerMinute":60}}"#),
        r#"{"console":60,"headers":true,"bodies":true}"#
    );
    assert_eq!(
        told(r#"{"console":{"enabled":false,"maxPerMinute":60},"network":{"headers":false}}"#),
        r#"{"console":0,"headers":false,"bodies":true}"#
    );
    assert_eq!(
        told(r#"{"network":{"enabled":false,"bodies":false}}"#),
        r#"{"network":0,"headers":true,"bodies":false}"#
    );
}

#[test]
fn pages_have_the_words_of_their_addresses() {
    let read = |text: &str| -> OrganizationSettings { serde_json::from_str(text).unwrap() };
    assert_eq!(read("{}").marketing_pages, None);
    let none = read(r#"{"marketingPages":[]}"#).marketing_pages;
    assert_eq!(none, Some(BTreeSet::new()));
    let words = DashboardPage::ALL.map(DashboardPage::as_str);
    let all = serde_json::to_string(&DashboardPage::ALL).unwrap();
    assert_eq!(all, format!("{words:?}").replace(", ", ","));
    let listed = read(&format!(r#"{{"marketingPages":{all}}}"#)).marketing_pages;
    assert_eq!(listed, Some(BTreeSet::from(DashboardPage::ALL)));
}

#[test]
fn a_value_out_of_range_is_named() {
    type Change = fn(&mut OrganizationSettings);
    let cases: [(&str, Change); 14] = [
        ("recording.sampleRate", |it| it.recording.sample_rate = 1.1),
        ("recording.sampleRate", |it| {
            it.recording.sample_rate = f64::NAN;
        }),
        ("recording.console.maxPerMinute", |it| {
            it.recording.console.max_per_minute = Some(0);
        }),
        ("recording.network.maxPerMinute", |it| {
            it.recording.network.max_per_minute = Some(10_001);
        }),
        ("retention.recordingsDays", |it| {
            it.retention.recordings_days = Some(0);
        }),
        ("retention.eventsDays", |it| {
            it.retention.recordings_days = Some(30);
            it.retention.events_days = Some(29);
        }),
        ("retention.sessionsDays", |it| {
            it.retention.recordings_days = Some(30);
            it.retention.sessions_days = Some(29);
        }),
        ("retention.sessionsDays", |it| {
            it.retention.sessions_days = Some(0);
        }),
        ("retention.sessionsDays", |it| {
            it.retention.sessions_days = Some(3_651);
        }),
        ("scrubbing.queryParameters", |it| {
            it.scrubbing.query_parameters = vec!["n".to_owned(); 51];
        }),
        ("scrubbing.queryParameters", |it| {
            it.scrubbing.query_parameters = vec!["a&b".to_owned()];
        }),
        ("scrubbing.queryParameters", |it| {
            it.scrubbing.query_parameters = vec![String::new()];
        }),
        ("assetHosts", |it| {
            it.asset_hosts = vec!["https://cdn.example".to_owned()];
        }),
        ("assetHosts", |it| {
            it.asset_hosts = vec!["CDN.example".to_owned()];
        }),
    ];
    for (field, change) in cases {
        let mut settings = OrganizationSettings::default();
        assert_eq!(settings.check(), Ok(()));
        change(&mut settings);
        assert_eq!(settings.check().unwrap_err().field, field);
    }
}

#[test]
fn the_link_of_a_trace_is_an_address_with_its_id() {
    let check = |link: &str| {
        let settings = OrganizationSettings {
            trace_link: Some(link.to_owned()),
            ..OrganizationSettings::default()
        };
        settings.check().map_err(|error| error.field)
    };
    for link in [
        "https://traces.example/trace/{traceId}",
        "http://localhost:16686/?id={traceId}&x=1",
        "https://g.example/explore#t={traceId}",
    ] {
        assert_eq!(check(link), Ok(()), "{link}");
    }
    for link in [
        "",
        "https://traces.example/trace",
        "https://{traceId}.example/",
        "https://traces.example:1{traceId}/",
        "https://{traceId}@traces.example/",
        "https://me:secret@traces.example/{traceId}",
        "javascript:alert('{traceId}')",
        "/trace/{traceId}",
        &format!("https://traces.example/{{traceId}}{}", "x".repeat(1_000)),
    ] {
        assert_eq!(check(link), Err("traceLink"), "{link}");
    }
}

#[test]
fn assets_come_from_the_named_hosts_only() {
    let mut settings = OrganizationSettings::default();
    assert!(settings.takes_asset("https://any.example/a.png"));
    settings.asset_hosts = vec!["cdn.example".to_owned(), "[::1]".to_owned()];
    assert_eq!(settings.check(), Ok(()));
    assert!(settings.takes_asset("https://cdn.example:8443/a.png"));
    assert!(settings.takes_asset("http://[::1]/a.png"));
    assert!(!settings.takes_asset("https://evil.example/cdn.example"));
    assert!(!settings.takes_asset("https://cdn.example.evil.example/"));
    assert!(!settings.takes_asset("nonsense"));
}

#[test]
fn rules_of_issues_are_bounded() {
    let rule = |fingerprint: &str| IssueRule {
        message: Some("Loading chunk * failed".to_owned()),
        fingerprint: fingerprint.to_owned(),
        ..IssueRule::default()
    };
    let problem = |rules: Vec<IssueRule>| {
        let settings = OrganizationSettings {
            issue_rules: rules,
            ..OrganizationSettings::default()
        };
        settings.check().err().map(|error| error.to_string())
    };
    let of_message = |message: &str| IssueRule {
        message: Some(message.to_owned()),
        ..rule("a")
    };
    let of_type = |bytes: usize| IssueRule {
        r#type: Some(format!("*{}*", "a".repeat(bytes))),
        ..rule("a")
    };
    assert_eq!(problem(vec![of_type(64)]), None);
    for fine in ["default", "chunk", "{type} in {file} {", "}{default}", "ä{"] {
        assert_eq!(problem(vec![rule(fine); 50]), None, "{fine}");
    }
    for (rules, expected) in [
        (vec![rule("a"); 51], "issueRules: must be at most 50 rules"),
        (
            vec![rule("a"), rule(" ")],
            "issueRules: rule 2 `fingerprint`",
        ),
        (vec![rule("a\nb")], "rule 1 `fingerprint` must be one line"),
        (vec![rule("{typ}")], "unknown placeholder {typ}"),
        (vec![rule(&"ä".repeat(101))], "of 1 to 200 bytes"),
        (vec![of_message("")], "`message` must be one line"),
        (vec![of_message(&"*".repeat(9))], "at most 8 `*`"),
        (vec![of_type(65)], "`type` must have at most 64 bytes"),
        (
            vec![IssueRule {
                fingerprint: "a".to_owned(),
                ..IssueRule::default()
            }],
            "rule 1 needs a condition",
        ),
    ] {
        let found = problem(rules).unwrap_or_default();
        assert!(found.contains(expected), "{found} instead of {expected}");
    }
    use issue_rules::{Part, parts};
    let of = |text| parts(text).collect::<Vec<_>>();
    assert_eq!(
        of("a{type}{ {file}}"),
        [
            Part::Text("a"),
            Part::Placeholder("type"),
            Part::Text("{ "),
            Part::Placeholder("file"),
            Part::Text("}"),
        ]
    );
}
