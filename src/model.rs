//! The service in numbers: every operation of the API, for texts that somebody else keeps. [`Service`](crate::Service) is
//! the same with the texts, for Rust; `src/js` hands it to JavaScript.

use alloc::vec::Vec;

use crate::action::Action;
use crate::answer::{cell, phrase};
use crate::decision::{self, Owner, Standing};
use crate::directory::{ChannelRow, Definition, Directory, Kind};
use crate::error::{Checked, Code, Refusal};
use crate::permission::{Dialect, Permission, PermissionSet, Scope};
use crate::role::DEFAULT_ROLES;
use crate::text::{Text, Texts};
use crate::vocabulary::{Defined, Vocabulary, of_role_type, role_type};
use crate::word;

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

    const fn scope(self) -> Scope {
        match self {
            DefaultFor::User => Scope::Service,
            DefaultFor::Member | DefaultFor::Creator => Scope::Channel,
        }
    }
}

static DEFAULTS: [Text; 3] =
    [Text::of(DefaultFor::User.name()), Text::of(DefaultFor::Member.name()), Text::of(DefaultFor::Creator.name())];

/// A new role.
pub(crate) struct RoleMade<'a> {
    pub friendly_name: Text,
    pub role_type: Text,
    pub sid: Option<Text>,
    pub permissions: &'a [Text],
}

/// How many users and members hold a reference to a role that is gone.
pub(crate) struct Dangling {
    pub users: u32,
    pub members: u32,
}

/// A service, but for its texts.
#[derive(Clone)]
pub(crate) struct Model<T> {
    pub vocabulary: Vocabulary,
    pub directory: Directory,
    /// Empty where there is none. In the order of [`DefaultFor::ALL`].
    pub defaults: [Text; 3],
    pub texts: T,
}

impl<T: Texts> Model<T> {
    /// A service without roles.
    pub fn new(dialect: Dialect, texts: T) -> Self {
        let (vocabulary, directory) = (Vocabulary::new(dialect), Directory::default());
        Self { vocabulary, directory, defaults: [Text::EMPTY; 3], texts }
    }

    pub fn add_default_roles(&mut self) {
        for (place, role) in DEFAULT_ROLES.iter().enumerate() {
            let sid = self.texts.new_sid();
            let mut permissions = Vec::new();
            for permission in role.permissions {
                if self.vocabulary.knows(*permission) {
                    permissions.push(*permission);
                }
            }
            let definition = self.definition(role.friendly_name, role.scope, &permissions);
            self.directory.define_role(sid, Some(definition));
            // Service User, Channel User, and Channel Admin for the creator.
            match place {
                1 => self.defaults[DefaultFor::User as usize] = sid,
                2 => self.defaults[DefaultFor::Creator as usize] = sid,
                3 => self.defaults[DefaultFor::Member as usize] = sid,
                _ => {}
            }
        }
    }

    pub fn dialect(&self) -> Dialect {
        self.vocabulary.dialect
    }

    // Roles.

    /// The role of that SID or friendly name.
    pub fn find_role(&self, reference: Text) -> Checked<Option<(Text, &Definition)>> {
        self.find_role_among(reference, &|one, other| self.texts.are_alike(one, other))
    }

    /// The same where the reference may be a text that only this call brings.
    pub fn find_role_among(
        &self,
        reference: Text,
        are_alike: &dyn Fn(Text, Text) -> bool,
    ) -> Checked<Option<(Text, &Definition)>> {
        if let Some(definition) = self.directory.role(reference) {
            return Ok(Some((reference, definition)));
        }
        let mut found = None;
        let mut refusal = Refusal::about(Code::AmbiguousRole, phrase::AMBIGUOUS, reference);
        refusal.0.0.pop();
        let mut candidates = refusal.0.list();
        for (sid, definition) in self.directory.roles() {
            if are_alike(definition.friendly_name, reference) {
                found = found.or(Some((sid, definition)));
                candidates.length += 1;
                refusal.0.text(sid);
            }
        }
        if candidates.length > 1 {
            refusal.0.end(&candidates);
            refusal.0.say(phrase::NOTHING);
            return Err(refusal);
        }
        Ok(found)
    }

