//! Roles, users, channels, members and invites: what is known, and who refers to what.
//!
//! A row may name something that is not there (yet): a role that was deleted, a channel whose own row comes later. So
//! rows refer to each other by the texts that name them, and whether there is anything under a text is looked up.

use alloc::vec::Vec;

use crate::permission::{Permission, PermissionSet, Scope};
use crate::roster::{Roster, Settled};
use crate::text::Text;

/// What a role's own row says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    pub friendly_name: Text,
    pub scope: Scope,
    /// In the order in which they were given, so that what is written back is what was read.
    pub permissions: Vec<Permission>,
    /// Those of them that count: valid in the scope, and known to the dialect.
    pub granted: PermissionSet,
}

#[derive(Clone)]
pub(crate) struct Role {
    sid: Text,
    /// `None` once it is deleted.
    definition: Option<Definition>,
}

#[derive(Clone)]
pub(crate) struct Channel {
    pub sid: Text,
    /// What the channel's own row says; without one the channel is known from member and invite rows, as private.
    pub row: Option<ChannelRow>,
    pub rosters: [Roster; 2],
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ChannelRow {
    pub public: bool,
    pub created_by: Option<Text>,
}

/// Which of a channel's two rosters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Member,
    Invite,
}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Member, Kind::Invite];
}

impl Channel {
    pub fn roster(&self, kind: Kind) -> &Roster {
        &self.rosters[kind as usize]
    }

    fn is_known(&self) -> bool {
        self.row.is_some() || self.rosters.iter().any(|roster| !roster.is_empty())
    }
}

/// What a text names, as a role, as a channel and as somebody.
#[derive(Clone, Copy, Default)]
pub(crate) struct Entry {
    /// The place of the role plus one.
    role: u32,
    /// The place of the channel plus one.
    channel: u32,
    /// The number of the service role's SID plus one, where there is a user's own row.
    user: u32,
    /// How many member and invite rows name the identity.
    places: u32,
}

impl Entry {
    fn is_known(self) -> bool {
        self.user != 0 || self.places != 0
    }
}

/// Everything that is loaded. Nothing here fails.
#[derive(Clone, Default)]
pub(crate) struct Directory {
    /// At the place of each text's number what it names; those behind the last name nothing.
    entries: Vec<Entry>,
    roles: Vec<Role>,
    channels: Vec<Channel>,
}

/// The place of what comes next in a list, plus one.
fn next_of<T>(list: &[T]) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "four billion rows do not fit into memory")]
    let next = list.len() as u32 + 1;
    next
}

impl Directory {
    fn entry(&self, text: Text) -> Entry {
        self.entries.get(text.index()).copied().unwrap_or_default()
    }

    fn entry_mut(&mut self, text: Text) -> &mut Entry {
        if self.entries.len() <= text.index() {
            self.entries.resize(text.index() + 1, Entry::default());
        }
        &mut self.entries[text.index()]
    }

    /// What a role's own row says.
    pub fn role(&self, sid: Text) -> Option<&Definition> {
        let at = self.entry(sid).role.checked_sub(1)?;
        self.roles[at as usize].definition.as_ref()
    }

