//! Imports from a site on this machine, with a real database.

use std::collections::HashMap;
use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use crow_db::DatabaseConfig;
use crow_db::audit_log::Actor;
use crow_db::products::site_imports::{CLAIM, SiteImport, Started, newest, start};
use crow_db::products::{ProductFilter, list};
use crow_outbound::Limits;
use crow_testkit::interrupt::within;
use crow_testkit::site::{Reply, Site};
use crow_testkit::wait::eventually;
use crow_types::OrganizationId;

use super::*;

/// More steps than an import has.
const MOST_STEPS: usize = 5_000;

struct World {
    db: Db,
    organization: OrganizationId,
    _folder: TempDir,
}

fn bounds() -> Bounds {
    let limits = Limits {
        bytes: 100_000,
        inflated: 200_000,
        time: Duration::from_secs(20),
        redirects: 3,
    };
    Bounds {
        page: limits,
        sitemap: limits,
        ..Bounds::default()
    }
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = DatabaseConfig {
            url: format!("sqlite://{}/crow.db", folder.path().display()).into(),
            ..DatabaseConfig::default()
        };
        let db = Db::connect(&config).await.unwrap();
        db.migrate().await.unwrap();
        Self {
            db,
            organization: OrganizationId::new("acme").unwrap(),
            _folder: folder,
        }
    }

    async fn begin(&self, url: &str) {
        let by = Actor::system_named("test");
        let begun = start(&self.db, &by, &self.organization, url, 0)
            .await
            .unwrap();
        assert!(matches!(begun, Started::Begun(_)));
    }

    async fn newest(&self) -> SiteImport {
        newest(&self.db, &self.organization).await.unwrap().unwrap()
    }

    /// Imports from an address, and returns what the import says.
    async fn import(&self, outbound: &Outbound, bounds: &Bounds, url: &str) -> SiteImport {
        self.begin(url).await;
        let claim = site_imports::claim(&self.db, 1).await.unwrap().unwrap();
        carry_out(&self.db, outbound, bounds, &claim).await.unwrap();
        self.newest().await
    }

    /// Id, name and path of each product.
    async fn products(&self) -> Vec<(String, String, Option<String>)> {
        let filter = ProductFilter::default();
        let rows = list(&self.db, &self.organization, &filter, None, 1_000)
            .await
            .unwrap();
        rows.into_iter()
            .map(|it| (it.id, it.name, it.path))
            .collect()
    }

    async fn ids(&self) -> Vec<String> {
        self.products().await.into_iter().map(|it| it.0).collect()
    }
}

