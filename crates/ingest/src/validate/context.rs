//! The page, its visitor and the SDK: display-only fields.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crow_proto::events::{Client, Consent, Context};

use super::event::MAX_URL;
use super::notes::{Field, IgnoreReason, Notes};
use super::shown;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{Scalar, bytes_of};

/// The longest title, in bytes.
const MAX_TITLE: usize = 1024;
/// The longest user id, in bytes.
const MAX_USER_ID: usize = 256;
/// The longest visitor id, in bytes.
const MAX_VISITOR_ID: usize = 128;
/// The longest name of a language, time zone, SDK or platform, in bytes.
const MAX_WORD: usize = 64;

/// What a visitor can have decided.
const STATES: [&str; 3] = ["granted", "pending", "denied"];

/// An object of which only some members are read.
trait Members<'a>: Deserialize<'a> + Default {
    /// Records a member. The last member of a name wins.
    fn set(&mut self, name: &str, value: &'a RawValue);
}

macro_rules! members {
    ($(#[$doc:meta])* $object:ident<$a:lifetime> { $($name:literal $field:ident: $kind:ty = $take:expr),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Default, Deserialize)]
        struct $object<$a> {
            $(#[serde(borrow, default, rename = $name)] $field: $kind,)*
        }

        impl<$a> Members<$a> for $object<$a> {
            fn set(&mut self, name: &str, value: &$a RawValue) {
                match name {
                    $($name => self.$field = $take(value),)*
                    _ => {}
                }
            }
        }
    };
}

fn scalar(value: &RawValue) -> Scalar<'_> {
    Scalar::of(Some(value.get().as_bytes()))
}

/// Treats `null` as absent.
fn raw(value: &RawValue) -> Option<&RawValue> {
    (value.get() != "null").then_some(value)
}

members!(
    /// `context`.
    ContextMembers<'a> {
        "url" url: Scalar<'a> = scalar,
        "referrer" referrer: Scalar<'a> = scalar,
        "title" title: Scalar<'a> = scalar,
        "viewport" viewport: Option<&'a RawValue> = raw,
        "screen" screen: Option<&'a RawValue> = raw,
        "locale" locale: Option<&'a RawValue> = raw,
        "timezone" timezone: Scalar<'a> = scalar,
        "userId" user_id: Scalar<'a> = scalar,
        "visitorId" visitor_id: Scalar<'a> = scalar,
        "traits" traits: Option<&'a RawValue> = raw,
        "consent" consent: Option<&'a RawValue> = raw,
    }
);

members!(
    /// `context.consent`.
    ConsentMembers<'a> {
        "state" state: Scalar<'a> = scalar,
        "version" version: Scalar<'a> = scalar,
    }
);

members!(
    /// `sdk`.
    SdkMembers<'a> {
        "name" name: Scalar<'a> = scalar,
        "version" version: Scalar<'a> = scalar,
        "platform" platform: Scalar<'a> = scalar,
    }
);

/// The members of an object. Reads them one by one if no parser accepts the whole, for example
/// because of a repeated name or a number that is too large.
fn members<'a, T: Members<'a>>(
    notes: &mut Notes,
    field: &'static str,
    json: Option<&'a [u8]>,
) -> T {
    let Some(json) = json else {
        return T::default();
    };
    if !json.starts_with(b"{") {
        let message = "must be an object, and was left out";
        notes.add(Field::named(field), IgnoreReason::InvalidType, message);
        return T::default();
    }
    serde_json::from_slice(json).unwrap_or_else(|_unusual| one_by_one(json))
}

fn one_by_one<'a, T: Members<'a>>(json: &'a [u8]) -> T {
    struct OneByOne<T>(T);

    impl<'a, T: Members<'a>> Visitor<'a> for OneByOne<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<T, A::Error> {
            while let Some(name) = map.next_key::<Cow<'_, str>>()? {
                self.0.set(&name, map.next_value()?);
            }
            Ok(self.0)
        }
    }

    let mut parser = serde_json::Deserializer::from_slice(json);
    // The body was parsed before, so this is valid JSON.
    parser
        .deserialize_map(OneByOne(T::default()))
        .unwrap_or_default()
}

