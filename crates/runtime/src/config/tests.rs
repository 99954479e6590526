//! Secrets in files.

use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::load;

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Config {
    database: Database,
    log: Log,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Database {
    #[schemars(extend("format" = "password"))]
    url: String,
    max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite://crow.db".to_owned(),
            max_connections: 10,
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Log {
    filter: String,
    targets: Vec<Target>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Target {
    name: String,
    #[serde(default)]
    #[schemars(extend("format" = "password"))]
    token: String,
}

fn loaded(folder: &Path, toml: &str) -> Result<Config, String> {
    let file = folder.join("crow.toml");
    fs::write(&file, toml).unwrap();
    load(&Config::default(), Some(&file)).map_err(|error| error.to_string())
}

#[test]
fn a_secret_is_read_from_its_file_without_the_last_line_break() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("url");
    for content in [
        "postgres://u:p@h/d",
        "postgres://u:p@h/d\n",
        "postgres://u:p@h/d\r\n",
    ] {
        fs::write(&secret, content).unwrap();
        let toml = format!("[database]\nurl_file = {secret:?}\nmax_connections = 3");
        let config = loaded(folder.path(), &toml).unwrap();
        assert_eq!(config.database.url, "postgres://u:p@h/d");
        assert_eq!(config.database.max_connections, 3);
    }
}

#[test]
fn a_mistake_with_a_file_names_the_setting_and_the_file_and_not_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (good, empty, binary) = (
        folder.path().join("good"),
        folder.path().join("empty"),
        folder.path().join("binary"),
    );
    fs::write(&good, "hush").unwrap();
    fs::write(&empty, "\n").unwrap();
    fs::write(&binary, [0xff, 0xfe]).unwrap();
    let absent = folder.path().join("absent");
    for (toml, expected) in [
        (format!("url_file = {absent:?}"), "No such file"),
        (format!("url_file = {empty:?}"), "is empty"),
        (format!("url_file = {binary:?}"), "not text"),
        (format!("url_file = {:?}", folder.path()), "directory"),
        (format!("url_file = {good:?}\nurl = 'x'"), "both set"),
    ] {
        let message = loaded(folder.path(), &format!("[database]\n{toml}")).unwrap_err();
        assert!(message.contains("database.url_file"), "{message}");
        assert!(message.contains(expected), "{message}");
        assert!(
            message.contains(&*folder.path().to_string_lossy()),
            "{message}"
        );
        assert!(!message.contains("hush"), "{message}");
    }
    let message = loaded(folder.path(), "[database]\nurl_file = 7").unwrap_err();
    assert!(message.contains("database.url_file"), "{message}");
}

#[test]
fn a_secret_in_a_list_may_have_a_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("token");
    fs::write(&secret, "hush\n").unwrap();
    let target = |rest: &str| format!("[[log.targets]]\nname = 'a'\n{rest}\n");
    let toml = target(&format!("token_file = {secret:?}")) + &target("token = 'own'") + &target("");
    let config = loaded(folder.path(), &toml).unwrap();
    let tokens: Vec<&str> = config
        .log
        .targets
        .iter()
        .map(|t| t.token.as_str())
        .collect();
    assert_eq!(tokens, ["hush", "own", ""]);
    for (wrong, expected) in [
        (format!("token_file = {secret:?}\ntoken = 'x'"), "both set"),
        ("token_file = '/nowhere/token'".to_owned(), "cannot read"),
        ("token_file = 7".to_owned(), "must be the path"),
        ("name_file = 'x'".to_owned(), "name_file"),
    ] {
        let message = loaded(folder.path(), &target(&wrong)).unwrap_err();
        assert!(message.contains(expected), "{message}");
        assert!(message.contains("log.targets"), "{message}");
        assert!(!message.contains("hush"), "{message}");
    }
}

#[test]
fn only_secrets_have_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for toml in [
        "[log]\nfilter_file = 'x'",
        "[database]\nmax_connections_file = 'x'",
    ] {
        let message = loaded(folder.path(), toml).unwrap_err();
        assert!(message.contains("_file"), "{message}");
    }
}

#[test]
fn the_file_of_another_process_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let toml = "[auth]\nservice_api_key_file = '/nowhere'";
    loaded(folder.path(), toml).unwrap();
}
