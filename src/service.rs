//! The service: every operation of the API, in Rust, with its texts.

use serde::Serialize;

use crate::action::{Action, ActionSet};
use crate::decision::{self, Owner, Question, Standing};
use crate::directory::{self, Definition, Kind};
use crate::error::{Checked, Code, Error, Result};
#[cfg(feature = "json")]
use crate::load::Report;
use crate::model::{Dangling, DefaultFor, Model, RoleMade, channel_type};
#[cfg(feature = "json")]
use crate::names::word_of;
use crate::names::{Called, Names};
use crate::permission::{Dialect, Scope};
use crate::preview::Whose;
use crate::roster::Assignment;
use crate::text::Text;
use crate::vocabulary::Defined;
#[cfg(feature = "json")]
use crate::wire::Tape;
use crate::word;

/// A role as the REST API describes it, in the service's dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// `RL` and 32 hexadecimal digits, or whatever the application's back end uses.
    pub sid: String,
    /// 1 to 64 characters; not necessarily unique.
    pub friendly_name: String,
    /// `deployment` or `channel` in Chat, `service` or `conversation` in Conversations.
    #[serde(rename = "type")]
    pub role_type: &'static str,
    /// As given, in that order: what is out of scope or unknown is kept, and grants nothing built-in.
    pub permissions: Vec<String>,
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

/// An answer with its explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The answer.
    pub allowed: bool,
    /// The action, in the service's dialect.
    pub action: String,
    /// A sentence to paste: who, what, where, and which role grants it or what is missing and which roles would grant it.
    pub message: String,
    /// Allowed: the permission that allows it. Absent where membership or an invite alone does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Allowed: the role that grants the permission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Granting>,
    /// Denied: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Denied: the permissions of which any one would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// Denied: 403, as the endpoint answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Denied: the services' public error number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twilio_code: Option<u32>,
}

/// The role that grants a permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Granting {
    /// The role's SID.
    pub sid: String,
    /// The role's friendly name.
    pub friendly_name: String,
    /// `"service"` or `"channel"`.
    pub scope: &'static str,
}

/// What became of the rows of a section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// They were not there before.
    pub added: u32,
    /// They were there and said something else.
    pub updated: u32,
    /// They were there and said the same.
    pub unchanged: u32,
    /// They were there, and a replacing load did not bring them again.
    pub removed: u32,
    /// They are none of the chat's business: a participant without an identity, an invite in Conversations.
    pub skipped: u32,
}

/// Something in a payload that is kept but should be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// `unknown-permission`, `out-of-scope`, `no-counterpart`, `no-role` or `more-warnings`.
    pub code: &'static str,
    /// Where in the payload.
    pub path: String,
    /// A sentence.
    pub message: String,
}

/// What a load did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LoadReport {
    /// Roles, by SID.
    pub roles: Counts,
    /// Users, by identity.
    pub users: Counts,
    /// Channels or conversations, by SID.
    pub channels: Counts,
    /// Members or participants, by channel and identity.
    pub members: Counts,
    /// Invites, by channel and identity.
    pub invites: Counts,
    /// At most a thousand, then one that says that there are more.
    pub warnings: Vec<Warning>,
}

/// A decision that would be turned over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The user.
    pub identity: String,
    /// The channel; `None` for what is decided outside of any.
    pub channel: Option<String>,
    /// The action, in the service's dialect.
    pub action: String,
    /// `"self"` or `"other"`: whose the thing acted on is; `None` for an action that asks for no owner.
    pub owner: Option<&'static str>,
    /// What it would be.
    pub allowed: bool,
}

/// A service instance: roles, users, channels, members and invites, and the answers they give.
///
/// A failed operation changes nothing. Look-ups by name cost one hash; what else an operation costs is said where it is
/// more than that.
#[derive(Clone)]
pub struct Service {
    pub(crate) model: Model<Names>,
    last_load: Option<LoadReport>,
}

impl Service {
    /// A brand-new service with the four default roles, and nobody in it.
    ///
    /// `entropy` sets the generated SIDs apart from those of other services, and seeds the hashing: give it a random number
    /// where identities are chosen by strangers.
    #[must_use]
    pub fn new(dialect: Dialect, entropy: u64) -> Self {
        let mut service = Self::empty(dialect, entropy);
        service.model.add_default_roles();
        service
    }

    /// A service without roles, to be loaded. See [`Service::new`] for `entropy`.
    #[must_use]
    pub fn empty(dialect: Dialect, entropy: u64) -> Self {
        Self::with(dialect, Names::new(entropy))
    }