/// Reaches the sites of a test, and no other address that is not public.
fn outbound(sites: &[&Site]) -> Outbound {
    drop(crow_testkit::http::client());
    let config = OutboundConfig {
        allowed_networks: vec!["127.0.0.1/32".parse().unwrap()],
        allowed_ports: sites.iter().map(|site| site.address.port()).collect(),
    };
    Outbound::new(&config).unwrap()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn product(id: &str, name: &str) -> String {
    let data = serde_json::json!({"@type": "Product", "sku": id, "name": name});
    format!("<html><script type=\"application/ld+json\">{data}</script></html>")
}

/// A sitemap, or an index of them.
fn listing(outer: &str, inner: &str, addresses: &[&str]) -> String {
    let all = addresses
        .iter()
        .map(|it| format!("<{inner}><loc>{it}</loc></{inner}>"));
    format!(
        "<?xml version=\"1.0\"?><{outer}>{}</{outer}>",
        all.collect::<String>()
    )
}

fn pages(addresses: &[&str]) -> String {
    listing("urlset", "url", addresses)
}

/// A site of fixed pages; everything else is missing.
async fn site(all: Vec<(&str, Reply)>) -> Site {
    let all: HashMap<String, Reply> = all
        .into_iter()
        .map(|(path, reply)| (path.to_owned(), reply))
        .collect();
    Site::start(move |path| all.get(path).cloned().unwrap_or_else(Reply::missing)).await
}

fn said(import: &SiteImport) -> Vec<(String, String)> {
    let problems = import.problems().into_iter();
    let path = |url: &str| url.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
    problems.map(|it| (path(&it.url), it.message)).collect()
}

/// A page with three products, of which one can be used.
fn products_of_a_list() -> String {
    format!(
        "<html><script type='application/ld+json'>[{},{},{}]</script></html>",
        r#"{"@type":"Product","sku":"lamp","name":"Lamp, from the list","url":"/lamp"}"#,
        r#"{"@type":"Product","name":"Nothing to call it by"}"#,
        r#"{"@type":"Product","sku":"cup","name":"Cup","offers":{"price":"1,5","priceCurrency":"EUR"}}"#,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_is_read_from_an_index_of_sitemaps() {
    let other = site(vec![("/stolen", Reply::page(product("x", "Stolen")))]).await;
    let stolen = format!("http://localhost:{}/stolen", other.address.port());
    let list = products_of_a_list();
    let index = listing(
        "sitemapindex",
        "sitemap",
        &["/1.xml.gz", "/2.xml", "/gone.xml", "/index.xml"],
    );
    let first = pages(&[
        "/list",
        "/lamp",
        "/lamp#again",
        "/about",
        "/secret",
        "/gone",
        &stolen,
    ]);
    let second = pages(&["/kettle", "/moved", "/away", "/private", "/broken", "/lamp"]);
    let site = site(vec![
        (
            "/robots.txt",
            Reply::page("User-agent: crow\nDisallow: /secret\n"),
        ),
        ("/start", Reply::redirect("/index.xml")),
        ("/index.xml", Reply::page(index)),
        ("/1.xml.gz", Reply::page(gzip(first.as_bytes()))),
        ("/2.xml", Reply::page(second)),
        ("/list", Reply::page(list)),
        ("/lamp", Reply::page(product("lamp", "Brass lamp"))),
        ("/about", Reply::page("<p>About us")),
        ("/secret", Reply::page(product("secret", "Secret"))),
        ("/kettle", Reply::page(product("kettle", "Kettle"))),
        ("/moved", Reply::redirect("/hat")),
        ("/hat", Reply::page(product("hat", "Hat"))),
        ("/away", Reply::redirect(&stolen)),
        (
            "/private",
            Reply::redirect("http://169.254.169.254/latest/meta-data"),
        ),
        (
            "/broken",
            Reply::page("<script type=application/ld+json>{</script>"),
        ),
    ])
    .await;
    let world = World::new().await;
    let outbound = outbound(&[&site, &other]);
    let import = world
        .import(&outbound, &bounds(), &site.url("/start"))
        .await;
    assert_eq!(
        (import.state.as_str(), import.pages_found, import.pages_read),
        ("done", 9, 9),
        "{import:?}"
    );
    assert_eq!(
        (import.created, import.updated, import.unchanged),
        (3, 0, 0)
    );
    let text =
        |id: &str, name: &str, path: &str| (id.to_owned(), name.to_owned(), Some(path.to_owned()));
    assert_eq!(
        world.products().await,
        [
            text("lamp", "Brass lamp", "/lamp"),
            text("hat", "Hat", "/hat"),
            text("kettle", "Kettle", "/kettle"),
        ]
    );
    let elsewhere = "it redirects to another host, or to what robots.txt excludes";
    let mut expected = [
        ("gone.xml", "the site answered 404"),
        ("secret", "robots.txt of the site excludes it"),
        ("stolen", "it is on another host"),
        ("list", "must be given: `productID`, `sku` or `mpn`"),
        (
            "list",
            "must be a number such as 1299.00, with the decimal places of its currency",
        ),
        ("gone", "the site answered 404"),
        ("away", elsewhere),
        ("private", elsewhere),
        ("broken", "it has JSON-LD that cannot be read"),
    ]
    .map(|(path, message)| (path.to_owned(), message.to_owned()));
    let mut problems = said(&import);
    problems.sort();
    expected.sort();
    assert_eq!(problems, expected);
    assert_eq!(import.refused, 9);
    assert!(other.asked().is_empty());
    assert_eq!((site.times("/secret"), site.times("/lamp")), (0, 1));

    let again = world
        .import(&outbound, &bounds(), &site.url("/start"))
        .await;
    assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 3));
    assert_eq!(world.ids().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_page_is_read_and_what_cannot_be_read_fails() {
    let bomb = gzip(&vec![b' '; 5_000_000]);
    let site = site(vec![
        ("/lamp", Reply::page(product("lamp", "Lamp"))),
        ("/about", Reply::page("<p>About us")),
        ("/damaged.xml", Reply::page("<urlset><url>")),
        ("/bomb.xml.gz", Reply::page(bomb)),
        ("/endless", Reply::Endless),
        ("/private", Reply::redirect("http://[::1]/")),
        ("/loop", Reply::redirect("/loop")),
    ])
    .await;
    let world = World::new().await;
    let outbound = outbound(&[&site]);
    let lamp = world.import(&outbound, &bounds(), &site.url("/lamp")).await;
    assert_eq!((lamp.state.as_str(), lamp.created), ("done", 1));
    // The person named this page, so robots.txt was not asked.
    assert_eq!(site.times("/robots.txt"), 0);
    let unreachable = "it cannot be reached, or has no public address";
    for (path, expected) in [
        ("/about", "the page has no product"),
        ("/damaged.xml", "the sitemap is damaged"),
        ("/bomb.xml.gz", "the answer is larger than 200000 bytes"),
        ("/endless", "the answer is larger than 100000 bytes"),
        ("/private", unreachable),
        ("/loop", "it redirects more than 3 times"),
        ("/nothing", "the site answered 404"),
    ] {
        let failed = world.import(&outbound, &bounds(), &site.url(path)).await;
        let why = failed.failure.unwrap_or_default();
        assert_eq!(failed.state, "failed", "{path}");
        assert!(why.starts_with(expected), "{path}: {why}");
    }
    let failed = world
        .import(&outbound, &bounds(), "http://127.0.0.2/")
        .await;
    assert_eq!(failed.failure.as_deref(), Some(unreachable));
    assert_eq!(world.ids().await, ["lamp"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_sites_end_at_the_bounds_and_keep_what_was_read() {
    // Each sitemap names another one, and pages without an end.
    let site = Site::start(|path| {
        let number: usize = path.rsplit('/').next().unwrap().parse().unwrap_or(0);
        match path {
            "/robots.txt" => Reply::missing(),
            _ if path.starts_with("/map/") => {
                let next = format!("/map/{}", number + 1);
                Reply::page(listing("sitemapindex", "sitemap", &[&next, "/pages/0"]))
            }
            _ if path.starts_with("/pages/") => {
                let all: Vec<String> = (0..30).map(|it| format!("/p/{it}")).collect();
                let all: Vec<&str> = all.iter().map(String::as_str).collect();
                Reply::page(pages(&all))
            }
            _ => Reply::page(product(&format!("p{number}"), "Product")),
        }
    })
    .await;
    let world = World::new().await;
    let outbound = outbound(&[&site]);
    for (bounds, created, expected) in [
        (
            Bounds {
                sitemaps: 5,
                ..bounds()
            },
            30,
            "there are too many sitemaps; it was not read",
        ),
        (
            Bounds {
                sitemaps: 5,
                pages: 10,
                ..bounds()
            },
            10,
            "there are more than 10 pages; this one and the rest were not read",
        ),
        (
            Bounds {
                sitemaps: 5,
                products: 7,
                at_once: 1,
                ..bounds()
            },
            7,
            "there are too many products; the rest was not read",
        ),
        (
            Bounds {
                sitemaps: 5,
                bytes: 1,
                ..bounds()
            },
            0,
            "the site is too large; the rest was not read",
        ),
    ] {
        let import = world.import(&outbound, &bounds, &site.url("/map/0")).await;
        let problems = said(&import);
        assert_eq!(import.state, "done", "{import:?}");
        assert!(problems.iter().any(|it| it.1 == expected), "{problems:?}");
        let total = import.created + import.updated + import.unchanged;
        assert_eq!(total, created, "{expected}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_broken_pages_cost_only_themselves() {
    let slow: Vec<String> = (0..4).map(|it| format!("/slow/{it}")).collect();
    let all: Vec<&str> = slow.iter().map(String::as_str).chain(["/lamp"]).collect();
    let map = pages(&all);
    let site = Site::start(move |path| match path {
        "/map.xml" => Reply::page(map.clone()),
        "/lamp" => Reply::page(product("lamp", "Lamp")),
        _ if path.starts_with("/slow") => Reply::Silent,
        _ => Reply::missing(),
    })
    .await;
    let world = World::new().await;
    let outbound = outbound(&[&site]);
    let page = Limits {
        time: Duration::from_millis(300),
        ..bounds().page
    };
    let patient = Bounds { page, ..bounds() };
    let import = world
        .import(&outbound, &patient, &site.url("/map.xml"))
        .await;
    assert_eq!((import.created, import.refused), (1, 4), "{import:?}");
    let impatient = Bounds {
        failures: 2,
        ..patient
    };
    let import = world
        .import(&outbound, &impatient, &site.url("/map.xml"))
        .await;
    let last = said(&import).pop().unwrap().1;
    assert!(last.starts_with("too many pages in a row"), "{last}");
    assert_eq!(import.created + import.unchanged, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_does_not_want_programs_is_left_alone() {
    let reply = |robots: Reply| {
        vec![
            ("/robots.txt", robots),
            ("/map.xml", Reply::page(pages(&["/lamp"]))),
            ("/lamp", Reply::page(product("lamp", "Lamp"))),
        ]
    };
    let closed = site(reply(Reply::page("User-agent: *\nDisallow: /"))).await;
    let failing = site(reply(Reply::Page(503, Vec::new(), Vec::new()))).await;
    let world = World::new().await;
    let outbound = outbound(&[&closed, &failing]);
    let import = world
        .import(&outbound, &bounds(), &closed.url("/map.xml"))
        .await;
    assert_eq!((import.created, import.refused), (0, 1));
    assert_eq!(closed.times("/lamp"), 0);
    let import = world
        .import(&outbound, &bounds(), &failing.url("/map.xml"))
        .await;
    let why = import.failure.unwrap();
    assert!(why.contains("robots.txt") && why.contains("503"), "{why}");
    assert_eq!(failing.times("/lamp"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_interrupted_at_each_step_stores_its_products_once() {
    let site = site(vec![
        ("/map.xml", Reply::page(pages(&["/a", "/b", "/c"]))),
        ("/a", Reply::page(product("a", "A"))),
        ("/b", Reply::page(product("b", "B"))),
        ("/c", Reply::page(product("c", "C"))),
    ])
    .await;
    let outbound = outbound(&[&site]);
    let world = World::new().await;
    let mut world = world;
    let mut interruptions = 0;
    for steps in 1..MOST_STEPS {
        world.organization = OrganizationId::new(format!("acme-{steps}")).unwrap();
        world.begin(&site.url("/map.xml")).await;
        let claim = site_imports::claim(&world.db, 1).await.unwrap().unwrap();
        let bounds = bounds();
        let first = within(steps, carry_out(&world.db, &outbound, &bounds, &claim)).await;
        let known = world.ids().await;
        assert!(known.is_empty() || known == ["a", "b", "c"], "{known:?}");
        // Without a claim, the interruption came after the commit.
        if let Some(again) = site_imports::claim(&world.db, CLAIM + 2).await.unwrap() {
            assert!(first.is_none());
            interruptions += 1;
            carry_out(&world.db, &outbound, &bounds, &again)
                .await
                .unwrap();
        }
        let import = world.newest().await;
        assert_eq!((import.state.as_str(), import.created), ("done", 3));
        assert_eq!(world.ids().await, ["a", "b", "c"]);
        if first.is_some() {
            assert!(interruptions >= 4, "interrupted {interruptions} times");
            return;
        }
    }
    panic!("it never ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_import_ends_while_it_reads() {
    let site = Site::start(|_path| Reply::Silent).await;
    let outbound = outbound(&[&site]);
    let world = World::new().await;
    world.begin(&site.url("/")).await;
    let claim = site_imports::claim(&world.db, 1).await.unwrap().unwrap();
    let patient = Limits {
        time: Duration::from_secs(3_600),
        ..bounds().sitemap
    };
    let bounds = Bounds {
        sitemap: patient,
        ..bounds()
    };
    let reading = carry_out(&world.db, &outbound, &bounds, &claim);
    let cancelling = async {
        eventually("a request", Duration::from_secs(60), async || {
            (!site.asked().is_empty()).then_some(())
        })
        .await;
        let by = Actor::system_named("test");
        let open = site_imports::cancel(&world.db, &by, &world.organization, 2).await;
        assert!(open.unwrap());
    };
    let (ended, ()) = tokio::join!(reading, cancelling);
    ended.unwrap();
    assert_eq!(world.newest().await.state, "cancelled");
}
