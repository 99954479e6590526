//! What a service reports, as a row.

use serde::Serialize;
use serde_json::Value;

use crow_bus::interactions::InteractionMessage;
use crow_bus::reported::{CctvBatchQueueMessage, Report};
use crow_db::interactions::Interaction;
use crow_product::catalogue::Catalogue;
use crow_story::claims::Claim;
use crow_story::line::Line;
use crow_story::matched::Matched;
use crow_story::meaning::Meaning;
use crow_story::reported::{Frame, Told, tell_frames, tell_report};
use crow_types::Timestamp;

/// The column `evidence`.
#[derive(Serialize)]
struct Evidence<'a> {
    reason: &'a str,
    claims: &'a [Claim],
    products: [(); 0],
    r#match: &'a [Matched],
    lines: &'a [Line],
}

/// A report in words. Comparing it with a large catalogue takes up to a second.
pub(crate) fn told_of(report: &Report, catalogue: &Catalogue, meaning: &Meaning) -> Told {
    match report {
        Report::Interaction(message) => tell_report(
            &message.source_type,
            &message.data,
            message.summary.as_deref(),
            catalogue,
            Some(meaning),
        ),
        Report::Batch(batch) => told_of_batch(batch, catalogue, meaning),
    }
}

pub(crate) fn row_of_report(
    report: &Report,
    told: &Told,
    now: Timestamp,
) -> serde_json::Result<Interaction> {
    let id = report.interaction_id();
    let row = match report {
        Report::Interaction(message) => row_of_message(message, told)?,
        Report::Batch(batch) => row_of_batch(batch, told)?,
    };
    Ok(Interaction {
        id: id.as_str().to_owned(),
        created_at: now.0,
        ..row
    })
}

fn row_of_message(message: &InteractionMessage, told: &Told) -> serde_json::Result<Interaction> {
    let data: Value = serde_json::from_str(&message.data)
        .unwrap_or_else(|_text| Value::from(message.data.as_str()));
    let row = row_of(told)?;
    Ok(Interaction {
        organization_id: message.organization_id.clone(),
        source_type: message.source_type.clone(),
        session_id: named(&message.session_id),
        data: data.to_string(),
        timestamp: message.timestamp,
        ..row
    })
}

fn told_of_batch(batch: &CctvBatchQueueMessage, catalogue: &Catalogue, meaning: &Meaning) -> Told {
    let mut frames: Vec<Frame<'_>> = batch
        .frame_analyses
        .iter()
        .map(|frame| Frame {
            at: frame.timestamp,
            description: &frame.description,
        })
        .collect();
    frames.sort_by_key(|frame| frame.at);
    let (start, end) = (batch.batch_start_timestamp, batch.batch_end_timestamp);
    tell_frames(
        &batch.camera_id,
        [start, end],
        &frames,
        catalogue,
        Some(meaning),
    )
}

fn row_of_batch(batch: &CctvBatchQueueMessage, told: &Told) -> serde_json::Result<Interaction> {
    let row = row_of(told)?;
    Ok(Interaction {
        organization_id: batch.organization_id.clone(),
        source_type: batch.source_type.clone(),
        session_id: named(&batch.session_id),
        data: serde_json::to_string(batch)?,
        timestamp: batch.batch_start_timestamp,
        ..row
    })
}

fn named(session: &str) -> Option<String> {
    (!session.is_empty()).then(|| session.to_owned())
}

/// What was told. The rest is the report's own.
fn row_of(told: &Told) -> serde_json::Result<Interaction> {
    let evidence = Evidence {
        reason: told.reason,
        claims: &told.claims,
        products: [],
        r#match: &told.matched,
        lines: &told.lines,
    };
    let lines = told.lines.iter().map(|line| line.text.as_str());
    let ids: Vec<&str> = told
        .matched
        .iter()
        .map(|it| it.product_id.as_str())
        .collect();
    let words: Vec<&str> = [told.summary.as_str()]
        .into_iter()
        .chain(lines)
        .chain(ids.iter().copied())
        .collect();
    Ok(Interaction {
        id: String::new(),
        organization_id: String::new(),
        source_type: String::new(),
        session_id: None,
        session_row: None,
        revision: 0,
        data: String::new(),
        summary: Some(told.summary.clone()),
        summary_source: Some(told.source.to_owned()),
        intent: None,
        // Nobody has measured how often services are right.
        confidence: None,
        tags: Some("[]".to_owned()),
        product_ids: Some(serde_json::to_string(&ids)?),
        evidence: Some(serde_json::to_string(&evidence)?),
        words: words.join(" ").to_lowercase(),
        timestamp: 0,
        created_at: 0,
    })
}
