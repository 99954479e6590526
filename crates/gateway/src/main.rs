//! `crow-gateway`: the API gateway as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    crow_runtime::service_main(
        "Verifies callers of CROW once and forwards their requests to the services",
        crow_gateway::Config::telemetry,
        crow_gateway::run,
    )
}
