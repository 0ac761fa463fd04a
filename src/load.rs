//! Loading what a tape holds: first everything is checked, then everything is put in, and that cannot fail.

use alloc::vec::Vec;

use crate::answer::{Answer, CODES, Cell, phrase};
use crate::directory::{ChannelRow, Kind};
use crate::error::{Checked, Code, Refusal};
use crate::model::{Model, is_public, scope_named};
use crate::permission::{Dialect, Permission, PermissionSet, Scope};
use crate::roster::Settled;
use crate::text::{Text, Texts};
use crate::vocabulary::{Defined, Vocabulary, role_type, too_many_permissions};
use crate::wire::{Path, Place, Row, Section, Tape, Walker, cell, element, has_roles, kind_of, said_dialect, text_of, wrong};

/// What became of the rows of a section: how many were added, updated, unchanged, removed and skipped.
pub(crate) type Counts = [u32; 5];

const ADDED: usize = 0;
const UPDATED: usize = 1;
const UNCHANGED: usize = 2;
const REMOVED: usize = 3;
const SKIPPED: usize = 4;

/// What a load did, before it is put into words.
#[derive(Default)]
pub(crate) struct Report {
    /// Of roles, users, channels, members and invites.
    pub counts: [Counts; 5],
    /// At most a thousand, then one that says that there are more.
    pub warnings: Answer,
    pub warned: u32,
}

const ROLES: usize = 0;
const USERS: usize = 1;
const CHANNELS: usize = 2;
/// Those of members, and behind them those of invites.
const PLACES: usize = 3;

const MOST_WARNINGS: u32 = 1000;

impl Report {
    #[inline(never)]
    fn warn(&mut self, code: Cell, path: &[Cell], message: &[Cell]) {
        let (code, path, message) = match self.warned {
            ..MOST_WARNINGS => (code, path, message),
            MOST_WARNINGS => (phrase::MORE_WARNINGS, &[phrase::NOTHING][..], &[phrase::AND_MORE][..]),
            _ => return,
        };
        self.warned += 1;
        self.warnings.say_all(&[phrase::WARNING, code]);
        self.warnings.say_all(path);
        self.warnings.say_all(message);
    }

    /// One row: `None` if it is new, else whether it says the same as before.
    fn count(&mut self, section: usize, same: Option<bool>) {
        let what = match same {
            None => ADDED,
            Some(false) => UPDATED,
            Some(true) => UNCHANGED,
        };
        self.counts[section][what] += 1;
    }

    /// Whether a row has come, has gone, or says something else.
    #[cfg(feature = "js")]
    pub fn is_change(&self) -> bool {
        self.counts.iter().any(|counts| counts[ADDED] + counts[UPDATED] + counts[REMOVED] > 0)
    }
}

impl<T: Texts> Model<T> {
    /// Loads what a tape holds, all of it or nothing. Costs time in proportion to the payload (and, with `replace`, to what
    /// is replaced).
    pub fn load(&mut self, tape: &dyn Tape, replace: bool) -> Checked<Report> {
        make_room(room_for(tape.places(), tape.texts(), is_much_taken().then(|| self.directory.bytes())))?;
        let mut load = Load { tape, walker: Walker::of(tape), report: Report::default(), replace, touched: Touched::default() };
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
fn room_for(places: u32, texts: u32, kept: Option<usize>) -> usize {
    // A member of four places takes eight bytes, and twice that while a channel is sorted. What is known of a text takes
    // sixteen, and of a channel or a role a hundred more. Half of it all may be free.
    let needed = (6 * places as usize).saturating_add(192 * texts as usize);
    match kept {
        Some(kept) => needed.saturating_add(2 * kept),
        None if needed > LARGE => needed,
        None => 0,
    }
}

/// Finds out whether there is memory, while nothing is changed: later it would be the end.
fn make_room(bytes: usize) -> Checked<()> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(bytes).map_err(|_| Refusal::of(Code::TooLarge, phrase::NO_MEMORY))
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
    report: Report,
    /// Whether each section that is there takes the place of what was there.
    replace: bool,
    touched: Touched,
}

/// What a load has brought: flags for each text, so that a replacing load can remove the rest.
#[derive(Default)]
struct Touched {
    marks: Vec<u8>,
    /// The channels whose members or invites have grown.
    grown: [Vec<Text>; 2],
}

impl Touched {
    fn mark(&mut self, section: usize, text: Text) {
        if self.marks.len() <= text.index() {
            self.marks.resize(text.index() + 1, 0);
        }
        self.marks[text.index()] |= 1 << section;
    }

