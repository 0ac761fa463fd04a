//! The model once more, as plain as can be: tables, rows in maps, and every question answered by looking at all of them.
//!
//! It shares nothing with the crate, so that a mistake in one is a disagreement. Slow, and meant to be read.
#![allow(dead_code, reason = "each test file that includes it uses a part")]

pub mod both;
pub mod same;
pub mod steps;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Chat,
    Conversations,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Service,
    Channel,
}

/// Chat's name, Conversations' name, the scopes in which it counts.
pub const PERMISSIONS: [(&str, &str, &str); 23] = [
    ("createChannel", "createConversation", "service"),
    ("joinChannel", "joinConversation", "service"),
    ("destroyChannel", "deleteConversation", "service channel"),
    ("editChannelName", "editConversationName", "service channel"),
    ("editChannelAttributes", "editConversationAttributes", "service channel"),
    ("addMember", "addParticipant", "service channel"),
    ("addNonChatParticipant", "addNonChatParticipant", "service channel"),
    ("inviteMember", "", "service channel"),
    ("removeMember", "removeParticipant", "service channel"),
    ("editAnyMemberAttributes", "editAnyParticipantAttributes", "service channel"),
    ("editOwnMemberAttributes", "editOwnParticipantAttributes", "service channel"),
    ("editAnyMessage", "editAnyMessage", "service channel"),
    ("editOwnMessage", "editOwnMessage", "service channel"),
    ("deleteAnyMessage", "deleteAnyMessage", "service channel"),
    ("deleteOwnMessage", "deleteOwnMessage", "service channel"),
    ("editAnyMessageAttributes", "editAnyMessageAttributes", "service channel"),
    ("editOwnMessageAttributes", "editOwnMessageAttributes", "service channel"),
    ("editAnyUserInfo", "editAnyUserInfo", "service channel"),
    ("editOwnUserInfo", "editOwnUserInfo", "service channel"),
    ("leaveChannel", "leaveConversation", "channel"),
    ("sendMessage", "sendMessage", "channel"),
    ("sendMediaMessage", "sendMediaMessage", "channel"),
    ("editNotificationLevel", "editNotificationLevel", "channel"),
];

/// Chat's name, Conversations' name, the permission that suffices, the one that suffices for one's own, what else it takes.
pub const ACTIONS: [(&str, &str, &str, &str, &str); 19] = [
    ("createChannel", "createConversation", "createChannel", "", ""),
    ("viewChannel", "viewConversation", "joinChannel", "", "view"),
    ("joinChannel", "joinConversation", "joinChannel", "", "join"),
    ("leaveChannel", "leaveConversation", "leaveChannel", "", "member"),
    ("destroyChannel", "deleteConversation", "destroyChannel", "", ""),
    ("editChannelName", "editConversationName", "editChannelName", "", ""),
    ("editChannelAttributes", "editConversationAttributes", "editChannelAttributes", "", ""),
    ("inviteMember", "", "inviteMember", "", ""),
    ("addMember", "addParticipant", "addMember", "", ""),
    ("addNonChatParticipant", "addNonChatParticipant", "addNonChatParticipant", "", ""),
    ("removeMember", "removeParticipant", "removeMember", "", ""),
    ("editMemberAttributes", "editParticipantAttributes", "editAnyMemberAttributes", "editOwnMemberAttributes", ""),
    ("sendMessage", "sendMessage", "sendMessage", "", "member"),
    ("sendMediaMessage", "sendMediaMessage", "sendMediaMessage", "", "member"),
    ("editMessage", "editMessage", "editAnyMessage", "editOwnMessage", ""),
    ("deleteMessage", "deleteMessage", "deleteAnyMessage", "deleteOwnMessage", ""),
    ("editMessageAttributes", "editMessageAttributes", "editAnyMessageAttributes", "editOwnMessageAttributes", ""),
    ("editUserInfo", "editUserInfo", "editAnyUserInfo", "editOwnUserInfo", ""),
    ("editNotificationLevel", "editNotificationLevel", "editNotificationLevel", "", "member"),
];

/// What a new Chat service has: friendly name, type, permissions, and for whom it is the default.
pub const NEW_ROLES: [(&str, &str, &str, &[&str]); 4] = [
    (
        "Service Admin",
        "deployment",
        "createChannel joinChannel destroyChannel editChannelAttributes editChannelName addMember inviteMember removeMember \
         editAnyMemberAttributes editAnyMessage deleteAnyMessage editAnyMessageAttributes editAnyUserInfo",
        &[],
    ),
    ("Service User", "deployment", "createChannel editOwnUserInfo joinChannel", &["user"]),
    (
        "Channel Admin",
        "channel",
        "addMember deleteAnyMessage destroyChannel editAnyMessage editAnyMessageAttributes editAnyMemberAttributes \
         editChannelAttributes editChannelName editNotificationLevel inviteMember leaveChannel removeMember sendMediaMessage \
         sendMessage",
        &["creator"],
    ),
    (
        "Channel User",
        "channel",
        "deleteOwnMessage editOwnMessage editOwnMessageAttributes editOwnMemberAttributes leaveChannel sendMediaMessage \
         sendMessage editNotificationLevel",
        &["member"],
    ),
];

