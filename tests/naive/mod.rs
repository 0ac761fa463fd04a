//! The model once more, as plain as can be: rows in maps, and every question answered by looking at all of them.
//!
//! It shares nothing with the crate, so that a mistake in one is a disagreement. It is slow, and meant to be read:
//! `tables` what the services define, this file who may do what, `calls` what changes it, `payloads` how rows are read,
//! `lists` how they are written. `steps` and `random` make up operations, `both` and `compare` try them on the crate, too.
#![allow(dead_code, unused_imports, reason = "each test file that includes it uses a part")]

pub mod both;
pub mod calls;
pub mod compare;
mod fields;
mod lists;
mod payloads;
pub mod random;
pub mod steps;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

pub use fields::{camel_case, dialect_of, is_spelt_twice, pascal_case};
pub use payloads::{Counts, Options, Report, SECTIONS};
pub use tables::*;

/// Why something failed: any of these codes will do, since a call may be wrong in more than one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub codes: Vec<&'static str>,
    pub path: Option<String>,
}

pub type Outcome<T> = Result<T, Fault>;

#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    pub friendly_name: String,
    pub scope: Scope,
    /// By Chat's names, in the order in which they came, each once.
    pub permissions: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Whether anything but its SID was ever said of it.
    pub described: bool,
    pub unique_name: Option<String>,
    pub public: bool,
    pub created_by: Option<String>,
    pub state: String,
}

impl Channel {
    pub fn unheard_of() -> Self {
        Channel { described: false, unique_name: None, public: false, created_by: None, state: "active".into() }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct OwnAction {
    pub any: String,
    pub own: Option<String>,
    pub member_only: bool,
    pub when_closed: bool,
}

/// By channel and identity, the SID of a role; empty for a row without one.
pub type Seats = BTreeMap<(String, String), String>;

#[derive(Clone, Debug, PartialEq)]
pub struct World {
    pub dialect: Dialect,
    pub service_sid: Option<String>,
    pub roles: BTreeMap<String, Role>,
    pub users: BTreeMap<String, String>,
    /// Every channel that is known, whatever made it known.
    pub channels: BTreeMap<String, Channel>,
    pub members: Seats,
    pub invites: Seats,
    /// By `"user"`, `"member"`, `"creator"`.
    pub defaults: BTreeMap<&'static str, String>,
    pub actions: BTreeMap<String, OwnAction>,
}

/// How one user stands to one channel, or to none: all that a decision takes.
#[expect(clippy::struct_excessive_bools, reason = "they are facts, each with its own row behind it")]
pub struct Standing<'w> {
    world: &'w World,
    identity: String,
    pub known_user: bool,
    /// `None`: no channel was asked about.
    pub known_channel: Option<bool>,
    pub member: bool,
    pub invited: bool,
    pub creator: bool,
    pub public: bool,
    /// The channel is closed, or in some state that is neither active nor inactive.
    pub closed: bool,
    /// Some role of the user's is not there.
    pub dangling: bool,
    /// The effective permissions, by Chat's names.
    pub held: BTreeSet<&'w str>,
}

/// What an action takes.
struct Rule<'w> {
    any: &'w str,
    own: Option<&'w str>,
    /// `"view"`, `"join"`, `"member"` or nothing.
    takes: &'w str,
    when_closed: bool,
}

impl World {
    pub fn empty(dialect: Dialect) -> Self {
        World {
            dialect,
            service_sid: None,
            roles: BTreeMap::new(),
            users: BTreeMap::new(),
            channels: BTreeMap::new(),
            members: BTreeMap::new(),
            invites: BTreeMap::new(),
            defaults: BTreeMap::new(),
            actions: BTreeMap::new(),
        }
    }

    /// A new service. `sid` says which SID a default role got, by its friendly name.
    pub fn new(dialect: Dialect, sid: impl Fn(&str) -> String) -> Self {
        let mut world = World::empty(dialect);
        for (friendly_name, role_type, permissions, default_for) in NEW_ROLES {
            let permissions = permissions.split(' ').filter(|name| world.name_of(name).is_some()).map(String::from).collect();
            let scope = scope_of(role_type).unwrap();
            world.roles.insert(sid(friendly_name), Role { friendly_name: friendly_name.into(), scope, permissions });
            for which in default_for {
                world.defaults.insert(which, sid(friendly_name));
            }
        }
        world
    }

    // --- Names ---

    /// The permission in the service's dialect; `None` if that has no such permission.
    fn name_of(&self, name: &str) -> Option<String> {
        match (built_in(name), self.dialect) {
            (None, _) => Some(name.into()),
            (Some(row), Dialect::Chat) => Some(row.0.into()),
            (Some((_, "", _)), Dialect::Conversations) => None,
            (Some(row), Dialect::Conversations) => Some(row.1.into()),
        }
    }

