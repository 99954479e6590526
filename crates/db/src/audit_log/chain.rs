use ring::digest::{Context, SHA256};

use crate::entity::audit_log::Model as AuditRow;

/// The hash of a row and of the hash before it. Each part comes with its length, so no two rows give
/// the same bytes.
pub(super) fn hash_of(row: &AuditRow, before: &str) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let parts = [
        before.to_owned(),
        row.id.clone(),
        row.organization_id.clone(),
        row.sequence.unwrap_or_default().to_string(),
        row.at.to_string(),
        text(&row.actor_kind),
        text(&row.actor_id),
        text(&row.address),
        row.action.clone(),
        row.subject.clone(),
        text(&row.outcome),
    ];
    let mut hash = Context::new(&SHA256);
    for part in parts {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    data_encoding::HEXLOWER.encode(hash.finish().as_ref())
}
