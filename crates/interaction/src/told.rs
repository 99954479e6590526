//! A story as a row.

use std::collections::BTreeSet;

use serde::Serialize;

use crow_db::interactions::Interaction;
use crow_story::Story;
use crow_story::claims::Claim;
use crow_story::line::Line;
use crow_story::matched::Matched;
use crow_story::products::Product;
use crow_types::{SessionRecord, Timestamp};

use crate::announcement::Finished;

/// The column `evidence`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Evidence<'a> {
    reason: &'a str,
    claims: &'a [Claim],
    products: Vec<Shown<'a>>,
    /// Those of them that are in the catalogue.
    r#match: &'a [Matched],
    /// Those that a claim or a product names.
    lines: Vec<&'a Line>,
}

/// A product of the visit. `crow_db::interactions::products` reads its figures.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(flatten)]
    product: &'a Product,
    /// The catalogue's id as it is, if it is in there. `id` is cleaned.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<&'a str>,
}

impl<'a> Shown<'a> {
    /// Each product of the catalogue has one of `matched`, in the same order.
    fn all(story: &'a Story) -> Vec<Self> {
        let mut matched = story.matched.iter();
        let shown = story.products.iter().map(|product| {
            let of_catalogue = product.found.and_then(|_found| matched.next());
            Self {
                product,
                product_id: of_catalogue.map(|it| it.product_id.as_str()),
            }
        });
        shown.collect()
    }
}

pub(crate) fn row_of(
    finished: &Finished,
    session: &SessionRecord,
    story: &Story,
    now: Timestamp,
) -> serde_json::Result<Interaction> {
    let claimed = story.claims.iter().flat_map(|claim| &claim.evidence);
    let shown = story.products.iter().flat_map(|product| &product.evidence);
    let named: BTreeSet<u32> = claimed.chain(shown).copied().collect();
    let evidence = Evidence {
        reason: &story.reason,
        claims: &story.claims,
        products: Shown::all(story),
        r#match: &story.matched,
        lines: story
            .lines
            .iter()
            .filter(|line| named.contains(&line.line))
            .collect(),
    };
    // The catalogue's ids as they are; of other products, what pages name.
    let matched = story.matched.iter().map(|it| it.product_id.as_str());
    let unknown = story.products.iter().filter(|it| it.found.is_none());
    let ids: Vec<&str> = matched
        .chain(unknown.map(|product| product.id.as_str()))
        .collect();
    let names = story.products.iter().map(|product| product.name.as_str());
    let tags = story.tags.iter().map(String::as_str);
    let words: Vec<&str> = [story.summary.as_str()]
        .into_iter()
        .chain(tags)
        .chain(names)
        .chain(ids.iter().copied())
        .collect();
    Ok(Interaction {
        id: session.id.clone(),
        organization_id: session.organization_id.clone(),
        source_type: "web".to_owned(),
        session_id: Some(session.session_id.clone()),
        session_row: Some(session.id.clone()),
        revision: finished.revision,
        data: finished.data.to_string(),
        summary: Some(story.summary.clone()),
        summary_source: Some(story.source.clone()),
        intent: Some(story.intent.as_str().to_owned()),
        confidence: Some(story.confidence),
        tags: Some(serde_json::to_string(&story.tags)?),
        product_ids: Some(serde_json::to_string(&ids)?),
        evidence: Some(serde_json::to_string(&evidence)?),
        words: words.join(" ").to_lowercase(),
        timestamp: finished.timestamp,
        created_at: now.0,
    })
}
