//! `crow-ingest`: the ingest gateway as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    crow_runtime::service_main(
        "CROW ingest gateway: receives events over HTTP",
        crow_ingest::Config::telemetry,
        crow_ingest::run,
    )
}