    /// Every role that has a row of its own, with its SID.
    pub fn roles(&self) -> Roles<'_> {
        Roles(self.roles.iter())
    }

    /// Writes (or, with `None`, deletes) a role's own row.
    pub fn define_role(&mut self, sid: Text, definition: Option<Definition>) {
        let next = next_of(&self.roles);
        let place = &mut self.entry_mut(sid).role;
        if *place == 0 {
            *place = next;
            self.roles.push(Role { sid, definition });
        } else {
            let at = *place as usize - 1;
            self.roles[at].definition = definition;
        }
    }

    /// The service role in a user's own row, empty where it has none.
    pub fn user(&self, identity: Text) -> Option<Text> {
        self.entry(identity).user.checked_sub(1).map(Text)
    }

    /// Writes (or, with `None`, deletes) a user's own row; memberships stay.
    pub fn set_user(&mut self, identity: Text, role: Option<Text>) {
        self.entry_mut(identity).user = role.map_or(0, |role| role.0 + 1);
    }

    /// Whether a row names the identity.
    pub fn is_known(&self, identity: Text) -> bool {
        self.entry(identity).is_known()
    }

    /// Every identity that a row names.
    pub fn people(&self) -> People<'_> {
        People { entries: &self.entries, next: 0 }
    }

    /// A channel that a row names.
    pub fn channel(&self, sid: Text) -> Option<&Channel> {
        let at = self.entry(sid).channel.checked_sub(1)?;
        Some(&self.channels[at as usize]).filter(|channel| channel.is_known())
    }

    /// Every channel that a row names.
    pub fn channels(&self) -> Channels<'_> {
        Channels(self.channels.iter())
    }

    /// The SIDs of all of them, held together.
    pub fn channel_sids(&self) -> Vec<Text> {
        self.channels().map(|channel| channel.sid).collect()
    }

    /// Deletes the own rows of roles but for some, and says of how many. Their SIDs may go on being referred to.
    pub fn remove_roles(&mut self, stays: &dyn Fn(Text) -> bool) -> u32 {
        let mut removed = 0;
        for role in &mut self.roles {
            if role.definition.is_some() && !stays(role.sid) {
                role.definition = None;
                removed += 1;
            }
        }
        removed
    }

    /// The same of users; memberships stay.
    pub fn remove_users(&mut self, stays: &dyn Fn(Text) -> bool) -> u32 {
        let mut removed = 0;
        for (number, entry) in (0..).zip(&mut self.entries) {
            if entry.user != 0 && !stays(Text(number)) {
                entry.user = 0;
                removed += 1;
            }
        }
        removed
    }

    /// The same of channels; members and invites stay.
    pub fn remove_channels(&mut self, stays: &dyn Fn(Text) -> bool) -> u32 {
        let mut removed = 0;
        for channel in &mut self.channels {
            if channel.row.is_some() && !stays(channel.sid) {
                channel.row = None;
                removed += 1;
            }
        }
        removed
    }

    /// How many bytes of memory is taken by what grows with it, about. Costs a look at each channel.
    pub fn bytes(&self) -> usize {
        let mut bytes = size_of::<Entry>() * self.entries.capacity();
        for channel in &self.channels {
            bytes += size_of::<Channel>() + channel.rosters.iter().map(Roster::bytes).sum::<usize>();
        }
        bytes
    }

    fn channel_mut(&mut self, sid: Text) -> &mut Channel {
        let next = next_of(&self.channels);
        let place = &mut self.entry_mut(sid).channel;
        if *place == 0 {
            *place = next;
            self.channels.push(Channel { sid, row: None, rosters: Default::default() });
        }
        let at = self.entry(sid).channel as usize - 1;
        &mut self.channels[at]
    }

    /// Writes (or, with `None`, deletes) a channel's own row; members and invites stay.
    pub fn set_channel(&mut self, sid: Text, row: Option<ChannelRow>) {
        self.channel_mut(sid).row = row;
    }

    /// Puts somebody into a channel and returns the role that was held there.
    pub fn enter(&mut self, kind: Kind, channel: Text, identity: Text, role: Text) -> Option<Text> {
        let old = self.channel_mut(channel).rosters[kind as usize].set(identity, role);
        self.entry_mut(identity).places += u32::from(old.is_none());
        old
    }

    /// Takes somebody out of a channel and returns whether there was a place.
    pub fn leave(&mut self, kind: Kind, channel: Text, identity: Text) -> bool {
        let left = self.channel_mut(channel).rosters[kind as usize].remove(identity).is_some();
        self.entry_mut(identity).places -= u32::from(left);
        left
    }

    /// Appends a row of a load; `settle` must follow. Returns whether it is the first of its channel.
    pub fn append(&mut self, kind: Kind, channel: Text, identity: Text, role: Text) -> bool {
        // Its entry is there from here on, so that settling makes none.
        self.entry_mut(identity);
        self.channel_mut(channel).rosters[kind as usize].append(identity, role)
    }

    /// Makes the rows appended to a channel count, and tells what became of each.
    pub fn settle(&mut self, kind: Kind, channel: Text, replace: bool, tell: &mut dyn FnMut(Settled)) {
        let mut roster = core::mem::take(&mut self.channel_mut(channel).rosters[kind as usize]);
        roster.settle(replace, &mut |identity, settled| {
            let places = &mut self.entry_mut(identity).places;
            match settled {
                Settled::Added => *places += 1,
                Settled::Removed => *places -= 1,
                Settled::Updated | Settled::Unchanged => {}
            }
            tell(settled);
        });
        self.channel_mut(channel).rosters[kind as usize] = roster;
    }

    /// The same with other numbers for the texts.
    #[cfg(not(feature = "standalone"))]
    pub fn renumbered(&self, number: &dyn Fn(Text) -> Text) -> Self {
        let mut other = Self::default();
        for (sid, definition) in self.roles() {
            let friendly_name = number(definition.friendly_name);
            other.define_role(number(sid), Some(Definition { friendly_name, ..definition.clone() }));
        }
        for identity in self.people() {
            other.set_user(number(identity), self.user(identity).map(number));
        }
        for channel in self.channels() {
            let row = channel.row.map(|row| ChannelRow { created_by: row.created_by.map(number), ..row });
            other.set_channel(number(channel.sid), row);
            for kind in Kind::ALL {
                for place in channel.roster(kind).iter() {
                    other.enter(kind, number(channel.sid), number(place.person), number(place.role));
                }
            }
        }
        other
    }

    /// Forgets what is deleted and named by nothing, and tells of each text that is needed still.
    pub fn tidy(&mut self, tell: &mut dyn FnMut(Text)) {
        self.roles.retain(|role| role.definition.is_some());
        self.channels.retain(Channel::is_known);
        for (number, entry) in (0..).zip(&mut self.entries) {
            (entry.role, entry.channel) = (0, 0);
            if entry.is_known() {
                tell(Text(number));
            }
            if let Some(role) = entry.user.checked_sub(1) {
                tell(Text(role));
            }
        }
        for at in 0..self.roles.len() {
            let Role { sid, definition } = &self.roles[at];
            let sid = *sid;
            tell(sid);
            if let Some(definition) = definition {
                tell(definition.friendly_name);
            }
            self.entry_mut(sid).role = next_of(&self.roles[..at]);
        }
        for at in 0..self.channels.len() {
            let channel = &self.channels[at];
            let sid = channel.sid;
            tell(sid);
            if let Some(creator) = channel.row.and_then(|row| row.created_by) {
                tell(creator);
            }
            for roster in &channel.rosters {
                for place in roster.iter() {
                    tell(place.role);
                }
            }
            self.entry_mut(sid).channel = next_of(&self.channels[..at]);
        }
    }
}

