//! The 23 permissions of the two services: names in both dialects, and scopes.
//!
//! The only place where a permission's name is written. Everything else (TypeScript unions, tables, the page) is
//! generated from this table.

use crate::dialect::{Dialect, Scope};

/// A permission: one of the 23 built-in ones, or one of a service's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission(u8);

/// A row of the table.
struct Row {
    /// The names in Chat and in Conversations: empty for what the dialect has not.
    names: [&'static str; 2],
    /// Whether it is valid at service scope, and at channel scope.
    valid: [bool; 2],
}

macro_rules! permissions {
    ($($constant:ident $chat:literal $conversations:literal $service:literal $channel:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u8)]
        enum Position { $($constant,)* }

        impl Permission {
            $(#[doc = concat!("`", $chat, "`")] pub const $constant: Self = Self(Position::$constant as u8);)*
        }

        static TABLE: [Row; [$($chat),*].len()] =
            [$(Row { names: [$chat, $conversations], valid: [$service, $channel] },)*];
    };
}

// The union of what the two public role references list; service scope, then channel scope.
permissions! {
    CREATE_CHANNEL "createChannel" "createConversation" true false;
    JOIN_CHANNEL "joinChannel" "joinConversation" true false;
    DESTROY_CHANNEL "destroyChannel" "deleteConversation" true true;
    EDIT_CHANNEL_NAME "editChannelName" "editConversationName" true true;
    EDIT_CHANNEL_ATTRIBUTES "editChannelAttributes" "editConversationAttributes" true true;
    ADD_MEMBER "addMember" "addParticipant" true true;
    ADD_NON_CHAT_PARTICIPANT "addNonChatParticipant" "addNonChatParticipant" true true;
    INVITE_MEMBER "inviteMember" "" true true;
    REMOVE_MEMBER "removeMember" "removeParticipant" true true;
    EDIT_ANY_MEMBER_ATTRIBUTES "editAnyMemberAttributes" "editAnyParticipantAttributes" true true;
    EDIT_OWN_MEMBER_ATTRIBUTES "editOwnMemberAttributes" "editOwnParticipantAttributes" true true;
    EDIT_ANY_MESSAGE "editAnyMessage" "editAnyMessage" true true;
    EDIT_OWN_MESSAGE "editOwnMessage" "editOwnMessage" true true;
    DELETE_ANY_MESSAGE "deleteAnyMessage" "deleteAnyMessage" true true;
    DELETE_OWN_MESSAGE "deleteOwnMessage" "deleteOwnMessage" true true;
    EDIT_ANY_MESSAGE_ATTRIBUTES "editAnyMessageAttributes" "editAnyMessageAttributes" true true;
    EDIT_OWN_MESSAGE_ATTRIBUTES "editOwnMessageAttributes" "editOwnMessageAttributes" true true;
    EDIT_ANY_USER_INFO "editAnyUserInfo" "editAnyUserInfo" true true;
    EDIT_OWN_USER_INFO "editOwnUserInfo" "editOwnUserInfo" true true;
    LEAVE_CHANNEL "leaveChannel" "leaveConversation" false true;
    SEND_MESSAGE "sendMessage" "sendMessage" false true;
    SEND_MEDIA_MESSAGE "sendMediaMessage" "sendMediaMessage" false true;
    EDIT_NOTIFICATION_LEVEL "editNotificationLevel" "editNotificationLevel" false true;
}

impl Permission {
    /// How many permissions are built in.
    pub const COUNT: usize = TABLE.len();

    /// How many more an application may have of its own: a set of permissions is one 64-bit word.
    pub const OWN_LIMIT: usize = 64 - Self::COUNT;

    /// The built-in permissions, in the table's order.
    pub fn all() -> impl Iterator<Item = Self> {
        #[expect(clippy::cast_possible_truncation, reason = "the table has 23 rows")]
        (0..Self::COUNT as u8).map(Self)
    }

    /// The built-in permission of that name, in either dialect.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let is_named = |permission: &Self| {
            let [chat, conversations] = TABLE[permission.index()].names;
            chat == name || conversations == name
        };
        // The empty name stands for a permission that Conversations has not.
        Self::all().find(is_named).filter(|_| !name.is_empty())
    }

    /// Its name in a dialect; `None` where that dialect has no such permission.
    ///
    /// An application's own permission has no name here: its service knows it.
    #[must_use]
    pub fn name(self, dialect: Dialect) -> Option<&'static str> {
        Some(TABLE.get(self.index())?.names[dialect as usize]).filter(|name| !name.is_empty())
    }

    /// Whether a role of that scope can grant it. An application's own permission counts in both scopes.
    #[must_use]
    pub fn is_valid_in(self, scope: Scope) -> bool {
        TABLE.get(self.index()).is_none_or(|row| row.valid[scope as usize])
    }

    /// Whether a dialect has it at all. Both have an application's own.
    pub(crate) fn is_in(self, dialect: Dialect) -> bool {
        self.own_index().is_some() || self.name(dialect).is_some()
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    /// The permission of an application at that index among its own.
    #[expect(clippy::cast_possible_truncation, reason = "an index is below OWN_LIMIT")]
    pub(crate) const fn own(index: usize) -> Self {
        Self((Self::COUNT + index) as u8)
    }

    /// Its index among an application's own permissions, if it is one.
    pub(crate) const fn own_index(self) -> Option<usize> {
        self.index().checked_sub(Self::COUNT)
    }
}

/// A set of permissions, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// Nothing.
    pub const EMPTY: Self = Self(0);

    /// Whether the permission is in it.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 >> permission.0 & 1 == 1
    }

    pub(crate) fn insert(&mut self, permission: Permission) {
        self.0 |= 1 << permission.0;
    }

    /// Everything that is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one is in both.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The permissions in it, in the table's order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        (0..64).map(Permission).filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | 1 << permission.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(indexes: &[u8]) -> PermissionSet {
        indexes.iter().copied().map(Permission).collect()
    }

    #[test]
    fn a_set_holds_each_permission_once_and_in_order() {
        let table: [(&[u8], &[u8]); 5] =
            [(&[], &[]), (&[0], &[0]), (&[5, 0, 5], &[0, 5]), (&[63, 22, 23, 62], &[22, 23, 62, 63]), (&[1, 2, 1, 2], &[1, 2])];
        for (indexes, held) in table {
            let mut inserted = PermissionSet::EMPTY;
            for index in indexes {
                inserted.insert(Permission(*index));
            }
            assert_eq!(set(indexes), inserted);
            assert_eq!(inserted.iter().map(|permission| permission.0).collect::<Vec<_>>(), held);
            let (one, other) = indexes.split_at(indexes.len() / 2);
            assert_eq!(set(one).union(set(other)), inserted);
        }
    }

    #[test]
    fn each_is_found_by_its_names_and_by_no_other() {
        let mut found = 0;
        for permission in Permission::all() {
            for name in Dialect::ALL.into_iter().filter_map(|dialect| permission.name(dialect)) {
                assert_eq!(Permission::named(name), Some(permission), "{name}");
                found += 1;
            }
        }
        assert_eq!(found, 2 * Permission::COUNT - 1, "inviteMember has no counterpart");
        for name in ["", "Chat", "sendmessage", "sendMessage ", "constructor"] {
            assert_eq!(Permission::named(name), None, "{name:?}");
        }
    }
}
