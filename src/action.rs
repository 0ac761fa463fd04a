//! The actions a user interface asks about: names, words, and what each of them requires.
//!
//! The only place where an action's name is written.

use crate::dialect::Dialect;
use crate::permission::Permission;

/// An action: one of the 19 built-in ones, or one that the application defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Action(u8);

/// What an action requires beside a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requires {
    /// Nothing more.
    Nothing,
    /// To be a member of the channel.
    Membership,
    /// To see the channel: as a member, as somebody invited, as its creator, or because it is public (only this last way takes
    /// the permission).
    Visible,
    /// Not to be a member yet, and a channel that is public, that one is invited to, or that one created.
    Joinable,
}

/// What makes an action allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Suffices, whoever owns the thing acted on.
    pub any: Permission,
    /// Suffices when the user owns it. An action with such a permission needs to know the owner.
    pub own: Option<Permission>,
    pub requires: Requires,
    /// Also in a channel that is closed or not initialised yet.
    pub when_closed: bool,
}

/// A row of the table.
struct Row {
    /// The names in Chat and in Conversations: empty for what the dialect has not.
    names: [&'static str; 2],
    rule: Rule,
    /// What a sentence calls it, in both dialects. `@` stands for the name of the channel.
    words: [&'static str; 2],
    things: &'static Things,
}

/// What sentences say of the things that actions with an owner act on.
pub(crate) struct Things {
    /// That one is somebody's: the identity follows.
    pub belongs_to: &'static str,
    /// That nobody knows whose one is.
    pub unknown: &'static str,
    /// Those of other people.
    pub others: &'static str,
}

/// Those that the application's own actions act on, too.
static THINGS: Things =
    Things { belongs_to: "it belongs to", unknown: "its owner is not known", others: "other people’s things" };
static MESSAGES: Things = Things { others: "other people’s messages", ..THINGS };
static ATTRIBUTES: Things =
    Things { belongs_to: "that is", unknown: "it is not known who that is", others: "other people’s attributes" };
static PROFILES: Things = Things { others: "other people’s profiles", ..ATTRIBUTES };

macro_rules! actions {
    ($($chat:literal $conversations:literal $requires:ident $any:ident $($own:ident of $things:ident)?, $closed:ident, $words:literal $words_too:literal;)*) => {
        static TABLE: [Row; [$($chat),*].len()] = [$(Row {
            names: [$chat, $conversations],
            rule: Rule {
                any: Permission::$any,
                own: actions!(@own $($own)?),
                requires: Requires::$requires,
                when_closed: actions!(@closed $closed),
            },
            words: [$words, $words_too],
            things: actions!(@things $($things)?),
        },)*];
    };
    (@own) => { None };
    (@own $own:ident) => { Some(Permission::$own) };
    (@things) => { &THINGS };
    (@things $things:ident) => { &$things };
    (@closed open) => { false };
    (@closed always) => { true };
}

// `open`: only while the channel is neither closed nor initialising.
actions! {
    "createChannel" "createConversation" Nothing CREATE_CHANNEL, always,
        "create a channel" "create a conversation";
    "viewChannel" "viewConversation" Visible JOIN_CHANNEL, always,
        "see the channel @" "see the conversation @";
    "joinChannel" "joinConversation" Joinable JOIN_CHANNEL, open,
        "join the channel @" "join the conversation @";
    "leaveChannel" "leaveConversation" Membership LEAVE_CHANNEL, open,
        "leave the channel @" "leave the conversation @";
    "destroyChannel" "deleteConversation" Nothing DESTROY_CHANNEL, always,
        "delete the channel @" "delete the conversation @";
    "editChannelName" "editConversationName" Nothing EDIT_CHANNEL_NAME, open,
        "rename the channel @" "rename the conversation @";
    "editChannelAttributes" "editConversationAttributes" Nothing EDIT_CHANNEL_ATTRIBUTES, open,
        "change the attributes of the channel @" "change the attributes of the conversation @";
    "inviteMember" "" Nothing INVITE_MEMBER, open,
        "invite somebody to the channel @" "invite somebody to the conversation @";
    "addMember" "addParticipant" Nothing ADD_MEMBER, open,
        "add a member to the channel @" "add a participant to the conversation @";
    "addNonChatParticipant" "addNonChatParticipant" Nothing ADD_NON_CHAT_PARTICIPANT, open,
        "add somebody by phone to the channel @" "add somebody by phone to the conversation @";
    "removeMember" "removeParticipant" Nothing REMOVE_MEMBER, open,
        "remove a member from the channel @" "remove a participant from the conversation @";
    "editMemberAttributes" "editParticipantAttributes" Nothing
        EDIT_ANY_MEMBER_ATTRIBUTES EDIT_OWN_MEMBER_ATTRIBUTES of ATTRIBUTES, open,
        "change the attributes of this member in @" "change the attributes of this participant in @";
    "sendMessage" "sendMessage" Membership SEND_MESSAGE, open,
        "send a message in @" "send a message in @";
    "sendMediaMessage" "sendMediaMessage" Membership SEND_MEDIA_MESSAGE, open,
        "send media in @" "send media in @";
    "editMessage" "editMessage" Nothing EDIT_ANY_MESSAGE EDIT_OWN_MESSAGE of MESSAGES, open,
        "edit this message in @" "edit this message in @";
    "deleteMessage" "deleteMessage" Nothing DELETE_ANY_MESSAGE DELETE_OWN_MESSAGE of MESSAGES, open,
        "delete this message in @" "delete this message in @";
    "editMessageAttributes" "editMessageAttributes" Nothing
        EDIT_ANY_MESSAGE_ATTRIBUTES EDIT_OWN_MESSAGE_ATTRIBUTES of MESSAGES, open,
        "change the attributes of this message in @" "change the attributes of this message in @";
    "editUserInfo" "editUserInfo" Nothing EDIT_ANY_USER_INFO EDIT_OWN_USER_INFO of PROFILES, always,
        "edit this user’s profile" "edit this user’s profile";
    "editNotificationLevel" "editNotificationLevel" Membership EDIT_NOTIFICATION_LEVEL, open,
        "change the notification level in @" "change the notification level in @";
}

impl Action {
    /// How many actions are built in.
    pub const COUNT: usize = TABLE.len();

    /// How many more an application may define: a set of actions is one 64-bit word.
    pub const OWN_LIMIT: usize = 64 - Self::COUNT;

    /// The built-in actions, in the table's order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self::at)
    }

    /// The built-in action of that name, in either dialect.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().position(|row| !name.is_empty() && row.names.contains(&name)).map(Self::at)
    }

