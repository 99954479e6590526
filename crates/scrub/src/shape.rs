//! Which strings are looked at, and as what. A place says where in the JSON we are. Its members and
//! items follow from it, from their names, and from a few facts about the object.

pub(crate) mod blank;

/// Which strings are looked at, and as what.
pub(crate) trait Shape: Copy {
    /// What a string is.
    type Role: Copy;
    /// Whether a string that cannot be read becomes empty. Otherwise it stays.
    const HIDES_UNREADABLE: bool;

    /// The place of a member of an object here.
    fn member(self, facts: Facts, key: &[u8]) -> Self;

    /// The place of an item of a list here.
    fn item(self) -> Self;

    /// What a string here is; `None`: it is not looked at.
    fn role(self) -> Option<Self::Role>;
}

/// What a string is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Text of the page.
    Text,
    /// Text whose element is not known. It could be a style sheet.
    LooseText,
    /// What is in an input.
    Input,
    /// The address of a page or a link.
    Url,
    /// The address of a picture, a script or a style sheet.
    Resource,
    /// Data that the site made.
    Custom,
}

/// The element around a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parent {
    Style,
    Textarea,
    Other,
    Unknown,
}

/// Where in the JSON we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nothing in here is looked at.
    Skip,
    /// Every string in here has this role.
    Role(Role),
    /// An rrweb event.
    Event,
    /// `data` of a full snapshot.
    Snapshot,
    /// `data` of an incremental event.
    Incremental,
    /// `data` of a meta event.
    Meta,
    /// `data` of a custom or a plugin event.
    Payload,
    Node(Parent),
    Nodes(Parent),
    Attributes {
        /// An input or a textarea, or not known.
        is_field: bool,
        is_link: bool,
    },
    /// Changed texts, and one of them.
    Texts,
    Text,
    /// Added nodes, and one of them.
    Adds,
    Add,
    /// Changed attributes, and those of one node.
    Changes,
    Change,
    /// The data of an event about an input.
    InputData,
}

/// Facts about an object that decide what its members are. They may come after the members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// `type`, if it is a small number.
    kind: Option<u8>,
    /// `source`, if it is a small number.
    source: Option<u8>,
    tag: Tag,
    is_style: bool,
    /// `type` is that of a button or a box, whose value nobody types.
    is_button: bool,
    /// `property` is a custom one of CSS, whose value may be anything.
    is_custom: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Tag {
    #[default]
    Other,
    Style,
    Input,
    Textarea,
    Link,
    /// `use` of SVG.
    Use,
}

/// Input types whose value is a label or part of the form.
const BUTTONS: [&str; 6] = ["button", "submit", "reset", "checkbox", "radio", "image"];
/// Members of custom data that say where in the page something is, or how it looks.
const STRUCTURE: [&[u8]; 5] = [b"selector", b"style", b"css", b"cssText", b"className"];
/// Ids, which are not scrubbed.
const IDS: [&[u8]; 4] = [b"id", b"userId", b"sessionId", b"visitorId"];

impl Facts {
    /// Takes a member that is a number or a word. The last of a name counts, as in browsers.
    pub(crate) fn note_word(&mut self, key: &[u8], word: &[u8]) {
        let number = || std::str::from_utf8(word).ok()?.parse().ok();
        match key {
            b"type" => self.kind = number(),
            b"source" => self.source = number(),
            b"isStyle" => self.is_style = word == b"true",
            _ => {}
        }
    }

    /// Takes a member that is a string, without its quotes.
    pub(crate) fn note_text(&mut self, key: &[u8], text: &[u8]) {
        let is_any = |names: &[&str]| {
            names
                .iter()
                .any(|it| text.eq_ignore_ascii_case(it.as_bytes()))
        };
        match key {
            b"type" => self.is_button = is_any(&BUTTONS),
            b"property" => self.is_custom = text.starts_with(b"--"),
            b"tagName" => {
                self.tag = match () {
                    () if is_any(&["style"]) => Tag::Style,
                    () if is_any(&["input"]) => Tag::Input,
                    () if is_any(&["textarea"]) => Tag::Textarea,
                    () if is_any(&["link"]) => Tag::Link,
                    () if is_any(&["use"]) => Tag::Use,
                    () => Tag::Other,
                };
            }
            _ => {}
        }
    }

