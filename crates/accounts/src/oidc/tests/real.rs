//! Against `oidc-provider`, an implementation that is certified by the OpenID Foundation.

use std::collections::BTreeMap;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::*;

/// Ends when dropped.
struct Provider {
    url: String,
    _process: Child,
    /// It ends when it cannot write.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Provider {
    async fn start(people: &Value) -> Self {
        let folder = crow_testkit::paths::workspace_root().join("tools/oidc");
        let settings = json!({
            "redirect": format!("{PUBLIC_URL}/auth/oidc/callback"),
            "secret": CLIENT_SECRET,
            "people": people,
        });
        let mut process = Command::new("node")
            .arg("provider.mjs")
            .arg(settings.to_string())
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("needs Node.js");
        let output = process.stdout.take().unwrap();
        let mut output = BufReader::new(output).lines();
        let line = output.next_line().await.unwrap();
        Self {
            url: line.expect("`cargo xtask test` installs it: npm ci in tools/oidc"),
            _process: process,
            _output: output,
        }
    }
}

/// What a browser does on the pages of the provider: follows redirects and keeps cookies. Returns
/// the address that it is sent back to.
async fn browse(address: &str, who: &str) -> Url {
    let client = super::super::calls::client().unwrap();
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let mut url = Url::parse(address).unwrap();
    url.query_pairs_mut().append_pair("login_hint", who);
    for _ in 0..10 {
        if url.as_str().starts_with(PUBLIC_URL) {
            return url;
        }
        let sent: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = client.get(url.clone()).header("cookie", sent.join("; "));
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let to = response
            .headers()
            .get("location")
            .unwrap()
            .to_str()
            .unwrap();
        url = url.join(to).unwrap();
    }
    panic!("too many redirects: {url}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certified_provider_signs_people_in() {
    let world = world().await;
    let folder = tempfile::tempdir().unwrap();
    crow_runtime::install_crypto();
    let people = json!({
        "ann": { "email": "ann@shop.example", "email_verified": true, "name": "Ann", "groups": ["admins"] },
        "eve": { "email": "ann@shop.example", "email_verified": false },
    });
    let provider = Provider::start(&people).await;
    let config = OidcConfig {
        organization: "acme".to_owned(),
        role_claim: "groups".to_owned(),
        roles: BTreeMap::from([("admins".to_owned(), "admin".to_owned())]),
        ..config(&provider.url, folder.path())
    };
    let oidc = Oidc::new(&config, PUBLIC_URL).unwrap().unwrap();
    let arrive = async |who: &str, next: Option<&str>| {
        let started = oidc.begin(next, None).await.unwrap();
        let back = browse(&started.url, who).await;
        (started, issuer::parameter(back.as_str(), "code"))
    };
    let finish = async |started: &Started, code: String| {
        let state = issuer::parameter(&started.url, "state");
        let accounts = &world.accounts;
        accounts
            .sign_in_with(&oidc, &started.cookie, &state, code, from(ADDRESS))
            .await
    };

    let (started, code) = arrive("ann", Some("/app/keys")).await;
    let (token, sign_in, next) = finish(&started, code.clone()).await.unwrap();
    assert_eq!(next.as_deref(), Some("/app/keys"));
    assert_eq!(role_of(&sign_in), Role::Admin);
    assert!(world.is_in(&token).await);
    let Holder::User(user) = &sign_in.holder else {
        panic!("{sign_in:?}");
    };
    assert_eq!(
        (user.email.as_str(), user.name.as_str()),
        ("ann@shop.example", "Ann")
    );

    let replayed = finish(&started, code).await;
    assert_eq!(replayed.unwrap_err(), Problem::Invalid);
    let (started, code) = arrive("ann", None).await;
    let other = oidc.begin(None, None).await.unwrap();
    let refused = finish(&other, code).await;
    assert_eq!(
        refused.unwrap_err(),
        Problem::Invalid,
        "the code of {}",
        started.url
    );
    let (started, code) = arrive("eve", None).await;
    let refused = finish(&started, code).await;
    assert_eq!(refused.unwrap_err(), Problem::Unverified);
}
