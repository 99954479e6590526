use super::*;

#[actix_web::test]
async fn the_whole_path_of_a_new_organization() {
    let world = World::new().await;
    let token = world.accounts.first_link().await.unwrap().unwrap();
    let mut ann = Browser::new(&world);
    let shown = ann
        .change(
            Method::POST,
            "/auth/invitation",
            Some(json!({ "token": token })),
        )
        .await;
    assert_eq!(shown.0, 200);
    assert_eq!(
        (&shown.1["purpose"], &shown.1["organizationId"]),
        (&json!("join"), &Value::Null)
    );
    let accept = json!({
        "token": token, "password": "a long password", "name": "Ann",
        "email": "Ann@Acme.example", "organizationId": "acme",
    });
    let view = ann.begin("/auth/invitation/accept", accept.clone()).await;
    assert_eq!(view["scopes"], json!(["admin", "owner"]));
    assert_eq!(view["user"]["email"], "ann@acme.example");
    let again = Browser::new(&world);
    let again = again
        .change(Method::POST, "/auth/invitation/accept", Some(accept))
        .await;
    assert_eq!(again.0, 404, "a link works once");

    let wanted = json!({ "email": "bob@acme.example", "role": "member" });
    let (status, made) = ann
        .change(Method::POST, "/admin/acme/invitations", Some(wanted))
        .await;
    assert_eq!(status, 201, "{made}");
    let (_, listed) = ann.get("/admin/acme/invitations").await;
    assert_eq!(listed["invitations"][0]["id"], made["id"]);
    assert!(listed["invitations"][0].get("token").is_none());
    let mut bob = Browser::new(&world);
    let accept = json!({ "token": made["token"], "password": "another password", "name": "Bob" });
    let view = bob.begin("/auth/invitation/accept", accept).await;
    assert_eq!(
        (&view["role"], &view["organizationId"]),
        (&json!("member"), &json!("acme"))
    );
    assert_eq!(bob.get("/sessions/acme").await.0, 200);
    assert_eq!(bob.get("/admin/acme/users").await.0, 403);

    let (_, users) = ann.get("/admin/acme/users").await;
    let id = users["users"][1]["id"].as_str().unwrap();
    let path = format!("/admin/acme/users/{id}");
    let disabled = ann
        .change(Method::PUT, &path, Some(json!({ "isDisabled": true })))
        .await;
    assert!(disabled.1["disabledAt"].is_i64(), "{disabled:?}");
    assert_eq!(bob.get("/sessions/acme").await.0, 401, "at once");

    let (_, log) = ann.get("/admin/acme/audit?limit=3").await;
    let actions = |log: &Value| -> Vec<String> {
        let entries = log["entries"].as_array().unwrap().iter();
        let action = entries.map(|entry| entry["action"].as_str().unwrap().to_owned());
        action.collect()
    };
    let mut all = actions(&log);
    assert_eq!(log["entries"][0]["address"], "10.0.0.7");
    let next = log["nextCursor"].as_str().unwrap();
    let (_, rest) = ann.get(&format!("/admin/acme/audit?cursor={next}")).await;
    all.extend(actions(&rest));
    assert_eq!(
        all,
        [
            "user.disabled",
            "sign_in.password",
            "user.created",
            "invitation.created",
            "sign_in.password",
            "user.created",
        ]
    );
    let csv = ann.text("/admin/acme/audit/export?format=csv").await;
    assert!(csv.starts_with("id,sequence,at,"), "{csv}");
    assert_eq!(csv.lines().count(), 8, "with its own entry");
    let lines = ann.text("/admin/acme/audit/export?action=user").await;
    assert_eq!(lines.lines().count(), 3);
    let wrong = ann.get("/admin/acme/audit/export?format=xml").await;
    assert_eq!(wrong.0, 400);
}
