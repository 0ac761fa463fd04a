//! Roles, users, channels, members and invites: what is known, and who refers to what.
//!
//! A row may name something that is not there (yet): a role that was deleted, a channel whose own row comes later. So
//! an entry lives as long as its own row or any row that names it.

use alloc::{boxed::Box, vec::Vec};

use crate::names::{Id, NONE, Names};
use crate::permission::{Permission, PermissionSet, Scope};
use crate::roster::{Roster, Settled, some};

/// What a role's own row says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    pub friendly_name: Box<str>,
    pub scope: Scope,
    /// In the order in which they were given, so that what is written back is what was read.
    pub permissions: Box<[Permission]>,
    /// Those of them that count: valid in the scope, and known to the dialect.
    pub granted: PermissionSet,
}

#[derive(Clone, Default)]
pub(crate) struct RoleEntry {
    /// `None` for a role that is only referred to: deleted, or not loaded yet.
    pub definition: Option<Definition>,
    pub users: u32,
    pub members: u32,
    /// References by invites and by the service's defaults.
    pub others: u32,
}

#[derive(Clone, Default)]
pub(crate) struct Person {
    /// The service role of a user's own row (`NONE`: a row without a role).
    pub user: Option<Id>,
    /// How many member and invite rows name the identity.
    pub places: u32,
}

#[derive(Clone, Default)]
pub(crate) struct ChannelEntry {
    /// What the channel's own row says; without one the channel is known from member and invite rows, as private.
    pub row: Option<ChannelRow>,
    pub members: Roster,
    pub invites: Roster,
}

#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct ChannelRow {
    pub public: bool,
    pub created_by: Option<Box<str>>,
}

/// Which of a channel's two rosters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Member,
    Invite,
}

impl ChannelEntry {
    pub fn roster(&self, kind: Kind) -> &Roster {
        match kind {
            Kind::Member => &self.members,
            Kind::Invite => &self.invites,
        }
    }

    fn roster_mut(&mut self, kind: Kind) -> &mut Roster {
        match kind {
            Kind::Member => &mut self.members,
            Kind::Invite => &mut self.invites,
        }
    }
}

/// Entries by name. An entry that says nothing and to which nothing refers is forgotten.
#[derive(Clone, Default)]
pub(crate) struct Registry<T> {
    pub names: Names,
    entries: Vec<T>,
}

impl<T: Default> Registry<T> {
    fn seeded(seed: u64) -> Self {
        Self { names: Names::seeded(seed), entries: Vec::new() }
    }

    pub fn intern(&mut self, name: &str) -> Id {
        let id = self.names.intern(name);
        if id as usize == self.entries.len() {
            self.entries.push(T::default());
        }
        id
    }

    pub fn get(&self, id: Id) -> &T {
        &self.entries[id as usize]
    }

    fn get_mut(&mut self, id: Id) -> &mut T {
        &mut self.entries[id as usize]
    }

    fn forget(&mut self, id: Id) {
        self.entries[id as usize] = T::default();
        self.names.release(id);
    }
}

/// Everything that is loaded. The operations keep the counts of references right; nothing here fails.
#[derive(Clone, Default)]
pub(crate) struct Directory {
    pub roles: Registry<RoleEntry>,
    pub people: Registry<Person>,
    pub channels: Registry<ChannelEntry>,
    /// While a load holds numbers of entries, none of these may come to stand for another name.
    held: Option<Idle>,
}

/// What became idle while numbers were held.
#[derive(Clone, Default)]
struct Idle {
    roles: Vec<Id>,
    people: Vec<Id>,
    channels: Vec<Id>,
}

impl Directory {
    pub fn seeded(seed: u64) -> Self {
        Self { roles: Registry::seeded(seed), people: Registry::seeded(seed), channels: Registry::seeded(seed), held: None }
    }

    /// How many bytes of memory is taken by what grows with it, about. Costs a look at each channel.
    pub fn bytes(&self) -> usize {
        let names = self.roles.names.bytes() + self.people.names.bytes() + self.channels.names.bytes();
        self.channels.entries.iter().fold(names, |sum, channel| sum + channel.members.bytes() + channel.invites.bytes())
    }

