//! The methods of the gRPC services, called by their descriptors.

use prost::Message;
use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, FileDescriptorSet};
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

/// A field that holds another message (protobuf's wire type).
const LENGTH_DELIMITED: u32 = 2;

/// Values of texts in requests, by the name of the field.
type Texts<'a> = &'a [(&'a str, &'a str)];

/// A method of a service.
pub struct Call {
    /// `/package.Service/Method`.
    pub path: String,
    /// Numbers of the fields that lead from the request to the organization's name.
    organization: Vec<u32>,
    /// The other texts of the request, by name, with their numbers.
    texts: Vec<(String, u32)>,
}

/// Every method of every service in `proto/`.
pub fn all() -> Vec<Call> {
    let files = FileDescriptorSet::decode(crow_proto::DESCRIPTORS)
        .unwrap()
        .file;
    let messages: Vec<(String, &DescriptorProto)> = files
        .iter()
        .flat_map(|file| {
            file.message_type
                .iter()
                .map(|message| (full_name(file.package(), message.name()), message))
        })
        .collect();
    let mut calls = Vec::new();
    for file in &files {
        for service in &file.service {
            for method in &service.method {
                let path = format!("/{}.{}/{}", file.package(), service.name(), method.name());
                let organization = way_to_organization(&messages, method.input_type());
                let organization =
                    organization.unwrap_or_else(|| panic!("{path} names no organization"));
                let texts = texts_of(&messages, method.input_type());
                calls.push(Call {
                    path,
                    organization,
                    texts,
                });
            }
        }
    }
    calls
}

/// As fields refer to a message.
fn full_name(package: &str, message: &str) -> String {
    format!(".{package}.{message}")
}

/// The field `organization_id` of a message, or of one in it.
fn way_to_organization(messages: &[(String, &DescriptorProto)], name: &str) -> Option<Vec<u32>> {
    let (_, message) = messages.iter().find(|(known, _)| known == name)?;
    let number = |number: i32| u32::try_from(number).unwrap();
    let named = message
        .field
        .iter()
        .find(|field| field.name() == "organization_id");
    if let Some(field) = named {
        return Some(vec![number(field.number())]);
    }
    let mut inner = message
        .field
        .iter()
        .filter(|field| field.r#type() == Type::Message);
    inner.find_map(|field| {
        let mut way = way_to_organization(messages, field.type_name())?;
        way.insert(0, number(field.number()));
        Some(way)
    })
}

/// The text fields of a message.
fn texts_of(messages: &[(String, &DescriptorProto)], name: &str) -> Vec<(String, u32)> {
    let message = messages.iter().find(|(known, _)| known == name);
    let fields = message.iter().flat_map(|(_, message)| &message.field);
    let texts = fields.filter(|field| field.r#type() == Type::String);
    let numbered = texts.map(|field| {
        let number = u32::try_from(field.number()).unwrap();
        (field.name().to_owned(), number)
    });
    numbered.collect()
}

impl Call {
    /// Calls it for an organization; how it ends, or that it begins to answer.
    pub async fn make(
        &self,
        channel: &Channel,
        organization: &str,
        texts: Texts<'_>,
        headers: &[(&'static str, String)],
    ) -> Code {
        let mut client = Grpc::new(channel.clone());
        client.ready().await.unwrap();
        let mut request = Request::new(self.message(organization, texts));
        for (name, value) in headers {
            let value = value.parse().unwrap();
            request.metadata_mut().insert(*name, value);
        }
        let path: PathAndQuery = self.path.parse().unwrap();
        // A method with one answer is, on the wire, one with a stream of one. A stream that begins is
        // an answer, too: a live one has no end.
        match client.server_streaming(request, path, Raw).await {
            Err(status) => status.code(),
            Ok(_answers) => Code::Ok,
        }
    }

    /// A request with nothing in it but the organization and those of the texts that it has.
    fn message(&self, organization: &str, texts: Texts<'_>) -> Vec<u8> {
        let mut message = organization.as_bytes().to_vec();
        for number in self.organization.iter().rev() {
            message = field(*number, &message);
        }
        for (name, number) in &self.texts {
            if let Some((_, text)) = texts.iter().find(|(known, _)| known == name) {
                message.extend(field(*number, text.as_bytes()));
            }
        }
        message
    }
}

/// A field with a text or a message.
fn field(number: u32, content: &[u8]) -> Vec<u8> {
    let mut field = Vec::new();
    prost::encoding::encode_varint(u64::from(number << 3 | LENGTH_DELIMITED), &mut field);
    prost::encoding::encode_varint(content.len() as u64, &mut field);
    field.extend(content);
    field
}

/// Messages as bytes.
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = ();
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        bytes::BufMut::put_slice(buffer, &item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        bytes::Buf::advance(buffer, bytes::Buf::remaining(buffer));
        Ok(Some(()))
    }
}
