use super::*;

fn sent() -> Notification {
    let news = News::KeyExpires {
        key: "key_1",
        at: Timestamp(900),
        days: 7,
    };
    Notification::new("acme", Audience::Admins, &news, Timestamp(5))
}

fn bytes(notification: &Notification) -> Vec<u8> {
    serde_json::to_vec(notification).unwrap()
}

#[test]
fn a_notification_comes_back_as_it_was() {
    let for_user = Notification {
        audience: Audience::User("usr_1".to_owned()),
        ..sent()
    };
    for notification in [sent(), for_user] {
        let read = Notification::read(&bytes(&notification)).unwrap();
        assert_eq!(read, notification);
    }
    assert_eq!(sent().id, "key-key_1-900-7d");
}

#[test]
fn a_kind_of_a_newer_release_is_kept() {
    let newer =
        r#"{"id":"x-1","organizationId":"acme","audience":"admins","kind":"new","at":5,"more":1}"#;
    assert_eq!(Notification::read(newer.as_bytes()).unwrap().kind, "new");
}

#[test]
fn dead_letters_are_told_of_once_a_day() {
    let on = |at| Notification::new("acme", Audience::Admins, &News::DeadLetters, Timestamp(at)).id;
    assert_eq!(on(DAY_MS), on(2 * DAY_MS - 1));
    assert_ne!(on(DAY_MS), on(2 * DAY_MS));
}

#[test]
fn what_is_too_large_or_of_no_organization_is_refused() {
    let long = "x".repeat(MAX_TEXT + 1);
    let many = (0..=MAX_FIELDS).map(|number| (number.to_string(), "x".to_owned()));
    let wrong = [
        Notification {
            id: long.clone(),
            ..sent()
        },
        Notification {
            id: String::new(),
            ..sent()
        },
        Notification {
            kind: long.clone(),
            ..sent()
        },
        Notification {
            organization_id: "a b".to_owned(),
            ..sent()
        },
        Notification {
            fields: [("a".to_owned(), long)].into(),
            ..sent()
        },
        Notification {
            fields: many.collect(),
            ..sent()
        },
        Notification {
            id: "x".repeat(MAX_BYTES),
            ..sent()
        },
    ];
    for notification in wrong {
        let read = Notification::read(&bytes(&notification));
        assert!(read.is_err(), "{notification:?}");
    }
    assert!(Notification::read(b"{}").is_err());
}
