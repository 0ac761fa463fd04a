//! The two services that share the model, and the two scopes of a role.

use serde::{Serialize, Serializer};

use crate::spelling::is_same_word;

/// The two services that share this model, as names for the same things.
///
/// Names of both dialects are accepted wherever something is read; what is written uses the service's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// Programmable Chat: channels, members, invites.
    #[default]
    Chat,
    /// Conversations, its successor: conversations, participants, no invites.
    Conversations,
}

impl Dialect {
    /// Both, in order.
    pub const ALL: [Dialect; 2] = [Dialect::Chat, Dialect::Conversations];

    /// `"chat"` or `"conversations"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::Chat => "chat",
            Dialect::Conversations => "conversations",
        }
    }

    /// The dialect of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// What the dialect calls a channel.
    pub(crate) const fn channel(self) -> &'static str {
        match self {
            Dialect::Chat => "channel",
            Dialect::Conversations => "conversation",
        }
    }

    /// What the dialect calls a member.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Dialect::Chat => "member",
            Dialect::Conversations => "participant",
        }
    }
}

/// What a role applies to: a user everywhere, or a member in one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Assigned to users. REST calls it `deployment` (Chat) or `service` (Conversations).
    Service,
    /// Assigned to members, per channel. REST calls it `channel` (Chat) or `conversation` (Conversations).
    Channel,
}

impl Scope {
    /// Both, in order.
    pub const ALL: [Scope; 2] = [Scope::Service, Scope::Channel];

    /// `"service"` or `"channel"`: the scope's own name, the same in both dialects.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Scope::Service => "service",
            Scope::Channel => "channel",
        }
    }

    /// How a role's `type` is written in REST.
    #[must_use]
    pub const fn role_type(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            (Scope::Service, Dialect::Chat) => "deployment",
            (Scope::Service, Dialect::Conversations) => "service",
            (Scope::Channel, Dialect::Chat) => "channel",
            (Scope::Channel, Dialect::Conversations) => "conversation",
        }
    }

    /// The scope that a role's `type` means, and the dialect that writes it so. In any case, with or without `_`: an enum
    /// of the vendor's Java library prints `CONVERSATION`.
    #[must_use]
    pub fn of_role_type(role_type: &str) -> Option<(Self, Dialect)> {
        Dialect::ALL.into_iter().find_map(|dialect| {
            let scope = Self::ALL.into_iter().find(|scope| is_same_word(scope.role_type(dialect), role_type))?;
            Some((scope, dialect))
        })
    }

    /// The scope of that name, or of that role type.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let scope = Self::ALL.into_iter().find(|scope| scope.name() == name);
        scope.or(Self::of_role_type(name).map(|(scope, _)| scope))
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
