//! What is known: roles, users, channels, members and invites. No rules.
//!
//! A row may name something that is not there (yet): a role that was deleted, a channel whose own row comes later. So rows
//! refer to each other by the strings that name them, and whether there is anything under a string is looked up.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::channel::{State, is_sid};
use crate::role::Definition;

mod slots;
mod strings;

use slots::Slots;
use strings::{Id, Strings};

/// What a channel's own row says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Details {
    pub public: bool,
    pub unique_name: Option<Arc<str>>,
    pub created_by: Option<Arc<str>>,
    pub state: State,
}

/// A channel, and who is in it.
#[derive(Clone)]
pub(crate) struct Channel {
    pub sid: Arc<str>,
    /// `None` for a channel that only the rows of members and invites name: it counts as private and active.
    pub details: Option<Details>,
    /// By person: the SID of their role.
    members: BTreeMap<Id, Id>,
    invites: BTreeMap<Id, Id>,
}

/// Which of the two lists of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Member,
    Invite,
}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Member, Kind::Invite];
}

/// Somebody with a role: a user, a member, or somebody invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seat<'d> {
    pub identity: &'d str,
    /// The SID of the role; empty without one.
    pub role: &'d str,
}

impl Channel {
    fn new(sid: Arc<str>) -> Self {
        Self { sid, details: None, members: BTreeMap::new(), invites: BTreeMap::new() }
    }

    fn seats(&self, kind: Kind) -> &BTreeMap<Id, Id> {
        match kind {
            Kind::Member => &self.members,
            Kind::Invite => &self.invites,
        }
    }

    fn seats_mut(&mut self, kind: Kind) -> &mut BTreeMap<Id, Id> {
        match kind {
            Kind::Member => &mut self.members,
            Kind::Invite => &mut self.invites,
        }
    }

    pub fn has_seats(&self) -> bool {
        !self.members.is_empty() || !self.invites.is_empty()
    }

    pub fn is_public(&self) -> bool {
        self.details.as_ref().is_some_and(|details| details.public)
    }

    pub fn state(&self) -> &State {
        self.details.as_ref().map_or(&State::Active, |details| &details.state)
    }

    pub fn created_by(&self) -> Option<&str> {
        self.details.as_ref()?.created_by.as_deref()
    }

    pub fn unique_name(&self) -> Option<&str> {
        self.details.as_ref()?.unique_name.as_deref()
    }

    /// What a person would call it: its unique name if it has one.
    pub fn name(&self) -> &str {
        self.unique_name().unwrap_or(&self.sid)
    }
}

/// What putting somebody into a channel has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeatChange {
    /// Whether they had this role before; `None` for who was not there.
    pub same: Option<bool>,
    pub ended_invite: bool,
}

impl SeatChange {
    pub fn is_change(self) -> bool {
        self.same != Some(true) || self.ended_invite
    }
}

/// Members and invites that a load has taken out, to put others in their place.
#[derive(Default)]
pub(crate) struct TakenSeats {
    /// By channel and person: the SID of the role.
    members: Slots<BTreeMap<Id, Id>>,
    invites: Slots<BTreeMap<Id, Id>>,
}

impl TakenSeats {
    fn of(&self, kind: Kind) -> &Slots<BTreeMap<Id, Id>> {
        match kind {
            Kind::Member => &self.members,
            Kind::Invite => &self.invites,
        }
    }

    fn of_mut(&mut self, kind: Kind) -> &mut Slots<BTreeMap<Id, Id>> {
        match kind {
            Kind::Member => &mut self.members,
            Kind::Invite => &mut self.invites,
        }
    }
}

/// What rows tell of an identity: nothing, as long as neither is there.
#[derive(Clone, Copy, Default)]
struct Person {
    /// The service role of a user's own row: the id of its SID, that of the empty string without one.
    user: Option<Id>,
    /// How many rows of members and invites name the identity.
    seats: u32,
}