    fn need_role(&self, reference: Text) -> Checked<(Text, &Definition)> {
        let refusal = || Refusal::about(Code::UnknownRole, phrase::NO_SUCH_ROLE, reference);
        self.find_role(reference)?.ok_or_else(refusal)
    }

    fn role_of_scope(&self, reference: Text, scope: Scope) -> Checked<Text> {
        let (sid, definition) = self.need_role(reference)?;
        if definition.scope == scope {
            return Ok(sid);
        }
        let needed = role_type(scope, self.dialect()).cell();
        Err(Refusal::new(Code::WrongScope, &[phrase::WRONG_SCOPE, reference.cell(), needed]))
    }

    fn role_or_default(&self, reference: Option<Text>, which: DefaultFor) -> Checked<Text> {
        match (reference, self.defaults[which as usize].given()) {
            (Some(reference), _) => self.role_of_scope(reference, which.scope()),
            (None, Some(role)) => Ok(role),
            (None, None) => Err(Refusal::new(Code::NoDefaultRole, &[phrase::NO_DEFAULT, DEFAULTS[which as usize].cell()])),
        }
    }

    /// Makes a role and gives its SID.
    pub fn create_role(&mut self, role: &RoleMade) -> Checked<Text> {
        // Characters as JavaScript and the REST reference count them differ only beyond the basic plane.
        if role.friendly_name == Text::EMPTY || self.texts.letters(role.friendly_name) > 64 {
            return Err(Refusal::of(Code::InvalidName, phrase::NAME_LENGTH).at_argument(phrase::AT_FRIENDLY_NAME));
        }
        let scope = scope_named(role.role_type).map_err(|refusal| refusal.at_argument(phrase::AT_TYPE))?;
        let permissions = self.check_permissions(role.permissions, scope)?;
        check_sid(role.sid)?;
        if let Some(sid) = role.sid
            && self.directory.role(sid).is_some()
        {
            return Err(Refusal::about(Code::DuplicateRole, phrase::ROLE_EXISTS, sid).at_argument(phrase::AT_SID));
        }
        let sid = role.sid.unwrap_or_else(|| self.texts.new_sid());
        let definition = self.definition(role.friendly_name, scope, &permissions);
        self.directory.define_role(sid, Some(definition));
        Ok(sid)
    }

    /// Replaces a role's permissions. Gives its SID, and whether that changed anything.
    pub fn update_role(&mut self, reference: Text, permissions: &[Text]) -> Checked<(Text, bool)> {
        let (sid, definition) = self.need_role(reference)?;
        let permissions = self.check_permissions(permissions, definition.scope)?;
        Ok((sid, self.redefine(sid, &permissions)))
    }

    pub fn grant(&mut self, reference: Text, permission: Text) -> Checked<(Text, bool)> {
        let (sid, definition) = self.need_role(reference)?;
        let granted =
            self.check_permission(permission, definition.scope).map_err(|refusal| refusal.at_argument(phrase::AT_PERMISSION))?;
        let mut permissions = definition.permissions.clone();
        permissions.push(granted);
        Ok((sid, self.redefine(sid, &permissions)))
    }

    pub fn revoke(&mut self, reference: Text, permission: Text) -> Checked<(Text, bool)> {
        let (sid, definition) = self.need_role(reference)?;
        let revoked = self.known_permission(permission).map_err(|refusal| refusal.at_argument(phrase::AT_PERMISSION))?;
        let mut left = definition.permissions.clone();
        left.retain(|held| *held != revoked);
        if left.is_empty() && !definition.permissions.is_empty() {
            return Err(Refusal::of(Code::EmptyPermissions, phrase::LAST_PERMISSION).at_argument(phrase::AT_PERMISSION));
        }
        Ok((sid, self.redefine(sid, &left)))
    }

