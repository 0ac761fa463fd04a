//! The second pass of a load: what was checked is applied, and nothing fails.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::dialect::Dialect;
use crate::directory::{Details, Directory, Kind, TakenSeats};
use crate::payload::{ChannelRow, MemberRow, Payload, Row, Section, Status, Whose};
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
    pub channel: Option<Arc<str>>,
    /// Whether each section that is there takes the place of what was there.
    pub replaces: bool,
    pub report: LoadReport,
    /// The members and invites that this load replaces, as they were.
    pub taken: TakenSeats,
    /// The channels that a replacing section of channels does not bring: the SID, and whether there was a row of its own.
    pub going: Vec<(Arc<str>, bool)>,
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
        for (kind, rows) in [(Kind::Member, members), (Kind::Invite, invites)] {
            for row in rows {
                self.apply_seat(kind, row);
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

    /// Whether this load brings all rows of a section, in place of what was there.
    fn replaces(&self, section: Section) -> bool {
        self.replaces && self.payload.has(section)
    }

    fn apply_defaults(&mut self) {
        if self.replaces(Section::Service) {
            self.service.defaults = Default::default();
        }
        for row in &self.payload.service {
            for (default, sid) in self.service.defaults.iter_mut().zip(&row.defaults) {
                if let Some(sid) = sid {
                    *default = Some(Arc::clone(sid));
                }
            }
        }
    }

    fn apply_roles(&mut self, roles: Vec<Definition>) {
        if self.replaces(Section::Roles) {
            let known = self.service.directory.roles().into_iter().map(|role| &*role.sid).collect();
            for sid in gone(known, &mut roles.iter().map(|role| &*role.sid)) {
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
        if self.replaces(Section::Users) {
            let known = self.service.directory.users().into_iter().map(|user| user.identity).collect();
            for identity in gone(known, &mut payload.users.iter().map(|row| &*row.identity)) {
                // The signed-in user is a newcomer again.
                if self.options.identity == Some(&*identity) {
                    self.is_newcomer = true;
                    continue;
                }
                self.directory().remove_user(&identity);
                self.report.users.removed += 1;
            }
        }
        for row in &payload.users {
            let role = row.role.clone().unwrap_or_default();
            let same = self.directory().user(&row.identity).map(|old| *old == *role);
            self.directory().set_user(&row.identity, &role);
            self.report.users.count(same);
        }
    }

    /// Takes out the members and invites that this load replaces.
    fn take_seats(&mut self) {
        if !self.options.replace {
            return;
        }
        let payload = self.payload;
        let channel = self.channel.clone();
        for (kind, section) in [(Kind::Member, Section::Members), (Kind::Invite, Section::Invites)] {
            if payload.has(section) {
                self.service.directory.take_seats(kind, channel.as_deref(), None, &mut self.taken);
            }
        }
        if !self.replaces(Section::Channels) {
            return;
        }
        let signed_in = self.options.identity;
        let listed = payload.channels.iter().filter_map(|row| match &row.listed.as_ref()?.whose {
            Whose::Identity(identity) => Some(&**identity),
            Whose::Unnamed => signed_in,
            Whose::Phone => None,
        });
        let whose = sorted(&mut listed.chain(signed_in.filter(|_| payload.is_empty_list)));
        for identity in whose {
            for kind in Kind::ALL {
                self.service.directory.take_seats(kind, None, Some(identity), &mut self.taken);
            }
        }
    }

    fn apply_channels(&mut self) {
        let payload = self.payload;
        // A user's own list never takes the place of all channels.
        let resets = self.replaces(Section::Channels) && !payload.has_list_rows;
        let mut reset = BTreeSet::new();
        if resets {
            let known = self.service.directory.channels().into_iter().map(|channel| &*channel.sid).collect();
            // Before the rows are applied, so that a unique name may go from a channel that is gone to a new one.
            for sid in gone(known, &mut payload.channels.iter().map(|row| &*row.sid)) {
                let sid: Arc<str> = sid.into();
                let had_row = self.directory().channel(&sid).is_some_and(|channel| channel.details.is_some());
                self.directory().set_details(&sid, None);
                self.going.push((sid, had_row));
            }
        }
        for row in &payload.channels {
            self.apply_channel(row, resets && reset.insert(&*row.sid));
            let Some(listed) = &row.listed else { continue };
            match (&listed.whose, self.options.identity) {
                (Whose::Identity(identity), _) => self.apply_listed(&row.sid, identity, &listed.status),
                (Whose::Unnamed, Some(identity)) => self.apply_listed(&row.sid, &identity.into(), &listed.status),
                (Whose::Phone, _) => self.report.members.skipped += 1,
                (Whose::Unnamed, None) => {}
            }
        }
    }

    /// Adds or updates a channel. `resets`: what is known of it does not count.
    fn apply_channel(&mut self, row: &Row<ChannelRow>, resets: bool) {
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
            self.report.warn(WarningCode::MovedName, self.payload.field(row.at, "unique_name"), message);
        }
        let same = old.map(|old| old == new);
        directory.add_channel(&row.sid);
        directory.set_details(&row.sid, new);
        self.report.channels.count(same);
    }

    /// How a user stands to a channel, by the user's own list. The role that is known stays.
    fn apply_listed(&mut self, channel: &Arc<str>, identity: &Arc<str>, status: &Status) {
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
                self.put(kind, &row.channel, identity, &row.role.clone().unwrap_or_default());
            }
            _ => self.report.seats(kind).skipped += 1,
        }
    }

    /// The role that somebody has in a channel, or had before this load took it out.
    fn known_role(&self, kind: Kind, channel: &str, identity: &str) -> Option<Arc<str>> {
        let directory = &self.service.directory;
        let role = directory.channel(channel).and_then(|channel| directory.seat(kind, channel, identity));
        role.or_else(|| directory.taken_role(kind, &self.taken, channel, identity)).map(Into::into)
    }

    fn put(&mut self, kind: Kind, channel: &Arc<str>, identity: &Arc<str>, role: &Arc<str>) {
        let directory = &mut self.service.directory;
        let change = directory.set_seat(kind, channel, identity, role);
        let taken = || Some(directory.taken_role(kind, &self.taken, channel, identity)? == &**role);
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
        let Some(identity) = self.options.identity.filter(|_| self.payload.has(Section::Users)) else { return };
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
        self.directory().set_user(&identity.into(), &role);
        self.report.users.count(before.map(|before| *before == *role));
    }
}

/// What is known and not named: what a replacing section removes.
fn gone(mut known: Vec<&str>, named: &mut dyn Iterator<Item = &str>) -> Vec<String> {
    let named = sorted(named);
    known.retain(|known| !named.contains(known));
    known.into_iter().map(Into::into).collect()
}

/// What a channel's row makes of what is known. A field that is missing, null or empty leaves it.
fn updated(known: Details, row: &ChannelRow, is_chat: bool) -> Details {
    Details {
        // A conversation is always private.
        public: row.public.unwrap_or(known.public) && is_chat,
        unique_name: row.unique_name.clone().or(known.unique_name),
        created_by: row.created_by.clone().or(known.created_by),
        state: row.state.clone().unwrap_or(known.state),
    }
}
