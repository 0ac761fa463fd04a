//! Loading a payload: first everything is checked, then everything is applied, and that cannot fail.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde::Serialize;

use crate::channel::{State, is_sid};
use crate::dialect::{Dialect, Scope};
use crate::directory::{Details, Directory, Kind, TakenSeats};
use crate::error::{Error, Problem, Result};
use crate::payload::{ChannelRow, MemberRow, OfService, Payload, RoleRow, Section, Status, Whose};
use crate::permission::{Permission, PermissionSet};
use crate::role::{DefaultFor, Definition};
use crate::service::Service;
use crate::spelling::sorted;
use crate::vocabulary::{NewAction, Vocabulary};

/// How a payload is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions<'a> {
    /// Each section that is there takes the place of what was there. A user's own list replaces that user's memberships and
    /// invites, and nobody else's.
    pub replace: bool,
    /// The payload is what one channel's endpoint answered: with `replace`, the members and invites of this channel are
    /// replaced, and nothing else is. By its SID or its unique name.
    pub channel: Option<&'a str>,
    /// The signed-in user: whose list it is where the rows do not tell, and a newcomer where no row of `users` names them.
    pub identity: Option<&'a str>,
}

/// What became of the rows of a section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// They were not there before.
    pub added: u32,
    /// They were there and held something else.
    pub updated: u32,
    /// They were there and held the same.
    pub unchanged: u32,
    /// They were there, and a replacing load did not bring them again, or a user's own list ended them.
    pub removed: u32,
    /// They were left out: a participant without an identity, an invite in Conversations or of a member, a row of another service.
    pub skipped: u32,
}

/// Something in a payload that should be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// A stable word, in the docs' table of warnings.
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
    /// At most a thousand, then one that tells that there are more.
    pub warnings: Vec<Warning>,
}

words! {
    /// What a load warns of, as a stable word.
    WarningCode:
    UnknownPermission "unknown-permission" "A permission that is not built in, and that no action requires: an application's own, or a newer server's."
    OutOfScope "out-of-scope" "A permission that is not valid in the scope of its role: it grants nothing."
    NoCounterpart "no-counterpart" "Something that the service's dialect has not: a permission, an invite, a public conversation."
    NoRole "no-role" "A user or a member without a role: it grants nothing."
    NoDefaults "no-defaults" "A service or configuration that names no default role: the account's instead of the service's?"
    OtherService "other-service" "Rows of another service: they are skipped."
    WhoseList "whose-list" "A user's own list that does not tell whose it is: pass the option `identity`. Only the channels count."
    NoIdentity "no-identity" "Participants without an identity and without a messaging binding: they are skipped."
    UnknownStatus "unknown-status" "A row of a user's own list with a status that is none: it changes no membership."
    UnknownState "unknown-state" "A channel's state that is none of the four: it counts as closed."
    InvalidName "invalid-name" "A unique name that looks like a SID: no call finds the channel by it."
    MovedName "moved-name" "Two channels with one unique name: the one that was loaded last has it."
    MoreWarnings "more-warnings" "There are more than a thousand warnings."
}

const MOST_WARNINGS: usize = 1000;

impl LoadReport {
    fn warn(&mut self, code: WarningCode, path: String, message: String) {
        let code = match self.warnings.len() {
            ..MOST_WARNINGS => {
                return self.warnings.push(Warning { code: code.name(), path, message });
            }
            MOST_WARNINGS => WarningCode::MoreWarnings.name(),
            _ => return,
        };
        self.warnings.push(Warning { code, path: String::new(), message: "there are more warnings".into() });
    }

    fn seats(&mut self, kind: Kind) -> &mut Counts {
        match kind {
            Kind::Member => &mut self.members,
            Kind::Invite => &mut self.invites,
        }
    }

    /// Whether a row has come, has gone, or holds something else.
    fn is_change(&self) -> bool {
        let changes = |counts: Counts| counts.added + counts.updated + counts.removed > 0;
        [self.roles, self.users, self.channels, self.members, self.invites].into_iter().any(changes)
    }
}

impl Counts {
    /// Counts a row: `None` if it is new, else whether it held the same before.
    fn count(&mut self, same: Option<bool>) {
        match same {
            None => self.added += 1,
            Some(false) => self.updated += 1,
            Some(true) => self.unchanged += 1,
        }
    }
}

