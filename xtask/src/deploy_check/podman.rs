//! Instances as pods of podman.
//!
//! It knows neither Jobs, Services nor HTTP probes of images without a shell. So a Job becomes a pod
//! that ends, and the checks ask the probes themselves, as a kubelet does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::instance::{self, Files, Instance};
use super::outcome::{Ended, Output};
use crate::command::output;
use crate::image::{self, podman};

/// Parts of a pod that podman does not know, or that are for a scheduler.
const LEFT_OUT: [&str; 4] = [
    "topologySpreadConstraints",
    "serviceAccountName",
    "enableServiceLinks",
    "terminationGracePeriodSeconds",
];

/// Pods; removed when dropped.
pub struct Podman {
    image: String,
    folder: PathBuf,
    files: Files,
    pods: Vec<String>,
}

impl Podman {
    /// Runs pods of this image.
    pub fn new(image: String, folder: &Path, files: Files) -> anyhow::Result<Self> {
        // podman builds an image from a folder of a pod's name: here is none.
        fs::create_dir_all(folder.join("empty"))?;
        Ok(Self {
            image,
            folder: folder.to_owned(),
            files,
            pods: Vec::new(),
        })
    }

    /// Starts one.
    pub async fn start(&mut self, instance: &Instance) -> anyhow::Result<()> {
        // podman makes one volume of all maps of a name, and writes it again for each pod.
        let own = |name: &str| format!("{}-{name}", instance.name);
        let mounts = instance.mounts(&self.files);
        let maps = mounts.iter();
        let maps = maps.map(|mount| config_map(&own(&mount.source), &mount.files));
        let documents = maps.chain([self.pod(instance)]);
        let text: Vec<_> = documents.map(|document| document.to_string()).collect();
        let file = self.folder.join(format!("{}.yaml", instance.name));
        fs::write(&file, text.join("\n---\n"))?;
        self.pods.push(instance.name.clone());
        // A run that was killed leaves its pods and volumes behind.
        for arguments in self.removals(&instance.name) {
            let _none_left_over = podman()?.args(arguments).output().await;
        }
        play(&file, &self.folder.join("empty")).await
    }

    /// Runs one to its end.
    pub async fn run(&mut self, instance: &Instance) -> anyhow::Result<Output> {
        self.start(instance).await?;
        let code = self.wait(instance).await?;
        let mut logs = podman()?;
        let logs = logs.args(["logs", &container(instance)]).output().await?;
        remove(&instance.name).await?;
        Ok(Output {
            succeeded: code == 0,
            ..logs.into()
        })
    }

    /// Runs a command of `crow` in a pod that runs.
    pub async fn exec(&self, instance: &Instance, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut command = podman()?;
        command.args(["exec", &container(instance), "crow"]);
        Ok(command.args(arguments).output().await?.into())
    }

    /// SIGTERM, and waits for the end.
    pub async fn terminate(&mut self, instance: &Instance) -> anyhow::Result<Ended> {
        let started = Instant::now();
        let name = container(instance);
        output(podman()?.args(["kill", "--signal", "TERM", &name])).await?;
        let code = self.wait(instance).await?;
        Ok(Ended {
            code,
            took: started.elapsed(),
        })
    }

    async fn wait(&self, instance: &Instance) -> anyhow::Result<i32> {
        let answer = output(podman()?.args(["wait", &container(instance)])).await?;
        answer.trim().parse().context("no exit code")
    }

    /// What one wrote.
    pub async fn log(&self, instance: &Instance) -> String {
        let Ok(mut command) = podman() else {
            return String::new();
        };
        let logs = command.args(["logs", &container(instance)]).output().await;
        logs.map(|logs| {
            let text = [logs.stdout, logs.stderr].concat();
            String::from_utf8_lossy(&text).into_owned()
        })
        .unwrap_or_default()
    }

    /// Arguments of podman that remove a pod and its volumes.
    fn removals(&self, pod: &str) -> Vec<Vec<String>> {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let mut removals = vec![words(&["pod", "rm", "--force", pod])];
        for name in self.files.keys() {
            removals.push(words(&[
                "volume",
                "rm",
                "--force",
                &format!("{pod}-{name}"),
            ]));
        }
        removals
    }