    /// From here to `release_numbers`, no number is given to another name.
    pub fn hold_numbers(&mut self) {
        self.held = Some(Idle::default());
    }

    pub fn release_numbers(&mut self) {
        let Some(idle) = self.held.take() else { return };
        idle.roles.into_iter().for_each(|role| self.forget_role_if_idle(role));
        idle.people.into_iter().for_each(|person| self.forget_person_if_idle(person));
        idle.channels.into_iter().for_each(|channel| self.forget_channel_if_idle(channel));
    }

    pub fn definition(&self, role: Id) -> Option<&Definition> {
        self.roles.get(some(role)?).definition.as_ref()
    }

    /// Every role that has a row of its own.
    pub fn definitions(&self) -> Vec<(Id, &Definition)> {
        let mut all = Vec::new();
        for role in self.roles.names.ids() {
            if let Some(definition) = self.definition(role) {
                all.push((role, definition));
            }
        }
        all
    }

    /// Writes (or, with `None`, deletes) a role's own row and returns what it said before.
    pub fn define_role(&mut self, role: Id, definition: Option<Definition>) -> Option<Definition> {
        let old = core::mem::replace(&mut self.roles.get_mut(role).definition, definition);
        self.forget_role_if_idle(role);
        old
    }

    /// A reference by an invite or a default comes (`NONE` for none) or goes.
    pub fn refer(&mut self, role: Id) {
        if role != NONE {
            self.roles.get_mut(role).others += 1;
        }
    }

    pub fn unrefer(&mut self, role: Id) {
        if role != NONE {
            self.roles.get_mut(role).others -= 1;
            self.forget_role_if_idle(role);
        }
    }

    /// Writes a user's own row and returns the role it had.
    pub fn set_user(&mut self, person: Id, role: Id) -> Option<Id> {
        let old = self.people.get_mut(person).user.replace(role);
        if role != NONE {
            self.roles.get_mut(role).users += 1;
        }
        self.leave_service_role(old);
        old
    }

    /// Deletes a user's own row; memberships stay.
    pub fn unset_user(&mut self, person: Id) -> bool {
        let old = self.people.get_mut(person).user.take();
        self.leave_service_role(old);
        self.forget_person_if_idle(person);
        old.is_some()
    }

    fn leave_service_role(&mut self, role: Option<Id>) {
        if let Some(role) = role.and_then(some) {
            self.roles.get_mut(role).users -= 1;
            self.forget_role_if_idle(role);
        }
    }

    /// Writes (or, with `None`, deletes) a channel's own row and returns what it said before.
    pub fn set_channel(&mut self, channel: Id, row: Option<ChannelRow>) -> Option<ChannelRow> {
        let old = core::mem::replace(&mut self.channels.get_mut(channel).row, row);
        self.forget_channel_if_idle(channel);
        old
    }

    /// Puts a person into a channel and returns the role that the person had there.
    pub fn enter(&mut self, kind: Kind, channel: Id, person: Id, role: Id) -> Option<Id> {
        let old = self.channels.get_mut(channel).roster_mut(kind).set(person, role);
        let settled = match old {
            None => Settled::Added,
            Some(old) => Settled::Updated(old),
        };
        self.count(kind, person, role, settled);
        old
    }

    /// Takes a person out of a channel and returns the role that the person had there.
    pub fn leave(&mut self, kind: Kind, channel: Id, person: Id) -> Option<Id> {
        let role = self.channels.get_mut(channel).roster_mut(kind).remove(person)?;
        self.count(kind, person, role, Settled::Removed);
        self.forget_channel_if_idle(channel);
        Some(role)
    }

    /// Makes room for exactly so many more members of a channel.
    pub fn reserve_members(&mut self, channel: Id, count: usize) {
        self.channels.get_mut(channel).members.reserve(count);
    }

