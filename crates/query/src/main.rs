//! `crow-query`: the read API as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    crow_runtime::service_main(
        "Serves the read API of CROW over REST and gRPC",
        crow_query::Config::telemetry,
        crow_query::run,
    )
}
