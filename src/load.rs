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
use crate::wire::{EMPTY, Place, Row, Section, Tape, Texts, Walker, cell, has_roles, kind_of, number, said_dialect, wrong};

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
    // Not inlined, as little else here: each copy of it would weigh.
    #[inline(never)]
    fn warn(&mut self, code: &'static str, path: &dyn Fn() -> String, message: &[&str]) {
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
    pub(crate) fn load_tape(&mut self, tape: &dyn Tape, replace: bool) -> Result<LoadReport> {
        make_room(room_for(tape.size(), is_much_taken().then(|| self.directory.bytes())))?;
        let mut load = Load::of(tape, replace);
        self.vocabulary = load.check(self)?;
        load.put(self);
        Ok(load.report)
    }
}

/// 128 MiB. What needs more than this is made sure of beforehand, and all is once that much is taken: less is there wherever
/// anything is.
const LARGE: usize = 0x0800_0000;

/// How many bytes to make sure of before a tape is put in.
///
/// `kept`: how many are there, where much is taken: all of it may have to move to where twice as much fits.
fn room_for(size: [u32; 3], kept: Option<usize>) -> usize {
    let [places, texts, length] = size.map(|count| count as usize);
    // A member of four places takes eight bytes, and twice that while a channel is sorted. A text is kept once, its
    // characters in three bytes each or fewer, and beside it what is known of whom it names. Half of it all may be free.
    let needed = 6 * places + 192 * texts + 3 * length;
    match kept {
        Some(kept) => needed.saturating_add(2 * kept),
        None if needed > LARGE => needed,
        None => 0,
    }
}

/// Finds out whether there is memory, while nothing is changed: later it would be the end.
fn make_room(bytes: usize) -> Result<()> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(bytes).map_err(|_| Error::new(Code::TooLarge, &["there is no memory for what is loaded"]))
}

#[cfg(target_arch = "wasm32")]
fn is_much_taken() -> bool {
    const PAGE: usize = 0x1_0000;
    core::arch::wasm32::memory_size::<0>() > LARGE / PAGE
}

/// Elsewhere memory that is taken says nothing of how much there is.
#[cfg(not(target_arch = "wasm32"))]
fn is_much_taken() -> bool {
    false
}

/// A load: two walks over a tape.
struct Load<'t> {
    tape: &'t dyn Tape,
    walker: Walker<'t>,
    texts: Texts<'t>,
    meanings: Meanings,
    /// For each role whether its scope is a channel's, and for each channel whether it is public, in the order of their rows.
    flags: Vec<bool>,
    report: LoadReport,
    /// Whether each section that is there takes the place of what was there.
    replace: bool,
    touched: Touched,
}

/// What each text of a tape stands for, once looked up.
struct Meanings {
    /// For each of the three kinds of names one for each text: its number plus one, and 0 while that is not known. Of a channel
    /// that is not put in yet, [`COUNTED`] plus how many members it gets.
    numbers: Vec<u32>,
    permissions: Vec<Option<Permission>>,
}

/// The kinds of names.
#[derive(Clone, Copy)]
enum Named {
    Role,
    Person,
    Channel,
}

const COUNTED: u32 = 1 << 31;

impl Meanings {
    fn number(&mut self, named: Named, text: u32) -> &mut u32 {
        &mut self.numbers[named as usize * self.permissions.len() + text as usize]
    }
}

/// What a load has brought: of each kind of names one flag for each number, so that a replacing load can remove the rest.
#[derive(Default)]
struct Touched {
    marks: [Vec<bool>; 3],
    /// The channels whose members or invites have grown.
    grown: [Vec<Id>; 2],
}

impl Touched {
    fn mark(&mut self, named: Named, id: Id) {
        let marks = &mut self.marks[named as usize];
        let length = marks.len().max(id as usize + 1);
        marks.resize(length, false);
        marks[id as usize] = true;
    }

    fn has(&self, named: Named, id: Id) -> bool {
        self.marks[named as usize].get(id as usize).copied().unwrap_or_default()
    }

