//! The JavaScript binding: turns values into the model's and back, and decides nothing.
//!
//! Nothing here calls what an application wrote while the service is borrowed, so no listener and no getter finds it in use.

use js_sys::{Error as JsError, JsString, Reflect, Uint32Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::decision::Owner;
use crate::error::{Code, Error};
use crate::permission::{Dialect, Scope};
use crate::service::{DefaultFor, NewRole, Service};
use crate::wire::{self, SHAPE, Tape};

#[wasm_bindgen(module = "/src/js/reader.js")]
extern "C" {
    type Found;

    #[wasm_bindgen(js_name = read)]
    fn read_payload(payload: &JsValue, shape: &str) -> Found;
    #[wasm_bindgen(method, getter)]
    fn cells(this: &Found) -> Uint32Array;
    #[wasm_bindgen(method, getter)]
    fn texts(this: &Found) -> String;
    #[wasm_bindgen(method, getter)]
    fn ends(this: &Found) -> Uint32Array;
}

type Outcome<T> = Result<T, JsValue>;

/// A payload as it was read, before anything is known to be right about it.
#[wasm_bindgen]
pub struct Reading {
    cells: Vec<u32>,
    texts: String,
    ends: Vec<u32>,
}

#[wasm_bindgen]
impl Reading {
    /// Reads a payload: its getters run now, and never again.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn of(payload: &JsValue) -> Self {
        let found = read_payload(payload, SHAPE);
        Self { cells: found.cells().to_vec(), texts: found.texts(), ends: found.ends().to_vec() }
    }

    /// The dialect in which it is written.
    ///
    /// # Errors
    ///
    /// What is wrong with the payload.
    pub fn dialect(&self) -> Outcome<String> {
        Ok(wire::dialect_of(&self.tape())?.name().into())
    }

    fn tape(&self) -> Tape<'_> {
        Tape { cells: &self.cells, texts: &self.texts, ends: &self.ends }
    }
}

/// The service, as the TypeScript in `pkg-template` wraps it: with texts that it has checked to be texts.
#[wasm_bindgen]
pub struct Core(Service);

#[wasm_bindgen]
#[expect(clippy::missing_errors_doc, reason = "each is the model's operation of the same name, and its errors")]
#[expect(missing_docs, reason = "as above")]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands over optional texts and lists as owned")]
#[allow(clippy::must_use_candidate, reason = "called from JavaScript, which cannot be told")]
impl Core {
    /// A service with the default roles, or without any.
    #[wasm_bindgen(constructor)]
    pub fn new(dialect: &str, default_roles: bool, entropy: f64) -> Outcome<Self> {
        let message = ["a dialect is chat or conversations, not \u{201c}", dialect, "\u{201d}"];
        let named = Dialect::named(dialect).ok_or_else(|| Error::at(Code::InvalidDialect, "dialect".into(), &message))?;
        let service = Service::comparing(named, entropy.to_bits(), |text| JsString::from(text).to_lower_case().into());
        Ok(Self(if default_roles { service.with_default_roles() } else { service }))
    }

    #[wasm_bindgen(getter)]
    pub fn dialect(&self) -> String {
        self.0.dialect().name().into()
    }

    pub fn snapshot(&self) -> Outcome<JsValue> {
        value(&self.0.snapshot())
    }

    pub fn load(&mut self, reading: &Reading, replace: bool) -> Outcome<JsValue> {
        value(&self.0.load_tape(&reading.tape(), replace)?)
    }

    pub fn roles(&self, scope: Option<String>) -> Outcome<JsValue> {
        let named = |name: String| {
            let scope = Scope::ALL.into_iter().find(|scope| scope.name() == name);
            scope.or(Scope::of_role_type(&name).map(|(scope, _)| scope)).ok_or_else(|| {
                Error::at(Code::InvalidScope, "scope".into(), &["a scope is service or channel, not \u{201c}", &name, "\u{201d}"])
            })
        };
        value(&self.0.roles(scope.map(named).transpose()?))
    }

    pub fn role(&self, reference: &str) -> Outcome<JsValue> {
        self.0.role(reference)?.map_or(Ok(JsValue::UNDEFINED), |role| value(&role))
    }

    #[wasm_bindgen(js_name = createRole)]
    pub fn create_role(
        &mut self,
        name: &str,
        role_type: &str,
        permissions: Vec<String>,
        sid: Option<String>,
    ) -> Outcome<JsValue> {
        let permissions: Vec<&str> = permissions.iter().map(String::as_str).collect();
        let role = NewRole { friendly_name: name, role_type, permissions: &permissions, sid: sid.as_deref() };
        value(&self.0.create_role(&role)?)
    }

    #[wasm_bindgen(js_name = updateRole)]
    pub fn update_role(&mut self, reference: &str, permissions: Vec<String>) -> Outcome<JsValue> {
        let permissions: Vec<&str> = permissions.iter().map(String::as_str).collect();
        value(&self.0.update_role(reference, &permissions)?)
    }

    pub fn grant(&mut self, reference: &str, permission: &str) -> Outcome<JsValue> {
        value(&self.0.grant(reference, permission)?)
    }

    pub fn revoke(&mut self, reference: &str, permission: &str) -> Outcome<JsValue> {
        value(&self.0.revoke(reference, permission)?)
    }

    #[wasm_bindgen(js_name = deleteRole)]
    pub fn delete_role(&mut self, reference: &str) -> Outcome<JsValue> {
        value(&self.0.delete_role(reference)?)
    }