    pub(crate) fn with(dialect: Dialect, names: Names) -> Self {
        Self { model: Model::new(dialect, names), last_load: None }
    }

    #[cfg(feature = "json")]
    pub(crate) fn names_mut(&mut self) -> &mut Names {
        &mut self.model.texts
    }

    /// The dialect in which this service writes.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.model.dialect()
    }

    // Roles.

    /// The roles, of one scope or of both.
    #[must_use]
    pub fn roles(&self, scope: Option<Scope>) -> Vec<Role> {
        let roles = self.model.directory.roles().filter(|(_, role)| scope.is_none_or(|scope| role.scope == scope));
        roles.map(|(sid, role)| self.describe_role(sid, role)).collect()
    }

    /// The role of that SID or friendly name, `None` if there is none.
    ///
    /// # Errors
    ///
    /// `ambiguous-role` where more than one role has this friendly name.
    pub fn role(&self, reference: &str) -> Result<Option<Role>> {
        let mut called = Called::of(&self.model.texts);
        let number = called.number(reference);
        let found = self.model.find_role_among(number, &|one, other| called.are_alike(one, other));
        let found = found.map_err(|refusal| called.error(&refusal))?;
        Ok(found.map(|(sid, role)| self.describe_role(sid, role)))
    }

    /// Makes a role. One made under the SID of a deleted role heals those who still refer to it.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `invalid-scope`, `invalid-sid`, `duplicate-role`, `empty-permissions`, `unknown-permission`,
    /// `out-of-scope`, `no-counterpart`.
    pub fn create_role(&mut self, role: &NewRole) -> Result<Role> {
        let [friendly_name, role_type] = [role.friendly_name, role.role_type].map(|text| self.number(text));
        let permissions: Vec<Text> = role.permissions.iter().map(|name| self.number(name)).collect();
        let sid = role.sid.map(|sid| self.number(sid));
        let made = self.model.create_role(&RoleMade { friendly_name, role_type, sid, permissions: &permissions });
        self.done(made).map(|sid| self.described(sid))
    }

    /// Replaces a role's whole set of permissions, as the REST contract does.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `empty-permissions`, `unknown-permission`, `out-of-scope`, `no-counterpart`.
    pub fn update_role(&mut self, reference: &str, permissions: &[&str]) -> Result<Role> {
        let reference = self.number(reference);
        let permissions: Vec<Text> = permissions.iter().map(|name| self.number(name)).collect();
        let updated = self.model.update_role(reference, &permissions);
        self.done(updated).map(|(sid, _)| self.described(sid))
    }

    /// Adds one permission to a role; one that it holds already is no change.
    ///
    /// # Errors
    ///
    /// As [`Service::update_role`].
    pub fn grant(&mut self, reference: &str, permission: &str) -> Result<Role> {
        let [reference, permission] = [reference, permission].map(|text| self.number(text));
        let granted = self.model.grant(reference, permission);
        self.done(granted).map(|(sid, _)| self.described(sid))
    }

    /// Takes one permission from a role; one that it does not hold is no change.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `unknown-permission`, and `empty-permissions` for a role's last one.
    pub fn revoke(&mut self, reference: &str, permission: &str) -> Result<Role> {
        let [reference, permission] = [reference, permission].map(|text| self.number(text));
        let revoked = self.model.revoke(reference, permission);
        self.done(revoked).map(|(sid, _)| self.described(sid))
    }

    /// Deletes a role, and says who now refers to nothing. Users and members keep the reference and lose what it granted.
    /// Costs a look at every user and member.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`.
    pub fn delete_role(&mut self, reference: &str) -> Result<DeletedRole> {
        let reference = self.number(reference);
        let found = self.model.find_role(reference);
        let role = found.map(|found| found.map(|(sid, role)| self.describe_role(sid, role)));
        let deleted = role.and_then(|role| Ok((role, self.model.delete_role(reference)?)));
        let (role, Dangling { users, members }) = self.done(deleted)?;
        Ok(DeletedRole { role: there(role), users, members })
    }

    /// Names the role that is given where none is named.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `wrong-scope`.
    pub fn set_default_role(&mut self, which: DefaultFor, reference: &str) -> Result<()> {
        let reference = self.number(reference);
        let set = self.model.set_default_role(which, reference);
        self.done(set).map(|_| ())
    }

    // Assigning.

    /// Puts a user in, or changes the user's service role. Without a role: the default one. Returns whether that changed
    /// anything.
    ///
    /// # Errors
    ///
    /// `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`, `no-default-role`.
    pub fn set_user(&mut self, identity: &str, role: Option<&str>) -> Result<bool> {
        let identity = self.number(identity);
        let role = role.map(|role| self.number(role));
        let set = self.model.set_user(identity, role);
        self.done(set)
    }

    /// Takes a user out, and out of every channel. Costs a look into each channel. Returns whether there was anything.
    pub fn remove_user(&mut self, identity: &str) -> bool {
        self.model.texts.find(identity).is_some_and(|identity| self.model.remove_user(identity))
    }

    /// Makes a channel: private unless said otherwise, and always private in Conversations. The creator becomes a member
    /// with the creator's default role; `"system"` is the services' word for no user.
    ///
    /// # Errors
    ///
    /// `invalid-sid`, `duplicate-channel`, `invalid-channel-type`, `no-counterpart` (a public conversation),
    /// `invalid-identity`, `no-default-role`.
    pub fn create_channel(&mut self, sid: &str, channel_type: Option<&str>, created_by: Option<&str>) -> Result<()> {
        let sid = self.number(sid);
        let [channel_type, created_by] = [channel_type, created_by].map(|text| text.map(|text| self.number(text)));
        let created = self.model.create_channel(sid, channel_type, created_by);
        self.done(created)
    }

    /// Takes a channel out, with its members and invites. Returns whether it was there.
    pub fn remove_channel(&mut self, sid: &str) -> bool {
        self.model.texts.find(sid).is_some_and(|sid| self.model.remove_channel(sid))
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
        self.place(Kind::Invite, channel, identity, role)
    }

    /// Makes a member of someone invited, with the role of the invite (one that came without a role: the default one).
    ///
    /// # Errors
    ///
    /// `unknown-channel`, `unknown-invite`, `no-default-role`.
    pub fn accept_invite(&mut self, channel: &str, identity: &str) -> Result<()> {
        let [channel, identity] = [channel, identity].map(|text| self.number(text));
        let accepted = self.model.accept_invite(channel, identity);
        self.done(accepted)
    }

    /// Withdraws an invite. Returns whether there was one.
    pub fn decline_invite(&mut self, channel: &str, identity: &str) -> bool {
        self.displace(Kind::Invite, channel, identity)
    }

    /// The users, in no particular order.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        let directory = &self.model.directory;
        let user = |identity: Text| Some(User { identity: self.text(identity), role_sid: self.text(directory.user(identity)?) });
        directory.people().filter_map(user).collect()
    }

    /// The channels, also those that only a member or invite row names.
    #[must_use]
    pub fn channels(&self) -> Vec<Channel> {
        let describe = |channel: &directory::Channel| {
            let row = channel.row.unwrap_or_default();
            let channel_type = word::all()[channel_type(row.public).index()];
            Channel { sid: self.text(channel.sid), channel_type, created_by: row.created_by.map(|text| self.text(text)) }
        };
        self.model.directory.channels().map(describe).collect()
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

    /// Loads what a tape holds, all of it or nothing.
    #[cfg(feature = "json")]
    pub(crate) fn load_tape(&mut self, tape: &dyn Tape, replace: bool) -> Result<LoadReport> {
        let report = self.model.load(tape, replace).map(|report| self.describe_report(&report));
        let report = self.done(report)?;
        self.last_load = Some(report.clone());
        Ok(report)
    }

    /// What the last load did; `None` before the first.
    #[must_use]
    pub fn last_load(&self) -> Option<&LoadReport> {
        self.last_load.as_ref()
    }

    // Asking.

    /// What a user may do: in a channel, or (`None`) outside of any.
    #[must_use]
    pub fn ability<'a>(&'a self, identity: &'a str, channel: Option<&'a str>) -> Ability<'a> {
        let mut called = Called::of(&self.model.texts);
        let (who, place) = (called.number(identity), channel.map(|channel| called.number(channel)));
        Ability { service: self, identity, channel, standing: Standing::of(&self.model.directory, who, place) }
    }

    /// Everybody who may do it. Costs a decision for each identity that is known.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn who_can(&self, action: &str, channel: Option<&str>, owner: Option<&str>) -> Result<Vec<String>> {
        let mut called = Called::of(&self.model.texts);
        let (action, channel) = (called.number(action), channel.map(|channel| called.number(channel)));
        let action = self.model.vocabulary.action(action).map_err(|refusal| called.error(&refusal))?;
        let mut who = Vec::new();
        let whose = |identity: Text| Owner::seen_by(self.model.texts.text(identity), owner);
        self.model.who_can(action, channel, &whose, &mut |identity| who.push(self.text(identity)));
        Ok(who)
    }

    /// Which decisions a change would turn over, for every identity and channel that is known before or after it. The
    /// change is made to a copy: this service stays as it is.
    ///
    /// Costs a copy of the service, a decision for each membership, and one for each way in which users and channels differ
    /// otherwise; not one for each pair of a user and a channel.
    ///
    /// # Errors
    ///
    /// `too-many-changes`: more than a list of them could tell anybody.
    pub fn preview(&self, change: impl FnOnce(&mut Service)) -> Result<Vec<Change>> {
        let mut after = self.clone();
        let preview = after.model.texts.begin_draft();
        change(&mut after);
        if !after.model.texts.is_draft_of(&preview) {
            // Another service was put in its place, or a copy from another time.
            let mut names = self.model.texts.clone();
            let numbers = after.model.texts.numbered_in(&mut names);
            after.model = after.model.renumbered(&numbers, names);
        }
        let turned = self.model.differences(&after.model).map_err(|refusal| after.model.texts.error(&refusal))?;
        let whose = |whose: Whose| match whose {
            Whose::NotAsked => None,
            Whose::Own => Some("self"),
            Whose::Others => Some("other"),
        };
        let changes = turned.into_iter().map(|turned| Change {
            identity: after.text(turned.identity),
            channel: turned.channel.map(|channel| after.text(channel)),
            action: after.text(turned.action),
            owner: whose(turned.whose),
            allowed: turned.allowed,
        });
        Ok(changes.collect())
    }

    /// Adds an action of the application's own, allowed by the permission `any`, or by `own` to the owner. Neither
    /// needs to be a built-in permission.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `duplicate-action`, `no-counterpart`, `too-many-actions`, `too-many-permissions`.
    pub fn define_action(&mut self, action: &str, any: &str, own: Option<&str>, member_only: bool) -> Result<()> {
        let [name, any] = [action, any].map(|text| self.number(text));
        let own = own.map(|own| self.number(own));
        let defined = self.model.define_action(Defined { name, any, own, member_only });
        self.done(defined).map(|_| ())
    }

    /// The action of that name, in either dialect or of the application's own.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn action(&self, name: &str) -> Result<Action> {
        let mut called = Called::of(&self.model.texts);
        let number = called.number(name);
        self.model.vocabulary.action(number).map_err(|refusal| called.error(&refusal))
    }

    // What the operations share.

    fn number(&mut self, text: &str) -> Text {
        self.model.texts.number(text)
    }

    fn text(&self, text: Text) -> String {
        self.model.texts.text(text).into()
    }

    /// Puts what was refused into words, and looks now and then which texts are needed still.
    fn done<Done>(&mut self, outcome: Checked<Done>) -> Result<Done> {
        let outcome = outcome.map_err(|refusal| self.model.texts.error(&refusal));
        if self.model.texts.is_due() {
            let mut is_needed = Vec::new();
            self.model.tidy(&mut |text| {
                if is_needed.len() <= text.index() {
                    is_needed.resize(text.index() + 1, false);
                }
                is_needed[text.index()] = true;
            });
            self.model.texts.keep(&is_needed);
        }
        outcome
    }

    fn describe_role(&self, sid: Text, role: &Definition) -> Role {
        let name = |permission| self.text(self.model.vocabulary.permission_name(permission));
        Role {
            sid: self.text(sid),
            friendly_name: self.text(role.friendly_name),
            role_type: role.scope.role_type(self.dialect()),
            permissions: role.permissions.iter().copied().map(name).collect(),
        }
    }

    /// A role that is there.
    fn described(&self, sid: Text) -> Role {
        self.describe_role(sid, there(self.model.directory.role(sid)))
    }

    fn place(&mut self, kind: Kind, channel: &str, identity: &str, role: Option<&str>) -> Result<bool> {
        let [channel, identity] = [channel, identity].map(|text| self.number(text));
        let role = role.map(|role| self.number(role));
        let placed = self.model.place(kind, channel, identity, role);
        self.done(placed)
    }

    fn displace(&mut self, kind: Kind, channel: &str, identity: &str) -> bool {
        let found = [channel, identity].map(|text| self.model.texts.find(text));
        let [Some(channel), Some(identity)] = found else { return false };
        self.model.displace(kind, channel, identity)
    }

    fn roster(&self, kind: Kind, channel: &str) -> Vec<Member> {
        let found = self.model.texts.find(channel).and_then(|sid| self.model.directory.channel(sid));
        let places = found.into_iter().flat_map(|channel| channel.roster(kind).iter());
        let describe = |place: Assignment| Member {
            channel_sid: channel.into(),
            identity: self.text(place.person),
            role_sid: self.text(place.role),
        };
        places.map(describe).collect()
    }

    #[cfg(feature = "json")]
    fn describe_report(&self, report: &Report) -> LoadReport {
        let [roles, users, channels, members, invites] = report
            .counts
            .map(|[added, updated, unchanged, removed, skipped]| Counts { added, updated, unchanged, removed, skipped });
        let called = Called::of(&self.model.texts);
        let mut told = called.say(&report.warnings.0);
        let warnings = (0..report.warned).map(|_| {
            let [_, code] = [told.cell(), told.cell()];
            let (path, message) = (told.next(), told.next());
            Warning { code: word_of(code), path, message }
        });
        let warnings = warnings.collect();
        LoadReport { roles, users, channels, members, invites, warnings }
    }
}

