use super::rrweb_recording;

#[test]
fn the_recording_begins_with_its_page_and_full_snapshot() {
    let events = rrweb_recording();
    let types: Vec<_> = events.iter().map(|event| event["type"].as_u64()).collect();
    assert_eq!(types.len(), 272);
    assert_eq!(types[..2], [Some(4), Some(2)]);
    assert!(events.is_sorted_by_key(|event| event["timestamp"].as_i64()));
}
