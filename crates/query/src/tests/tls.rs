//! REST and gRPC over TLS, with certificates of clients, and with files that change.

use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::Request;
use tonic::transport::{Endpoint, Uri};

use crow_auth::Scope;
use crow_proto::api::ListSessionsRequest;
use crow_proto::api::session_service_client::SessionServiceClient;
use crow_runtime::{Shutdown, Tls, TlsConfig};
use crow_testkit::certificates::{Authority, Certificate};
use crow_testkit::wait::eventually;
use crow_web::ConnectionLimits;

use super::fixture::World;
use super::grpc::serve_on;
use super::limits::serve_http_on;

/// What a client trusts, and what it presents.
pub struct Client<'a> {
    pub trusts: &'a Authority,
    pub presents: Option<Certificate>,
}

impl Client<'_> {
    pub fn http(&self) -> reqwest::Client {
        let root = reqwest::Certificate::from_pem(self.trusts.pem.as_bytes()).unwrap();
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([root])
            .timeout(Duration::from_secs(15));
        if let Some(own) = &self.presents {
            let pem = format!("{}{}", own.cert, own.key);
            builder = builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap());
        }
        builder.build().unwrap()
    }

    pub async fn lists_over_rest(&self, address: &str, key: &str) -> Result<u16, reqwest::Error> {
        let url = format!("https://{address}/sessions/acme");
        let request = self.http().get(url).bearer_auth(key);
        Ok(request.send().await?.status().as_u16())
    }

    async fn lists_over_grpc(&self, address: &str, key: &str) -> anyhow::Result<()> {
        let metadata = [("authorization", format!("Bearer {key}"))];
        self.lists_with(address, &metadata).await
    }

    pub async fn lists_with(
        &self,
        address: &str,
        metadata: &[(&'static str, String)],
    ) -> anyhow::Result<()> {
        let connector = TlsConnector::from(Arc::new(self.config()));
        let target = address.to_owned();
        let connect = tower::service_fn(move |_uri: Uri| {
            let (connector, target) = (connector.clone(), target.clone());
            async move {
                let socket = TcpStream::connect(target).await?;
                let name = ServerName::try_from("localhost").expect("a name");
                let stream = connector.connect(name, socket).await?;
                std::io::Result::Ok(TokioIo::new(stream))
            }
        });
        let endpoint = Endpoint::from_static("http://localhost").timeout(Duration::from_secs(15));
        let channel = endpoint.connect_with_connector(connect).await?;
        let mut request = Request::new(ListSessionsRequest {
            organization_id: "acme".to_owned(),
            ..ListSessionsRequest::default()
        });
        for (name, value) in metadata {
            request.metadata_mut().insert(*name, value.parse()?);
        }
        let mut client = SessionServiceClient::new(channel);
        client.list_sessions(request).await?;
        Ok(())
    }

    fn config(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        let root = rustls::pki_types::CertificateDer::from_pem_slice(self.trusts.pem.as_bytes());
        roots.add(root.unwrap()).unwrap();
        let builder = ClientConfig::builder().with_root_certificates(roots);
        let mut config = match &self.presents {
            None => builder.with_no_client_auth(),
            Some(own) => {
                let chain = rustls::pki_types::CertificateDer::pem_slice_iter(own.cert.as_bytes());
                let key = rustls::pki_types::PrivateKeyDer::from_pem_slice(own.key.as_bytes());
                let chain = chain.collect::<Result<_, _>>().unwrap();
                builder.with_client_auth_cert(chain, key.unwrap()).unwrap()
            }
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }
}

/// A world that is served over TLS with the files in `folder`.
struct Served {
    world: World,
    rest: String,
    grpc: String,
    shutdown: Shutdown,
}

async fn serve(folder: &TempDir) -> Served {
    crow_testkit::http::client();
    let world = World::new().await;
    let shutdown = Shutdown::new();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let is_mutual = folder.path().join("ca.crt").exists();
    let config = TlsConfig {
        cert_file: path("tls.crt"),
        key_file: path("tls.key"),
        client_ca_file: if is_mutual {
            path("ca.crt")
        } else {
            String::new()
        },
        ..TlsConfig::default()
    };
    let open = |setting| Tls::open(setting, &config, &shutdown).unwrap();
    let limits = ConnectionLimits::default();
    let rest = serve_http_on(&world, limits.clone(), open("query.tls"), &shutdown).await;
    let grpc = serve_on(&world, limits, open("query.grpc_tls"), &shutdown).await;
    Served {
        world,
        rest,
        grpc,
        shutdown,
    }
}

#[actix_web::test]
async fn a_new_certificate_is_used_without_a_restart() {
    let (first, second) = (Authority::create(), Authority::create());
    let folder = TempDir::new().unwrap();
    first.issue().write_to(folder.path());
    let served = serve(&folder).await;
    let key = served.world.key("acme", Scope::Read).await;
    let old = Client {
        trusts: &first,
        presents: None,
    };
    assert_eq!(old.lists_over_rest(&served.rest, &key).await.unwrap(), 200);
    old.lists_over_grpc(&served.grpc, &key).await.unwrap();

    // Files that do not fit change nothing; the next ones do.
    std::fs::write(folder.path().join("tls.key"), second.issue().key).unwrap();
    assert_eq!(old.lists_over_rest(&served.rest, &key).await.unwrap(), 200);
    second.issue().write_to(folder.path());
    let new = Client {
        trusts: &second,
        presents: None,
    };
    eventually("the new certificate", Duration::from_secs(30), async || {
        new.lists_over_rest(&served.rest, &key).await.ok()?;
        new.lists_over_grpc(&served.grpc, &key).await.ok()
    })
    .await;
    assert!(old.lists_over_rest(&served.rest, &key).await.is_err());
    served.shutdown.start();
}

#[actix_web::test]
async fn only_clients_with_a_certificate_are_served_when_one_is_asked_for() {
    let (servers, clients) = (Authority::create(), Authority::create());
    let folder = TempDir::new().unwrap();
    servers.issue().write_to(folder.path());
    std::fs::write(folder.path().join("ca.crt"), &clients.pem).unwrap();
    let served = serve(&folder).await;
    let key = served.world.key("acme", Scope::Read).await;
    let client = |presents| Client {
        trusts: &servers,
        presents,
    };

    let known = client(Some(clients.issue()));
    assert_eq!(
        known.lists_over_rest(&served.rest, &key).await.unwrap(),
        200
    );
    known.lists_over_grpc(&served.grpc, &key).await.unwrap();
    for presents in [None, Some(servers.issue())] {
        let stranger = client(presents);
        assert!(stranger.lists_over_rest(&served.rest, &key).await.is_err());
        assert!(stranger.lists_over_grpc(&served.grpc, &key).await.is_err());
    }
    served.shutdown.start();
}
