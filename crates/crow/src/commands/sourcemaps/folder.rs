//! The folder with the built scripts.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use data_encoding::{BASE64, BASE64_NOPAD};

use crow_sourcemap::script::{
    self, Mapping, debug_id, is_debug_id, map_with_debug_id, with_debug_id,
};
use crow_sourcemap::{SourceMap, debug_id_of};

/// Bytes of a script or a map that are read.
const MAX_FILE: u64 = 256 << 20;
/// Folders in each other.
const MAX_DEPTH: usize = 32;
/// How scripts end.
const EXTENSIONS: [&str; 3] = ["js", "mjs", "cjs"];

/// Why a script is left out.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// It has none.
    #[error("it has no source map")]
    NoMap,
    /// A file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, #[source] io::Error),
    /// A file is no text, or too large.
    #[error("{0} is no text, or is larger than 256 MiB")]
    NoText(PathBuf),
    /// The comment points elsewhere.
    #[error("its map {0} is not in the folder; build again, or name the folder that has both")]
    Outside(String),
    /// The comment has a map that is no base64.
    #[error("its inline source map is not base64; let the bundler write a file")]
    Inline,
    /// The map is none.
    #[error("{0}: {1}")]
    Map(String, crow_sourcemap::Error),
    /// Script and map belong to different builds.
    #[error("the script has the debug id {0} and its map has {1}; build again")]
    Ids(String, String),
}

/// A script with its map.
#[derive(Debug)]
pub(super) struct Built {
    script_file: PathBuf,
    script: String,
    /// `None`: the map is in the script.
    map_file: Option<PathBuf>,
    /// The map as the bundler wrote it, and with the debug id.
    map: String,
    map_with_id: String,
    /// What the script had before.
    known_id: Option<String>,
    id: String,
}