/// 64 permissions in all, and as many actions.
const MOST_OWN_PERMISSIONS: usize = 41;
const MOST_OWN_ACTIONS: usize = 45;

/// For whom there is a default, and what a payload calls it: in Chat, in Conversations.
const DEFAULTS: [(&str, Scope, &str, &str); 3] = [
    ("user", Scope::Service, "default_service_role_sid", "default_chat_service_role_sid"),
    ("member", Scope::Channel, "default_channel_role_sid", "default_conversation_role_sid"),
    ("creator", Scope::Channel, "default_channel_creator_role_sid", "default_conversation_creator_role_sid"),
];

/// Chat's name of a permission that was named in either dialect; an application's own stays as it is.
pub fn permission(name: &str) -> &str {
    PERMISSIONS.iter().find(|row| row.0 == name || row.1 == name && !name.is_empty()).map_or(name, |row| row.0)
}

fn built_in(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    PERMISSIONS.iter().find(|row| row.0 == permission(name))
}

fn counts_in(name: &str, scope: Scope) -> bool {
    let word = if scope == Scope::Service { "service" } else { "channel" };
    built_in(name).is_none_or(|row| row.2.split(' ').any(|valid| valid == word))
}

fn scope_of(role_type: &str) -> Option<Scope> {
    match role_type {
        "deployment" | "service" => Some(Scope::Service),
        "channel" | "conversation" => Some(Scope::Channel),
        _ => None,
    }
}

/// Why something failed: any of these codes will do, since a call may be wrong in more than one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub codes: Vec<&'static str>,
    pub path: Option<String>,
}

pub type Outcome<T> = Result<T, Fault>;

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

#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    pub friendly_name: String,
    pub scope: Scope,
    /// By Chat's names, in the order in which they came, each once.
    pub permissions: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    pub public: bool,
    pub created_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OwnAction {
    pub any: String,
    pub own: Option<String>,
    pub member_only: bool,
}

/// By channel and identity, the SID of a role; empty for a row without one.
type Seats = BTreeMap<(String, String), String>;

#[derive(Clone, Debug, PartialEq)]
pub struct World {
    pub dialect: Dialect,
    pub roles: BTreeMap<String, Role>,
    pub users: BTreeMap<String, String>,
    pub channels: BTreeMap<String, Channel>,
    pub members: Seats,
    pub invites: Seats,
    /// By `"user"`, `"member"`, `"creator"`.
    pub defaults: BTreeMap<&'static str, String>,
    pub actions: BTreeMap<String, OwnAction>,
}

#[expect(clippy::struct_excessive_bools, reason = "they are facts, each with its own row behind it")]
/// How one user stands to one channel, or to none: all that a decision takes.
pub struct Standing<'w> {
    world: &'w World,
    identity: String,
    pub known_user: bool,
    /// `None`: no channel was asked about.
    pub known_channel: Option<bool>,
    pub member: bool,
    pub invited: bool,
    pub public: bool,
    /// Some role of the user's is not there.
    pub dangling: bool,
    /// The effective permissions, by Chat's names.
    pub held: BTreeSet<&'w str>,
}

