//! The binary `crow-session`.

use std::process::ExitCode;

fn main() -> ExitCode {
    crow_runtime::service_main(
        "CROW session keeper: turns the event streams into sessions, replays and announcements",
        crow_session::Config::telemetry,
        crow_session::run,
    )
}
