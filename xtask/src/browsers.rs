//! The browsers that the tests of the front ends run in.

use std::path::PathBuf;

use anyhow::bail;
use crow_testkit::paths;

use crate::command::progress;
use crate::tools;

/// Without all browsers there is an error, not a notice. CI sets it.
const REQUIRE_ALL: &str = "CROW_REQUIRE_ALL_BROWSERS";
/// Names another Firefox than the one on `PATH`.
const FIREFOX_VARIABLE: &str = "CROW_FIREFOX";

/// One that is installed.
#[derive(Debug)]
pub struct Browser {
    /// As `CROW_BROWSER` has it.
    pub name: &'static str,
    /// Where it is, for those that the tests start by their path.
    pub program: Option<(&'static str, PathBuf)>,
}

/// Chromium, which runs every test, then the others that are installed: they run those that are
/// made for every browser.
pub fn installed() -> anyhow::Result<Vec<Browser>> {
    let mut found = vec![chromium()?];
    for (browser, package) in [
        (firefox(), "firefox-esr"),
        (webkit(), "webkit2gtk-driver xvfb xauth"),
    ] {
        match browser {
            Some(browser) => found.push(browser),
            None => missing(package)?,
        }
    }
    Ok(found)
}

/// The one that everybody needs.
pub fn chromium() -> anyhow::Result<Browser> {
    Ok(Browser {
        name: "chromium",
        program: Some((tools::CHROMIUM_VARIABLE, tools::chromium()?)),
    })
}

fn firefox() -> Option<Browser> {
    let named = std::env::var_os(FIREFOX_VARIABLE).map(PathBuf::from);
    let program = named.or_else(|| {
        let names = ["firefox-esr", "firefox"];
        names.into_iter().find_map(paths::on_path)
    })?;
    Some(Browser {
        name: "firefox",
        program: Some((FIREFOX_VARIABLE, program)),
    })
}

/// It has no headless mode, so it needs a display.
fn webkit() -> Option<Browser> {
    let programs = ["WebKitWebDriver", "xvfb-run", "xauth"];
    let has_all = programs.into_iter().all(|it| paths::on_path(it).is_some());
    has_all.then_some(Browser {
        name: "webkit",
        program: None,
    })
}

fn missing(package: &str) -> anyhow::Result<()> {
    let said = format!("not tested in every browser; install: apt-get install {package}");
    if std::env::var_os(REQUIRE_ALL).is_some() {
        bail!("{said}");
    }
    progress(said);
    Ok(())
}
