//! Every method of the API, found by name and called with dynamic messages.

use futures::{Stream, StreamExt};
use prost::Message;
use prost_reflect::prost_types::source_code_info::Location;
use prost_reflect::{DynamicMessage, MessageDescriptor, MethodDescriptor, ReflectMessage, Value};
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};

use crate::proto::pool;

/// Every method of the public API, service by service.
pub fn all() -> impl Iterator<Item = MethodDescriptor> {
    pool()
        .services()
        .filter(|service| service.package_name() == "payersim.v1")
        .flat_map(|service| service.methods().collect::<Vec<_>>())
}

/// `Claims/SubmitClaim`.
pub fn name(method: &MethodDescriptor) -> String {
    format!("{}/{}", method.parent_service().name(), method.name())
}

/// Finds `Claims/SubmitClaim`, `payersim.v1.Claims/SubmitClaim` or, as each method's name is its own, `SubmitClaim`.
pub fn find(text: &str) -> Result<MethodDescriptor, String> {
    let wanted = text.trim_start_matches('/').trim_start_matches("payersim.v1.").replace('.', "/");
    all()
        .find(|method| name(method) == wanted || method.name() == wanted)
        .ok_or_else(|| format!("there is no method {text}; `payersim call --list` lists them"))
}

/// What the proto says of a method, on one line.
pub fn comment(method: &MethodDescriptor) -> String {
    let of_method = |location: &&Location| location.path == method.path();
    let file = method.parent_file();
    let locations = file.file_descriptor_proto().source_code_info.as_ref().map(|info| &info.location);
    let found = locations.into_iter().flatten().find(of_method);
    found.map(|found| found.leading_comments().split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

/// Names the sandbox in a request that may name one and does not: `parent`, and `name` where that is the sandbox itself.
pub fn fill_sandbox(request: &mut DynamicMessage, sandbox: &str) {
    let of_sandbox = request.descriptor().parent_file().name() == "payersim/v1/sandboxes.proto";
    for field in ["parent", "name"] {
        let empty = request.get_field_by_name(field).is_some_and(|value| value.as_str() == Some(""));
        if empty && (field == "parent" || of_sandbox) {
            request.set_field_by_name(field, Value::String(sandbox.to_owned()));
        }
    }
    if let Some(Value::Message(inner)) = request.get_field_by_name_mut("request") {
        fill_sandbox(inner, sandbox);
    }
}

/// Calls a method. On the wire a unary call is a stream of one message, so one way serves all four kinds.
pub async fn call(
    channel: Channel,
    method: &MethodDescriptor,
    requests: impl Stream<Item = DynamicMessage> + Send + 'static,
) -> Result<Streaming<DynamicMessage>, Status> {
    let mut grpc = Grpc::new(channel).max_decoding_message_size(usize::MAX);
    grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = path.parse().map_err(|_| Status::internal(format!("{path} is no path")))?;
    let answers = grpc.streaming(Request::new(requests.boxed()), path, DynamicCodec(method.output())).await?;
    Ok(answers.into_inner())
}

/// Writes and reads dynamic messages.
struct DynamicCodec(MessageDescriptor);

impl Codec for DynamicCodec {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = DynamicEncoder;
    type Decoder = DynamicDecoder;

    fn encoder(&mut self) -> DynamicEncoder {
        DynamicEncoder
    }

    fn decoder(&mut self) -> DynamicDecoder {
        DynamicDecoder(self.0.clone())
    }
}

struct DynamicEncoder;

impl Encoder for DynamicEncoder {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.encode(buffer).map_err(|error| Status::internal(error.to_string()))
    }
}

struct DynamicDecoder(MessageDescriptor);

impl Decoder for DynamicDecoder {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        DynamicMessage::decode(self.0.clone(), buffer).map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::messages::from_json;
    use serde_json::json;

    // `call` is how the command line is a client for every RPC: each must be found by its own name, explain itself, and take a request.
    #[test]
    fn every_method_is_callable() {
        assert!(all().count() > 30);
        for method in all() {
            assert_eq!(find(method.name()).unwrap().full_name(), method.full_name(), "two methods of one name");
            assert_eq!(find(method.full_name()).unwrap().full_name(), method.full_name());
            assert!(!comment(&method).is_empty(), "{} has no comment", method.full_name());
            from_json(&method.input(), json!({})).unwrap();
        }
    }

    #[test]
    fn a_request_without_a_sandbox_gets_one_and_one_with_keeps_it() {
        let filled = |method: &str, request| {
            let mut request = from_json(&find(method).unwrap().input(), request).unwrap();
            fill_sandbox(&mut request, "sandboxes/mine");
            crate::client::messages::to_json(&request, crate::client::messages::Defaults::LeftOut)
        };
        assert_eq!(filled("ListClaims", json!({})), json!({ "parent": "sandboxes/mine" }));
        assert_eq!(filled("ListClaims", json!({ "parent": "sandboxes/x" })), json!({ "parent": "sandboxes/x" }));
        assert_eq!(filled("GetClock", json!({})), json!({ "name": "sandboxes/mine" }));
        assert_eq!(filled("GetClaim", json!({})), json!({}));
        let stream = filled("SubmitClaims", json!({ "request": {} }));
        assert_eq!(stream, json!({ "request": { "parent": "sandboxes/mine" } }));
    }
}
