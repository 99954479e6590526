use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use url::Url;

use crow_testkit::site::{Reply, Site};

use crate::client::{Names, Outbound};
use crate::error::{Error, Refusal};
use crate::{Answer, Limits, OutboundConfig};

const LIMITS: Limits = Limits {
    bytes: 10_000,
    inflated: 100_000,
    time: Duration::from_secs(20),
    redirects: 3,
};

/// Names of tests: each look-up gets the next list of addresses, the last one again and again.
fn names(answers: &[&[&str]]) -> Names {
    let answers: Vec<Vec<SocketAddr>> = answers
        .iter()
        .map(|one| {
            one.iter()
                .map(|it| format!("{it}:0").parse().unwrap())
                .collect()
        })
        .collect();
    let next = AtomicUsize::new(0);
    Arc::new(move |_name| {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let found = answers[place.min(answers.len() - 1)].clone();
        Box::pin(async move { Ok(found) })
    })
}

fn client(config: &OutboundConfig, answers: &[&[&str]]) -> Outbound {
    drop(crow_testkit::http::client());
    Outbound::with_names(config, names(answers)).unwrap()
}

/// Reaches this site, and no other address that is not public.
fn only(site: &Site) -> OutboundConfig {
    OutboundConfig {
        allowed_networks: vec!["127.0.0.1/32".parse().unwrap()],
        allowed_ports: vec![site.address.port()],
    }
}

async fn get(client: &Outbound, url: &str) -> Result<Answer, Error> {
    let url = Url::parse(url).unwrap();
    client.get(&url, "*/*", &LIMITS, |_next| true).await
}

