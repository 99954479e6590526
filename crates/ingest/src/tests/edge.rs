use std::net::IpAddr;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

use crow_web::rate::RateConfig;

use crate::config::IpPolicy;
use crate::edge::country::CountryFinder;
use crate::edge::device::DeviceFinder;
use crate::edge::hints::Hints;
use crate::edge::ip;
use crate::rate::RateLimits;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn client(peer: &str, forwarded: &[&str]) -> String {
    let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    let mut headers = HeaderMap::new();
    for line in forwarded {
        headers.append(
            HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_str(line).unwrap(),
        );
    }
    ip::client(address(peer), &headers, &trusted).to_string()
}

#[test]
fn only_what_trusted_proxies_wrote_is_believed() {
    assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    assert_eq!(
        client("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]),
        "198.51.100.1"
    );
    assert_eq!(
        client("10.0.0.1", &["6.6.6.6", "198.51.100.1:443"]),
        "198.51.100.1"
    );
    assert_eq!(client("::ffff:10.0.0.1", &["2001:db8::1"]), "2001:db8::1");
    assert_eq!(client("10.0.0.1", &["nonsense"]), "10.0.0.1");
    assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
}

#[test]
fn an_address_is_read_as_proxies_write_it() {
    for (line, address) in [
        ("[2001:db8::1]", "2001:db8::1"),
        ("\"[2001:db8::1]:4711\"", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:80", "fe80::1"),
        ("1.2.3.4:5678", "1.2.3.4"),
        ("\"1.2.3.4\"", "1.2.3.4"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("1.2.3.4,", "1.2.3.4"),
        ("1.2.3.4, , ,10.0.0.3,", "1.2.3.4"),
        (",", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("6.6.6.6, unknown", "10.0.0.1"),
        ("6.6.6.6, [2001:db8::1", "10.0.0.1"),
    ] {
        assert_eq!(client("10.0.0.1", &[line]), address, "{line:?}");
    }
    assert_eq!(client("10.0.0.1", &["6.6.6.6", "1.2.3.4", ""]), "1.2.3.4");
    assert_eq!(
        client("10.0.0.1", &["6.6.6.6, 1.2.3.4", "10.0.0.2"]),
        "1.2.3.4"
    );
}

#[test]
fn the_standard_header_counts_without_the_older_one() {
    let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
    let client = |lines: &[(&'static str, &str)]| {
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_bytes(line.as_bytes()).unwrap(),
            );
        }
        ip::client(address("10.0.0.1"), &headers, &trusted).to_string()
    };
    let standard = "for=6.6.6.6, For=\"[2001:db8::1]:4711\";proto=https, for=10.0.0.2";
    assert_eq!(client(&[("forwarded", standard)]), "2001:db8::1");
    assert_eq!(client(&[("forwarded", "for=_hidden")]), "10.0.0.1");
    assert_eq!(client(&[("forwarded", "proto=https")]), "10.0.0.1");
    let both = [("forwarded", standard), ("x-forwarded-for", "1.2.3.4")];
    assert_eq!(client(&both), "1.2.3.4");
    // A proxy adds to a line that its client has made unreadable.
    let hidden = [
        ("forwarded", "for=6.6.6.6"),
        ("x-forwarded-for", "é, 1.2.3.4"),
    ];
    assert_eq!(client(&hidden), "1.2.3.4");
    let hidden = [("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "é")];
    assert_eq!(client(&hidden), "10.0.0.1");
}

#[test]
fn the_policy_decides_what_is_kept_of_an_address() {
    let kept = |text: &str, policy| ip::kept(address(text), policy);
    assert_eq!(
        kept("203.0.113.9", IpPolicy::Full).as_deref(),
        Some("203.0.113.9")
    );
    assert_eq!(
        kept("203.0.113.9", IpPolicy::Truncate).as_deref(),
        Some("203.0.113.0")
    );
    assert_eq!(
        kept("2001:db8:1:2:3::4", IpPolicy::Truncate).as_deref(),
        Some("2001:db8:1::")
    );
    assert_eq!(kept("203.0.113.9", IpPolicy::Drop), None);
}

#[test]
fn a_country_comes_from_a_believed_header() {
    let finder = CountryFinder::open("CF-IPCountry", "").unwrap();
    let find = |value: &str, is_believed: bool| {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static("cf-ipcountry"),
            HeaderValue::from_str(value).unwrap(),
        );
        finder.find(is_believed.then_some(&headers), None)
    };
    assert_eq!(find("de", true), "DE");
    assert_eq!(find("de", false), "");
    for unknown in ["XX", "T1", "Germany", ""] {
        assert_eq!(find(unknown, true), "");
    }
    assert!(CountryFinder::open("", "/nonexistent.mmdb").is_err());
}

#[test]
fn user_agents_say_what_kind_of_device_it_is() {
    let cases = [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "desktop",
            "Chrome",
            "Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            "desktop",
            "Safari",
            "macOS",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
            "desktop",
            "Firefox",
            "Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "desktop",
            "Edge",
            "Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "mobile",
            "Safari",
            "iOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "mobile",
            "Chrome",
            "Android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "tablet",
            "Chrome",
            "Android",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "tablet",
            "Safari",
            "iOS",
        ),
        (
            "Mozilla/5.0 (PlayStation 5 3.03) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15",
            "console",
            "Safari",
            "",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) app/1.0.0 Chrome/124.0.0.0 Electron/30.0.0 Safari/537.36",
            "desktop",
            "Electron",
            "Linux",
        ),
        (
            "MyApp/1 CFNetwork/1494.0.7 Darwin/23.4.0",
            "mobile",
            "",
            "iOS",
        ),
        ("okhttp/4.12.0", "mobile", "", "Android"),
        ("", "", "", ""),
    ];
    let finder = DeviceFinder::new();
    for (user_agent, device_type, browser, os) in cases {
        let found = finder.find(user_agent);
        let seen = (
            found.device_type,
            found.browser.as_str(),
            found.os.as_str(),
            found.is_bot,
        );
        assert_eq!(seen, (device_type, browser, os, false), "{user_agent}");
    }
    for robot in [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; https://zhanzhang.toutiao.com/)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 13_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko; compatible; FriendlyCrawler/1.0) Chrome/119.0.0.0 Safari/537.36",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Some Bot",
    ] {
        let found = finder.find(robot);
        assert!(found.is_bot && found.device_type == "bot", "{robot}");
    }
}

#[test]
fn phones_with_the_name_of_a_robot_are_phones() {
    let finder = DeviceFinder::new();
    for model in [
        "CUBOT NOTE 20",
        "CUBOT",
        "CUBOT_P30 Build/PPR1.180610.011",
        "M BOT 551",
        "M BOT 551 Build/O11019",
        "MBOT60",
        "X-BOT",
        "Spider 7",
    ] {
        let user_agent = format!(
            "Mozilla/5.0 (Linux; Android 10; {model}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
        );
        let found = finder.find(&user_agent);
        let seen = (
            found.device_type,
            found.browser.as_str(),
            found.os.as_str(),
            found.is_bot,
        );
        assert_eq!(seen, ("mobile", "Chrome", "Android", false), "{user_agent}");
    }
    let dalvik = finder.find("Dalvik/2.1.0 (Linux; U; Android 9; CUBOT; wv)");
    assert!(!dalvik.is_bot);
}

/// The expected values are those on which two of three other parsers agree (bowser,
/// device-detector-js, ua-parser-js), with our names.
#[test]
fn names_agree_with_other_parsers() {
    let agents: Vec<(String, String, String)> =
        serde_json::from_str(include_str!("user_agents.json")).unwrap();
    let finder = DeviceFinder::new();
    let differs = |(user_agent, browser, os): &&(String, String, String)| {
        let found = finder.find(user_agent);
        found.browser != *browser || found.os != *os || found.is_bot
    };
    let differing: Vec<_> = agents.iter().filter(differs).collect();
    assert!(
        agents.len() >= 200 && differing.is_empty(),
        "{differing:#?}"
    );
}

fn hints(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, line) in lines {
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(line),
        );
    }
    headers
}