impl Service {
    /// Loads what was read, all of it or nothing.
    pub(crate) fn load(&mut self, payload: &Payload, options: &LoadOptions) -> Result<LoadReport> {
        let mut check = Check::new(self, payload, options);
        check.run()?;
        let Check { vocabulary, roles, channel, service_sid, report, .. } = check;
        let before = (self.vocabulary.clone(), self.defaults.clone(), self.sid.clone());
        self.vocabulary = vocabulary;
        self.sid = service_sid.map(|sid| (*sid).into());
        let replaces = options.replace && channel.is_none();
        let (taken, forgotten) = (TakenSeats::default(), HashSet::new());
        let mut apply = Apply { service: self, payload, options, channel, replaces, report, taken, forgotten };
        apply.run(roles);
        let report = apply.report;
        let is_change = report.is_change() || before != (self.vocabulary.clone(), self.defaults.clone(), self.sid.clone());
        self.changed(is_change);
        self.last_load = Some(report.clone());
        Ok(report)
    }
}

/// The first pass: looks at everything and changes nothing. The first mistake is the error of the load.
struct Check<'l> {
    service: &'l Service,
    payload: &'l Payload,
    options: &'l LoadOptions<'l>,
    report: LoadReport,
    /// The vocabulary as it will be.
    vocabulary: Vocabulary,
    /// The roles as they will be.
    roles: Vec<Definition>,
    /// The SID of the channel that the load is about.
    channel: Option<Rc<str>>,
    /// The service that rows must be of.
    service_sid: Option<Rc<str>>,
}

impl<'l> Check<'l> {
    fn new(service: &'l Service, payload: &'l Payload, options: &'l LoadOptions) -> Self {
        let named = payload.service.iter().flat_map(|section| &section.rows).filter_map(|row| row.sid.clone()).next_back();
        let known = || service.sid.as_deref().map(Rc::from);
        let service_sid = named.or_else(known).or_else(|| payload.services.first().cloned());
        let vocabulary = service.vocabulary.clone();
        let (roles, report) = (Vec::new(), LoadReport::default());
        Self { service, payload, options, report, vocabulary, roles, channel: None, service_sid }
    }

    fn run(&mut self) -> Result<()> {
        if self.options.identity == Some("") {
            return Err(Error::from(Problem::EmptyIdentity).at("identity"));
        }
        self.channel = self.options.channel.map(|channel| self.find_channel(channel)).transpose()?;
        self.check_defaults();
        self.check_actions_and_roles()?;
        for section in &self.payload.users {
            for (index, row) in section.rows.iter().enumerate() {
                if row.role.is_none() && !is_foreign(self.service_sid.as_ref(), self.payload, row.service) {
                    self.warn_without_role(section.at.field(index, "role_sid"));
                }
            }
        }
        self.check_channels()?;
        self.check_members()?;
        self.check_invites()?;
        self.warn_of_other_services();
        Ok(())
    }

    /// The SID of the channel that the load is about: known, or named by the payload itself.
    fn find_channel(&self, name: &str) -> Result<Rc<str>> {
        if let Some(channel) = self.service.directory.find_channel(name) {
            return Ok(Rc::from(&*channel.sid));
        }
        let rows = || self.payload.channels.iter().flat_map(|section| &section.rows);
        let by_sid = rows().find(|row| *row.sid == *name);
        let by_name = || rows().find(|row| !is_sid(name) && row.unique_name.as_deref() == Some(name));
        if let Some(row) = by_sid.or_else(by_name) {
            return Ok(Rc::clone(&row.sid));
        }
        let seats = self.payload.members.iter().chain(&self.payload.invites).flat_map(|section| &section.rows);
        let named = seats.map(|row| &row.channel).find(|channel| ***channel == *name && !name.is_empty());
        named.cloned().ok_or_else(|| Error::from(Problem::UnknownChannel(name.into())).at("channel"))
    }

    fn check_defaults(&mut self) {
        for section in self.payload.service.iter().filter(|_| !self.payload.is_snapshot) {
            for (index, row) in section.rows.iter().enumerate() {
                if row.defaults.iter().all(Option::is_none) {
                    let message = "this names no default role; forward the service’s own resource (or its configuration), not the account’s";
                    self.report.warn(WarningCode::NoDefaults, section.at.row(index), message.into());
                }
            }
        }
    }

