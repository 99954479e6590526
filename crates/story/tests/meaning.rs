//! How often a text that names no product is right about the one that it means. The questions are those of
//! `tests/data`: two about each of fifty products, none with a word of its name. The texts of
//! `no_products.txt` mean none of them. All are ours, and the limits were chosen with them.

use std::collections::HashMap;

use crow_product::catalogue::{Catalogue, Known};
use crow_story::meaning::Meaning;
use crow_story::reported::tell_report;

const PRODUCTS: &str = include_str!("../../../tests/data/products.tsv");
const QUESTIONS: &str = include_str!("../../../tests/data/product-questions.tsv");
const NOTHING: &str = include_str!("no_products.txt");
const DOCUMENT: &str = include_str!("../../../docs/interactions.md");

fn catalogue() -> Catalogue {
    let known = PRODUCTS.lines().map(|line| {
        let mut fields = line.split('\t');
        let mut field = || fields.next().unwrap_or_default().to_owned();
        Known {
            id: field(),
            sku: None,
            name: field(),
            category: None,
            path: None,
        }
    });
    Catalogue::new(known.collect())
}

#[test]
fn nine_of_ten_products_that_are_meant_are_right() {
    let catalogue = catalogue();
    let meaning = Meaning::of(&catalogue);
    let meant = |text: &str| -> Vec<String> {
        let told = tell_report("cctv", text, None, &catalogue, Some(&meaning));
        told.matched.into_iter().map(|it| it.product_id).collect()
    };
    let (mut asked, mut right, mut wrong) = (0_u32, 0_u32, Vec::new());
    for line in QUESTIONS.lines() {
        let (wanted, question) = line.split_once('\t').unwrap();
        asked += 1;
        for found in meant(question) {
            if found == wanted {
                right += 1;
            } else {
                wrong.push(format!("{question}: {found}"));
            }
        }
    }
    let mut texts = 0;
    for text in NOTHING.lines() {
        texts += 1;
        wrong.extend(meant(text).iter().map(|found| format!("{text}: {found}")));
    }
    let found = right + u32::try_from(wrong.len()).unwrap();
    let (precision, recall) = (
        f64::from(right) / f64::from(found.max(1)),
        f64::from(right) / f64::from(asked),
    );
    let row = format!("| {asked} | {texts} | {found} | {precision:.2} | {recall:.2} |");
    println!("{row}\n{wrong:#?}");
    assert_eq!(asked, 100);
    assert!(precision >= 0.9, "{precision} {wrong:#?}");
    assert!(recall >= 0.05, "{recall}: then it is of no use");
    assert!(DOCUMENT.contains(&row), "docs/interactions.md needs {row}");
}

/// What the rules leave to a language model, if there is one.
#[test]
fn the_products_that_a_model_may_choose_have_the_right_one_in_most_cases() {
    let catalogue = catalogue();
    let meaning = Meaning::of(&catalogue);
    let choice = |text: &str| {
        let told = tell_report("cctv", text, None, &catalogue, Some(&meaning));
        told.choice
    };
    let (mut questions, mut right) = (0_u32, 0_u32);
    for line in QUESTIONS.lines() {
        let (wanted, question) = line.split_once('\t').unwrap();
        let choice = choice(question);
        questions += u32::from(choice.is_open());
        right += u32::from(choice.product_ids().any(|id| id == wanted));
    }
    let others = NOTHING.lines().filter(|text| choice(text).is_open());
    let row = format!("| {questions} | {right} | {} |", others.count());
    println!("{row}");
    assert!(f64::from(right) >= 0.8 * f64::from(questions), "{row}");
    assert!(DOCUMENT.contains(&row), "docs/interactions.md needs {row}");
}

/// In a catalogue with variants, a text that could mean two of them means neither.
#[test]
fn products_that_are_alike_are_not_told_apart() {
    let names = ["Acoustic guitar", "Acoustic guitar, black", "Dog bed"];
    let known = names.map(|name| Known {
        id: name.to_owned(),
        sku: None,
        name: name.to_owned(),
        category: Some("Shop".to_owned()),
        path: None,
    });
    let places: HashMap<&str, usize> = names.into_iter().zip(0..).collect();
    let meaning = Meaning::of(&Catalogue::new(known.into()));
    assert_eq!(meaning.meant("musical instrument to strum"), None);
    let bed = meaning.meant("a bed for the dog");
    assert_eq!(bed.map(|it| it.place), places.get("Dog bed").copied());
}
