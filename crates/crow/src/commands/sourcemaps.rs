//! `crow sourcemaps`: uploads the source maps of a build, over the read API. It needs no installation
//! beside it: it runs where a site is built.

mod folder;
mod send;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use secrecy::SecretString;

use crow_types::OrganizationId;

use folder::{Built, Problem};
use send::{Api, Failure};

/// Where the key is: not in the arguments, which everybody on the machine can read.
const KEY: &str = "CROW_API_KEY";

#[derive(Subcommand)]
pub(crate) enum SourcemapsCommand {
    /// Upload the source maps of a folder with built scripts, and write debug ids into both. The API
    /// key, with the scope `admin`, is in CROW_API_KEY.
    Upload(UploadArgs),
}

#[derive(Args)]
pub(crate) struct UploadArgs {
    /// The folder that the bundler wrote, such as `dist`.
    folder: PathBuf,
    /// The version of the page, as the SDK's option `release` names it.
    #[arg(long)]
    release: String,
    /// The organization of the key.
    #[arg(long)]
    org: OrganizationId,
    /// Address of the read API, such as `https://crow.example.com`.
    #[arg(long, value_name = "URL")]
    url: reqwest::Url,
    /// The path at which the site serves the folder.
    #[arg(long, default_value = "/", value_name = "PATH")]
    url_prefix: String,
    /// Write no debug ids into the scripts. Maps are then found by release and path alone.
    #[arg(long)]
    no_inject: bool,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Certificates of the authority, in PEM, that signed the one of the read API. Default: the
    /// authorities that the system trusts.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

/// Runs the command on a runtime of its own, since it reads no configuration.
pub(crate) fn start(command: &SourcemapsCommand) -> anyhow::Result<ExitCode> {
    let SourcemapsCommand::Upload(args) = command;
    crow_runtime::install_crypto();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(upload(args))
}

/// What was done.
#[derive(Debug, Default)]
struct Tally {
    uploaded: usize,
    bytes: u64,
    without_map: Vec<String>,
    failed: usize,
}

async fn upload(args: &UploadArgs) -> anyhow::Result<ExitCode> {
    let scripts = folder::scripts(&args.folder)?;
    if scripts.is_empty() {
        bail!(
            "there are no scripts (.js, .mjs, .cjs) in {}: name the folder that the bundler writes",
            args.folder.display()
        );
    }
    let api = if args.dry_run { None } else { Some(api(args)?) };
    let mut tally = Tally::default();
    for script in scripts {
        one(args, api.as_ref(), &script, &mut tally).await?;
    }
    Ok(report(args, &tally))
}

fn api(args: &UploadArgs) -> anyhow::Result<Api> {
    let key = std::env::var(KEY).ok().filter(|key| !key.is_empty());
    let key = key.with_context(|| {
        format!(
            "set {KEY} to an API key with the scope `admin`: `crow keys create --org {} --scope admin` makes one",
            args.org.as_str()
        )
    })?;
    let http = super::doctor::http_client(args.ca_file.as_deref())?;
    Api::new(http, &args.url, &args.org, SecretString::from(key))
}

/// Does everything for one script. An error ends the command; what is wrong with one script alone is
/// only told.
async fn one(
    args: &UploadArgs,
    api: Option<&Api>,
    script: &Path,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let name = script.display();
    let built = match folder::read(&args.folder, script) {
        Ok(built) => built,
        Err(Problem::NoMap) => {
            tally.without_map.push(name.to_string());
            return Ok(());
        }
        Err(problem) => {
            eprintln!("{name}: {problem}");
            tally.failed += 1;
            return Ok(());
        }
    };
    let path = folder::path_of(&args.url_prefix, script);
    if !args.no_inject && !args.dry_run {
        built.inject(&args.folder)?;
    }
    let map = built.map(!args.no_inject);
    let sent = match api {
        None => Ok(()),
        Some(api) => {
            let id = built.debug_id(!args.no_inject);
            api.send(&args.release, &path, id, map).await
        }
    };
    match sent {
        Ok(()) => {
            println!("{}", line(args, &built, &path));
            tally.uploaded += 1;
            tally.bytes += map.len() as u64;
            Ok(())
        }
        Err(Failure::OfMap(text)) => {
            eprintln!("{name}: {text}");
            tally.failed += 1;
            Ok(())
        }
        Err(Failure::OfAll(error)) => Err(error),
    }
}

fn line(args: &UploadArgs, built: &Built, path: &str) -> String {
    let verb = if args.dry_run {
        "would upload"
    } else {
        "uploaded"
    };
    let id = match built.debug_id(!args.no_inject) {
        None => String::new(),
        Some(id) if args.no_inject || !built.needs_injection() => format!(", debug id {id}"),
        Some(id) => format!(", new debug id {id}"),
    };
    format!(
        "{verb} {path}: {} kB{id}",
        built.map(!args.no_inject).len().div_ceil(1_000)
    )
}

fn report(args: &UploadArgs, tally: &Tally) -> ExitCode {
    let verb = if args.dry_run {
        "would upload"
    } else {
        "uploaded"
    };
    println!(
        "{verb} {} source maps of release {}, {} kB",
        tally.uploaded,
        args.release,
        tally.bytes.div_ceil(1_000)
    );
    if !tally.without_map.is_empty() {
        let (count, names) = (tally.without_map.len(), &tally.without_map);
        let shown = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let more = if count > 5 { ", …" } else { "" };
        println!("{count} scripts have no source map: {shown}{more}");
    }
    if tally.failed > 0 {
        println!("{} scripts failed, see above", tally.failed);
        return ExitCode::FAILURE;
    }
    if tally.uploaded == 0 {
        println!(
            "no script has a source map: let the bundler write them (Vite: `build.sourcemap: 'hidden'`; \
             webpack: `devtool: 'hidden-source-map'`; Rollup: `output.sourcemap: 'hidden'`; esbuild: \
             `--sourcemap=external`)"
        );
        return ExitCode::FAILURE;
    }
    if !args.dry_run {
        println!("do not publish the .map files: CROW has them now");
    }
    ExitCode::SUCCESS
}