    fn check_actions_and_roles(&mut self) -> Result<()> {
        // The permissions of the roles that this load takes the place of need no room.
        let replaces_roles = self.options.replace && self.channel.is_none() && !self.payload.roles.is_empty();
        let mut held = if replaces_roles { PermissionSet::EMPTY } else { self.service.held_permissions() };
        for section in &self.payload.actions {
            for (index, row) in section.rows.iter().enumerate() {
                let (own, member_only, when_closed) = (row.own.as_deref(), row.member_only, row.when_closed);
                let new = NewAction { name: &row.name, any: &row.any, own, member_only, when_closed };
                self.vocabulary.define_action(&new, held).map_err(|error| error.at(section.at.row(index)))?;
                if let Some((field, name)) = self.vocabulary.without_counterpart(&new) {
                    let message = grants_nothing(&Problem::NoPermissionInConversations(name.into()));
                    self.report.warn(WarningCode::NoCounterpart, section.at.field(index, field), message);
                }
            }
        }
        for section in &self.payload.roles {
            for (index, row) in section.rows.iter().enumerate() {
                if !is_foreign(self.service_sid.as_ref(), self.payload, row.service) {
                    self.check_role(section, index, row, &mut held)?;
                }
            }
        }
        Ok(())
    }

    fn check_role(&mut self, section: &Section<RoleRow>, index: usize, row: &RoleRow, held: &mut PermissionSet) -> Result<()> {
        let mut permissions = Vec::with_capacity(row.permissions.len());
        for (at, name) in row.permissions.iter().enumerate() {
            let path = |field: &str| format!("{}[{at}]", section.at.field(index, field));
            let learned = self.vocabulary.learn_permission(name, *held);
            let permission = learned.map_err(|error| error.at(path(&row.permissions_field())))?;
            // From here on, so that it is not forgotten before the roles of this load hold it.
            held.insert(permission);
            permissions.push(permission);
            if let Some((code, message)) = self.warning_of(permission, row.scope) {
                self.report.warn(code, path("permissions"), message);
            }
        }
        let friendly_name = row.friendly_name.as_ref().unwrap_or(&row.sid);
        let dialect = self.vocabulary.dialect;
        self.roles.push(Definition::new((*row.sid).into(), (**friendly_name).into(), row.scope, dialect, &permissions));
        Ok(())
    }

    /// A permission of a role is kept whatever it is; a warning tells where it grants nothing or is the application's own.
    fn warning_of(&self, permission: Permission, scope: Scope) -> Option<(WarningCode, String)> {
        let name = || self.vocabulary.permission_name(permission).into();
        let Vocabulary { dialect, .. } = self.vocabulary;
        if permission.own_index().is_some() {
            let message = || format!("“{}” is not a built-in permission, and no action requires it", name());
            (!self.vocabulary.is_required(permission)).then(|| (WarningCode::UnknownPermission, message()))
        } else if !permission.is_in(dialect) {
            Some((WarningCode::NoCounterpart, grants_nothing(&Problem::NoPermissionInConversations(name()))))
        } else if !permission.is_valid_in(scope) {
            let problem = Problem::OutOfScope { name: name(), role_type: scope.role_type(dialect) };
            Some((WarningCode::OutOfScope, grants_nothing(&problem)))
        } else {
            None
        }
    }

    fn check_channels(&mut self) -> Result<()> {
        let conversations = self.vocabulary.dialect == Dialect::Conversations;
        for section in &self.payload.channels {
            let mut unnamed = None;
            for (index, row) in section.rows.iter().enumerate() {
                if is_foreign(self.service_sid.as_ref(), self.payload, row.service) {
                    continue;
                }
                if row.public == Some(true) && conversations {
                    self.report.warn(
                        WarningCode::NoCounterpart,
                        section.at.field(index, "type"),
                        Problem::AlwaysPrivate.to_string(),
                    );
                }
                if let Some(name) = row.unique_name.as_deref().filter(|name| is_sid(name)) {
                    let problem = Problem::NameLikeSid(name.into());
                    self.report.warn(WarningCode::InvalidName, section.at.field(index, "unique_name"), problem.to_string());
                }
                if let Some(State::Unknown(state)) = &row.state {
                    let message = format!("{}; it counts as closed", Problem::NoState(state.to_string()));
                    self.report.warn(WarningCode::UnknownState, section.at.field(index, "state"), message);
                }
                let Some(listed) = &row.listed else { continue };
                self.check_about(&row.sid, || section.at.field(index, &row.sid_field()))?;
                if matches!(listed.whose, Whose::Unnamed) && self.options.identity.is_none() {
                    unnamed.get_or_insert(index);
                }
                if let Status::Unknown(status) = &listed.status {
                    let message =
                        format!("a status is joined, invited or not_participating, not “{status}”; it changes no membership");
                    self.report.warn(WarningCode::UnknownStatus, section.at.field(index, "status"), message);
                }
            }
            if let Some(index) = unnamed {
                let message = "this is a row of a user’s own list and does not tell whose; pass the option identity. Only the channel counts";
                self.report.warn(WarningCode::WhoseList, section.at.row(index), message.into());
            }
        }
        Ok(())
    }

