//! What changes a world, call by call.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    ACTIONS, CHANNEL_TYPES, Channel, DEFAULTS, Dialect, Fault, MOST_OWN_ACTIONS, MOST_OWN_PERMISSIONS, Outcome, OwnAction,
    ROLE_TYPES, Role, STATES, Scope, World, also, built_in, counts_in, fault, has_sid_form, none_of, permission, scope_of, word,
};

/// A channel to make: its SID, and what is known of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewChannel<'a> {
    pub sid: &'a str,
    pub unique_name: Option<&'a str>,
    pub channel_type: Option<&'a str>,
    pub created_by: Option<&'a str>,
    pub state: Option<&'a str>,
}

/// By Chat's names, in the order given.
pub fn each_once(names: &[impl AsRef<str>]) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for name in names {
        let name = permission(name.as_ref());
        if !once.iter().any(|known| known == name) {
            once.push(name.into());
        }
    }
    once
}

impl World {
    // --- Roles ---

    /// The roles of some scope, or of any, that have this SID, else those that have this name.
    fn called(&self, reference: &str, scope: Option<Scope>) -> Vec<&String> {
        let of_scope = |role: &Role| scope.is_none_or(|scope| role.scope == scope);
        if let Some((sid, role)) = self.roles.get_key_value(reference) {
            return if of_scope(role) { vec![sid] } else { vec![] };
        }
        let is_called = |role: &Role| role.friendly_name.eq_ignore_ascii_case(reference);
        self.roles.iter().filter(|(_, role)| of_scope(role) && is_called(role)).map(|(sid, _)| sid).collect()
    }

    /// The role that a call names: of the scope that it says, if it says one.
    fn find(&self, reference: &str, scope: Option<Scope>) -> Outcome<String> {
        match self.called(reference, scope)[..] {
            [sid] => Ok(sid.clone()),
            [] if self.called(reference, None).is_empty() => fault("unknown-role"),
            [] => fault("wrong-scope"),
            _ => fault("ambiguous-role"),
        }
    }

    pub fn role(&self, reference: &str, scope: Option<Scope>) -> Outcome<Option<Value>> {
        match self.find(reference, scope) {
            Ok(sid) => Ok(Some(self.role_json(&sid))),
            Err(fault) if fault.codes == ["ambiguous-role"] => Err(fault),
            Err(_) => Ok(None),
        }
    }

    pub fn role_json(&self, sid: &str) -> Value {
        let role = &self.roles[sid];
        let permissions: Vec<_> = role.permissions.iter().map(|name| self.written(name)).collect();
        json!({ "sid": sid, "friendlyName": role.friendly_name, "type": self.role_type(role.scope), "permissions": permissions })
    }

    /// Whether a role holds a permission, or an action asks for it.
    fn in_use(&self, name: &str) -> bool {
        self.roles.values().any(|role| role.permissions.iter().any(|held| held == name))
            || self.actions.values().any(|rule| rule.any == name || rule.own.as_deref() == Some(name))
    }

    /// The application's own permissions that roles hold.
    pub(super) fn held_own(&self) -> BTreeSet<String> {
        let held = self.roles.values().flat_map(|role| &role.permissions);
        held.filter(|name| built_in(name).is_none()).cloned().collect()
    }

    /// The application's own permissions that actions ask for.
    pub(super) fn asked_own(&self) -> BTreeSet<String> {
        let asked = self.actions.values().flat_map(|rule| [Some(&rule.any), rule.own.as_ref()]).flatten();
        asked.filter(|name| built_in(name).is_none()).cloned().collect()
    }

