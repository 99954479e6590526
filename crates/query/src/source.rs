//! Where a visit came from: its campaign, a name for the referrer, and the channel. All follow from
//! the address of the first page and from the referrer, by fixed tables.

use std::borrow::Cow;

use crate::place::host_of;

/// How somebody came to the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// From a search engine.
    Search,
    /// From a social network.
    Social,
    /// From an assistant that answers in words.
    Ai,
    /// From a letter.
    Mail,
    /// By something that was paid for.
    Paid,
    /// From any other site.
    Referral,
    /// From nowhere that is known.
    Direct,
}

impl Channel {
    /// Its name in filters and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Social => "social",
            Self::Ai => "ai",
            Self::Mail => "mail",
            Self::Paid => "paid",
            Self::Referral => "referral",
            Self::Direct => "direct",
        }
    }
}

/// Known sites: the channel, the name, and hosts. A host also stands for those below it; that of a
/// search engine only for those of [`BELOW_ENGINES`], since other services and the page to sign in are
/// below it, too. One that ends with a dot stands for all endings of a country.
const SITES: &[(Channel, &str, &[&str])] = &[
    // Assistants come first: some are below the host of a search engine.
    (Channel::Ai, "chatgpt", &["chatgpt.com", "chat.openai.com"]),
    (Channel::Ai, "claude", &["claude.ai"]),
    (
        Channel::Ai,
        "gemini",
        &["gemini.google.com", "bard.google.com"],
    ),
    (
        Channel::Ai,
        "copilot",
        &["copilot.microsoft.com", "copilot.cloud.microsoft"],
    ),
    (Channel::Ai, "perplexity", &["perplexity.ai"]),
    (Channel::Ai, "mistral", &["chat.mistral.ai"]),
    (Channel::Ai, "deepseek", &["chat.deepseek.com"]),
    (Channel::Ai, "grok", &["grok.com", "x.ai"]),
    (Channel::Ai, "meta ai", &["meta.ai"]),
    (Channel::Ai, "you", &["you.com"]),
    (Channel::Ai, "phind", &["phind.com"]),
    (
        Channel::Mail,
        "gmail",
        &["mail.google.com", "com.google.android.gm"],
    ),
    (
        Channel::Mail,
        "outlook",
        &[
            "outlook.live.com",
            "outlook.office.com",
            "outlook.office365.com",
            "outlook.com",
        ],
    ),
    (Channel::Mail, "yahoo mail", &["mail.yahoo."]),
    (Channel::Mail, "yandex mail", &["mail.yandex."]),
    (Channel::Mail, "naver mail", &["mail.naver.com"]),
    (Channel::Mail, "seznam mail", &["email.seznam.cz"]),
    (Channel::Mail, "proton mail", &["mail.proton.me"]),
    (
        Channel::Search,
        "google",
        &["google.", "com.google.android.googlequicksearchbox"],
    ),
    (Channel::Search, "bing", &["bing.com"]),
    (Channel::Search, "duckduckgo", &["duckduckgo.com"]),
    (Channel::Search, "yahoo", &["search.yahoo.", "yahoo."]),
    (Channel::Search, "yandex", &["yandex.", "ya.ru"]),
    (Channel::Search, "baidu", &["baidu.com"]),
    (Channel::Search, "ecosia", &["ecosia.org"]),
    (Channel::Search, "brave", &["search.brave.com"]),
    (Channel::Search, "startpage", &["startpage.com"]),
    (Channel::Search, "qwant", &["qwant.com"]),
    (Channel::Search, "kagi", &["kagi.com"]),
    (Channel::Search, "naver", &["search.naver.com", "naver.com"]),
    (
        Channel::Search,
        "seznam",
        &["search.seznam.cz", "seznam.cz"],
    ),
    (
        Channel::Social,
        "facebook",
        &["facebook.com", "fb.com", "fb.me", "messenger.com"],
    ),
    (Channel::Social, "instagram", &["instagram.com"]),
    (Channel::Social, "x", &["twitter.com", "t.co", "x.com"]),
    (Channel::Social, "linkedin", &["linkedin.com", "lnkd.in"]),
    (Channel::Social, "youtube", &["youtube.com", "youtu.be"]),
    (Channel::Social, "tiktok", &["tiktok.com"]),
    (Channel::Social, "pinterest", &["pinterest.", "pin.it"]),
    (Channel::Social, "reddit", &["reddit.com", "redd.it"]),
    (Channel::Social, "threads", &["threads.net", "threads.com"]),
    (Channel::Social, "bluesky", &["bsky.app", "bsky.social"]),
    (Channel::Social, "mastodon", &["mastodon.social"]),
    (Channel::Social, "whatsapp", &["whatsapp.com", "wa.me"]),
    (
        Channel::Social,
        "telegram",
        &["telegram.org", "t.me", "org.telegram.messenger"],
    ),
    (Channel::Social, "discord", &["discord.com"]),
    (Channel::Social, "snapchat", &["snapchat.com"]),
    (Channel::Social, "vk", &["vk.com"]),
    (Channel::Social, "hacker news", &["news.ycombinator.com"]),
];

