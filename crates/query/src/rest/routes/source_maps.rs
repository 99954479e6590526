//! Routes of source maps.

use crate::rest::source_maps;
use crate::rest::table::{Entry, delete, get, post};

pub fn entries() -> Vec<Entry> {
    const ALL: &str = "/source-maps/{orgId}";
    vec![
        get(
            ALL,
            "list_source_maps",
            "Source maps of an organization, newest first, in pages.\n\nTheir content is in no answer: it only explains stacks.",
            source_maps::list_source_maps,
        ),
        post(
            ALL,
            "upload_source_map",
            "Stores the source map of a script, in place of an earlier one of the same release and path.\n\nVersion 3, also with sections; at most 64 MiB unless configured otherwise, also compressed with gzip or zstd. A repeat changes nothing. Maps of the 50 newest releases are kept. `crow sourcemaps upload` uses this route.",
            source_maps::upload_source_map,
        ),
        delete(
            "/source-maps/{orgId}/{mapId}",
            "remove_source_map",
            "Removes a source map.",
            source_maps::remove_source_map,
        ),
        get(
            "/sessions/{orgId}/{sessionId}/events/{eventId}/stack",
            "get_stack",
            "The stack of an event of the type `error`, with the sources of its frames. 404: it has none.",
            source_maps::get_stack,
        ),
    ]
}
