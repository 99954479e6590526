//! The table itself, in the order of the page.

use metrics::Unit;

use super::metric::{Kind, Metric};

/// Label values that several metrics have.
const LANES: &str = "`events`, `replay`";

const fn counter(
    name: &'static str,
    labels: &'static [(&'static str, &'static str)],
    about: &'static str,
) -> Metric {
    of(name, Kind::Counter, Unit::Count, labels, about)
}

const fn gauge(
    name: &'static str,
    labels: &'static [(&'static str, &'static str)],
    about: &'static str,
) -> Metric {
    of(name, Kind::Gauge, Unit::Count, labels, about)
}

const fn seconds(
    name: &'static str,
    labels: &'static [(&'static str, &'static str)],
    about: &'static str,
) -> Metric {
    of(name, Kind::Histogram, Unit::Seconds, labels, about)
}

const fn of(
    name: &'static str,
    kind: Kind,
    unit: Unit,
    labels: &'static [(&'static str, &'static str)],
    about: &'static str,
) -> Metric {
    Metric {
        name,
        kind,
        unit,
        labels,
        about,
    }
}

/// Every metric that our services export.
pub const METRICS: &[Metric] = &[
    counter(
        "crow_http_requests_total",
        &[
            ("route", "pattern of the path, or `unmatched`"),
            ("method", "HTTP method"),
            ("status", "HTTP status"),
        ],
        "HTTP requests answered.",
    ),
    seconds(
        "crow_http_request_seconds",
        &[("route", "pattern of the path, or `unmatched`")],
        "Time from the head of a request to its answer.",
    ),
    counter(
        "crow_connections_refused_total",
        &[],
        "Connections closed at once because the limit was reached.",
    ),
    counter(
        "crow_connections_closed_silent_total",
        &[],
        "Connections closed to make room because they had asked nothing.",
    ),
    gauge(
        "crow_failing_partitions",
        &[(
            "what",
            "`publishing`, `stream`, `loading`, `due sessions`, `claim checks`, `dead letters`, `objects`, `commits`, `given up`",
        )],
        "Partitions on which this step is failing right now.",
    ),
    counter(
        "crow_auth_services_refused_total",
        &[
            ("role", "`gateway`, `system`"),
            ("why", "`identity`, `secret`, `proxied`"),
        ],
        "Requests that claim to come from the API gateway or from another service, and do not show it.",
    ),
    counter(
        "crow_ingest_batches_total",
        &[
            ("route", "such as `/batch`"),
            ("outcome", "`accepted`, or the error code"),
        ],
        "Requests of the tracking routes, by outcome.",
    ),
    counter(
        "crow_ingest_events_total",
        &[
            ("outcome", "`accepted`, `rejected`, `refused`, `dropped`"),
            (
                "reason",
                "`durable`, the error code, or `privacy_signal`, `consent_denied`, `not_recorded`, `switched_off`",
            ),
            ("lane", LANES),
        ],
        "Events and replay events: stored in the stream, rejected one by one as invalid, refused with their batch, or dropped because visitor or organization do not want them stored.",
    ),
    counter(
        "crow_ingest_ignored_fields_total",
        &[("reason", "code in the receipt")],
        "Optional fields that were cut or dropped without losing the event.",
    ),
    of(
        "crow_ingest_bytes_total",
        Kind::Counter,
        Unit::Bytes,
        &[("kind", "`received`, `inflated`")],
        "Bytes of bodies, as sent and after decompression.",
    ),
    of(
        "crow_ingest_inflight_bytes",
        Kind::Gauge,
        Unit::Bytes,
        &[],
        "Memory of the requests that are in progress, in bytes; the limit is `ingest.max_inflight_bytes`.",
    ),
    seconds(
        "crow_ingest_publish_seconds",
        &[],
        "Time from publishing a batch to the acknowledgement of the stream.",
    ),
    counter(
        "crow_ingest_oversized_total",
        &[("by", "`compression`, `object`")],
        "Messages larger than the bus allows: compressed, or stored as an object that the message names.",
    ),
    counter(
        "crow_ingest_rate_limited_total",
        &[("by", "`key`, `address`, `assets`")],
        "Requests refused by a rate limit.",
    ),
    counter(
        "crow_ingest_asset_reports_total",
        &[(
            "outcome",
            "`written`, `failed`, `limited`, `dropped`, `unanswered`",
        )],
        "Reports of pictures and fonts that pages showed.",
    ),
    of(
        "crow_bus_group_batches",
        Kind::Histogram,
        Unit::Count,
        &[],
        "Batches that shared one message of the stream.",
    ),
    counter(
        "crow_bus_publish_failures_total",
        &[(
            "reason",
            "`disconnected`, `timed_out`, `full`, `no_room`, `busy`, `too_large`, `no_stream`, `server`",
        )],
        "Messages that the stream did not acknowledge.",
    ),
    counter(
        "crow_bus_servers_left_total",
        &[],
        "NATS servers that this process left because nothing succeeded on them, such as one that lost the other nodes of its cluster.",
    ),
    counter(
        "crow_bus_missing_messages_total",
        &[],
        "Messages that a partition's stream no longer had when the keeper wanted to read them. Anything but 0 is data loss.",
    ),
    counter(
        "crow_bus_frames_dropped_total",
        &[],
        "Frames for live watchers that the keeper dropped; watchers read them from storage.",
    ),
    gauge(
        "crow_session_partitions",
        &[],
        "Partitions that this keeper owns.",
    ),
    gauge(
        "crow_session_lag_messages",
        &[(
            "partition",
            "the number of a partition that this process owns",
        )],
        "Messages in the partition's stream whose effects are not committed.",
    ),
    of(
        "crow_session_lag_seconds",
        Kind::Gauge,
        Unit::Seconds,
        &[(
            "partition",
            "the number of a partition that this process owns",
        )],
        "Age of the oldest of these messages. It is at most about `session.flush_age_ms` unless the keeper is behind.",
    ),
    counter(
        "crow_session_batches_total",
        &[],
        "Batches read from the stream.",
    ),
    counter(
        "crow_session_events_total",
        &[("lane", LANES)],
        "Events and replay events committed.",
    ),
    counter(
        "crow_session_event_rows_total",
        &[],
        "Rows of events committed; see `session.event_rows`.",
    ),
    counter(
        "crow_session_errors_left_out_total",
        &[],
        "Errors that no issue counts, because their session had 64 other issues in one flush.",
    ),
    counter(
        "crow_session_flushes_total",
        &[("reason", "`bytes`, `age`, `session_end`, `drain`")],
        "Flushes committed, by what caused them.",
    ),
    seconds(
        "crow_session_flush_seconds",
        &[],
        "Time of a flush: object, rows and checkpoint.",
    ),
    counter("crow_session_packs_total", &[], "Pack objects written."),
    counter(
        "crow_session_commit_failures_total",
        &[],
        "Commits that failed and were retried.",
    ),
    counter(
        "crow_session_dead_letters_total",
        &[("reason", "why the message could not be processed")],
        "Messages moved to the dead letters.",
    ),
    counter(
        "crow_session_erased_batches_total",
        &[],
        "Batches that were dropped because their session, user or organization was erased.",
    ),
    counter(
        "crow_session_expired_total",
        &[("kind", "`sessions`, `events` or `recordings`")],
        "Sessions that were erased, or lost their events or their recording, because of their age.",
    ),
    counter(
        "crow_session_withdrawn_total",
        &[],
        "Sessions that were erased because their visitor withdrew consent.",
    ),
    counter(
        "crow_session_stream_went_back_total",
        &[],
        "Times that a stream was found recreated or restored from an older copy.",
    ),
    counter(
        "crow_session_snapshots_asked_total",
        &[],
        "Times that the keeper asked an SDK for a new snapshot of its page.",
    ),
    counter(
        "crow_session_reused_numbers_total",
        &[],
        "Times that two pages used the same window and sequence number, such as a duplicated tab.",
    ),
    counter(
        "crow_session_announcements_total",
        &[],
        "Finished sessions announced.",
    ),
    seconds(
        "crow_session_announce_delay_seconds",
        &[],
        "Time from the commit of a session's end to its announcement.",
    ),
    counter(
        "crow_session_undelivered_total",
        &[],
        "Announcements moved to the dead letters because no consumer acknowledged them.",
    ),
    counter(
        "crow_session_archives_total",
        &[("outcome", "`archived`, `merged`, `changed`, `failed`")],
        "Attempts to archive a finished session, or to merge chunks of open ones.",
    ),
    gauge(
        "crow_session_archives_stuck",
        &[],
        "Sessions that cannot be archived or merged after several attempts.",
    ),
    gauge(
        "crow_session_erasures_broken",
        &[],
        "Erasures of which something was found again by the daily verifier.",
    ),
    gauge(
        "crow_session_announcements_unreadable",
        &[],
        "Finished sessions that are not announced because this version cannot read their rows.",
    ),
    counter(
        "crow_session_cpu_microseconds_total",
        &[("part", "`decode`, `apply`, `pack`")],
        "CPU time of the keeper's own work, in microseconds.",
    ),
    counter(
        "crow_storage_operations_total",
        &[
            ("operation", "`put`, `get`, `get_range`, `delete`"),
            ("outcome", "`ok`, `failed`"),
        ],
        "Operations on the object store, after their retries.",
    ),
    of(
        "crow_storage_written_bytes_total",
        Kind::Counter,
        Unit::Bytes,
        &[],
        "Bytes of objects written.",
    ),
    seconds(
        "crow_gateway_answer_seconds",
        &[("service", "`ingest`, `query`, `query-grpc`, `other`")],
        "Time from a request at the API gateway to the first byte of the service's answer.",
    ),
    counter(
        "crow_gateway_failures_total",
        &[
            ("service", "`ingest`, `query`, `query-grpc`, `other`"),
            ("why", "`unreachable`, `slow`"),
        ],
        "Requests that a service behind the API gateway did not answer.",
    ),
    counter(
        "crow_gateway_rate_limited_total",
        &[("by", "`address`, `key`, `user`, `caller`")],
        "Requests that the API gateway refused because of a rate limit.",
    ),
    counter(
        "crow_interaction_announcements_total",
        &[(
            "outcome",
            "`stored`, `outdated`, `gone`, `unreadable`, `failed`",
        )],
        "Announcements that were read from the work queue. `failed` ones are delivered again.",
    ),
    counter(
        "crow_interaction_imports_total",
        &[("outcome", "`done`, `failed`, `cancelled`")],
        "Imports of catalogues from sites that ended. A `cancelled` one was taken back, or another process has it.",
    ),
    counter(
        "crow_interaction_published_total",
        &[],
        "Stored interactions that were announced on `crow.stored.interaction`.",
    ),
    counter(
        "crow_interaction_retries_total",
        &[(
            "outcome",
            "`worded`, `failed`, `given_up`, `gone`, `no_tokens`, `left_alone`",
        )],
        "Attempts to ask language models again about visits whose text rules wrote. After `given_up` there are no more attempts. At `no_tokens` and `left_alone` no model was asked.",
    ),
    gauge(
        "crow_interaction_retries_waiting",
        &[],
        "Visits of all organizations that wait for a language model. Each process with models reads it from the database at least every 30 seconds when nothing is due.",
    ),
    seconds(
        "crow_interaction_stored_seconds",
        &[],
        "Time from the publication of an announcement or a report to its stored interaction.",
    ),
    counter(
        "crow_ai_questions_total",
        &[
            ("task", "`summary`, `analysis`, `product`"),
            ("by", "`model`, `kept`, `budget`, `nobody`"),
        ],
        "Texts that language models were asked for. `kept`: the answer to the same question was stored. After `budget` and `nobody` rules write the text, or a report has no product.",
    ),
    counter(
        "crow_ai_calls_total",
        &[
            ("model", "name in the settings"),
            (
                "outcome",
                "`answered`, `slow`, `unreachable`, `broken_off`, `rate_limited`, `status`, `too_long`, `unreadable`, `refused`, `cut_off`, `wrong_form`, `unfounded`",
            ),
        ],
        "Requests to language models and to a remote model of embeddings. None if nothing left the installation.",
    ),
    seconds(
        "crow_ai_call_seconds",
        &[("model", "name in the settings")],
        "How long requests to language models and to a remote model of embeddings took.",
    ),
    counter(
        "crow_ai_tokens_total",
        &[
            ("model", "name in the settings"),
            ("direction", "`input`, `output`"),
        ],
        "Tokens of language models and of a remote model of embeddings, as providers count them.",
    ),
    counter(
        "crow_query_notifications_total",
        &[("outcome", "`stored`, `known`, `failed`, `unreadable`")],
        "Notifications of other services that were taken from the bus.",
    ),
    counter(
        "crow_query_alerts_total",
        &[(
            "outcome",
            "`told`, `quiet`, `failed`; `lost`: another process has taken the rule",
        )],
        "Rules of alerts that were evaluated.",
    ),
    counter(
        "crow_query_alert_messages_total",
        &[(
            "outcome",
            "`arrived`, `failed`: to be tried again, `exhausted`, `dropped`, `lost`: another process has taken it",
        )],
        "Attempts to send a message about an alert.",
    ),
    counter("crow_query_replays_total", &[], "Replays started."),
    of(
        "crow_query_replay_read_bytes_total",
        Kind::Counter,
        Unit::Bytes,
        &[],
        "Bytes read from objects for replays.",
    ),
    counter(
        "crow_query_questions_refused_total",
        &[],
        "Analytics and filtered lists refused because too many were running.",
    ),
    gauge("crow_query_watchers", &[], "Live streams that are open."),
    counter("crow_query_tails_total", &[], "Live streams opened."),
    counter(
        "crow_query_tail_holes_total",
        &[],
        "Times that a live stream filled a gap from storage.",
    ),
    counter(
        "crow_query_frames_dropped_total",
        &[],
        "Frames dropped because a watcher was slow; they are read from storage.",
    ),
    counter(
        "crow_query_watchers_cut_off_total",
        &[],
        "Live streams closed because the watcher took nothing.",
    ),
];
