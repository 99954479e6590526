//! The JSON of a map. Lists are bounded while they are read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::error::Error;
use crate::mappings::{Part, Token, decode};
use crate::{MAX_NAME, MAX_ROOT, MAX_SOURCES, Source, SourceMap, cut};

/// Sections of one map.
const MAX_SECTIONS: usize = 10_000;
/// Bytes of the name of a source that are read. Bundlers write loaders and whole modules there.
const MAX_GIVEN: usize = 1_024;
/// Some servers put this before JSON, so that a page cannot run it.
const GUARD: &[u8] = b")]}";

/// A text that is not copied where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A list of at most `N` items.
struct Bounded<T, const N: usize>(Vec<T>);

impl<T, const N: usize> Default for Bounded<T, N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Bounded<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T, const N: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Items<T, N> {
            type Value = Bounded<T, N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {N} items")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Bounded::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = from.next_element()? {
                    if items.len() == N {
                        return Err(A::Error::custom(format!(
                            "a list has more than {N} items; split the bundle"
                        )));
                    }
                    items.push(item);
                }
                Ok(Bounded(items))
            }
        }

        deserializer.deserialize_any(Items(PhantomData))
    }
}

/// The sections of a map. Their sources are counted while they are read: many small lists take as
/// much memory as a long one.
struct Sections<'a>(Vec<Section<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Sections<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<'a>(PhantomData<Section<'a>>);

        impl<'de: 'a, 'a> Visitor<'de> for Items<'a> {
            type Value = Sections<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {MAX_SECTIONS} sections")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
                let mut sections: Vec<Section<'a>> = Vec::new();
                let mut sources = 0;
                while let Some(section) = from.next_element::<Section<'a>>()? {
                    if sections.len() == MAX_SECTIONS {
                        return Err(A::Error::custom(format!(
                            "the map has more than {MAX_SECTIONS} sections; split the bundle"
                        )));
                    }
                    sources += section.map.as_ref().map_or(0, Raw::sources);
                    if sources > MAX_SOURCES {
                        return Err(A::Error::custom(Error::TooManySources));
                    }
                    sections.push(section);
                }
                Ok(Sections(sections))
            }
        }

        deserializer.deserialize_seq(Items(PhantomData))
    }
}

/// A map, or that of a section. `S` is what is read of its sections.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "S: Deserialize<'de>"))]
struct Raw<'a, S> {
    version: Option<i64>,
    #[serde(borrow, default)]
    mappings: Option<Text<'a>>,
    #[serde(borrow, default)]
    source_root: Option<Text<'a>>,
    #[serde(borrow, default)]
    sources: Bounded<Option<Text<'a>>, MAX_SOURCES>,
    #[serde(borrow, default)]
    sources_content: Bounded<Option<Text<'a>>, MAX_SOURCES>,
    // Only how many there are; this takes no memory.
    #[serde(default)]
    names: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    sections: Option<S>,
}

impl<S> Raw<'_, S> {
    /// Sources that take memory.
    fn sources(&self) -> usize {
        self.sources.0.len().max(self.sources_content.0.len())
    }
}

#[derive(Deserialize)]
struct Section<'a> {
    offset: Offset,
    // Whether it has sections is all that counts: they are refused.
    #[serde(borrow, default)]
    map: Option<Raw<'a, IgnoredAny>>,
    #[serde(default)]
    url: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Offset {
    line: u32,
    column: u32,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default, rename = "debugId")]
    debug_id: Option<Text<'a>>,
    // Before the standard.
    #[serde(borrow, default, rename = "debug_id")]
    earlier: Option<Text<'a>>,
}

/// The debug id that a map has; `None`: it has none.
///
/// # Errors
/// When it is no JSON object.
pub fn debug_id_of(json: &[u8]) -> Result<Option<String>, Error> {
    let named: Named<'_> = parse(json)?;
    let id = named.debug_id.or(named.earlier);
    Ok(id.map(|Text(id)| id.into_owned()))
}

