//! A back end that asks the model before it does something, and answers 403 with what the browser would have said.
//!
//! ```text
//! PORT=3000 cargo run --example server
//! curl -i -X DELETE -H 'x-identity: alice' http://127.0.0.1:3000/conversations/CH1/messages/IM2
//! ```

use std::collections::HashMap;
use std::env;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::delete;
use axum::{Json, Router};
use rolecall::{Decision, Service};
use tokio::net::TcpListener;

/// What the server knows: the roles, as Twilio's REST API returned them, and who wrote which message.
struct Chat {
    service: Service,
    /// By conversation and message; a system message has no author.
    authors: Mutex<HashMap<(String, String), Option<String>>>,
}

/// Why a request gets nothing.
enum Refusal {
    /// Nobody is signed in.
    SignedOut,
    /// The roles do not allow it. The body is the decision, as `PermissionDenied` has it in the browser.
    Denied(Box<Decision>),
    /// It is allowed, and there is no such message.
    Missing,
    /// The program asks for an action that does not exist.
    Mistaken(rolecall::Error),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED.into_response(),
            Self::Denied(decision) => (StatusCode::FORBIDDEN, Json(decision)).into_response(),
            Self::Missing => StatusCode::NOT_FOUND.into_response(),
            Self::Mistaken(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        }
    }
}

/// Refuses what the roles do not allow.
fn require(chat: &Chat, identity: &str, conversation: &str, action: &str, owner: Option<&str>) -> Result<(), Refusal> {
    let ability = chat.service.ability(identity, Some(conversation));
    let decision = ability.explain(action, owner).map_err(Refusal::Mistaken)?;
    if decision.allowed { Ok(()) } else { Err(Refusal::Denied(Box::new(decision))) }
}

/// Who is signed in. Here a proxy in front sets this header, and removes it from what comes from outside.
fn signed_in(headers: &HeaderMap) -> Result<&str, Refusal> {
    let identity = headers.get("x-identity").and_then(|value| value.to_str().ok());
    identity.ok_or(Refusal::SignedOut)
}

async fn delete_message(
    State(chat): State<Arc<Chat>>,
    Path((conversation, message)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<String>, Refusal> {
    let identity = signed_in(&headers)?;
    let mut authors = chat.authors.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (conversation, message);
    // The server looks the author up itself. A message that does not exist has none, so a denial does not say which exist.
    let author = authors.get(&key).cloned().flatten();
    require(&chat, identity, &key.0, "deleteMessage", author.as_deref())?;
    authors.remove(&key).ok_or(Refusal::Missing)?;
    Ok(Json(key.1))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The number seeds hashing. A real server takes a random one, since strangers choose identities.
    let (service, _) = Service::from_json(include_str!("access.json"), None, None, 0x5eed)?;
    let messages = [("IM1", Some("alice")), ("IM2", Some("bob")), ("IM3", None)];
    let authors = messages.map(|(sid, author)| (("CH1".into(), sid.into()), author.map(Into::into)));
    let chat = Chat { service, authors: Mutex::new(authors.into()) };

    let routes = Router::new()
        .route("/conversations/{conversation}/messages/{message}", delete(delete_message))
        .with_state(Arc::new(chat));
    let port = env::var("PORT").unwrap_or_else(|_| "3000".into());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, routes).await?;
    Ok(())
}
