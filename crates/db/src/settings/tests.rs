use super::*;
use crate::tests::{Database, on_both};

on_both!(
    settings_are_the_defaults_until_they_are_changed,
    a_change_of_an_older_version_is_refused,
    of_two_first_changes_one_wins,
    organizations_are_separate,
    an_unknown_value_is_no_default,
    rules_that_cannot_be_read_leave_others_alone,
);

fn organization(name: &str) -> OrganizationId {
    OrganizationId::new(name).unwrap()
}

fn recording(enabled: bool) -> OrganizationSettings {
    let mut settings = OrganizationSettings::default();
    settings.recording.enabled = enabled;
    settings
}

async fn put(
    database: &Database,
    name: &str,
    settings: &OrganizationSettings,
    from_version: i64,
) -> Option<StoredSettings> {
    let change = Change {
        organization: &organization(name),
        settings,
        from_version,
        by: &crate::audit_log::Actor::system_named("key-1"),
        at: Timestamp(7),
    };
    super::change(&database.db, change).await.unwrap()
}

async fn audited(database: &Database) -> i64 {
    let sql = "select count(*) from audit_log where action = 'settings.changed'";
    let [count] = database.numbers(sql).await;
    count
}

async fn settings_are_the_defaults_until_they_are_changed(database: Database) {
    let acme = organization("acme");
    let before = read(&database.db, &acme).await.unwrap();
    assert_eq!(before, StoredSettings::untouched());

    let changed = put(&database, "acme", &recording(false), 0).await.unwrap();
    assert_eq!((changed.version, changed.updated_at), (1, 7));
    assert_eq!(read(&database.db, &acme).await.unwrap(), changed);
    assert_eq!(changed.settings, recording(false));
    assert_eq!(audited(&database).await, 1);
}

async fn a_change_of_an_older_version_is_refused(database: Database) {
    put(&database, "acme", &recording(false), 0).await.unwrap();
    let second = put(&database, "acme", &recording(true), 1).await.unwrap();
    assert_eq!(second.version, 2);

    for stale in [0, 1, 3] {
        assert_eq!(put(&database, "acme", &recording(false), stale).await, None);
    }
    let kept = read(&database.db, &organization("acme")).await.unwrap();
    assert_eq!(kept, second);
    assert_eq!(audited(&database).await, 2);
}

async fn of_two_first_changes_one_wins(database: Database) {
    let (on, off) = (recording(true), recording(false));
    let (one, two) = tokio::join!(
        put(&database, "acme", &on, 0),
        put(&database, "acme", &off, 0)
    );
    assert_eq!(one.is_some(), two.is_none());
    assert_eq!(audited(&database).await, 1);
}

async fn organizations_are_separate(database: Database) {
    put(&database, "acme", &recording(false), 0).await.unwrap();
    let other = read(&database.db, &organization("rival")).await.unwrap();
    assert_eq!(other, StoredSettings::untouched());
    assert_eq!(put(&database, "rival", &recording(true), 1).await, None);
}

async fn an_unknown_value_is_no_default(database: Database) {
    database
        .execute(
            "insert into organization_settings values \
             ('acme', '{\"ipAddress\":\"hash\"}', 4, 1, 'key-1')",
        )
        .await;
    let refused = read(&database.db, &organization("acme")).await;
    assert!(matches!(refused, Err(Error::Unreadable(_))), "{refused:?}");
}

async fn rules_that_cannot_be_read_leave_others_alone(database: Database) {
    let rule = IssueRule {
        release: Some("0.*".to_owned()),
        fingerprint: "old".to_owned(),
        ..IssueRule::default()
    };
    let settings = OrganizationSettings {
        issue_rules: vec![rule.clone()],
        ..OrganizationSettings::default()
    };
    put(&database, "acme", &settings, 0).await.unwrap();
    put(&database, "rival", &settings, 0).await.unwrap();
    database
        .execute(
            "update organization_settings set settings = replace(settings, '[{', '[{\"isHandled\":3,') \
             where organization_id = 'rival'",
        )
        .await;
    let found = issue_rules(&database.db).await.unwrap();
    assert_eq!(
        found.rules,
        HashMap::from([("acme".to_owned(), vec![rule])])
    );
    let [(organization, error)] = found.unreadable.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(organization, "rival");
    assert!(matches!(error, Error::Unreadable(_)), "{error:?}");
}
