//! The JavaScript binding: what a page can ask for, one method an operation. It turns values into the model's and back, and
//! decides nothing.
//!
//! Nothing here runs what an application wrote while a service is borrowed, so no listener and no getter finds it in use: a
//! payload is read by [`JsPayload`], which holds no service. That strings are strings, the TypeScript in `pkg-template` has checked.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::decision::Owner;
use crate::dialect::{Dialect, Scope};
use crate::error::{Error, Problem, Result};
use crate::load::LoadOptions;
use crate::payload::Payload;
use crate::role::{DefaultFor, NewRole};
use crate::service::{NewChannel, Service};
use crate::spelling;
use crate::vocabulary::NewAction;

mod source;

use source::JsSource;

/// What a binding's method returns: an exception is a JavaScript `Error`.
type Outcome<T> = std::result::Result<T, JsValue>;

/// A payload as it was read: every field has its type, and nothing else is known to be right.
#[wasm_bindgen(js_name = Payload)]
pub struct JsPayload(Payload);

#[wasm_bindgen(js_class = Payload)]
impl JsPayload {
    /// Reads a payload. Its getters run here, each at most once, and no service is borrowed meanwhile.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with its path.
    #[wasm_bindgen(constructor)]
    pub fn new(value: &JsValue) -> Outcome<Self> {
        let source = JsSource::new();
        Ok(Self(Payload::read(&source, source.look_at(value))?))
    }
}

/// A service, as the TypeScript in `pkg-template` wraps it.
#[wasm_bindgen]
pub struct Core {
    service: Service,
    /// No dialect was named, and nothing was loaded yet.
    has_no_dialect: bool,
}

#[wasm_bindgen]
#[expect(clippy::missing_errors_doc, missing_docs, reason = "each is the operation of the same name of `Service`")]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen passes optional strings and lists as owned")]
#[allow(clippy::must_use_candidate, reason = "JavaScript calls them")]
impl Core {
    /// A service that writes in that dialect, or in that of what is loaded first; with the default roles, or without any.
    #[wasm_bindgen(constructor)]
    pub fn new(dialect: Option<String>, default_roles: bool, entropy: f64) -> Outcome<Self> {
        let named = dialect.as_deref().map(dialect_named).transpose()?;
        let start = if default_roles { Service::new } else { Service::empty };
        Ok(Self { service: start(named.unwrap_or_default(), entropy.to_bits()), has_no_dialect: named.is_none() })
    }

    #[wasm_bindgen(getter)]
    pub fn dialect(&self) -> String {
        self.service.dialect().name().into()
    }

    #[wasm_bindgen(getter)]
    #[expect(clippy::cast_precision_loss, reason = "nobody changes a service nine quadrillion times")]
    pub fn version(&self) -> f64 {
        self.service.version() as f64
    }

    #[wasm_bindgen(js_name = toJSON)]
    pub fn to_json(&self) -> Outcome<JsValue> {
        value(&self.service.snapshot())
    }

    pub fn load(
        &mut self,
        payload: JsPayload,
        replace: bool,
        channel: Option<String>,
        identity: Option<String>,
    ) -> Outcome<JsValue> {
        if self.has_no_dialect {
            self.service.write_in(payload.0.dialect);
            self.has_no_dialect = false;
        }
        let options = LoadOptions { replace, channel: channel.as_deref(), identity: identity.as_deref() };
        value(&self.service.load(payload.0, &options)?)
    }

    pub fn roles(&self, scope: Option<String>) -> Outcome<JsValue> {
        value(&self.service.roles(scope_named(scope.as_deref())?))
    }

    pub fn role(&self, reference: &str, scope: Option<String>) -> Outcome<JsValue> {
        let role = self.service.role(reference, scope_named(scope.as_deref())?)?;
        role.map_or(Ok(JsValue::UNDEFINED), |role| value(&role))
    }

    #[wasm_bindgen(js_name = createRole)]
    pub fn create_role(
        &mut self,
        friendly_name: &str,
        role_type: &str,
        permissions: Vec<String>,
        sid: Option<String>,
    ) -> Outcome<JsValue> {
        let permissions = strs(&permissions);
        value(&self.service.create_role(&NewRole { friendly_name, role_type, permissions: &permissions, sid: sid.as_deref() })?)
    }