/// Page and visitor, from the body.
pub(super) fn read(envelope: &Envelope, max_depth: usize, notes: &mut Notes) -> Context {
    let members: ContextMembers<'_> = members(notes, "context", envelope.context.as_deref());
    let (viewport_width, viewport_height) = shown::size(
        notes,
        Field::named("context.viewport"),
        bytes_of(members.viewport),
    );
    let (screen_width, screen_height) = shown::size(
        notes,
        Field::named("context.screen"),
        bytes_of(members.screen),
    );
    let mut text = |name, given, max| shown::text(notes, Field::named(name), given, max);
    let url = text("context.url", members.url, MAX_URL);
    let referrer = text("context.referrer", members.referrer, MAX_URL);
    let title = text("context.title", members.title, MAX_TITLE);
    let timezone = text("context.timezone", members.timezone, MAX_WORD);
    Context {
        url,
        referrer,
        title,
        viewport_width,
        viewport_height,
        screen_width,
        screen_height,
        locale: shown::locale(
            notes,
            Field::named("context.locale"),
            bytes_of(members.locale),
            MAX_WORD,
        ),
        timezone,
        user_id: shown::id(
            notes,
            Field::named("context.userId"),
            members.user_id,
            MAX_USER_ID,
        ),
        visitor_id: shown::id(
            notes,
            Field::named("context.visitorId"),
            members.visitor_id,
            MAX_VISITOR_ID,
        ),
        traits: shown::object(
            notes,
            Field::named("context.traits"),
            bytes_of(members.traits),
            &envelope.body,
            max_depth,
        ),
        consent: consent(notes, bytes_of(members.consent)),
    }
}

/// What the visitor agreed to. A state that is not one is left out: it decides what is stored.
fn consent(notes: &mut Notes, json: Option<&[u8]>) -> Option<Consent> {
    json?;
    let members: ConsentMembers<'_> = members(notes, "context.consent", json);
    let state = match members.state {
        Scalar::Text(state) if STATES.contains(&&*state) => state.into_owned(),
        Scalar::Absent | Scalar::Text(_) | Scalar::Number(_) | Scalar::Other => {
            let message = "must be `granted`, `pending` or `denied`; `consent` was left out";
            let field = Field::named("context.consent.state");
            notes.add(field, IgnoreReason::InvalidType, message);
            return None;
        }
    };
    let field = Field::named("context.consent.version");
    let version = shown::text(notes, field, members.version, MAX_WORD);
    Some(Consent { state, version })
}

/// An iPad sends the user agent of a Mac. It reports its screen in portrait format, and no Mac has
/// such a small portrait screen.
pub(super) fn correct_ipad(client: &mut Client, context: &Context) {
    const LONGEST_SIDE: u32 = 1_400;
    let (width, height) = (context.screen_width, context.screen_height);
    if client.os == "macOS" && 0 < width && width < height && height <= LONGEST_SIDE {
        client.device_type = "tablet".to_owned();
        client.os = "iOS".to_owned();
    }
}

/// The client, from the edge and from the body.
pub(super) fn with_sdk(mut client: Client, envelope: &Envelope, notes: &mut Notes) -> Client {
    let members: SdkMembers<'_> = members(notes, "sdk", envelope.sdk.as_deref());
    let mut text = |name, given| shown::text(notes, Field::named(name), given, MAX_WORD);
    client.sdk_name = text("sdk.name", members.name);
    client.sdk_version = text("sdk.version", members.version);
    client.platform = text("sdk.platform", members.platform);
    if client.device_type.is_empty() {
        client.device_type = match client.platform.as_str() {
            "react-native" => "mobile".to_owned(),
            "electron" => "desktop".to_owned(),
            _ => String::new(),
        };
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipad_is_a_tablet_though_it_says_mac() {
        let seen = |os: &str, screen_width, screen_height| {
            let mut client = Client {
                os: os.to_owned(),
                device_type: "desktop".to_owned(),
                ..Client::default()
            };
            let context = Context {
                screen_width,
                screen_height,
                ..Context::default()
            };
            correct_ipad(&mut client, &context);
            (client.device_type, client.os)
        };
        let desktop = |os: &str| ("desktop".to_owned(), os.to_owned());
        let ipad = ("tablet".to_owned(), "iOS".to_owned());
        assert_eq!(seen("macOS", 834, 1194), ipad);
        assert_eq!(seen("macOS", 1032, 1376), ipad);
        assert_eq!(seen("macOS", 1512, 982), desktop("macOS"));
        // A monitor in portrait format.
        assert_eq!(seen("macOS", 1080, 1920), desktop("macOS"));
        assert_eq!(seen("macOS", 0, 0), desktop("macOS"));
        assert_eq!(seen("Windows", 834, 1194), desktop("Windows"));
    }
}
