//! Writes interactions and their vectors, faster than their service does.

use std::fmt::Write as _;

use anyhow::Context;
use crow_embedding::{DIMENSION, MODEL};
use data_encoding::HEXLOWER;
use sea_orm::sqlx::postgres::PgPoolCopyExt;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::corpus::{Made, interaction};

const BATCH: u64 = 20_000;
/// Rows of one statement of SQLite.
const ROWS: usize = 500;
const COLUMNS: &str = "id, organization_id, source_type, session_id, revision, data, summary, intent, \
    confidence, tags, product_ids, words, timestamp, created_at";
const VECTOR_COLUMNS: &str = "organization_id, kind, owner_id, model, dimension, vector";

/// So many of one organization.
pub async fn fill(db: &DatabaseConnection, organization: &str, count: u64) -> anyhow::Result<()> {
    let mut from = 0;
    while from < count {
        let to = count.min(from + BATCH);
        let owner = organization.to_owned();
        let made = tokio::task::spawn_blocking(move || {
            (from..to)
                .map(|number| interaction(&owner, number))
                .collect::<Vec<_>>()
        });
        let made = made.await?;
        if db.get_database_backend() == DbBackend::Sqlite {
            sqlite(db, organization, &made).await?;
        } else {
            postgres(db, organization, &made).await?;
        }
        from = to;
    }
    Ok(())
}

async fn sqlite(db: &DatabaseConnection, of: &str, made: &[Made]) -> anyhow::Result<()> {
    let mut sql = String::from("begin;");
    for rows in made.chunks(ROWS) {
        let each: Vec<String> = rows.iter().map(|row| values(of, row)).collect();
        let _ = write!(
            sql,
            "insert into interactions ({COLUMNS}) values {};",
            each.join(",")
        );
        let each: Vec<String> = rows.iter().map(|row| vector(of, row)).collect();
        let _ = write!(
            sql,
            "insert into embeddings ({VECTOR_COLUMNS}) values {};",
            each.join(",")
        );
    }
    sql.push_str("commit;");
    db.execute_unprepared(&sql).await?;
    Ok(())
}

/// No text of ours has a quotation mark of SQL.
fn values(of: &str, row: &Made) -> String {
    let Made {
        id,
        source,
        tags,
        products,
        words,
        at,
        ..
    } = row;
    format!(
        "('{id}', '{of}', '{source}', '{id}', 0, '{{}}', '{words}', 'browse', 0.5, '{tags}', '{products}', \
         '{words}', {at}, {at})"
    )
}

fn vector(of: &str, row: &Made) -> String {
    let (id, vector) = (&row.id, HEXLOWER.encode(&row.vector));
    format!("('{of}', 'interaction', '{id}', '{MODEL}', {DIMENSION}, x'{vector}')")
}

async fn postgres(db: &DatabaseConnection, of: &str, made: &[Made]) -> anyhow::Result<()> {
    let (mut rows, mut vectors) = (String::new(), String::new());
    for row in made {
        let Made {
            id,
            source,
            tags,
            products,
            words,
            at,
            ..
        } = row;
        let _ = writeln!(
            rows,
            "{id}\t{of}\t{source}\t{id}\t0\t{{}}\t{words}\tbrowse\t0.5\t{tags}\t{products}\t{words}\t{at}\t{at}"
        );
        let vector = HEXLOWER.encode(&row.vector);
        let _ = writeln!(
            vectors,
            "{of}\tinteraction\t{id}\t{MODEL}\t{DIMENSION}\t\\\\x{vector}"
        );
    }
    for (table, columns, lines) in [
        ("interactions", COLUMNS, rows),
        ("embeddings", VECTOR_COLUMNS, vectors),
    ] {
        let pool = db.get_postgres_connection_pool();
        let sql = format!("copy {table} ({columns}) from stdin");
        let mut copy = pool.copy_in_raw(&sql).await.context("beginning a copy")?;
        copy.send(lines.into_bytes()).await?;
        copy.finish().await?;
    }
    Ok(())
}
