use std::fs;

use super::*;

/// Kills the server and deletes its store, as the loss of a disk would.
async fn wipe(fixture: &mut Fixture) {
    fixture.nats.kill().unwrap();
    fixture.nats.wipe().unwrap();
    fixture.nats.start_again().await.unwrap();
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn a_wiped_server_under_a_running_keeper_loses_nothing_that_was_published_since() {
    let mut fixture = Fixture::start().await;
    let _keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("before", 0..10).await;
    fixture.session_with("before", 10).await;

    wipe(&mut fixture).await;
    // Fewer than before: a reader that stays at its position would never see them.
    fixture.publish_clicks("after", 0..3).await;
    fixture.publish_clicks("before", 10..12).await;

    fixture.session_with("after", 3).await;
    fixture.session_with("before", 12).await;
}

#[tokio::test]
async fn a_wiped_server_while_the_keeper_is_down_loses_nothing_that_was_published_since() {
    let mut fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("before", 0..10).await;
    fixture.session_with("before", 10).await;
    keeper.kill();

    wipe(&mut fixture).await;
    eventually("the streams", DEADLINE, async || {
        streams::ensure(&fixture.bus).await.ok()
    })
    .await;
    // More than before: the old checkpoint lies in the middle.
    fixture.publish_clicks("after", 0..20).await;
    let _keeper = RunningKeeper::start(&fixture);

    fixture.session_with("after", 20).await;
    fixture.session_with("before", 10).await;
}

#[tokio::test]
async fn a_stream_that_lost_its_newest_messages_is_read_again_without_showing_anything_twice() {
    let mut fixture = Fixture::start().await;
    let _keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..5).await;
    fixture.session_with("s", 5).await;
    fixture.nats.kill().unwrap();
    let folder = fixture.nats.dir().to_path_buf();
    copy_folder(&folder.join("store"), &folder.join("saved"));
    fixture.nats.start_again().await.unwrap();
    fixture.publish_clicks("s", 5..10).await;
    fixture.session_with("s", 10).await;
    let before = fixture.stream().await;
    assert_eq!(before.last.0, 10);

    fixture.nats.kill().unwrap();
    fixture.nats.wipe().unwrap();
    copy_folder(&folder.join("saved"), &folder.join("store"));
    fixture.nats.start_again().await.unwrap();
    // As fast as possible: positions up to 10 are given out a second time.
    fixture.publish_clicks("s", 10..25).await;

    fixture.session_with("s", 25).await;
    let after = fixture.stream().await;
    assert_eq!(after.created, before.created, "the same stream");
    assert_eq!(after.last.0, 20);
}

#[tokio::test]
async fn a_restarted_server_and_a_killed_keeper_show_everything_once() {
    let mut fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..20).await;
    keeper.kill();
    fixture.nats.kill().unwrap();
    fixture.nats.start_again().await.unwrap();
    let _keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 20..40).await;
    // A client that did not hear the answer sends it again.
    fixture.publish_clicks("s", 10..40).await;
    fixture.publish_clicks("s", 40..41).await;

    let visit = fixture.session_with("s", 41).await;
    assert_eq!(visit.click_count, 41);
}
