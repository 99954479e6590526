//! The index of a large organization, on a server with pgvector.

use std::time::Duration;

use sea_orm::{DatabaseConnection, Statement};

use crow_db::audit_log::Actor;
use crow_db::embeddings::{Scan, near};
use crow_db::erasure::{self, Mode, Request, Subject};
use crow_db::installation;
use crow_db::search_index::{self, Extension, Extensions, Round, Vectors};
use crow_embedding::embed;
use crow_testkit::{postgres, wait};

use super::*;

const INDEXED: Vectors<'static> = Vectors {
    model: MODEL,
    dimension: DIMENSION,
};
/// Interactions of `acme`, which has an index, and of `rival`, which has none.
const MANY: usize = 1_200;
const FEW: usize = 60;
const LARGE: u64 = 1_000;
const MOST: usize = 10;
/// Of ten that comparing everything finds, the index has at least nine on average.
const LEAST_RECALL: f64 = 0.9;
const DEADLINE: Duration = Duration::from_secs(20);

const MATERIALS: [&str; 12] = [
    "brass", "oak", "linen", "steel", "glass", "wool", "leather", "bamboo", "plastic", "silk",
    "paper", "stone",
];
const THINGS: [&str; 20] = [
    "lamp", "table", "boots", "kettle", "mirror", "jacket", "tent", "guitar", "bicycle", "camera",
    "pillow", "knife", "pen", "clock", "scarf", "shovel", "perfume", "puzzle", "aquarium", "sofa",
];
const ENDS: [&str; 5] = [
    "put it into the cart",
    "the page reported an order",
    "left at the postcode",
    "came from an advertisement",
    "searched for delivery times",
];
const QUESTIONS: [&str; 8] = [
    "light for the desk",
    "something to make tea with",
    "sleeping outdoors",
    "music instrument",
    "warm clothes for winter",
    "could not finish the checkout",
    "tools for the garden",
    "pictures of a holiday",
];

fn summary(number: usize) -> String {
    let material = MATERIALS[number % 12];
    let thing = THINGS[number / 12 % 20];
    format!("viewed a {material} {thing}, {}", ENDS[number / 240 % 5])
}

/// A shop and a smaller one, without a keeper.
struct Shops {
    db: Db,
    raw: DatabaseConnection,
    url: String,
}

impl Shops {
    async fn new() -> Option<Self> {
        let url = postgres::database_with_pgvector().await?;
        let config = DatabaseConfig {
            url: url.clone().into(),
            ..DatabaseConfig::default()
        };
        let db = Db::connect(&config).await.unwrap();
        installation::ensure(&db, Some(1)).await.unwrap();
        let raw = Database::connect(&url).await.unwrap();
        let shops = Self { db, raw, url };
        shops.fill("acme", MANY).await;
        shops.fill("rival", FEW).await;
        Some(shops)
    }

    /// Every tenth is of a camera.
    async fn fill(&self, organization: &str, count: usize) {
        let summaries: Vec<String> = (0..count).map(summary).collect();
        let vector = |text: &String| embed(text).unwrap().to_bytes();
        let vectors: Vec<Vec<u8>> = summaries.iter().map(vector).collect();
        let fill = format!(
            "with given as (select '{organization}-' || n as id, words, vector, n \
             from unnest($1::text[], $2::bytea[]) with ordinality as given(words, vector, n)), \
             added as (insert into embeddings \
             select '{organization}', 'interaction', id, null, '{MODEL}', {DIMENSION}, vector from given) \
             insert into interactions (id, organization_id, source_type, session_id, revision, data, words, \
             timestamp, created_at) \
             select id, '{organization}', case when n % 10 = 0 then 'cctv' else 'web' end, id, 0, '{{}}', words, n, n \
             from given"
        );
        let values = [summaries.into(), vectors.into()];
        let backend = self.raw.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, fill, values);
        self.raw.execute_raw(statement).await.unwrap();
    }

    /// Waits for the lock of the round before, because its server process ends some time after its connection.
    async fn make(&self) -> Round {
        wait::until("the lock of the round before", DEADLINE, async || {
            let round = search_index::complete(&self.db, INDEXED, LARGE);
            round.await.unwrap()
        })
        .await
        .unwrap()
    }

    async fn ask(&self, organization: &str, text: &str, of_cameras: bool) -> Vec<(f32, String)> {
        let question = Question {
            organization: OrganizationId::new(organization).unwrap(),
            filter: InteractionFilter {
                words: text.split(' ').map(str::to_owned).collect(),
                source_type: of_cameras.then(|| "cctv".to_owned()),
                ..InteractionFilter::default()
            },
            meant: Meant::by_table(text),
            with_words: false,
            most: MOST,
        };
        question.nearest(&self.db).await.unwrap()
    }

    async fn is_indexed(&self, organization: &str) -> bool {
        let organization = OrganizationId::new(organization).unwrap();
        let scan = Scan {
            organization: &organization,
            model: MODEL,
            dimension: DIMENSION,
            filter: &InteractionFilter::default(),
        };
        let wanted = embed("lamp").unwrap().to_bytes();
        near(&self.db, scan, &wanted, 1).await.unwrap().is_some()
    }

    /// Postgres has put the function in place of the call, which takes ten times as long.
    async fn assert_inlined(&self) {
        let explain = "explain (verbose) select crow_halfvec_128(vector) from embeddings";
        let statement = Statement::from_string(self.raw.get_database_backend(), explain);
        let rows = self.raw.query_all_raw(statement).await.unwrap();
        let lines = rows
            .iter()
            .map(|row| row.try_get_by_index::<String>(0).unwrap());
        let plan: String = lines.collect();
        assert!(
            plan.contains("get_byte") && !plan.contains("crow_halfvec"),
            "{plan}"
        );
    }

    async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.raw.get_database_backend(), sql);
        let row = self.raw.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }
}