    /// Appends a row of a load; `settle` must follow. Returns whether it is the first of its channel.
    pub fn append(&mut self, kind: Kind, channel: Id, person: Id, role: Id) -> bool {
        self.channels.get_mut(channel).roster_mut(kind).append(person, role)
    }

    /// Makes the rows appended to a channel count.
    pub fn settle(&mut self, kind: Kind, channel: Id, replace: bool, tell: &mut dyn FnMut(Settled)) {
        let mut roster = core::mem::take(self.channels.get_mut(channel).roster_mut(kind));
        roster.settle(replace, &mut |place, settled| {
            self.count(kind, place.person, place.role, settled);
            tell(settled);
        });
        *self.channels.get_mut(channel).roster_mut(kind) = roster;
        self.forget_channel_if_idle(channel);
    }

    /// Keeps the counts of references for one place.
    fn count(&mut self, kind: Kind, person: Id, role: Id, settled: Settled) {
        match settled {
            Settled::Added => {
                self.people.get_mut(person).places += 1;
                self.refer_from(kind, role);
            }
            Settled::Updated(old) => {
                self.refer_from(kind, role);
                self.unrefer_from(kind, old);
            }
            Settled::Unchanged => {}
            Settled::Removed => {
                self.people.get_mut(person).places -= 1;
                self.forget_person_if_idle(person);
                self.unrefer_from(kind, role);
            }
        }
    }

    fn refer_from(&mut self, kind: Kind, role: Id) {
        match kind {
            Kind::Invite => self.refer(role),
            Kind::Member if role == NONE => {}
            Kind::Member => self.roles.get_mut(role).members += 1,
        }
    }

    fn unrefer_from(&mut self, kind: Kind, role: Id) {
        match kind {
            Kind::Invite => self.unrefer(role),
            Kind::Member if role == NONE => {}
            Kind::Member => {
                self.roles.get_mut(role).members -= 1;
                self.forget_role_if_idle(role);
            }
        }
    }

    fn forget_role_if_idle(&mut self, role: Id) {
        let entry = self.roles.get(role);
        if entry.definition.is_none() && entry.users == 0 && entry.members == 0 && entry.others == 0 {
            match &mut self.held {
                Some(idle) => idle.roles.push(role),
                None => self.roles.forget(role),
            }
        }
    }

    fn forget_person_if_idle(&mut self, person: Id) {
        let entry = self.people.get(person);
        if entry.user.is_none() && entry.places == 0 {
            match &mut self.held {
                Some(idle) => idle.people.push(person),
                None => self.people.forget(person),
            }
        }
    }

