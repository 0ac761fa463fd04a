//! Loading what a tape holds: first everything is checked, then everything is put in, and that cannot fail.

use alloc::{string::String, vec, vec::Vec};

use serde::Serialize;

use crate::directory::Kind;
use crate::error::{Code, Error, Result};
use crate::names::{Id, NONE, Names};
use crate::permission::{Dialect, Permission, PermissionSet, Scope};
use crate::roster::Settled;
use crate::service::{DefaultFor, Service, is_public, scope_of_role_type};
use crate::text::{element, sentence};
use crate::vocabulary::{Vocabulary, too_many_permissions};
use crate::wire::{Place, Row, Section, Tape, Visit, cell, kind_of, number, said_dialect, walk, wrong};

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

const MOST_WARNINGS: usize = 1000;

impl LoadReport {
    /// Whether a row has come, has gone, or says something else.
    #[cfg(feature = "js")]
    pub(crate) fn is_change(&self) -> bool {
        let Self { roles, users, channels, members, invites, .. } = self;
        [roles, users, channels, members, invites].iter().any(|counts| counts.added + counts.updated + counts.removed > 0)
    }

    fn warn(&mut self, code: &'static str, path: impl FnOnce() -> String, message: &[&str]) {
        if self.warnings.len() < MOST_WARNINGS {
            self.warnings.push(Warning { code, path: path(), message: sentence(message) });
        } else if self.warnings.len() == MOST_WARNINGS {
            self.warnings.push(Warning { code: "more-warnings", path: String::new(), message: "and there are more".into() });
        }
    }

    fn counts(&mut self, kind: Kind) -> &mut Counts {
        match kind {
            Kind::Member => &mut self.members,
            Kind::Invite => &mut self.invites,
        }
    }
}

/// The warning for a row that came without a role.
const NO_ROLE: &str = "no-role";

impl Service {
    /// Loads what a tape holds, all of it or nothing. Costs time in proportion to the payload (and, with `replace`, to what
    /// is replaced).
    pub(crate) fn load_tape(&mut self, tape: &Tape, replace: bool) -> Result<LoadReport> {
        let mut report = LoadReport::default();
        let mut numbers = Numbers::new(tape);
        self.vocabulary = self.check(tape, replace, &mut numbers, &mut report)?;
        Load {
            service: self,
            tape,
            report: &mut report,
            numbers,
            touched: Touched::default(),
            sections: Sections::default(),
            replace,
        }
        .run();
        Ok(report)
    }

