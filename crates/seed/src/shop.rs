//! The shop: its visitors, their devices and referrers, and their paths.

use crate::dice::Dice;

/// The origin of all pages.
pub const ORIGIN: &str = "https://shop.example";

pub const COUNTRIES: &[(&str, u64)] = &[
    ("DE", 240),
    ("US", 210),
    ("GB", 110),
    ("FR", 90),
    ("NL", 60),
    ("PL", 50),
    ("AT", 45),
    ("CH", 40),
    ("ES", 40),
    ("IT", 35),
    ("SE", 25),
    ("IN", 25),
    ("JP", 20),
    ("BR", 10),
];

pub const DEVICES: &[(&str, u64)] = &[("desktop", 52), ("mobile", 41), ("tablet", 6), ("bot", 1)];

pub const REFERRERS: &[(&str, u64)] = &[
    ("", 420),
    ("https://www.google.com/", 310),
    ("https://duckduckgo.com/", 30),
    ("https://www.bing.com/", 30),
    ("https://news.example/reviews/best-shops", 60),
    ("https://www.instagram.com/", 80),
    ("https://t.co/a1b2c3", 40),
    ("https://partner.example/deals?campaign=autumn", 30),
];

/// Browser and operating system of a device.
pub fn client(device: &str, dice: &mut Dice) -> (&'static str, &'static str) {
    const DESKTOP: &[((&str, &str), u64)] = &[
        (("Chrome", "Windows"), 44),
        (("Chrome", "macOS"), 16),
        (("Safari", "macOS"), 14),
        (("Firefox", "Windows"), 9),
        (("Firefox", "Linux"), 5),
        (("Edge", "Windows"), 12),
    ];
    const MOBILE: &[((&str, &str), u64)] = &[
        (("Safari", "iOS"), 46),
        (("Chrome", "Android"), 48),
        (("Samsung Internet", "Android"), 6),
    ];
    *dice.pick(if device == "desktop" { DESKTOP } else { MOBILE })
}

/// Width and height of the viewport.
pub fn viewport(device: &str, dice: &mut Dice) -> (i64, i64) {
    const DESKTOP: &[((i64, i64), u64)] = &[
        ((1920, 969), 40),
        ((1536, 730), 30),
        ((1440, 789), 20),
        ((1280, 648), 10),
    ];
    const MOBILE: &[((i64, i64), u64)] = &[((390, 664), 45), ((412, 732), 35), ((360, 640), 20)];
    const TABLET: &[((i64, i64), u64)] = &[((820, 1106), 70), ((768, 954), 30)];
    *dice.pick(match device {
        "mobile" => MOBILE,
        "tablet" => TABLET,
        _ => DESKTOP,
    })
}

/// The kind of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Home,
    Products,
    Product(u64),
    Cart,
    Checkout,
    Thanks,
    Blog(u64),
    Pricing,
    Account,
}

impl Page {
    /// The first page of a session.
    pub fn entry(dice: &mut Dice) -> Self {
        match dice.below(100) {
            0..45 => Self::Home,
            45..60 => Self::Products,
            60..82 => Self::Product(dice.skewed(200)),
            82..94 => Self::Blog(dice.skewed(40)),
            94..98 => Self::Pricing,
            _ => Self::Account,
        }
    }

    /// The next page; `None` when the visitor leaves.
    pub fn next(self, dice: &mut Dice) -> Option<Self> {
        let place = dice.below(100);
        match self {
            Self::Home => match place {
                0..36 => None,
                36..72 => Some(Self::Products),
                72..86 => Some(Self::Product(dice.skewed(200))),
                86..94 => Some(Self::Blog(dice.skewed(40))),
                _ => Some(Self::Pricing),
            },
            Self::Products => match place {
                0..24 => None,
                24..84 => Some(Self::Product(dice.skewed(200))),
                _ => Some(Self::Home),
            },
            Self::Product(_) => match place {
                0..38 => None,
                38..62 => Some(Self::Cart),
                62..86 => Some(Self::Product(dice.skewed(200))),
                _ => Some(Self::Products),
            },
            Self::Cart => match place {
                0..30 => None,
                30..76 => Some(Self::Checkout),
                _ => Some(Self::Products),
            },
            Self::Checkout => match place {
                0..34 => None,
                34..84 => Some(Self::Thanks),
                _ => Some(Self::Cart),
            },
            Self::Blog(_) => match place {
                0..62 => None,
                62..80 => Some(Self::Blog(dice.skewed(40))),
                _ => Some(Self::Home),
            },
            Self::Pricing | Self::Account => match place {
                0..45 => None,
                45..75 => Some(Self::Home),
                _ => Some(Self::Products),
            },
            Self::Thanks => (place < 20).then_some(Self::Account),
        }
    }

    /// Its address. Some visitors arrive with a query string.
    pub fn url(self, dice: &mut Dice) -> String {
        let path = match self {
            Self::Home => "/".to_owned(),
            Self::Products => "/products".to_owned(),
            Self::Product(number) => format!("/products/{number}"),
            Self::Cart => "/cart".to_owned(),
            Self::Checkout => "/checkout".to_owned(),
            Self::Thanks => "/checkout/thanks".to_owned(),
            Self::Blog(number) => format!("/blog/post-{number}"),
            Self::Pricing => "/pricing".to_owned(),
            Self::Account => "/account".to_owned(),
        };
        if dice.chance(60) {
            format!("{ORIGIN}{path}?utm_source=newsletter")
        } else {
            format!("{ORIGIN}{path}")
        }
    }

    /// The element of the page that visitors click most, in the form that the SDK sends.
    pub fn target(self) -> &'static str {
        match self {
            Self::Home => r#""element":"a","id":"shop-now","text":"Shop now""#,
            Self::Products => r#""element":"a","classes":["card"],"text":"Details""#,
            Self::Product(_) => r#""element":"button","id":"add","text":"Add to cart""#,
            Self::Cart => r#""element":"button","id":"checkout","text":"Checkout""#,
            Self::Checkout => r#""element":"button","id":"pay","text":"Pay now""#,
            Self::Thanks => r#""element":"a","text":"Your orders""#,
            Self::Blog(_) => r#""element":"a","classes":["more"],"text":"Read more""#,
            Self::Pricing => r#""element":"button","text":"Choose plan""#,
            Self::Account => r#""element":"a","text":"Settings""#,
        }
    }

    /// Height of the document in CSS pixels.
    pub fn height(self) -> i64 {
        match self {
            Self::Home => 3_200,
            Self::Products => 4_100,
            Self::Product(_) => 2_400,
            Self::Blog(_) => 5_200,
            Self::Cart | Self::Checkout | Self::Thanks | Self::Pricing | Self::Account => 1_300,
        }
    }
}