fn parse<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(without_guard(json)).map_err(|error| Error::Json(error.to_string()))
}

/// Without a byte order mark and the line that some servers put before JSON.
pub(crate) fn without_guard(json: &[u8]) -> &[u8] {
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    if !json.starts_with(GUARD) {
        return json;
    }
    let end = json.iter().position(|byte| *byte == b'\n');
    end.map_or(json, |end| &json[end + 1..])
}

pub(crate) fn read(json: &[u8]) -> Result<SourceMap, Error> {
    let mut raw: Raw<'_, Sections<'_>> = parse(json)?;
    let mut map = SourceMap {
        tokens: Vec::new(),
        sources: Vec::new(),
    };
    check_version(&raw)?;
    match raw.sections.take() {
        None => add(raw, (0, 0), &mut map)?,
        Some(sections) => {
            for section in sections.0 {
                let offset = (section.offset.line, section.offset.column);
                add(checked(section)?, offset, &mut map)?;
            }
        }
    }
    // Segments of one line may go back, and sections may be in any order.
    let place = |token: &Token| (token.line, token.column);
    if !map.tokens.is_sorted_by_key(place) {
        map.tokens.sort_by_key(place);
    }
    map.tokens.shrink_to_fit();
    Ok(map)
}

fn check_version<S>(raw: &Raw<'_, S>) -> Result<(), Error> {
    match raw.version {
        Some(3) => Ok(()),
        other => Err(Error::Version(other.unwrap_or(0))),
    }
}

fn checked(section: Section<'_>) -> Result<Raw<'_, IgnoredAny>, Error> {
    if section.url.is_some() {
        return Err(Error::Section("an address"));
    }
    let map = section.map.ok_or(Error::Section("no map"))?;
    if map.sections.is_some() {
        return Err(Error::Section("sections"));
    }
    check_version(&map)?;
    Ok(map)
}

fn add<S>(raw: Raw<'_, S>, offset: (u32, u32), map: &mut SourceMap) -> Result<(), Error> {
    let Text(mappings) = raw.mappings.ok_or(Error::NoMappings)?;
    let root = raw.source_root.map(|Text(root)| root).unwrap_or_default();
    if root.len() > MAX_ROOT {
        return Err(Error::LongRoot);
    }
    let part = Part {
        line: offset.0,
        column: offset.1,
        first_source: map.sources.len(),
        sources: raw.sources.0.len(),
        names: raw.names.map_or(0, |names| names.len()),
    };
    decode(&mappings, part, &mut map.tokens)?;
    let mut contents = raw.sources_content.0.into_iter();
    for source in raw.sources.0 {
        let content = contents.next().flatten();
        let given = source.as_ref().map_or("", |Text(name)| name);
        let name = name_of(&root, cut(given, MAX_GIVEN));
        map.sources.push(Source {
            name: cut(&name, MAX_NAME).into(),
            content: content.map(|Text(content)| content.into()),
        });
    }
    Ok(())
}

/// The name of a source as it is shown: without the steps out of the folder of the script, which say
/// nothing, and without webpack's scheme and the name of the package in it.
fn name_of(root: &str, name: &str) -> String {
    let is_whole = name.contains("://") || name.starts_with('/');
    let joined = match root.trim_end_matches('/') {
        root if is_whole || root.is_empty() => name.to_owned(),
        root => format!("{root}/{name}"),
    };
    let joined = joined.replace('\\', "/");
    let path = match joined.strip_prefix("webpack://") {
        // The first part is the name of the package.
        Some(path) => path.split_once('/').map_or(path, |(_package, path)| path),
        None => joined.as_str(),
    };
    let (scheme, path) = match path.split_once("://") {
        Some((scheme, path)) => (Some(scheme), path),
        None => (None, path),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    scheme.map_or(path.clone(), |scheme| format!("{scheme}://{path}"))
}
