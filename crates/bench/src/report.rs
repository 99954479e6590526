//! Writes the results: `docs/benchmarks.md` for people, JSON for a later comparison.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde_json::json;

use crate::plot;
use crate::results::{Figure, Results, Sheet};
use crate::scenario::Scenario;

/// How the figures came about.
pub struct About {
    pub command: String,
    pub rounds: usize,
    pub nats_server: String,
}

/// The report of a run. Scenarios that were not run keep their section.
pub fn write(folder: &Path, results: &Results, about: &About) -> anyhow::Result<()> {
    fs::create_dir_all(folder.join("benchmarks"))?;
    let machine = machine(about)?;
    for sheet in &results.scenarios {
        let json = json!({ "machine": machine, "command": about.command, "results": sheet });
        let file = folder.join(format!("benchmarks/{}.json", sheet.name));
        fs::write(file, serde_json::to_string_pretty(&json)? + "\n")?;
        if !sheet.curves.is_empty() {
            let file = folder.join(format!("benchmarks/{}.svg", sheet.name));
            plot::draw(&file, sheet)?;
        }
    }
    let file = folder.join("benchmarks.md");
    let mut text =
        fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    for sheet in &results.scenarios {
        text = replaced(&text, sheet.name, &section(sheet, &machine, about))?;
    }
    fs::write(file, text)?;
    Ok(())
}

/// The text of one scenario.
fn section(sheet: &Sheet, machine: &[String], about: &About) -> String {
    let mut text = format!("{}\n\n", Scenario::about(sheet.name));
    let _ = writeln!(text, "{}", table(sheet));
    if !sheet.curves.is_empty() {
        let _ = writeln!(text, "![{}](benchmarks/{}.svg)\n", sheet.name, sheet.name);
    }
    let _ = writeln!(
        text,
        "<sub>`{}`, {} rounds; {}.</sub>",
        about.command,
        about.rounds,
        machine.join(", ")
    );
    text
}

/// Medians, and the range where there were several rounds.
pub fn table(sheet: &Sheet) -> String {
    let mut text = format!(
        "| |{}|\n|---|",
        sheet
            .columns
            .iter()
            .map(|name| format!(" {name} |"))
            .collect::<String>()
            .trim_end_matches('|')
    );
    text.push_str(&"---:|".repeat(sheet.columns.len()));
    text.push('\n');
    for row in &sheet.rows {
        let _ = write!(text, "| {} |", row.name);
        for column in &sheet.columns {
            let cell = row.figure(column).map(cell).unwrap_or_default();
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    text
}

fn cell(figure: &Figure) -> String {
    let (least, most) = figure.range();
    if figure.rounds.len() == 1 || number(least) == number(most) {
        return number(figure.median());
    }
    format!(
        "**{}** ({}–{})",
        number(figure.median()),
        number(least),
        number(most)
    )
}

/// Three digits that count, thousands apart.
fn number(value: f64) -> String {
    if value >= 100.0 {
        let digits = format!("{value:.0}");
        let first = digits.len() % 3;
        let mut text = digits[..first].to_owned();
        for index in (first..digits.len()).step_by(3) {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(&digits[index..index + 3]);
        }
        text
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// The text between `<!-- {name} -->` and `<!-- end -->`.
fn replaced(text: &str, name: &str, section: &str) -> anyhow::Result<String> {
    let begin = format!("<!-- {name} -->\n");
    let end = "<!-- end -->";
    let (before, rest) = text
        .split_once(&begin)
        .with_context(|| format!("docs/benchmarks.md has no place for {name}"))?;
    let (_old, after) = rest
        .split_once(end)
        .with_context(|| format!("docs/benchmarks.md has no end of {name}"))?;
    Ok(format!("{before}{begin}{section}{end}{after}"))
}

/// What it ran on.
fn machine(about: &About) -> anyhow::Result<Vec<String>> {
    let cpus = fs::read_to_string("/proc/cpuinfo")?;
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches(['\t', ' ', ':']));
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kilobytes: f64 = memory
        .split_whitespace()
        .nth(1)
        .context("meminfo begins with the memory")?
        .parse()?;
    Ok(vec![
        format!("{cores} cores of {model}"),
        format!("{:.0} GB", kilobytes / 1e6),
        first_line("uname", &["-sr"])?,
        first_line(&about.nats_server, &["--version"])?,
        first_line("rustc", &["--version"])?,
        format!(
            "commit {}",
            first_line("git", &["describe", "--always", "--dirty"])?
        ),
    ])
}

fn first_line(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("running {program}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_as_many_digits_as_count() {
        let numbers = [0.123, 9.87, 12.34, 512.6, 18_050.4, 1_234_567.0];
        let texts = numbers.map(number);
        assert_eq!(
            texts,
            ["0.12", "9.87", "12.3", "513", "18,050", "1,234,567"]
        );
    }

    #[test]
    fn every_scenario_has_a_place() {
        let file = crow_testkit::paths::workspace_root().join("docs/benchmarks.md");
        let text = fs::read_to_string(file).unwrap();
        for scenario in Scenario::chosen(&[]) {
            replaced(&text, scenario.name(), "").unwrap();
        }
    }

    #[test]
    fn a_section_is_replaced_and_the_rest_stays() {
        let text = "a\n<!-- x -->\nold\n<!-- end -->\nb\n<!-- y -->\nkept<!-- end -->";
        let new = replaced(text, "x", "new\n").unwrap();
        assert_eq!(
            new,
            "a\n<!-- x -->\nnew\n<!-- end -->\nb\n<!-- y -->\nkept<!-- end -->"
        );
        assert!(replaced(text, "z", "new").is_err());
    }
}