/// The share of the expected that were found, or that are as similar.
fn recall(expected: &[(f32, String)], found: &[(f32, String)]) -> f64 {
    let least = expected.last().map_or(0.0, |(like, _id)| *like);
    let good = found.iter().filter(|(like, _id)| *like >= least).count();
    if expected.is_empty() {
        return 1.0;
    }
    good as f64 / expected.len() as f64
}

#[tokio::test]
async fn an_index_finds_what_comparing_everything_finds_and_nothing_of_others() {
    let Some(shops) = Shops::new().await else {
        return;
    };
    let mut exact = Vec::new();
    for text in QUESTIONS {
        exact.push(shops.ask("acme", text, false).await);
        exact.push(shops.ask("acme", text, true).await);
    }
    let of_rival = shops.ask("rival", QUESTIONS[0], false).await;
    assert!(!shops.is_indexed("acme").await);

    let round = shops.make().await;
    assert!(round.made >= 1, "{round:?}");
    assert_eq!(
        shops.make().await,
        Round::default(),
        "nothing is made twice"
    );
    assert!(shops.is_indexed("acme").await);
    assert!(!shops.is_indexed("rival").await, "it is small");
    shops.assert_inlined().await;

    let mut recalls = Vec::new();
    for (number, expected) in exact.iter().enumerate() {
        let of_cameras = number % 2 == 1;
        let found = shops.ask("acme", QUESTIONS[number / 2], of_cameras).await;
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().all(|(_like, id)| id.starts_with("acme-")));
        recalls.push(recall(expected, &found));
    }
    let mean = recalls.iter().sum::<f64>() / recalls.len() as f64;
    assert!(mean >= LEAST_RECALL, "{recalls:?}");
    assert_eq!(shops.ask("rival", QUESTIONS[0], false).await, of_rival);

    // What is written now is found at once, and what is erased is not.
    let fill = "update embeddings set vector = (select vector from embeddings where owner_id = 'rival-1') \
        where owner_id = 'acme-1200'";
    shops.raw.execute_unprepared(fill).await.unwrap();
    let found = shops.ask("acme", &summary(0), false).await;
    assert!(
        found.iter().any(|(_like, id)| id == "acme-1200"),
        "{found:?}"
    );
    let acme = OrganizationId::new("acme").unwrap();
    let request = Request {
        organization: &acme,
        subject: &Subject::Organization,
        mode: Mode::Erase,
        requested_by: &Actor::system_named("test"),
    };
    erasure::erase(&shops.db, &request).await.unwrap();
    assert_eq!(shops.ask("acme", &summary(0), false).await, []);
    let round = shops.make().await;
    assert_eq!((round.made, round.removed >= 1), (0, true), "{round:?}");
    assert!(!shops.is_indexed("acme").await);
    assert_eq!(shops.ask("rival", QUESTIONS[0], false).await, of_rival);
}

#[tokio::test]
async fn an_index_whose_making_was_killed_is_not_read_and_made_again() {
    let Some(shops) = Shops::new().await else {
        return;
    };
    let extensions = Extensions::of(&shops.db).await.unwrap().unwrap();
    assert_eq!(extensions.vectors, Extension::NotCreated);
    // Making an index waits for those who have written to the table.
    let writer = sea_orm::TransactionTrait::begin(&shops.raw).await.unwrap();
    let written = "update embeddings set session_row = 'a' where owner_id = 'acme-1'; \
        update interactions set session_row = 'a' where id = 'acme-1'";
    writer.execute_unprepared(written).await.unwrap();
    let db = shops.db.clone();
    let making = tokio::spawn(async move { search_index::complete(&db, INDEXED, LARGE).await });
    let pool = Database::connect(&shops.url).await.unwrap();
    let kill = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
        where query like 'create index%' and wait_event_type = 'Lock' and datname = current_database()";
    wait::until("an index that waits", DEADLINE, async || {
        let statement = Statement::from_string(pool.get_database_backend(), kill);
        let row = pool.query_one_raw(statement).await.unwrap().unwrap();
        let killed: i64 = row.try_get_by_index(0).unwrap();
        (killed > 0).then_some(())
    })
    .await
    .unwrap();
    assert!(making.await.unwrap().is_err());
    writer.commit().await.unwrap();
    let unfinished = "select count(*) from pg_index where not indisvalid";
    assert_eq!(shops.number(unfinished).await, 1);
    assert!(!shops.is_indexed("acme").await);
    assert_eq!(shops.ask("acme", QUESTIONS[0], false).await.len(), MOST);

    let round = shops.make().await;
    assert!(round.made >= 1 && round.removed == 1, "{round:?}");
    assert_eq!(shops.number(unfinished).await, 0);
    assert!(shops.is_indexed("acme").await);
}
