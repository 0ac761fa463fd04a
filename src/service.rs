//! The service: every operation of the API, in Rust.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::action::{Action, ActionSet};
use crate::decision::{self, Asked, Decision, Owner, Question, Standing};
use crate::directory::{ChannelRow, Definition, Directory, Kind};
use crate::error::{Code, Error, Result};
use crate::names::{Id, NONE};
use crate::permission::{Dialect, Permission, PermissionSet, Scope};
use crate::role::{DEFAULT_ROLES, Role};
use crate::roster::{Assignment, some};
use crate::text::element;
use crate::vocabulary::Vocabulary;

/// One of the three roles that are given where none is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DefaultFor {
    /// A new user's service role.
    User,
    /// A new member's channel role.
    Member,
    /// The channel role of a channel's creator.
    Creator,
}

impl DefaultFor {
    /// All three, in the order of the wire.
    pub const ALL: [DefaultFor; 3] = [DefaultFor::User, DefaultFor::Member, DefaultFor::Creator];

    /// `"user"`, `"member"` or `"creator"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            DefaultFor::User => "user",
            DefaultFor::Member => "member",
            DefaultFor::Creator => "creator",
        }
    }

    pub(crate) const fn scope(self) -> Scope {
        match self {
            DefaultFor::User => Scope::Service,
            DefaultFor::Member | DefaultFor::Creator => Scope::Channel,
        }
    }
}

/// A user: an identity and its service role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Unique in the service.
    pub identity: String,
    /// Empty for a row that came without a role.
    pub role_sid: String,
}

/// A channel, or a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// Unique in the service.
    pub sid: String,
    /// `"public"` or `"private"`. A conversation is always private.
    #[serde(rename = "type")]
    pub channel_type: &'static str,
    /// The creator's identity, `"system"`, or unknown.
    pub created_by: Option<String>,
}

/// A user in a channel, with a channel role. An invite has the same shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The channel.
    pub channel_sid: String,
    /// The user.
    pub identity: String,
    /// Empty for a row that came without a role.
    pub role_sid: String,
}

/// How many users and members hold a reference to a role that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeletedRole {
    /// The role as it was.
    pub role: Role,
    /// Users who now have no service role.
    pub users: u32,
    /// Members who now have no channel role.
    pub members: u32,
}

/// A new role.
#[derive(Clone, Debug)]
pub struct NewRole<'a> {
    /// 1 to 64 characters.
    pub friendly_name: &'a str,
    /// The role's `type`, in either dialect.
    pub role_type: &'a str,
    /// At least one, each valid in the role's scope.
    pub permissions: &'a [&'a str],
    /// The role's SID; without one it gets `RL` and 32 hexadecimal digits.
    pub sid: Option<&'a str>,
}

/// A service instance: roles, users, channels, members and invites, and the answers they give.
///
/// A failed operation changes nothing. Look-ups by name cost one hash; what else an operation costs is said where it is
/// more than that.
#[derive(Clone)]
pub struct Service {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) directory: Directory,
    /// `NONE` where there is none. In the order of `DefaultFor::ALL`.
    pub(crate) defaults: [Id; 3],
    /// Where the next generated SID comes from.
    entropy: u64,
    /// How a friendly name is compared without case: a browser has the tables already, and the package need not bring them.
    lower_case: LowerCase,
}

/// A text in lower case.
pub(crate) type LowerCase = fn(&str) -> String;

impl Service {
    /// A brand-new service with the four default roles, and nobody in it.
    ///
    /// `entropy` sets the generated SIDs apart from those of other services, and seeds the hashing: give it a random number
    /// where identities are chosen by strangers.
    #[must_use]
    pub fn new(dialect: Dialect, entropy: u64) -> Self {
        let mut service = Self::empty(dialect, entropy);
        service.add_default_roles();
        service
    }

    /// A service without roles, to be loaded. See [`Service::new`] for `entropy`.
    #[must_use]
    pub fn empty(dialect: Dialect, entropy: u64) -> Self {
        Self::comparing(dialect, entropy, str::to_lowercase)
    }