    /// Looks at everything and changes nothing: the first error, or the vocabulary as it will be. Adds the warnings.
    fn check(&self, tape: &Tape, replace: bool, numbers: &mut Numbers, report: &mut LoadReport) -> Result<Vocabulary> {
        let mut vocabulary = self.vocabulary.clone();
        // What the roles hold that this load takes the place of makes room.
        let replaces_roles = replace && has_section(tape, Section::Roles);
        let mut held = if replaces_roles { PermissionSet::EMPTY } else { self.held_permissions() };
        let conversations = vocabulary.dialect == Dialect::Conversations;
        walk(tape, &mut |visit| {
            let row = match visit {
                Visit::Section(..) => return Ok(()),
                Visit::Row(row) => row,
            };
            let path = |at: usize| row.place.field(at, row.fields[at]);
            let filled = |at: usize, code: Code| match tape.text(row.text(at)?) {
                "" => Err(Error::at(code, path(at), &["is empty"])),
                text => Ok(text),
            };
            match row.place.section {
                Section::Payload => {
                    said_dialect(&row, tape)?;
                }
                Section::Defaults => {
                    for at in 0..3 {
                        row.optional_text(at)?;
                    }
                }
                Section::Actions => {
                    let own = row.optional_text(2)?.map(|own| tape.text(own));
                    let (name, any, member_only) = (tape.text(row.text(0)?), tape.text(row.text(1)?), row.flag(3)?);
                    vocabulary
                        .define_action(name, any, own, member_only, held)
                        .map_err(|error| Error::at(error.code(), row.place.path(), &[error.message()]))?;
                }
                Section::Roles => {
                    filled(0, Code::InvalidSid)?;
                    row.optional_text(1)?;
                    let role_type = tape.text(row.text(2)?);
                    let scope = scope_of_role_type(role_type, || path(2))?;
                    row.need_list(3)?;
                    for (at, found) in row.list.iter().enumerate() {
                        let path = || element(&path(3), at);
                        if *found < cell::TEXT {
                            return Err(wrong(*found, path, "a string"));
                        }
                        let text = number(*found);
                        let permission = match numbers.permissions[text as usize] {
                            Some(permission) => permission,
                            None => take_in(&mut vocabulary, held, tape.text(text), path)?,
                        };
                        // Held from here on, so that it is not forgotten before the roles of this load are there to hold it.
                        held.insert(permission);
                        numbers.permissions[text as usize] = Some(permission);
                        warn_of_permission(&vocabulary, permission, scope, path, report);
                    }
                }
                Section::Users => {
                    filled(0, Code::InvalidIdentity)?;
                    warn_without_role(&row, tape, 1, report)?;
                }
                Section::Channels => {
                    filled(0, Code::InvalidSid)?;
                    row.optional_text(2)?;
                    if let Some(channel_type) = row.optional_text(1)? {
                        let public = is_public(tape.text(channel_type), || path(1))?;
                        if public && conversations {
                            report.warn(Code::NoCounterpart.name(), || path(1), &["a conversation is always private"]);
                        }
                    }
                }
                Section::Members | Section::Invites => {
                    let first = row.place.row.is_none_or(|row| row == 0);
                    if conversations && first && row.place.section == Section::Invites {
                        let place = Place { page: None, row: None, ..row.place };
                        let message = ["Conversations has no invites: they are skipped"];
                        report.warn(Code::NoCounterpart.name(), || place.path(), &message);
                    }
                    filled(0, Code::InvalidSid)?;
                    if row.place.section == Section::Members && kind_of(row.fields[1]) == cell::NULL {
                        row.optional_text(2)?;
                    } else {
                        filled(1, Code::InvalidIdentity)?;
                        if row.place.section == Section::Members {
                            warn_without_role(&row, tape, 2, report)?;
                        } else {
                            row.optional_text(2)?;
                        }
                    }
                }
            }
            Ok(())
        })?;
        Ok(vocabulary)
    }
}

fn has_section(tape: &Tape, section: Section) -> bool {
    let mut found = false;
    // What is wrong with the tape is told by the check itself.
    let _ = walk(tape, &mut |visit| {
        found |= matches!(visit, Visit::Section(there, _) if there == section);
        Ok(())
    });
    found
}

/// The permission of that name, in a vocabulary that takes in what it does not know.
fn take_in(vocabulary: &mut Vocabulary, held: PermissionSet, name: &str, path: impl Fn() -> String) -> Result<Permission> {
    if name.is_empty() {
        return Err(Error::at(Code::InvalidName, path(), &["is empty"]));
    }
    if !vocabulary.has_room_for(&[name], held) {
        return Err(Error::at(Code::TooManyPermissions, path(), &[too_many_permissions().message()]));
    }
    Ok(vocabulary.learn(name, held))
}

/// One permission of a role is kept whatever it is; a warning says where it grants nothing or is the application's own.
fn warn_of_permission(
    vocabulary: &Vocabulary,
    permission: Permission,
    scope: Scope,
    path: impl Fn() -> String,
    report: &mut LoadReport,
) {
    let name = vocabulary.permission_name(permission);
    if permission.own_place().is_some() {
        if !vocabulary.is_asked_for(permission) {
            let message = ["\u{201c}", name, "\u{201d} is not a built-in permission, and no action asks for it"];
            report.warn(Code::UnknownPermission.name(), path, &message);
        }
    } else if !vocabulary.knows(permission) {
        report.warn(Code::NoCounterpart.name(), path, &["Conversations has no permission ", name, ": it grants nothing"]);
    } else if !permission.is_valid_in(scope) {
        let role_type = scope.role_type(vocabulary.dialect);
        let message = [name, " is not valid in a role of type ", role_type, ": it grants nothing"];
        report.warn(Code::OutOfScope.name(), path, &message);
    }
}

fn warn_without_role(row: &Row, tape: &Tape, at: usize, report: &mut LoadReport) -> Result<()> {
    let role = row.optional_text(at)?.map_or("", |role| tape.text(role));
    if role.is_empty() {
        report.warn(NO_ROLE, || row.place.field(at, row.fields[at]), &["without a role: it grants nothing"]);
    }
    Ok(())
}

