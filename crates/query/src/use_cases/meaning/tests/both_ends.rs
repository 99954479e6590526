//! Everything is compared in pages from both ends of the list.

use std::fmt::Write as _;

use crow_db::embeddings::Scan;
use crow_embedding::Vector;

use super::super::interactions::by_comparing;
use super::*;

/// Interactions of `acme`. Every second one is of a camera.
const COUNT: u16 = 60;
const DIMENSION: usize = 3;

/// All are similar to each other, and some equal.
fn vector(number: u16) -> Vector {
    let of = |part: u16, all: u16| f32::from(part % all) / f32::from(all);
    let direction = [3.0, of(number * 7, 31), of(number, 5)];
    Vector::from_direction(&direction).unwrap()
}

fn id(number: u16) -> String {
    format!("acme-{number:02}")
}

async fn filled(url: &str) -> Db {
    let config = DatabaseConfig {
        url: url.to_owned().into(),
        ..DatabaseConfig::default()
    };
    let db = Db::connect(&config).await.unwrap();
    let mut sql = String::new();
    for number in 0..COUNT {
        let (id, bytes) = (id(number), vector(number).to_bytes());
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let source = if number % 2 == 0 { "cctv" } else { "web" };
        // Several happen at the same time.
        let at = number / 3;
        write!(
            sql,
            "insert into interactions (id, organization_id, source_type, revision, data, words, timestamp, \
             created_at) values ('{id}', 'acme', '{source}', 0, '{{}}', '', {at}, {at}); \
             insert into embeddings values ('acme', 'interaction', '{id}', null, 'm', {DIMENSION}, x'{hex}');"
        )
        .unwrap();
    }
    let connection = Database::connect(url).await.unwrap();
    connection.execute_unprepared(&sql).await.unwrap();
    db
}

/// As comparing one after the other finds them.
fn expected(wanted: &Vector, most: usize, of_cameras: bool) -> Vec<(f32, String)> {
    let like = |number: u16| wanted.similarity(&vector(number).to_bytes()).unwrap();
    let mut all: Vec<_> = (0..COUNT)
        .filter(|number| !of_cameras || number % 2 == 0)
        .map(|number| (like(number), id(number)))
        .collect();
    all.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
    all.truncate(most);
    all
}

#[tokio::test]
async fn pages_from_both_ends_find_what_one_scan_finds() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&format!("sqlite://{}/crow.db", folder.path().display())).await;
    let wanted = vector(8);
    let organization = OrganizationId::new("acme").unwrap();
    for of_cameras in [false, true] {
        let filter = InteractionFilter {
            source_type: of_cameras.then(|| "cctv".to_owned()),
            ..InteractionFilter::default()
        };
        let scan = Scan {
            organization: &organization,
            model: "m",
            dimension: DIMENSION,
            filter: &filter,
        };
        // With some sizes of pages the ends meet exactly, with others pages overlap.
        for count in [1, 2, 7, 10, 15, 29, 30, 31, 59, 60, 61] {
            for most in [10, usize::from(COUNT)] {
                let best = Best::of(most);
                let found = by_comparing(&db, scan, &wanted, best, count).await.unwrap();
                let expected = expected(&wanted, most, of_cameras);
                assert_eq!(found, expected, "{count} {most} {of_cameras}");
            }
        }
    }
    db.close().await.unwrap();
}