    /// Its name in a dialect; `None` where that dialect has no such action.
    ///
    /// An action that an application defined has no name here: its service knows it.
    #[must_use]
    pub fn name(self, dialect: Dialect) -> Option<&'static str> {
        Some(TABLE.get(self.index())?.names[dialect as usize]).filter(|name| !name.is_empty())
    }

    /// Whether a built-in action needs to know the owner of the thing acted on.
    #[must_use]
    pub fn is_owned(self) -> bool {
        self.rule().is_some_and(|rule| rule.own.is_some())
    }

    pub(crate) fn rule(self) -> Option<Rule> {
        Some(TABLE.get(self.index())?.rule)
    }

    /// What a sentence calls it; `@` stands for the name of the channel.
    pub(crate) fn words(self, dialect: Dialect) -> Option<&'static str> {
        Some(TABLE.get(self.index())?.words[dialect as usize])
    }

    /// What sentences say of the things that it acts on.
    pub(crate) fn things(self) -> &'static Things {
        TABLE.get(self.index()).map_or(&THINGS, |row| row.things)
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
    use super::*;

    #[test]
    fn each_is_found_by_its_names_and_by_no_other() {
        let mut found = 0;
        for action in Action::all() {
            for name in Dialect::ALL.into_iter().filter_map(|dialect| action.name(dialect)) {
                assert_eq!(Action::named(name), Some(action), "{name}");
                found += 1;
            }
        }
        assert_eq!(found, 2 * Action::COUNT - 1, "inviteMember has no counterpart");
        for name in ["", "sendmessage", "sendMessage ", "constructor"] {
            assert_eq!(Action::named(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_set_has_a_bit_for_each_action() {
        let mut set = ActionSet::default();
        for (index, bits) in [(0, 1), (3, 9), (3, 9), (63, 9 | 1 << 63)] {
            set.insert(Action::at(index));
            assert_eq!(set.bits(), bits);
            assert!(set.contains(Action::at(index)) && !set.contains(Action::at(2)));
        }
    }
}
