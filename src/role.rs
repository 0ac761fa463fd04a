//! Roles: what one grants, how the REST API describes it, and the four that a new service starts with.

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::{Dialect, Scope};
use crate::permission::{Permission, PermissionSet};

/// A role, as the REST API describes it, in the service's dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// `RL` and 32 hexadecimal digits, or whatever the application's back end uses.
    pub sid: String,
    /// 1 to 64 characters; not necessarily unique.
    pub friendly_name: String,
    /// `deployment` or `channel` in Chat, `service` or `conversation` in Conversations.
    #[serde(rename = "type")]
    pub role_type: &'static str,
    /// As loaded, in that order: what is out of scope or unknown is kept, and grants nothing built-in.
    pub permissions: Vec<String>,
}

/// A role by its names: in an explanation, one that grants a permission or would grant it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleName {
    /// The role's SID.
    pub sid: String,
    /// The role's friendly name.
    pub friendly_name: String,
    /// Whether users have it, or members.
    pub scope: Scope,
}

/// A new role.
#[derive(Clone, Debug)]
pub struct NewRole<'a> {
    /// 1 to 64 characters.
    pub friendly_name: &'a str,
    /// The role's `type`, in either dialect.
    pub role_type: &'a str,
    /// At least one, each valid in the role's scope.
    pub permissions: &'a [&'a str],
    /// The role's SID; without one it gets `RL` and 32 hexadecimal digits.
    pub sid: Option<&'a str>,
}

/// A deleted role, and how many users and members still refer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeletedRole {
    /// The role as it was.
    pub role: Role,
    /// Users who now have no service role.
    pub users: u32,
    /// Members who now have no channel role.
    pub members: u32,
}

/// What the directory keeps of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    pub sid: Arc<str>,
    pub friendly_name: Arc<str>,
    pub scope: Scope,
    /// In the order in which they came, so that what is written back is what was read.
    pub permissions: Vec<Permission>,
    /// Those of them that count: valid in the scope, and known to the dialect.
    pub granted: PermissionSet,
}

impl Definition {
    /// A role whose permissions are each held once, and count where they are valid in the scope and the dialect has them.
    pub fn new(sid: Arc<str>, friendly_name: Arc<str>, scope: Scope, dialect: Dialect, permissions: &[Permission]) -> Self {
        let mut each = Vec::with_capacity(permissions.len());
        let mut seen = PermissionSet::EMPTY;
        for permission in permissions.iter().copied() {
            if !seen.contains(permission) {
                seen.insert(permission);
                each.push(permission);
            }
        }
        let counts = |permission: &Permission| permission.is_valid_in(scope) && permission.is_in(dialect);
        let granted = each.iter().copied().filter(counts).collect();
        Self { sid, friendly_name, scope, permissions: each, granted }
    }

    pub fn name(&self) -> RoleName {
        RoleName { sid: self.sid.to_string(), friendly_name: self.friendly_name.to_string(), scope: self.scope }
    }
}

/// One of the three roles that somebody gets where none is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DefaultFor {
    /// A new user's service role.
    User,
    /// A new member's channel role.
    Member,
    /// The channel role of a channel's creator.
    Creator,
}

impl DefaultFor {
    /// All three.
    pub const ALL: [DefaultFor; 3] = [DefaultFor::User, DefaultFor::Member, DefaultFor::Creator];

    /// `"user"`, `"member"` or `"creator"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            DefaultFor::User => "user",
            DefaultFor::Member => "member",
            DefaultFor::Creator => "creator",
        }
    }

    /// The default of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|default| default.name() == name)
    }

    pub(crate) const fn scope(self) -> Scope {
        match self {
            DefaultFor::User => Scope::Service,
            DefaultFor::Member | DefaultFor::Creator => Scope::Channel,
        }
    }
}

/// A role that a new service has.
pub(crate) struct InitialRole {
    pub friendly_name: &'static str,
    pub scope: Scope,
    /// For whom it is the default.
    pub default_for: Option<DefaultFor>,
    pub permissions: &'static [Permission],
}

type P = Permission;

/// The four that the vendor's page “Roles and Permissions” lists, with exactly its permissions in its order.
pub(crate) static INITIAL_ROLES: [InitialRole; 4] = [
    InitialRole {
        friendly_name: "Service Admin",
        scope: Scope::Service,
        default_for: None,
        permissions: &[
            P::CREATE_CHANNEL,
            P::JOIN_CHANNEL,
            P::DESTROY_CHANNEL,
            P::EDIT_CHANNEL_ATTRIBUTES,
            P::EDIT_CHANNEL_NAME,
            P::ADD_MEMBER,
            P::INVITE_MEMBER,
            P::REMOVE_MEMBER,
            P::EDIT_ANY_MEMBER_ATTRIBUTES,
            P::EDIT_ANY_MESSAGE,
            P::DELETE_ANY_MESSAGE,
            P::EDIT_ANY_MESSAGE_ATTRIBUTES,
            P::EDIT_ANY_USER_INFO,
        ],
    },
    InitialRole {
        friendly_name: "Service User",
        scope: Scope::Service,
        default_for: Some(DefaultFor::User),
        permissions: &[P::CREATE_CHANNEL, P::EDIT_OWN_USER_INFO, P::JOIN_CHANNEL],
    },
    InitialRole {
        friendly_name: "Channel Admin",
        scope: Scope::Channel,
        default_for: Some(DefaultFor::Creator),
        permissions: &[
            P::ADD_MEMBER,
            P::DELETE_ANY_MESSAGE,
            P::DESTROY_CHANNEL,
            P::EDIT_ANY_MESSAGE,
            P::EDIT_ANY_MESSAGE_ATTRIBUTES,
            P::EDIT_ANY_MEMBER_ATTRIBUTES,
            P::EDIT_CHANNEL_ATTRIBUTES,
            P::EDIT_CHANNEL_NAME,
            P::EDIT_NOTIFICATION_LEVEL,
            P::INVITE_MEMBER,
            P::LEAVE_CHANNEL,
            P::REMOVE_MEMBER,
            P::SEND_MEDIA_MESSAGE,
            P::SEND_MESSAGE,
        ],
    },
    InitialRole {
        friendly_name: "Channel User",
        scope: Scope::Channel,
        default_for: Some(DefaultFor::Member),
        permissions: &[
            P::DELETE_OWN_MESSAGE,
            P::EDIT_OWN_MESSAGE,
            P::EDIT_OWN_MESSAGE_ATTRIBUTES,
            P::EDIT_OWN_MEMBER_ATTRIBUTES,
            P::LEAVE_CHANNEL,
            P::SEND_MEDIA_MESSAGE,
            P::SEND_MESSAGE,
            P::EDIT_NOTIFICATION_LEVEL,
        ],
    },
];
