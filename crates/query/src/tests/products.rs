//! The catalogue over REST.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::fixture::World;
use super::interactions::{add, add_about};
use super::signed_in::Browser;
use super::walk::browser;

const ALL: &str = "/api/v1/products/organization/acme";

fn lamp() -> Value {
    json!({
        "id": "brass/lamp", "sku": "L-1", "name": "Brass lamp", "description": "Warm\nand bright", "category": "Lamps", "priceMinor": 12_900,
        "currency": "eur", "url": "https://shop.example/Lamp/", "imageUrl": "https://shop.example/l.jpg",
    })
}

async fn send(by: &Browser<'_>, method: Method, path: &str, body: Value) -> (u16, Value) {
    by.change(method, path, Some(body)).await
}

fn ids(list: &Value) -> Vec<&str> {
    let products = list["products"].as_array().unwrap().iter();
    products.map(|it| it["id"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn products_are_created_listed_replaced_and_removed() {
    let world = World::new().await;
    let admin = browser(&world, "user admin").await;
    let (status, made) = send(&admin, Method::POST, ALL, lamp()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        (&made["path"], &made["currency"], &made["priceMinor"]),
        (&json!("/lamp"), &json!("EUR"), &json!(12_900))
    );
    assert_eq!(made["description"], "Warm and bright");
    let (_, found) = admin.get(&format!("{ALL}?q=bright")).await;
    assert_eq!(ids(&found), ["brass/lamp"]);
    let (status, answer) = send(&admin, Method::POST, ALL, lamp()).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (409, &json!("conflict"))
    );
    let kettle = json!({"name": "Kettle", "sku": "K-1"});
    let (_, kettle) = send(&admin, Method::POST, ALL, kettle).await;
    assert_eq!(kettle["id"], "K-1");
    let (_, nameless) = send(&admin, Method::POST, ALL, json!({"name": "Cup"})).await;
    assert!(!nameless["id"].as_str().unwrap().is_empty());

    let (_, page) = admin.get(&format!("{ALL}?limit=2")).await;
    assert_eq!(ids(&page)[0], "brass/lamp");
    let cursor = page["nextCursor"].as_str().unwrap();
    let (_, page) = admin.get(&format!("{ALL}?limit=2&cursor={cursor}")).await;
    assert_eq!(
        (ids(&page), &page["nextCursor"]),
        (vec!["K-1"], &Value::Null)
    );
    let (_, found) = admin
        .get(&format!("{ALL}?q=LAMP%20l-1&category=Lamps"))
        .await;
    assert_eq!(ids(&found), ["brass/lamp"]);

    let one = format!("{ALL}/brass%2Flamp");
    assert_eq!(admin.get(&one).await.1["name"], "Brass lamp");
    let (status, changed) = send(&admin, Method::PUT, &one, json!({"name": "Lamp"})).await;
    assert_eq!(
        (status, &changed["sku"], &changed["createdAt"]),
        (200, &Value::Null, &made["createdAt"])
    );
    let taken = json!({"name": "Lamp", "sku": "K-1"});
    assert_eq!(send(&admin, Method::PUT, &one, taken).await.0, 409);
    assert_eq!(
        send(
            &admin,
            Method::PUT,
            &format!("{ALL}/none"),
            json!({"name": "x"})
        )
        .await
        .0,
        404
    );
    assert_eq!(admin.change(Method::DELETE, &one, None).await.0, 204);
    assert_eq!(admin.get(&one).await.0, 404);
    assert_eq!(admin.change(Method::DELETE, &one, None).await.0, 404);

    let (_, entries) = admin.get("/admin/acme/audit?limit=200").await;
    let entries = entries["entries"].as_array().unwrap();
    for action in ["product.created", "product.changed", "product.removed"] {
        assert!(entries.iter().any(|it| it["action"] == action), "{action}");
    }
    let member = browser(&world, "user member").await;
    assert_eq!(send(&member, Method::POST, ALL, lamp()).await.0, 403);
    assert_eq!(member.get(ALL).await.0, 200);
    for (body, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "x", "priceMinor": 1}), "currency"),
        (json!({"name": "x", "url": "ftp://x"}), "url"),
        (json!({"name": "x", "colour": "red"}), "the body"),
    ] {
        let (status, answer) = send(&admin, Method::POST, ALL, body).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400);
        assert!(message.starts_with(field), "{message}");
    }
}

