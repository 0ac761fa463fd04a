//! The names of fields: the only place where they are written.

use super::Section;
use super::source::{Field, Names};

/// Declares fields, each by its names in `snake_case`, Chat's first.
macro_rules! fields {
    ($($(#[$about:meta])* $field:ident [$($name:literal),+])+) => {$(
        $(#[$about])*
        pub(super) static $field: Field = {
            static NAMES: Names = Names::new(&[$($name),+]);
            &NAMES
        };
    )+};
}

/// The sections in the order in which they are read, by Chat's name and by Conversations'.
pub(super) static SECTIONS: [(Section, &[Field]); 7] = [
    (Section::Service, &[SERVICE, CONFIGURATION]),
    (Section::Actions, &[ACTIONS]),
    (Section::Roles, &[ROLES]),
    (Section::Users, &[USERS]),
    (Section::Channels, &[CHANNELS, CONVERSATIONS]),
    (Section::Members, &[MEMBERS, PARTICIPANTS]),
    (Section::Invites, &[INVITES]),
];

fields! {
    SERVICE ["service"]
    CONFIGURATION ["configuration"]
    ACTIONS ["actions"]
    ROLES ["roles"]
    USERS ["users"]
    CHANNELS ["channels"]
    CONVERSATIONS ["conversations"]
    MEMBERS ["members"]
    PARTICIPANTS ["participants"]
    INVITES ["invites"]

    /// Where a page of the vendor's Node library, and one of its client SDK, keep their rows.
    INSTANCES ["instances"]
    ITEMS ["items"]

    // Of a snapshot.
    VERSION ["rolecall"]
    DIALECT ["dialect"]
    ACTION ["action"]
    ANY ["any"]
    OWN ["own"]
    MEMBER_ONLY ["member_only"]
    WHEN_CLOSED ["when_closed"]

    // Of several resources.
    SID ["sid"]
    IDENTITY ["identity"]
    ROLE_SID ["role_sid"]
    SERVICE_SID ["service_sid", "chat_service_sid", "instance_sid"]

    // Of roles.
    FRIENDLY_NAME ["friendly_name"]
    TYPE ["type"]
    PERMISSIONS ["permissions"]

    // Of channels, in their own rows and in those of a user's own list.
    OWN_SID ["sid", "channel_sid", "conversation_sid"]
    CHANNEL_TYPE ["type", "channel_type", "conversation_type"]
    UNIQUE_NAME ["unique_name", "channel_unique_name", "conversation_unique_name"]
    CREATED_BY ["created_by", "channel_created_by", "conversation_created_by"]
    STATE ["state", "channel_state", "conversation_state"]
    /// The client SDK has a state as an object.
    CURRENT ["current"]

    // Of a user's own list. Any of them makes a row one of such a list.
    STATUS ["status"]
    LISTED_IDENTITY ["participant_identity"]
    LISTED_USER ["participant_user_sid", "user_sid"]
    LISTED_BINDING ["participant_messaging_binding"]

    // Of members and invites.
    CHANNEL_SID ["channel_sid", "conversation_sid"]
    /// The client SDK has the channel as an object.
    CHANNEL ["channel", "conversation"]
    /// In the form of a webhook it is several fields.
    BINDING ["messaging_binding", "MessagingBinding.Address"]

    // Of the service: its default roles.
    OWN_SERVICE_SID ["chat_service_sid", "sid", "service_sid"]
    DEFAULT_FOR_USER ["default_service_role_sid", "default_chat_service_role_sid"]
    DEFAULT_FOR_MEMBER ["default_channel_role_sid", "default_conversation_role_sid"]
    DEFAULT_FOR_CREATOR ["default_channel_creator_role_sid", "default_conversation_creator_role_sid"]
}
