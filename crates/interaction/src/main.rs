//! The binary `crow-interaction`.

use std::process::ExitCode;

fn main() -> ExitCode {
    crow_runtime::service_main(
        "CROW interaction service: puts finished sessions into words",
        crow_interaction::Config::telemetry,
        crow_interaction::run,
    )
}