    /// A service without roles that compares names in its own way.
    pub(crate) fn comparing(dialect: Dialect, entropy: u64, lower_case: LowerCase) -> Self {
        let (vocabulary, directory) = (Vocabulary::new(dialect), Directory::seeded(entropy));
        Self { vocabulary, directory, defaults: [NONE; 3], entropy, lower_case }
    }

    /// Writes in that dialect from here on; nothing may have been loaded yet.
    #[cfg(feature = "js")]
    pub(crate) fn write_in(&mut self, dialect: Dialect) {
        self.vocabulary.dialect = dialect;
    }

    pub(crate) fn add_default_roles(&mut self) {
        let dialect = self.dialect();
        for (place, role) in DEFAULT_ROLES.iter().enumerate() {
            let sid = self.generate_sid();
            let permissions = role.permissions.iter().copied().filter(|permission| permission.name(dialect).is_some());
            let definition = self.definition(role.friendly_name, role.scope, permissions.collect());
            let id = self.directory.roles.intern(&sid);
            self.directory.define_role(id, Some(definition));
            // Service User, Channel User, and Channel Admin for the creator.
            match place {
                1 => self.point_default(DefaultFor::User, id),
                2 => self.point_default(DefaultFor::Creator, id),
                3 => self.point_default(DefaultFor::Member, id),
                _ => {}
            }
        }
    }