impl Person {
    fn is_known(self) -> bool {
        self.user.is_some() || self.seats > 0
    }
}

/// Everything that is loaded. Nothing here fails.
#[derive(Clone)]
pub(crate) struct Directory {
    strings: Strings,
    roles: Slots<Definition>,
    /// Who is known. Not in slots of their own: there may be a hundred thousand.
    people: Vec<Person>,
    channels: Slots<Channel>,
    /// Channels by unique name.
    unique_names: BTreeMap<Id, Id>,
    /// With how many strings it is time to look for unused ones.
    crowded: usize,
}

/// How many strings there are at least before unused ones are looked for.
const CROWDED: usize = 1024;

impl Directory {
    /// An empty one. The seed keeps strangers from choosing strings that collide.
    pub fn new(seed: u64) -> Self {
        Self {
            strings: Strings::new(seed),
            roles: Slots::default(),
            people: Vec::new(),
            channels: Slots::default(),
            unique_names: BTreeMap::new(),
            crowded: CROWDED,
        }
    }

    // Roles.

    pub fn role(&self, sid: &str) -> Option<&Definition> {
        self.roles.get(self.strings.find(sid)?)
    }

    pub fn roles(&self) -> Vec<&Definition> {
        self.roles.all()
    }

    /// Inserts a role, or replaces the one with the same SID.
    pub fn set_role(&mut self, role: Definition) {
        self.roles.insert(self.strings.insert(&role.sid), role);
    }

    /// Removes a role. Its SID may go on being referred to.
    pub fn remove_role(&mut self, sid: &str) {
        if let Some(id) = self.strings.find(sid) {
            self.roles.remove(id);
        }
    }

    // Users.

    /// The SID of the service role in a user's own row, empty without one; `None` for who has no such row.
    pub fn user(&self, identity: &str) -> Option<&str> {
        let person = self.people.get(self.strings.find(identity)? as usize)?;
        person.user.map(|role| self.strings.text(role))
    }