    /// Deletes a role and says who refers to it. Costs a look at every user and member.
    pub fn delete_role(&mut self, reference: Text) -> Checked<Dangling> {
        let (sid, _) = self.need_role(reference)?;
        let mut dangling = Dangling { users: 0, members: 0 };
        for identity in self.directory.people() {
            dangling.users += u32::from(self.directory.user(identity) == Some(sid));
        }
        for channel in self.directory.channels() {
            for place in channel.roster(Kind::Member).iter() {
                dangling.members += u32::from(place.role == sid);
            }
        }
        self.directory.define_role(sid, None);
        Ok(dangling)
    }

    /// Whether that changed anything.
    pub fn set_default_role(&mut self, which: DefaultFor, reference: Text) -> Checked<bool> {
        let sid = self.role_of_scope(reference, which.scope())?;
        Ok(core::mem::replace(&mut self.defaults[which as usize], sid) != sid)
    }

    // Assigning.

    /// Whether that changed anything.
    pub fn set_user(&mut self, identity: Text, role: Option<Text>) -> Checked<bool> {
        check_identity(identity)?;
        let role = self.role_or_default(role, DefaultFor::User)?;
        let old = self.directory.user(identity);
        self.directory.set_user(identity, Some(role));
        Ok(old != Some(role))
    }

    /// Whether there was anything.
    pub fn remove_user(&mut self, identity: Text) -> bool {
        let was_known = self.directory.is_known(identity);
        if was_known {
            for channel in self.directory.channel_sids() {
                for kind in Kind::ALL {
                    self.directory.leave(kind, channel, identity);
                }
            }
            self.directory.set_user(identity, None);
        }
        was_known
    }

    pub fn create_channel(&mut self, sid: Text, channel_type: Option<Text>, created_by: Option<Text>) -> Checked<()> {
        const SYSTEM: Text = Text::of("system");
        check_sid(Some(sid))?;
        // One that is known from member rows alone gets its own row here.
        if self.directory.channel(sid).is_some_and(|channel| channel.row.is_some()) {
            return Err(Refusal::about(Code::DuplicateChannel, phrase::CHANNEL_EXISTS, sid).at_argument(phrase::AT_SID));
        }
        let public = channel_type.map_or(Ok(false), is_public).map_err(|refusal| refusal.at_argument(phrase::AT_TYPE))?;
        if public && self.dialect() == Dialect::Conversations {
            return Err(Refusal::of(Code::NoCounterpart, phrase::ALWAYS_PRIVATE).at_argument(phrase::AT_TYPE));
        }
        // The services' word for the creator of what no user created.
        let creator = created_by.filter(|identity| *identity != SYSTEM);
        if let Some(identity) = creator {
            check_identity(identity).map_err(|refusal| refusal.at_argument(phrase::AT_CREATED_BY))?;
            let role = self.role_or_default(None, DefaultFor::Creator)?;
            self.directory.enter(Kind::Member, sid, identity, role);
        }
        self.directory.set_channel(sid, Some(ChannelRow { public, created_by }));
        Ok(())
    }

    /// Whether it was there.
    pub fn remove_channel(&mut self, sid: Text) -> bool {
        let was_known = self.directory.channel(sid).is_some();
        if was_known {
            self.directory.set_channel(sid, None);
            for kind in Kind::ALL {
                self.directory.settle(kind, sid, true, &mut |_| {});
            }
        }
        was_known
    }

    /// Puts somebody into a channel, or invites. Whether that changed anything.
    pub fn place(&mut self, kind: Kind, channel: Text, identity: Text, role: Option<Text>) -> Checked<bool> {
        if kind == Kind::Invite && self.dialect() == Dialect::Conversations {
            return Err(Refusal::of(Code::NoCounterpart, phrase::NO_INVITES));
        }
        check_identity(identity)?;
        self.need_channel(channel)?;
        let role = self.role_or_default(role, DefaultFor::Member)?;
        Ok(self.directory.enter(kind, channel, identity, role) != Some(role))
    }

