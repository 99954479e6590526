//! Resource usage and metrics of processes.

use std::fs;

use anyhow::Context;

/// Clock ticks of `/proc` a second: the same on every Linux that we know.
const TICKS: f64 = 100.0;

/// Seconds of processor time that a process has used, all its threads together.
pub fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    seconds_of(&fs::read_to_string(format!("/proc/{pid}/stat"))?)
}

/// The same for a process and its children, including ended ones.
pub fn family_cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let mut seconds = 0.0;
    for process in fs::read_dir("/proc")? {
        let Ok(stat) = fs::read_to_string(process?.path().join("stat")) else {
            continue;
        };
        let fields = fields_of(&stat)?;
        let is_child = fields[PARENT] == pid.to_string();
        if is_child {
            seconds += seconds_at(&fields, OWN)?;
        }
    }
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = fields_of(&stat)?;
    Ok(seconds + seconds_at(&fields, OWN)? + seconds_at(&fields, OF_ENDED_CHILDREN)?)
}

/// Bytes that a process has caused to be written to disk.
pub fn written_bytes(pid: u32) -> anyhow::Result<u64> {
    let io = fs::read_to_string(format!("/proc/{pid}/io"))?;
    let line = io
        .lines()
        .find_map(|line| line.strip_prefix("write_bytes: "));
    Ok(line.context("no such line in io")?.parse()?)
}

/// Seconds of CPU time of threads by the prefix of their name.
pub fn thread_cpu_seconds(pid: u32, name: &str) -> anyhow::Result<f64> {
    let mut seconds = 0.0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let thread = thread?.path();
        if fs::read_to_string(thread.join("comm"))?.starts_with(name) {
            seconds += seconds_of(&fs::read_to_string(thread.join("stat"))?)?;
        }
    }
    Ok(seconds)
}

fn seconds_of(stat: &str) -> anyhow::Result<f64> {
    seconds_at(&fields_of(stat)?, OWN)
}

/// Positions among the fields after the name.
const PARENT: usize = 1;
const OWN: usize = 11;
const OF_ENDED_CHILDREN: usize = 13;

fn fields_of(stat: &str) -> anyhow::Result<Vec<&str>> {
    // The second field is a name in brackets, which may hold anything.
    let (_name, rest) = stat.rsplit_once(')').context("a stat line has a name")?;
    Ok(rest.split_whitespace().collect())
}

/// Time in user code and in the kernel, one after the other.
fn seconds_at(fields: &[&str], index: usize) -> anyhow::Result<f64> {
    let ticks: u64 = fields[index].parse::<u64>()? + fields[index + 1].parse::<u64>()?;
    Ok(ticks as f64 / TICKS)
}

/// Resident memory of a process now, MB.
pub fn resident_mb(pid: u32) -> anyhow::Result<f64> {
    status_mb(pid, "VmRSS:")
}

/// The most resident memory that a process ever had, MB.
pub fn peak_mb(pid: u32) -> anyhow::Result<f64> {
    status_mb(pid, "VmHWM:")
}

fn status_mb(pid: u32, name: &str) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    Ok(kilobytes
        .context("no such line in status")?
        .parse::<f64>()?
        * 1024.0
        / 1e6)
}

/// Bytes of all files in a folder and below.
pub fn folder_bytes(folder: &std::path::Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Files may disappear during the scan.
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        bytes += if metadata.is_dir() {
            folder_bytes(&entry.path())?
        } else {
            metadata.len()
        };
    }
    Ok(bytes)
}

/// The sum of a metric over all its labels that contain `label`; 0 when it is not there yet.
pub async fn metric(
    http: &reqwest::Client,
    url: &str,
    name: &str,
    label: &str,
) -> anyhow::Result<f64> {
    let text = http
        .get(format!("{url}/metrics"))
        .send()
        .await?
        .text()
        .await?;
    Ok(text
        .lines()
        .filter_map(|line| line.strip_prefix(name))
        .filter(|rest| rest.starts_with([' ', '{']) && rest.contains(label))
        .filter_map(|rest| rest.rsplit_once(' ')?.1.parse::<f64>().ok())
        .fold(0.0, |sum, value| sum + value))
}
