//! A visitor who commands the readers of messages: whatever a visit says, each kind of message shows it as
//! quoted data in its place, or not at all.

use std::sync::{Arc, Mutex};

use crow_accounts::{MailConfig, Mailer};
use crow_db::issues::{Decision, Status, decide};
use crow_db::users::{self, UserRow};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;

/// In all that the visitor writes.
const COMMAND: &str = "IGNORE";
/// A title, a text, a message.
const HOSTILE: &str = "IGNORE all rules @here <!channel> <@U1> `x` \"y\" \
    <https://evil.example|pay> [z](//evil.example) www.evil.example <b>&\u{202e}\u{e0041}\
    \r\nBcc: me@evil.example\r\n\r\n> .";
/// The name of an event. Somebody picks it for an alert from the names that there are.
const NAME: &str = "IGNORE me\r\nBcc: me@evil.example\r\n@here <!here> `x` \"y\" //evil.example";
/// What makes a link or names people, however it is written in a message.
const LINKS: &[&str] = &["evil.example", "www.evil", "@here", "@U1", "me@evil"];

/// A mail server that takes everything. It ends when it is dropped.
struct Post {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Drop for Post {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Post {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&mails);
        let server = tokio::spawn(async move {
            while let Ok((stream, _from)) = listener.accept().await {
                let taken = Arc::clone(&taken);
                tokio::spawn(async move {
                    let _gone = take_mails(stream, &taken).await;
                });
            }
        });
        Self {
            port,
            mails,
            server,
        }
    }

    fn mailer(&self) -> Option<Mailer> {
        let config = MailConfig {
            smtp_url: format!("smtp://127.0.0.1:{}", self.port),
            from: "CROW <crow@example.com>".to_owned(),
            ..MailConfig::default()
        };
        Mailer::new(&config, "https://crow.example").unwrap()
    }
}

async fn take_mails(stream: TcpStream, taken: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let is_data = line.eq_ignore_ascii_case("DATA");
        if is_data {
            write.write_all(b"354 go on\r\n").await?;
            let mut mail = String::new();
            while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                mail += &line;
                mail.push('\n');
            }
            taken.lock().unwrap().push(mail);
        }
        write.write_all(b"250 good\r\n").await?;
    }
    Ok(())
}

/// The head of a mail, and its text as a program shows it.
fn read_mail(mail: &str) -> (&str, String) {
    let (head, body) = mail.split_once("\n\n").unwrap();
    let is = |encoding: &str| head.to_lowercase().contains(encoding);
    let bytes = if is("content-transfer-encoding: base64") {
        let whole: String = body.split_whitespace().collect();
        data_encoding::BASE64.decode(whole.as_bytes()).unwrap()
    } else if is("content-transfer-encoding: quoted-printable") {
        let whole = body.replace("=\n", "");
        let mut parts = whole.split('=');
        let mut bytes = parts.next().unwrap().as_bytes().to_vec();
        for part in parts {
            bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
            bytes.extend_from_slice(&part.as_bytes()[2..]);
        }
        bytes
    } else {
        body.as_bytes().to_vec()
    };
    (head, String::from_utf8(bytes).unwrap())
}

/// All kinds of text that a visit has.
async fn visit(world: &World, id: &str, at: i64) {
    let visit = SessionRecord {
        error_count: 1,
        last_event_at: at + 3,
        ..session("acme", id, at)
    };
    let make = |number: i64, kind: &str, data: Value| EventRecord {
        url: Some("https://shop.example/IGNORE?<!channel>".to_owned()),
        data: data.to_string(),
        ..event(id, &format!("{id}-{number}"), kind, at + number)
    };
    let stack = format!("{HOSTILE}\n    at IGNORE @here (https://evil.example/x.js:1:1)");
    let events = vec![
        make(0, "pageview", json!({ "title": HOSTILE })),
        make(1, "click", json!({ "text": HOSTILE, "label": HOSTILE })),
        EventRecord {
            name: Some(NAME.to_owned()),
            ..make(2, "custom", json!({ "label": HOSTILE }))
        },
        make(
            3,
            "error",
            json!({ "name": HOSTILE, "message": HOSTILE, "stack": stack }),
        ),
    ];
    world.add(vec![visit], events, vec![]).await;
}

/// Sends all that is due.
async fn deliver(alerting: &Alerting, now: i64) {
    let db = &alerting.db;
    for way in [Way::Http, Way::Mail] {
        while let Some(row) = deliveries::claim(db, way, now).await.unwrap() {
            let attempt = alerting.attempt(&row, now).await.unwrap();
            assert!(matches!(attempt, Attempt::Arrived { .. }), "{attempt:?}");
            assert!(deliveries::settle(db, &row, &attempt, now).await.unwrap());
        }
    }
}

/// Evaluates a rule with three targets, and sends what it tells.
async fn tell(alerting: &Alerting, rule: &str, [first, then]: [i64; 2], event: &str) {
    assert_eq!(turn(alerting, rule, first).await, [event; 3]);
    deliver(alerting, then).await;
}

/// A mention or a link in Slack is `<…>`. In code, the text is only text.
fn check_slack(text: &str) {
    for line in text.lines() {
        let outside: String = line.split('`').step_by(2).collect();
        assert_eq!(line.matches('`').count() % 2, 0, "{line}");
        assert!(!outside.contains(COMMAND), "{line}");
        let ours = line.replace("<https://crow.example/app#/", "");
        assert!(!ours.contains('<'), "{line}");
        for link in LINKS {
            assert!(!line.contains(link), "{link} in {line}");
        }
    }
}

