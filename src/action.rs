//! The actions a user interface asks about, and what each of them needs.
//!
//! The only place where an action's name is written.

use crate::permission::{Dialect, Permission};

/// An action: one of the 19 built-in ones, or one that the application defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Action(u8);

/// What an action needs beside a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nothing more.
    Anywhere,
    /// To be a member of the channel.
    Member,
    /// To see the channel: as a member, as someone invited, or because it is public (only this last way takes the permission).
    View,
    /// Not to be a member yet, and a channel that is public or to which one is invited.
    Join,
}

/// What makes an action allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Suffices, whoever owns the thing acted on.
    pub any: Permission,
    /// Suffices when the user owns it. An action that has this needs to be told the owner.
    pub own: Option<Permission>,
    pub place: Place,
}

macro_rules! actions {
    ($($chat:literal $conversations:literal $place:ident $any:ident $($own:ident)?;)*) => {
        /// The names of each, as Chat says and as Conversations does: empty for what it has not.
        pub(crate) const NAMES: [[&str; 2]; [$($chat),*].len()] = [$([$chat, $conversations],)*];

        /// What each needs. Apart from the names, which WebAssembly has not.
        static RULES: [Rule; NAMES.len()] =
            [$(Rule { any: Permission::$any, own: actions!(@own $($own)?), place: Place::$place },)*];
    };
    (@own) => { None };
    (@own $own:ident) => { Some(Permission::$own) };
}

actions! {
    "createChannel" "createConversation" Anywhere CREATE_CHANNEL;
    "viewChannel" "viewConversation" View JOIN_CHANNEL;
    "joinChannel" "joinConversation" Join JOIN_CHANNEL;
    "leaveChannel" "leaveConversation" Member LEAVE_CHANNEL;
    "destroyChannel" "deleteConversation" Anywhere DESTROY_CHANNEL;
    "editChannelName" "editConversationName" Anywhere EDIT_CHANNEL_NAME;
    "editChannelAttributes" "editConversationAttributes" Anywhere EDIT_CHANNEL_ATTRIBUTES;
    "inviteMember" "" Anywhere INVITE_MEMBER;
    "addMember" "addParticipant" Anywhere ADD_MEMBER;
    "addNonChatParticipant" "addNonChatParticipant" Anywhere ADD_NON_CHAT_PARTICIPANT;
    "removeMember" "removeParticipant" Anywhere REMOVE_MEMBER;
    "editMemberAttributes" "editParticipantAttributes" Anywhere EDIT_ANY_MEMBER_ATTRIBUTES EDIT_OWN_MEMBER_ATTRIBUTES;
    "sendMessage" "sendMessage" Member SEND_MESSAGE;
    "sendMediaMessage" "sendMediaMessage" Member SEND_MEDIA_MESSAGE;
    "editMessage" "editMessage" Anywhere EDIT_ANY_MESSAGE EDIT_OWN_MESSAGE;
    "deleteMessage" "deleteMessage" Anywhere DELETE_ANY_MESSAGE DELETE_OWN_MESSAGE;
    "editMessageAttributes" "editMessageAttributes" Anywhere EDIT_ANY_MESSAGE_ATTRIBUTES EDIT_OWN_MESSAGE_ATTRIBUTES;
    "editUserInfo" "editUserInfo" Anywhere EDIT_ANY_USER_INFO EDIT_OWN_USER_INFO;
    "editNotificationLevel" "editNotificationLevel" Member EDIT_NOTIFICATION_LEVEL;
}

impl Action {
    /// How many actions are built in.
    pub const COUNT: usize = NAMES.len();

    /// How many more an application may define: a set of actions is one 64-bit word.
    pub const OWN_LIMIT: usize = 64 - Self::COUNT;

    /// The built-in actions, in the table's order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self::at)
    }

    /// The built-in action of that name, in either dialect.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().position(|names| !name.is_empty() && names.contains(&name)).map(Self::at)
    }

    /// Its name in a dialect; `None` where that dialect has no such action.
    ///
    /// An action that an application defined has no name here: its service knows it.
    #[must_use]
    pub fn name(self, dialect: Dialect) -> Option<&'static str> {
        Some(NAMES.get(self.index())?[dialect as usize]).filter(|name| !name.is_empty())
    }

    /// Whether a built-in action asks whose the thing acted on is.
    #[must_use]
    pub fn is_owned(self) -> bool {
        RULES.get(self.index()).is_some_and(|rule| rule.own.is_some())
    }

    pub(crate) fn rule(self) -> Option<Rule> {
        RULES.get(self.index()).copied()
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    #[expect(clippy::cast_possible_truncation, reason = "an index is below 64")]
    pub(crate) const fn at(index: usize) -> Self {
        Self(index as u8)
    }
}

/// A set of actions, one bit each: what somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ActionSet(u64);

impl ActionSet {
    /// Whether the action is in it.
    #[must_use]
    pub const fn contains(self, action: Action) -> bool {
        self.0 >> action.0 & 1 == 1
    }

    /// The bits, action 0 lowest.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn insert(&mut self, action: Action) {
        self.0 |= 1 << action.0;
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, ActionSet, NAMES};

    #[test]
    fn an_action_is_found_by_its_name_in_either_dialect() {
        for (place, names) in NAMES.iter().enumerate() {
            for name in names.iter().filter(|name| !name.is_empty()) {
                assert_eq!(Action::named(name), Some(Action::at(place)), "{name}");
            }
        }
        for name in ["", "sendmessage", "sendMessage ", "constructor"] {
            assert_eq!(Action::named(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_set_has_a_bit_for_each_action() {
        let mut set = ActionSet::default();
        for (place, bits) in [(0, 1), (3, 9), (3, 9), (63, 9 | 1 << 63)] {
            set.insert(Action::at(place));
            assert_eq!(set.bits(), bits);
            assert!(set.contains(Action::at(place)) && !set.contains(Action::at(2)));
        }
    }
}