    fn pod(&self, instance: &Instance) -> Value {
        let mut pod = instance.pod.clone();
        pod["hostNetwork"] = json!(true);
        // A stopped pod stays, so that its exit code can be read.
        pod["restartPolicy"] = json!("Never");
        if let Some(fields) = pod.as_object_mut() {
            for name in LEFT_OUT {
                fields.remove(name);
            }
        }
        let container = &mut pod["containers"][0];
        container["image"] = json!(self.image);
        container["imagePullPolicy"] = json!("Never");
        if let Some(fields) = container.as_object_mut() {
            for name in ["startupProbe", "readinessProbe", "livenessProbe"] {
                fields.remove(name);
            }
            fields.remove("lifecycle");
            // They are those of the machine.
            fields.remove("ports");
        }
        for volume in pod["volumes"].as_array_mut().into_iter().flatten() {
            // This podman has no secrets in files.
            if let Some((source, _items)) = instance::source(volume) {
                let own = format!("{}-{source}", instance.name);
                *volume = json!({ "name": volume["name"], "configMap": { "name": own } });
            } else if volume.get("persistentVolumeClaim").is_some() {
                *volume = json!({ "name": volume["name"], "emptyDir": {} });
            }
        }
        json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "name": instance.name },
            "spec": pod,
        })
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        let Ok(program) = image::require_podman() else {
            return;
        };
        for arguments in self.pods.iter().flat_map(|pod| self.removals(pod)) {
            let _gone = std::process::Command::new(&program)
                .args(arguments)
                .output();
        }
    }
}

fn config_map(name: &str, files: &BTreeMap<String, String>) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": name },
        "data": files,
    })
}

fn container(instance: &Instance) -> String {
    let name = instance.pod["containers"][0]["name"].as_str();
    format!("{}-{}", instance.name, name.unwrap_or_default())
}

async fn play(file: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut command = podman()?;
    command.current_dir(folder).args(["play", "kube"]).arg(file);
    let answer = command.output().await?;
    ensure!(
        answer.status.success(),
        "podman cannot play {}: {}",
        file.display(),
        String::from_utf8_lossy(&answer.stderr).trim()
    );
    Ok(())
}

async fn remove(pod: &str) -> anyhow::Result<()> {
    output(podman()?.args(["pod", "rm", "--force", pod]))
        .await
        .map(drop)
}

/// Whether a container can be built and run here at all, with a program that needs nothing. The
/// error says why not.
pub async fn try_one(program: &Path, folder: &Path) -> anyhow::Result<()> {
    const NAME: &str = "crow-check-trial";
    let context = folder.join("trial");
    fs::create_dir_all(&context)?;
    fs::copy(program, context.join("program"))?;
    fs::write(
        context.join("Containerfile"),
        "FROM scratch\nCOPY program /program\nUSER 65532:65532\nENTRYPOINT [\"/program\"]\n",
    )?;
    let image = format!("localhost/{NAME}:0");
    build(&context, &image).await?;
    let pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": NAME },
        "spec": {
            "hostNetwork": true,
            "restartPolicy": "Never",
            "containers": [{
                "name": "program",
                "image": image,
                "imagePullPolicy": "Never",
                "args": ["--version"],
                "securityContext": { "readOnlyRootFilesystem": true, "runAsUser": 65532 },
            }],
        },
    });
    let file = context.join("pod.yaml");
    fs::write(&file, pod.to_string())?;
    let _none_left_over = remove(NAME).await;
    let empty = context.join("empty");
    fs::create_dir_all(&empty)?;
    let played = play(&file, &empty).await;
    let code = match played {
        Ok(()) => {
            let name = format!("{NAME}-program");
            output(podman()?.args(["wait", &name])).await
        }
        Err(error) => Err(error),
    };
    let _gone = remove(NAME).await;
    let _gone = podman()?.args(["rmi", "--force", &image]).output().await;
    ensure!(code?.trim() == "0", "a container that does nothing fails");
    Ok(())
}

async fn build(context: &Path, image: &str) -> anyhow::Result<()> {
    let mut command = podman()?;
    command
        .args([
            "build",
            "--isolation",
            "chroot",
            "--quiet",
            "--layers=false",
        ])
        .args(["--tag", image])
        .arg(context);
    let answer = command.output().await?;
    ensure!(
        answer.status.success(),
        "podman cannot build: {}",
        String::from_utf8_lossy(&answer.stderr).trim()
    );
    Ok(())
}
