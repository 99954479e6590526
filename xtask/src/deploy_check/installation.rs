//! Running the overlays.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use crow_testkit::wait;
use serde_json::{Value, json};

use super::client::{self, Batch, Load, ORGANIZATION, Viewer};
use super::instance::{Files, Instance};
use super::manifests::{Overlay, scratch};
use super::outcome::Output;
use super::podman::{self, Podman};
use super::processes::Processes;
use super::runner::Runner;
use super::servers::Servers;
use crate::command::progress;
use crate::dist::{self, Profile};
use crate::{image, tools};

/// Requests that are under way while a gateway stops.
const REQUESTS: usize = 16;

/// How long a client may have to retry a batch during a rolling update, on a busy machine.
const LONGEST: Duration = Duration::from_secs(30);

/// How often the doctor may run until it is green after a node was killed: the others choose leaders
/// meanwhile, and the machine is busy.
const DOCTORS: usize = 5;

/// Without containers there is an error, not a notice.
const REQUIRE_CONTAINERS: &str = "CROW_REQUIRE_CONTAINERS";

/// How long a client needs for the rest of a request that is under way.
const REST_OF_REQUEST: Duration = Duration::from_secs(1);

/// Runs both overlays, and looks at what an operator would look at.
pub async fn check(overlay: &Overlay, single: &Overlay, profile: Profile) -> anyhow::Result<()> {
    let folder = scratch()?.join("run");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let context = image::make_folder(profile).await?;
    let nats_server = tools::nats_server().await?;
    let servers = Servers::start(&folder, &nats_server).await?;
    let mut files = servers.secrets()?;
    files.extend(config_maps(overlay)?);
    let runner = runner(&folder, &context, &nats_server, files).await?;
    let mut installation = Installation::new(overlay, servers, runner)?;
    let outcome = installation.check().await;
    if outcome.is_err() {
        installation.show_logs().await;
    }
    outcome?;
    check_single(single, &mut installation.runner).await
}

/// Files of the ConfigMaps of an overlay.
fn config_maps(overlay: &Overlay) -> anyhow::Result<Files> {
    let files = |map: &Value| -> anyhow::Result<_> {
        let name = map["metadata"]["name"].as_str().unwrap_or_default();
        Ok((
            name.to_owned(),
            serde_json::from_value(map["data"].clone())?,
        ))
    };
    overlay.of_kind("ConfigMap").map(files).collect()
}

/// Pods where containers can run; otherwise processes, which is said loudly.
async fn runner(
    folder: &Path,
    context: &Path,
    nats_server: &Path,
    files: Files,
) -> anyhow::Result<Runner> {
    // It is linked statically, so it needs nothing else in its image.
    match podman::try_one(nats_server, folder).await {
        Ok(()) => {
            let image = image::build(context, "check").await?;
            progress(format!("running the pods of {image} with podman"));
            Ok(Runner::Podman(Podman::new(image, folder, files)?))
        }
        Err(error) if std::env::var_os(REQUIRE_CONTAINERS).is_some() => Err(error.context(
            format!("no container can run here, and {REQUIRE_CONTAINERS} is set"),
        )),
        Err(error) => {
            progress("==================== NO CONTAINER CAN RUN HERE ====================");
            progress(format!("reason: {error:#}"));
            progress("the stripped programs run as plain processes with the settings of the pods");
            progress("NOT CHECKED: the built image, its user, its read-only root file system");
            progress("=====================================================================");
            let program = dist::dir()?.join("bin/crow");
            let processes = Processes::new(program, nats_server.to_owned(), folder, files)?;
            Ok(Runner::Processes(processes))
        }
    }
}

struct Installation {
    runner: Runner,
    servers: Servers,
    migrate: Instance,
    doctor: Instance,
    ingest: Vec<Instance>,
    session: Vec<Instance>,
    query: Vec<Instance>,
    interaction: Vec<Instance>,
}