    fn forget_channel_if_idle(&mut self, channel: Id) {
        let entry = self.channels.get(channel);
        if entry.row.is_none() && entry.members.is_empty() && entry.invites.is_empty() {
            match &mut self.held {
                Some(idle) => idle.channels.push(channel),
                None => self.channels.forget(channel),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something done with one person and one channel, and with roles by name ("" for none).
    #[derive(Debug)]
    enum Step {
        User(&'static str),
        NoUser,
        Enter(Kind, &'static str),
        Leave(Kind),
        Default(&'static str),
        NoDefault(&'static str),
        Row(&'static str),
        NoRow(&'static str),
        Channel,
        NoChannel,
    }

    impl Step {
        fn on(&self, all: &mut Directory) {
            let role = |all: &mut Directory, name: &str| if name.is_empty() { NONE } else { all.roles.intern(name) };
            let person = |all: &mut Directory| all.people.intern("a person");
            let channel = |all: &mut Directory| all.channels.intern("a channel");
            match *self {
                Step::User(name) => {
                    let (person, role) = (person(all), role(all, name));
                    all.set_user(person, role);
                }
                Step::NoUser => {
                    let person = person(all);
                    assert!(all.unset_user(person));
                }
                Step::Enter(kind, name) => {
                    let (person, channel, role) = (person(all), channel(all), role(all, name));
                    all.enter(kind, channel, person, role);
                }
                Step::Leave(kind) => {
                    let (person, channel) = (person(all), channel(all));
                    assert!(all.leave(kind, channel, person).is_some());
                }
                Step::Default(name) => {
                    let role = role(all, name);
                    all.refer(role);
                }
                Step::NoDefault(name) => {
                    let role = role(all, name);
                    all.unrefer(role);
                }
                Step::Row(name) => {
                    let role = role(all, name);
                    let (friendly_name, scope) = (name.into(), Scope::Channel);
                    let row = Definition { friendly_name, scope, permissions: Box::default(), granted: PermissionSet::EMPTY };
                    all.define_role(role, Some(row));
                }
                Step::NoRow(name) => {
                    let role = role(all, name);
                    assert!(all.define_role(role, None).is_some());
                }
                Step::Channel => {
                    let channel = channel(all);
                    all.set_channel(channel, Some(ChannelRow::default()));
                }
                Step::NoChannel => {
                    let channel = channel(all);
                    assert!(all.set_channel(channel, None).is_some());
                }
            }
        }
    }

    #[test]
    fn an_entry_stays_as_long_as_anything_names_it() {
        use Kind::{Invite, Member};
        use Step::{Channel, Default, Enter, Leave, NoChannel, NoDefault, NoRow, NoUser, Row, User};
        // How many roles, people and channels are left after each step.
        let table = [
            (User("a"), [1, 1, 0]),
            (User("a"), [1, 1, 0]),
            (User("b"), [1, 1, 0]),
            (User(""), [0, 1, 0]),
            (NoUser, [0, 0, 0]),
            (Enter(Member, "a"), [1, 1, 1]),
            (Enter(Member, "b"), [1, 1, 1]),
            (Enter(Member, ""), [0, 1, 1]),
            (Enter(Member, "b"), [1, 1, 1]),
            (Leave(Member), [0, 0, 0]),
            (Enter(Invite, "a"), [1, 1, 1]),
            (Enter(Invite, "b"), [1, 1, 1]),
            (Enter(Member, "b"), [1, 1, 1]),
            (Leave(Invite), [1, 1, 1]),
            (Leave(Member), [0, 0, 0]),
            (Default("a"), [1, 0, 0]),
            (Default("a"), [1, 0, 0]),
            (NoDefault("a"), [1, 0, 0]),
            (NoDefault("a"), [0, 0, 0]),
            (Row("a"), [1, 0, 0]),
            (User("a"), [1, 1, 0]),
            (NoRow("a"), [1, 1, 0]),
            (Row("a"), [1, 1, 0]),
            (NoUser, [1, 0, 0]),
            (NoRow("a"), [0, 0, 0]),
            (Channel, [0, 0, 1]),
            (Enter(Member, ""), [0, 1, 1]),
            (NoChannel, [0, 1, 1]),
            (Enter(Invite, ""), [0, 1, 1]),
            (Leave(Member), [0, 1, 1]),
            (Leave(Invite), [0, 0, 0]),
        ];
        let mut all = Directory::seeded(1);
        for (at, (step, expected)) in table.iter().enumerate() {
            step.on(&mut all);
            let left = [&all.roles.names, &all.people.names, &all.channels.names].map(|names| names.all().len());
            assert_eq!(left, *expected, "step {at}: {step:?}");
        }
    }

    #[test]
    fn it_knows_about_how_much_memory_it_takes() {
        let mut all = Directory::seeded(1);
        assert_eq!(all.bytes(), 0);
        for number in 0..100 {
            all.people.intern(&format!("person {number}"));
            all.roles.intern(&format!("role {number}"));
        }
        let channel = all.channels.intern("a channel");
        let names = [&all.roles.names, &all.people.names, &all.channels.names].map(Names::bytes);
        assert_eq!(all.bytes(), names[0] + names[1] + names[2]);
        assert!(names.iter().all(|bytes| *bytes > 64), "{names:?}");

        for person in 0..100 {
            all.enter(Kind::Member, channel, person, NONE);
            all.enter(Kind::Invite, channel, person, NONE);
        }
        let rosters = all.bytes() - names.iter().sum::<usize>();
        // Eight bytes a place, and up to as many again are free.
        assert!((1600..=3200).contains(&rosters), "{rosters} bytes");
    }
}
