//! Compiles `proto/` without a `protoc` on the machine.

use std::path::PathBuf;

use prost::Message;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo:rerun-if-changed={}", root.display());
    let files = [
        "crow/events/v1/events.proto",
        "crow/live/v1/live.proto",
        "crow/v1/alerts.proto",
        "crow/v1/analytics.proto",
        "crow/v1/cohorts.proto",
        "crow/v1/collections.proto",
        "crow/v1/conditions.proto",
        "crow/v1/crow.proto",
        "crow/v1/dashboards.proto",
        "crow/v1/interactions.proto",
        "crow/v1/issues.proto",
        "crow/v1/people.proto",
        "crow/v1/notes.proto",
    ];
    let descriptors = protox::compile(files, [&root])?;

    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        .bytes(".crow")
        .compile_fds(descriptors)?;
    Ok(())
}