    /// Takes somebody out of a channel, or an invite back. Whether there was one.
    pub fn displace(&mut self, kind: Kind, channel: Text, identity: Text) -> bool {
        self.directory.channel(channel).is_some() && self.directory.leave(kind, channel, identity)
    }

    pub fn accept_invite(&mut self, channel: Text, identity: Text) -> Checked<()> {
        self.need_channel(channel)?;
        let invite = self.directory.channel(channel).and_then(|channel| channel.roster(Kind::Invite).role_of(identity));
        let Some(role) = invite else {
            let message = [phrase::NO_SUCH_INVITE, identity.cell(), channel.cell()];
            return Err(Refusal::new(Code::UnknownInvite, &message));
        };
        let role = match role.given() {
            Some(role) => role,
            None => self.role_or_default(None, DefaultFor::Member)?,
        };
        self.directory.enter(Kind::Member, channel, identity, role);
        self.directory.leave(Kind::Invite, channel, identity);
        Ok(())
    }

    // Asking.

    /// Tells of everybody who may do it. `owner` tells whose it is, seen by each.
    pub fn who_can(&self, action: Action, channel: Option<Text>, owner: &dyn Fn(Text) -> Owner, tell: &mut dyn FnMut(Text)) {
        for identity in self.directory.people() {
            let standing = Standing::of(&self.directory, identity, channel);
            if decision::allows(&self.vocabulary, &standing, action, owner(identity)) {
                tell(identity);
            }
        }
    }

    /// Whether that changed anything.
    pub fn define_action(&mut self, defined: Defined) -> Checked<bool> {
        let before = self.vocabulary.count();
        self.vocabulary.define_action(defined, self.held_permissions(), false)?;
        Ok(self.vocabulary.count() != before)
    }

    /// Forgets what is deleted and named by nothing, and tells of each text that is needed still.
    pub fn tidy(&mut self, tell: &mut dyn FnMut(Text)) {
        for word in 0..word::COUNT {
            #[expect(clippy::cast_possible_truncation, reason = "there are about a hundred words")]
            tell(Text(word as u32));
        }
        self.defaults.into_iter().for_each(&mut *tell);
        self.vocabulary.each_text(tell);
        self.directory.tidy(tell);
    }

    /// The same with other numbers for the same texts: `numbers` has the new one at the place of the old one.
    #[cfg(not(feature = "standalone"))]
    pub fn renumbered(&self, numbers: &[Text], texts: T) -> Self {
        let number = |text: Text| numbers[text.index()];
        let (vocabulary, directory) = (self.vocabulary.renumbered(&number), self.directory.renumbered(&number));
        Self { vocabulary, directory, defaults: self.defaults.map(number), texts }
    }

    // What the operations share.

    pub fn held_permissions(&self) -> PermissionSet {
        let mut held = PermissionSet::EMPTY;
        for (_, role) in self.directory.roles() {
            role.permissions.iter().for_each(|permission| held.insert(*permission));
        }
        held
    }

    pub fn definition(&self, friendly_name: Text, scope: Scope, given: &[Permission]) -> Definition {
        let (mut seen, mut granted, mut permissions) = (PermissionSet::EMPTY, PermissionSet::EMPTY, Vec::new());
        for permission in given {
            if seen.contains(*permission) {
                continue;
            }
            seen.insert(*permission);
            permissions.push(*permission);
            if permission.is_valid_in(scope) && self.vocabulary.knows(*permission) {
                granted.insert(*permission);
            }
        }
        Definition { friendly_name, scope, permissions, granted }
    }

    /// Whether that changed anything.
    fn redefine(&mut self, sid: Text, permissions: &[Permission]) -> bool {
        let Some(old) = self.directory.role(sid) else { return false };
        let new = self.definition(old.friendly_name, old.scope, permissions);
        let is_other = *old != new;
        self.directory.define_role(sid, Some(new));
        is_other
    }

