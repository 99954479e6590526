/// What kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum StepKind {
    /// `pageview`
    Pageview,
    /// `click`
    Click,
    /// `dead_click`
    DeadClick,
    /// `rage_click`
    RageClick,
    /// `scroll`
    Scroll,
    /// `input`
    Input,
    /// `focus`
    Focus,
    /// `blur`
    Blur,
    /// `submit`
    Submit,
    /// `validation_error`
    ValidationError,
    /// `product_view`
    ProductView,
    /// `performance`
    Performance,
    /// `error`
    Error,
    /// `custom`
    Custom,
    /// Any other word.
    Other,
}

impl StepKind {
    pub(super) const KNOWN: [(Self, &str); 14] = [
        (Self::Pageview, "pageview"),
        (Self::Click, "click"),
        (Self::DeadClick, "dead_click"),
        (Self::RageClick, "rage_click"),
        (Self::Scroll, "scroll"),
        (Self::Input, "input"),
        (Self::Focus, "focus"),
        (Self::Blur, "blur"),
        (Self::Submit, "submit"),
        (Self::ValidationError, "validation_error"),
        (Self::ProductView, "product_view"),
        (Self::Performance, "performance"),
        (Self::Error, "error"),
        (Self::Custom, "custom"),
    ];

    pub(super) fn of(word: &str) -> Self {
        let known = Self::KNOWN.iter().find(|(_, known)| *known == word);
        known.map_or(Self::Other, |(kind, _)| *kind)
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        if code == Self::Other as u8 {
            return Some(Self::Other);
        }
        Self::KNOWN.get(usize::from(code)).map(|(kind, _)| *kind)
    }
}