#[actix_web::test]
async fn files_are_imported_and_what_is_wrong_is_named() {
    let world = World::new().await;
    let admin = browser(&world, "user admin").await;
    let path = format!("{ALL}/import");
    let import = async |kind: &str, file: &str| admin.upload(&path, kind, file.to_owned()).await;
    let file =
        "id,name,price,currency\nlamp,Lamp,1299.00,EUR\nhat,,1.00,EUR\nlamp,Again,,\ncup,Cup,,\n";
    let (status, report) = import("text/csv; charset=utf-8", file).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(
        report,
        json!({
            "created": 2, "updated": 0, "unchanged": 0, "failed": 2,
            "errors": [
                {"line": 3, "field": "name", "message": "must be given"},
                {"line": 4, "field": "id", "message": "occurs twice in the file"},
            ],
        })
    );
    let document = json!([
        {"@type": "Product", "sku": "lamp", "name": "Lamp", "offers": {"price": "9", "priceCurrency": "EUR"}},
        {"@type": "Product", "sku": "cup", "name": "Cup"},
    ]);
    let (_, report) = import("application/ld+json", &document.to_string()).await;
    assert_eq!(
        (&report["updated"], &report["failed"]),
        (&json!(2), &json!(0)),
        "{report}"
    );
    let (_, found) = admin.get(&format!("{ALL}/lamp")).await;
    assert_eq!(found["priceMinor"], 900);

    assert_eq!(import("application/json", "{}").await.0, 415);
    for (kind, file, said) in [
        ("text/csv", "name,price\n", "the file: the columns"),
        ("application/ld+json", "{", "the file:"),
        ("application/ld+json", "{}", "the file: it has no product"),
    ] {
        let (status, answer) = import(kind, file).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400);
        assert!(message.starts_with(said), "{message}");
    }
    let large = "x".repeat((8 << 20) + 1);
    assert_eq!(import("text/csv", &large).await.0, 413);
}

#[actix_web::test]
async fn an_organization_has_one_import_from_a_site_at_a_time() {
    let world = World::new().await;
    let admin = browser(&world, "user admin").await;
    let path = format!("{ALL}/import/site");
    let (status, none) = admin.get(&path).await;
    assert_eq!((status, none), (200, json!({"import": null})));
    assert_eq!(admin.change(Method::DELETE, &path, None).await.0, 404);
    for (wrong, said) in [
        (json!({"url": "shop.example"}), "url: must be an address"),
        (json!({"url": "file:///etc/passwd"}), "url: must be"),
        (json!({"url": "https://a:b@shop.example/"}), "url: must not"),
        (json!({}), "the body"),
    ] {
        let (status, answer) = send(&admin, Method::POST, &path, wrong).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400);
        assert!(message.starts_with(said), "{message}");
    }
    let from = json!({"url": "https://shop.example/sitemap.xml"});
    let (status, begun) = send(&admin, Method::POST, &path, from.clone()).await;
    assert_eq!(
        (status, &begun["state"]),
        (202, &json!("waiting")),
        "{begun}"
    );
    assert_eq!(send(&admin, Method::POST, &path, from.clone()).await.0, 409);
    let (_, newest) = admin.get(&path).await;
    assert_eq!(newest["import"], begun);
    assert_eq!(admin.change(Method::DELETE, &path, None).await.0, 204);
    let (_, newest) = admin.get(&path).await;
    assert_eq!(newest["import"]["state"], "cancelled");
    let (status, again) = send(&admin, Method::POST, &path, from).await;
    assert_eq!(status, 202);
    assert_ne!(again["id"], begun["id"]);
    let (_, audit) = admin.get("/admin/acme/audit").await;
    let actions = audit["entries"].to_string();
    assert!(actions.contains("product.site_import_cancelled"), "{audit}");
}