    fn check_permissions(&self, names: &[Text], scope: Scope) -> Checked<Vec<Permission>> {
        if names.is_empty() {
            return Err(Refusal::of(Code::EmptyPermissions, phrase::NO_PERMISSIONS).at_argument(phrase::AT_PERMISSIONS));
        }
        let mut permissions = Vec::new();
        for (at, name) in (0..).zip(names) {
            let path = [phrase::ELEMENT, phrase::AT_PERMISSIONS, cell::NUMBER, at];
            permissions.push(self.check_permission(*name, scope).map_err(|refusal| refusal.at(&path))?);
        }
        Ok(permissions)
    }

    fn check_permission(&self, name: Text, scope: Scope) -> Checked<Permission> {
        let permission = self.known_permission(name)?;
        if !self.vocabulary.knows(permission) {
            return Err(Refusal::about(Code::NoCounterpart, phrase::NOT_IN_CONVERSATIONS, name));
        }
        if !permission.is_valid_in(scope) {
            let role_type = role_type(scope, self.dialect()).cell();
            return Err(Refusal::new(Code::OutOfScope, &[phrase::NOT_VALID, name.cell(), role_type]));
        }
        Ok(permission)
    }

    fn known_permission(&self, name: Text) -> Checked<Permission> {
        // A name that nothing holds any more counts no longer, as it would not after a round trip.
        let in_use = |permission: &Permission| self.vocabulary.is_used(*permission, self.held_permissions());
        let refusal = || Refusal::about(Code::UnknownPermission, phrase::NO_SUCH_PERMISSION, name);
        self.vocabulary.permission(name).filter(in_use).ok_or_else(refusal)
    }

    fn need_channel(&self, sid: Text) -> Checked<()> {
        if self.directory.channel(sid).is_some() {
            return Ok(());
        }
        Err(Refusal::about(Code::UnknownChannel, phrase::NO_SUCH_CHANNEL, sid))
    }
}

fn check_identity(identity: Text) -> Checked<()> {
    if identity == Text::EMPTY {
        return Err(Refusal::of(Code::InvalidIdentity, phrase::EMPTY_IDENTITY).at_argument(phrase::AT_IDENTITY));
    }
    Ok(())
}

fn check_sid(sid: Option<Text>) -> Checked<()> {
    if sid == Some(Text::EMPTY) {
        return Err(Refusal::of(Code::InvalidSid, phrase::EMPTY_SID).at_argument(phrase::AT_SID));
    }
    Ok(())
}

pub(crate) fn scope_named(role_type: Text) -> Checked<Scope> {
    let refusal = || Refusal::about(Code::InvalidScope, phrase::NO_ROLE_TYPE, role_type);
    of_role_type(role_type).map(|(scope, _)| scope).ok_or_else(refusal)
}

const PUBLIC: Text = Text::of("public");
const PRIVATE: Text = Text::of("private");

pub(crate) fn is_public(channel_type: Text) -> Checked<bool> {
    match channel_type {
        PUBLIC => Ok(true),
        PRIVATE => Ok(false),
        _ => Err(Refusal::about(Code::InvalidChannelType, phrase::NO_CHANNEL_TYPE, channel_type)),
    }
}

pub(crate) const fn channel_type(public: bool) -> Text {
    if public { PUBLIC } else { PRIVATE }
}