    #[wasm_bindgen(js_name = updateRole)]
    pub fn update_role(&mut self, reference: &str, permissions: Vec<String>, scope: Option<String>) -> Outcome<JsValue> {
        value(&self.service.update_role(reference, &strs(&permissions), scope_named(scope.as_deref())?)?)
    }

    pub fn grant(&mut self, reference: &str, permission: &str, scope: Option<String>) -> Outcome<JsValue> {
        value(&self.service.grant(reference, permission, scope_named(scope.as_deref())?)?)
    }

    pub fn revoke(&mut self, reference: &str, permission: &str, scope: Option<String>) -> Outcome<JsValue> {
        value(&self.service.revoke(reference, permission, scope_named(scope.as_deref())?)?)
    }

    #[wasm_bindgen(js_name = deleteRole)]
    pub fn delete_role(&mut self, reference: &str, scope: Option<String>) -> Outcome<JsValue> {
        value(&self.service.delete_role(reference, scope_named(scope.as_deref())?)?)
    }

    #[wasm_bindgen(js_name = setDefaultRole)]
    pub fn set_default_role(&mut self, which: &str, reference: &str) -> Outcome<()> {
        Ok(self.service.set_default_role(default_named(which)?, reference)?)
    }

    #[wasm_bindgen(js_name = setUser)]
    pub fn set_user(&mut self, identity: &str, role: Option<String>) -> Outcome<()> {
        Ok(self.service.set_user(identity, role.as_deref())?)
    }

    #[wasm_bindgen(js_name = removeUser)]
    pub fn remove_user(&mut self, identity: &str) -> bool {
        self.service.remove_user(identity)
    }

    #[wasm_bindgen(js_name = createChannel)]
    pub fn create_channel(
        &mut self,
        sid: &str,
        unique_name: Option<String>,
        channel_type: Option<String>,
        created_by: Option<String>,
        state: Option<String>,
    ) -> Outcome<()> {
        Ok(self.service.create_channel(&NewChannel {
            sid,
            unique_name: unique_name.as_deref(),
            channel_type: channel_type.as_deref(),
            created_by: created_by.as_deref(),
            state: state.as_deref(),
        })?)
    }

    #[wasm_bindgen(js_name = setChannelState)]
    pub fn set_channel_state(&mut self, channel: &str, state: &str) -> Outcome<()> {
        Ok(self.service.set_channel_state(channel, state)?)
    }

    #[wasm_bindgen(js_name = removeChannel)]
    pub fn remove_channel(&mut self, channel: &str) -> bool {
        self.service.remove_channel(channel)
    }

    #[wasm_bindgen(js_name = joinChannel)]
    pub fn join_channel(&mut self, channel: &str, identity: &str) -> Outcome<()> {
        Ok(self.service.join_channel(channel, identity)?)
    }

    #[wasm_bindgen(js_name = setMember)]
    pub fn set_member(&mut self, channel: &str, identity: &str, role: Option<String>) -> Outcome<()> {
        Ok(self.service.set_member(channel, identity, role.as_deref())?)
    }

    #[wasm_bindgen(js_name = removeMember)]
    pub fn remove_member(&mut self, channel: &str, identity: &str) -> bool {
        self.service.remove_member(channel, identity)
    }

    pub fn invite(&mut self, channel: &str, identity: &str, role: Option<String>) -> Outcome<()> {
        Ok(self.service.invite(channel, identity, role.as_deref())?)
    }

    #[wasm_bindgen(js_name = acceptInvite)]
    pub fn accept_invite(&mut self, channel: &str, identity: &str) -> Outcome<()> {
        Ok(self.service.accept_invite(channel, identity)?)
    }

    #[wasm_bindgen(js_name = declineInvite)]
    pub fn decline_invite(&mut self, channel: &str, identity: &str) -> bool {
        self.service.decline_invite(channel, identity)
    }

    pub fn users(&self) -> Outcome<JsValue> {
        value(&self.service.users())
    }

    pub fn channels(&self) -> Outcome<JsValue> {
        value(&self.service.channels())
    }

    pub fn members(&self, channel: &str) -> Outcome<JsValue> {
        value(&self.service.members(channel))
    }