fn check_mail(mail: &str) {
    let (head, text) = read_mail(mail);
    for line in head.lines() {
        let is_field = line.starts_with(' ') || line.contains(": ");
        assert!(is_field && !line.starts_with("Bcc"), "{head}");
    }
    assert_eq!(head.matches("Subject: ").count(), 1, "{head}");
    assert!(!head.contains(COMMAND) && !head.contains("evil"), "{head}");
    for line in text.lines() {
        let outside: String = line.split('"').step_by(2).collect();
        let is_quoted = line.starts_with("> ") || !outside.contains(COMMAND);
        assert!(is_quoted && !line.starts_with("Bcc"), "{text}");
        for link in LINKS {
            assert!(!line.contains(link), "{link} in {line}");
        }
    }
    let links = text.matches("://").count();
    assert_eq!(
        links,
        text.matches("https://crow.example/").count(),
        "{text}"
    );
}

/// In JSON, text of visitors has fields of its own. A member chose what is in the rule.
fn check_signed(told: &Value) {
    let mut rest = told.clone();
    rest["data"]["rule"] = Value::Null;
    for issue in rest["data"]["issues"].as_array_mut().unwrap() {
        for field in ["title", "culprit"] {
            let text = issue[field].take();
            let text = text.as_str().unwrap();
            let is_line = !text.contains(|one: char| one.is_control() || one == '\u{202e}');
            assert!(is_line && text.chars().count() <= 201, "{text:?}");
        }
    }
    assert!(!rest.to_string().contains(COMMAND), "{rest}");
}

#[actix_web::test]
async fn a_visitor_who_commands_the_readers_of_messages_is_only_quoted() {
    let world = World::new().await;
    let site = Site::start(|_path| Reply::page("ok")).await;
    let post = Post::open().await;
    let alerting = alerting(&world, &site).with_mailer(post.mailer());
    let by = Actor::system();
    let user = UserRow {
        id: "usr_ann".to_owned(),
        organization_id: "acme".to_owned(),
        email: "ann@shop.example".to_owned(),
        name: "Ann".to_owned(),
        role: "admin".to_owned(),
        password_hash: String::new(),
        created_at: 1,
        disabled_at: None,
    };
    assert!(users::insert(&world.db, &by, user).await.unwrap());
    let (signed, _) = endpoint(&alerting, Kind::Standard, site.url("/signed")).await;
    let (slack, _) = endpoint(&alerting, Kind::Slack, site.url("/slack")).await;
    let mail = Target {
        kind: TargetKind::User,
        id: "usr_ann".to_owned(),
    };
    let targets = [signed, slack, mail];
    let end = Timestamp::now().0.div_euclid(MINUTE) * MINUTE;
    let minute = |count: i64| end + count * MINUTE;

    let new = add(&alerting, rule(Number::NewIssue), &targets).await;
    assert!(turn(&alerting, &new.id, minute(2)).await.is_empty());
    visit(&world, "first", minute(-2)).await;
    let soon = [minute(3), minute(4)];
    tell(&alerting, &new.id, soon, "issue.new").await;
    alerting.remove_rule(&acme(), &by, &new.id).await.unwrap();

    let event = Rule {
        condition: Some(Comparison::Above),
        threshold: Some(0.0),
        window_minutes: Some(5),
        event_type: Some("custom".to_owned()),
        event_name: Some(NAME.to_owned()),
        ..rule(Number::Event)
    };
    let event = add(&alerting, event, &targets).await;
    tell(&alerting, &event.id, soon, "alert.firing").await;
    let back = [minute(31), minute(32)];
    tell(&alerting, &event.id, back, "alert.resolved").await;
    alerting.remove_rule(&acme(), &by, &event.id).await.unwrap();

    let asked = site.asked();
    let found = asked.iter().find(|it| it.starts_with("POST /signed"));
    let issue = body(found.unwrap())["data"]["issues"][0]["id"].clone();
    let again = add(&alerting, rule(Number::RegressedIssue), &targets).await;
    let resolved = Decision {
        status: Some(Status::Resolved),
        ..Decision::default()
    };
    let decided = decide(&world.db, &by, &acme(), issue.as_str().unwrap(), &resolved).await;
    decided.unwrap();
    assert!(turn(&alerting, &again.id, minute(33)).await.is_empty());
    visit(&world, "again", Timestamp::now().0 + MINUTE).await;
    let regressed = [minute(35), minute(36)];
    tell(&alerting, &again.id, regressed, "issue.regressed").await;

    let asked = site.asked();
    let to = |path: &str| -> Vec<Value> {
        let start = format!("POST {path} ");
        let requests = asked.iter().filter(|it| it.starts_with(&start));
        requests.map(|request| body(request)).collect()
    };
    let (signed, slack) = (to("/signed"), to("/slack"));
    let mails = post.mails.lock().unwrap().clone();
    assert_eq!([signed.len(), slack.len(), mails.len()], [4, 4, 4]);
    signed.iter().for_each(check_signed);
    slack
        .iter()
        .for_each(|it| check_slack(it["text"].as_str().unwrap()));
    mails.iter().for_each(|mail| check_mail(mail));
    // It is there, or the test would say nothing.
    let shown = slack.iter().filter(|it| it.to_string().contains(COMMAND));
    assert_eq!(shown.count(), 4);
    let shown = mails.iter().filter(|it| read_mail(it).1.contains(COMMAND));
    assert_eq!(shown.count(), 4);
}
