//! How well a question in other words finds a product, among fifty, by name and description. The
//! questions and the products are ours, and a constant of the table was chosen with them.

#![expect(clippy::unwrap_used, reason = "a test")]

use crow_embedding::{Vector, embed};

const PRODUCTS: &str = include_str!("data/products.tsv");
const QUESTIONS: &str = include_str!("data/queries.tsv");

struct Product {
    id: &'static str,
    name: &'static str,
    /// Name and description, in lower case.
    words: String,
    vector: Vector,
}

fn products() -> Vec<Product> {
    let read = |line: &'static str| {
        let mut fields = line.split('\t');
        let mut field = || fields.next().unwrap();
        let (id, name, text) = (field(), field(), field());
        let words = format!("{name}. {text}");
        Product {
            id,
            name,
            vector: embed(&words).unwrap(),
            words: words.to_lowercase(),
        }
    };
    PRODUCTS.lines().map(read).collect()
}

/// The ids, the best first.
fn by_meaning(products: &[Product], question: &str) -> Vec<&'static str> {
    let question = embed(question).unwrap();
    let similarity = |product: &Product| question.similarity(&product.vector.to_bytes()).unwrap();
    let mut found: Vec<_> = products.iter().map(|it| (similarity(it), it.id)).collect();
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.into_iter().map(|(_similarity, id)| id).collect()
}

/// As the search does it: first what has all words, then the rest by meaning.
fn by_both(products: &[Product], question: &str) -> Vec<&'static str> {
    let words = question.to_lowercase();
    let has_all = |it: &&Product| words.split_whitespace().all(|word| it.words.contains(word));
    let mut found: Vec<_> = products.iter().filter(has_all).map(|it| it.id).collect();
    let more = by_meaning(products, question);
    let more: Vec<_> = more.into_iter().filter(|id| !found.contains(id)).collect();
    found.extend(more);
    found
}

#[derive(Debug, Default)]
struct Score {
    first: usize,
    among_three: usize,
    reciprocal: f64,
    asked: usize,
}

impl Score {
    fn add(&mut self, found: &[&str], wanted: &str) {
        let place = found.iter().position(|id| *id == wanted).unwrap();
        self.asked += 1;
        self.first += usize::from(place == 0);
        self.among_three += usize::from(place < 3);
        #[expect(clippy::cast_precision_loss, reason = "at most fifty")]
        let place = place as f64;
        self.reciprocal += 1.0 / (place + 1.0);
    }
}

#[test]
fn questions_in_other_words_find_most_products_and_names_find_all() {
    let products = products();
    let (mut meaning, mut both, mut names) = (Score::default(), Score::default(), Score::default());
    for line in QUESTIONS.lines() {
        let (wanted, question) = line.split_once('\t').unwrap();
        meaning.add(&by_meaning(&products, question), wanted);
        both.add(&by_both(&products, question), wanted);
    }
    for product in &products {
        names.add(&by_both(&products, product.name), product.id);
    }
    println!("meaning {meaning:?}\nboth {both:?}\nnames {names:?}");
    assert_eq!((products.len(), meaning.asked), (50, 100));
    assert!(meaning.first >= 65, "{meaning:?}");
    assert!(both.first >= 65, "{both:?}");
    assert_eq!(names.first, names.asked, "{names:?}");
}