/// What each text of a tape stands for, once looked up.
struct Numbers {
    roles: Vec<Id>,
    people: Vec<Id>,
    channels: Vec<Id>,
    permissions: Vec<Option<Permission>>,
}

impl Numbers {
    fn new(tape: &Tape) -> Self {
        let unknown = || vec![NONE; tape.ends.len()];
        Self { roles: unknown(), people: unknown(), channels: unknown(), permissions: vec![None; tape.ends.len()] }
    }
}

/// What a load has brought, so that a replacing one can remove the rest.
#[derive(Default)]
struct Touched {
    roles: Marks,
    people: Marks,
    channels: Marks,
    /// The channels whose members (or, with `true`, invites) have grown.
    grown: Vec<(Id, bool)>,
}

/// Numbers, one flag each.
#[derive(Default)]
struct Marks(Vec<bool>);

impl Marks {
    fn mark(&mut self, id: Id) {
        let length = self.0.len().max(id as usize + 1);
        self.0.resize(length, false);
        self.0[id as usize] = true;
    }

    fn has(&self, id: Id) -> bool {
        self.0.get(id as usize).copied().unwrap_or_default()
    }

    /// The names without a mark.
    fn not_among(&self, names: &Names) -> Vec<Id> {
        names.ids().filter(|id| !self.has(*id)).collect()
    }
}

/// Which sections are there, one bit each.
#[derive(Clone, Copy, Default)]
struct Sections(u32);

impl Sections {
    fn add(&mut self, section: Section) {
        self.0 |= 1 << section as u8;
    }

    fn has(self, section: Section) -> bool {
        self.0 >> section as u8 & 1 == 1
    }
}

/// The second walk over a tape that was checked: nothing here fails.
struct Load<'s, 't> {
    service: &'s mut Service,
    tape: &'s Tape<'t>,
    report: &'s mut LoadReport,
    numbers: Numbers,
    touched: Touched,
    sections: Sections,
    /// Whether each section that is there takes the place of what was there.
    replace: bool,
}

impl Load<'_, '_> {
    fn run(mut self) {
        let tape = self.tape;
        self.service.directory.hold_numbers();
        let checked = walk(tape, &mut |visit| {
            match visit {
                Visit::Section(section, _) => {
                    if section == Section::Defaults && self.replace && !self.sections.has(section) {
                        for which in DefaultFor::ALL {
                            self.service.point_default(which, NONE);
                        }
                    }
                    self.sections.add(section);
                }
                Visit::Row(row) => self.row(&row)?,
            }
            Ok(())
        });
        debug_assert!(checked.is_ok(), "the tape was checked");
        self.settle();
        if self.replace {
            self.remove_untouched();
        }
        self.service.directory.release_numbers();
    }

    fn row(&mut self, row: &Row) -> Result<()> {
        let text = |number: Option<u32>| number.map_or("", |number| self.tape.text(number));
        match row.place.section {
            Section::Payload | Section::Actions => {}
            Section::Defaults => {
                for which in DefaultFor::ALL {
                    let sid = row.optional_text(which as usize)?;
                    if !text(sid).is_empty() {
                        let role = self.role(sid);
                        self.service.point_default(which, role);
                    }
                }
            }
            Section::Roles => {
                let sid = row.text(0)?;
                let name = row.optional_text(1)?.unwrap_or(sid);
                let scope = scope_of_role_type(self.tape.text(row.text(2)?), String::new)?;
                let known = |found: &u32| self.numbers.permissions[number(*found) as usize];
                let permissions: Vec<Permission> = row.list.iter().filter_map(known).collect();
                let definition = self.service.definition(self.tape.text(name), scope, permissions);
                let role = self.role(Some(sid));
                self.touched.roles.mark(role);
                let counts = &mut self.report.roles;
                let same = self.service.directory.definition(role).map(|old| *old == definition);
                self.service.directory.define_role(role, Some(definition));
                counts.count(same);
            }
            Section::Users => {
                let person = self.person(row.text(0)?);
                let role = self.role(row.optional_text(1)?);
                self.touched.people.mark(person);
                let old = self.service.directory.set_user(person, role);
                self.report.users.count(old.map(|old| old == role));
            }
            Section::Channels => {
                let channel = self.channel(row.text(0)?);
                let conversations = self.service.dialect() == Dialect::Conversations;
                let old = self.service.directory.channels.get(channel).row.as_ref();
                // A user's list of channels does not say what its channels are: what is known of them stays, but for what a
                // replacing load found there.
                let stays = !self.replace || self.touched.channels.has(channel);
                let mut new = old.filter(|_| stays).cloned().unwrap_or_default();
                let is_conversation = row.place.page.unwrap_or(row.place.name) == Dialect::Conversations as usize;
                if row.fields[1] != cell::ABSENT || is_conversation {
                    new.public = text(row.optional_text(1)?) == "public" && !conversations;
                }
                if row.fields[2] != cell::ABSENT {
                    new.created_by = row.optional_text(2)?.map(|by| self.tape.text(by).into());
                }
                let same = old.map(|old| *old == new);
                self.touched.channels.mark(channel);
                self.service.directory.set_channel(channel, Some(new));
                self.report.channels.count(same);
            }
            Section::Members => self.place(row, Kind::Member)?,
            Section::Invites if self.service.dialect() == Dialect::Conversations => self.report.invites.skipped += 1,
            Section::Invites => self.place(row, Kind::Invite)?,
        }
        Ok(())
    }

