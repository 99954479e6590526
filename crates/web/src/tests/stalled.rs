//! Clients that read nothing.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, web};
use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crow_runtime::Shutdown;

use crate::Listener;
use crate::connections::ConnectionLimits;
use crate::grpc::{self, Incoming};

/// How long a client may read nothing.
const STALLED: Duration = Duration::from_millis(500);
const DEADLINE: Duration = Duration::from_secs(30);

fn limits() -> ConnectionLimits {
    ConnectionLimits {
        stalled: STALLED,
        ..ConnectionLimits::default()
    }
}

/// More than the buffers of a connection hold.
fn endless() -> impl futures::Stream<Item = Result<Bytes, actix_web::Error>> {
    futures::stream::repeat_with(|| Ok(Bytes::from_static(&[b'x'; 64 * 1024])))
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_nothing_of_an_answer_is_cut_off() {
    let shutdown = Shutdown::new();
    let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap())
        .unwrap()
        .limited(limits());
    let address = listener.address();
    // Held by the answer for as long as it is sent.
    let answers = Arc::new(Semaphore::new(1));
    let held = Arc::clone(&answers);
    let app = move || {
        let held = Arc::clone(&held);
        let answer = move || {
            let permit = Arc::clone(&held).try_acquire_owned();
            let body = endless().inspect(move |_bytes| _ = &permit);
            async move { HttpResponse::Ok().streaming(body) }
        };
        App::new().route("/endless", web::get().to(answer))
    };
    let serving = tokio::spawn(listener.serve(1, app, shutdown.clone()));

    let mut silent = TcpStream::connect(address).await.unwrap();
    let request = b"GET /endless HTTP/1.1\r\nhost: test\r\n\r\n";
    silent.write_all(request).await.unwrap();
    let mut first = [0; 1];
    silent.read_exact(&mut first).await.unwrap();
    assert_eq!(answers.available_permits(), 0);
    let ended = tokio::time::timeout(DEADLINE, answers.acquire()).await;
    assert!(ended.is_ok(), "the answer is still being sent");

    shutdown.start();
    serving.await.unwrap().unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn who_reads_nothing_of_a_call_is_cut_off() {
    let sockets = grpc::bind("test.grpc_listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let address = sockets.local_addr().unwrap();
    let mut accepted = std::pin::pin!(grpc::accepted(Incoming {
        sockets,
        tls: None,
        limits: limits(),
    }));
    let (silent, accepted) = tokio::join!(TcpStream::connect(address), accepted.next());
    let (_silent, mut connection) = (silent.unwrap(), accepted.unwrap().unwrap());
    let sending = async {
        loop {
            if let Err(error) = connection.write_all(&[0; 64 * 1024]).await {
                return error.kind();
            }
        }
    };
    let ended = tokio::time::timeout(DEADLINE, sending).await;
    assert_eq!(ended.ok(), Some(std::io::ErrorKind::TimedOut));
}