    fn role_type(&self, scope: Scope) -> &'static str {
        match (self.dialect, scope) {
            (Dialect::Chat, Scope::Service) => "deployment",
            (Dialect::Chat, Scope::Channel) => "channel",
            (Dialect::Conversations, Scope::Service) => "service",
            (Dialect::Conversations, Scope::Channel) => "conversation",
        }
    }

    /// Every action that can be asked about, in the service's dialect where that has it, by Chat's name where it has not.
    pub fn action_names(&self) -> Vec<String> {
        let name = |row: &(&'static str, &'static str, _, _, _)| {
            if self.dialect == Dialect::Chat || row.1.is_empty() { row.0 } else { row.1 }
        };
        ACTIONS.iter().map(|row| name(row).into()).chain(self.actions.keys().cloned()).collect()
    }

    /// The SID of the channel that a call names, by its SID or its unique name; `None` if it is not known.
    pub fn channel_sid(&self, reference: &str) -> Option<String> {
        if self.channels.contains_key(reference) {
            return Some(reference.into());
        }
        if has_sid_form(reference) {
            return None;
        }
        let mut called = self.channels.iter().filter(|(_, channel)| channel.unique_name.as_deref() == Some(reference));
        called.next().map(|(sid, _)| sid.clone())
    }

    // --- Questions ---

    pub fn knows_user(&self, identity: &str) -> bool {
        self.users.contains_key(identity) || self.members.keys().chain(self.invites.keys()).any(|key| key.1 == identity)
    }

    pub fn known_users(&self) -> BTreeSet<&str> {
        let seated = self.members.keys().chain(self.invites.keys()).map(|key| key.1.as_str());
        self.users.keys().map(String::as_str).chain(seated).collect()
    }

    pub fn known_channels(&self) -> BTreeSet<&str> {
        self.channels.keys().map(String::as_str).collect()
    }

    pub fn is_creator(&self, sid: &str, identity: &str) -> bool {
        let created_by = self.channels.get(sid).and_then(|channel| channel.created_by.as_deref());
        created_by == Some(identity) && identity != "system"
    }

    /// `channel`: as a call names it.
    pub fn standing(&self, identity: &str, channel: Option<&str>) -> Standing<'_> {
        let sid = channel.and_then(|channel| self.channel_sid(channel));
        self.standing_at(identity, channel.map(|_| sid.is_some()), sid.as_deref())
    }

    /// In the channel of that SID, whatever other channels are called.
    pub fn standing_by_sid(&self, identity: &str, sid: Option<&str>) -> Standing<'_> {
        let known = sid.filter(|sid| self.channels.contains_key(*sid));
        self.standing_at(identity, sid.map(|_| known.is_some()), known)
    }

    /// `known_channel`: `None` outside of any channel.
    fn standing_at(&self, identity: &str, known_channel: Option<bool>, sid: Option<&str>) -> Standing<'_> {
        let row = sid.map(|sid| &self.channels[sid]);
        let seat = sid.map(|sid| (sid.to_string(), identity.to_string()));
        let channel_role = seat.as_ref().and_then(|seat| self.members.get(seat));
        let service_role = self.users.get(identity);
        let known_user = self.knows_user(identity);
        let mut held = BTreeSet::new();
        if known_user && known_channel != Some(false) {
            for (sid, scope) in [(service_role, Scope::Service), (channel_role, Scope::Channel)] {
                let Some(role) = sid.and_then(|sid| self.roles.get(sid)) else { continue };
                for name in &role.permissions {
                    // A role of the other scope grants nothing at all, whatever it holds.
                    if role.scope == scope && counts_in(name, scope) && self.name_of(name).is_some() {
                        held.insert(name.as_str());
                    }
                }
            }
        }
        let dangles = |sid: &String| !sid.is_empty() && !self.roles.contains_key(sid);
        Standing {
            world: self,
            identity: identity.into(),
            known_user,
            known_channel,
            member: channel_role.is_some(),
            invited: seat.as_ref().is_some_and(|seat| self.invites.contains_key(seat)),
            creator: sid.is_some_and(|sid| self.is_creator(sid, identity)),
            public: row.is_some_and(|row| row.public),
            closed: row.is_some_and(|row| row.state != "active" && row.state != "inactive"),
            dangling: [service_role, channel_role].into_iter().flatten().any(dangles),
            held,
        }
    }

    /// `None`: there is no such action.
    pub fn can(&self, identity: &str, channel: Option<&str>, action: &str, owner: Option<&str>) -> Option<bool> {
        self.standing(identity, channel).can(action, owner)
    }

    pub fn who_can(&self, action: &str, channel: Option<&str>, owner: Option<&str>) -> BTreeSet<String> {
        let users = self.known_users().into_iter();
        users.filter(|user| self.can(user, channel, action, owner) == Some(true)).map(String::from).collect()
    }

    /// Whether it matters whose the thing acted on is.
    pub fn is_owned(&self, action: &str) -> bool {
        self.rule(action).is_some_and(|rule| rule.own.is_some())
    }

    fn rule(&self, action: &str) -> Option<Rule<'_>> {
        if let Some(row) = ACTIONS.iter().find(|row| row.0 == action || row.1 == action && !action.is_empty()) {
            let own = Some(row.3).filter(|own| !own.is_empty());
            return Some(Rule { any: row.2, own, takes: row.4, when_closed: OPEN_WHEN_CLOSED.contains(&row.0) });
        }
        let OwnAction { any, own, member_only, when_closed } = self.actions.get(action)?;
        let takes = if *member_only { "member" } else { "" };
        Some(Rule { any, own: own.as_deref(), takes, when_closed: *when_closed })
    }
}