    fn has(&self, section: usize, text: Text) -> bool {
        self.marks.get(text.index()).is_some_and(|marks| marks >> section & 1 == 1)
    }
}

impl Load<'_> {
    /// The first walk looks at everything and changes nothing: the first error, or the vocabulary as it will be. Adds the
    /// warnings.
    #[inline(never)]
    fn check<T: Texts>(&mut self, model: &Model<T>) -> Checked<Vocabulary> {
        let mut vocabulary = model.vocabulary.clone();
        // What the roles hold that this load takes the place of makes room.
        let replaces_roles = self.replace && has_roles(self.tape);
        let mut held = if replaces_roles { PermissionSet::EMPTY } else { model.held_permissions() };
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
                    said_dialect(&row)?;
                }
                Section::Defaults => {}
                Section::Actions => {
                    let member_only = kind_of(row.fields[3]) == cell::TRUE;
                    let defined = Defined { name: row.text(0), any: row.text(1), own: row.given(2), member_only };
                    vocabulary.define_action(defined, held, true).map_err(|refusal| refusal.at(&row.place.path()))?;
                    if let Some((field, name)) = vocabulary.without_counterpart(&defined) {
                        let message = [phrase::GRANTS_NOTHING, phrase::NOT_IN_CONVERSATIONS, name.cell()];
                        self.report.warn(CODES + Code::NoCounterpart as Cell, &row.path(field), &message);
                    }
                }
                Section::Roles => {
                    let scope = scope_named(row.text(2)).map_err(|refusal| refusal.at(&row.path(2)))?;
                    row.check(3..4)?;
                    self.check_permissions(&row, &mut vocabulary, scope, &mut held)?;
                }
                Section::Users => self.warn_without_role(&row, 1),
                Section::Channels => {
                    let public = row.given(1).map_or(Ok(false), is_public).map_err(|refusal| refusal.at(&row.path(1)))?;
                    if public && conversations {
                        self.report.warn(CODES + Code::NoCounterpart as Cell, &row.path(1), &[phrase::ALWAYS_PRIVATE]);
                    }
                }
                Section::Invites => {
                    if conversations && row.place.row.is_none_or(|row| row == 0) {
                        let place = Place { page: None, row: None, ..row.place };
                        self.report.warn(CODES + Code::NoCounterpart as Cell, &place.path(), &[phrase::INVITES_SKIPPED]);
                    }
                }
                Section::Members => {
                    if row.given(1).is_some() {
                        self.warn_without_role(&row, 2);
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
    ) -> Checked<()> {
        let mut at = 0;
        while let Some(found) = self.walker.element() {
            let path = element(row.path(3), at);
            if found < cell::TEXT {
                return Err(wrong(found, &path, phrase::A_STRING));
            }
            let name = text_of(found);
            if name == Text::EMPTY {
                return Err(Refusal::of(Code::InvalidName, phrase::EMPTY).at(&path));
            }
            let permission = match vocabulary.permission(name) {
                Some(known) => known,
                None if vocabulary.has_room_for(&[name], *held) => vocabulary.learn(name, *held),
                None => return Err(too_many_permissions().at(&path)),
            };
            // Held from here on, so that it is not forgotten before the roles of this load are there to hold it.
            held.insert(permission);
            self.warn_of_permission(vocabulary, permission, scope, &path);
            at += 1;
        }
        Ok(())
    }

    /// One permission of a role is kept whatever it is; a warning says where it grants nothing or is the application's own.
    fn warn_of_permission(&mut self, vocabulary: &Vocabulary, permission: Permission, scope: Scope, path: &Path) {
        let name = vocabulary.permission_name(permission).cell();
        if permission.own_place().is_some() {
            if !vocabulary.is_asked_for(permission) {
                self.report.warn(CODES + Code::UnknownPermission as Cell, path, &[phrase::OF_ITS_OWN, name]);
            }
        } else if !vocabulary.knows(permission) {
            let message = [phrase::GRANTS_NOTHING, phrase::NOT_IN_CONVERSATIONS, name];
            self.report.warn(CODES + Code::NoCounterpart as Cell, path, &message);
        } else if !permission.is_valid_in(scope) {
            let role_type = role_type(scope, vocabulary.dialect).cell();
            let message = [phrase::GRANTS_NOTHING, phrase::NOT_VALID, name, role_type];
            self.report.warn(CODES + Code::OutOfScope as Cell, path, &message);
        }
    }

    fn warn_without_role(&mut self, row: &Row, at: usize) {
        if row.text(at) == Text::EMPTY {
            self.report.warn(phrase::NO_ROLE, &row.path(at), &[phrase::WITHOUT_ROLE]);
        }
    }

    /// The second walk, over a tape that was checked, puts everything in: nothing here fails.
    #[inline(never)]
    fn put<T: Texts>(&mut self, model: &mut Model<T>) {
        let checked = core::mem::replace(&mut self.walker, Walker::of(self.tape));
        let is_replaced = |section: Section| self.replace && (checked.has_met(section, 0) || checked.has_met(section, 1));
        let replaced = Section::ALL.map(is_replaced);
        if replaced[Section::Defaults as usize] {
            model.defaults = Default::default();
        }
        while let Ok(Some(row)) = self.walker.row() {
            self.put_row(model, &row);
        }
        let directory = &mut model.directory;
        for kind in Kind::ALL {
            let replace = replaced[Section::Members as usize + kind as usize];
            let grown = core::mem::take(&mut self.touched.grown[kind as usize]);
            let counts = &mut self.report.counts[PLACES + kind as usize];
            for channel in if replace { directory.channel_sids() } else { grown } {
                directory.settle(kind, channel, replace, &mut |settled| {
                    counts[match settled {
                        Settled::Added => ADDED,
                        Settled::Updated => UPDATED,
                        Settled::Unchanged => UNCHANGED,
                        Settled::Removed => REMOVED,
                    }] += 1;
                });
            }
        }
        for (section, at) in [(Section::Roles, ROLES), (Section::Users, USERS), (Section::Channels, CHANNELS)] {
            if replaced[section as usize] {
                let touched = &self.touched;
                self.report.counts[at][REMOVED] += match at {
                    ROLES => directory.remove_roles(&|sid| touched.has(at, sid)),
                    USERS => directory.remove_users(&|identity| touched.has(at, identity)),
                    _ => directory.remove_channels(&|sid| touched.has(at, sid)),
                };
            }
        }
    }

    fn put_row<T: Texts>(&mut self, model: &mut Model<T>, row: &Row) {
        match row.place.section {
            Section::Payload | Section::Actions => {}
            Section::Defaults => {
                for (at, default) in model.defaults.iter_mut().enumerate() {
                    *default = row.text(at).given().unwrap_or(*default);
                }
            }
            Section::Roles => {
                let mut permissions: Vec<Permission> = Vec::new();
                while let Some(found) = self.walker.element() {
                    permissions.extend(model.vocabulary.permission(text_of(found)));
                }
                let sid = row.text(0);
                let scope = scope_named(row.text(2)).unwrap_or(Scope::Channel);
                let definition = model.definition(row.given(1).unwrap_or(sid), scope, &permissions);
                let same = model.directory.role(sid).map(|old| *old == definition);
                model.directory.define_role(sid, Some(definition));
                self.touched.mark(ROLES, sid);
                self.report.count(ROLES, same);
            }
            Section::Users => {
                let (identity, role) = (row.text(0), row.text(1));
                let old = model.directory.user(identity);
                model.directory.set_user(identity, Some(role));
                self.touched.mark(USERS, identity);
                self.report.count(USERS, old.map(|old| old == role));
            }
            Section::Channels => {
                let sid = row.text(0);
                let old = model.directory.channel(sid).and_then(|channel| channel.row);
                // A user's list of channels does not say what its channels are: what is known of them stays, but for what a
                // replacing load found there.
                let stays = !self.replace || self.touched.has(CHANNELS, sid);
                let mut new = old.filter(|_| stays).unwrap_or_default();
                let is_conversation = row.place.page.unwrap_or(row.place.name) == Dialect::Conversations as usize;
                if row.fields[1] != cell::ABSENT || is_conversation {
                    let is_public = row.given(1).is_some_and(|name| is_public(name) == Ok(true));
                    new.public = is_public && model.vocabulary.dialect == Dialect::Chat;
                }
                if row.fields[2] != cell::ABSENT {
                    new.created_by = row.given(2);
                }
                model.directory.set_channel(sid, Some(new));
                self.touched.mark(CHANNELS, sid);
                self.report.count(CHANNELS, old.map(|old: ChannelRow| old == new));
            }
            Section::Members => self.put_place(model, row, Kind::Member),
            Section::Invites => self.put_place(model, row, Kind::Invite),
        }
    }

    fn put_place<T: Texts>(&mut self, model: &mut Model<T>, row: &Row, kind: Kind) {
        if row.given(1).is_none() || (kind == Kind::Invite && model.vocabulary.dialect == Dialect::Conversations) {
            self.report.counts[PLACES + kind as usize][SKIPPED] += 1;
            return;
        }
        let channel = row.text(0);
        if model.directory.append(kind, channel, row.text(1), row.text(2)) {
            self.touched.grown[kind as usize].push(channel);
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
            (0, 0, None, 0),
            (1000, 1000, None, 0),
            (MANY, 0, None, 180_000_000),
            (0, MANY / 3, None, 1_920_000_000),
            // As much as is not looked at, and more.
            (1, 699_050, None, 0),
            (0, 699_051, None, 134_217_792),
            (0, 0, Some(0), 0),
            (4, 1, Some(0), 216),
            (4, 1, Some(1000), 2216),
        ];
        for (places, texts, kept, bytes) in table {
            assert_eq!(room_for(places, texts, kept), bytes, "{places} places, {texts} texts where {kept:?} bytes are");
        }
    }

    #[cfg(feature = "js")]
    #[test]
    fn a_row_that_is_added_updated_or_removed_is_a_change() {
        for section in 0..5 {
            for (what, is_change) in [(ADDED, true), (UPDATED, true), (UNCHANGED, false), (REMOVED, true), (SKIPPED, false)] {
                let mut report = Report::default();
                report.counts[section][what] = 1;
                assert_eq!(report.is_change(), is_change, "{section}, {what}");
            }
        }
        assert!(!Report::default().is_change());
    }

    #[test]
    fn what_there_is_no_memory_for_is_refused() {
        // More than any address can reach.
        let refused = Refusal::of(Code::TooLarge, phrase::NO_MEMORY);
        assert_eq!(make_room(usize::MAX), Err(refused));
        for bytes in [0, 1, LARGE] {
            assert_eq!(make_room(bytes), Ok(()), "{bytes}");
        }
    }
}
