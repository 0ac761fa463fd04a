//! The vendor's tables, written down a second time: permissions, actions, default roles, words.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Chat,
    Conversations,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Service,
    Channel,
}

/// Chat's name, Conversations' name, the scopes in which it counts.
pub const PERMISSIONS: [(&str, &str, &str); 23] = [
    ("createChannel", "createConversation", "service"),
    ("joinChannel", "joinConversation", "service"),
    ("destroyChannel", "deleteConversation", "service channel"),
    ("editChannelName", "editConversationName", "service channel"),
    ("editChannelAttributes", "editConversationAttributes", "service channel"),
    ("addMember", "addParticipant", "service channel"),
    ("addNonChatParticipant", "addNonChatParticipant", "service channel"),
    ("inviteMember", "", "service channel"),
    ("removeMember", "removeParticipant", "service channel"),
    ("editAnyMemberAttributes", "editAnyParticipantAttributes", "service channel"),
    ("editOwnMemberAttributes", "editOwnParticipantAttributes", "service channel"),
    ("editAnyMessage", "editAnyMessage", "service channel"),
    ("editOwnMessage", "editOwnMessage", "service channel"),
    ("deleteAnyMessage", "deleteAnyMessage", "service channel"),
    ("deleteOwnMessage", "deleteOwnMessage", "service channel"),
    ("editAnyMessageAttributes", "editAnyMessageAttributes", "service channel"),
    ("editOwnMessageAttributes", "editOwnMessageAttributes", "service channel"),
    ("editAnyUserInfo", "editAnyUserInfo", "service channel"),
    ("editOwnUserInfo", "editOwnUserInfo", "service channel"),
    ("leaveChannel", "leaveConversation", "channel"),
    ("sendMessage", "sendMessage", "channel"),
    ("sendMediaMessage", "sendMediaMessage", "channel"),
    ("editNotificationLevel", "editNotificationLevel", "channel"),
];

/// Chat's name, Conversations' name, the permission that suffices, the one that suffices for one's own, what else it takes.
pub const ACTIONS: [(&str, &str, &str, &str, &str); 19] = [
    ("createChannel", "createConversation", "createChannel", "", ""),
    ("viewChannel", "viewConversation", "joinChannel", "", "view"),
    ("joinChannel", "joinConversation", "joinChannel", "", "join"),
    ("leaveChannel", "leaveConversation", "leaveChannel", "", "member"),
    ("destroyChannel", "deleteConversation", "destroyChannel", "", ""),
    ("editChannelName", "editConversationName", "editChannelName", "", ""),
    ("editChannelAttributes", "editConversationAttributes", "editChannelAttributes", "", ""),
    ("inviteMember", "", "inviteMember", "", ""),
    ("addMember", "addParticipant", "addMember", "", ""),
    ("addNonChatParticipant", "addNonChatParticipant", "addNonChatParticipant", "", ""),
    ("removeMember", "removeParticipant", "removeMember", "", ""),
    ("editMemberAttributes", "editParticipantAttributes", "editAnyMemberAttributes", "editOwnMemberAttributes", ""),
    ("sendMessage", "sendMessage", "sendMessage", "", "member"),
    ("sendMediaMessage", "sendMediaMessage", "sendMediaMessage", "", "member"),
    ("editMessage", "editMessage", "editAnyMessage", "editOwnMessage", ""),
    ("deleteMessage", "deleteMessage", "deleteAnyMessage", "deleteOwnMessage", ""),
    ("editMessageAttributes", "editMessageAttributes", "editAnyMessageAttributes", "editOwnMessageAttributes", ""),
    ("editUserInfo", "editUserInfo", "editAnyUserInfo", "editOwnUserInfo", ""),
    ("editNotificationLevel", "editNotificationLevel", "editNotificationLevel", "", "member"),
];

/// What a new Chat service has: friendly name, type, permissions, and for whom it is the default.
pub const NEW_ROLES: [(&str, &str, &str, &[&str]); 4] = [
    (
        "Service Admin",
        "deployment",
        "createChannel joinChannel destroyChannel editChannelAttributes editChannelName addMember inviteMember removeMember \
         editAnyMemberAttributes editAnyMessage deleteAnyMessage editAnyMessageAttributes editAnyUserInfo",
        &[],
    ),
    ("Service User", "deployment", "createChannel editOwnUserInfo joinChannel", &["user"]),
    (
        "Channel Admin",
        "channel",
        "addMember deleteAnyMessage destroyChannel editAnyMessage editAnyMessageAttributes editAnyMemberAttributes \
         editChannelAttributes editChannelName editNotificationLevel inviteMember leaveChannel removeMember sendMediaMessage \
         sendMessage",
        &["creator"],
    ),
    (
        "Channel User",
        "channel",
        "deleteOwnMessage editOwnMessage editOwnMessageAttributes editOwnMemberAttributes leaveChannel sendMediaMessage \
         sendMessage editNotificationLevel",
        &["member"],
    ),
];

/// 64 permissions in all, and as many actions.
pub const MOST_OWN_PERMISSIONS: usize = 41;
pub const MOST_OWN_ACTIONS: usize = 45;

/// For whom there is a default, and what a payload calls it: in Chat, in Conversations.
pub const DEFAULTS: [(&str, Scope, &str, &str); 3] = [
    ("user", Scope::Service, "default_service_role_sid", "default_chat_service_role_sid"),
    ("member", Scope::Channel, "default_channel_role_sid", "default_conversation_role_sid"),
    ("creator", Scope::Channel, "default_channel_creator_role_sid", "default_conversation_creator_role_sid"),
];

/// Chat's name of a permission that was named in either dialect; an application's own stays as it is.
pub fn permission(name: &str) -> &str {
    PERMISSIONS.iter().find(|row| row.0 == name || row.1 == name && !name.is_empty()).map_or(name, |row| row.0)
}

pub fn built_in(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    PERMISSIONS.iter().find(|row| row.0 == permission(name))
}

pub fn counts_in(name: &str, scope: Scope) -> bool {
    let word = if scope == Scope::Service { "service" } else { "channel" };
    built_in(name).is_none_or(|row| row.2.split(' ').any(|valid| valid == word))
}

pub fn scope_of(role_type: &str) -> Option<Scope> {
    match role_type {
        "deployment" | "service" => Some(Scope::Service),
        "channel" | "conversation" => Some(Scope::Channel),
        _ => None,
    }
}

/// Whether a word means the one that is written in small letters: `NOT_PARTICIPATING`, `notParticipating`.
fn is_word(word: &str, known: &str) -> bool {
    let plain = |word: &str| word.replace('_', "").to_ascii_lowercase();
    plain(word) == plain(known)
}

/// The known word that a payload's word means.
pub fn word(word: &str, known: &[&'static str]) -> Option<&'static str> {
    known.iter().find(|one| is_word(word, one)).copied()
}

pub const ROLE_TYPES: [&str; 4] = ["deployment", "service", "channel", "conversation"];
pub const CHANNEL_TYPES: [&str; 2] = ["public", "private"];
pub const STATES: [&str; 4] = ["active", "inactive", "closed", "initializing"];
pub const STATUSES: [&str; 3] = ["joined", "invited", "not_participating"];

/// Actions that the channel's state does not forbid.
pub const OPEN_WHEN_CLOSED: [&str; 4] = ["createChannel", "viewChannel", "destroyChannel", "editUserInfo"];

/// `CH` and 32 hexadecimal digits: no unique name.
pub fn has_sid_form(name: &str) -> bool {
    name.len() == 34 && name.starts_with("CH") && name[2..].chars().all(|digit| digit.is_ascii_hexdigit())
}
