//! Interactions of a shop with many products, in the words that the rules use.

use std::fmt::Write as _;

use crow_embedding::embed;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const ADJECTIVES: [&str; 48] = [
    "brass",
    "walnut",
    "linen",
    "cotton",
    "leather",
    "ceramic",
    "glass",
    "steel",
    "oak",
    "bamboo",
    "velvet",
    "copper",
    "marble",
    "woollen",
    "rattan",
    "folding",
    "portable",
    "vintage",
    "modern",
    "wireless",
    "waterproof",
    "insulated",
    "ergonomic",
    "adjustable",
    "organic",
    "handmade",
    "recycled",
    "foldable",
    "compact",
    "heavy",
    "light",
    "rustic",
    "nordic",
    "striped",
    "floral",
    "matte",
    "glossy",
    "digital",
    "electric",
    "solar",
    "quiet",
    "heated",
    "cordless",
    "magnetic",
    "outdoor",
    "indoor",
    "professional",
    "mini",
];
const THINGS: [&str; 72] = [
    "lamp",
    "chair",
    "table",
    "sofa",
    "rug",
    "curtain",
    "mirror",
    "vase",
    "kettle",
    "teapot",
    "mug",
    "plate",
    "pan",
    "knife",
    "blender",
    "toaster",
    "jacket",
    "coat",
    "dress",
    "shirt",
    "trousers",
    "sneakers",
    "boots",
    "sandals",
    "scarf",
    "hat",
    "gloves",
    "backpack",
    "suitcase",
    "wallet",
    "belt",
    "watch",
    "headphones",
    "speaker",
    "keyboard",
    "mouse",
    "monitor",
    "laptop",
    "phone",
    "charger",
    "camera",
    "tripod",
    "tent",
    "stove",
    "bicycle",
    "helmet",
    "pump",
    "skates",
    "racket",
    "mat",
    "bottle",
    "grill",
    "hammock",
    "planter",
    "spade",
    "drill",
    "saw",
    "ladder",
    "notebook",
    "pen",
    "guitar",
    "puzzle",
    "doll",
    "stroller",
    "blanket",
    "pillow",
    "shelf",
    "candle",
    "soap",
    "perfume",
    "coffee",
    "aquarium",
];
const KINDS: [&str; 12] = [
    "",
    " for two",
    " with lid",
    " in blue",
    " in green",
    " in red",
    " set of four",
    " small",
    " large",
    " deluxe",
    " kit",
    " with timer",
];
const SEARCHES: [&str; 12] = [
    "how to return",
    "delivery time",
    "size guide",
    "warm winter clothes",
    "gift for a child",
    "cheap garden tools",
    "coffee at home",
    "camping in the rain",
    "repair a bike",
    "noise at work",
    "sleep better",
    "wedding gift",
];
const HOSTS: [&str; 5] = [
    "google.com",
    "duckduckgo.com",
    "instagram.com",
    "news.example",
    "partner.example",
];
const DEVICES: [&str; 3] = ["on a phone", "on a computer", "on a tablet"];

/// Asked by meaning.
pub const QUESTIONS: [&str; 24] = [
    "something warm for cold nights in a tent",
    "brew espresso at home",
    "gift for a child",
    "customer could not pay at the checkout",
    "lighting for the living room",
    "shoes for running",
    "instrument for beginners",
    "keep drinks cold outside",
    "furniture made of wood",
    "noise cancelling audio",
    "fish at home",
    "tools for the kitchen",
    "bought a computer",
    "left at the postcode",
    "abandoned cart with garden tools",
    "wall decoration",
    "winter clothing",
    "baby things",
    "bathroom and skin care",
    "put a bicycle into the cart",
    "office desk equipment",
    "asked for the delivery time",
    "cutting wood",
    "sunday breakfast",
];
/// Asked by words: of most interactions, of few, of one, of none.
pub const WORDS: [(&str, &str); 4] = [
    ("frequent", "google"),
    ("rare", "rustic heated aquarium"),
    ("one", "order-7000007"),
    ("none", "zanzibar"),
];

/// A row of `interactions` and its vector.
pub struct Made {
    pub id: String,
    pub source: &'static str,
    pub tags: String,
    pub products: String,
    pub words: String,
    pub vector: Vec<u8>,
    pub at: i64,
}

/// Always the same ones. The random numbers of each row are its own.
pub fn interaction(organization: &str, number: u64) -> Made {
    let mut random = StdRng::seed_from_u64(number);
    let product = product(&mut random);
    let mut words = String::new();
    if random.random_ratio(1, 4) {
        let _ = write!(words, "searched for \"{}\". ", pick(&mut random, &SEARCHES));
    }
    let _ = write!(words, "viewed \"{product}\"");
    if random.random_ratio(1, 2) {
        let _ = write!(words, ", \"{}\"", self::product(&mut random));
    }
    let others = random.random_range(2..15);
    let _ = write!(words, " and {others} other products. ");
    let tag = match random.random_range(0..100) {
        0..6 => {
            words.push_str("opened the checkout. 2 validation errors in \"postcode\". left during the checkout. ");
            "abandoned_checkout"
        }
        6..12 => {
            let _ = write!(
                words,
                "the page reported an order of {}.50 eur. ",
                others * 7
            );
            "purchase"
        }
        12..30 => {
            let _ = write!(words, "put \"{product}\" into the cart. ");
            "abandoned_cart"
        }
        _ => "browse",
    };
    let host = pick(&mut random, &HOSTS);
    let device = pick(&mut random, &DEVICES);
    let id = product.replace(' ', "-");
    let _ = write!(
        words,
        "came from \"{host}\" {device}. {tag} {product} {id} order-{}",
        7_000_000 + number
    );
    Made {
        id: format!("{organization}-{number:016x}"),
        source: if random.random_ratio(1, 10) {
            "cctv"
        } else {
            "web"
        },
        tags: format!("[\"{tag}\"]"),
        products: format!("[\"{id}\"]"),
        vector: embed(&words)
            .map(|vector| vector.to_bytes())
            .unwrap_or_default(),
        words,
        at: 1_763_712_345_678 + 1_000 * i64::try_from(number).unwrap_or_default(),
    }
}

/// Some are more frequent than others.
fn product(random: &mut StdRng) -> String {
    let first = skewed(random, &ADJECTIVES);
    let second = pick(random, &ADJECTIVES);
    let thing = skewed(random, &THINGS);
    format!("{first} {second} {thing}{}", pick(random, &KINDS))
}

fn pick<'a>(random: &mut StdRng, all: &[&'a str]) -> &'a str {
    all[random.random_range(0..all.len())]
}

fn skewed<'a>(random: &mut StdRng, all: &[&'a str]) -> &'a str {
    let place = random.random_range(0..all.len());
    all[random.random_range(0..=place)]
}
