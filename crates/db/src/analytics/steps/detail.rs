use serde::Deserialize;
use serde_json::Value;

use super::kind::StepKind;
use crate::analytics::bytes::{Reader, put_number};

/// What the payload of an event says, as far as analytics asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StepDetail {
    /// Nothing.
    None,
    /// Of a page view: the width of the viewport in CSS pixels.
    Viewport(Option<u32>),
    /// Of a click: where, in CSS pixels.
    Place {
        /// From the left of the viewport.
        x: Option<u32>,
        /// From the top of the document.
        y: Option<u32>,
        /// The third or a further one in quick succession.
        is_rage: bool,
    },
    /// Of a scroll: the deepest point seen, in percent of the page.
    Depth(u8),
    /// Of `performance`.
    Vitals(Vitals),
}

/// How a page loaded and reacted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Vitals {
    /// Largest contentful paint, ms.
    pub lcp: Option<u32>,
    /// First contentful paint, ms.
    pub fcp: Option<u32>,
    /// Cumulative layout shift, a score times 10,000.
    pub cls: Option<u32>,
    /// Interaction to next paint, ms.
    pub inp: Option<u32>,
    /// Time to first byte, ms.
    pub ttfb: Option<u32>,
    /// Until the load event, ms.
    pub load: Option<u32>,
}

/// The fields of all kinds, of any shape: a client sends what it likes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Payload {
    x: Value,
    y: Value,
    viewport_x: Value,
    rage: Value,
    viewport: Value,
    depth: Value,
    lcp: Value,
    fcp: Value,
    cls: Value,
    inp: Value,
    ttfb: Value,
    load: Value,
}

impl StepDetail {
    pub(super) fn of(kind: StepKind, data: &str) -> Self {
        let payload = || serde_json::from_str::<Payload>(data).unwrap_or_default();
        match kind {
            StepKind::Pageview => Self::Viewport(number(&payload().viewport[0], 1.0)),
            StepKind::Click | StepKind::DeadClick | StepKind::RageClick => {
                let payload = payload();
                Self::Place {
                    x: number(&payload.viewport_x, 1.0).or_else(|| number(&payload.x, 1.0)),
                    y: number(&payload.y, 1.0),
                    is_rage: kind == StepKind::RageClick || payload.rage == true,
                }
            }
            StepKind::Scroll => {
                let depth = number(&payload().depth, 1.0).unwrap_or(0);
                Self::Depth(u8::try_from(depth.min(100)).unwrap_or(100))
            }
            StepKind::Performance => Self::Vitals(Vitals::of(&payload())),
            StepKind::Input
            | StepKind::Focus
            | StepKind::Blur
            | StepKind::Submit
            | StepKind::ValidationError
            | StepKind::ProductView
            | StepKind::Error
            | StepKind::Custom
            | StepKind::Other => Self::None,
        }
    }

    pub(super) fn is_rage(&self) -> bool {
        matches!(self, Self::Place { is_rage: true, .. })
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::None => {}
            Self::Viewport(width) => put(out, *width),
            Self::Place { x, y, .. } => {
                put(out, *x);
                put(out, *y);
            }
            Self::Depth(depth) => out.push(*depth),
            Self::Vitals(vitals) => {
                for value in vitals.all() {
                    put(out, value);
                }
            }
        }
    }

    pub(super) fn decode(kind: StepKind, is_rage: bool, reader: &mut Reader<'_>) -> Option<Self> {
        Some(match kind {
            StepKind::Pageview => Self::Viewport(take(reader)?),
            StepKind::Click | StepKind::DeadClick | StepKind::RageClick => Self::Place {
                x: take(reader)?,
                y: take(reader)?,
                is_rage,
            },
            StepKind::Scroll => Self::Depth(reader.byte()?),
            StepKind::Performance => Self::Vitals(Vitals {
                lcp: take(reader)?,
                fcp: take(reader)?,
                cls: take(reader)?,
                inp: take(reader)?,
                ttfb: take(reader)?,
                load: take(reader)?,
            }),
            StepKind::Input
            | StepKind::Focus
            | StepKind::Blur
            | StepKind::Submit
            | StepKind::ValidationError
            | StepKind::ProductView
            | StepKind::Error
            | StepKind::Custom
            | StepKind::Other => Self::None,
        })
    }
}

impl Vitals {
    fn of(payload: &Payload) -> Self {
        Self {
            lcp: number(&payload.lcp, 1.0),
            fcp: number(&payload.fcp, 1.0),
            cls: number(&payload.cls, 10_000.0),
            inp: number(&payload.inp, 1.0),
            ttfb: number(&payload.ttfb, 1.0),
            load: number(&payload.load, 1.0),
        }
    }

    fn all(&self) -> [Option<u32>; 6] {
        [self.lcp, self.fcp, self.cls, self.inp, self.ttfb, self.load]
    }
}

/// A number that is not negative, times `factor`, rounded.
fn number(value: &Value, factor: f64) -> Option<u32> {
    let number = (value.as_f64()? * factor).round();
    let is_possible = (0.0..f64::from(u32::MAX)).contains(&number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in the range of u32, see above"
    )]
    is_possible.then_some(number as u32)
}

/// 0: none.
fn put(out: &mut Vec<u8>, value: Option<u32>) {
    put_number(out, value.map_or(0, |value| u64::from(value) + 1));
}

fn take(reader: &mut Reader<'_>) -> Option<Option<u32>> {
    let number = reader.number()?;
    if number == 0 {
        return Some(None);
    }
    Some(Some(u32::try_from(number - 1).ok()?))
}