/// See [`Directory::roles`]. An iterator of its own, as the next two: adapters would be compiled anew wherever one is used.
pub(crate) struct Roles<'a>(core::slice::Iter<'a, Role>);

impl<'a> Iterator for Roles<'a> {
    type Item = (Text, &'a Definition);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let role = self.0.next()?;
            if let Some(definition) = &role.definition {
                return Some((role.sid, definition));
            }
        }
    }
}

/// See [`Directory::channels`].
pub(crate) struct Channels<'a>(core::slice::Iter<'a, Channel>);

impl<'a> Iterator for Channels<'a> {
    type Item = &'a Channel;

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let channel = self.0.next()?;
            if channel.is_known() {
                return Some(channel);
            }
        }
    }
}

/// See [`Directory::people`].
pub(crate) struct People<'a> {
    entries: &'a [Entry],
    next: u32,
}

impl Iterator for People<'_> {
    type Item = Text;

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let text = Text(self.next);
            let entry = self.entries.get(text.index())?;
            self.next += 1;
            if entry.is_known() {
                return Some(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, ChannelRow, Definition, Directory, Entry, Kind};
    use crate::permission::{Permission, PermissionSet, Scope};
    use crate::text::Text;

    /// All rows, with a number added to that of each text.
    fn rows(directory: &Directory, added: u32) -> Vec<String> {
        let number = |text: Text| text.0 + added;
        let mut rows = Vec::new();
        for (sid, role) in directory.roles() {
            let Definition { friendly_name, scope, permissions, granted } = role;
            rows.push(format!("role {} {} {scope:?} {permissions:?} {granted:?}", number(sid), number(*friendly_name)));
        }
        for identity in directory.people() {
            rows.push(format!("{} {:?}", number(identity), directory.user(identity).map(number)));
        }
        for channel in directory.channels() {
            let row = channel.row.map(|ChannelRow { public, created_by }| (public, created_by.map(number)));
            rows.push(format!("channel {} {row:?}", number(channel.sid)));
            for kind in Kind::ALL {
                for place in channel.roster(kind).iter() {
                    rows.push(format!("{kind:?} {} {}", number(place.person), number(place.role)));
                }
            }
        }
        rows.sort();
        rows
    }

    #[test]
    fn other_numbers_say_the_same() {
        let mut directory = Directory::default();
        for (sid, scope) in [(1, Scope::Service), (2, Scope::Channel)] {
            let permissions = Vec::from([Permission::at(3), Permission::at(25)]);
            let granted: PermissionSet = permissions.iter().copied().collect();
            directory.define_role(Text(sid), Some(Definition { friendly_name: Text(sid + 10), scope, permissions, granted }));
        }
        for (identity, role) in [(20, 1), (21, 9)] {
            directory.set_user(Text(identity), Some(Text(role)));
        }
        for (sid, public, created_by) in [(30, true, None), (31, false, Some(Text(20)))] {
            directory.set_channel(Text(sid), Some(ChannelRow { public, created_by }));
        }
        // The last channel has no row of its own, and the last person neither.
        for (kind, channel, person, role) in
            [(Kind::Member, 30, 20, 2), (Kind::Member, 31, 21, 2), (Kind::Invite, 31, 20, 9), (Kind::Invite, 32, 22, 2)]
        {
            directory.enter(kind, Text(channel), Text(person), Text(role));
        }
        let other = directory.renumbered(&|text| Text(text.0 + 100));
        assert_eq!(rows(&other, 0), rows(&directory, 100));
        assert_eq!(rows(&other, 0).len(), 12);
    }

    #[test]
    fn it_knows_how_much_memory_it_takes() {
        let mut directory = Directory::default();
        assert_eq!(directory.bytes(), 0);
        for number in 0..1000 {
            directory.append(Kind::Member, Text(number % 10), Text(number), Text::EMPTY);
        }
        for channel in directory.channel_sids() {
            // In another order, so that what is sorted is held as tight as it can be.
            directory.append(Kind::Member, channel, channel, Text::EMPTY);
            directory.settle(Kind::Member, channel, false, &mut |_| {});
        }
        let places = 8 * 1000;
        let entries = size_of::<Entry>() * directory.entries.capacity();
        assert_eq!(directory.bytes(), entries + 10 * size_of::<Channel>() + places);
    }
}
