//! The second pass of a load: what was checked is applied, and nothing fails.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::dialect::Dialect;
use crate::directory::{Details, Directory, Kind, TakenSeats};
use crate::payload::{ChannelRow, MemberRow, OfService, Payload, Status, Whose};
use crate::role::{DefaultFor, Definition};
use crate::service::Service;
use crate::spelling::sorted;

use super::{LoadOptions, LoadReport, WarningCode};

/// The second pass: nothing here fails.
pub(super) struct Apply<'l> {
    pub service: &'l mut Service,
    pub payload: &'l Payload,
    pub options: &'l LoadOptions<'l>,
    /// The SID of the channel that the load is about.
    pub channel: Option<Rc<str>>,
    /// Whether each section that is there takes the place of what was there.
    pub replaces: bool,
    pub report: LoadReport,
    /// The members and invites that this load replaces, as they were.
    pub taken: TakenSeats,
    /// The channels that a replacing section of channels does not bring: the SID, and whether there was a row of its own.
    pub going: Vec<(String, bool)>,
    /// Whether the signed-in user is known and not named by a section of users that replaces all others.
    pub is_newcomer: bool,
}

impl Apply<'_> {
    pub fn run(&mut self, roles: Vec<Definition>) {
        self.apply_defaults();
        self.apply_roles(roles);
        self.apply_users();
        self.take_seats();
        self.apply_channels();
        let Payload { members, invites, .. } = self.payload;
        // Members first: whatever makes somebody a member ends the invite, and an invite of a member is left out.
        for (kind, sections) in [(Kind::Member, members), (Kind::Invite, invites)] {
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
        service.is_other_than(self.service.sid.as_deref(), self.payload)
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
                // The signed-in user is a newcomer again.
                if self.options.identity == Some(&*identity) {
                    self.is_newcomer = true;
                    continue;
                }
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
        let named = rows().filter(|row| !self.is_foreign(row.service)).filter_map(|row| match &row.listed.as_ref()?.whose {
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
                let had_row = self.directory().channel(&sid).is_some_and(|channel| channel.details.is_some());
                self.directory().set_details(&sid, None);
                self.going.push((sid, had_row));
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
        for (sid, had_row) in std::mem::take(&mut self.going) {
            if self.directory().channel(&sid).is_some_and(|channel| !channel.has_seats()) {
                self.directory().remove_channel(&sid);
                self.report.channels.removed += 1;
            } else {
                self.report.channels.updated += u32::from(had_row);
            }
        }
    }

    /// Gives the signed-in user the default service role where a section of users does not name them, as the services do at the
    /// first connection.
    fn add_newcomer(&mut self) {
        let Some(identity) = self.options.identity.filter(|_| !self.payload.users.is_empty()) else { return };
        let before: Option<String> = self.directory().user(identity).map(Into::into);
        if before.is_some() && !self.is_newcomer {
            return;
        }
        let role = self.service.defaults[DefaultFor::User as usize].clone();
        if role.is_none() {
            let message = format!("the service has no default role for a user, so “{identity}” gets none");
            self.report.warn(WarningCode::NoRole, "identity".into(), message);
        }
        let role = role.unwrap_or_default();
        self.directory().set_user(identity, &role);
        self.report.users.count(before.map(|before| *before == *role));
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
