use std::collections::BTreeSet;

use super::*;

#[test]
fn each_place_is_listed_once_and_each_store_has_one() {
    let names: BTreeSet<_> = PLACES
        .iter()
        .map(|place| (place.kind, place.name))
        .collect();
    assert_eq!(names.len(), PLACES.len());
    let stores: BTreeSet<Store> = PLACES.iter().filter_map(Place::store).collect();
    assert_eq!(stores, Store::ALL.into());
}

#[test]
fn a_place_is_found_by_what_is_in_it() {
    let store = |kind, name: &str| Place::of(kind, name).map(Place::store);
    assert_eq!(store(Kind::Table, "sessions"), Some(Some(Store::Rows)));
    assert_eq!(store(Kind::Table, "users"), Some(None));
    assert_eq!(store(Kind::Table, "session"), None);
    let archive = "sessions/acme/2026/01/01/row/0-x.ndjson.zst";
    assert_eq!(store(Kind::Objects, archive), Some(Some(Store::Objects)));
    assert_eq!(store(Kind::Objects, "sessionsx/a"), None);
    let events = Some(Some(Store::EventStreams));
    assert_eq!(store(Kind::Stream, "CROW_EVENTS_17"), events);
    assert_eq!(store(Kind::Stream, "CROW_EVENTS_"), None);
    assert_eq!(store(Kind::Stream, "CROW_EVENTS_OLD"), None);
    assert_eq!(store(Kind::Stream, "CROW_DLQ2"), None);
}
