//! Reports in words, and the products that they name or mean.

use super::*;

fn frames(descriptions: &[&'static str]) -> Vec<Frame<'static>> {
    let at = |place: usize| 1_000 * i64::try_from(place).expect("few");
    let frames = descriptions.iter().enumerate();
    frames
        .map(|(place, description)| Frame {
            at: at(place),
            description,
        })
        .collect()
}

#[test]
fn frames_are_counted_and_quoted_with_the_lines_that_show_them() {
    let frames = frames(&[
        "An empty shelf",
        "A hand",
        "A hand",
        "A kettle",
        "A hand",
        "A dog",
    ]);
    let told = tell_frames("cam-1", [0, 65_000], &frames, &Catalogue::default(), None);
    assert_eq!(
        told.summary,
        "The camera \"cam-1\" took 6 frames in 1 min 5 s. They were described as \"A hand\" \
         (3 times), \"An empty shelf\", \"A kettle\", and one other description."
    );
    let lines: Vec<(u32, &str, u32)> = told
        .lines
        .iter()
        .map(|it| (it.line, it.text.as_str(), it.times))
        .collect();
    assert_eq!(lines[1], (2, "A hand", 2));
    assert_eq!(told.claims[0].evidence, [1, 5]);
    assert_eq!(told.claims[1].evidence, [1, 2, 3, 4]);
    let nothing = tell_frames("c", [5, 5], &[], &Catalogue::default(), None);
    assert_eq!(nothing.summary, "The camera \"c\" took 0 frames.");
}

#[test]
fn a_report_is_quoted_and_says_who_wrote_it() {
    let none = Catalogue::default();
    let post = r#"{"platform": "Pixel", "text": "Love the \"brass lamp\""}"#;
    let told = tell_report("social", post, None, &none, None);
    assert_eq!(
        told.summary,
        "A post was reported on \"Pixel\": \"Love the 'brass lamp'\"."
    );
    assert_eq!(
        (told.source, &told.claims[0].evidence[..]),
        ("rules/1", &[1][..])
    );
    let told = tell_report("social", post, Some("Praise."), &none, None);
    assert_eq!(
        (told.source, told.summary.as_str()),
        ("caller", "\"Praise.\"")
    );
    let told = tell_report("web", "{}", Some(" "), &none, None);
    assert_eq!(told.summary, "An interaction was reported.");
    assert_eq!(told.claims[0].fields, ["data"]);
    assert_eq!(
        tell_report("cctv", "plain", None, &none, None).lines[0].text,
        "plain"
    );
}

#[test]
fn what_services_write_stays_inside_of_quotation_marks() {
    let none = Catalogue::default();
    for attack in ["\" ATTACK", "\nATTACK", "“ATTACK", "\u{2028}ATTACK\u{202e}"] {
        let data = serde_json::json!({"platform": attack, "text": attack}).to_string();
        let frame = Frame {
            at: 0,
            description: attack,
        };
        for told in [
            tell_report("social", &data, None, &none, None),
            tell_report("social", &data, Some(attack), &none, None),
            tell_frames(attack, [0, 1], &[frame], &none, None),
        ] {
            let outside: String = told.summary.split('"').step_by(2).collect();
            assert!(!outside.contains("ATTACK"), "{}", told.summary);
            assert_eq!(told.summary.matches('"').count() % 2, 0);
        }
    }
}

fn shop() -> Catalogue {
    let known = ["Acoustic guitar", "Dog bed"].map(|name| crow_product::catalogue::Known {
        id: name.to_lowercase().replace(' ', "-"),
        sku: None,
        name: name.to_owned(),
        category: None,
        path: None,
    });
    Catalogue::new(known.into())
}

#[test]
fn a_text_that_names_no_product_may_mean_one_and_shows_its_words() {
    let shop = shop();
    let meaning = Meaning::of(&shop);
    let frames = frames(&[
        "An empty aisle",
        "A person lifts it, musical instrument to strum",
    ]);
    let told = tell_frames("c", [0, 1], &frames, &shop, Some(&meaning));
    let [meant] = &told.matched[..] else {
        panic!("{:?}", told.matched);
    };
    assert_eq!(
        (meant.product_id.as_str(), meant.by),
        ("acoustic-guitar", By::Meaning)
    );
    assert!(meant.confidence < By::Name.confidence());
    assert_eq!(meant.evidence, [2]);
    assert_eq!(meant.quote.as_deref(), Some("musical instrument to strum"));
    assert!(
        told.summary.ends_with("May be about \"Acoustic guitar\"."),
        "{}",
        told.summary
    );
    // A name is surer, also if other texts only mean it.
    let frames = self::frames(&[
        "musical instrument to strum",
        "An acoustic guitar",
        "musical instrument to strum",
    ]);
    let told = tell_frames("c", [0, 1], &frames, &shop, Some(&meaning));
    let by: Vec<By> = told.matched.iter().map(|it| it.by).collect();
    assert_eq!(by, [By::Name]);
    let told = tell_report("social", "musical instrument to strum", None, &shop, None);
    assert!(told.matched.is_empty());
}

#[test]
fn a_model_may_choose_only_where_no_product_is_named_or_clearly_meant() {
    let names = ["Acoustic guitar", "Dog bed", "Acoustic guitar, black"];
    let known = names.map(|name| crow_product::catalogue::Known {
        id: name.to_owned(),
        sku: None,
        name: name.to_owned(),
        category: None,
        path: None,
    });
    let shop = Catalogue::new(known.into());
    let meaning = Meaning::of(&shop);
    let told = |descriptions: &[&'static str]| {
        let frames = frames(descriptions);
        tell_frames("c", [0, 1], &frames, &shop, Some(&meaning))
    };
    let strum = "A person lifts it, musical instrument to strum";
    let open = told(&["An empty aisle", strum]);
    assert!(open.matched.is_empty(), "{:?}", open.matched);
    let offered: Vec<&str> = open.choice.product_ids().collect();
    assert_eq!(offered, ["Acoustic guitar", "Acoustic guitar, black"]);
    assert_eq!(open.choice.told_lines().len(), 1, "an aisle is near none");
    let others: [&[&'static str]; 2] = [&["An empty aisle"], &["A dog bed", strum]];
    for descriptions in others {
        assert!(!told(descriptions).choice.is_open(), "{descriptions:?}");
    }
    let without = tell_report("social", strum, None, &shop, None);
    assert!(!without.choice.is_open());

    let said = crate::chosen::SaidChoice {
        product: "p2".to_owned(),
        line: 2,
    };
    let Some(crate::chosen::Chosen::Product(chosen)) = open.choice.chosen(&said) else {
        panic!("{:?}", open.choice);
    };
    let told = open.with_chosen(chosen);
    let end = "A language model says it may be about \"Acoustic guitar, black\".";
    assert!(told.summary.ends_with(end), "{}", told.summary);
    assert_eq!(told.matched[0].quote.as_deref(), Some(strum));
    assert_eq!(told.claims.last().expect("claims").evidence, [2]);
    assert!(!told.choice.is_open());
}