    /// The dialect in which this service writes.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.vocabulary.dialect
    }

    // Roles.

    /// The roles, of one scope or of both.
    #[must_use]
    pub fn roles(&self, scope: Option<Scope>) -> Vec<Role> {
        let mut roles = Vec::new();
        for (id, definition) in self.directory.definitions() {
            if scope.is_none_or(|scope| definition.scope == scope) {
                roles.push(self.describe_role(id, definition));
            }
        }
        roles
    }

    /// The role of that SID or friendly name, `None` if there is none.
    ///
    /// # Errors
    ///
    /// `ambiguous-role` where more than one role has this friendly name.
    pub fn role(&self, reference: &str) -> Result<Option<Role>> {
        let found = self.find_role(reference)?;
        Ok(found.map(|(id, definition)| self.describe_role(id, definition)))
    }

    /// Makes a role. One made under the SID of a deleted role heals those who still refer to it.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `invalid-scope`, `invalid-sid`, `duplicate-role`, `empty-permissions`, `unknown-permission`,
    /// `out-of-scope`, `no-counterpart`.
    pub fn create_role(&mut self, role: &NewRole) -> Result<Role> {
        // Characters as JavaScript and the REST reference count them differ only beyond the basic plane. `count` would do, at
        // the price of 200 bytes.
        if role.friendly_name.is_empty() || role.friendly_name.chars().map(|_| 1).sum::<usize>() > 64 {
            return Err(Error::at(Code::InvalidName, "friendlyName".into(), &["a role's name has 1 to 64 characters"]));
        }
        let scope = scope_of_role_type(role.role_type, || "type".into())?;
        let permissions = self.check_permissions(role.permissions, scope)?;
        let sid = match role.sid {
            None => self.generate_sid(),
            Some("") => return Err(Error::at(Code::InvalidSid, "sid".into(), &["a SID is not empty"])),
            Some(sid) => sid.into(),
        };
        if let Some(id) = self.directory.roles.names.find(&sid)
            && self.directory.definition(id).is_some()
        {
            return Err(Error::at(Code::DuplicateRole, "sid".into(), &["a role with the SID ", &sid, " exists already"]));
        }
        let definition = self.definition(role.friendly_name, scope, permissions);
        let id = self.directory.roles.intern(&sid);
        let made = self.describe_role(id, &definition);
        self.directory.define_role(id, Some(definition));
        Ok(made)
    }

    /// Replaces a role's whole set of permissions, as the REST contract does.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `empty-permissions`, `unknown-permission`, `out-of-scope`, `no-counterpart`.
    pub fn update_role(&mut self, reference: &str, permissions: &[&str]) -> Result<Role> {
        let (id, definition) = self.need_role(reference)?;
        let permissions = self.check_permissions(permissions, definition.scope)?;
        Ok(self.redefine(id, permissions))
    }

    /// Adds one permission to a role; one that it holds already is no change.
    ///
    /// # Errors
    ///
    /// As [`Service::update_role`].
    pub fn grant(&mut self, reference: &str, permission: &str) -> Result<Role> {
        let (id, definition) = self.need_role(reference)?;
        let granted = self.check_permission(permission, definition.scope, &|| "permission".into())?;
        let mut permissions = definition.permissions.to_vec();
        if !permissions.contains(&granted) {
            permissions.push(granted);
        }
        Ok(self.redefine(id, permissions))
    }

    /// Takes one permission from a role; one that it does not hold is no change.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `unknown-permission`, and `empty-permissions` for a role's last one.
    pub fn revoke(&mut self, reference: &str, permission: &str) -> Result<Role> {
        let (id, definition) = self.need_role(reference)?;
        let revoked = self.known_permission(permission, &|| "permission".into())?;
        if !definition.permissions.contains(&revoked) {
            return Ok(self.describe_role(id, definition));
        }
        let left: Vec<Permission> = definition.permissions.iter().copied().filter(|held| *held != revoked).collect();
        if left.is_empty() {
            return Err(Error::at(Code::EmptyPermissions, "permission".into(), &["a role keeps at least one permission"]));
        }
        Ok(self.redefine(id, left))
    }

    /// Deletes a role, and says who now refers to nothing. Users and members keep the reference and lose what it granted.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`.
    pub fn delete_role(&mut self, reference: &str) -> Result<DeletedRole> {
        let (id, definition) = self.need_role(reference)?;
        let role = self.describe_role(id, definition);
        let entry = self.directory.roles.get(id);
        let deleted = DeletedRole { role, users: entry.users, members: entry.members };
        self.directory.define_role(id, None);
        Ok(deleted)
    }

    /// Names the role that is given where none is named.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `wrong-scope`.
    pub fn set_default_role(&mut self, which: DefaultFor, reference: &str) -> Result<()> {
        let id = self.role_of_scope(reference, which.scope())?;
        self.point_default(which, id);
        Ok(())
    }

    // Assigning.

    /// Puts a user in, or changes the user's service role. Without a role: the default one. Returns whether that changed
    /// anything.
    ///
    /// # Errors
    ///
    /// `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`, `no-default-role`.
    pub fn set_user(&mut self, identity: &str, role: Option<&str>) -> Result<bool> {
        check_identity(identity, "identity")?;
        let role = self.role_or_default(role, DefaultFor::User)?;
        let person = self.directory.people.intern(identity);
        Ok(self.directory.set_user(person, role) != Some(role))
    }

    /// Takes a user out, and out of every channel. Costs a look into each channel. Returns whether there was anything.
    pub fn remove_user(&mut self, identity: &str) -> bool {
        let Some(person) = self.directory.people.names.find(identity) else { return false };
        let channels: Vec<Id> = self.directory.channels.names.ids().collect();
        // The user's own row goes last: with it the number of the identity becomes free.
        let was_user = self.directory.people.get(person).user.is_some();
        for channel in channels {
            self.directory.leave(Kind::Invite, channel, person);
            self.directory.leave(Kind::Member, channel, person);
        }
        if was_user {
            self.directory.unset_user(person);
        }
        true
    }

    /// Makes a channel: private unless said otherwise, and always private in Conversations. The creator becomes a member
    /// with the creator's default role; `"system"` is the services' word for no user.
    ///
    /// # Errors
    ///
    /// `invalid-sid`, `duplicate-channel`, `invalid-channel-type`, `no-counterpart` (a public conversation),
    /// `invalid-identity`, `no-default-role`.
    pub fn create_channel(&mut self, sid: &str, channel_type: Option<&str>, created_by: Option<&str>) -> Result<()> {
        if sid.is_empty() {
            return Err(Error::at(Code::InvalidSid, "sid".into(), &["a SID is not empty"]));
        }
        // One that is known from member rows alone gets its own row here.
        let known = self.directory.channels.names.find(sid);
        if known.is_some_and(|channel| self.directory.channels.get(channel).row.is_some()) {
            return Err(Error::at(Code::DuplicateChannel, "sid".into(), &["a channel with the SID ", sid, " exists already"]));
        }
        let public = channel_type.map_or(Ok(false), |channel_type| is_public(channel_type, || "type".into()))?;
        if public && self.dialect() == Dialect::Conversations {
            return Err(Error::at(Code::NoCounterpart, "type".into(), &["a conversation is always private"]));
        }
        let creator = created_by.filter(|identity| *identity != SYSTEM);
        let creator = match creator {
            None => None,
            Some(identity) => {
                check_identity(identity, "createdBy")?;
                Some((identity, self.role_or_default(None, DefaultFor::Creator)?))
            }
        };
        let channel = self.directory.channels.intern(sid);
        self.directory.set_channel(channel, Some(ChannelRow { public, created_by: created_by.map(Into::into) }));
        if let Some((identity, role)) = creator {
            let person = self.directory.people.intern(identity);
            self.directory.enter(Kind::Member, channel, person, role);
        }
        Ok(())
    }

    /// Takes a channel out, with its members and invites. Returns whether it was there.
    pub fn remove_channel(&mut self, sid: &str) -> bool {
        let Some(channel) = self.directory.channels.names.find(sid) else { return false };
        self.directory.set_channel(channel, Some(ChannelRow::default()));
        for kind in [Kind::Member, Kind::Invite] {
            self.directory.settle(kind, channel, true, &mut |_| {});
        }
        self.directory.set_channel(channel, None);
        true
    }

    /// Puts a member into a channel, or changes the member's role. Without a role: the default one. Returns whether that changed
    /// anything.
    ///
    /// # Errors
    ///
    /// `unknown-channel`, `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`, `no-default-role`.
    pub fn set_member(&mut self, channel: &str, identity: &str, role: Option<&str>) -> Result<bool> {
        self.place(Kind::Member, channel, identity, role)
    }

    /// Takes a member out of a channel. Returns whether there was one.
    pub fn remove_member(&mut self, channel: &str, identity: &str) -> bool {
        self.displace(Kind::Member, channel, identity)
    }

    /// Invites someone to a channel, with the role that the member will have. Without a role: the default one.
    ///
    /// # Errors
    ///
    /// As [`Service::set_member`], and `no-counterpart` in Conversations, which has no invites.
    pub fn invite(&mut self, channel: &str, identity: &str, role: Option<&str>) -> Result<bool> {
        if self.dialect() == Dialect::Conversations {
            return Err(no_invites());
        }
        self.place(Kind::Invite, channel, identity, role)
    }

    /// Makes a member of someone invited, with the role of the invite (one that came without a role: the default one).
    ///
    /// # Errors
    ///
    /// `unknown-channel`, `unknown-invite`, `no-default-role`.
    pub fn accept_invite(&mut self, channel: &str, identity: &str) -> Result<()> {
        let id = self.need_channel(channel)?;
        let invited = self.directory.people.names.find(identity);
        let invite = invited.and_then(|person| Some((person, self.directory.channels.get(id).invites.role_of(person)?)));
        let Some((person, role)) = invite else {
            let message = ["\u{201c}", identity, "\u{201d} is not invited to \u{201c}", channel, "\u{201d}"];
            return Err(Error::new(Code::UnknownInvite, &message));
        };
        let role = match some(role) {
            Some(role) => role,
            None => self.role_or_default(None, DefaultFor::Member)?,
        };
        self.directory.enter(Kind::Member, id, person, role);
        self.directory.leave(Kind::Invite, id, person);
        Ok(())
    }

    /// Withdraws an invite. Returns whether there was one.
    pub fn decline_invite(&mut self, channel: &str, identity: &str) -> bool {
        self.displace(Kind::Invite, channel, identity)
    }

    /// The users, in no particular order.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        let people = &self.directory.people;
        let mut users = Vec::new();
        for person in people.names.all() {
            if let Some(role) = people.get(person).user {
                users.push(User { identity: people.names.text(person).into(), role_sid: self.role_sid(role).into() });
            }
        }
        users
    }

    /// The channels, also those that only a member or invite row names.
    #[must_use]
    pub fn channels(&self) -> Vec<Channel> {
        let channels = &self.directory.channels;
        let describe = |channel: &Id| {
            let row = channels.get(*channel).row.as_ref();
            Channel {
                sid: channels.names.text(*channel).into(),
                channel_type: channel_type(row.is_some_and(|row| row.public)),
                created_by: row.and_then(|row| row.created_by.as_deref()).map(Into::into),
            }
        };
        channels.names.all().iter().map(describe).collect()
    }

    /// The members of a channel; none of one that is not known.
    #[must_use]
    pub fn members(&self, channel: &str) -> Vec<Member> {
        self.roster(Kind::Member, channel)
    }

    /// The invites to a channel; none to one that is not known.
    #[must_use]
    pub fn invites(&self, channel: &str) -> Vec<Member> {
        self.roster(Kind::Invite, channel)
    }

    // Asking.

    /// What a user may do: in a channel, or (`None`) outside of any.
    #[must_use]
    pub fn ability<'a>(&'a self, identity: &'a str, channel: Option<&'a str>) -> Ability<'a> {
        let person = self.directory.people.names.find(identity);
        let standing = Standing::of(&self.directory, person, self.asked(channel));
        Ability { service: self, identity, channel, standing }
    }

    /// Everybody who may do it. Costs a decision for each identity that is known.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn who_can(&self, action: &str, channel: Option<&str>, owner: Option<&str>) -> Result<Vec<String>> {
        let action = self.vocabulary.action(action)?;
        let asked = self.asked(channel);
        let mut who = Vec::new();
        for person in self.directory.people.names.all() {
            let identity = self.directory.people.names.text(person);
            let standing = Standing::of(&self.directory, Some(person), asked);
            if decision::allows(&self.vocabulary, &standing, action, Owner::seen_by(identity, owner)) {
                who.push(identity.into());
            }
        }
        Ok(who)
    }

    /// Adds an action of the application's own, allowed by the permission `any`, or by `own` to the owner. Neither
    /// needs to be a built-in permission.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `duplicate-action`, `too-many-actions`, `too-many-permissions`.
    pub fn define_action(&mut self, action: &str, any: &str, own: Option<&str>, member_only: bool) -> Result<()> {
        let held = self.held_permissions();
        self.vocabulary.define_action(action, any, own, member_only, held)
    }

    /// The action of that name, in either dialect or of the application's own.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn action(&self, name: &str) -> Result<Action> {
        self.vocabulary.action(name)
    }

    // What the operations share.

    fn asked(&self, channel: Option<&str>) -> Asked {
        channel.map_or(Asked::NoChannel, |sid| self.directory.channels.names.find(sid).map_or(Asked::UnknownChannel, Asked::In))
    }

    pub(crate) fn held_permissions(&self) -> PermissionSet {
        let mut held = PermissionSet::EMPTY;
        for (_, role) in self.directory.definitions() {
            role.permissions.iter().for_each(|permission| held.insert(*permission));
        }
        held
    }

    pub(crate) fn definition(&self, friendly_name: &str, scope: Scope, given: Vec<Permission>) -> Definition {
        let (mut seen, mut granted, mut permissions) = (PermissionSet::EMPTY, PermissionSet::EMPTY, Vec::new());
        for permission in given {
            if seen.contains(permission) {
                continue;
            }
            seen.insert(permission);
            permissions.push(permission);
            if permission.is_valid_in(scope) && self.vocabulary.knows(permission) {
                granted.insert(permission);
            }
        }
        Definition { friendly_name: friendly_name.into(), scope, granted, permissions: permissions.into() }
    }

    pub(crate) fn point_default(&mut self, which: DefaultFor, role: Id) {
        self.directory.refer(role);
        let old = core::mem::replace(&mut self.defaults[which as usize], role);
        self.directory.unrefer(old);
    }

    pub(crate) fn role_sid(&self, role: Id) -> &str {
        some(role).map_or("", |role| self.directory.roles.names.text(role))
    }

    fn describe_role(&self, id: Id, definition: &Definition) -> Role {
        let name = |permission: &Permission| self.vocabulary.permission_name(*permission).into();
        Role {
            sid: self.directory.roles.names.text(id).into(),
            friendly_name: definition.friendly_name.as_ref().into(),
            role_type: definition.scope.role_type(self.dialect()),
            permissions: definition.permissions.iter().map(name).collect(),
        }
    }

    fn redefine(&mut self, id: Id, permissions: Vec<Permission>) -> Role {
        let entry = self.directory.roles.get(id).definition.as_ref();
        let (name, scope) = entry.map_or(("".into(), Scope::Channel), |role| (role.friendly_name.clone(), role.scope));
        let definition = self.definition(&name, scope, permissions);
        let role = self.describe_role(id, &definition);
        self.directory.define_role(id, Some(definition));
        role
    }

    fn find_role(&self, reference: &str) -> Result<Option<(Id, &Definition)>> {
        if let Some(id) = self.directory.roles.names.find(reference)
            && let Some(definition) = self.directory.definition(id)
        {
            return Ok(Some((id, definition)));
        }
        let wanted = (self.lower_case)(reference);
        let mut found = None;
        let mut others = String::new();
        for (id, definition) in self.directory.definitions() {
            if (self.lower_case)(&definition.friendly_name) != wanted {
                continue;
            }
            if found.is_none() {
                found = Some((id, definition));
            } else {
                others.push_str(", ");
                others.push_str(self.directory.roles.names.text(id));
            }
        }
        match found {
            Some((first, _)) if !others.is_empty() => {
                let first = self.directory.roles.names.text(first);
                let message = ["more than one role is called \u{201c}", reference, "\u{201d}: ", first, &others];
                Err(Error::new(Code::AmbiguousRole, &message))
            }
            _ => Ok(found),
        }
    }

    fn need_role(&self, reference: &str) -> Result<(Id, &Definition)> {
        self.find_role(reference)?
            .ok_or_else(|| Error::new(Code::UnknownRole, &["no role has the SID or the name \u{201c}", reference, "\u{201d}"]))
    }

    fn role_of_scope(&self, reference: &str, scope: Scope) -> Result<Id> {
        let (id, definition) = self.need_role(reference)?;
        if definition.scope == scope {
            return Ok(id);
        }
        let needed = scope.role_type(self.dialect());
        Err(Error::new(Code::WrongScope, &["\u{201c}", reference, "\u{201d} is not a role of type ", needed]))
    }

    fn role_or_default(&self, reference: Option<&str>, which: DefaultFor) -> Result<Id> {
        match (reference, some(self.defaults[which as usize])) {
            (Some(reference), _) => self.role_of_scope(reference, which.scope()),
            (None, Some(role)) => Ok(role),
            (None, None) => Err(Error::new(Code::NoDefaultRole, &["the service has no default role for a ", which.name()])),
        }
    }

    fn check_permissions(&self, names: &[&str], scope: Scope) -> Result<Vec<Permission>> {
        if names.is_empty() {
            return Err(Error::at(Code::EmptyPermissions, "permissions".into(), &["a role has at least one permission"]));
        }
        let mut permissions = Vec::new();
        for (at, name) in names.iter().enumerate() {
            permissions.push(self.check_permission(name, scope, &|| element("permissions", at))?);
        }
        Ok(permissions)
    }

    fn check_permission(&self, name: &str, scope: Scope, path: &dyn Fn() -> String) -> Result<Permission> {
        let permission = self.known_permission(name, path)?;
        if !self.vocabulary.knows(permission) {
            return Err(Error::at(Code::NoCounterpart, path(), &["Conversations has no permission ", name]));
        }
        if !permission.is_valid_in(scope) {
            let role_type = scope.role_type(self.dialect());
            return Err(Error::at(Code::OutOfScope, path(), &[name, " is not valid in a role of type ", role_type]));
        }
        Ok(permission)
    }

    fn known_permission(&self, name: &str, path: &dyn Fn() -> String) -> Result<Permission> {
        // A name that nothing holds any more counts no longer, as it would not after a round trip.
        let in_use = |permission: &Permission| {
            permission.own_place().is_none() || self.vocabulary.is_used(*permission, self.held_permissions())
        };
        self.vocabulary.permission(name).filter(in_use).ok_or_else(|| {
            let message = ["no role and no action knows a permission called \u{201c}", name, "\u{201d}"];
            Error::at(Code::UnknownPermission, path(), &message)
        })
    }

    fn need_channel(&self, sid: &str) -> Result<Id> {
        let message = ["no channel with the SID \u{201c}", sid, "\u{201d} is known"];
        self.directory.channels.names.find(sid).ok_or_else(|| Error::new(Code::UnknownChannel, &message))
    }

    fn place(&mut self, kind: Kind, channel: &str, identity: &str, role: Option<&str>) -> Result<bool> {
        check_identity(identity, "identity")?;
        let channel = self.need_channel(channel)?;
        let role = self.role_or_default(role, DefaultFor::Member)?;
        let person = self.directory.people.intern(identity);
        Ok(self.directory.enter(kind, channel, person, role) != Some(role))
    }

    fn displace(&mut self, kind: Kind, channel: &str, identity: &str) -> bool {
        let found = (self.directory.channels.names.find(channel), self.directory.people.names.find(identity));
        let (Some(channel), Some(person)) = found else { return false };
        self.directory.leave(kind, channel, person).is_some()
    }

    fn roster(&self, kind: Kind, channel: &str) -> Vec<Member> {
        let Some(id) = self.directory.channels.names.find(channel) else { return Vec::new() };
        let places = self.directory.channels.get(id).roster(kind).iter();
        let describe = |place: Assignment| Member {
            channel_sid: channel.into(),
            identity: self.directory.people.names.text(place.person).into(),
            role_sid: self.role_sid(place.role).into(),
        };
        places.map(describe).collect()
    }

    /// `RL` and 32 hexadecimal digits that no role has.
    fn generate_sid(&mut self) -> String {
        loop {
            let mut sid = String::from("RL");
            for _ in 0..2 {
                // SplitMix64: every state gives another number.
                self.entropy = self.entropy.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mixed = (self.entropy ^ self.entropy >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
                let mixed = mixed ^ mixed >> 31;
                sid.extend((0..16).map(|digit| char::from(b"0123456789abcdef"[(mixed >> (digit * 4) & 15) as usize])));
            }
            if self.directory.roles.names.find(&sid).is_none() {
                return sid;
            }
        }
    }
}

