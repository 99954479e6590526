//! A process that reads a site is killed, and another one imports the catalogue.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crow_testkit::site::{Reply, Site};
use crow_testkit::wait::eventually;
use serde_json::{Value, json};

use crate::client::http;
use crate::system::{Database, ORGANIZATION, Objects, System};

/// A claim of a dead process holds for 30 s.
const DEADLINE: Duration = Duration::from_secs(180);

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_is_imported_once_although_its_reader_is_killed() {
    let is_stuck = Arc::new(AtomicBool::new(true));
    let stuck = Arc::clone(&is_stuck);
    let site = Site::start(move |path| match path {
        "/sitemap.xml" => {
            Reply::page("<urlset><url><loc>/lamp</loc></url><url><loc>/kettle</loc></url></urlset>")
        }
        "/kettle" if stuck.load(Ordering::Acquire) => Reply::Silent,
        "/lamp" | "/kettle" => Reply::page(product(&path[1..])),
        _ => Reply::missing(),
    })
    .await;
    let ports = format!("[{}]", site.address.port());
    let settings = [
        (
            "CROW_INTERACTION__OUTBOUND__ALLOWED_NETWORKS",
            r#"["127.0.0.1/32"]"#,
        ),
        ("CROW_INTERACTION__OUTBOUND__ALLOWED_PORTS", &ports),
    ];
    let system = System::start(Database::Postgres, Objects::Disk, &settings).await;
    let key = system.create_key(ORGANIZATION, "admin");
    let url = format!(
        "{}/api/v1/products/organization/{ORGANIZATION}/import/site",
        system.query_url
    );
    let start = json!({ "url": site.url("/sitemap.xml") });
    let starting = http().post(&url).bearer_auth(&key).json(&start).send();
    assert_eq!(starting.await.unwrap().status(), 202);

    let (mut first, _url) = system.another("interaction").await;
    eventually("a request for the page", DEADLINE, async || {
        (site.times("/kettle") > 0).then_some(())
    })
    .await;
    first.kill().unwrap();
    is_stuck.store(false, Ordering::Release);
    let (_second, _url) = system.another("interaction").await;
    let done = eventually("the end of the import", DEADLINE, async || {
        let asking = http().get(&url).bearer_auth(&key).send();
        let answer: Value = asking.await.unwrap().json().await.unwrap();
        let import = answer["import"].clone();
        (import["finishedAt"] != Value::Null).then_some(import)
    })
    .await;
    assert_eq!(
        (&done["state"], &done["created"], &done["failed"]),
        (&json!("done"), &json!(2), &json!(0)),
        "{done}"
    );
}

fn product(id: &str) -> String {
    let data = json!({ "@type": "Product", "sku": id, "name": id });
    format!("<script type=\"application/ld+json\">{data}</script>")
}