fn there<There>(found: Option<There>) -> There {
    found.expect("what was just made, changed or deleted is or was there")
}

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
        let action = self.service.action(action)?;
        let owner = Owner::seen_by(self.identity, owner);
        Ok(decision::allows(&self.service.model.vocabulary, &self.standing, action, owner))
    }

    /// The opposite of [`Ability::can`].
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn cannot(&self, action: &str, owner: Option<&str>) -> Result<bool> {
        Ok(!self.can(action, owner)?)
    }

    /// Nothing where the action is allowed, for a handler that goes on with `?`. [`Ability::explain`] has what a 403 says.
    ///
    /// # Errors
    ///
    /// `permission-denied`, with the sentence of the explanation; `unknown-action`.
    pub fn require(&self, action: &str, owner: Option<&str>) -> Result<()> {
        let Decision { allowed, message, .. } = self.explain(action, owner)?;
        if allowed { Ok(()) } else { Err(Error { code: Code::PermissionDenied, path: String::new(), message }) }
    }

    /// Every action that is allowed on a thing of that owner's.
    #[must_use]
    pub fn allowed(&self, owner: Owner) -> ActionSet {
        decision::allowed(&self.service.model.vocabulary, &self.standing, owner)
    }

    /// The names of all allowed actions, in the service's dialect: for menus.
    #[must_use]
    pub fn actions(&self, owner: Option<&str>) -> Vec<String> {
        let vocabulary = &self.service.model.vocabulary;
        let allowed = self.allowed(Owner::seen_by(self.identity, owner));
        let names = vocabulary.actions().filter(|action| allowed.contains(*action));
        names.map(|action| self.service.text(vocabulary.action_name(action))).collect()
    }

    /// Whether the permission, by its name in either dialect, is effective here. An unknown name is not.
    #[must_use]
    pub fn has(&self, permission: &str) -> bool {
        let model = &self.service.model;
        let known = model.texts.find(permission).and_then(|name| model.vocabulary.permission(name));
        known.is_some_and(|permission| self.standing.permissions().contains(permission))
    }

    /// The effective permissions, in the service's dialect.
    #[must_use]
    pub fn permissions(&self) -> Vec<String> {
        let name = |permission| self.service.text(self.service.model.vocabulary.permission_name(permission));
        self.standing.permissions().iter().map(name).collect()
    }

    /// Decides and says why. Costs more than [`Ability::can`]: it looks for the roles that would grant what is missing.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn explain(&self, action: &str, owner: Option<&str>) -> Result<Decision> {
        let action = self.service.action(action)?;
        let Model { vocabulary, directory, texts, .. } = &self.service.model;
        let mut called = Called::of(texts);
        let [identity, owned_by] = [self.identity, owner.unwrap_or_default()].map(|text| called.number(text));
        let channel = self.channel.map(|channel| called.number(channel));
        let whose = Owner::seen_by(self.identity, owner);
        let question = Question { identity, channel, action, owner: owned_by, whose };
        let explained = decision::explain(vocabulary, directory, &self.standing, &question);
        let name = |permission| self.service.text(vocabulary.permission_name(permission));
        let granting = |(scope, sid): (Scope, Text)| {
            let friendly_name = self.service.text(directory.role(sid)?.friendly_name);
            Some(Granting { sid: self.service.text(sid), friendly_name, scope: scope.name() })
        };
        let reason = explained.verdict.err();
        let message = called.say(&explained.message.0).next();
        Ok(Decision {
            allowed: explained.verdict.is_ok(),
            action: self.service.text(vocabulary.action_name(action)),
            message,
            permission: explained.verdict.ok().flatten().map(name),
            role: explained.role.and_then(granting),
            reason: reason.map(decision::Reason::name),
            missing: reason.map(|_| explained.missing.into_iter().flatten().map(name).collect()),
            status: reason.map(|_| 403),
            twilio_code: reason.map(|reason| reason.twilio_code(vocabulary.dialect)),
        })
    }
}