/// What the services write as the creator of what no user created.
const SYSTEM: &str = "system";

/// What one user may do in one channel, as the service was when it was asked for.
#[derive(Clone)]
pub struct Ability<'a> {
    service: &'a Service,
    identity: &'a str,
    channel: Option<&'a str>,
    standing: Standing,
}

impl Ability<'_> {
    /// Whether the action is allowed. `owner` is the identity to whom the thing acted on belongs, where that matters.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn can(&self, action: &str, owner: Option<&str>) -> Result<bool> {
        let action = self.service.vocabulary.action(action)?;
        Ok(decision::allows(&self.service.vocabulary, &self.standing, action, Owner::seen_by(self.identity, owner)))
    }

    /// Every action that is allowed on a thing of that owner's.
    #[must_use]
    pub fn allowed(&self, owner: Owner) -> ActionSet {
        decision::allowed(&self.service.vocabulary, &self.standing, owner)
    }

    /// The names of all allowed actions, in the service's dialect: for menus.
    #[must_use]
    pub fn actions(&self, owner: Option<&str>) -> Vec<String> {
        let allowed = self.allowed(Owner::seen_by(self.identity, owner));
        let mut names = Vec::new();
        for action in self.service.vocabulary.actions() {
            if allowed.contains(action) {
                names.push(self.service.vocabulary.action_name(action).into());
            }
        }
        names
    }

    /// Whether the permission, by its name in either dialect, is effective here. An unknown name is not.
    #[must_use]
    pub fn has(&self, permission: &str) -> bool {
        self.service.vocabulary.permission(permission).is_some_and(|permission| self.standing.permissions().contains(permission))
    }

    /// The effective permissions, in the service's dialect.
    #[must_use]
    pub fn permissions(&self) -> Vec<String> {
        self.standing.permissions().iter().map(|permission| self.service.vocabulary.permission_name(permission).into()).collect()
    }

    /// Decides and says why. Costs more than [`Ability::can`]: it looks for the roles that would grant what is missing.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn explain(&self, action: &str, owner: Option<&str>) -> Result<Decision> {
        let Service { vocabulary, directory, .. } = self.service;
        let action = vocabulary.action(action)?;
        let question = Question { identity: self.identity, channel: self.channel, action, owner };
        Ok(decision::explain(vocabulary, directory, &self.standing, &question))
    }
}