impl Installation {
    fn new(overlay: &Overlay, servers: Servers, runner: Runner) -> anyhow::Result<Self> {
        let settings = &servers.settings();
        let replicas = |name: &str| -> anyhow::Result<Vec<Instance>> {
            let workload = workload(overlay, "Deployment", name)?;
            let count = workload["spec"]["replicas"].as_u64().unwrap_or(1);
            (1..=count)
                .map(|number| Instance::of(workload, number, settings))
                .collect()
        };
        let migrate = workload(overlay, "Job", "migrate")?;
        let doctor = workload(overlay, "CronJob", "doctor")?;
        Ok(Self {
            runner,
            migrate: Instance::of(migrate, 1, settings)?,
            doctor: Instance::of(doctor, 1, settings)?,
            ingest: replicas("ingest")?,
            session: replicas("session")?,
            query: replicas("query")?,
            interaction: replicas("interaction")?,
            servers,
        })
    }

    fn services(&self) -> Vec<Instance> {
        [&self.ingest, &self.session, &self.query, &self.interaction]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    async fn check(&mut self) -> anyhow::Result<()> {
        self.start().await?;
        self.wait_for_the_schema().await?;
        self.doctor().await?;
        self.servers.require_tls_to_postgres().await?;
        let key = self.key("ingest,read").await?;
        self.lose_a_node(&key).await?;
        self.roll(&key).await?;
        let sessions = self.stop_a_gateway(&key).await?;
        self.stop_a_keeper().await?;
        self.find(&sessions, &key).await?;
        self.stop_a_reader(&key).await?;
        self.stop_the_rest().await
    }

    async fn start(&mut self) -> anyhow::Result<()> {
        for instance in self.services() {
            self.runner.start(&instance).await?;
        }
        for instance in self.services() {
            client::until_status(&instance.probe("livenessProbe")?, "", 200)
                .await
                .with_context(|| format!("{} is not alive", instance.name))?;
        }
        Ok(())
    }

    /// Services start before the Job, and wait for it.
    async fn wait_for_the_schema(&mut self) -> anyhow::Result<()> {
        for instance in self.services() {
            let answer = client::until_status(&instance.probe("readinessProbe")?, "", 503).await?;
            ensure!(
                answer.contains("schema") && answer.contains("crow migrate"),
                "{} does not say that it waits for the schema: {answer}",
                instance.name
            );
        }
        for expected in ["applied", "up to date"] {
            let job = self.migrate.clone();
            let output = self.runner.run(&job).await?;
            ensure!(
                output.succeeded && output.stderr.contains(expected),
                "`crow migrate` did not say `{expected}`:\n{}",
                output.stderr
            );
        }
        for instance in self.services() {
            client::until_status(&instance.probe("readinessProbe")?, "", 200)
                .await
                .with_context(|| format!("{} is not ready", instance.name))?;
        }
        progress(format!(
            "{} instances waited for the schema, and are ready",
            self.services().len()
        ));
        Ok(())
    }

    /// Like the CronJob's next run: what a moment spoils is not wrong.
    async fn doctor_in_the_end(&mut self) -> anyhow::Result<()> {
        for _attempt in 1..DOCTORS {
            match self.doctor().await {
                Ok(()) => return Ok(()),
                Err(error) => progress(format!("the job `doctor` runs again: {error:#}")),
            }
        }
        self.doctor().await
    }

    /// The CronJob `doctor`, with the addresses that pods have here.
    async fn doctor(&mut self) -> anyhow::Result<()> {
        let urls = [
            format!("--ingest-url={}", self.ingest[0].url("http")?),
            format!("--query-url={}", self.query[0].url("http")?),
        ];
        let mut job = self.doctor.clone();
        job.pod["containers"][0]["args"] = json!(["doctor", urls[0], urls[1]]);
        let output = self.runner.run(&job).await?;
        require_well(&output)?;
        progress("the job `doctor` is green");
        Ok(())
    }

    async fn key(&mut self, scopes: &str) -> anyhow::Result<String> {
        let mut arguments = vec!["keys", "create", "--org", ORGANIZATION];
        for scope in scopes.split(',') {
            arguments.extend(["--scope", scope]);
        }
        let output = self.runner.exec(&self.query[0], &arguments).await?;
        ensure!(output.succeeded, "no key: {}", output.stderr);
        Ok(output.stdout.trim().to_owned())
    }

    /// Kills one NATS node of three: publishing must go on.
    async fn lose_a_node(&mut self, key: &str) -> anyhow::Result<()> {
        self.servers.nats.kill_one().await?;
        let started = Instant::now();
        let port = *self.ingest[1]
            .ports
            .get("http")
            .context("a gateway has a port")?;
        let mut last = String::new();
        let sent = wait::until(
            "a batch to be taken",
            client::DEADLINE,
            async || match send(port, key).await {
                Ok(202) => Some(()),
                other => {
                    last = format!("{other:?}");
                    None
                }
            },
        );
        sent.await.with_context(|| format!("last answer: {last}"))?;
        progress(format!(
            "one of three NATS nodes was killed; the first batch after that was taken in {:.1} s",
            started.elapsed().as_secs_f64()
        ));
        self.find(&["after-the-node".to_owned()], key).await?;
        self.doctor_in_the_end().await?;
        self.servers.nats.revive()
    }

    /// A rolling update of everything under load: each new pod is ready before the old one stops.
    async fn roll(&mut self, key: &str) -> anyhow::Result<()> {
        let load = Load::start(ports_of(&self.ingest)?, key);
        for number in 0..self.ingest.len() {
            let old = self.ingest[number].clone();
            self.ingest[number] = self.start_successor(&old).await?;
            load.route(ports_of(&self.ingest)?);
            self.stop(&old).await?;
        }
        for number in 0..self.session.len() {
            let old = self.session[number].clone();
            self.session[number] = self.start_successor(&old).await?;
            self.stop(&old).await?;
        }
        for number in 0..self.query.len() {
            let old = self.query[number].clone();
            self.query[number] = self.start_successor(&old).await?;
            self.stop(&old).await?;
        }
        for number in 0..self.interaction.len() {
            let old = self.interaction[number].clone();
            self.interaction[number] = self.start_successor(&old).await?;
            self.stop(&old).await?;
        }
        let sent = load.finish().await?;
        self.find(&sent.sessions, key).await?;
        progress(format!(
            "rolling update: {} batches, {} tries failed, the longest batch took {:.2} s",
            sent.sessions.len(),
            sent.failed,
            sent.longest.as_secs_f64()
        ));
        ensure!(
            sent.longest < LONGEST,
            "a client had to retry for {:.1} s during the rolling update",
            sent.longest.as_secs_f64()
        );
        Ok(())
    }

    async fn start_successor(&mut self, old: &Instance) -> anyhow::Result<Instance> {
        let new = old.successor()?;
        self.runner.start(&new).await?;
        client::until_status(&new.probe("readinessProbe")?, "", 200)
            .await
            .with_context(|| format!("{} is not ready", new.name))?;
        Ok(new)
    }

    /// Stops a gateway while requests are under way: all of them must be answered.
    async fn stop_a_gateway(&mut self, key: &str) -> anyhow::Result<Vec<String>> {
        let gateway = self.ingest[0].clone();
        let port = *gateway.ports.get("http").context("a gateway has a port")?;
        let mut batches = Vec::new();
        for number in 0..REQUESTS {
            batches.push(Batch::begin(port, key, &format!("under-way-{number}")).await?);
        }
        let sessions = batches.iter().map(|batch| batch.session.clone()).collect();
        let finishing = async {
            wait::quiet_for(REST_OF_REQUEST).await;
            let mut statuses = Vec::new();
            for batch in batches {
                statuses.push(batch.finish().await);
            }
            statuses
        };
        let (stopped, statuses) = tokio::join!(self.stop(&gateway), finishing);
        for status in statuses {
            let status = status.context("a request was lost while a gateway stopped")?;
            ensure!(
                status == 202,
                "a request got {status} while a gateway stopped"
            );
        }
        stopped?;
        progress(format!(
            "{REQUESTS} requests were answered by a gateway that stopped"
        ));
        Ok(sessions)
    }

    async fn stop_a_keeper(&mut self) -> anyhow::Result<()> {
        let keeper = self.session[0].clone();
        self.stop(&keeper).await
    }

    /// Everything that was acknowledged can be read.
    async fn find(&mut self, sessions: &[String], key: &str) -> anyhow::Result<()> {
        let reader = self.query[0].url("http")?;
        for session in sessions {
            let url = format!("{reader}/sessions/{ORGANIZATION}/{session}/events");
            let events = client::until_status(&url, key, 200).await?;
            let count = events.matches("\"pageview\"").count();
            ensure!(count == 1, "{session} has {count} events: {events}");
        }
        progress("each acknowledged event can be read once");
        Ok(())
    }

    /// Stops the read API while somebody watches.
    async fn stop_a_reader(&mut self, key: &str) -> anyhow::Result<()> {
        let reader = self.query[0].clone();
        let port = *reader
            .ports
            .get("http")
            .context("the read API has a port")?;
        let viewer = Viewer::open(port, key).await?;
        let (stopped, closed) = tokio::join!(self.stop(&reader), viewer.closed());
        closed?;
        stopped
    }

    async fn stop_the_rest(&mut self) -> anyhow::Result<()> {
        for instances in [&self.ingest, &self.session, &self.query, &self.interaction] {
            for instance in instances.iter().skip(1) {
                stop(&mut self.runner, instance).await?;
            }
        }
        Ok(())
    }

    async fn stop(&mut self, instance: &Instance) -> anyhow::Result<()> {
        stop(&mut self.runner, instance).await
    }

    async fn show_logs(&self) {
        for instance in self.services() {
            let log = self.runner.log(&instance).await;
            progress(format!("{} wrote:\n{log}", instance.name));
        }
    }
}

fn ports_of(gateways: &[Instance]) -> anyhow::Result<Vec<u16>> {
    let port = |gateway: &Instance| gateway.ports.get("http").copied();
    let ports: Option<Vec<_>> = gateways.iter().map(port).collect();
    ports.context("each gateway has a port")
}

async fn send(port: u16, key: &str) -> anyhow::Result<u16> {
    Batch::begin(port, key, "after-the-node")
        .await?
        .finish()
        .await
}

/// `crow doctor` as `kubectl exec` runs it.
async fn doctor(
    runner: &Runner,
    beside: &Instance,
    ingest: &str,
    query: &str,
) -> anyhow::Result<()> {
    let arguments = ["doctor", "--ingest-url", ingest, "--query-url", query];
    require_well(&runner.exec(beside, &arguments).await?)?;
    progress(format!("`crow doctor` is green in {}", beside.name));
    Ok(())
}

fn require_well(doctor: &Output) -> anyhow::Result<()> {
    ensure!(
        doctor.succeeded && doctor.stdout.contains("all is well"),
        "`crow doctor` failed:\n{}{}",
        doctor.stdout,
        doctor.stderr
    );
    Ok(())
}

/// SIGTERM: it must end in order, and in time.
async fn stop(runner: &mut Runner, instance: &Instance) -> anyhow::Result<()> {
    let ended = runner.terminate(instance).await?;
    ensure!(
        ended.code == 0 && ended.took <= instance.grace(),
        "{} ended with code {} after {:.1} s; it has {} s",
        instance.name,
        ended.code,
        ended.took.as_secs_f64(),
        instance.grace().as_secs()
    );
    progress(format!(
        "{} stopped in {:.1} of {} s",
        instance.name,
        ended.took.as_secs_f64(),
        instance.grace().as_secs()
    ));
    Ok(())
}

/// The overlay `single`: one pod, which brings everything with it.
async fn check_single(overlay: &Overlay, runner: &mut Runner) -> anyhow::Result<()> {
    // It does not publish this port, and other programs of this machine may have it.
    let address = format!("127.0.0.1:{}", crow_testkit::port::free_port());
    let settings = [("CROW_SESSION__LISTEN".to_owned(), address)];
    let pod = Instance::of(workload(overlay, "Deployment", "all")?, 1, &settings)?;
    runner.start(&pod).await?;
    let outcome = async {
        client::until_status(&pod.probe("startupProbe")?, "", 200).await?;
        client::until_status(&pod.probe("readinessProbe")?, "", 200).await?;
        doctor(runner, &pod, &pod.url("ingest")?, &pod.url("query")?).await
    }
    .await;
    if outcome.is_err() {
        progress(runner.log(&pod).await);
    }
    outcome?;
    stop(runner, &pod).await
}

fn workload<'a>(overlay: &'a Overlay, kind: &str, component: &str) -> anyhow::Result<&'a Value> {
    overlay
        .resources
        .iter()
        .filter(|one| one["kind"] == kind)
        .find(|one| one["metadata"]["labels"]["app.kubernetes.io/component"] == component)
        .with_context(|| format!("no {kind} of {component}"))
}
