//! The JavaScript binding: turns texts into the model's operations and answers into JSON, and decides nothing.
//!
//! An operation crosses as a number and its texts, since each function that WebAssembly exports weighs on both sides. An
//! answer crosses as JSON, which `JSON.parse` turns into objects whose properties are their own, whatever a page has put
//! on `Object.prototype`.
//!
//! Nothing here calls what an application wrote while the service is borrowed, so no listener and no getter finds it in use.

use alloc::{string::String, vec::Vec};

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::decision::Owner;
use crate::error::{Code, Error, Result};
use crate::load::LoadReport;
use crate::names::Id;
use crate::permission::{Dialect, Scope};
use crate::service::{Ability, DefaultFor, NewRole, Service};
use crate::wire::{self, MOST_PLACES, SHAPE, Tape};

mod operation;

use operation::Operation;

#[wasm_bindgen(module = "/src/js/reader.js")]
extern "C" {
    /// A tape that stays in JavaScript.
    type Found;

    #[wasm_bindgen(js_name = read)]
    fn read_payload(payload: &JsValue, shape: &str, room: u32) -> Found;
    #[wasm_bindgen(method)]
    fn cells(this: &Found, window: u32) -> Vec<u32>;
    #[wasm_bindgen(method)]
    fn texts(this: &Found, from: u32, lengths: &mut [u32]) -> String;
    #[wasm_bindgen(method)]
    fn size(this: &Found) -> Vec<u32>;

    #[wasm_bindgen(js_name = lowerCase)]
    fn lower_case(text: &str) -> String;
}

/// A payload as it was read, before anything is known to be right about it.
#[wasm_bindgen]
pub struct Reading(Found);

impl Tape for Reading {
    fn cells(&self, window: u32) -> Vec<u32> {
        self.0.cells(window)
    }

    fn texts(&self, from: u32, lengths: &mut [u32]) -> String {
        self.0.texts(from, lengths)
    }

    fn size(&self) -> [u32; 3] {
        self.0.size().try_into().unwrap_or_default()
    }
}

#[wasm_bindgen]
impl Reading {
    /// Reads a payload: its getters run now, and never again.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn of(payload: &JsValue) -> Self {
        Self(read_payload(payload, SHAPE, MOST_PLACES))
    }
}

/// The service, as the TypeScript in `pkg-template` wraps it: with texts that it has checked to be texts.
#[wasm_bindgen]
pub struct Core {
    service: Service,
    /// The dialect was neither asked for nor loaded yet.
    undecided: bool,
}

/// Stands in place of the length of a text that is absent.
const ABSENT: u32 = u32::MAX;

#[wasm_bindgen]
impl Core {
    /// A service without roles; `Operation::Begin` must follow. `entropy`: a random number.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(entropy: f64) -> Self {
        Self { service: Service::comparing(Dialect::Chat, entropy.to_bits(), lower_case), undecided: false }
    }

    /// A copy, to be changed and compared with.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { service: self.service.clone(), undecided: self.undecided }
    }

    /// Loads what was read; the report, or an error.
    pub fn load(&mut self, reading: &Reading, replace: bool) -> String {
        answer(self.loaded(reading, replace))
    }

    /// The changes that lead from this service's decisions to another's, or an error.
    #[must_use]
    pub fn differences(&self, after: &Core) -> String {
        answer(self.service.differences(&after.service).map(|changes| json(&changes)))
    }

    /// Does the operation of that number; its answer, or an error.
    ///
    /// `texts`: its texts, one after another. `lengths`: how long each of them is, as JavaScript counts.
    pub fn call(&mut self, operation: u32, texts: &str, lengths: &[u32]) -> String {
        let mut left = texts;
        let mut take = |length: u32| {
            let mut units = 0;
            let end = left.char_indices().find(|(_, letter)| {
                let is_end = units == length as usize;
                units += letter.len_utf16();
                is_end
            });
            let (text, rest) = left.split_at_checked(end.map_or(left.len(), |(end, _)| end))?;
            left = rest;
            Some(text)
        };
        let given: Vec<Option<&str>> =
            lengths.iter().map(|length| if *length == ABSENT { None } else { take(*length) }).collect();
        answer(self.operate(operation, &given))
    }
}

impl Core {
    fn loaded(&mut self, tape: &dyn Tape, replace: bool) -> Result<String> {
        if self.undecided {
            self.service.write_in(wire::dialect_of(tape)?);
            self.undecided = false;
        }
        let settings = settings(&self.service);
        let report = self.service.load_tape(tape, replace)?;
        Ok(marked(is_change(&report) || settings != self::settings(&self.service), json(&report)))
    }

    fn operate(&mut self, operation: u32, given: &[Option<&str>]) -> Result<String> {
        use Operation as O;
        let service = &mut self.service;
        let optional = |at: usize| given.get(at).copied().flatten();
        let text = |at: usize| optional(at).unwrap_or_default();
        let Some(operation) = Operation::ALL.get(operation as usize) else { return Ok(json(&())) };
        Ok(match operation {
            O::Begin => {
                match optional(0) {
                    Some(name) => service.write_in(dialect_named(name)?),
                    None => self.undecided = true,
                }
                if optional(1).is_some() {
                    service.add_default_roles();
                }
                json(&())
            }
            O::Action => json(&service.action(text(0))?.index()),
            O::Answers => json(&digits(&service.ability(text(0), optional(1)))),
            _ => return self.operate_on(*operation, given),
        })
    }

