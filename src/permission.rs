//! The 23 permissions of the two services: names in both dialects, and scopes.
//!
//! The only place where a permission's name is written. Everything else (TypeScript unions, tables, the page) is
//! generated from this table.

/// The two services that share this model, as names for the same things.
///
/// Both dialects' names are accepted wherever something is read; what is written uses the service's own.
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

    /// How a role's `type` says it in REST.
    #[must_use]
    pub const fn role_type(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            (Scope::Service, Dialect::Chat) => "deployment",
            (Scope::Service, Dialect::Conversations) => "service",
            (Scope::Channel, Dialect::Chat) => "channel",
            (Scope::Channel, Dialect::Conversations) => "conversation",
        }
    }

    /// The scope that a role's `type` means, and the dialect that writes it so.
    #[must_use]
    pub fn of_role_type(role_type: &str) -> Option<(Self, Dialect)> {
        Dialect::ALL.into_iter().find_map(|dialect| {
            let scope = Self::ALL.into_iter().find(|scope| scope.role_type(dialect) == role_type)?;
            Some((scope, dialect))
        })
    }
}

/// A permission: one of the 23 built-in ones, or one of a service's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission(u8);

macro_rules! permissions {
    ($($constant:ident $chat:literal $conversations:literal $service:literal $channel:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u8)]
        enum Position { $($constant,)* }

        impl Permission {
            $(#[doc = concat!("`", $chat, "`")] pub const $constant: Self = Self(Position::$constant as u8);)*
        }

        /// The names of each, as Chat says and as Conversations does: empty for what it has not.
        pub(crate) const NAMES: [[&str; 2]; [$($chat),*].len()] = [$([$chat, $conversations],)*];

        /// Whether each is valid at service scope, and at channel scope. Apart from the names, which WebAssembly has not.
        static VALID: [[bool; 2]; NAMES.len()] = [$([$service, $channel],)*];
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
    pub const COUNT: usize = NAMES.len();

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
        Self::all().find(|permission| !name.is_empty() && NAMES[permission.index()].contains(&name))
    }

    /// Its name in a dialect; `None` where that dialect has no such permission.
    ///
    /// An application's own permission has no name here: its service knows it.
    #[must_use]
    pub fn name(self, dialect: Dialect) -> Option<&'static str> {
        Some(NAMES.get(self.index())?[dialect as usize]).filter(|name| !name.is_empty())
    }

    /// Whether a role of that scope can grant it. An application's own permission counts in both scopes.
    #[must_use]
    pub fn is_valid_in(self, scope: Scope) -> bool {
        VALID.get(self.index()).is_none_or(|scopes| scopes[scope as usize])
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    #[expect(clippy::cast_possible_truncation, reason = "an index is below 64")]
    pub(crate) const fn at(index: usize) -> Self {
        Self(index as u8)
    }

    /// The permission of an application at that place among its own.
    #[expect(clippy::cast_possible_truncation, reason = "a place is below OWN_LIMIT")]
    pub(crate) const fn own(place: usize) -> Self {
        Self((Self::COUNT + place) as u8)
    }

    /// Its place among an application's own permissions, if it is one.
    pub(crate) const fn own_place(self) -> Option<usize> {
        self.index().checked_sub(Self::COUNT)
    }
}

/// A set of permissions, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
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

    #[test]
    fn a_set_holds_each_permission_once_and_in_order() {
        let table: [(&[usize], &[usize]); 5] =
            [(&[], &[]), (&[0], &[0]), (&[5, 0, 5], &[0, 5]), (&[63, 22, 23, 62], &[22, 23, 62, 63]), (&[1, 2, 1, 2], &[1, 2])];
        for (places, held) in table {
            let set: PermissionSet = places.iter().map(|place| Permission::at(*place)).collect();
            let mut inserted = PermissionSet::EMPTY;
            for place in places {
                inserted.insert(Permission::at(*place));
            }
            assert_eq!(set, inserted);
            assert_eq!(set.iter().map(Permission::index).collect::<Vec<_>>(), held);
            let (one, other) = places.split_at(places.len() / 2);
            let of = |places: &[usize]| places.iter().map(|place| Permission::at(*place)).collect::<PermissionSet>();
            assert_eq!(of(one).union(of(other)), set);
        }
    }

    #[test]
    fn each_is_found_by_its_names_and_by_no_other() {
        const NO_NAMES: [&str; 5] = ["", "Chat", "sendmessage", "deployment ", "constructor"];
        for dialect in Dialect::ALL {
            assert_eq!(Dialect::named(dialect.name()), Some(dialect));
            for scope in Scope::ALL {
                assert_eq!(Scope::of_role_type(scope.role_type(dialect)), Some((scope, dialect)));
            }
        }
        for (place, names) in NAMES.iter().enumerate() {
            for name in names.iter().filter(|name| !name.is_empty()) {
                assert_eq!(Permission::named(name), Some(Permission::at(place)), "{name}");
            }
        }
        for name in NO_NAMES {
            assert_eq!(
                (Dialect::named(name), Scope::of_role_type(name), Permission::named(name)),
                (None, None, None),
                "{name:?}"
            );
        }
    }
}
