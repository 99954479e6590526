use actix_web::body::to_bytes;

use super::*;

const GATEWAY: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7070);

#[actix_web::test]
async fn pages_name_the_gateway_and_the_key() {
    let shop = Shop {
        gateway: GATEWAY,
        gateway_scheme: "http",
        key: "crow_k".to_owned(),
    };
    for path in ["/", "/product/brass-lamp", "/cart", "/help"] {
        let response = shop.page(page_of(path).unwrap(), "localhost:7074").unwrap();
        let text = to_bytes(response.into_body()).await.unwrap();
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(
            text.contains("src=\"http://localhost:7070/sdk/crow.js\""),
            "{path}"
        );
        assert!(
            text.contains("data-key=\"crow_k\"") && !text.contains("{{"),
            "{path}"
        );
    }
}

#[test]
fn the_gateway_is_where_the_shop_is() {
    let cases = [
        ("localhost:7074", "http://localhost:7070"),
        ("[::1]:7074", "http://[::1]:7070"),
        ("box.lan", "http://box.lan:7070"),
        ("a\"><script>:80", "http://127.0.0.1:7070"),
        ("", "http://127.0.0.1:7070"),
    ];
    for (host, url) in cases {
        assert_eq!(gateway_url("http", host, GATEWAY), url, "{host}");
    }
}

#[tokio::test]
async fn a_key_is_kept_as_long_as_it_is_good() {
    let dir = tempfile::tempdir().unwrap();
    let config = crow_db::DatabaseConfig {
        url: format!("sqlite://{}/crow.db", dir.path().display()).into(),
        ..crow_db::DatabaseConfig::default()
    };
    let db = Db::connect(&config).await.unwrap();
    let file = dir.path().join("demo-key");
    let first = load_or_create_key(&file, &db).await.unwrap();
    assert_eq!(load_or_create_key(&file, &db).await.unwrap(), first);
    let organization = OrganizationId::new(ORGANIZATION).unwrap();
    let listed = keys::list(&db, &organization).await.unwrap();
    keys::revoke(&db, &listed[0].id).await.unwrap();
    assert_ne!(load_or_create_key(&file, &db).await.unwrap(), first);
}