pub(crate) fn check_identity(identity: &str, path: &str) -> Result<()> {
    if identity.is_empty() {
        return Err(Error::at(Code::InvalidIdentity, path.into(), &["an identity is not empty"]));
    }
    Ok(())
}

pub(crate) fn scope_of_role_type(role_type: &str, path: impl FnOnce() -> String) -> Result<Scope> {
    match Scope::of_role_type(role_type) {
        Some((scope, _)) => Ok(scope),
        None => Err(not_a_role_type(role_type, path())),
    }
}

fn not_a_role_type(role_type: &str, path: String) -> Error {
    let message = ["a role's type is deployment or channel, or service or conversation, not \u{201c}", role_type, "\u{201d}"];
    Error::at(Code::InvalidScope, path, &message)
}

pub(crate) fn is_public(channel_type: &str, path: impl FnOnce() -> String) -> Result<bool> {
    match channel_type {
        "public" => Ok(true),
        "private" => Ok(false),
        _ => Err(not_a_channel_type(channel_type, path())),
    }
}

fn not_a_channel_type(channel_type: &str, path: String) -> Error {
    let message = ["a channel is public or private, not \u{201c}", channel_type, "\u{201d}"];
    Error::at(Code::InvalidChannelType, path, &message)
}

pub(crate) fn channel_type(public: bool) -> &'static str {
    if public { "public" } else { "private" }
}

pub(crate) fn no_invites() -> Error {
    Error::new(Code::NoCounterpart, &["Conversations has no invites"])
}

#[cfg(test)]
mod tests {
    use super::{Dialect, NewRole, Service};

    #[test]
    fn generated_sids_are_those_of_splitmix64() {
        let mut service = Service::empty(Dialect::Chat, 0);
        // The generator's published numbers for the seed 0 are e220a8397b1dcdaf, 6e789e6aa1b965f4 and so on: here their lowest
        // digits come first.
        for sid in ["RLfadcd1b7938a022e4f569b1aa6e987e6", "RLf454900881d54c60ce18c4278a8bb88f"] {
            let role = NewRole { friendly_name: "made", role_type: "channel", permissions: &["sendMessage"], sid: None };
            assert_eq!(service.create_role(&role).unwrap().sid, sid);
        }
    }
}