    fn check_members(&mut self) -> Result<()> {
        for section in &self.payload.members {
            let mut nobody = None;
            for (index, row) in section.rows.iter().enumerate() {
                if is_foreign(self.service_sid.as_ref(), self.payload, row.service) {
                    continue;
                }
                if row.identity.is_none() {
                    if !row.has_binding {
                        nobody.get_or_insert(index);
                    }
                    continue;
                }
                self.check_about(&row.channel, || section.at.field(index, &row.channel_field()))?;
                if row.role.is_none() {
                    self.warn_without_role(section.at.field(index, "role_sid"));
                }
            }
            if let Some(index) = nobody {
                let message = "somebody without an identity and without a messaging binding is skipped";
                self.report.warn(WarningCode::NoIdentity, section.at.field(index, "identity"), message.into());
            }
        }
        Ok(())
    }

    fn check_invites(&mut self) -> Result<()> {
        for section in &self.payload.invites {
            if self.vocabulary.dialect == Dialect::Conversations && !section.rows.is_empty() {
                let message = format!("{}: they are skipped", Problem::NoInvites);
                self.report.warn(WarningCode::NoCounterpart, section.at.path.clone(), message);
            }
            for (index, row) in section.rows.iter().enumerate() {
                if !is_foreign(self.service_sid.as_ref(), self.payload, row.service) {
                    self.check_about(&row.channel, || section.at.field(index, &row.channel_field()))?;
                }
            }
        }
        Ok(())
    }

    /// A load that is about one channel has no members of another.
    fn check_about(&self, channel: &str, path: impl FnOnce() -> String) -> Result<()> {
        match &self.channel {
            Some(loading) if **loading != *channel => {
                let problem = Problem::WrongChannel { named: channel.into(), loading: loading.to_string() };
                Err(Error::from(problem).at(path()))
            }
            _ => Ok(()),
        }
    }

    fn warn_without_role(&mut self, path: String) {
        self.report.warn(WarningCode::NoRole, path, "without a role, it grants nothing".into());
    }

    /// Counts the rows of other services, which are skipped: one warning for each section.
    fn warn_of_other_services(&mut self) {
        let payload = self.payload;
        let Payload { roles, users, channels, members, invites, .. } = payload;
        self.warn_of_others(roles, |row| row.service, |report| &mut report.roles);
        self.warn_of_others(users, |row| row.service, |report| &mut report.users);
        self.warn_of_others(channels, |row| row.service, |report| &mut report.channels);
        self.warn_of_others(members, |row| row.service, |report| &mut report.members);
        self.warn_of_others(invites, |row| row.service, |report| &mut report.invites);
    }

    fn warn_of_others<Row>(
        &mut self,
        sections: &[Section<Row>],
        service: fn(&Row) -> OfService,
        counts: fn(&mut LoadReport) -> &mut Counts,
    ) {
        let Some(expected) = self.service_sid.clone() else { return };
        for section in sections {
            let sids = section.rows.iter().filter_map(|row| service(row).sid(self.payload));
            let others: Vec<&Rc<str>> = sids.filter(|sid| **sid != expected).collect();
            if let Some(other) = others.first() {
                let message =
                    format!("{} rows are of another service, such as {other}, not of {expected}: they are skipped", others.len());
                #[expect(clippy::cast_possible_truncation, reason = "a payload has four million rows at most")]
                let skipped = others.len() as u32;
                counts(&mut self.report).skipped += skipped;
                self.report.warn(WarningCode::OtherService, section.at.path.clone(), message);
            }
        }
    }
}

