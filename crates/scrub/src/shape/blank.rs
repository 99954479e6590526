//! The shape of a recording without texts and pictures. Every string is hidden unless it is known to be
//! structure or style. So what a later version of the recorder adds is hidden, too.

use super::{Facts, Shape, Tag};

/// What a string is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Structure or a style sheet: it stays.
    AsIs,
    /// An id or a class: it stays, without what reads as personal data.
    Name,
    /// A part of an address in the same document stays.
    Fragment,
    /// CSS of one element: it stays, without addresses and texts.
    Style,
    /// The address of a page: its origin stays.
    Page,
    /// The address of a picture: an empty picture takes its place.
    Picture,
    /// Addresses of pictures. Nothing stays.
    Pictures,
    /// An attribute of any other kind: a word of states stays.
    Attribute,
    /// Anything else: each character becomes `*`.
    Text,
}

/// Where in an rrweb event we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blank {
    /// Every string in here is this.
    All(Shown),
    Event,
    Snapshot,
    Meta,
    /// `data` of an incremental event.
    Change,
    Node {
        in_style: bool,
    },
    Nodes {
        in_style: bool,
    },
    Attributes {
        is_use: bool,
    },
    /// Added nodes, and one of them.
    Adds,
    Add,
    /// Changed attributes, and those of one node.
    Elements,
    Element,
    /// Rules of style sheets.
    Rules,
    Rule,
    /// Adopted style sheets, and one of them.
    Sheets,
    Sheet,
    /// A changed declaration.
    Declaration,
}

const HIDDEN: Blank = Blank::All(Shown::Text);
const KEPT: Blank = Blank::All(Shown::AsIs);

impl Shape for Blank {
    type Role = Shown;
    const HIDES_UNREADABLE: bool = true;

    fn member(self, facts: Facts, key: &[u8]) -> Self {
        match (self, key) {
            (Self::Event, b"data") => match facts.kind {
                Some(2) => Self::Snapshot,
                Some(3) => Self::Change,
                Some(4) => Self::Meta,
                Some(_) | None => HIDDEN,
            },
            (Self::Snapshot, b"node") => Self::Node { in_style: false },
            (Self::Meta, b"href") => Self::All(Shown::Page),
            (Self::Meta, _) => Self::All(Shown::Attribute),
            (Self::Change, key) => change(facts, key),
            (Self::Node { in_style }, key) => node(facts, in_style, key),
            (Self::Attributes { is_use }, key) => attribute(is_use, key),
            (Self::Add, b"node") => Self::Node { in_style: false },
            (Self::Element, b"attributes") => Self::Attributes { is_use: false },
            (Self::Rule, b"rule") => KEPT,
            (Self::Sheet, b"rules") => Self::Rules,
            (Self::Sheet, b"media") => KEPT,
            (Self::Declaration, b"property" | b"priority") => KEPT,
            (Self::Declaration, b"value") if facts.is_custom => HIDDEN,
            (Self::Declaration, b"value") => Self::All(Shown::Style),
            // A declaration of a style that has changed.
            (Self::All(Shown::Style), name) if name.starts_with(b"--") => HIDDEN,
            (Self::All(shown), _) => Self::All(shown),
            _ => HIDDEN,
        }
    }

    fn item(self) -> Self {
        match self {
            Self::All(shown) => Self::All(shown),
            Self::Nodes { in_style } => Self::Node { in_style },
            Self::Adds => Self::Add,
            Self::Elements => Self::Element,
            Self::Rules => Self::Rule,
            Self::Sheets => Self::Sheet,
            _ => HIDDEN,
        }
    }

    fn role(self) -> Option<Shown> {
        match self {
            Self::All(Shown::AsIs) => None,
            Self::All(shown) => Some(shown),
            // A string where an object is expected.
            _ => Some(Shown::Text),
        }
    }
}

/// rrweb's sources that change nodes, and style sheets.
fn change(facts: Facts, key: &[u8]) -> Blank {
    match (facts.source, key) {
        (Some(0), b"adds") => Blank::Adds,
        (Some(0), b"attributes") => Blank::Elements,
        (Some(8), b"adds") => Blank::Rules,
        (Some(8), b"replace" | b"replaceSync") => KEPT,
        (Some(13), b"set" | b"remove") => Blank::Declaration,
        (Some(15), b"styles") => Blank::Sheets,
        _ => HIDDEN,
    }
}

fn node(facts: Facts, in_style: bool, key: &[u8]) -> Blank {
    match key {
        b"childNodes" => Blank::Nodes {
            in_style: facts.tag == Tag::Style,
        },
        b"attributes" => Blank::Attributes {
            is_use: facts.tag == Tag::Use,
        },
        b"textContent" if in_style || facts.is_style => KEPT,
        b"tagName" | b"name" | b"publicId" | b"systemId" | b"compatMode" => KEPT,
        _ => HIDDEN,
    }
}

fn attribute(is_use: bool, name: &[u8]) -> Blank {
    let shown = match name {
        b"style" => Shown::Style,
        b"class" | b"id" => Shown::Name,
        b"src" | b"rr_src" | b"poster" => Shown::Picture,
        b"srcset" | b"rr_dataURL" => Shown::Pictures,
        b"href" | b"xlink:href" if is_use => Shown::Fragment,
        name if SAID.contains(&name) => Shown::Text,
        name if STRUCTURE.contains(&name) => Shown::AsIs,
        _ => Shown::Attribute,
    };
    Blank::All(shown)
}

/// Attributes that a page or a visitor writes. A word of states may be an answer in there.
const SAID: &[&[u8]] = &[
    b"alt",
    b"aria-label",
    b"label",
    b"placeholder",
    b"title",
    b"value",
];

/// Attributes that say how something looks, and never what a page or a visitor says.
const STRUCTURE: &[&[u8]] = &[
    b"_cssText",
    b"align",
    b"bgcolor",
    b"border",
    b"cellpadding",
    b"cellspacing",
    b"clip-path",
    b"clip-rule",
    b"color",
    b"cols",
    b"colspan",
    b"cx",
    b"cy",
    b"d",
    b"dir",
    b"dominant-baseline",
    b"dx",
    b"dy",
    b"fill",
    b"fill-opacity",
    b"fill-rule",
    b"font-family",
    b"font-size",
    b"font-weight",
    b"gradientTransform",
    b"gradientUnits",
    b"height",
    b"lang",
    b"mask",
    b"media",
    b"offset",
    b"opacity",
    b"part",
    b"patternUnits",
    b"points",
    b"preserveAspectRatio",
    b"r",
    b"rel",
    b"role",
    b"rows",
    b"rowspan",
    b"rr_broken",
    b"rr_disabled",
    b"rr_height",
    b"rr_indeterminate",
    b"rr_mediaState",
    b"rr_open",
    b"rr_split",
    b"rr_width",
    b"rx",
    b"ry",
    b"size",
    b"slot",
    b"span",
    b"stop-color",
    b"stop-opacity",
    b"stroke",
    b"stroke-dasharray",
    b"stroke-dashoffset",
    b"stroke-linecap",
    b"stroke-linejoin",
    b"stroke-miterlimit",
    b"stroke-opacity",
    b"stroke-width",
    b"tabindex",
    b"text-anchor",
    b"transform",
    b"type",
    b"valign",
    b"version",
    b"viewBox",
    b"width",
    b"wrap",
    b"x",
    b"x1",
    b"x2",
    b"xmlns",
    b"xmlns:xlink",
    b"y",
    b"y1",
    b"y2",
];
