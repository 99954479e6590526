//! Browser, operating system and kind of device from the user agent and the Client Hints.

use std::sync::{Arc, LazyLock};

use moka::sync::Cache;
use ua_parser::{Regexes, os, user_agent};

use super::bots::{is_robot, without_phone_model};
use super::hints::Hints;

/// The cache size. Far fewer user agents are in common use.
const REMEMBERED: u64 = 10_000;

/// The device, as described by a user agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Device {
    /// desktop, mobile, tablet, tv, console, bot, or empty when unknown.
    pub device_type: &'static str,
    /// Name of the browser, or empty.
    pub browser: String,
    /// Name of the operating system, or empty.
    pub os: String,
    /// Whether it identifies itself as a robot.
    pub is_bot: bool,
}

/// Parses user agents and caches the results.
pub(crate) struct DeviceFinder {
    known: Cache<String, Arc<Device>>,
}

impl DeviceFinder {
    pub(crate) fn new() -> Self {
        Self {
            known: Cache::new(REMEMBERED),
        }
    }

    /// What a user agent alone says.
    pub(crate) fn find(&self, user_agent: &str) -> Arc<Device> {
        self.known
            .get_with_by_ref(user_agent, || Arc::new(read(user_agent)))
    }
}

impl Device {
    /// With the hints, which take precedence over the user agent.
    pub(crate) fn with_hints(&self, hints: Hints<'_>) -> Self {
        if self.is_bot {
            return self.clone();
        }
        let known_better =
            |hint: &str, read: &str| if hint.is_empty() { read } else { hint }.to_owned();
        // An app names itself, while the hints name the browser inside it.
        let is_app = ["Electron", "Instagram", "Facebook"].contains(&self.browser.as_str());
        Self {
            device_type: match (self.device_type, hints.is_mobile, hints.os) {
                ("" | "desktop" | "tablet", Some(true), _) => "mobile",
                ("mobile", Some(false), "Android") => "tablet",
                (read, _, _) => read,
            },
            browser: known_better(if is_app { "" } else { hints.browser }, &self.browser),
            os: known_better(hints.os, &self.os),
            is_bot: false,
        }
    }
}

/// The parsers of uap-core, compiled when the first user agent arrives. That takes about 60 ms and
/// 11 MB.
struct Parsers {
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
}

static PARSERS: LazyLock<Parsers> = LazyLock::new(|| {
    let text = include_str!("../../data/user-agents.json");
    let regexes: Regexes<'static> = serde_json::from_str(text).expect("the parsers are JSON");
    let browsers = user_agent::Builder::new().push_all(regexes.user_agent_parsers);
    let systems = os::Builder::new().push_all(regexes.os_parsers);
    let compiles = "a test compiles the parsers";
    Parsers {
        browsers: browsers.expect(compiles).build().expect(compiles),
        systems: systems.expect(compiles).build().expect(compiles),
    }
});

fn read(user_agent: &str) -> Device {
    let user_agent = &*without_phone_model(user_agent);
    let os = os_of(user_agent);
    let is_bot = is_robot(user_agent);
    Device {
        device_type: if is_bot {
            "bot"
        } else {
            device_type(user_agent, &os)
        },
        browser: browser_of(user_agent),
        os,
        is_bot,
    }
}

/// One name per browser, whatever it runs on.
fn browser_of(user_agent: &str) -> String {
    if let Some(name) = browser_by_token(user_agent) {
        return name.to_owned();
    }
    let found = PARSERS.browsers.extract(user_agent);
    let family = found.map(|found| found.family.into_owned());
    match family.as_deref().unwrap_or_default() {
        "IE" | "IE Mobile" => "Internet Explorer".to_owned(),
        "Mobile Safari UI/WKWebView" => "Safari".to_owned(),
        family => {
            let words = family.split(' ');
            let words = words.filter(|word| !["Mobile", "iOS", "WebView"].contains(word));
            words.collect::<Vec<_>>().join(" ")
        }
    }
}

/// Browsers that the parsers mistake for the browser they are built on, and libraries that identify
/// an app.
fn browser_by_token(user_agent: &str) -> Option<&'static str> {
    const TOKENS: [(&str, &str); 7] = [
        ("DuckDuckGo/", "DuckDuckGo"),
        ("Ddg/", "DuckDuckGo"),
        ("Brave/", "Brave"),
        ("UCBrowser/", "UC Browser"),
        ("HuaweiBrowser/", "Huawei Browser"),
        ("CFNetwork/", ""),
        ("okhttp/", ""),
    ];
    TOKENS
        .iter()
        .find(|(token, _)| user_agent.contains(token))
        .map(|(_, name)| *name)
}

/// One name per system, whatever its version.
fn os_of(user_agent: &str) -> String {
    let found = PARSERS.systems.extract(user_agent);
    let os = found.map(|found| found.os.into_owned());
    let name = match os.as_deref().unwrap_or_default() {
        // `CFNetwork` occurs in apps of both systems; most visitors with it use a phone.
        "Mac OS X" | "Mac OS" if user_agent.contains("CFNetwork/") => "iOS",
        "Mac OS X" | "Mac OS" => "macOS",
        "Ubuntu" | "Fedora" | "Debian" | "Red Hat" | "CentOS" | "SUSE" | "Mint" => "Linux",
        "Web0S" => "webOS",
        "" if user_agent.contains("Darwin/") => "iOS",
        "" if user_agent.contains("okhttp") => "Android",
        name if name.starts_with("Windows Phone") => "Windows Phone",
        name if name.starts_with("Windows") => "Windows",
        name => name,
    };
    name.to_owned()
}

fn device_type(user_agent: &str, os: &str) -> &'static str {
    let has = |word: &&str| user_agent.contains(*word);
    if ["PlayStation", "Nintendo", "Xbox"].iter().any(has) {
        return "console";
    }
    const TV: [&str; 15] = [
        "SmartTV",
        "SMART-TV",
        "Smart-TV",
        "AppleTV",
        "Apple TV",
        "GoogleTV",
        "Android TV",
        "CrKey",
        "BRAVIA",
        "AFTT",
        "AFTM",
        "AFTK",
        "Roku",
        "Web0S",
        "HbbTV",
    ];
    if TV.iter().any(has) {
        return "tv";
    }
    // Android tablets say Android, but not Mobile.
    let is_android_tablet = os == "Android" && !has(&"Mobile") && !has(&"okhttp");
    if is_android_tablet || ["iPad", "Tablet", "Silk/"].iter().any(has) {
        return "tablet";
    }
    match os {
        "Android" | "iOS" | "Windows Phone" | "HarmonyOS" | "KaiOS" | "BlackBerry OS" => "mobile",
        "Windows" | "macOS" | "Linux" | "Chrome OS" | "FreeBSD" | "OpenBSD" => "desktop",
        _ => "",
    }
}
