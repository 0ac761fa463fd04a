//! The names of fields: the only place where they are written.

use super::Section;
use super::source::Field;

/// The sections in the order in which they are read, by Chat's name and by Conversations'.
pub(super) static SECTIONS: [(Section, Field); 7] = [
    (Section::Service, &["service", "configuration"]),
    (Section::Actions, &["actions"]),
    (Section::Roles, &["roles"]),
    (Section::Users, &["users"]),
    (Section::Channels, &["channels", "conversations"]),
    (Section::Members, &["members", "participants"]),
    (Section::Invites, &["invites"]),
];

/// Where a page of the vendor's Node library, and one of its client SDK, keep their rows.
pub(super) static INSTANCES: Field = &["instances"];
pub(super) static ITEMS: Field = &["items"];

// Of a snapshot.
pub(super) static VERSION: Field = &["rolecall"];
pub(super) static DIALECT: Field = &["dialect"];
pub(super) static ACTION: Field = &["action"];
pub(super) static ANY: Field = &["any"];
pub(super) static OWN: Field = &["own"];
pub(super) static MEMBER_ONLY: Field = &["member_only"];
pub(super) static WHEN_CLOSED: Field = &["when_closed"];

// Of several resources.
pub(super) static SID: Field = &["sid"];
pub(super) static IDENTITY: Field = &["identity"];
pub(super) static ROLE_SID: Field = &["role_sid"];
pub(super) static SERVICE_SID: Field = &["service_sid", "chat_service_sid", "instance_sid"];

// Of roles.
pub(super) static FRIENDLY_NAME: Field = &["friendly_name"];
pub(super) static TYPE: Field = &["type"];
pub(super) static PERMISSIONS: Field = &["permissions"];

// Of channels, in their own rows and in those of a user's own list.
pub(super) static OWN_SID: Field = &["sid", "channel_sid", "conversation_sid"];
pub(super) static CHANNEL_TYPE: Field = &["type", "channel_type", "conversation_type"];
pub(super) static UNIQUE_NAME: Field = &["unique_name", "channel_unique_name", "conversation_unique_name"];
pub(super) static CREATED_BY: Field = &["created_by", "channel_created_by", "conversation_created_by"];
pub(super) static STATE: Field = &["state", "channel_state", "conversation_state"];
/// The client SDK has a state as an object.
pub(super) static CURRENT: Field = &["current"];

// Of a user's own list. Any of them makes a row one of such a list.
pub(super) static STATUS: Field = &["status"];
pub(super) static LISTED_IDENTITY: Field = &["participant_identity"];
pub(super) static LISTED_USER: Field = &["participant_user_sid", "user_sid"];
pub(super) static LISTED_BINDING: Field = &["participant_messaging_binding"];

// Of members and invites.
pub(super) static CHANNEL_SID: Field = &["channel_sid", "conversation_sid"];
/// The client SDK has the channel as an object.
pub(super) static CHANNEL: Field = &["channel", "conversation"];
pub(super) static BINDING: Field = &["messaging_binding"];

// Of the service: its default roles.
pub(super) static OWN_SERVICE_SID: Field = &["chat_service_sid", "sid", "service_sid"];
pub(super) static DEFAULT_FOR_USER: Field = &["default_service_role_sid", "default_chat_service_role_sid"];
pub(super) static DEFAULT_FOR_MEMBER: Field = &["default_channel_role_sid", "default_conversation_role_sid"];
pub(super) static DEFAULT_FOR_CREATOR: Field = &["default_channel_creator_role_sid", "default_conversation_creator_role_sid"];
