//! Users, members and invites: what happened to whom. None of these calls asks for a permission.

use serde::Serialize;

use crate::decision::is_creator;
use crate::dialect::Dialect;
use crate::directory::Kind;
use crate::error::{Error, Problem, Result};
use crate::role::DefaultFor;

use super::Service;

/// A user: an identity and its service role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Unique in the service.
    pub identity: String,
    /// Empty for a row that came without a role.
    pub role_sid: String,
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

impl Service {
    /// Adds a user, or changes the user's service role. Without a role: the default one.
    ///
    /// # Errors
    ///
    /// `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`, `no-default-role`.
    pub fn set_user(&mut self, identity: &str, role: Option<&str>) -> Result<()> {
        check_identity(identity)?;
        let role = self.role_or_default(role, &[DefaultFor::User])?;
        let is_change = self.directory.set_user(&identity.into(), &role);
        self.done(is_change);
        Ok(())
    }

    /// Removes a user, also from every channel. Costs a look into each channel. Returns whether there was anything.
    pub fn remove_user(&mut self, identity: &str) -> bool {
        let was_known = self.directory.is_known(identity);
        if was_known {
            let channels: Vec<String> = self.directory.channels().into_iter().map(|channel| channel.sid.to_string()).collect();
            for channel in &channels {
                for kind in Kind::ALL {
                    self.directory.remove_seat(kind, channel, identity);
                }
            }
            self.directory.remove_user(identity);
        }
        self.done(was_known);
        was_known
    }

    /// Makes somebody a member, as the SDK's `join` does: with the role of their invite, else with the creator's default role if
    /// they created the channel, else with the member's default role. Ends the invite. For a member: nothing.
    ///
    /// # Errors
    ///
    /// `unknown-channel`, `invalid-identity`, `no-default-role`.
    pub fn join_channel(&mut self, channel: &str, identity: &str) -> Result<()> {
        check_identity(identity)?;
        let channel = self.need_channel(channel)?;
        if self.directory.seat(Kind::Member, channel, identity).is_some() {
            return Ok(());
        }
        let (sid, role) = (channel.sid.to_string(), self.role_of_newcomer(channel, identity)?);
        self.put(Kind::Member, &sid, identity, &role);
        Ok(())
    }

    /// Puts a member into a channel, which ends an invite, or changes the member's role. Without a role a member keeps theirs,
    /// and anybody else gets the one of [`Service::join_channel`].
    ///
    /// # Errors
    ///
    /// `unknown-channel`, `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`, `no-default-role`.
    pub fn set_member(&mut self, channel: &str, identity: &str, role: Option<&str>) -> Result<()> {
        if role.is_none() {
            return self.join_channel(channel, identity);
        }
        check_identity(identity)?;
        let sid = self.need_channel(channel)?.sid.to_string();
        let role = self.role_or_default(role, &[DefaultFor::Member])?;
        self.put(Kind::Member, &sid, identity, &role);
        Ok(())
    }

    /// Takes a member out of a channel, which stays known. Returns whether there was one.
    pub fn remove_member(&mut self, channel: &str, identity: &str) -> bool {
        self.remove(Kind::Member, channel, identity)
    }

    /// Invites somebody to a channel, with the role that the member will have. Without a role: the member's default one. For a
    /// member: nothing.
    ///
    /// # Errors
    ///
    /// As [`Service::set_member`], and `no-counterpart` in Conversations, which has no invites.
    pub fn invite(&mut self, channel: &str, identity: &str, role: Option<&str>) -> Result<()> {
        if self.dialect() == Dialect::Conversations {
            return Err(Problem::NoInvites.into());
        }
        check_identity(identity)?;
        let channel = self.need_channel(channel)?;
        let (sid, is_member) = (channel.sid.to_string(), self.directory.seat(Kind::Member, channel, identity).is_some());
        let role = self.role_or_default(role, &[DefaultFor::Member])?;
        if !is_member {
            self.put(Kind::Invite, &sid, identity, &role);
        }
        Ok(())
    }

    /// Makes a member of somebody invited, with the role of the invite; for one without a role as [`Service::join_channel`].
    ///
    /// # Errors
    ///
    /// `unknown-channel`, `unknown-invite`, `no-default-role`.
    pub fn accept_invite(&mut self, channel: &str, identity: &str) -> Result<()> {
        let channel = self.need_channel(channel)?;
        if self.directory.seat(Kind::Invite, channel, identity).is_none() {
            return Err(Problem::UnknownInvite { channel: channel.name().into(), identity: identity.into() }.into());
        }
        let (sid, role) = (channel.sid.to_string(), self.role_of_newcomer(channel, identity)?);
        self.put(Kind::Member, &sid, identity, &role);
        Ok(())
    }

    /// Withdraws an invite. Returns whether there was one.
    pub fn decline_invite(&mut self, channel: &str, identity: &str) -> bool {
        self.remove(Kind::Invite, channel, identity)
    }

    /// The users, in no particular order.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        let users = self.directory.users().into_iter();
        users.map(|user| User { identity: user.identity.into(), role_sid: user.role.into() }).collect()
    }

    /// The members of a channel; none of one that is not known.
    #[must_use]
    pub fn members(&self, channel: &str) -> Vec<Member> {
        self.seats(Kind::Member, channel)
    }

    /// The invites to a channel; none to one that is not known.
    #[must_use]
    pub fn invites(&self, channel: &str) -> Vec<Member> {
        self.seats(Kind::Invite, channel)
    }

    fn seats(&self, kind: Kind, channel: &str) -> Vec<Member> {
        let Some(channel) = self.directory.find_channel(channel) else { return Vec::new() };
        let seats = self.directory.seats(kind, channel).into_iter();
        let member = |seat: crate::directory::Seat| Member {
            channel_sid: channel.sid.to_string(),
            identity: seat.identity.into(),
            role_sid: seat.role.into(),
        };
        seats.map(member).collect()
    }

    /// The role with which somebody who is no member comes in: that of the invite, else the creator's for the creator, else the
    /// member's.
    fn role_of_newcomer(&self, channel: &crate::directory::Channel, identity: &str) -> Result<String> {
        match self.directory.seat(Kind::Invite, channel, identity) {
            Some(role) if !role.is_empty() => Ok(role.into()),
            _ if is_creator(channel, identity) => {
                self.role_or_default(None, &[DefaultFor::Creator, DefaultFor::Member]).map(|role| role.to_string())
            }
            _ => self.role_or_default(None, &[DefaultFor::Member]).map(|role| role.to_string()),
        }
    }

    fn put(&mut self, kind: Kind, sid: &str, identity: &str, role: &str) {
        let is_change = self.directory.set_seat(kind, &sid.into(), &identity.into(), &role.into()).is_change();
        self.done(is_change);
    }

    fn remove(&mut self, kind: Kind, channel: &str, identity: &str) -> bool {
        let sid = self.directory.find_channel(channel).map(|channel| channel.sid.to_string());
        let removed = sid.is_some_and(|sid| self.directory.remove_seat(kind, &sid, identity));
        self.done(removed);
        removed
    }

    /// Counts a change, and forgets strings that are not used any more.
    pub(super) fn done(&mut self, is_change: bool) {
        self.changed(is_change);
        self.directory.tidy();
    }
}

fn check_identity(identity: &str) -> Result<()> {
    if identity.is_empty() { Err(Error::from(Problem::EmptyIdentity).at("identity")) } else { Ok(()) }
}