    /// Every user with a row of their own, with the service role.
    pub fn users(&self) -> Vec<Seat<'_>> {
        let mut users = Vec::new();
        for (identity, person) in (0..).zip(&self.people) {
            if let Some(role) = person.user {
                users.push(Seat { identity: self.strings.text(identity), role: self.strings.text(role) });
            }
        }
        users
    }

    /// Writes a user's own row, and returns whether that changed anything.
    pub fn set_user(&mut self, identity: &Arc<str>, role: &Arc<str>) -> bool {
        let [identity, role] = [identity, role].map(|text| self.strings.insert(text));
        self.person_mut(identity).user.replace(role) != Some(role)
    }

    /// Removes a user's own row; memberships stay.
    pub fn remove_user(&mut self, identity: &str) {
        if let Some(identity) = self.strings.find(identity) {
            self.person_mut(identity).user = None;
        }
    }

    /// Whether a row of a user, member or invite names the identity.
    pub fn is_known(&self, identity: &str) -> bool {
        let person = self.strings.find(identity).and_then(|identity| self.people.get(identity as usize));
        person.is_some_and(|person| person.is_known())
    }

    /// Every identity that such a row names.
    pub fn people(&self) -> Vec<&str> {
        let mut people = Vec::new();
        for (identity, person) in (0..).zip(&self.people) {
            if person.is_known() {
                people.push(self.strings.text(identity));
            }
        }
        people
    }

    fn person_mut(&mut self, identity: Id) -> &mut Person {
        let index = identity as usize;
        if self.people.len() <= index {
            self.people.resize(index + 1, Person::default());
        }
        &mut self.people[index]
    }

    // Channels.

    pub fn channel(&self, sid: &str) -> Option<&Channel> {
        self.channels.get(self.strings.find(sid)?)
    }

    pub fn channels(&self) -> Vec<&Channel> {
        self.channels.all()
    }

    /// The channel that a call names: by its SID, or by its unique name unless that has the form of a SID.
    pub fn find_channel(&self, name: &str) -> Option<&Channel> {
        self.channel(name).or_else(|| if is_sid(name) { None } else { self.channel_called(name) })
    }

    /// The channel with that unique name.
    pub fn channel_called(&self, unique_name: &str) -> Option<&Channel> {
        self.channels.get(*self.unique_names.get(&self.strings.find(unique_name)?)?)
    }

    /// Makes a channel known.
    pub fn add_channel(&mut self, sid: &Arc<str>) {
        self.channel_mut(sid);
    }

    fn channel_mut(&mut self, sid: &Arc<str>) -> &mut Channel {
        let id = self.strings.insert(sid);
        self.channels.get_or_insert(id, || Channel::new(self.strings.shared(id)))
    }

    /// Writes (or, with `None`, removes) what a channel's own row says. A unique name is taken from whoever had it before.
    pub fn set_details(&mut self, sid: &Arc<str>, details: Option<Details>) {
        let new_name = details.as_ref().and_then(|details| details.unique_name.clone());
        let channel = self.channel_mut(sid);
        let old_name = std::mem::replace(&mut channel.details, details).and_then(|details| details.unique_name);
        if old_name == new_name {
            return;
        }
        if let Some(old_name) = old_name {
            let old_name = self.strings.insert(&old_name);
            self.unique_names.remove(&old_name);
        }
        if let Some(new_name) = new_name {
            let [sid, new_name] = [sid, &new_name].map(|text| self.strings.insert(text));
            let before = self.unique_names.insert(new_name, sid);
            if let Some(details) = before.and_then(|before| self.channels.get_mut(before)?.details.as_mut()) {
                details.unique_name = None;
            }
        }
    }

    /// Removes a channel with everything in it. Returns whether it was known.
    pub fn remove_channel(&mut self, sid: &str) -> bool {
        let Some(sid) = self.channel(sid).map(|channel| Arc::clone(&channel.sid)) else { return false };
        self.set_details(&sid, None);
        for kind in Kind::ALL {
            self.remove_seats(kind, &sid);
        }
        let id = self.strings.insert(&sid);
        self.channels.remove(id);
        true
    }

    // Members and invites.

    /// The SID of somebody's role in a channel, or of the role that an invite brings; empty without one.
    pub fn seat(&self, kind: Kind, channel: &Channel, identity: &str) -> Option<&str> {
        let role = channel.seats(kind).get(&self.strings.find(identity)?)?;
        Some(self.strings.text(*role))
    }

    /// Everybody in a channel, or invited to it.
    pub fn seats<'d>(&'d self, kind: Kind, channel: &'d Channel) -> Vec<Seat<'d>> {
        let mut seats = Vec::new();
        for (identity, role) in channel.seats(kind) {
            seats.push(Seat { identity: self.strings.text(*identity), role: self.strings.text(*role) });
        }
        seats
    }

    /// Puts somebody into a channel, which ends an invite, or invites them. Makes the channel known.
    pub fn set_seat(&mut self, kind: Kind, channel: &Arc<str>, identity: &Arc<str>, role: &Arc<str>) -> SeatChange {
        let [identity, role] = [identity, role].map(|text| self.strings.insert(text));
        let channel = self.channel_mut(channel);
        let before = channel.seats_mut(kind).insert(identity, role);
        let ended_invite = kind == Kind::Member && channel.invites.remove(&identity).is_some();
        if before.is_none() {
            self.person_mut(identity).seats += 1;
        }
        if ended_invite {
            self.release_seat(identity);
        }
        SeatChange { same: before.map(|before| before == role), ended_invite }
    }

    /// Takes somebody out of a channel, or an invite back, and returns whether there was one. The channel stays known.
    pub fn remove_seat(&mut self, kind: Kind, channel: &str, identity: &str) -> bool {
        let [Some(channel), Some(identity)] = [channel, identity].map(|text| self.strings.find(text)) else { return false };
        let removed = self.channels.get_mut(channel).and_then(|channel| channel.seats_mut(kind).remove(&identity));
        if removed.is_some() {
            self.release_seat(identity);
        }
        removed.is_some()
    }

    /// Takes everybody out of a channel, or all invites back.
    fn remove_seats(&mut self, kind: Kind, channel: &Arc<str>) {
        for identity in std::mem::take(self.channel_mut(channel).seats_mut(kind)).into_keys() {
            self.release_seat(identity);
        }
    }

    fn release_seat(&mut self, identity: Id) {
        self.person_mut(identity).seats -= 1;
    }

    // Replacing members and invites.

    /// Takes members or invites out: of one channel or of all, of one person or of everybody.
    pub fn take_seats(&mut self, kind: Kind, channel: Option<&str>, identity: Option<&str>, taken: &mut TakenSeats) {
        let only = match identity.map(|identity| self.strings.find(identity)) {
            // Who is not known is nowhere.
            Some(None) => return,
            only => only.flatten(),
        };
        let sids: Vec<Arc<str>> = match channel {
            Some(channel) => vec![channel.into()],
            None => self.channels().into_iter().map(|channel| Arc::clone(&channel.sid)).collect(),
        };
        for sid in sids {
            let id = self.strings.insert(&sid);
            let Some(channel) = self.channels.get_mut(id) else { continue };
            let seats = channel.seats_mut(kind);
            let gone: Vec<(Id, Id)> = match only {
                None => std::mem::take(seats).into_iter().collect(),
                Some(identity) => seats.remove(&identity).map(|role| (identity, role)).into_iter().collect(),
            };
            for (identity, role) in gone {
                self.release_seat(identity);
                taken.of_mut(kind).get_or_insert(id, BTreeMap::new).insert(identity, role);
            }
        }
    }

    /// The role that somebody had in a channel before it was taken out.
    pub fn taken_role(&self, kind: Kind, taken: &TakenSeats, channel: &str, identity: &str) -> Option<&str> {
        let [channel, identity] = [channel, identity].map(|text| self.strings.find(text));
        Some(self.strings.text(*taken.of(kind).get(channel?)?.get(&identity?)?))
    }

    /// How many of those who were taken out have not come back.
    pub fn missing_seats(&self, kind: Kind, taken: &TakenSeats) -> u32 {
        let mut missing = 0;
        for (channel, seats) in taken.of(kind).iter() {
            let now = self.channels.get(channel).map(|channel| channel.seats(kind));
            for identity in seats.keys() {
                missing += u32::from(now.is_none_or(|now| !now.contains_key(identity)));
            }
        }
        missing
    }

    /// Frees the strings that nothing refers to any more, now and then: when there are twice as many strings as the last time,
    /// and most of them name nothing. Costs a copy of everything.
    pub fn tidy(&mut self) {
        if self.strings.len() < self.crowded {
            return;
        }
        let named = self.roles().len() + self.people().len() + self.channels().len() + self.unique_names.len();
        if named * 2 < self.strings.len() {
            *self = self.tidied();
        }
        self.crowded = CROWDED.max(2 * self.strings.len());
    }

    fn tidied(&self) -> Self {
        let mut tidy = Self { strings: self.strings.emptied(), ..Self::new(0) };
        for role in self.roles() {
            tidy.set_role(role.clone());
        }
        for user in self.users() {
            tidy.set_user(&user.identity.into(), &user.role.into());
        }
        for channel in self.channels() {
            tidy.set_details(&channel.sid, channel.details.clone());
            for kind in Kind::ALL {
                for seat in self.seats(kind, channel) {
                    tidy.set_seat(kind, &channel.sid, &seat.identity.into(), &seat.role.into());
                }
            }
        }
        tidy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything(directory: &Directory) -> Vec<String> {
        let mut rows: Vec<String> = directory.users().into_iter().map(|user| format!("user {user:?}")).collect();
        rows.extend(directory.people().into_iter().map(|identity| format!("known {identity}")));
        for channel in directory.channels() {
            rows.push(format!("channel {} {:?}", channel.sid, channel.details));
            let name = channel.unique_name().map(|name| directory.channel_called(name).map(|found| &found.sid));
            rows.push(format!("called {name:?}"));
            for kind in Kind::ALL {
                rows.extend(directory.seats(kind, channel).into_iter().map(|seat| format!("{kind:?} {seat:?}")));
            }
        }
        rows.sort();
        rows
    }

    fn called(name: &str) -> Details {
        Details { unique_name: Some(name.into()), ..Details::default() }
    }

    #[test]
    fn somebody_is_known_as_long_as_a_row_names_them() {
        type Step = fn(&mut Directory);
        let table: [(Step, bool); 9] = [
            (|directory| assert!(!directory.is_known("ada")), false),
            (|directory| assert!(directory.set_user(&"ada".into(), &"RL1".into())), true),
            (|directory| assert!(!directory.set_user(&"ada".into(), &"RL1".into())), true),
            (
                |directory| assert!(directory.set_seat(Kind::Member, &"CH1".into(), &"ada".into(), &"RL2".into()).is_change()),
                true,
            ),
            (
                |directory| assert!(!directory.set_seat(Kind::Member, &"CH1".into(), &"ada".into(), &"RL2".into()).is_change()),
                true,
            ),
            (|directory| directory.remove_user("ada"), true),
            (|directory| assert!(directory.set_seat(Kind::Invite, &"CH2".into(), &"ada".into(), &"".into()).is_change()), true),
            (|directory| assert!(directory.remove_channel("CH1")), true),
            (|directory| assert!(directory.remove_seat(Kind::Invite, "CH2", "ada")), false),
        ];
        let mut directory = Directory::new(1);
        for (at, (step, known)) in table.into_iter().enumerate() {
            step(&mut directory);
            assert_eq!(directory.is_known("ada"), known, "after step {at}");
        }
        assert!(directory.channel("CH2").is_some(), "the last one's leaving does not remove a channel");
    }

    #[test]
    fn one_channel_has_a_unique_name() {
        let mut directory = Directory::new(1);
        let sid = |directory: &Directory, name: &str| directory.find_channel(name).map(|channel| channel.sid.to_string());
        directory.set_details(&"CH1".into(), Some(called("desk")));
        assert_eq!(sid(&directory, "desk").as_deref(), Some("CH1"));
        directory.set_details(&"CH2".into(), Some(called("desk")));
        assert_eq!(sid(&directory, "desk").as_deref(), Some("CH2"));
        assert_eq!(directory.channel("CH1").and_then(Channel::unique_name), None);
        directory.set_details(&"CH2".into(), Some(called("other")));
        assert_eq!(sid(&directory, "desk"), None);
        directory.remove_channel("CH2");
        assert_eq!(sid(&directory, "other"), None);
        directory.set_details(&"CH3".into(), Some(called("CH1")));
        assert_eq!(sid(&directory, "CH1").as_deref(), Some("CH1"), "a SID comes first");
    }

    #[test]
    fn unused_strings_are_forgotten_and_nothing_else_is() {
        let mut directory = Directory::new(1);
        directory.set_details(&"CH1".into(), Some(called("desk")));
        directory.set_user(&"ada".into(), &"RL1".into());
        directory.set_seat(Kind::Member, &"CH1".into(), &"ada".into(), &"RL2".into());
        directory.set_seat(Kind::Invite, &"CH1".into(), &"ben".into(), &"".into());
        let before = everything(&directory);
        for number in 0..10_000 {
            let user = format!("user-{number}").into();
            directory.set_user(&user, &"RL1".into());
            directory.remove_user(&user);
            directory.tidy();
        }
        assert_eq!(everything(&directory), before);
        assert!(directory.strings.len() <= CROWDED);
    }
}
