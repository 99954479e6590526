mod both_ends;
mod indexed;

use sea_orm::{ConnectionTrait, Database};

use crow_db::DatabaseConfig;

use crow_db::Db;
use crow_db::interactions::InteractionFilter;
use crow_embedding::{DIMENSION, MODEL};
use crow_types::OrganizationId;

use super::Best;
use super::embeddings::Meant;
use super::interactions::Question;

#[test]
fn the_best_are_kept_whatever_their_order() {
    let all: Vec<(f32, String)> = (0..50_u8)
        .map(|number| (f32::from(number % 25) / 25.0, format!("{number:02}")))
        .collect();
    let mut expected = all.clone();
    expected.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
    expected.truncate(7);
    for step in [1, 7, 13, 49] {
        let mut best = Best::of(7);
        for place in 0..all.len() {
            let (like, id) = &all[place * step % all.len()];
            best.offer(*like, id);
        }
        assert_eq!(best.sorted(), expected, "{step}");
    }
}

/// `cargo test -p crow-query --lib a_million_vectors -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn a_million_vectors_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    let config = DatabaseConfig {
        url: url.clone().into(),
        ..DatabaseConfig::default()
    };
    let db = Db::connect(&config).await.unwrap();
    let fill = format!(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000) \
         insert into embeddings select 'acme', 'interaction', printf('%032x', i), null, '{MODEL}', \
         {DIMENSION}, randomblob({DIMENSION}) from n"
    );
    let connection = Database::connect(url).await.unwrap();
    connection.execute_unprepared(&fill).await.unwrap();
    for _round in 0..5 {
        let question = Question {
            organization: OrganizationId::new("acme").unwrap(),
            filter: InteractionFilter {
                words: vec!["brass".to_owned(), "lamp".to_owned()],
                ..InteractionFilter::default()
            },
            meant: Meant::by_table("brass lamp"),
            with_words: false,
            most: 50,
        };
        let start = std::time::Instant::now();
        let found = question.nearest(&db).await.unwrap();
        println!("{} of a million in {:?}", found.len(), start.elapsed());
        assert_eq!(found.len(), 50);
    }
}