    /// The names without a mark.
    fn not_among(&self, kind: Named, names: &Names) -> Vec<Id> {
        names.ids().filter(|id| !self.has(kind, *id)).collect()
    }
}

impl<'t> Load<'t> {
    fn of(tape: &'t dyn Tape, replace: bool) -> Self {
        let [_, texts, _] = tape.size().map(|count| count as usize);
        Self {
            tape,
            walker: Walker::of(tape),
            texts: Texts::of(tape),
            meanings: Meanings { numbers: vec![0; 3 * texts], permissions: vec![None; texts] },
            flags: Vec::new(),
            report: LoadReport::default(),
            replace,
            touched: Touched::default(),
        }
    }

    /// The first walk looks at everything and changes nothing: the first error, or the vocabulary as it will be. Adds the
    /// warnings.
    #[inline(never)]
    fn check(&mut self, service: &Service) -> Result<Vocabulary> {
        let mut vocabulary = service.vocabulary.clone();
        // What the roles hold that this load takes the place of makes room.
        let replaces_roles = self.replace && has_roles(self.tape);
        let mut held = if replaces_roles { PermissionSet::EMPTY } else { service.held_permissions() };
        let conversations = vocabulary.dialect == Dialect::Conversations;
        while let Some(row) = self.walker.row()? {
            row.check(match row.place.section {
                // What a text says comes before what the fields behind it hold: a newer version may hold anything.
                Section::Payload => 0..0,
                Section::Roles => 0..3,
                _ => 0..4,
            })?;
            match row.place.section {
                Section::Payload => {
                    said_dialect(&row, &mut self.texts)?;
                }
                Section::Defaults => {}
                Section::Actions => {
                    let mut text = |number: u32| String::from(self.texts.get(number));
                    let own = row.given(2).map(&mut text);
                    let (name, any, member_only) =
                        (text(row.number(0)), text(row.number(1)), kind_of(row.fields[3]) == cell::TRUE);
                    vocabulary
                        .define_action(&name, &any, own.as_deref(), member_only, held)
                        .map_err(|error| Error::at(error.code(), row.place.path(), &[error.message()]))?;
                }
                Section::Roles => {
                    let scope = scope_of_role_type(self.texts.get(row.number(2)), || row.path(2))?;
                    self.flags.push(scope == Scope::Channel);
                    row.check(3..4)?;
                    self.check_permissions(&row, &mut vocabulary, scope, &mut held)?;
                }
                Section::Users => self.warn_without_role(&row, 1),
                Section::Channels => {
                    let channel_type = row.given(1);
                    let public = channel_type.map_or(Ok(false), |text| is_public(self.texts.get(text), || row.path(1)))?;
                    self.flags.push(public && !conversations);
                    if public && conversations {
                        let message = ["a conversation is always private"];
                        self.report.warn(Code::NoCounterpart.name(), &|| row.path(1), &message);
                    }
                }
                Section::Invites => {
                    if conversations && row.place.row.is_none_or(|row| row == 0) {
                        let place = Place { page: None, row: None, ..row.place };
                        let message = ["Conversations has no invites: they are skipped"];
                        self.report.warn(Code::NoCounterpart.name(), &|| place.path(), &message);
                    }
                }
                Section::Members => {
                    if row.given(1).is_some() {
                        self.warn_without_role(&row, 2);
                        let counted = self.meanings.number(Named::Channel, row.number(0));
                        *counted = COUNTED.max(*counted) + 1;
                    }
                }
            }
        }
        Ok(vocabulary)
    }

    fn check_permissions(
        &mut self,
        row: &Row,
        vocabulary: &mut Vocabulary,
        scope: Scope,
        held: &mut PermissionSet,
    ) -> Result<()> {
        let mut at = 0;
        while let Some(found) = self.walker.element() {
            let path = || element(&row.path(3), at);
            if found < cell::TEXT {
                return Err(wrong(found, path(), "a string"));
            }
            let text = number(found);
            let known = &mut self.meanings.permissions[text as usize];
            let permission = match *known {
                Some(permission) => permission,
                None => take_in(vocabulary, *held, self.texts.get(text), &path)?,
            };
            *known = Some(permission);
            // Held from here on, so that it is not forgotten before the roles of this load are there to hold it.
            held.insert(permission);
            warn_of_permission(vocabulary, permission, scope, &path, &mut self.report);
            at += 1;
        }
        Ok(())
    }