/// What may stand before the host of a search engine. Any word may stand before `search.…`.
const BELOW_ENGINES: &[&str] = &["", "www.", "m.", "news.", "images."];

/// Values of `utm_medium` that mean that somebody paid.
const PAID: &[&str] = &[
    "cpc",
    "ppc",
    "cpm",
    "cpv",
    "cpa",
    "paid",
    "paidsearch",
    "paid_search",
    "paid-search",
    "paidsocial",
    "paid_social",
    "paid-social",
    "display",
    "banner",
    "retargeting",
    "remarketing",
    "sponsored",
    "ads",
];
/// Parameters that advertisers' systems add to the address of a click that was paid for.
const CLICKS: &[&str] = &["gclid", "wbraid", "gbraid", "msclkid", "dclid", "ttclid"];
/// Values of `utm_medium` or `utm_source` of letters.
const LETTERS: &[&str] = &["email", "e-mail", "mail", "newsletter"];

/// The value of a parameter of an address, decoded; empty when it has none.
pub fn parameter<'a>(url: &'a str, name: &str) -> Cow<'a, str> {
    let address = url.split('#').next().unwrap_or_default();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let found = pairs.find(|(known, _)| known.eq_ignore_ascii_case(name));
    decoded(found.map_or("", |(_, value)| value))
}

/// `+` is a space, and `%xx` a byte. What is not UTF-8 stays as it is.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['+', '%']) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (bytes[at] == b'%').then(|| Some(digit(at + 1)? * 16 + digit(at + 2)?));
        match pair.flatten().and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8(plain).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The host of the referrer; empty when there is none, or when it is the site itself.
pub fn domain<'a>(referrer: &'a str, first_page: &str) -> Cow<'a, str> {
    let host = host_of(referrer);
    if host == host_of(first_page) {
        Cow::default()
    } else {
        host
    }
}

fn site_of(host: &str) -> Option<(Channel, &'static str)> {
    let is_it = |channel: Channel, known: &str| {
        let rest = match known.strip_suffix('.') {
            // `google.de` and `google.co.uk`, but not `google.example.com`.
            Some(name) => host.rfind(name).and_then(|at| {
                let ending = host[at + name.len()..].strip_prefix('.')?;
                let is_country = ending.len() <= 6 && !ending.is_empty();
                is_country.then_some(&host[..at])
            }),
            None => host.strip_suffix(known),
        };
        let is_search = channel == Channel::Search && !known.starts_with("search.");
        rest.is_some_and(|rest| {
            if is_search {
                BELOW_ENGINES.contains(&rest)
            } else {
                rest.is_empty() || rest.ends_with('.')
            }
        })
    };
    let mut sites = SITES.iter();
    let site = sites.find(|(channel, _, hosts)| hosts.iter().any(|known| is_it(*channel, known)));
    site.map(|(channel, name, _)| (*channel, *name))
}

/// The name of the referrer: a known site, or else its host. Empty when there is none.
pub fn group<'a>(referrer: &'a str, first_page: &str) -> Cow<'a, str> {
    let domain = domain(referrer, first_page);
    match site_of(&domain) {
        Some((_, name)) => Cow::Borrowed(name),
        None => domain,
    }
}

