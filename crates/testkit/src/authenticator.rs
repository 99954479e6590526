//! A device with a passkey, and the browser in front of it: it makes a P-256 key and signs challenges
//! (WebAuthn, level 2). A test changes what is public to make it lie.

use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;

/// A device with one passkey.
pub struct Authenticator {
    /// The origin of the page that asks it.
    pub origin: String,
    /// What it signs instead of the challenge that it gets, base64url.
    pub challenge: Option<String>,
    /// Whether it has recognised its user.
    pub has_verified: bool,
    /// How often it has signed; it counts up before it signs. `None`: it does not count.
    pub count: Option<u32>,
    /// What it calls its user; a registration sets it.
    pub user: Vec<u8>,
    id: [u8; 32],
    key: EcdsaKeyPair,
}

impl Authenticator {
    /// A device that nobody has used, for pages of this origin.
    ///
    /// # Panics
    /// When the system has no random numbers.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let mut id = [0; 32];
        random.fill(&mut id).expect("random bytes");
        Self {
            origin: origin.to_owned(),
            challenge: None,
            has_verified: true,
            count: None,
            user: Vec::new(),
            id,
            key: EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key"),
        }
    }

    /// Answers options of `navigator.credentials.create`.
    ///
    /// # Panics
    /// When the options are not complete.
    pub fn register(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.user = decoded(&options["user"]["id"]);
        let mut signed = self.state(&options["rp"]["id"], HAS_CREDENTIAL);
        signed.extend([0; 16]);
        let length = u16::try_from(self.id.len()).expect("short");
        signed.extend(length.to_be_bytes());
        signed.extend(self.id);
        signed.extend(self.public_key());
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(signed.len()).expect("short").to_be_bytes());
        object.extend(signed);
        self.answer(&json!({
            "attestationObject": BASE64URL_NOPAD.encode(&object),
            "clientDataJSON": self.client_data("webauthn.create", options),
            "transports": ["internal"],
        }))
    }

    /// Answers options of `navigator.credentials.get`.
    ///
    /// # Panics
    /// When the options are not complete.
    pub fn sign(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.count = self.count.map(|count| count + 1);
        let state = self.state(&options["rpId"], 0);
        let client_data = self.client_data("webauthn.get", options);
        let json = BASE64URL_NOPAD
            .decode(client_data.as_bytes())
            .expect("ours");
        let signed = [&state, digest(&SHA256, &json).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed);
        let signature = signature.expect("random bytes");
        self.answer(&json!({
            "authenticatorData": BASE64URL_NOPAD.encode(&state),
            "clientDataJSON": client_data,
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "userHandle": BASE64URL_NOPAD.encode(&self.user),
        }))
    }

    fn answer(&self, response: &Value) -> Value {
        let id = BASE64URL_NOPAD.encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response,
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
        })
    }

    /// The beginning of the authenticator data.
    fn state(&self, rp_id: &Value, flags: u8) -> Vec<u8> {
        let rp_id = rp_id.as_str().expect("the id of the site");
        let verified = if self.has_verified { USER_VERIFIED } else { 0 };
        let mut state = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        state.push(USER_PRESENT | verified | flags);
        state.extend(self.count.unwrap_or(0).to_be_bytes());
        state
    }

    fn client_data(&self, purpose: &str, options: &Value) -> String {
        let challenge = match &self.challenge {
            Some(challenge) => json!(challenge),
            None => options["challenge"].clone(),
        };
        let data = json!({
            "type": purpose, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        BASE64URL_NOPAD.encode(data.to_string().as_bytes())
    }

    /// As COSE: an elliptic curve, ES256, P-256, and the two coordinates.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let (head, between) = (b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", b"\x22\x58\x20");
        [head.as_slice(), x, between, y].concat()
    }
}

fn decoded(text: &Value) -> Vec<u8> {
    let text = text.as_str().expect("a text in base64url");
    BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64url")
}