    fn warn_without_role(&mut self, row: &Row, at: usize) {
        if row.number(at) == EMPTY {
            self.report.warn(NO_ROLE, &|| row.path(at), &["without a role: it grants nothing"]);
        }
    }

    /// The second walk, over a tape that was checked, puts everything in: nothing here fails.
    #[inline(never)]
    fn put(&mut self, service: &mut Service) {
        let checked = core::mem::replace(&mut self.walker, Walker::of(self.tape));
        let is_replaced = |section: Section| self.replace && (checked.has_met(section, 0) || checked.has_met(section, 1));
        let replaced = Section::ALL.map(is_replaced);
        service.directory.hold_numbers();
        if replaced[Section::Defaults as usize] {
            for which in DefaultFor::ALL {
                service.point_default(which, NONE);
            }
        }
        self.flags.reverse();
        while let Ok(Some(row)) = self.walker.row() {
            self.put_row(service, &row);
        }
        let directory = &mut service.directory;
        for (section, kind) in [(Section::Members, Kind::Member), (Section::Invites, Kind::Invite)] {
            let replace = replaced[section as usize];
            let grown = core::mem::take(&mut self.touched.grown[kind as usize]);
            let counts = self.report.counts(kind);
            for channel in if replace { directory.channels.names.ids().collect() } else { grown } {
                directory.settle(kind, channel, replace, &mut |settled| match settled {
                    Settled::Added => counts.added += 1,
                    Settled::Updated(_) => counts.updated += 1,
                    Settled::Unchanged => counts.unchanged += 1,
                    Settled::Removed => counts.removed += 1,
                });
            }
        }
        if replaced[Section::Roles as usize] {
            for role in self.touched.not_among(Named::Role, &directory.roles.names) {
                self.report.roles.removed += u32::from(directory.define_role(role, None).is_some());
            }
        }
        if replaced[Section::Users as usize] {
            for person in self.touched.not_among(Named::Person, &directory.people.names) {
                self.report.users.removed += u32::from(directory.unset_user(person));
            }
        }
        if replaced[Section::Channels as usize] {
            for channel in self.touched.not_among(Named::Channel, &directory.channels.names) {
                self.report.channels.removed += u32::from(directory.set_channel(channel, None).is_some());
            }
        }
        directory.release_numbers();
    }

    fn put_row(&mut self, service: &mut Service, row: &Row) {
        match row.place.section {
            Section::Payload | Section::Actions => {}
            Section::Defaults => {
                for which in DefaultFor::ALL {
                    let role = self.role(service, row.number(which as usize));
                    if role != NONE {
                        service.point_default(which, role);
                    }
                }
            }
            Section::Roles => {
                let mut permissions: Vec<Permission> = Vec::new();
                while let Some(found) = self.walker.element() {
                    permissions.extend(self.meanings.permissions[number(found) as usize]);
                }
                let scope = if self.flags.pop().unwrap_or_default() { Scope::Channel } else { Scope::Service };
                let role = self.role(service, row.number(0));
                let name = row.given(1).unwrap_or(row.number(0));
                let definition = service.definition(self.texts.get(name), scope, permissions);
                let same = service.directory.definition(role).map(|old| *old == definition);
                service.directory.define_role(role, Some(definition));
                self.touched.mark(Named::Role, role);
                self.report.roles.count(same);
            }
            Section::Users => {
                let (person, role) = (self.person(service, row.number(0)), self.role(service, row.number(1)));
                let old = service.directory.set_user(person, role);
                self.touched.mark(Named::Person, person);
                self.report.users.count(old.map(|old| old == role));
            }
            Section::Channels => {
                let channel = self.channel(service, row.number(0));
                let old = service.directory.channels.get(channel).row.as_ref();
                // A user's list of channels does not say what its channels are: what is known of them stays, but for what a
                // replacing load found there.
                let stays = !self.replace || self.touched.has(Named::Channel, channel);
                let mut new = old.filter(|_| stays).cloned().unwrap_or_default();
                let is_conversation = row.place.page.unwrap_or(row.place.name) == Dialect::Conversations as usize;
                let public = self.flags.pop().unwrap_or_default();
                if row.fields[1] != cell::ABSENT || is_conversation {
                    new.public = public;
                }
                if row.fields[2] != cell::ABSENT {
                    new.created_by = row.given(2).map(|text| self.texts.get(text).into());
                }
                let same = old.map(|old| *old == new);
                service.directory.set_channel(channel, Some(new));
                self.touched.mark(Named::Channel, channel);
                self.report.channels.count(same);
            }
            Section::Members => self.put_place(service, row, Kind::Member),
            Section::Invites => self.put_place(service, row, Kind::Invite),
        }
    }