fn refusal(outcome: &Result<Answer, Error>) -> Option<Refusal> {
    match outcome {
        Err(Error::Refused(refusal)) => Some(*refusal),
        _ => None,
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn an_address_that_is_not_public_is_refused_however_it_is_written() {
    let client = client(&OutboundConfig::default(), &[&["127.0.0.1"]]);
    for (url, why) in [
        ("http://127.0.0.1/", Refusal::Address),
        ("http://127.1/", Refusal::Address),
        ("http://2130706433/", Refusal::Address),
        ("http://0x7f.0.0.1/", Refusal::Address),
        ("http://0177.0.0.1/", Refusal::Address),
        ("http://127.0.0.1./", Refusal::Address),
        ("http://[::1]/", Refusal::Address),
        ("http://[::ffff:127.0.0.1]/", Refusal::Address),
        ("http://[64:ff9b::10.0.0.1]/", Refusal::Address),
        ("http://169.254.169.254/latest/meta-data/", Refusal::Address),
        ("http://[fd00:ec2::254]/", Refusal::Address),
        ("http://\u{ff11}27.0.0.1/", Refusal::Address),
        // A name that resolves to loopback.
        ("http://shop.example/", Refusal::Address),
        ("https://localhost/", Refusal::Address),
        ("http://1.1.1.1:22/", Refusal::Port),
        ("https://1.1.1.1:8443/", Refusal::Port),
        ("http://user@1.1.1.1/", Refusal::Credentials),
        ("http://:secret@1.1.1.1/", Refusal::Credentials),
        ("ftp://1.1.1.1/", Refusal::Scheme),
        ("file:///etc/passwd", Refusal::Scheme),
        ("data:text/plain,x", Refusal::Scheme),
    ] {
        assert_eq!(refusal(&get(&client, url).await), Some(why), "{url}");
    }
}

#[tokio::test]
async fn the_operating_systems_own_name_of_loopback_is_refused() {
    let site = Site::start(|_path| Reply::page("secret")).await;
    drop(crow_testkit::http::client());
    let config = OutboundConfig {
        allowed_ports: vec![site.address.port()],
        ..OutboundConfig::default()
    };
    let client = Outbound::new(&config).unwrap();
    let url = format!("http://localhost:{}/", site.address.port());
    assert_eq!(refusal(&get(&client, &url).await), Some(Refusal::Address));
    assert!(site.asked().is_empty());
}

#[tokio::test]
async fn a_name_that_changes_its_address_reaches_nothing() {
    let site = Site::start(|path| match path {
        "/first" => Reply::redirect("/second"),
        _ => Reply::page("secret"),
    })
    .await;
    // Allowed at the first look-up. Each connection looks the name up for itself.
    let client = client(&only(&site), &[&["127.0.0.1"], &["127.0.0.2"]]);
    let url = format!("http://shop.example:{}/first", site.address.port());
    assert_eq!(refusal(&get(&client, &url).await), Some(Refusal::Address));
    assert_eq!((site.times("/first"), site.times("/second")), (1, 0));
}

#[tokio::test]
async fn of_several_addresses_only_those_that_are_allowed_are_tried() {
    let site = Site::start(|_path| Reply::page("found")).await;
    let client = client(&only(&site), &[&["10.0.0.1", "127.0.0.2", "127.0.0.1"]]);
    let url = format!("http://shop.example:{}/", site.address.port());
    let answer = get(&client, &url).await.unwrap();
    assert_eq!((answer.status, &answer.body[..]), (200, &b"found"[..]));
    let head = &site.asked()[0];
    assert!(head.contains("user-agent: CROW/"), "{head}");
}

#[tokio::test]
async fn each_redirect_is_checked() {
    let other = Site::start(|_path| Reply::page("secret")).await;
    let port = other.address.port();
    let site = Site::start(move |path| match path {
        "/private" => Reply::redirect(&format!("http://127.0.0.2:{port}/")),
        "/metadata" => Reply::redirect("http://169.254.169.254/latest"),
        "/port" => Reply::redirect(&format!("http://127.0.0.1:{port}/")),
        "/scheme" => Reply::redirect("file:///etc/passwd"),
        "/user" => Reply::redirect("//a:b@127.0.0.1/"),
        "/long" => Reply::redirect(&format!("/{}", "a".repeat(2_048))),
        "/grows" => Reply::redirect(&format!("/{}", "a".repeat(2_040))),
        "/loop" => Reply::redirect("/loop"),
        "/nowhere" => Reply::Page(302, Vec::new(), Vec::new()),
        "/two" => Reply::redirect("/one"),
        "/one" => Reply::redirect("/end"),
        _ => Reply::page("the end"),
    })
    .await;
    let client = client(&only(&site), &[&["127.0.0.1"]]);
    for (path, why) in [
        ("/private", Refusal::Port),
        ("/metadata", Refusal::Address),
        ("/port", Refusal::Port),
        ("/scheme", Refusal::Scheme),
        ("/user", Refusal::Credentials),
        ("/long", Refusal::Long),
        ("/grows", Refusal::Long),
    ] {
        let outcome = get(&client, &site.url(path)).await;
        assert_eq!(refusal(&outcome), Some(why), "{path}");
    }
    let outcome = get(&client, &site.url("/loop")).await;
    assert!(matches!(outcome, Err(Error::Redirects(3))), "{outcome:?}");
    assert_eq!(site.times("/loop"), 4);
    let outcome = get(&client, &site.url("/nowhere")).await;
    assert!(matches!(outcome, Err(Error::Location)), "{outcome:?}");
    let answer = get(&client, &site.url("/two")).await.unwrap();
    assert_eq!(answer.url.path(), "/end");
    let start = Url::parse(&site.url("/two")).unwrap();
    let stay = client.get(&start, "*/*", &LIMITS, |next| next.path() != "/end");
    assert!(matches!(stay.await, Err(Error::Elsewhere)));
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn an_answer_is_bounded_before_and_after_decompression() {
    let bomb = gzip(&vec![0; 5_000_000]);
    assert!(bomb.len() < LIMITS.bytes);
    let site = Site::start(move |path| {
        let zipped =
            |body: Vec<u8>| Reply::Page(200, vec![("Content-Encoding", "gzip".to_owned())], body);
        match path {
            "/endless" => Reply::Endless,
            "/large" => Reply::page(vec![b'x'; 10_001]),
            "/bomb" => zipped(bomb.clone()),
            "/bomb.gz" => Reply::page(bomb.clone()),
            "/bomb-in-bomb" => zipped(gzip(&bomb)),
            "/zipped" => zipped(gzip(b"found")),
            "/file.gz" => Reply::page(gzip(b"found")),
            "/file-in-transfer" => zipped(gzip(&gzip(b"found"))),
            "/damaged" => zipped(b"not gzip".to_vec()),
            "/brotli" => Reply::Page(200, vec![("Content-Encoding", "br".to_owned())], vec![1]),
            _ => Reply::missing(),
        }
    })
    .await;
    let client = client(&only(&site), &[&["127.0.0.1"]]);
    for path in ["/endless", "/large"] {
        let outcome = get(&client, &site.url(path)).await;
        assert!(
            matches!(outcome, Err(Error::TooLarge(10_000))),
            "{path}: {outcome:?}"
        );
    }
    for path in ["/bomb", "/bomb.gz", "/bomb-in-bomb"] {
        let outcome = get(&client, &site.url(path)).await;
        assert!(
            matches!(outcome, Err(Error::TooLarge(100_000))),
            "{path}: {outcome:?}"
        );
    }
    for path in ["/zipped", "/file.gz", "/file-in-transfer"] {
        let answer = get(&client, &site.url(path)).await.unwrap();
        assert_eq!(&answer.body[..], b"found", "{path}");
    }
    for path in ["/damaged", "/brotli"] {
        let outcome = get(&client, &site.url(path)).await;
        assert!(
            matches!(outcome, Err(Error::Encoding)),
            "{path}: {outcome:?}"
        );
    }
    let missing = get(&client, &site.url("/nothing")).await.unwrap();
    assert_eq!((missing.status, missing.body.len()), (404, 0));
}

#[tokio::test]
async fn a_slow_page_and_a_closed_port_are_errors() {
    let site = Site::start(|_path| Reply::Silent).await;
    let client = client(&only(&site), &[&["127.0.0.1"]]);
    let url = Url::parse(&site.url("/")).unwrap();
    let limits = Limits {
        time: Duration::from_millis(300),
        ..LIMITS
    };
    let outcome = client.get(&url, "*/*", &limits, |_next| true).await;
    assert!(matches!(outcome, Err(Error::TooSlow(_))), "{outcome:?}");
    drop(site);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let config = OutboundConfig {
        allowed_networks: vec!["127.0.0.1/32".parse().unwrap()],
        allowed_ports: vec![address.port()],
    };
    let client = self::client(&config, &[&["127.0.0.1"]]);
    let outcome = get(&client, &format!("http://{address}/?token=secret")).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::Http(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}
