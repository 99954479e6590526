//! Who calls.

use tonic::{Request, Status};

use crow_auth::{Scope, key_from_bearer};

use crate::access::{Access, Admission, Caller, Credential};
use crate::grpc::error::status;

/// Lets the call in when its key may read the organization.
pub async fn admit<T: Sync>(
    access: &Access,
    request: &Request<T>,
    organization: &str,
) -> Result<(Admission, Caller), Status> {
    let value = request
        .metadata()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    let caller = Caller {
        credential: value.and_then(key_from_bearer).map(Credential::Key),
        ..Caller::default()
    };
    let admission = access
        .admit(&caller, Scope::Read, organization)
        .await
        .map_err(status)?;
    Ok((admission, caller))
}
