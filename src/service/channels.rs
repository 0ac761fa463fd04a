//! Channels: making them, their state, removing them.

use serde::Serialize;

use std::sync::Arc;

use crate::channel::{State, channel_type, is_public, is_sid};
use crate::dialect::Dialect;
use crate::directory::{self, Details};
use crate::error::{Error, Problem, Result};

use super::Service;

/// A channel, or a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// Unique in the service.
    pub sid: String,
    /// A name that no other channel of the service has.
    pub unique_name: Option<String>,
    /// `"public"` or `"private"`. A conversation is always private.
    #[serde(rename = "type")]
    pub channel_type: &'static str,
    /// The creator's identity, `"system"`, or unknown.
    pub created_by: Option<String>,
    /// `"active"`, `"inactive"`, `"closed"`, `"initializing"`, or a word that was loaded and is no state: it counts as closed.
    pub state: String,
}

/// A new channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewChannel<'a> {
    /// Its SID.
    pub sid: &'a str,
    /// A name that no other channel has, and that does not look like a SID.
    pub unique_name: Option<&'a str>,
    /// `public` or `private`; private unless it is named. A conversation is always private.
    pub channel_type: Option<&'a str>,
    /// The creator's identity; `"system"` is what the services write where no user created it.
    pub created_by: Option<&'a str>,
    /// `active` unless it is named.
    pub state: Option<&'a str>,
}

impl Service {
    /// Makes a channel. Nobody is in it yet, not even its creator, who may see and join it.
    ///
    /// # Errors
    ///
    /// `invalid-sid`, `duplicate-channel` (also for the unique name of another one), `invalid-name`, `invalid-channel-type`,
    /// `no-counterpart` (a public conversation), `invalid-identity`, `invalid-state`.
    pub fn create_channel(&mut self, new: &NewChannel) -> Result<()> {
        let error = |problem: Problem, path: &str| Err(Error::from(problem).at(path));
        if new.sid.is_empty() {
            return error(Problem::EmptySid, "sid");
        }
        // One that only members' rows name, or that nothing but its SID is known of, gets its own row here.
        if self.directory.channel(new.sid).is_some_and(|channel| channel.details.is_some()) {
            return error(Problem::DuplicateChannel(new.sid.into()), "sid");
        }
        match new.unique_name {
            Some("") => return error(Problem::EmptyName, "uniqueName"),
            Some(name) if is_sid(name) => return error(Problem::NameLikeSid(name.into()), "uniqueName"),
            Some(name) if self.directory.channel_called(name).is_some() => {
                return error(Problem::DuplicateUniqueName(name.into()), "uniqueName");
            }
            _ => {}
        }
        let public = match new.channel_type {
            None => false,
            Some(name) => match is_public(name) {
                Some(true) if self.dialect() == Dialect::Conversations => return error(Problem::AlwaysPrivate, "type"),
                Some(public) => public,
                None => return error(Problem::NoChannelType(name.into()), "type"),
            },
        };
        if new.created_by == Some("") {
            return error(Problem::EmptyIdentity, "createdBy");
        }
        let state = new.state.map_or(Ok(State::Active), state_named)?;
        let shared = |text: Option<&str>| text.map(Into::into);
        let (unique_name, created_by) = (shared(new.unique_name), shared(new.created_by));
        self.directory.set_details(&new.sid.into(), Some(Details { public, unique_name, created_by, state }));
        self.done(true);
        Ok(())
    }

    /// Sets a channel's state. In a closed one, or one that is still initialising, hardly anything is allowed.
    ///
    /// # Errors
    ///
    /// `unknown-channel`, `invalid-state`.
    pub fn set_channel_state(&mut self, channel: &str, state: &str) -> Result<()> {
        let channel = self.need_channel(channel)?;
        let state = state_named(state)?;
        let is_change = *channel.state() != state;
        let (sid, details) = (Arc::clone(&channel.sid), channel.details.clone().unwrap_or_default());
        if is_change {
            self.directory.set_details(&sid, Some(Details { state, ..details }));
        }
        self.done(is_change);
        Ok(())
    }

    /// Removes a channel, with its members and invites. Returns whether it was known.
    pub fn remove_channel(&mut self, channel: &str) -> bool {
        let sid = self.directory.find_channel(channel).map(|channel| channel.sid.to_string());
        let removed = sid.is_some_and(|sid| self.directory.remove_channel(&sid));
        self.done(removed);
        removed
    }

    /// The channels, also those that only the row of a member or an invite names.
    #[must_use]
    pub fn channels(&self) -> Vec<Channel> {
        let describe = |channel: &directory::Channel| Channel {
            sid: channel.sid.to_string(),
            unique_name: channel.unique_name().map(Into::into),
            channel_type: channel_type(channel.is_public()),
            created_by: channel.created_by().map(Into::into),
            state: channel.state().name().into(),
        };
        self.directory.channels().into_iter().map(describe).collect()
    }

    /// The channel that a call names, by its SID or its unique name.
    pub(super) fn need_channel(&self, name: &str) -> Result<&directory::Channel> {
        let unknown = || Error::from(Problem::UnknownChannel(name.into())).at("channel");
        self.directory.find_channel(name).ok_or_else(unknown)
    }
}

fn state_named(name: &str) -> Result<State> {
    State::named(name).ok_or_else(|| Error::from(Problem::NoState(name.into())).at("state"))
}