    fn as_parent(self) -> Parent {
        match self.tag {
            Tag::Style => Parent::Style,
            Tag::Textarea => Parent::Textarea,
            Tag::Other | Tag::Input | Tag::Link | Tag::Use => Parent::Other,
        }
    }
}

/// rrweb's node types.
const ELEMENT: u8 = 2;
const TEXT: u8 = 3;
const LAST_CONTAINER: u8 = 2;

impl Shape for Place {
    type Role = Role;
    const HIDES_UNREADABLE: bool = false;

    fn member(self, facts: Facts, key: &[u8]) -> Self {
        match (self, key) {
            (Self::Event, b"data") => match facts.kind {
                Some(2) => Self::Snapshot,
                Some(3) => Self::Incremental,
                Some(4) => Self::Meta,
                Some(5 | 6) => Self::Payload,
                Some(_) | None => Self::Skip,
            },
            (Self::Snapshot, b"node") => Self::Node(Parent::Other),
            (Self::Incremental, key) => incremental(facts, key),
            (Self::Meta, b"href") => Self::Role(Role::Url),
            (Self::Payload, b"payload") => Self::Role(Role::Custom),
            (Self::Node(parent), key) => member_of_node(facts, parent, key),
            (Self::Attributes { is_field, is_link }, key) => {
                let is_typed = is_field && !facts.is_button;
                attribute(is_typed, is_link, key)
            }
            (Self::Text, b"value") => Self::Role(Role::LooseText),
            (Self::Add, b"node") => Self::Node(Parent::Unknown),
            (Self::Change, b"attributes") => Self::Attributes {
                is_field: true,
                is_link: false,
            },
            (Self::InputData, b"value" | b"text") => Self::Role(Role::Input),
            (Self::InputData | Self::Role(Role::Custom), key) => custom(key),
            (Self::Role(role), _) => Self::Role(role),
            _ => Self::Skip,
        }
    }

    fn item(self) -> Self {
        match self {
            Self::Role(role) => Self::Role(role),
            Self::Nodes(parent) => Self::Node(parent),
            Self::Texts => Self::Text,
            Self::Adds => Self::Add,
            Self::Changes => Self::Change,
            _ => Self::Skip,
        }
    }

    fn role(self) -> Option<Role> {
        match self {
            Self::Role(role) => Some(role),
            _ => None,
        }
    }
}

fn incremental(facts: Facts, key: &[u8]) -> Place {
    match (facts.source, key) {
        (Some(0), b"texts") => Place::Texts,
        (Some(0), b"adds") => Place::Adds,
        (Some(0), b"attributes") => Place::Changes,
        (Some(5), b"text") => Place::Role(Role::Input),
        _ => Place::Skip,
    }
}

fn member_of_node(facts: Facts, parent: Parent, key: &[u8]) -> Place {
    match (facts.kind, key) {
        (Some(0..=LAST_CONTAINER), b"childNodes") => Place::Nodes(facts.as_parent()),
        (Some(ELEMENT), b"attributes") => Place::Attributes {
            is_field: matches!(facts.tag, Tag::Input | Tag::Textarea),
            is_link: facts.tag == Tag::Link,
        },
        (Some(TEXT), b"textContent") if !facts.is_style => match parent {
            Parent::Style => Place::Skip,
            Parent::Textarea => Place::Role(Role::Input),
            Parent::Other => Place::Role(Role::Text),
            Parent::Unknown => Place::Role(Role::LooseText),
        },
        _ => Place::Skip,
    }
}

fn attribute(is_typed: bool, is_link: bool, name: &[u8]) -> Place {
    match name {
        b"value" if is_typed => Place::Role(Role::Input),
        b"src" | b"poster" | b"background" | b"data" => Place::Role(Role::Resource),
        b"href" | b"xlink:href" if is_link => Place::Role(Role::Resource),
        b"href" | b"xlink:href" | b"action" | b"formaction" | b"cite" => Place::Role(Role::Url),
        _ => Place::Skip,
    }
}

fn custom(key: &[u8]) -> Place {
    if STRUCTURE.contains(&key) || IDS.contains(&key) {
        Place::Skip
    } else {
        Place::Role(Role::Custom)
    }
}
