//! Roles: what they are to the outside, and the four that a new service starts with.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::permission::{Permission, Scope};

/// A role as the REST API describes it, in the service's dialect.
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
    /// As given, in that order: what is out of scope or unknown is kept, and grants nothing built-in.
    pub permissions: Vec<String>,
}

/// A role that a new service has.
pub(crate) struct DefaultRole {
    pub friendly_name: &'static str,
    pub scope: Scope,
    pub permissions: &'static [Permission],
}

type P = Permission;

/// The four that the vendor's page “Roles and Permissions” lists, with exactly its permissions in its order.
pub(crate) const DEFAULT_ROLES: [DefaultRole; 4] = [
    DefaultRole {
        friendly_name: "Service Admin",
        scope: Scope::Service,
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
    DefaultRole {
        friendly_name: "Service User",
        scope: Scope::Service,
        permissions: &[P::CREATE_CHANNEL, P::EDIT_OWN_USER_INFO, P::JOIN_CHANNEL],
    },
    DefaultRole {
        friendly_name: "Channel Admin",
        scope: Scope::Channel,
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
    DefaultRole {
        friendly_name: "Channel User",
        scope: Scope::Channel,
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