#[cfg(feature = "js")]
pub(crate) fn default_named(name: Text) -> Checked<DefaultFor> {
    let found = DefaultFor::ALL.into_iter().find(|default| DEFAULTS[*default as usize] == name);
    let refusal = || Refusal::about(Code::InvalidArgument, phrase::NO_DEFAULT_FOR, name).at_argument(phrase::AT_WHICH);
    found.ok_or_else(refusal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Names;

    fn model() -> Model<Names> {
        let mut model = Model::new(Dialect::Chat, Names::new(1));
        model.add_default_roles();
        model
    }

    #[test]
    fn what_is_done_says_whether_it_changed_anything() {
        const MEMBER: Text = Text::of("Channel User");
        type Done = fn(&mut Model<Names>, Text) -> Checked<bool>;
        // Some text that names a person, a channel and an action comes along.
        let table: [(&str, Done); 8] = [
            ("set_default_role", |model, _| model.set_default_role(DefaultFor::Creator, MEMBER)),
            ("grant", |model, _| Ok(model.grant(MEMBER, Text::of("destroyChannel"))?.1)),
            ("revoke", |model, _| Ok(model.revoke(MEMBER, Text::of("leaveChannel"))?.1)),
            ("update_role", |model, _| Ok(model.update_role(MEMBER, &[Text::of("sendMessage")])?.1)),
            ("set_user", |model, some| model.set_user(some, None)),
            ("remove_user", |model, some| {
                let was_there = model.remove_user(some);
                Ok(was_there)
            }),
            ("define_action", |model, some| {
                let member_only = true;
                model.define_action(Defined { name: some, any: Text::of("sendMessage"), own: None, member_only })
            }),
            ("place", |model, some| model.place(Kind::Member, some, some, None)),
        ];
        for (name, done) in table {
            let mut model = model();
            let some = model.texts.number("some");
            model.create_channel(some, None, None).expect("there is none yet");
            if name == "remove_user" {
                model.set_user(some, None).expect("there is a default role");
            }
            assert_eq!(done(&mut model, some), Ok(true), "{name}");
            assert_eq!(done(&mut model, some), Ok(false), "{name} again");
        }
    }

    #[test]
    fn an_action_has_one_rule_and_asks_for_what_the_dialect_has() {
        type Rule<'a> = (&'a str, Option<&'a str>, bool);
        let define = |model: &mut Model<Names>, name: &str, (any, own, member_only): Rule| {
            let [name, any] = [name, any].map(|text| model.texts.number(text));
            let own = own.map(|own| model.texts.number(own));
            let done = model.define_action(Defined { name, any, own, member_only });
            done.map_err(|refusal| {
                let error = model.texts.error(&refusal);
                (error.code, error.path)
            })
        };
        let duplicate = || Err((Code::DuplicateAction, String::new()));
        let lacking = |path: &str| Err((Code::NoCounterpart, String::from(path)));
        let mut chat = model();
        let table = [
            (("pinAny", Some("pinOwn"), true), Ok(true)),
            (("pinAny", Some("pinOwn"), true), Ok(false)),
            (("pinAny", Some("pinOwn"), false), duplicate()),
            (("pinAny", Some("pinAny"), true), duplicate()),
            (("pinAny", None, true), duplicate()),
            (("pinOwn", Some("pinOwn"), true), duplicate()),
            (("never seen", Some("pinOwn"), true), duplicate()),
        ];
        for (rule, expected) in table {
            assert_eq!(define(&mut chat, "pin", rule), expected, "{rule:?}");
        }
        assert_eq!(define(&mut chat, "sendMessage", ("sendMessage", None, true)), duplicate());

        let mut conversations = Model::new(Dialect::Conversations, Names::new(1));
        let table = [
            (("inviteMember", None, false), lacking("any")),
            (("inviteMember", Some("inviteMember"), false), lacking("any")),
            (("pinAny", Some("inviteMember"), false), lacking("own")),
            (("pinAny", Some("pinOwn"), false), Ok(true)),
        ];
        for (rule, expected) in table {
            assert_eq!(define(&mut conversations, "pin", rule), expected, "{rule:?}");
        }
    }

    #[cfg(feature = "js")]
    #[test]
    fn default_roles_have_names() {
        for default in DefaultFor::ALL {
            assert_eq!(default_named(DEFAULTS[default as usize]), Ok(default));
        }
        for name in [Text::EMPTY, Text::of("other"), Text(u32::MAX)] {
            let refusal = default_named(name).expect_err("it is no default role's");
            assert_eq!(Names::new(0).error(&refusal).code, Code::InvalidArgument);
        }
    }
}