    fn put_place(&mut self, service: &mut Service, row: &Row, kind: Kind) {
        if row.given(1).is_none() || (kind == Kind::Invite && service.dialect() == Dialect::Conversations) {
            self.report.counts(kind).skipped += 1;
            return;
        }
        let (channel, person) = (self.channel(service, row.number(0)), self.person(service, row.number(1)));
        let role = self.role(service, row.number(2));
        if service.directory.append(kind, channel, person, role) {
            self.touched.grown[kind as usize].push(channel);
        }
    }

    /// `NONE` for a row without a role.
    fn role(&mut self, service: &mut Service, text: u32) -> Id {
        if text == EMPTY { NONE } else { self.number(Named::Role, text, &mut |name| service.directory.roles.intern(name)) }
    }

    fn person(&mut self, service: &mut Service, text: u32) -> Id {
        self.number(Named::Person, text, &mut |name| service.directory.people.intern(name))
    }

    fn channel(&mut self, service: &mut Service, text: u32) -> Id {
        let members = self.meanings.number(Named::Channel, text).checked_sub(COUNTED);
        let channel = self.number(Named::Channel, text, &mut |name| service.directory.channels.intern(name));
        if let Some(members) = members {
            service.directory.reserve_members(channel, members as usize);
        }
        channel
    }

    fn number(&mut self, named: Named, text: u32, intern: &mut dyn FnMut(&str) -> Id) -> Id {
        let known = self.meanings.number(named, text);
        if !(1..COUNTED).contains(known) {
            *known = intern(self.texts.get(text)) + 1;
        }
        *known - 1
    }
}

/// The permission of that name, in a vocabulary that takes in what it does not know.
fn take_in(vocabulary: &mut Vocabulary, held: PermissionSet, name: &str, path: &dyn Fn() -> String) -> Result<Permission> {
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
    path: &dyn Fn() -> String,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_made_for_what_is_large_or_comes_where_much_is() {
        const MANY: u32 = 30_000_000;
        let table = [
            ([0, 0, 0], None, 0),
            ([1000, 1000, 1000], None, 0),
            ([MANY, 0, 0], None, 180_000_000),
            ([0, MANY / 3, 0], None, 1_920_000_000),
            ([0, 0, 2 * MANY], None, 180_000_000),
            // As much as is not looked at, and more.
            ([1, 699_050, 40], None, 0),
            ([0, 0, 44_739_243], None, 134_217_729),
            ([0, 0, 0], Some(0), 0),
            ([4, 1, 10], Some(0), 246),
            ([4, 1, 10], Some(1000), 2246),
        ];
        for (size, kept, bytes) in table {
            assert_eq!(room_for(size, kept), bytes, "{size:?} where {kept:?} bytes are");
        }
    }

    #[test]
    fn what_there_is_no_memory_for_is_refused() {
        // More than any address can reach.
        assert_eq!(make_room(usize::MAX).map_err(|error| error.code()), Err(Code::TooLarge));
        for bytes in [0, 1, LARGE] {
            assert_eq!(make_room(bytes), Ok(()), "{bytes}");
        }
    }
}