impl World {
    pub fn empty(dialect: Dialect) -> Self {
        World {
            dialect,
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

    /// As it is written: what the dialect lacks keeps the name it has.
    fn written(&self, name: &str) -> String {
        self.name_of(name).unwrap_or_else(|| name.into())
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

    // --- Questions ---

    pub fn knows_user(&self, identity: &str) -> bool {
        self.users.contains_key(identity) || self.members.keys().chain(self.invites.keys()).any(|key| key.1 == identity)
    }

    pub fn knows_channel(&self, sid: &str) -> bool {
        self.channels.contains_key(sid) || self.members.keys().chain(self.invites.keys()).any(|key| key.0 == sid)
    }

    pub fn known_users(&self) -> BTreeSet<&str> {
        let seated = self.members.keys().chain(self.invites.keys()).map(|key| key.1.as_str());
        self.users.keys().map(String::as_str).chain(seated).collect()
    }

    pub fn known_channels(&self) -> BTreeSet<&str> {
        let seated = self.members.keys().chain(self.invites.keys()).map(|key| key.0.as_str());
        self.channels.keys().map(String::as_str).chain(seated).collect()
    }

    pub fn standing(&self, identity: &str, channel: Option<&str>) -> Standing<'_> {
        let seat = channel.map(|channel| (channel.to_string(), identity.to_string()));
        let channel_role = seat.as_ref().and_then(|seat| self.members.get(seat));
        let service_role = self.users.get(identity);
        let known_user = self.knows_user(identity);
        let known_channel = channel.map(|channel| self.knows_channel(channel));
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
            public: channel.and_then(|channel| self.channels.get(channel)).is_some_and(|channel| channel.public),
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
        self.rule(action).is_some_and(|(_, own, _)| own.is_some())
    }

    /// The permission that suffices, the one that suffices for one's own, and what else it takes.
    fn rule(&self, action: &str) -> Option<(&str, Option<&str>, &str)> {
        if let Some(row) = ACTIONS.iter().find(|row| row.0 == action || row.1 == action && !action.is_empty()) {
            return Some((row.2, Some(row.3).filter(|own| !own.is_empty()), row.4));
        }
        let rule = self.actions.get(action)?;
        Some((&rule.any, rule.own.as_deref(), if rule.member_only { "member" } else { "" }))
    }

    // --- Roles ---

    fn find(&self, reference: &str) -> Outcome<String> {
        if self.roles.contains_key(reference) {
            return Ok(reference.into());
        }
        let name = reference.to_lowercase();
        let mut called = self.roles.iter().filter(|(_, role)| role.friendly_name.to_lowercase() == name);
        match (called.next(), called.next()) {
            (Some((sid, _)), None) => Ok(sid.clone()),
            (None, _) => fault("unknown-role"),
            _ => fault("ambiguous-role"),
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
    fn held_own(&self) -> BTreeSet<String> {
        let held = self.roles.values().flat_map(|role| &role.permissions);
        held.filter(|name| built_in(name).is_none()).cloned().collect()
    }

    /// The application's own permissions that actions ask for.
    fn asked_own(&self) -> BTreeSet<String> {
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
        let scope = scope_of(role_type);
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

    pub fn update_role(&mut self, reference: &str, permissions: &[&str]) -> Outcome<Value> {
        let sid = self.find(reference)?;
        let mut codes = self.wrong(self.roles[&sid].scope, permissions);
        codes.extend(permissions.is_empty().then_some("empty-permissions"));
        if !codes.is_empty() {
            return Err(Fault { codes, path: None });
        }
        self.roles.get_mut(&sid).unwrap().permissions = each_once(permissions);
        Ok(self.role_json(&sid))
    }

    pub fn grant(&mut self, reference: &str, name: &str) -> Outcome<Value> {
        let sid = self.find(reference)?;
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

    pub fn revoke(&mut self, reference: &str, name: &str) -> Outcome<Value> {
        let sid = self.find(reference)?;
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

    pub fn delete_role(&mut self, reference: &str) -> Outcome<Value> {
        let sid = self.find(reference)?;
        let role = self.role_json(&sid);
        self.roles.remove(&sid);
        let users = self.users.values().filter(|role| **role == sid).count();
        let members = self.members.values().filter(|role| **role == sid).count();
        Ok(json!({ "role": role, "users": users, "members": members }))
    }

    pub fn set_default_role(&mut self, which: &str, reference: &str) -> Outcome<()> {
        let (which, scope, ..) = *DEFAULTS.iter().find(|row| row.0 == which).unwrap();
        let sid = self.find(reference)?;
        none_of(&[(self.roles[&sid].scope != scope, "wrong-scope")])?;
        self.defaults.insert(which, sid);
        Ok(())
    }

    // --- Assigning ---

    /// The SID of the role to assign; the default one unless a role is named.
    fn assigned(&self, role: Option<&str>, which: &str) -> Outcome<String> {
        let Some(reference) = role else { return self.defaults.get(which).cloned().map_or_else(|| fault("no-default-role"), Ok) };
        let scope = DEFAULTS.iter().find(|row| row.0 == which).unwrap().1;
        let sid = self.find(reference)?;
        none_of(&[(self.roles[&sid].scope != scope, "wrong-scope")])?;
        Ok(sid)
    }

    /// Says whether that changed anything, as `set_member` and `invite` do.
    pub fn set_user(&mut self, identity: &str, role: Option<&str>) -> Outcome<bool> {
        let sid = also(identity.is_empty(), "invalid-identity", self.assigned(role, "user"))?;
        Ok(self.users.insert(identity.into(), sid.clone()) != Some(sid))
    }

    pub fn remove_user(&mut self, identity: &str) -> bool {
        let known = self.knows_user(identity);
        self.users.remove(identity);
        self.members.retain(|key, _| key.1 != identity);
        self.invites.retain(|key, _| key.1 != identity);
        known
    }

    pub fn create_channel(&mut self, sid: &str, channel_type: Option<&str>, created_by: Option<&str>) -> Outcome<()> {
        let creator = created_by.filter(|creator| *creator != "system");
        let public = channel_type == Some("public");
        none_of(&[
            (sid.is_empty(), "invalid-sid"),
            (self.channels.contains_key(sid), "duplicate-channel"),
            (channel_type.is_some_and(|name| name != "public" && name != "private"), "invalid-channel-type"),
            (public && self.dialect == Dialect::Conversations, "no-counterpart"),
            (created_by == Some(""), "invalid-identity"),
            (creator.is_some() && !self.defaults.contains_key("creator"), "no-default-role"),
        ])?;
        self.channels.insert(sid.into(), Channel { public, created_by: created_by.map(String::from) });
        if let Some(creator) = creator {
            self.members.insert((sid.into(), creator.into()), self.defaults["creator"].clone());
        }
        Ok(())
    }

    pub fn remove_channel(&mut self, sid: &str) -> bool {
        let known = self.knows_channel(sid);
        self.channels.remove(sid);
        self.members.retain(|key, _| key.0 != sid);
        self.invites.retain(|key, _| key.0 != sid);
        known
    }

    fn seat(&self, channel: &str, identity: &str, role: Option<&str>) -> Outcome<String> {
        let sid = also(identity.is_empty(), "invalid-identity", self.assigned(role, "member"));
        also(!self.knows_channel(channel), "unknown-channel", sid)
    }

    pub fn set_member(&mut self, channel: &str, identity: &str, role: Option<&str>) -> Outcome<bool> {
        let sid = self.seat(channel, identity, role)?;
        Ok(self.members.insert((channel.into(), identity.into()), sid.clone()) != Some(sid))
    }

    pub fn remove_member(&mut self, channel: &str, identity: &str) -> bool {
        self.members.remove(&(channel.into(), identity.into())).is_some()
    }

    pub fn invite(&mut self, channel: &str, identity: &str, role: Option<&str>) -> Outcome<bool> {
        none_of(&[(self.dialect == Dialect::Conversations, "no-counterpart")])?;
        let sid = self.seat(channel, identity, role)?;
        Ok(self.invites.insert((channel.into(), identity.into()), sid.clone()) != Some(sid))
    }

    pub fn accept_invite(&mut self, channel: &str, identity: &str) -> Outcome<()> {
        let seat = (channel.to_string(), identity.to_string());
        let Some(role) = self.invites.get(&seat).cloned() else {
            return none_of(&[(true, "unknown-invite"), (!self.knows_channel(channel), "unknown-channel")]);
        };
        let role = if role.is_empty() { self.assigned(None, "member")? } else { role };
        self.invites.remove(&seat);
        self.members.insert(seat, role);
        Ok(())
    }

    pub fn decline_invite(&mut self, channel: &str, identity: &str) -> bool {
        self.invites.remove(&(channel.into(), identity.into())).is_some()
    }

    pub fn define_action(&mut self, name: &str, any: &str, own: Option<&str>, member_only: bool) -> Outcome<()> {
        let held = self.held_own();
        // What is defined here must be able to be allowed; what is read is kept.
        let is_lacking = self.lacking([Some(any), own]).next().is_some();
        self.add_action(name, any, own, member_only, &held, is_lacking)
    }

    /// Which of an action's permissions the dialect has not: 0 for the first.
    fn lacking<'a>(&self, permissions: [Option<&'a str>; 2]) -> impl Iterator<Item = usize> + use<'a> {
        let is_lacking = self.dialect == Dialect::Conversations;
        (0..2).filter(move |at| is_lacking && permissions[*at] == Some("inviteMember"))
    }

    /// `held`: the application's own permissions that take room beside those that actions ask for. `is_refused`: for want of a
    /// counterpart of what it asks for.
    fn add_action(
        &mut self,
        name: &str,
        any: &str,
        own: Option<&str>,
        member_only: bool,
        held: &BTreeSet<String>,
        is_refused: bool,
    ) -> Outcome<()> {
        let rule = OwnAction { any: permission(any).into(), own: own.map(|own| permission(own).into()), member_only };
        let built_in_action = ACTIONS.iter().any(|row| row.0 == name || row.1 == name);
        let other = self.actions.get(name).is_some_and(|known| *known != rule);
        none_of(&[
            (name.is_empty() || any.is_empty() || own == Some(""), "invalid-name"),
            (!name.is_empty() && (built_in_action || other), "duplicate-action"),
        ])?;
        if self.actions.contains_key(name) {
            return Ok(());
        }
        let asked = [Some(any), own].into_iter().flatten().filter(|name| built_in(name).is_none()).map(String::from);
        let in_use: BTreeSet<String> = held.iter().cloned().chain(self.asked_own()).chain(asked).collect();
        none_of(&[
            (is_refused, "no-counterpart"),
            (self.actions.len() >= MOST_OWN_ACTIONS, "too-many-actions"),
            (in_use.len() > MOST_OWN_PERMISSIONS, "too-many-permissions"),
        ])?;
        self.actions.insert(name.into(), rule);
        Ok(())
    }

    // --- Lists, as JSON in any order ---

    pub fn roles_json(&self) -> Vec<Value> {
        self.roles.keys().map(|sid| self.role_json(sid)).collect()
    }

    pub fn users_json(&self) -> Vec<Value> {
        self.users.iter().map(|(identity, sid)| json!({ "identity": identity, "roleSid": sid })).collect()
    }

    pub fn channels_json(&self) -> Vec<Value> {
        let row = |sid: &str| {
            let own = self.channels.get(sid);
            let kind = if own.is_some_and(|row| row.public) { "public" } else { "private" };
            json!({ "sid": sid, "type": kind, "createdBy": own.and_then(|row| row.created_by.as_deref()) })
        };
        self.known_channels().into_iter().map(row).collect()
    }

    pub fn seats_json(seats: &Seats, channel: &str) -> Vec<Value> {
        let here = seats.iter().filter(|((place, _), _)| place == channel);
        here.map(|((place, who), role)| json!({ "channelSid": place, "identity": who, "roleSid": role })).collect()
    }

    /// The snapshot: what is there, in the dialect's names; what is not there is left out.
    pub fn snapshot(&self) -> Value {
        let chat = self.dialect == Dialect::Chat;
        let seats = |seats: &Seats| -> Vec<Value> {
            let channel_sid = if chat { "channel_sid" } else { "conversation_sid" };
            let row = |((channel, who), role): (&(String, String), &String)| {
                row_of([
                    (channel_sid, Some(channel)),
                    ("identity", Some(who)),
                    ("role_sid", Some(role).filter(|sid| !sid.is_empty())),
                ])
            };
            seats.iter().map(row).collect()
        };
        let role = |(sid, role): (&String, &Role)| {
            let permissions: Vec<_> = role.permissions.iter().map(|name| self.written(name)).collect();
            let kind = self.role_type(role.scope);
            json!({ "sid": sid, "friendly_name": role.friendly_name, "type": kind, "permissions": permissions })
        };
        let user = |(identity, role): (&String, &String)| {
            row_of([("identity", Some(identity)), ("role_sid", Some(role).filter(|sid| !sid.is_empty()))])
        };
        let channel = |(sid, row): (&String, &Channel)| {
            // Only Chat tells public from private.
            let kind = chat.then(|| if row.public { "public" } else { "private" }.to_string());
            row_of([("sid", Some(sid)), ("type", kind.as_ref()), ("created_by", row.created_by.as_ref())])
        };
        let action = |(name, rule): (&String, &OwnAction)| {
            let own = rule.own.as_ref().map(|own| self.written(own));
            let mut row = row_of([("action", Some(name)), ("any", Some(&self.written(&rule.any))), ("own", own.as_ref())]);
            row["member_only"] = rule.member_only.into();
            row
        };
        let default = |(which, _, in_chat, in_conversations): &(&'static str, _, &'static str, &'static str)| {
            Some(((if chat { *in_chat } else { *in_conversations }).to_string(), Value::from(self.defaults.get(which)?.as_str())))
        };
        let defaults: Map<String, Value> = DEFAULTS.iter().filter_map(default).collect();
        let mut snapshot = json!({
            "rolecall": "1",
            "dialect": if chat { "chat" } else { "conversations" },
            "actions": self.actions.iter().map(action).collect::<Vec<_>>(),
            "roles": self.roles.iter().map(role).collect::<Vec<_>>(),
            "users": self.users.iter().map(user).collect::<Vec<_>>(),
            if chat { "channels" } else { "conversations" }: self.channels.iter().map(channel).collect::<Vec<_>>(),
            if chat { "members" } else { "participants" }: seats(&self.members),
            if chat { "service" } else { "configuration" }: defaults,
        });
        if chat {
            snapshot["invites"] = seats(&self.invites).into();
        }
        snapshot
    }
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

/// By Chat's names, in the order given.
fn each_once(names: &[impl AsRef<str>]) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for name in names {
        let name = permission(name.as_ref());
        if !once.iter().any(|known| known == name) {
            once.push(name.into());
        }
    }
    once
}

fn row_of<const N: usize>(fields: [(&str, Option<&String>); N]) -> Value {
    let present = fields.into_iter().filter_map(|(name, value)| Some((name.to_string(), Value::from(value?.as_str()))));
    Value::Object(present.collect())
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
        let (any, own, takes) = self.world.rule(action)?;
        let granted = self.held.contains(any) || own.is_some_and(|own| self.held.contains(own) && self.owns(owner));
        let allowed = match takes {
            "view" => self.member || self.invited || self.public && granted,
            "join" => granted && !self.member && (self.public || self.invited),
            "member" => granted && self.member,
            _ => granted,
        };
        Some(self.reachable() && allowed)
    }

    /// Every permission in the service's dialect.
    pub fn permissions(&self) -> BTreeSet<String> {
        self.held.iter().filter_map(|name| self.world.name_of(name)).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.held.contains(permission(name))
    }

    pub fn actions(&self, owner: Option<&str>) -> BTreeSet<String> {
        self.world.action_names().into_iter().filter(|action| self.can(action, owner) == Some(true)).collect()
    }

    /// Everything that stands in the way, by the names of the reasons; which one is told is not defined where there are more.
    pub fn obstacles(&self, action: &str, owner: Option<&str>) -> BTreeSet<&'static str> {
        let (any, own, takes) = self.world.rule(action).unwrap();
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
        let no_counterpart = ACTIONS.iter().any(|row| row.0 == action && row.1.is_empty());
        note(self.world.dialect == Dialect::Conversations && no_counterpart, "no-counterpart");
        note(self.known_channel.is_none() && !takes.is_empty(), "unknown-channel");
        note(takes == "member" && !self.member, "not-a-member");
        note(takes == "join" && self.member, "already-a-member");
        let visible = self.member || self.invited || self.public;
        note(matches!(takes, "join" | "view") && !visible, "not-visible");
        let of_own = own.is_some_and(|own| self.held.contains(own));
        let by_standing = takes == "view" && (self.member || self.invited);
        let suffices = self.held.contains(any) || of_own && self.owns(owner);
        let lacks = !by_standing && !suffices;
        let named = owner.is_some_and(|owner| !owner.is_empty());
        note(lacks && of_own && named, "not-owner");
        note(lacks && of_own && !named, "unknown-owner");
        note(lacks && !of_own && self.dangling, "unknown-role");
        note(lacks && !of_own && !self.dangling, "missing-permission");
        obstacles
    }
}

// --- Loading ---

/// `added`, `updated`, `unchanged`, `removed`, `skipped`.
pub type Counts = BTreeMap<&'static str, u32>;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// By section; one that was not there has no counts.
    pub counts: BTreeMap<&'static str, Counts>,
    /// Code and the path of the row, sorted.
    pub warnings: Vec<(&'static str, String)>,
}

pub const SECTIONS: [(&str, &[&str]); 5] = [
    ("roles", &["roles"]),
    ("users", &["users"]),
    ("channels", &["channels", "conversations"]),
    ("members", &["members", "participants"]),
    ("invites", &["invites"]),
];

/// A row as it was read, by what identifies it.
enum Row {
    Role(String, Role),
    User(String, String),
    Channel(String, Channel),
    Seat((String, String), String),
    Skipped,
}

impl World {
    pub fn from_payload(payload: &Value, dialect: Option<Dialect>) -> Outcome<(Self, Report)> {
        let mut world = World::empty(dialect.unwrap_or_else(|| dialect_of(payload)));
        let report = world.load(payload, false)?;
        Ok((world, report))
    }

    /// All of it or nothing.
    pub fn load(&mut self, payload: &Value, replace: bool) -> Outcome<Report> {
        let mut next = self.clone();
        let report = next.read(payload, replace)?;
        *self = next;
        Ok(report)
    }

    fn read(&mut self, payload: &Value, replace: bool) -> Outcome<Report> {
        let Value::Object(fields) = payload else { return fault("invalid-payload") };
        if !matches!(optional_or_empty(fields, "", &["rolecall"])?.as_deref(), None | Some("1")) {
            return fault_at("unsupported-version", "rolecall");
        }
        if !matches!(optional_or_empty(fields, "", &["dialect"])?.as_deref(), None | Some("chat" | "conversations")) {
            return fault_at("invalid-dialect", "dialect");
        }
        // Roles that are about to be replaced hold nothing any more.
        let mut report = Report::default();
        let mut own = if replace && fields.contains_key("roles") { BTreeSet::new() } else { self.held_own() };
        for (path, row) in rows(fields, &["actions"])? {
            let name = needed(row, &path, &["action"])?;
            let any = needed(row, &path, &["any"])?;
            let own_thing = optional_or_empty(row, &path, &["own"])?;
            let member_only = match field(row, &["member_only"]) {
                None => false,
                Some((_, Value::Bool(member_only))) => *member_only,
                Some((name, _)) => return fault_at("invalid-type", &format!("{path}.{name}")),
            };
            self.add_action(&name, &any, own_thing.as_deref(), member_only, &own, false)?;
            let lacking = self.lacking([Some(&any), own_thing.as_deref()]).next();
            report.warnings.extend(lacking.map(|at| ("no-counterpart", format!("{path}.{}", ["any", "own"][at]))));
        }
        own.extend(self.asked_own());
        for (section, names) in SECTIONS {
            if !names.iter().any(|name| fields.contains_key(*name)) {
                continue;
            }
            let mut counts = Counts::new();
            let mut brought = BTreeSet::new();
            for (path, row) in rows(fields, names)? {
                if let ("roles", Some(Value::Array(names))) = (section, row.get("permissions")) {
                    own.extend(names.iter().filter_map(Value::as_str).filter(|name| built_in(name).is_none()).map(String::from));
                    none_of(&[(own.len() > MOST_OWN_PERMISSIONS, "too-many-permissions")])?;
                }
                let stays = |sid: &str| !replace || brought.contains(&(sid.into(), String::new()));
                let row = self.row(section, row, &path, &stays, &mut report.warnings)?;
                let key = row.key();
                let fate = self.put(section, row);
                *counts.entry(fate).or_default() += 1;
                brought.extend(key);
            }
            if replace {
                let removed = self.keep_only(section, &brought);
                counts.insert("removed", removed);
            }
            counts.retain(|_, count| *count > 0);
            if section == "invites" && counts.contains_key("skipped") {
                report.warnings.push(("no-counterpart", section.into()));
            }
            report.counts.insert(section, counts);
        }
        if replace && ["service", "configuration"].iter().any(|name| fields.contains_key(*name)) {
            self.defaults.clear();
        }
        for (path, row) in rows(fields, &["service", "configuration"])? {
            for (which, _, in_chat, in_conversations) in DEFAULTS {
                if let Some(sid) = optional(row, &path, &[in_chat, in_conversations])? {
                    self.defaults.insert(which, sid);
                }
            }
        }
        report.warnings.sort();
        Ok(report)
    }

    /// `stays`: whether what was known of a channel stays where its row says nothing.
    fn row(
        &self,
        section: &str,
        row: &Map<String, Value>,
        path: &str,
        stays: &dyn Fn(&str) -> bool,
        warnings: &mut Vec<Warned>,
    ) -> Outcome<Row> {
        let channel_sid = ["channel_sid", "conversation_sid"];
        match section {
            "roles" => {
                let sid = needed(row, path, &["sid"])?;
                let friendly_name = optional_or_empty(row, path, &["friendly_name"])?.unwrap_or_else(|| sid.clone());
                let Some(scope) = scope_of(&needed(row, path, &["type"])?) else { return fault_at("invalid-scope", path) };
                let names = match field(row, &["permissions"]) {
                    None => return fault_at("missing-field", &format!("{path}.permissions")),
                    Some((_, Value::Array(names))) => names,
                    Some(_) => return fault_at("invalid-type", &format!("{path}.permissions")),
                };
                let mut permissions: Vec<&str> = Vec::new();
                for (at, name) in names.iter().enumerate() {
                    let path = format!("{path}.permissions[{at}]");
                    let Value::String(name) = name else { return fault_at("invalid-type", &path) };
                    none_of(&[(name.is_empty(), "invalid-name")])?;
                    let asked = self.actions.values().any(|rule| rule.any == *name || rule.own.as_ref() == Some(name));
                    let odd = [
                        (built_in(name).is_none() && !asked, "unknown-permission"),
                        (self.name_of(name).is_none(), "no-counterpart"),
                        (!counts_in(name, scope), "out-of-scope"),
                    ];
                    warnings.extend(odd.iter().filter(|(odd, _)| *odd).map(|(_, code)| (*code, path.clone())));
                    permissions.push(name);
                }
                Ok(Row::Role(sid, Role { friendly_name, scope, permissions: each_once(&permissions) }))
            }
            "users" => {
                let identity = needed(row, path, &["identity"])?;
                let role = optional(row, path, &["role_sid"])?;
                warnings.extend(role.is_none().then(|| ("no-role", path.to_string())));
                Ok(Row::User(identity, role.unwrap_or_default()))
            }
            "channels" => {
                let sid = needed(row, path, &["sid", "channel_sid", "conversation_sid"])?;
                let channel_type = optional_or_empty(row, path, &["type"])?;
                if channel_type.as_deref().is_some_and(|name| name != "public" && name != "private") {
                    return fault_at("invalid-channel-type", &format!("{path}.type"));
                }
                let private_only = self.dialect == Dialect::Conversations;
                let public = channel_type.as_deref() == Some("public");
                warnings.extend((public && private_only).then(|| ("no-counterpart", path.to_string())));
                let created_by = optional_or_empty(row, path, &["created_by"])?;
                // A list of one user's channels lacks both fields: what it does not say stays as it is.
                let known = self.channels.get(&sid).filter(|_| stays(&sid));
                let mut channel = known.cloned().unwrap_or(Channel { public: false, created_by: None });
                let conversation = path.split('[').next().is_some_and(|section| section.ends_with("conversations"));
                if field(row, &["type"]).is_some() || conversation {
                    channel.public = public && !private_only;
                }
                if field(row, &["created_by"]).is_some() {
                    channel.created_by = created_by;
                }
                Ok(Row::Channel(sid, channel))
            }
            _ => {
                let channel = needed(row, path, &channel_sid)?;
                if section == "members" && matches!(row.get("identity"), Some(Value::Null)) {
                    optional(row, path, &["role_sid"])?;
                    return Ok(Row::Skipped);
                }
                let identity = needed(row, path, &["identity"])?;
                let role = optional(row, path, &["role_sid"])?;
                if section == "invites" && self.dialect == Dialect::Conversations {
                    return Ok(Row::Skipped);
                }
                warnings.extend((section == "members" && role.is_none()).then(|| ("no-role", path.to_string())));
                Ok(Row::Seat((channel, identity), role.unwrap_or_default()))
            }
        }
    }

    fn put(&mut self, section: &str, row: Row) -> &'static str {
        match row {
            Row::Role(sid, role) => fate(self.roles.insert(sid, role.clone()).as_ref(), &role),
            Row::User(identity, role) => fate(self.users.insert(identity, role.clone()).as_ref(), &role),
            Row::Channel(sid, channel) => fate(self.channels.insert(sid, channel.clone()).as_ref(), &channel),
            Row::Seat(key, role) => fate(self.seats(section).insert(key, role.clone()).as_ref(), &role),
            Row::Skipped => "skipped",
        }
    }

    fn seats(&mut self, section: &str) -> &mut Seats {
        if section == "members" { &mut self.members } else { &mut self.invites }
    }

    /// Says how many were removed.
    fn keep_only(&mut self, section: &str, brought: &BTreeSet<(String, String)>) -> u32 {
        fn retain<K: Ord + Clone, V>(rows: &mut BTreeMap<K, V>, keep: impl Fn(&K) -> bool) -> u32 {
            let before = rows.len();
            rows.retain(|key, _| keep(key));
            u32::try_from(before - rows.len()).unwrap()
        }
        let single = |key: &String| brought.contains(&(key.clone(), String::new()));
        match section {
            "roles" => retain(&mut self.roles, single),
            "users" => retain(&mut self.users, single),
            "channels" => retain(&mut self.channels, single),
            _ => retain(self.seats(section), |key| brought.contains(key)),
        }
    }
}

type Warned = (&'static str, String);

impl Row {
    fn key(&self) -> Option<(String, String)> {
        match self {
            Row::Role(key, _) | Row::User(key, _) | Row::Channel(key, _) => Some((key.clone(), String::new())),
            Row::Seat(key, _) => Some(key.clone()),
            Row::Skipped => None,
        }
    }
}

fn fate<T: PartialEq>(before: Option<&T>, now: &T) -> &'static str {
    match before {
        None => "added",
        Some(before) if before == now => "unchanged",
        Some(_) => "updated",
    }
}

/// The rows of a section with their paths: of a list page, a list, or a single resource.
fn rows<'p>(payload: &'p Map<String, Value>, names: &[&str]) -> Outcome<Vec<(String, &'p Map<String, Value>)>> {
    let mut rows = Vec::new();
    for name in names {
        let (path, list) = match payload.get(*name) {
            None => continue,
            Some(Value::Array(list)) => ((*name).to_string(), list),
            Some(Value::Object(page)) => {
                let Some((inner, list)) = names.iter().find_map(|inner| Some((inner, page.get(*inner)?))) else {
                    rows.push(((*name).to_string(), page));
                    continue;
                };
                let path = format!("{name}.{inner}");
                let Value::Array(list) = list else { return fault_at("invalid-type", &path) };
                (path, list)
            }
            Some(_) => return fault_at("invalid-type", name),
        };
        for (at, row) in list.iter().enumerate() {
            let path = format!("{path}[{at}]");
            let Value::Object(row) = row else { return fault_at("invalid-type", &path) };
            rows.push((path, row));
        }
    }
    Ok(rows)
}

pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap().to_string();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// The field under any of its names, in `snake_case` or `camelCase`, with the name that it has here.
fn field<'r>(row: &'r Map<String, Value>, names: &[&str]) -> Option<(String, &'r Value)> {
    let spelled = names.iter().flat_map(|name| [(*name).to_string(), camel_case(name)]);
    spelled.into_iter().find_map(|name| row.get(&name).map(|value| (name, value)))
}

/// What is missing is missing under the name that goes with the section's.
fn missing<'n>(path: &str, names: &[&'n str]) -> &'n str {
    let in_conversations = path.starts_with("participants") && names.len() > 1;
    names[usize::from(in_conversations)]
}

fn needed(row: &Map<String, Value>, path: &str, names: &[&str]) -> Outcome<String> {
    match field(row, names) {
        None => fault_at("missing-field", &format!("{path}.{}", missing(path, names))),
        Some((name, Value::String(text))) if text.is_empty() => Err(Fault {
            codes: vec!["invalid-sid", "invalid-identity", "invalid-name", "invalid-scope"],
            path: Some(format!("{path}.{name}")),
        }),
        Some((_, Value::String(text))) => Ok(text.clone()),
        Some((name, _)) => fault_at("invalid-type", &format!("{path}.{name}")),
    }
}

fn optional_or_empty(row: &Map<String, Value>, path: &str, names: &[&str]) -> Outcome<Option<String>> {
    match field(row, names) {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text.clone())),
        Some((name, _)) => fault_at("invalid-type", &format!("{path}.{name}")),
    }
}

/// An empty text is as good as none.
fn optional(row: &Map<String, Value>, path: &str, names: &[&str]) -> Outcome<Option<String>> {
    Ok(optional_or_empty(row, path, names)?.filter(|text| !text.is_empty()))
}

/// A snapshot says it; else the first role's type, else the names of the sections.
pub fn dialect_of(payload: &Value) -> Dialect {
    if let Some(named) = payload.get("dialect").filter(|named| !named.is_null()) {
        return if named == "conversations" { Dialect::Conversations } else { Dialect::Chat };
    }
    let roles = payload.as_object().and_then(|fields| rows(fields, &["roles"]).ok()).unwrap_or_default();
    if let Some((_, role)) = roles.first() {
        let role_type = role.get("type").and_then(Value::as_str);
        return if matches!(role_type, Some("service" | "conversation")) { Dialect::Conversations } else { Dialect::Chat };
    }
    let sections = ["conversations", "participants", "configuration"];
    if sections.iter().any(|name| payload.get(name).is_some()) { Dialect::Conversations } else { Dialect::Chat }
}
