//! What is only shown is cut or left out, and the batch is taken.

use super::*;

#[test]
fn what_is_only_shown_costs_nothing() {
    let long = "x".repeat(9_000);
    let deep = nested(100);
    let large = json!({ "a": "y".repeat(70_000) });
    #[rustfmt::skip] // A row is a line.
    let cases = [
        ("context", json!(null), "", "null"),
        ("context", json!([]), "invalid_type", "null"),
        ("context", json!("x"), "invalid_type", "null"),
        ("context", deep.clone(), "invalid_type", "null"),
        ("context.url", json!(true), "invalid_type", ""),
        ("context.url", json!(long), "too_long", &long[..8_192]),
        ("context.referrer", json!({}), "invalid_type", ""),
        ("context.title", json!(5), "invalid_type", "5"),
        ("context.title", json!("a\u{0}b"), "invalid_characters", "ab"),
        ("context.title", deep.clone(), "invalid_type", ""),
        ("context.title", json!("t".repeat(2_000)), "too_long", &"t".repeat(1_024)),
        ("context.viewport", json!([null, null]), "invalid_type", "0x0"),
        ("context.viewport", json!([1]), "invalid_type", "0x0"),
        ("context.viewport", json!(["1", "2"]), "invalid_type", "0x0"),
        ("context.viewport", json!([-1, 2]), "out_of_range", "0x0"),
        ("context.viewport", json!([1e300, 2]), "out_of_range", "0x0"),
        ("context.screen", json!({"width": 1}), "invalid_type", "0x0"),
        ("context.locale", json!(["de-DE", "en"]), "invalid_type", "de-DE"),
        ("context.locale", json!([null]), "invalid_type", ""),
        ("context.timezone", json!(-60), "invalid_type", "-60"),
        ("context.userId", json!("ada@example.com\n"), "invalid_characters", "ada@example.com"),
        ("context.userId", json!(42), "invalid_type", "42"),
        ("context.userId", json!(1.5), "invalid_type", ""),
        ("context.userId", json!("a\u{fffd}"), "invalid_characters", ""),
        ("context.visitorId", json!([]), "invalid_type", ""),
        ("context.visitorId", json!("v-1"), "", "v-1"),
        ("context.traits", json!([]), "invalid_type", ""),
        ("context.traits", json!("x"), "invalid_type", ""),
        ("context.traits", large.clone(), "too_long", ""),
        ("context.traits", json!({ "a": deep }), "too_deep", ""),
        ("context.traits", json!({"plan": "pro"}), "", r#"{"plan":"pro"}"#),
        ("sdk", json!("x"), "invalid_type", "null"),
        ("sdk.version", json!(1), "invalid_type", "1"),
        ("sdk.platform", json!(["web"]), "invalid_type", ""),
        ("exitContext", json!([]), "invalid_type", ""),
        ("exitContext", large, "too_long", ""),
        ("sentAt", json!("now"), "invalid_type", "null"),
        ("sentAt", json!(1e300), "out_of_range", "null"),
        ("sentAt", json!(-5), "", "-5"),
        ("page", json!("gone"), "invalid_type", "0"),
        ("page", json!("closed"), "", "2"),
    ];
    for (field, value, code, expected) in cases {
        let mut body = json!({});
        match field.split_once('.') {
            Some((object, member)) => body[object] = json!({ member: value }),
            None => body[field] = value,
        }
        let (batch, notes) = head_of_envelope(&envelope(&body)).unwrap();
        let noted = (!code.is_empty()).then(|| (field.to_owned(), code));
        assert_eq!(notes, Vec::from_iter(noted), "{body}");
        assert_eq!(taken(&batch, field), expected, "{body}");
    }
}

/// The value in the batch for a field.
fn taken(batch: &Batch, field: &str) -> String {
    let (context, client) = (
        batch.context.clone().unwrap(),
        batch.client.clone().unwrap(),
    );
    let text = |bytes: &Bytes| String::from_utf8(bytes.to_vec()).unwrap();
    match field {
        "context.url" => context.url,
        "context.referrer" => context.referrer,
        "context.title" => context.title,
        "context.viewport" => format!("{}x{}", context.viewport_width, context.viewport_height),
        "context.screen" => format!("{}x{}", context.screen_width, context.screen_height),
        "context.locale" => context.locale,
        "context.timezone" => context.timezone,
        "context.userId" => context.user_id,
        "context.visitorId" => context.visitor_id,
        "context.traits" => text(&context.traits),
        "sdk.version" => client.sdk_version,
        "sdk.platform" => client.platform,
        "exitContext" => text(&batch.exit_context),
        "sentAt" => batch.sent_at.map_or("null".to_owned(), |at| at.to_string()),
        "page" => batch.page.to_string(),
        _ => "null".to_owned(),
    }
}