/// The scripts below a folder, as paths in it, in order. Links are not followed.
pub(super) fn scripts(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![(PathBuf::new(), 0)];
    while let Some((inside, depth)) = open.pop() {
        let entries = fs::read_dir(folder.join(&inside))
            .with_context(|| format!("cannot read {}", folder.join(&inside).display()))?;
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (inside.join(entry.file_name()), entry.file_type()?);
            let name = entry.file_name();
            let is_hidden = name.as_encoded_bytes().starts_with(b".") || name == "node_modules";
            if kind.is_dir() && !is_hidden && depth < MAX_DEPTH {
                open.push((path, depth + 1));
            } else if kind.is_file() && is_script(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_script(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}

/// The path of a script's address on the site.
pub(super) fn path_of(prefix: &str, script: &Path) -> String {
    let prefix = prefix.trim_matches('/');
    let parts = script.iter().map(OsStr::to_string_lossy);
    let path = parts.collect::<Vec<_>>().join("/");
    if prefix.is_empty() {
        format!("/{path}")
    } else {
        format!("/{prefix}/{path}")
    }
}

/// Reads a script with its map.
pub(super) fn read(folder: &Path, script: &Path) -> Result<Built, Problem> {
    let script_file = folder.join(script);
    let text = text_of(&script_file)?;
    let (map_file, map) = map_of(folder, &script_file, &text)?;
    let shown = map_file.as_deref().unwrap_or(&script_file);
    let of_map = |error| Problem::Map(shown.display().to_string(), error);
    SourceMap::read(map.as_bytes()).map_err(of_map)?;
    let named = debug_id_of(map.as_bytes()).map_err(of_map)?;
    let named = named.filter(|id| is_debug_id(id));
    let known_id = debug_id(&text).filter(|id| is_debug_id(id));
    let known_id = known_id.map(str::to_owned);
    let id = match (&known_id, &named) {
        (Some(known), Some(named)) if known != named => {
            return Err(Problem::Ids(known.clone(), named.clone()));
        }
        (Some(id), _) | (None, Some(id)) => id.clone(),
        (None, None) => script::new_debug_id(text.as_bytes(), map.as_bytes()),
    };
    let map_with_id = match named {
        Some(_) => map.clone(),
        None => map_with_debug_id(&map, &id).unwrap_or_else(|| map.clone()),
    };
    Ok(Built {
        script_file,
        script: text,
        map_file,
        map,
        map_with_id,
        known_id,
        id,
    })
}

/// The map that the script names, else the file beside it.
fn map_of(
    folder: &Path,
    script_file: &Path,
    script: &str,
) -> Result<(Option<PathBuf>, String), Problem> {
    let mut beside = script_file.as_os_str().to_owned();
    beside.push(".map");
    let beside = PathBuf::from(beside);
    let file = match script::mapping(script) {
        Mapping::Inline(text) => {
            let bytes = BASE64.decode(text.as_bytes());
            let bytes = bytes.or_else(|_| BASE64_NOPAD.decode(text.as_bytes()));
            let bytes = bytes.map_err(|_error| Problem::Inline)?;
            let text = String::from_utf8(bytes).map_err(|_error| Problem::Inline)?;
            return Ok((None, text));
        }
        Mapping::Unreadable => return Err(Problem::Inline),
        // Elsewhere: the file may be here as well.
        Mapping::Url(url) if url.contains("://") => beside,
        Mapping::Url(url) => {
            let url = url.split(['?', '#']).next().unwrap_or_default();
            let named = script_file.with_file_name("").join(url);
            if named.exists() { named } else { beside }
        }
        Mapping::None => beside,
    };
    if !file.exists() {
        return Err(Problem::NoMap);
    }
    let whole = |path: &Path| {
        path.canonicalize()
            .map_err(|error| Problem::Unreadable(path.to_owned(), error))
    };
    if !whole(&file)?.starts_with(whole(folder)?) {
        return Err(Problem::Outside(file.display().to_string()));
    }
    let text = text_of(&file)?;
    Ok((Some(file), text))
}

fn text_of(file: &Path) -> Result<String, Problem> {
    let unreadable = |error| Problem::Unreadable(file.to_owned(), error);
    let length = fs::metadata(file).map_err(unreadable)?.len();
    if length > MAX_FILE {
        return Err(Problem::NoText(file.to_owned()));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|_error| Problem::NoText(file.to_owned()))
}

impl Built {
    /// The debug id that the script has, or will have if it is injected.
    pub(super) fn debug_id(&self, is_injected: bool) -> Option<&str> {
        let known = self.known_id.as_deref();
        known.or_else(|| is_injected.then_some(self.id.as_str()))
    }

    /// The map to upload.
    pub(super) fn map(&self, is_injected: bool) -> &str {
        if is_injected {
            &self.map_with_id
        } else {
            &self.map
        }
    }

    /// Whether a file changes when the id is written.
    pub(super) fn needs_injection(&self) -> bool {
        let is_in_file = self.map_file.is_some() && self.map_with_id != self.map;
        is_in_file || with_debug_id(&self.script, &self.id) != self.script
    }

    /// Writes the id into script and map. Either file is whole at any time, and a repeat finishes what
    /// was begun: the script comes first, and the map gets the script's id.
    pub(super) fn inject(&self, folder: &Path) -> anyhow::Result<()> {
        let script = with_debug_id(&self.script, &self.id);
        if script != self.script {
            replace(folder, &self.script_file, &script)?;
        }
        if let Some(file) = &self.map_file
            && self.map_with_id != self.map
        {
            replace(folder, file, &self.map_with_id)?;
        }
        Ok(())
    }
}

fn replace(folder: &Path, file: &Path, text: &str) -> anyhow::Result<()> {
    let cannot = || {
        format!(
            "cannot write {}; --no-inject leaves files alone",
            file.display()
        )
    };
    let new = folder.join(format!(".crow-sourcemaps-{}", std::process::id()));
    fs::write(&new, text).with_context(cannot)?;
    let permissions = fs::metadata(file).with_context(cannot)?.permissions();
    fs::set_permissions(&new, permissions).with_context(cannot)?;
    fs::rename(&new, file).with_context(cannot)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"{"version":3,"sources":["a.ts"],"mappings":"AAAA"}"#;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        folder
    }

    fn read_in(folder: &tempfile::TempDir, script: &str) -> Result<Built, Problem> {
        read(folder.path(), Path::new(script))
    }

    #[test]
    fn scripts_are_found_with_their_maps_wherever_these_are() {
        let inline = format!(
            "a()\n//# sourceMappingURL=data:application/json;base64,{}",
            BASE64.encode(MAP.as_bytes())
        );
        let folder = folder(&[
            ("index.html", ""),
            ("node_modules/x.js", ""),
            ("named.js", "a()\n//# sourceMappingURL=maps/n.map?v=1"),
            ("maps/n.map", MAP),
            ("assets/hidden.mjs", "a()"),
            ("assets/hidden.mjs.map", MAP),
            ("inline.cjs", &inline),
            ("none.js", "a()"),
            ("bad.js", "a()"),
            ("bad.js.map", "{}"),
            ("out.js", "a()\n//# sourceMappingURL=../../../../etc/passwd"),
        ]);
        let found = scripts(folder.path()).unwrap();
        let found: Vec<String> = found.iter().map(|path| path_of("/", path)).collect();
        let expected = [
            "/assets/hidden.mjs",
            "/bad.js",
            "/inline.cjs",
            "/named.js",
            "/none.js",
            "/out.js",
        ];
        assert_eq!(found, expected);
        assert_eq!(path_of("/app/v1/", Path::new("a/b.js")), "/app/v1/a/b.js");
        for script in ["assets/hidden.mjs", "inline.cjs", "named.js"] {
            let built = read_in(&folder, script).unwrap();
            assert!(built.map(true).contains(&built.id), "{script}");
        }
        assert!(matches!(read_in(&folder, "none.js"), Err(Problem::NoMap)));
        assert!(matches!(read_in(&folder, "bad.js"), Err(Problem::Map(..))));
        let out = read_in(&folder, "out.js");
        assert!(
            matches!(out, Err(Problem::Outside(_) | Problem::NoMap)),
            "{out:?}"
        );
    }

    #[test]
    fn an_id_is_written_once_and_a_second_run_changes_nothing() {
        let folder = folder(&[
            ("a.js", "a()\n//# sourceMappingURL=a.js.map\n"),
            ("a.js.map", MAP),
        ]);
        let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        let first = read_in(&folder, "a.js").unwrap();
        assert_eq!(first.debug_id(false), None);
        assert!(first.needs_injection());
        first.inject(folder.path()).unwrap();
        let (script, map) = (text("a.js"), text("a.js.map"));
        assert!(script.contains(&first.id) && map.contains(&first.id));

        let second = read_in(&folder, "a.js").unwrap();
        assert_eq!(second.debug_id(false), Some(first.id.as_str()));
        assert!(!second.needs_injection());
        second.inject(folder.path()).unwrap();
        assert_eq!((text("a.js"), text("a.js.map")), (script, map.clone()));

        // Killed between the two files.
        fs::write(folder.path().join("a.js.map"), MAP).unwrap();
        let third = read_in(&folder, "a.js").unwrap();
        third.inject(folder.path()).unwrap();
        assert_eq!(text("a.js.map"), map);
        let entries = fs::read_dir(folder.path()).unwrap();
        assert_eq!(entries.count(), 2, "nothing is left over");

        // The map of another build.
        let other = map.replace(&first.id, "00000000-0000-8000-8000-000000000000");
        fs::write(folder.path().join("a.js.map"), other).unwrap();
        assert!(matches!(read_in(&folder, "a.js"), Err(Problem::Ids(..))));
    }
}