    /// What is wrong with the permissions of a role that is made or edited here.
    fn wrong(&self, scope: Scope, names: &[&str]) -> Vec<&'static str> {
        let wrong = |name: &&str| {
            [
                (built_in(name).is_none() && !self.in_use(name), "unknown-permission"),
                (!counts_in(name, scope), "out-of-scope"),
                (self.name_of(name).is_none(), "no-counterpart"),
            ]
        };
        names.iter().flat_map(wrong).filter(|(wrong, _)| *wrong).map(|(_, code)| code).collect()
    }

    pub fn create_role(&mut self, friendly_name: &str, role_type: &str, permissions: &[&str], sid: &str) -> Outcome<Value> {
        let scope = word(role_type, &ROLE_TYPES).and_then(scope_of);
        let mut codes = scope.map(|scope| self.wrong(scope, permissions)).unwrap_or_default();
        for (wrong, code) in [
            (!(1..=64).contains(&friendly_name.chars().count()), "invalid-name"),
            (scope.is_none(), "invalid-scope"),
            (permissions.is_empty(), "empty-permissions"),
            (sid.is_empty(), "invalid-sid"),
            (self.roles.contains_key(sid), "duplicate-role"),
        ] {
            codes.extend(wrong.then_some(code));
        }
        let (Some(scope), true) = (scope, codes.is_empty()) else { return Err(Fault { codes, path: None }) };
        let role = Role { friendly_name: friendly_name.into(), scope, permissions: each_once(permissions) };
        self.roles.insert(sid.into(), role);
        Ok(self.role_json(sid))
    }

    pub fn update_role(&mut self, reference: &str, permissions: &[&str], scope: Option<Scope>) -> Outcome<Value> {
        let sid = self.find(reference, scope)?;
        let mut codes = self.wrong(self.roles[&sid].scope, permissions);
        codes.extend(permissions.is_empty().then_some("empty-permissions"));
        if !codes.is_empty() {
            return Err(Fault { codes, path: None });
        }
        self.roles.get_mut(&sid).unwrap().permissions = each_once(permissions);
        Ok(self.role_json(&sid))
    }

    pub fn grant(&mut self, reference: &str, name: &str, scope: Option<Scope>) -> Outcome<Value> {
        let sid = self.find(reference, scope)?;
        let codes = self.wrong(self.roles[&sid].scope, &[name]);
        if !codes.is_empty() {
            return Err(Fault { codes, path: None });
        }
        let role = self.roles.get_mut(&sid).unwrap();
        if !role.permissions.iter().any(|held| held == permission(name)) {
            role.permissions.push(permission(name).into());
        }
        Ok(self.role_json(&sid))
    }

    pub fn revoke(&mut self, reference: &str, name: &str, scope: Option<Scope>) -> Outcome<Value> {
        let sid = self.find(reference, scope)?;
        none_of(&[(built_in(name).is_none() && !self.in_use(name), "unknown-permission")])?;
        let mut left = self.roles[&sid].permissions.clone();
        if left.iter().all(|held| held != permission(name)) {
            return Ok(self.role_json(&sid));
        }
        left.retain(|held| held != permission(name));
        none_of(&[(left.is_empty(), "empty-permissions")])?;
        self.roles.get_mut(&sid).unwrap().permissions = left;
        Ok(self.role_json(&sid))
    }

    pub fn delete_role(&mut self, reference: &str, scope: Option<Scope>) -> Outcome<Value> {
        let sid = self.find(reference, scope)?;
        let role = self.role_json(&sid);
        self.roles.remove(&sid);
        let users = self.users.values().filter(|role| **role == sid).count();
        let members = self.members.values().filter(|role| **role == sid).count();
        Ok(json!({ "role": role, "users": users, "members": members }))
    }

    pub fn set_default_role(&mut self, which: &str, reference: &str) -> Outcome<()> {
        let (which, scope, ..) = *DEFAULTS.iter().find(|row| row.0 == which).unwrap();
        let sid = self.find(reference, Some(scope))?;
        self.defaults.insert(which, sid);
        Ok(())
    }

    // --- People ---

    fn default_for(&self, which: &str) -> Outcome<String> {
        self.defaults.get(which).cloned().map_or_else(|| fault("no-default-role"), Ok)
    }

    pub fn set_user(&mut self, identity: &str, role: Option<&str>) -> Outcome<()> {
        let sid = role.map_or_else(|| self.default_for("user"), |role| self.find(role, Some(Scope::Service)));
        let sid = also(identity.is_empty(), "invalid-identity", sid)?;
        self.users.insert(identity.into(), sid);
        Ok(())
    }

    pub fn remove_user(&mut self, identity: &str) -> bool {
        let known = self.knows_user(identity);
        self.users.remove(identity);
        self.members.retain(|key, _| key.1 != identity);
        self.invites.retain(|key, _| key.1 != identity);
        known
    }

    // --- Channels ---

    /// The SID of a channel that must be there.
    fn there(&self, channel: &str) -> Outcome<String> {
        self.channel_sid(channel).map_or_else(|| fault("unknown-channel"), Ok)
    }

    pub fn create_channel(&mut self, new: &NewChannel) -> Outcome<()> {
        let NewChannel { sid, unique_name, channel_type, created_by, state } = *new;
        let public = channel_type.and_then(|name| word(name, &CHANNEL_TYPES)) == Some("public");
        let named_state = state.and_then(|state| word(state, &STATES));
        let known = self.channels.get(sid);
        let is_taken = |name| self.channels.iter().any(|(other, row)| other != sid && row.unique_name.as_deref() == Some(name));
        none_of(&[
            (sid.is_empty(), "invalid-sid"),
            (known.is_some_and(|row| row.described), "duplicate-channel"),
            (unique_name.is_some_and(|name| name.is_empty() || has_sid_form(name)), "invalid-name"),
            (unique_name.is_some_and(is_taken), "duplicate-channel"),
            (channel_type.is_some_and(|name| word(name, &CHANNEL_TYPES).is_none()), "invalid-channel-type"),
            (public && self.dialect == Dialect::Conversations, "no-counterpart"),
            (created_by == Some(""), "invalid-identity"),
            (state.is_some() && named_state.is_none(), "invalid-state"),
        ])?;
        let channel = Channel {
            described: true,
            unique_name: unique_name.map(String::from),
            public,
            created_by: created_by.map(String::from),
            state: named_state.unwrap_or("active").into(),
        };
        self.channels.insert(sid.into(), channel);
        Ok(())
    }

    pub fn set_channel_state(&mut self, channel: &str, state: &str) -> Outcome<()> {
        let named = word(state, &STATES);
        let sid = also(named.is_none(), "invalid-state", self.there(channel))?;
        let state = named.unwrap();
        let row = self.channels.get_mut(&sid).unwrap();
        // Active is what a channel is of which nothing is said.
        if row.state != state {
            row.state = state.into();
            row.described = true;
        }
        Ok(())
    }

    pub fn remove_channel(&mut self, channel: &str) -> bool {
        let Some(sid) = self.channel_sid(channel) else { return false };
        self.channels.remove(&sid);
        self.members.retain(|key, _| key.0 != sid);
        self.invites.retain(|key, _| key.0 != sid);
        true
    }

    // --- Members and invites ---

    /// The role of somebody who comes in and for whom none is named.
    fn role_on_joining(&self, seat: &(String, String)) -> Outcome<String> {
        if let Some(role) = self.invites.get(seat).filter(|role| !role.is_empty()) {
            return Ok(role.clone());
        }
        let creators = self.defaults.get("creator").filter(|_| self.is_creator(&seat.0, &seat.1));
        creators.cloned().map_or_else(|| self.default_for("member"), Ok)
    }

    /// Whatever makes somebody a member ends the invite.
    fn enter(&mut self, seat: (String, String), role: String) {
        self.invites.remove(&seat);
        self.members.insert(seat, role);
    }

    pub fn join_channel(&mut self, channel: &str, identity: &str) -> Outcome<()> {
        self.set_member(channel, identity, None)
    }

    pub fn set_member(&mut self, channel: &str, identity: &str, role: Option<&str>) -> Outcome<()> {
        let sid = also(identity.is_empty(), "invalid-identity", self.there(channel));
        let role = role.map(|role| self.find(role, Some(Scope::Channel))).transpose();
        let (sid, role) = match (sid, role) {
            (Ok(sid), Ok(role)) => (sid, role),
            (Err(one), Err(other)) => return Err(Fault { codes: [one.codes, other.codes].concat(), path: None }),
            (Err(fault), _) | (_, Err(fault)) => return Err(fault),
        };
        let seat = (sid, identity.to_string());
        if role.is_none() && self.members.contains_key(&seat) {
            return Ok(());
        }
        let role = role.map_or_else(|| self.role_on_joining(&seat), Ok)?;
        self.enter(seat, role);
        Ok(())
    }

    pub fn remove_member(&mut self, channel: &str, identity: &str) -> bool {
        let sid = self.channel_sid(channel);
        sid.is_some_and(|sid| self.members.remove(&(sid, identity.into())).is_some())
    }

    pub fn invite(&mut self, channel: &str, identity: &str, role: Option<&str>) -> Outcome<()> {
        none_of(&[(self.dialect == Dialect::Conversations, "no-counterpart")])?;
        let role = role.map_or_else(|| self.default_for("member"), |role| self.find(role, Some(Scope::Channel)));
        let role = also(identity.is_empty(), "invalid-identity", role);
        let role = also(self.channel_sid(channel).is_none(), "unknown-channel", role)?;
        let seat = (self.there(channel)?, identity.to_string());
        // A member is not invited.
        if !self.members.contains_key(&seat) {
            self.invites.insert(seat, role);
        }
        Ok(())
    }

    pub fn accept_invite(&mut self, channel: &str, identity: &str) -> Outcome<()> {
        let Some(sid) = self.channel_sid(channel) else {
            return none_of(&[(true, "unknown-invite"), (true, "unknown-channel")]);
        };
        let seat = (sid, identity.to_string());
        none_of(&[(!self.invites.contains_key(&seat), "unknown-invite")])?;
        let role = self.role_on_joining(&seat)?;
        self.enter(seat, role);
        Ok(())
    }

    pub fn decline_invite(&mut self, channel: &str, identity: &str) -> bool {
        let sid = self.channel_sid(channel);
        sid.is_some_and(|sid| self.invites.remove(&(sid, identity.into())).is_some())
    }

    // --- The application's own actions ---

    pub fn define_action(&mut self, name: &str, rule: OwnAction) -> Outcome<()> {
        let held = self.held_own();
        // What is defined here must be able to be allowed; what is read is kept.
        let is_lacking = self.lacking([Some(&rule.any), rule.own.as_deref()]).next().is_some();
        self.add_action(name, rule, &held, is_lacking)
    }

    /// Which of an action's permissions the dialect has not: 0 for the first.
    pub(super) fn lacking<'a>(&self, permissions: [Option<&'a str>; 2]) -> impl Iterator<Item = usize> + use<'a> {
        let is_lacking = self.dialect == Dialect::Conversations;
        (0..2).filter(move |at| is_lacking && permissions[*at] == Some("inviteMember"))
    }

    /// `held`: the application's own permissions that take room beside those that actions ask for. `is_refused`: for want of a
    /// counterpart of what it asks for.
    pub(super) fn add_action(
        &mut self,
        name: &str,
        mut rule: OwnAction,
        held: &BTreeSet<String>,
        is_refused: bool,
    ) -> Outcome<()> {
        none_of(&[(name.is_empty() || rule.any.is_empty() || rule.own.as_deref() == Some(""), "invalid-name")])?;
        rule.any = permission(&rule.any).into();
        rule.own = rule.own.map(|own| permission(&own).into());
        let is_built_in = ACTIONS.iter().any(|row| row.0 == name || row.1 == name);
        let is_other = self.actions.get(name).is_some_and(|known| *known != rule);
        none_of(&[(is_built_in || is_other, "duplicate-action")])?;
        if self.actions.contains_key(name) {
            return Ok(());
        }
        let asked = [Some(&rule.any), rule.own.as_ref()].into_iter().flatten().filter(|name| built_in(name).is_none()).cloned();
        let in_use: BTreeSet<String> = held.iter().cloned().chain(self.asked_own()).chain(asked).collect();
        none_of(&[
            (is_refused, "no-counterpart"),
            (self.actions.len() >= MOST_OWN_ACTIONS, "too-many-actions"),
            (in_use.len() > MOST_OWN_PERMISSIONS, "too-many-permissions"),
        ])?;
        self.actions.insert(name.into(), rule);
        Ok(())
    }
}
