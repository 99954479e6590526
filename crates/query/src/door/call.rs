//! gRPC calls.

use tonic::Request;

use crow_auth::{Forwarded, key_from_bearer};
use crow_web::ApiError;
use crow_web::grpc::Caller as Connection;

use super::{Allowed, Caller, Credential, Door, Needed};
use crate::error::Error;

/// A request that names an organization.
pub trait OfOrganization {
    /// The organization; `None` when the request names none.
    fn organization(&self) -> Option<&str>;
}

impl Door {
    /// Admits the call and returns its message.
    ///
    /// # Errors
    /// See [`Door::admit`].
    pub async fn open<S: Needed, T: OfOrganization>(
        &self,
        request: Request<T>,
    ) -> Result<(Allowed<S>, T), ApiError> {
        let text =
            |name: &'static str| Some(request.metadata().get(name)?.to_str().ok()?.to_owned());
        let key = || key_from_bearer(&text("authorization")?).map(Credential::Key);
        let connection = request.extensions().get::<Connection>();
        let peer = || connection.and_then(Connection::peer).cloned();
        let forwarded = Forwarded::by(text, peer);
        let caller = Caller {
            credential: forwarded.map(Credential::Forwarded).or_else(key),
            ..Caller::default()
        };
        let asked = request.into_inner();
        let unnamed = || Error::Malformed("query: must be given".to_owned());
        let organization = asked.organization().ok_or_else(unnamed)?;
        let allowed = self.admit(caller, organization).await?;
        Ok((allowed, asked))
    }
}
