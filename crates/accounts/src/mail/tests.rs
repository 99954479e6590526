//! Against a real SMTP server, `aiosmtpd`.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crow_auth::{Role, Scope};
use crow_types::OrganizationId;

use super::*;
use crate::tests::{by, world};

/// Prints its port, then the messages that it takes. Ends with its standard input.
const SERVER: &str = "
import asyncio, sys
from aiosmtpd.handlers import Debugging
from aiosmtpd.smtp import SMTP

async def main():
    loop = asyncio.get_running_loop()
    handler = Debugging(sys.stdout)
    server = await loop.create_server(lambda: SMTP(handler), '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)

asyncio.run(main())
";

/// Ends when dropped.
struct Server {
    port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Server {
    async fn start() -> Self {
        let python = crow_testkit::paths::in_venv("python")
            .expect("`cargo xtask test` installs Python packages");
        let mut process = Command::new(python)
            .args(["-u", "-c", SERVER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.next_line().await.unwrap();
        Self {
            port: port.expect("needs aiosmtpd").parse().unwrap(),
            lines,
            _process: process,
        }
    }

    /// The next message, as it was sent.
    async fn message(&mut self) -> String {
        let mut text = String::new();
        while let Some(line) = self.lines.next_line().await.unwrap() {
            if line.contains("END MESSAGE") {
                return text;
            }
            text.push_str(&line);
            text.push('\n');
        }
        panic!("the server ended: {text}");
    }
}

fn config(port: u16) -> MailConfig {
    MailConfig {
        smtp_url: format!("smtp://127.0.0.1:{port}"),
        from: "CROW <crow@example.com>".to_owned(),
        ..MailConfig::default()
    }
}

#[tokio::test]
async fn an_invitation_is_mailed_with_its_link() {
    let mut server = Server::start().await;
    let mailer = Mailer::new(&config(server.port), "https://crow.example/").unwrap();
    let world = world().await;
    let accounts = world.accounts.clone().with_mailer(mailer);
    let acme = OrganizationId::new("acme").unwrap();
    let invited = accounts.invite(by(Scope::Owner), &acme, "ann@shop.example", Role::Member);
    let (invitation, token) = invited.await.unwrap();
    assert!(accounts.mail_link(&invitation, &token).await);
    let message = server.message().await;
    for part in [
        "From: CROW <crow@example.com>",
        "To: ann@shop.example",
        "invited to acme",
        &format!("https://crow.example/app#/accept/{token}"),
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[tokio::test]
async fn an_address_gets_five_mails_an_hour_and_further_links_still_work() {
    let server = Server::start().await;
    let mailer = Mailer::new(&config(server.port), "https://crow.example").unwrap();
    let world = world().await;
    let accounts = world.accounts.clone().with_mailer(mailer);
    let acme = OrganizationId::new("acme").unwrap();
    let mut mailed = Vec::new();
    for _invitation in 0..6 {
        let invited = accounts.invite(by(Scope::Owner), &acme, "Ann@shop.example", Role::Member);
        let (invitation, token) = invited.await.unwrap();
        mailed.push(accounts.mail_link(&invitation, &token).await);
        assert!(accounts.invitation(&token).await.is_ok());
    }
    assert_eq!(mailed, [true, true, true, true, true, false]);
    let invited = accounts.invite(by(Scope::Owner), &acme, "bob@shop.example", Role::Member);
    let (invitation, token) = invited.await.unwrap();
    assert!(accounts.mail_link(&invitation, &token).await);
}

#[tokio::test]
async fn a_link_works_when_it_cannot_be_mailed() {
    let mailer = Mailer::new(&config(1), "https://crow.example").unwrap();
    let world = world().await;
    let accounts = world.accounts.clone().with_mailer(mailer);
    let acme = OrganizationId::new("acme").unwrap();
    let invited = accounts.invite(by(Scope::Owner), &acme, "ann@shop.example", Role::Member);
    let (invitation, token) = invited.await.unwrap();
    assert!(!accounts.mail_link(&invitation, &token).await);
    assert!(accounts.invitation(&token).await.is_ok());
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let refused = |public_url: &str, change: fn(&mut MailConfig)| {
        let mut config = config(25);
        change(&mut config);
        Mailer::new(&config, public_url).unwrap_err().to_string()
    };
    let here = "https://crow.example";
    for (told, name) in [
        (refused("", |_| {}), "query.public_url"),
        (
            refused(here, |config| config.from.clear()),
            "query.mail.from",
        ),
        (
            refused(here, |config| config.smtp_url = "mail.example".to_owned()),
            "smtp_url",
        ),
        (
            refused(here, |config| {
                config.smtp_url = "http://mail.example".to_owned();
            }),
            "smtp_url",
        ),
        (
            refused(here, |config| config.username = "crow".to_owned()),
            "password_file",
        ),
    ] {
        assert!(told.contains(name), "{told}");
    }
    assert!(Mailer::new(&MailConfig::default(), "").unwrap().is_none());
}