    fn place(&mut self, row: &Row, kind: Kind) -> Result<()> {
        if row.fields[1] < cell::TEXT {
            self.report.counts(kind).skipped += 1;
            return Ok(());
        }
        let (channel, person) = (self.channel(row.text(0)?), self.person(row.text(1)?));
        let role = self.role(row.optional_text(2)?);
        if self.service.directory.append(kind, channel, person, role) {
            self.touched.grown.push((channel, kind == Kind::Invite));
        }
        Ok(())
    }

    fn settle(&mut self) {
        for (section, kind) in [(Section::Members, Kind::Member), (Section::Invites, Kind::Invite)] {
            let replace = self.replace && self.sections.has(section);
            let grown =
                self.touched.grown.iter().filter(|(_, invites)| *invites == (kind == Kind::Invite)).map(|(channel, _)| *channel);
            let channels: Vec<Id> = if replace { self.service.directory.channels.names.ids().collect() } else { grown.collect() };
            for channel in channels {
                let counts = self.report.counts(kind);
                self.service.directory.settle(kind, channel, replace, |settled| match settled {
                    Settled::Added => counts.added += 1,
                    Settled::Updated(_) => counts.updated += 1,
                    Settled::Unchanged => counts.unchanged += 1,
                    Settled::Removed => counts.removed += 1,
                });
            }
        }
    }

    fn remove_untouched(&mut self) {
        let directory = &mut self.service.directory;
        if self.sections.has(Section::Roles) {
            for role in self.touched.roles.not_among(&directory.roles.names) {
                self.report.roles.removed += u32::from(directory.define_role(role, None).is_some());
            }
        }
        if self.sections.has(Section::Users) {
            for person in self.touched.people.not_among(&directory.people.names) {
                self.report.users.removed += u32::from(directory.unset_user(person));
            }
        }
        if self.sections.has(Section::Channels) {
            for channel in self.touched.channels.not_among(&directory.channels.names) {
                self.report.channels.removed += u32::from(directory.set_channel(channel, None).is_some());
            }
        }
    }

    /// `NONE` for a row without a role.
    fn role(&mut self, text: Option<u32>) -> Id {
        let Some(text) = text.filter(|text| !self.tape.text(*text).is_empty()) else { return NONE };
        let known = &mut self.numbers.roles[text as usize];
        if *known == NONE {
            *known = self.service.directory.roles.intern(self.tape.text(text));
        }
        *known
    }

    fn person(&mut self, text: u32) -> Id {
        let known = &mut self.numbers.people[text as usize];
        if *known == NONE {
            *known = self.service.directory.people.intern(self.tape.text(text));
        }
        *known
    }

    fn channel(&mut self, text: u32) -> Id {
        let known = &mut self.numbers.channels[text as usize];
        if *known == NONE {
            *known = self.service.directory.channels.intern(self.tape.text(text));
        }
        *known
    }
}

impl Counts {
    /// One row: `None` if it is new, else whether it says the same as before.
    fn count(&mut self, same: Option<bool>) {
        match same {
            None => self.added += 1,
            Some(true) => self.unchanged += 1,
            Some(false) => self.updated += 1,
        }
    }
}
