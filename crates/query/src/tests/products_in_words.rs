//! How well questions in other words find products, among fifty. The questions and the products are ours, and
//! a constant of the table was chosen with them.

use serde_json::Value;

use super::fixture::World;
use super::signed_in::Browser;
use super::walk::browser;

const ALL: &str = "/api/v1/products/organization/acme";
/// Id, name and description.
const PRODUCTS: &str = include_str!("../../../../tests/data/products.tsv");
/// The id of what is meant, and the question.
const QUESTIONS: &str = include_str!("../../../../tests/data/product-questions.tsv");

#[derive(Debug, Default)]
struct Score {
    first: usize,
    among_three: usize,
    asked: usize,
}

impl Score {
    async fn ask(&mut self, by: &Browser<'_>, search: &str, question: &str, wanted: &str) {
        let question: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
        let path = format!("{ALL}?limit=3&search={search}&q={question}");
        let (status, page) = by.get(&path).await;
        assert_eq!(status, 200, "{page}");
        let found = page["products"].as_array().unwrap();
        let place = found.iter().position(|it| it["id"] == wanted);
        self.asked += 1;
        self.first += usize::from(place == Some(0));
        self.among_three += usize::from(place.is_some());
    }
}

/// With one column less, the file has no descriptions.
fn file(columns: usize) -> String {
    let quoted = |field: &str| format!("\"{}\"", field.replace('"', "\"\""));
    let row = |fields: Vec<&str>| {
        let fields: Vec<String> = fields.into_iter().take(columns).map(quoted).collect();
        fields.join(",") + "\n"
    };
    let header = row(vec!["id", "name", "description"]);
    let rows = PRODUCTS.lines().map(|line| row(line.split('\t').collect()));
    header + &rows.collect::<String>()
}

async fn import(by: &Browser<'_>, columns: usize) {
    let path = format!("{ALL}/import");
    let (status, report) = by.upload(&path, "text/csv", file(columns)).await;
    assert_eq!(
        (status, &report["failed"]),
        (200, &Value::from(0)),
        "{report}"
    );
}

async fn score(by: &Browser<'_>, search: &str) -> Score {
    let mut score = Score::default();
    for line in QUESTIONS.lines() {
        let (wanted, question) = line.split_once('\t').unwrap();
        score.ask(by, search, question, wanted).await;
    }
    score
}

#[actix_web::test]
async fn questions_in_other_words_find_most_products_and_names_find_all() {
    let world = World::new().await;
    let admin = browser(&world, "user admin").await;
    import(&admin, 2).await;
    let by_name = score(&admin, "meaning").await;
    import(&admin, 3).await;
    let (meaning, both) = (score(&admin, "meaning").await, score(&admin, "both").await);
    let mut names = Score::default();
    for line in PRODUCTS.lines() {
        let mut fields = line.split('\t');
        let (id, name) = (fields.next().unwrap(), fields.next().unwrap());
        names.ask(&admin, "both", name, id).await;
    }
    println!("by name {by_name:?}\nmeaning {meaning:?}\nboth {both:?}\nnames {names:?}");
    assert_eq!((meaning.asked, names.asked), (100, 50));
    assert!(meaning.first >= 65, "{meaning:?}");
    assert!(both.first >= 65, "{both:?}");
    assert!(meaning.first > by_name.first, "descriptions help");
    assert_eq!(names.first, names.asked, "{names:?}");
}