impl Standing<'_> {
    fn reachable(&self) -> bool {
        self.known_user && self.known_channel != Some(false)
    }

    fn owns(&self, owner: Option<&str>) -> bool {
        owner.is_some_and(|owner| !owner.is_empty() && owner == self.identity)
    }

    /// `None`: there is no such action.
    pub fn can(&self, action: &str, owner: Option<&str>) -> Option<bool> {
        let Rule { any, own, takes, when_closed } = self.world.rule(action)?;
        let granted = self.held.contains(any) || own.is_some_and(|own| self.held.contains(own) && self.owns(owner));
        let allowed = match takes {
            "view" => self.member || self.invited || self.creator || self.public && granted,
            "join" => granted && !self.member && (self.public || self.invited || self.creator),
            "member" => granted && self.member,
            _ => granted,
        };
        Some(self.reachable() && (when_closed || !self.closed) && allowed)
    }

    /// Every permission in the service's dialect. The channel's state is no matter.
    pub fn permissions(&self) -> BTreeSet<String> {
        self.held.iter().filter_map(|name| self.world.name_of(name)).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.held.contains(permission(name))
    }

    pub fn actions(&self, owner: Option<&str>) -> BTreeSet<String> {
        self.world.action_names().into_iter().filter(|action| self.can(action, owner) == Some(true)).collect()
    }

    /// Everything that stands in the way, by the names of the reasons. Which one is told is defined as far as these go:
    /// where nobody or nothing is known, only that; where the dialect lacks the action, only that; where it is closed, only that.
    pub fn obstacles(&self, action: &str, owner: Option<&str>) -> BTreeSet<&'static str> {
        let Rule { any, own, takes, when_closed } = self.world.rule(action).unwrap();
        let mut obstacles = BTreeSet::new();
        let mut note = |stands: bool, reason| {
            if stands {
                obstacles.insert(reason);
            }
        };
        note(!self.known_user, "unknown-user");
        note(self.known_channel == Some(false), "unknown-channel");
        if !self.reachable() {
            return obstacles;
        }
        if self.world.dialect == Dialect::Conversations && ACTIONS.iter().any(|row| row.0 == action && row.1.is_empty()) {
            return BTreeSet::from(["no-counterpart"]);
        }
        if self.closed && !when_closed {
            return BTreeSet::from(["closed"]);
        }
        note(self.known_channel.is_none() && matches!(takes, "view" | "join"), "unknown-channel");
        note(takes == "member" && !self.member, "not-a-member");
        note(takes == "join" && self.member, "already-a-member");
        let visible = self.member || self.invited || self.creator || self.public;
        note(matches!(takes, "join" | "view") && self.known_channel.is_some() && !visible, "not-visible");
        let of_own = own.is_some_and(|own| self.held.contains(own));
        let by_standing = takes == "view" && (self.member || self.invited || self.creator);
        let suffices = self.held.contains(any) || of_own && self.owns(owner);
        let lacks = !by_standing && !suffices;
        let named = owner.is_some_and(|owner| !owner.is_empty());
        note(lacks && of_own && named, "not-owner");
        note(lacks && of_own && !named, "unknown-owner");
        note(lacks && !of_own && self.dangling, "unknown-role");
        note(lacks && !of_own && !self.dangling, "missing-permission");
        obstacles
    }

    /// The SIDs of the roles that would grant what is missing, were the right one assigned. To become a member takes one of the
    /// channel.
    pub fn roles_that_grant(&self, missing: &[String], to_members: bool) -> BTreeSet<String> {
        let names: Vec<&str> = missing.iter().map(|name| permission(name)).collect();
        let grants = |role: &Role| {
            let in_reach = if role.scope == Scope::Service { !to_members } else { self.known_channel.is_some() };
            in_reach && role.permissions.iter().any(|name| names.contains(&name.as_str()) && counts_in(name, role.scope))
        };
        self.world.roles.iter().filter(|(_, role)| grants(role)).map(|(sid, _)| sid.clone()).collect()
    }
}

fn fault<T>(code: &'static str) -> Outcome<T> {
    Err(Fault { codes: vec![code], path: None })
}

fn fault_at<T>(code: &'static str, path: &str) -> Outcome<T> {
    Err(Fault { codes: vec![code], path: Some(path.into()) })
}

fn none_of(codes: &[(bool, &'static str)]) -> Outcome<()> {
    let codes: Vec<_> = codes.iter().filter(|(wrong, _)| *wrong).map(|(_, code)| *code).collect();
    if codes.is_empty() { Ok(()) } else { Err(Fault { codes, path: None }) }
}

/// What went wrong already, and one thing more.
fn also<T>(wrong: bool, code: &'static str, outcome: Outcome<T>) -> Outcome<T> {
    match outcome {
        outcome if !wrong => outcome,
        Ok(_) => fault(code),
        Err(mut fault) => {
            fault.codes.push(code);
            Err(fault)
        }
    }
}
