//! Routes about public links to recordings.

use crate::rest::shared;
use crate::rest::table::{Entry, delete, get, post};

pub(super) fn links() -> Vec<Entry> {
    vec![
        get(
            "/admin/{orgId}/replay-links",
            "list_links",
            "The public links of an organization that have not expired, newest first.",
            shared::list_links,
        ),
        post(
            "/admin/{orgId}/replay-links",
            "make_link",
            "Makes a public link to the recording of one session, or to a part of it.\n\nThe token is shown only in this response. A masked link leaves out texts and pictures. A part begins at the last full snapshot before it, so what happened since then is in the answer. 403: the setting `publicLinks` does not allow it. 409: the organization has 1,000 links. 422: the session is not over, or has no recording.",
            shared::make_link,
        ),
        delete(
            "/admin/{orgId}/replay-links/{linkId}",
            "revoke_link",
            "Ends a public link at once.",
            shared::revoke_link,
        ),
        post(
            "/shared/open",
            "open_shared",
            "What a public link shows, for the page that plays it. Counts that the link was opened.\n\n404: the link does not work. It does not say why.",
            shared::open_shared,
        ),
        get(
            "/shared/replay",
            "get_shared_replay",
            "The recording that a public link shows: the NDJSON of `replay`, only with the events that build pages.",
            shared::get_shared_replay,
        ),
        post(
            "/shared/assets/resolve",
            "resolve_shared_assets",
            "Which pictures and fonts of the session that a public link shows are stored.",
            shared::resolve_shared_assets,
        ),
        get(
            "/shared/assets/{hash}",
            "get_shared_asset",
            "The bytes of a picture or a font that the session of a public link has shown.",
            shared::get_shared_asset,
        ),
    ]
}