    #[wasm_bindgen(js_name = setDefaultRole)]
    pub fn set_default_role(&mut self, which: &str, reference: &str) -> Outcome<()> {
        let named = DefaultFor::ALL.into_iter().find(|default| default.name() == which);
        let message = ["a default role is for a user, a member or a creator, not \u{201c}", which, "\u{201d}"];
        let which = named.ok_or_else(|| Error::at(Code::InvalidArgument, "which".into(), &message))?;
        Ok(self.0.set_default_role(which, reference)?)
    }

    #[wasm_bindgen(js_name = setUser)]
    pub fn set_user(&mut self, identity: &str, role: Option<String>) -> Outcome<bool> {
        Ok(self.0.set_user(identity, role.as_deref())?)
    }

    #[wasm_bindgen(js_name = removeUser)]
    pub fn remove_user(&mut self, identity: &str) -> bool {
        self.0.remove_user(identity)
    }

    #[wasm_bindgen(js_name = createChannel)]
    pub fn create_channel(&mut self, sid: &str, channel_type: Option<String>, created_by: Option<String>) -> Outcome<()> {
        Ok(self.0.create_channel(sid, channel_type.as_deref(), created_by.as_deref())?)
    }

    #[wasm_bindgen(js_name = removeChannel)]
    pub fn remove_channel(&mut self, sid: &str) -> bool {
        self.0.remove_channel(sid)
    }

    #[wasm_bindgen(js_name = setMember)]
    pub fn set_member(&mut self, channel: &str, identity: &str, role: Option<String>) -> Outcome<bool> {
        Ok(self.0.set_member(channel, identity, role.as_deref())?)
    }

    #[wasm_bindgen(js_name = removeMember)]
    pub fn remove_member(&mut self, channel: &str, identity: &str) -> bool {
        self.0.remove_member(channel, identity)
    }

    pub fn invite(&mut self, channel: &str, identity: &str, role: Option<String>) -> Outcome<bool> {
        Ok(self.0.invite(channel, identity, role.as_deref())?)
    }

    #[wasm_bindgen(js_name = acceptInvite)]
    pub fn accept_invite(&mut self, channel: &str, identity: &str) -> Outcome<()> {
        Ok(self.0.accept_invite(channel, identity)?)
    }

    #[wasm_bindgen(js_name = declineInvite)]
    pub fn decline_invite(&mut self, channel: &str, identity: &str) -> bool {
        self.0.decline_invite(channel, identity)
    }

    pub fn users(&self) -> Outcome<JsValue> {
        value(&self.0.users())
    }

    pub fn channels(&self) -> Outcome<JsValue> {
        value(&self.0.channels())
    }

    pub fn members(&self, channel: &str) -> Outcome<JsValue> {
        value(&self.0.members(channel))
    }

    pub fn invites(&self, channel: &str) -> Outcome<JsValue> {
        value(&self.0.invites(channel))
    }

    #[wasm_bindgen(js_name = whoCan)]
    pub fn who_can(&self, action: &str, channel: Option<String>, owner: Option<String>) -> Outcome<JsValue> {
        value(&self.0.who_can(action, channel.as_deref(), owner.as_deref())?)
    }

    #[wasm_bindgen(js_name = defineAction)]
    pub fn define_action(&mut self, action: &str, any: &str, own: Option<String>, member_only: bool) -> Outcome<()> {
        Ok(self.0.define_action(action, any, own.as_deref(), member_only)?)
    }

    /// A copy, to be changed and compared with.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self(self.0.clone())
    }

    pub fn differences(&self, after: &Core) -> Outcome<JsValue> {
        value(&self.0.differences(&after.0)?)
    }

    /// The place of an action's digit in what `answers` gives.
    pub fn action(&self, name: &str) -> Outcome<u32> {
        #[expect(clippy::cast_possible_truncation, reason = "an index is below 64")]
        Ok(self.0.action(name).map(|action| action.index() as u32)?)
    }

    /// A digit for each of the 64 places of actions: 2 where it is allowed on anybody's things, 1 where only on one's own,
    /// 0 where it is not.
    pub fn answers(&self, identity: &str, channel: Option<String>) -> String {
        let ability = self.0.ability(identity, channel.as_deref());
        let [own, others] = [Owner::Me, Owner::Other].map(|owner| ability.allowed(owner).bits());
        // What is allowed on others' things is so on one's own.
        (0..u64::BITS).map(|at| char::from(b'0' + (own >> at & 1) as u8 + (others >> at & 1) as u8)).collect()
    }

    pub fn has(&self, identity: &str, channel: Option<String>, permission: &str) -> bool {
        self.0.ability(identity, channel.as_deref()).has(permission)
    }

    pub fn permissions(&self, identity: &str, channel: Option<String>) -> Outcome<JsValue> {
        value(&self.0.ability(identity, channel.as_deref()).permissions())
    }

    pub fn actions(&self, identity: &str, channel: Option<String>, owner: Option<String>) -> Outcome<JsValue> {
        value(&self.0.ability(identity, channel.as_deref()).actions(owner.as_deref()))
    }

    pub fn explain(&self, identity: &str, channel: Option<String>, action: &str, owner: Option<String>) -> Outcome<JsValue> {
        value(&self.0.ability(identity, channel.as_deref()).explain(action, owner.as_deref())?)
    }
}

/// Plain objects and arrays, with `null` for what is not there.
fn value(of: &impl Serialize) -> Outcome<JsValue> {
    Ok(of.serialize(&Serializer::json_compatible())?)
}

/// A real `Error` with `code` and `path`; the TypeScript makes a `RolecallError` of it.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let made = JsError::new(error.message());
        for (key, text) in [("code", Some(error.code().name())), ("path", error.path())] {
            if let Some(text) = text {
                // Setting a property of an object that was just made does not fail.
                let _ = Reflect::set(&made, &key.into(), &text.into());
            }
        }
        made.into()
    }
}