/// How the visit came to the site. What its campaign says comes first, then the referrer.
pub fn channel(referrer: &str, first_page: &str) -> Channel {
    let domain = domain(referrer, first_page);
    if !first_page.contains('?') {
        return of_domain(&domain);
    }
    let medium = parameter(first_page, "utm_medium").to_ascii_lowercase();
    let source = parameter(first_page, "utm_source").to_ascii_lowercase();
    let is_click = || {
        CLICKS
            .iter()
            .any(|name| !parameter(first_page, name).is_empty())
    };
    if PAID.contains(&medium.as_str()) || is_click() {
        return Channel::Paid;
    }
    match medium.as_str() {
        "social" | "social-media" | "social_media" | "sm" => return Channel::Social,
        "organic" => return Channel::Search,
        "referral" => return Channel::Referral,
        _ if [&medium, &source]
            .iter()
            .any(|it| LETTERS.contains(&it.as_str())) =>
        {
            return Channel::Mail;
        }
        _ => {}
    }
    if source.is_empty() {
        return of_domain(&domain);
    }
    let named = || SITES.iter().find(|(_, name, _)| *name == source);
    match site_of(&source) {
        Some((channel, _)) => channel,
        None => match named() {
            Some((channel, _, _)) => *channel,
            None if domain.is_empty() => Channel::Referral,
            None => of_domain(&domain),
        },
    }
}

fn of_domain(domain: &str) -> Channel {
    match site_of(domain) {
        Some((channel, _)) => channel,
        None if domain.is_empty() => Channel::Direct,
        None => Channel::Referral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_referrer_has_a_name_and_a_channel() {
        for (referrer, name, expected) in [
            ("", "", "direct"),
            ("https://shop.example/cart", "", "direct"),
            ("https://www.google.de/search?q=x", "google", "search"),
            ("https://google.co.uk/", "google", "search"),
            ("https://news.google.com/", "google", "search"),
            ("https://images.google.co.jp/", "google", "search"),
            ("https://r.search.yahoo.com/", "yahoo", "search"),
            ("https://m.search.naver.com/", "naver", "search"),
            ("https://mail.yandex.ru/", "yandex mail", "mail"),
            ("https://us.mail.yahoo.com/", "yahoo mail", "mail"),
            (
                "https://accounts.google.com/",
                "accounts.google.com",
                "referral",
            ),
            ("https://docs.google.com/", "docs.google.com", "referral"),
            ("https://login.yahoo.com/", "login.yahoo.com", "referral"),
            (
                "https://passport.yandex.ru/",
                "passport.yandex.ru",
                "referral",
            ),
            ("https://gemini.google.com/app", "gemini", "ai"),
            ("https://mail.google.com/", "gmail", "mail"),
            (
                "android-app://com.google.android.googlequicksearchbox/",
                "google",
                "search",
            ),
            (
                "https://google.phishing.example/",
                "google.phishing.example",
                "referral",
            ),
            ("https://notgoogle.com/", "notgoogle.com", "referral"),
            ("https://l.instagram.com/", "instagram", "social"),
            ("https://t.co/abc", "x", "social"),
            ("https://chatgpt.com/", "chatgpt", "ai"),
            ("https://www.perplexity.ai/", "perplexity", "ai"),
            (
                "https://Blog.Example:8080/x",
                "blog.example:8080",
                "referral",
            ),
        ] {
            let page = "https://shop.example/?a=b";
            assert_eq!(group(referrer, page), name, "{referrer}");
            for page in [page, "https://shop.example/"] {
                assert_eq!(channel(referrer, page).as_str(), expected, "{referrer}");
            }
        }
    }

    #[test]
    fn a_campaign_decides_before_the_referrer() {
        for (query, expected) in [
            ("utm_medium=cpc&utm_source=google", "paid"),
            ("gclid=abc", "paid"),
            ("gclid=", "search"),
            ("utm_medium=Email", "mail"),
            ("utm_source=newsletter", "mail"),
            ("utm_medium=social&utm_source=any", "social"),
            ("utm_source=chatgpt.com", "ai"),
            ("utm_source=Facebook", "social"),
            ("utm_source=partner", "search"),
            ("x=utm_source", "search"),
        ] {
            let page = format!("https://shop.example/a?{query}#utm_source=b");
            let found = channel("https://duckduckgo.com/", &page);
            assert_eq!(found.as_str(), expected, "{query}");
        }
        assert_eq!(channel("", "/?utm_source=partner").as_str(), "referral");
    }

    #[test]
    fn parameters_are_decoded() {
        let url =
            "https://a.example/?x&utm_campaign=Spring+sale%21&UTM_SOURCE=%ff&y=1#utm_medium=no";
        assert_eq!(parameter(url, "utm_campaign"), "Spring sale!");
        assert_eq!(parameter(url, "utm_source"), "%ff");
        assert_eq!(parameter(url, "utm_medium"), "");
        assert_eq!(parameter("", "utm_medium"), "");
    }
}
