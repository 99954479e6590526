//! Browser, operating system and kind of device from the user agent.

use std::borrow::Cow;
use std::sync::Arc;

use moka::sync::Cache;
use woothee::parser::{Parser, WootheeResult};

/// User agents remembered; there are far fewer in common use.
const REMEMBERED: u64 = 10_000;

/// What a user agent says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Device {
    /// desktop, mobile, tablet, tv, console, bot, or empty when unknown.
    pub device_type: &'static str,
    /// Name of the browser, or empty.
    pub browser: String,
    /// Name of the operating system, or empty.
    pub os: String,
    /// A robot that says so.
    pub is_bot: bool,
}

/// Parses user agents, and caches the results.
pub(crate) struct DeviceFinder {
    parser: Parser,
    known: Cache<String, Arc<Device>>,
}

impl DeviceFinder {
    pub(crate) fn new() -> Self {
        Self {
            parser: Parser::new(),
            known: Cache::new(REMEMBERED),
        }
    }

    pub(crate) fn find(&self, user_agent: &str) -> Arc<Device> {
        self.known
            .get_with_by_ref(user_agent, || Arc::new(self.read(user_agent)))
    }

    fn read(&self, user_agent: &str) -> Device {
        let without_model = without_phone_model(user_agent);
        let found = self.parser.parse(&without_model).unwrap_or_default();
        let is_bot = found.category == "crawler" || is_robot(&without_model);
        let device_type = if is_bot {
            "bot"
        } else {
            device_type(user_agent, &found)
        };
        let browser = browser_by_token(user_agent).unwrap_or(found.name);
        Device {
            device_type,
            browser: known(browser),
            os: os_name(user_agent, found.os),
            is_bot,
        }
    }
}

/// Words of bots that the parser takes for browsers. This is the only list in the product; the SDK
/// has none.
fn is_robot(user_agent: &str) -> bool {
    const PARTS: [&str; 14] = [
        "headless",
        "crawler",
        "spider",
        "lighthouse",
        "phantomjs",
        "puppeteer",
        "playwright",
        "facebookexternalhit",
        "mediapartners-google",
        "google-inspectiontool",
        "googleother",
        "bingpreview",
        "chatgpt-user",
        "screaming frog",
    ];
    let lower = user_agent.to_ascii_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    PARTS.iter().any(|part| lower.contains(part)) || words.any(is_word_of_robot)
}

/// `Googlebot`, `bot`, `bots`.
fn is_word_of_robot(word: &str) -> bool {
    word.ends_with("bot") || word.ends_with("bots")
}

/// Removes phone names that look like a bot: `CUBOT NOTE 20`, `M BOT 551`. A phone names its model
/// in the same brackets as Android. A bot has separate brackets with its address.
fn without_phone_model(user_agent: &str) -> Cow<'_, str> {
    let Some((before, rest)) = user_agent.split_once('(') else {
        return Cow::Borrowed(user_agent);
    };
    let Some((system, after)) = rest.split_once(')') else {
        return Cow::Borrowed(user_agent);
    };
    let is_android = system.contains("Android") || system.contains("Adr ");
    let names_robot = ["compatible", "http", "www.", "@"]
        .iter()
        .any(|word| system.contains(word));
    if !is_android || names_robot || !is_robot(system) {
        return Cow::Borrowed(user_agent);
    }
    let parts: Vec<&str> = system
        .split(';')
        .map(|part| if is_robot(part) { " K" } else { part })
        .collect();
    Cow::Owned(format!("{before}({}){after}", parts.join(";")))
}

fn device_type(user_agent: &str, found: &WootheeResult<'_>) -> &'static str {
    let has = |word: &str| user_agent.contains(word);
    if has("PlayStation") || has("Nintendo") || has("Xbox") {
        return "console";
    }
    let is_tv = [
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
        "Roku",
        "Web0S",
        "HbbTV",
    ]
    .iter()
    .any(|word| has(word));
    if is_tv {
        return "tv";
    }
    // Android tablets say Android, but not Mobile.
    if has("iPad") || has("Tablet") || has("Silk/") || (has("Android") && !has("Mobile")) {
        return "tablet";
    }
    match found.category {
        "pc" => "desktop",
        "smartphone" | "mobilephone" => "mobile",
        "appliance" => "console",
        _ if has("Darwin/") || has("okhttp") || has("Android") || has("iPhone") => "mobile",
        _ => "",
    }
}

/// Browsers that also name the browser they are built on.
fn browser_by_token(user_agent: &str) -> Option<&'static str> {
    const TOKENS: [(&str, &str); 4] = [
        ("Electron/", "Electron"),
        ("DuckDuckGo/", "DuckDuckGo"),
        ("Brave/", "Brave"),
        ("UCBrowser/", "UC Browser"),
    ];
    TOKENS
        .iter()
        .find(|(token, _)| user_agent.contains(token))
        .map(|(_, name)| *name)
}

/// One name per system, whatever its version.
fn os_name(user_agent: &str, os: &str) -> String {
    match os {
        name if name.starts_with("Windows Phone") => "Windows Phone".to_owned(),
        name if name.starts_with("Windows") => "Windows".to_owned(),
        "Mac OSX" | "Mac OS Classic" => "macOS".to_owned(),
        "iPhone" | "iPad" | "iPod" | "iOS" => "iOS".to_owned(),
        "UNKNOWN" | "" if user_agent.contains("Darwin/") => "iOS".to_owned(),
        "UNKNOWN" | "" if user_agent.contains("okhttp") => "Android".to_owned(),
        name => known(name),
    }
}

fn known(name: &str) -> String {
    if name == "UNKNOWN" {
        String::new()
    } else {
        name.to_owned()
    }
}