    pub fn invites(&self, channel: &str) -> Outcome<JsValue> {
        value(&self.service.invites(channel))
    }

    #[wasm_bindgen(js_name = whoCan)]
    pub fn who_can(&self, action: &str, channel: Option<String>, owner: Option<String>) -> Outcome<Vec<String>> {
        Ok(self.service.who_can(action, channel.as_deref(), owner.as_deref())?)
    }

    /// A copy, to be changed and compared with this one: a preview's draft.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { service: self.service.clone(), ..*self }
    }

    pub fn differences(&self, after: &Core) -> Outcome<JsValue> {
        value(&self.service.differences(&after.service)?)
    }

    #[wasm_bindgen(js_name = defineAction)]
    pub fn define_action(
        &mut self,
        name: &str,
        any: &str,
        own: Option<String>,
        member_only: bool,
        when_closed: bool,
    ) -> Outcome<()> {
        Ok(self.service.define_action(&NewAction { name, any, own: own.as_deref(), member_only, when_closed })?)
    }

    /// The bit of an action in what `allowed` returns.
    pub fn action(&self, name: &str) -> Outcome<u32> {
        #[expect(clippy::cast_possible_truncation, reason = "an index is below 64")]
        Ok(self.service.action(name)?.index() as u32)
    }

    /// What is allowed on other people's things, then on one's own: a bit for each action, two words for each, the low one first.
    pub fn allowed(&self, identity: &str, channel: Option<String>) -> Vec<u32> {
        let ability = self.service.ability(identity, channel.as_deref());
        #[expect(clippy::cast_possible_truncation, reason = "the halves of 64 bits")]
        let words = |bits: u64| [bits as u32, (bits >> 32) as u32];
        [Owner::Other, Owner::Me].map(|owner| words(ability.allowed(owner).bits())).concat()
    }

    pub fn has(&self, identity: &str, channel: Option<String>, permission: &str) -> bool {
        self.service.ability(identity, channel.as_deref()).has(permission)
    }

    pub fn permissions(&self, identity: &str, channel: Option<String>) -> Vec<String> {
        self.service.ability(identity, channel.as_deref()).permissions()
    }

    pub fn actions(&self, identity: &str, channel: Option<String>, owner: Option<String>) -> Vec<String> {
        self.service.ability(identity, channel.as_deref()).actions(owner.as_deref())
    }

    pub fn explain(&self, identity: &str, channel: Option<String>, action: &str, owner: Option<String>) -> Outcome<JsValue> {
        value(&self.service.ability(identity, channel.as_deref()).explain(action, owner.as_deref())?)
    }
}

/// The name that was probably meant, for messages about names that do not exist.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen passes lists as owned")]
#[must_use]
pub fn nearest(name: &str, names: Vec<String>) -> Option<String> {
    spelling::nearest(name, names.iter().map(String::as_str)).map(Into::into)
}

fn strs(strings: &[String]) -> Vec<&str> {
    strings.iter().map(String::as_str).collect()
}

fn dialect_named(name: &str) -> Result<Dialect> {
    Dialect::named(name).ok_or_else(|| Error::from(Problem::NoDialect(name.into())).at("dialect"))
}

fn scope_named(name: Option<&str>) -> Result<Option<Scope>> {
    let named = |name: &str| Scope::named(name).ok_or_else(|| Error::from(Problem::NoScope(name.into())).at("scope"));
    name.map(named).transpose()
}

fn default_named(name: &str) -> Result<DefaultFor> {
    DefaultFor::named(name).ok_or_else(|| Error::from(Problem::NoDefaultFor(name.into())).at("which"))
}

/// Plain objects and lists. A field that is `None` is null; one that is left out is not there.
fn value(of: &impl Serialize) -> Outcome<JsValue> {
    Ok(of.serialize(&Serializer::json_compatible())?)
}

/// An `Error` with a code and a path, of which the TypeScript makes a `RolecallError`.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let thrown = js_sys::Error::new(&error.message());
        // Setting a field of an object that was just made does not fail.
        let set = |field: &str, text: &str| js_sys::Reflect::set(&thrown, &field.into(), &text.into()).is_ok();
        set("code", error.code().name());
        error.path().map(|path| set("path", path));
        thrown.into()
    }
}