    /// The operations that no first check needs: engines compile a function when it is first called, so a page does not
    /// wait for this one.
    #[inline(never)]
    fn operate_on(&mut self, operation: Operation, given: &[Option<&str>]) -> Result<String> {
        use Operation as O;
        let service = &mut self.service;
        let optional = |at: usize| given.get(at).copied().flatten();
        let text = |at: usize| optional(at).unwrap_or_default();
        let list =
            |from: usize| given.get(from..).unwrap_or_default().iter().map(|text| text.unwrap_or_default()).collect::<Vec<_>>();
        Ok(match operation {
            O::Dialect => json(&service.dialect().name()),
            O::Snapshot => json(&service.snapshot()),
            O::Roles => json(&service.roles(optional(0).map(scope_named).transpose()?)),
            O::Role => json(&service.role(text(0))?),
            O::CreateRole => {
                let role = NewRole { friendly_name: text(0), role_type: text(1), sid: optional(2), permissions: &list(3) };
                json(&service.create_role(&role)?)
            }
            O::UpdateRole | O::Grant | O::Revoke => {
                let before = json(&service.role(text(0))?);
                let after = match operation {
                    O::UpdateRole => service.update_role(text(0), &list(1)),
                    O::Grant => service.grant(text(0), text(1)),
                    _ => service.revoke(text(0), text(1)),
                }?;
                let after = json(&after);
                marked(before != after, after)
            }
            O::DeleteRole => json(&service.delete_role(text(0))?),
            O::SetDefaultRole | O::DefineAction => {
                let before = settings(service);
                match operation {
                    O::SetDefaultRole => service.set_default_role(default_named(text(0))?, text(1)),
                    _ => service.define_action(text(0), text(1), optional(2), optional(3).is_some()),
                }?;
                marked(before != settings(service), json(&()))
            }
            O::SetUser => json(&service.set_user(text(0), optional(1))?),
            O::RemoveUser => json(&service.remove_user(text(0))),
            O::CreateChannel => json(&service.create_channel(text(0), optional(1), optional(2))?),
            O::RemoveChannel => json(&service.remove_channel(text(0))),
            O::SetMember => json(&service.set_member(text(0), text(1), optional(2))?),
            O::RemoveMember => json(&service.remove_member(text(0), text(1))),
            O::Invite => json(&service.invite(text(0), text(1), optional(2))?),
            O::AcceptInvite => json(&service.accept_invite(text(0), text(1))?),
            O::DeclineInvite => json(&service.decline_invite(text(0), text(1))),
            O::Users => json(&service.users()),
            O::Channels => json(&service.channels()),
            O::Members => json(&service.members(text(0))),
            O::Invites => json(&service.invites(text(0))),
            O::WhoCan => json(&service.who_can(text(0), optional(1), optional(2))?),
            O::Has => json(&service.ability(text(0), optional(1)).has(text(2))),
            O::Permissions => json(&service.ability(text(0), optional(1)).permissions()),
            O::Actions => json(&service.ability(text(0), optional(1)).actions(optional(2))),
            O::Explain => json(&service.ability(text(0), optional(1)).explain(text(2), optional(3))?),
            O::Begin | O::Action | O::Answers => json(&()),
        })
    }
}

fn dialect_named(name: &str) -> Result<Dialect> {
    let message = ["a dialect is chat or conversations, not \u{201c}", name, "\u{201d}"];
    Dialect::named(name).ok_or_else(|| Error::at(Code::InvalidDialect, "dialect".into(), &message))
}

fn scope_named(name: &str) -> Result<Scope> {
    let scope = Scope::ALL.into_iter().find(|scope| scope.name() == name);
    scope.or(Scope::of_role_type(name).map(|(scope, _)| scope)).ok_or_else(|| {
        Error::at(Code::InvalidScope, "scope".into(), &["a scope is service or channel, not \u{201c}", name, "\u{201d}"])
    })
}

fn default_named(name: &str) -> Result<DefaultFor> {
    let message = ["a default role is for a user, a member or a creator, not \u{201c}", name, "\u{201d}"];
    let named = DefaultFor::ALL.into_iter().find(|default| default.name() == name);
    named.ok_or_else(|| Error::at(Code::InvalidArgument, "which".into(), &message))
}

/// A digit for each of the 64 places of actions: 2 where it is allowed on anybody's things, 1 where only on one's own,
/// 0 where it is not.
fn digits(ability: &Ability) -> String {
    let [own, others] = [Owner::Me, Owner::Other].map(|owner| ability.allowed(owner).bits());
    // What is allowed on others' things is so on one's own.
    (0..u64::BITS).map(|at| char::from(b'0' + (own >> at & 1) as u8 + (others >> at & 1) as u8)).collect()
}

/// What no report counts: the default roles, and how many actions there are, of which none ever goes.
fn settings(service: &Service) -> ([Id; 3], usize) {
    (service.defaults, service.vocabulary.actions().count())
}

/// Whether a row has come, has gone, or says something else.
fn is_change(report: &LoadReport) -> bool {
    let LoadReport { roles, users, channels, members, invites, .. } = report;
    [roles, users, channels, members, invites].iter().any(|counts| counts.added + counts.updated + counts.removed > 0)
}

/// The answer of an operation; behind the mark `=` if it has changed nothing.
fn marked(has_changed: bool, answer: String) -> String {
    if has_changed { answer } else { ["=", &answer].concat() }
}

/// With `null` for what is not there.
fn json(of: &impl Serialize) -> String {
    // Writing texts, numbers and lists to memory does not fail.
    serde_json::to_string(of).unwrap_or_default()
}

/// An answer as it is; an error behind the mark `!`, as its code, its sentence and its path.
fn answer(outcome: Result<String>) -> String {
    outcome.unwrap_or_else(|error| {
        let mut text = String::from("!");
        text.push_str(&json(&[error.code().name(), error.message(), error.path().unwrap_or_default()]));
        text
    })
}