#[actix_web::test]
async fn activity_is_what_visitors_did_with_each_product_by_the_name_that_the_catalogue_knows() {
    let world = World::new().await;
    for (id, at) in [("a", 1), ("b", 2)] {
        add(&world, "acme", id, at).await;
    }
    // Views the lamp and buys the kettle.
    let bought = r#"{"claims": [], "products": [
        {"id": "lamp-a", "views": 2, "added": false, "bought": false},
        {"id": "kettle", "views": 1, "added": true, "bought": true}
    ]}"#;
    let left = r#"{"products": [{"id": "kettle", "views": 1, "added": true, "bought": false}]}"#;
    add_about(&world, "acme", "c", 3, [r#"["lamp-a","kettle"]"#, bought]).await;
    add_about(&world, "acme", "d", 4, [r#"["kettle"]"#, left]).await;
    add(&world, "rival", "e", 5).await;
    let admin = browser(&world, "user admin").await;
    let known = json!({"id": "lamp-a", "name": "Lamp A"});
    send(&admin, Method::POST, ALL, known).await;
    let (status, activity) = admin.get(&format!("{ALL}/activity?from=0&to=9")).await;
    assert_eq!(status, 200, "{activity}");
    let product = |id: &str, name: Value, figures: [i64; 5]| {
        let [interactions, views, added, purchased, abandoned] = figures;
        json!({
            "id": id, "name": name, "interactions": interactions, "views": views, "added": added,
            "purchased": purchased, "abandoned": abandoned,
        })
    };
    assert_eq!(
        activity["products"],
        json!([
            product("kettle", Value::Null, [2, 2, 2, 1, 1]),
            product("lamp-a", json!("Lamp A"), [2, 2, 0, 0, 0]),
            product("lamp-b", Value::Null, [1, 0, 0, 0, 0]),
        ])
    );
    assert_eq!(
        admin.get(&format!("{ALL}/activity?from=9&to=9")).await.0,
        400
    );
}

#[actix_web::test]
async fn a_question_in_other_words_finds_a_product() {
    let world = World::new().await;
    let admin = browser(&world, "user admin").await;
    for (id, name, category) in [
        ("lamp", "Brass desk lamp", "Lighting"),
        ("kettle", "Steel kettle", "Kitchen"),
        ("boots", "Waterproof hiking boots", "Shoes"),
    ] {
        let product = json!({"id": id, "name": name, "category": category});
        let (status, made) = send(&admin, Method::POST, ALL, product).await;
        assert_eq!(status, 201, "{made}");
    }
    for (question, wanted) in [
        ("illumination+for+my+table", "lamp"),
        ("boil+water+for+tea", "kettle"),
        ("walk+in+the+mountains", "boots"),
    ] {
        let (_, by_words) = admin.get(&format!("{ALL}?q={question}")).await;
        assert_eq!(ids(&by_words), Vec::<&str>::new());
        let by_meaning = format!("{ALL}?q={question}&search=meaning&limit=1");
        let (status, page) = admin.get(&by_meaning).await;
        assert_eq!((status, ids(&page)), (200, vec![wanted]), "{question}");
        assert!(page["products"][0]["similarity"].as_f64().unwrap() >= 0.2);
        assert_eq!(page["nextCursor"], Value::Null);
    }
    // What has the words comes first, and the category holds for both.
    let (_, page) = admin.get(&format!("{ALL}?q=steel&search=both")).await;
    assert_eq!(ids(&page)[0], "kettle");
    let shoes = format!("{ALL}?q=steel&search=both&category=Shoes");
    let (_, page) = admin.get(&shoes).await;
    assert!(!ids(&page).contains(&"kettle"));
    let (status, refused) = admin.get(&format!("{ALL}?search=meaning")).await;
    assert_eq!(status, 400);
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("q: "), "{message}");
}