/// Whether a row is of another service than the one that the load is about.
fn is_foreign(expected: Option<&Rc<str>>, payload: &Payload, service: OfService) -> bool {
    service.sid(payload).is_some_and(|sid| expected.is_some_and(|expected| expected != sid))
}

fn grants_nothing(problem: &Problem) -> String {
    format!("{problem}: it grants nothing")
}

/// The second pass: nothing here fails.
struct Apply<'l> {
    service: &'l mut Service,
    payload: &'l Payload,
    options: &'l LoadOptions<'l>,
    /// The SID of the channel that the load is about.
    channel: Option<Rc<str>>,
    /// Whether each section that is there takes the place of what was there.
    replaces: bool,
    report: LoadReport,
    /// The members and invites that this load replaces, as they were.
    taken: TakenSeats,
    /// The channels of which this load leaves nothing known but who is in.
    forgotten: HashSet<String>,
}

impl Apply<'_> {
    fn run(&mut self, roles: Vec<Definition>) {
        self.apply_defaults();
        self.apply_roles(roles);
        self.apply_users();
        self.take_seats();
        self.apply_channels();
        let Payload { members, invites, .. } = self.payload;
        // Invites first: whatever makes somebody a member ends the invite.
        for (kind, sections) in [(Kind::Invite, invites), (Kind::Member, members)] {
            for row in sections.iter().flat_map(|section| &section.rows) {
                if !self.is_foreign(row.service) {
                    self.apply_seat(kind, row);
                }
            }
        }
        for kind in Kind::ALL {
            self.report.seats(kind).removed += self.service.directory.missing_seats(kind, &self.taken);
        }
        self.remove_channels();
        self.add_newcomer();
        self.service.directory.tidy();
    }

    fn directory(&mut self) -> &mut Directory {
        &mut self.service.directory
    }

    fn is_foreign(&self, service: OfService) -> bool {
        let sid = service.sid(self.payload);
        sid.is_some_and(|sid| self.service.sid.as_ref().is_some_and(|expected| **expected != **sid))
    }

    fn apply_defaults(&mut self) {
        if self.replaces && !self.payload.service.is_empty() {
            self.service.defaults = Default::default();
        }
        for row in self.payload.service.iter().flat_map(|section| &section.rows) {
            for (default, sid) in self.service.defaults.iter_mut().zip(&row.defaults) {
                if let Some(sid) = sid {
                    *default = Some((**sid).into());
                }
            }
        }
    }

    fn apply_roles(&mut self, roles: Vec<Definition>) {
        if self.replaces && !self.payload.roles.is_empty() {
            let stays = sorted(&mut roles.iter().map(|role| &*role.sid));
            let gone = |role: &Definition| (!stays.contains(&*role.sid)).then(|| role.sid.to_string());
            let gone: Vec<String> = self.service.directory.roles().into_iter().filter_map(gone).collect();
            for sid in gone {
                self.directory().remove_role(&sid);
                self.report.roles.removed += 1;
            }
        }
        for role in roles {
            let same = self.directory().role(&role.sid).map(|old| *old == role);
            self.directory().set_role(role);
            self.report.roles.count(same);
        }
    }

    fn apply_users(&mut self) {
        let payload = self.payload;
        let rows = || payload.users.iter().flat_map(|section| &section.rows);
        if self.replaces && !payload.users.is_empty() {
            let stays = sorted(&mut rows().filter(|row| !self.is_foreign(row.service)).map(|row| &*row.identity));
            let mut users = self.service.directory.users();
            users.retain(|user| !stays.contains(user.identity));
            let gone: Vec<String> = users.into_iter().map(|user| user.identity.into()).collect();
            for identity in gone {
                self.directory().remove_user(&identity);
                self.report.users.removed += 1;
            }
        }
        for row in rows() {
            if self.is_foreign(row.service) {
                continue;
            }
            let role = row.role.as_deref().unwrap_or_default();
            let same = self.directory().user(&row.identity).map(|old| old == role);
            self.directory().set_user(&row.identity, role);
            self.report.users.count(same);
        }
    }

    /// Takes out the members and invites that this load replaces.
    fn take_seats(&mut self) {
        if !self.options.replace {
            return;
        }
        let Payload { channels, members, invites, .. } = self.payload;
        let channel = self.channel.clone();
        for (kind, sections) in [(Kind::Member, members), (Kind::Invite, invites)] {
            if !sections.is_empty() {
                self.service.directory.take_seats(kind, channel.as_deref(), None, &mut self.taken);
            }
        }
        if !self.replaces || channels.is_empty() {
            return;
        }
        let rows = || channels.iter().flat_map(|section| &section.rows);
        let is_list = rows().all(|row| row.listed.is_some()) || self.payload.has_lists();
        let named = rows().filter_map(|row| match &row.listed.as_ref()?.whose {
            Whose::Identity(identity) => Some(&**identity),
            Whose::Phone | Whose::Unnamed => None,
        });
        let whose = sorted(&mut named.chain(self.options.identity.filter(|_| is_list)));
        for identity in whose {
            for kind in Kind::ALL {
                self.service.directory.take_seats(kind, None, Some(identity), &mut self.taken);
            }
        }
    }

    fn apply_channels(&mut self) {
        let payload = self.payload;
        let resets = self.replaces_channels();
        let mut reset = BTreeSet::new();
        if resets {
            // Before the rows are applied, so that a unique name may go from a channel that is gone to a new one.
            for sid in self.channels_that_go() {
                if self.directory().channel(&sid).is_some_and(|channel| channel.details.is_some()) {
                    self.directory().set_details(&sid, None);
                    self.forgotten.insert(sid);
                }
            }
        }
        for section in &payload.channels {
            for (index, row) in section.rows.iter().enumerate() {
                if self.is_foreign(row.service) {
                    continue;
                }
                let path = || section.at.field(index, "unique_name");
                self.apply_channel(row, resets && reset.insert(&*row.sid), path);
                if let Some(listed) = &row.listed {
                    match (&listed.whose, self.options.identity) {
                        (Whose::Identity(identity), _) => self.apply_listed(&row.sid, identity, &listed.status),
                        (Whose::Unnamed, Some(identity)) => self.apply_listed(&row.sid, identity, &listed.status),
                        (Whose::Phone, _) => self.report.members.skipped += 1,
                        (Whose::Unnamed, None) => {}
                    }
                }
            }
        }
    }

    /// Whether the channels of this load take the place of all others. A user's own list never does.
    fn replaces_channels(&self) -> bool {
        self.replaces && !self.payload.channels.is_empty() && !self.payload.has_lists()
    }

    /// The known channels that a replacing section of channels does not bring.
    fn channels_that_go(&self) -> Vec<String> {
        let rows = self.payload.channels.iter().flat_map(|section| &section.rows);
        let stays = sorted(&mut rows.filter(|row| !self.is_foreign(row.service)).map(|row| &*row.sid));
        let mut channels = self.service.directory.channels();
        channels.retain(|channel| !stays.contains(&*channel.sid));
        channels.into_iter().map(|channel| channel.sid.to_string()).collect()
    }

    /// Adds or updates a channel. `resets`: what is known of it does not count.
    fn apply_channel(&mut self, row: &ChannelRow, resets: bool, path: impl FnOnce() -> String) {
        let is_chat = self.service.dialect() == Dialect::Chat;
        let directory = &mut self.service.directory;
        let old = directory.channel(&row.sid).map(|channel| channel.details.clone());
        let known = old.clone().flatten().filter(|_| !resets);
        let new =
            if known.is_some() || row.has_details() { Some(updated(known.unwrap_or_default(), row, is_chat)) } else { None };
        let name = new.as_ref().and_then(|details| details.unique_name.as_deref());
        let other = name.and_then(|name| directory.channel_called(name)).filter(|other| *other.sid != *row.sid);
        if let (Some(name), Some(other)) = (name, other) {
            let message = format!("the unique name “{name}” moves from {} to {}", other.sid, row.sid);
            self.report.warn(WarningCode::MovedName, path(), message);
        }
        let same = old.map(|old| old == new);
        directory.add_channel(&row.sid);
        directory.set_details(&row.sid, new);
        self.report.channels.count(same);
    }

    /// How a user stands to a channel, by the user's own list. The role that is known stays.
    fn apply_listed(&mut self, channel: &str, identity: &str, status: &Status) {
        match status {
            Status::Joined => {
                let role = self.known_role(Kind::Member, channel, identity).unwrap_or_default();
                self.put(Kind::Member, channel, identity, &role);
            }
            Status::Invited if self.service.dialect() == Dialect::Conversations => self.report.invites.skipped += 1,
            Status::Invited => {
                let role = self.known_role(Kind::Invite, channel, identity).unwrap_or_default();
                self.remove(Kind::Member, channel, identity);
                self.put(Kind::Invite, channel, identity, &role);
            }
            Status::NotParticipating => {
                for kind in Kind::ALL {
                    self.remove(kind, channel, identity);
                }
            }
            Status::Unknown(_) => {}
        }
    }

    fn apply_seat(&mut self, kind: Kind, row: &MemberRow) {
        let is_left_out = |identity: &str| {
            let directory = &self.service.directory;
            let is_member = |channel| directory.seat(Kind::Member, channel, identity).is_some();
            self.service.dialect() == Dialect::Conversations || directory.channel(&row.channel).is_some_and(is_member)
        };
        match &row.identity {
            Some(identity) if kind == Kind::Member || !is_left_out(identity) => {
                self.put(kind, &row.channel, identity, row.role.as_deref().unwrap_or_default());
            }
            _ => self.report.seats(kind).skipped += 1,
        }
    }

    /// The role that somebody has in a channel, or had before this load took it out.
    fn known_role(&self, kind: Kind, channel: &str, identity: &str) -> Option<String> {
        let directory = &self.service.directory;
        let role = directory.channel(channel).and_then(|channel| directory.seat(kind, channel, identity));
        role.or_else(|| directory.taken_role(kind, &self.taken, channel, identity)).map(Into::into)
    }

    fn put(&mut self, kind: Kind, channel: &str, identity: &str, role: &str) {
        let directory = &mut self.service.directory;
        let change = directory.set_seat(kind, channel, identity, role);
        let taken = || Some(directory.taken_role(kind, &self.taken, channel, identity)? == role);
        let same = if self.options.replace { change.same.or_else(taken) } else { change.same };
        self.report.seats(kind).count(same);
        if change.ended_invite {
            self.count_removed(Kind::Invite, channel, identity);
        }
    }

    fn remove(&mut self, kind: Kind, channel: &str, identity: &str) {
        if self.directory().remove_seat(kind, channel, identity) {
            self.count_removed(kind, channel, identity);
        }
    }

    /// Counts a seat that is gone, unless the load took it out at first: those are counted in the end.
    fn count_removed(&mut self, kind: Kind, channel: &str, identity: &str) {
        if self.service.directory.taken_role(kind, &self.taken, channel, identity).is_none() {
            self.report.seats(kind).removed += 1;
        }
    }

    /// Removes the channels that a replacing section of channels did not bring, unless a row of members or invites names them.
    fn remove_channels(&mut self) {
        if !self.replaces_channels() {
            return;
        }
        for sid in self.channels_that_go() {
            if self.directory().channel(&sid).is_some_and(|channel| !channel.has_seats()) {
                self.directory().remove_channel(&sid);
                self.report.channels.removed += 1;
            } else if self.forgotten.contains(&sid) {
                self.report.channels.updated += 1;
            }
        }
    }

    /// Gives the signed-in user the default service role where a section of users does not name them, as the services do at the
    /// first connection.
    fn add_newcomer(&mut self) {
        let Some(identity) = self.options.identity.filter(|_| !self.payload.users.is_empty()) else { return };
        if self.directory().user(identity).is_some() {
            return;
        }
        let role = self.service.defaults[DefaultFor::User as usize].clone();
        if role.is_none() {
            let message = format!("the service has no default role for a user, so “{identity}” gets none");
            self.report.warn(WarningCode::NoRole, "identity".into(), message);
        }
        self.directory().set_user(identity, role.as_deref().unwrap_or_default());
        self.report.users.added += 1;
    }
}

/// What a channel's row makes of what is known. A field that is missing, null or empty leaves it.
fn updated(known: Details, row: &ChannelRow, is_chat: bool) -> Details {
    let shared = |text: &Option<Rc<str>>| text.as_ref().map(|text| (**text).into());
    Details {
        // A conversation is always private.
        public: row.public.unwrap_or(known.public) && is_chat,
        unique_name: shared(&row.unique_name).or(known.unique_name),
        created_by: shared(&row.created_by).or(known.created_by),
        state: row.state.clone().unwrap_or(known.state),
    }
}
