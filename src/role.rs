//! The four roles that a new service starts with.

use crate::permission::{Permission, Scope};
use crate::text::Text;

/// A role that a new service has.
pub(crate) struct DefaultRole {
    pub friendly_name: Text,
    pub scope: Scope,
    pub permissions: &'static [Permission],
}

type P = Permission;

/// The four that the vendor's page “Roles and Permissions” lists, with exactly its permissions in its order.
pub(crate) static DEFAULT_ROLES: [DefaultRole; 4] = [
    DefaultRole {
        friendly_name: Text::of("Service Admin"),
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
        friendly_name: Text::of("Service User"),
        scope: Scope::Service,
        permissions: &[P::CREATE_CHANNEL, P::EDIT_OWN_USER_INFO, P::JOIN_CHANNEL],
    },
    DefaultRole {
        friendly_name: Text::of("Channel Admin"),
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
        friendly_name: Text::of("Channel User"),
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