#[test]
fn client_hints_are_exact_where_the_user_agent_is_reduced() {
    let finder = DeviceFinder::new();
    let reduced = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
    let desktop = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
    let brave = r#""Not/A)Brand";v="8", "Chromium";v="126", "Brave";v="126""#;
    let edge = r#""Chromium";v="126", "Microsoft Edge";v="126", "Not;A=Brand";v="24""#;
    for (user_agent, given, expected) in [
        (
            desktop,
            hints(&[("sec-ch-ua", brave), ("sec-ch-ua-platform", "\"Linux\"")]),
            ("desktop", "Brave", "Linux"),
        ),
        (
            desktop,
            hints(&[("sec-ch-ua", edge), ("sec-ch-ua-platform", "\"Windows\"")]),
            ("desktop", "Edge", "Windows"),
        ),
        // Chromium on a phone that asks for the desktop page.
        (
            desktop,
            hints(&[
                ("sec-ch-ua-mobile", "?1"),
                ("sec-ch-ua-platform", "\"Android\""),
            ]),
            ("mobile", "Chrome", "Android"),
        ),
        (
            reduced,
            hints(&[
                ("sec-ch-ua-mobile", "?0"),
                ("sec-ch-ua-platform", "\"Android\""),
            ]),
            ("tablet", "Chrome", "Android"),
        ),
        (
            desktop,
            hints(&[
                ("sec-ch-ua", r#""Not\"A;Brand";v="99", "Chromium";v="126""#),
                ("sec-ch-ua-mobile", "?2"),
            ]),
            ("desktop", "Chrome", "Linux"),
        ),
        (
            desktop,
            hints(&[
                ("sec-ch-ua", "nonsense"),
                ("sec-ch-ua-platform", "Linux"),
                ("sec-ch-ua-mobile", "1"),
            ]),
            ("desktop", "Chrome", "Linux"),
        ),
    ] {
        let found = finder.find(user_agent).with_hints(Hints::read(&given));
        let seen = (found.device_type, found.browser.as_str(), found.os.as_str());
        assert_eq!(seen, expected, "{given:?}");
    }
}

#[test]
fn robots_of_the_list_are_known_and_libraries_are_not() {
    let finder = DeviceFinder::new();
    let is_bot = |user_agent: &str| finder.find(user_agent).is_bot;
    for robot in [
        "Mozilla/5.0 (compatible; ChatGPT-User/1.0; +https://openai.com/bot)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Google-InspectionTool/1.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 PTST/240101",
        "WhatsApp/2.23.20.0",
        "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
    ] {
        assert!(is_bot(robot), "{robot}");
    }
    for library in ["okhttp/4.12.0", "Dart/3.3 (dart:io)", "axios/1.7.2"] {
        assert!(!is_bot(library), "{library}");
    }
}

#[test]
fn a_rate_limit_says_when_to_come_again_and_zero_means_none() {
    let once = RateConfig {
        requests_per_second: 1,
        burst: 1,
    };
    let none = RateConfig {
        requests_per_second: 0,
        burst: 0,
    };
    let limits = RateLimits::new(none, once);
    limits.check_address(address("2001:db8::1")).unwrap();
    let refused = limits.check_address(address("2001:db8::2")).unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.retry_after_secs),
        ("rate_limited", Some(1))
    );
    limits.check_address(address("2001:db8:0:1::1")).unwrap();
    for _ in 0..100 {
        limits.check_key("key_1").unwrap();
    }
    limits.clean();
}
