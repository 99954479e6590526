use std::io::Read;
use std::time::Duration;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;
use url::Url;

use crate::error::Error;

/// The first bytes of gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How much an answer may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the content as it is received.
    pub bytes: usize,
    /// Bytes of the content after decompression.
    pub inflated: usize,
    /// From the first connection to the last byte, with all redirects.
    pub time: Duration,
    /// Redirects that are followed.
    pub redirects: usize,
}

/// What a site answered.
#[derive(Debug)]
pub struct Answer {
    /// Where, after all redirects.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The content, decompressed. Empty unless the status is 200: nobody reads what else a server says.
    pub body: Bytes,
    /// Bytes that were received for it.
    pub received: usize,
}

/// Reads an answer up to the limits. They hold before and after decompression.
pub(crate) async fn read(
    mut response: Response,
    url: Url,
    limits: &Limits,
) -> Result<Answer, Error> {
    let status = response.status().as_u16();
    if status != 200 {
        return Ok(Answer {
            url,
            status,
            body: Bytes::new(),
            received: 0,
        });
    }
    let is_gzip = is_gzip(&response)?;
    let most = limits.bytes;
    let declared = response.content_length().unwrap_or_default();
    if declared > most as u64 {
        return Err(Error::TooLarge(most));
    }
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(Error::of)? {
        if body.len() + part.len() > most {
            return Err(Error::TooLarge(most));
        }
        body.extend_from_slice(&part);
    }
    let received = body.len();
    if is_gzip || body.starts_with(&GZIP) {
        let inflated = limits.inflated;
        let work = tokio::task::spawn_blocking(move || inflate(&body, is_gzip, inflated));
        body = work.await.map_err(|_ended| Error::Encoding)??;
    }
    Ok(Answer {
        url,
        status,
        body: body.into(),
        received,
    })
}

/// Whether the server compressed the content for the transfer. A file may be gzip besides.
fn is_gzip(response: &Response) -> Result<bool, Error> {
    let Some(encoding) = response.headers().get(CONTENT_ENCODING) else {
        return Ok(false);
    };
    match encoding.to_str().map(str::to_ascii_lowercase).as_deref() {
        Ok("" | "identity") => Ok(false),
        Ok("gzip" | "x-gzip") => Ok(true),
        _ => Err(Error::Encoding),
    }
}

/// At most two layers: that of the transfer, and that of the file.
fn inflate(body: &[u8], of_transfer: bool, most: usize) -> Result<Vec<u8>, Error> {
    let once = inflate_once(body, most)?;
    if of_transfer && once.starts_with(&GZIP) {
        return inflate_once(&once, most);
    }
    Ok(once)
}

fn inflate_once(body: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let mut inflated = Vec::new();
    MultiGzDecoder::new(body)
        .take(most as u64 + 1)
        .read_to_end(&mut inflated)
        .map_err(|_damaged| Error::Encoding)?;
    if inflated.len() > most {
        return Err(Error::TooLarge(most));
    }
    Ok(inflated)
}
