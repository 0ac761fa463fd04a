//! Writing a service down, in the shape that is read: REST's own, in the service's dialect, and a version.

use serde::Serialize;

use crate::channel::channel_type;
use crate::dialect::Dialect;
use crate::directory::{Channel, Kind};
use crate::role::DefaultFor;
use crate::service::Service;
use crate::spelling::sorted;
use crate::vocabulary::NewAction;

/// The version that is written. Version 1, which had no states and no unique names, is read as well.
const VERSION: &str = "2";

/// A service as plain values: what `JSON.stringify` and `serde_json` write, and what every load accepts.
///
/// A round trip loses nothing, unknown permissions included. Costs time and space in proportion to the service.
#[derive(Debug, Serialize)]
pub struct Snapshot<'s> {
    rolecall: &'static str,
    dialect: &'static str,
    actions: Vec<ActionRow<'s>>,
    roles: Vec<RoleRow<'s>>,
    users: Vec<UserRow<'s>>,
    // What has another name in the other dialect is there once, in the service's.
    #[serde(skip_serializing_if = "Option::is_none")]
    channels: Option<Vec<ChannelRow<'s>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversations: Option<Vec<ChannelRow<'s>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<MemberRow<'s>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    participants: Option<Vec<MemberRow<'s>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invites: Option<Vec<MemberRow<'s>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<ChatDefaults<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration: Option<ConversationsDefaults<'s>>,
}

#[derive(Debug, Serialize)]
struct ActionRow<'s> {
    action: &'s str,
    any: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<&'s str>,
    member_only: bool,
    when_closed: bool,
}

#[derive(Debug, Serialize)]
struct RoleRow<'s> {
    sid: &'s str,
    friendly_name: &'s str,
    #[serde(rename = "type")]
    role_type: &'static str,
    permissions: Vec<&'s str>,
}

#[derive(Debug, Serialize)]
struct UserRow<'s> {
    identity: &'s str,
    #[serde(skip_serializing_if = "str::is_empty")]
    role_sid: &'s str,
}

#[derive(Debug, Serialize)]
struct ChannelRow<'s> {
    sid: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_name: Option<&'s str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    channel_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'s str>,
}

#[derive(Debug, Serialize)]
struct MemberRow<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_sid: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_sid: Option<&'s str>,
    identity: &'s str,
    #[serde(skip_serializing_if = "str::is_empty")]
    role_sid: &'s str,
}

#[derive(Debug, Serialize)]
struct ChatDefaults<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_service_role_sid: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_channel_role_sid: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_channel_creator_role_sid: Option<&'s str>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "as REST names them")]
struct ConversationsDefaults<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_service_sid: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_chat_service_role_sid: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_conversation_role_sid: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_conversation_creator_role_sid: Option<&'s str>,
}

impl Service {
    /// Everything the service holds, to be written as JSON and loaded again. Rows are sorted, so that equal services have
    /// equal snapshots, whatever the order in which their rows came.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        let is_chat = self.dialect() == Dialect::Chat;
        let sid = self.sid.as_deref();
        let default = |which: DefaultFor| self.defaults[which as usize].as_deref();
        Snapshot {
            rolecall: VERSION,
            dialect: self.dialect().name(),
            actions: self.action_rows(),
            roles: self.role_rows(),
            users: self.user_rows(),
            channels: is_chat.then(|| self.channel_rows()),
            conversations: (!is_chat).then(|| self.channel_rows()),
            members: is_chat.then(|| self.member_rows(Kind::Member)),
            participants: (!is_chat).then(|| self.member_rows(Kind::Member)),
            invites: is_chat.then(|| self.member_rows(Kind::Invite)),
            service: is_chat.then(|| ChatDefaults {
                sid,
                default_service_role_sid: default(DefaultFor::User),
                default_channel_role_sid: default(DefaultFor::Member),
                default_channel_creator_role_sid: default(DefaultFor::Creator),
            }),
            configuration: (!is_chat).then(|| ConversationsDefaults {
                chat_service_sid: sid,
                default_chat_service_role_sid: default(DefaultFor::User),
                default_conversation_role_sid: default(DefaultFor::Member),
                default_conversation_creator_role_sid: default(DefaultFor::Creator),
            }),
        }
    }

    fn action_rows(&self) -> Vec<ActionRow<'_>> {
        let row = |NewAction { name: action, any, own, member_only, when_closed }| ActionRow {
            action,
            any,
            own,
            member_only,
            when_closed,
        };
        self.vocabulary.own_actions().map(row).collect()
    }

    fn role_rows(&self) -> Vec<RoleRow<'_>> {
        let permission = |permission| self.vocabulary.permission_name(permission);
        let sids = sorted(&mut self.directory.roles().into_iter().map(|role| &*role.sid));
        let roles = sids.into_iter().filter_map(|sid| self.directory.role(sid));
        roles
            .map(|role| RoleRow {
                sid: &role.sid,
                friendly_name: &role.friendly_name,
                role_type: role.scope.role_type(self.dialect()),
                permissions: role.permissions.iter().copied().map(permission).collect(),
            })
            .collect()
    }

    fn user_rows(&self) -> Vec<UserRow<'_>> {
        let identities = sorted(&mut self.directory.users().into_iter().map(|user| user.identity));
        let row = |identity| Some(UserRow { identity, role_sid: self.directory.user(identity)? });
        identities.into_iter().filter_map(row).collect()
    }

    /// Every channel, by SID.
    fn sorted_channels(&self) -> impl Iterator<Item = &Channel> {
        let sids = sorted(&mut self.directory.channels().into_iter().map(|channel| &*channel.sid));
        sids.into_iter().filter_map(|sid| self.directory.channel(sid))
    }

    /// The channels that have a row of their own, or that nobody's row names.
    fn channel_rows<'s>(&'s self) -> Vec<ChannelRow<'s>> {
        let channels = self.sorted_channels().filter(|channel| channel.details.is_some() || !channel.has_seats());
        let own_type = |channel: &Channel| {
            channel.details.as_ref().filter(|_| self.dialect() == Dialect::Chat).map(|own| channel_type(own.public))
        };
        let row = |channel: &'s Channel| ChannelRow {
            sid: &channel.sid,
            unique_name: channel.unique_name(),
            channel_type: own_type(channel),
            created_by: channel.created_by(),
            state: channel.details.as_ref().map(|details| details.state.name()),
        };
        channels.map(row).collect()
    }

    fn member_rows(&self, kind: Kind) -> Vec<MemberRow<'_>> {
        let is_chat = self.dialect() == Dialect::Chat;
        let mut rows = Vec::new();
        for channel in self.sorted_channels() {
            let sid: &str = &channel.sid;
            let identities = sorted(&mut self.directory.seats(kind, channel).into_iter().map(|seat| seat.identity));
            rows.extend(identities.into_iter().map(|identity| MemberRow {
                channel_sid: is_chat.then_some(sid),
                conversation_sid: (!is_chat).then_some(sid),
                identity,
                role_sid: self.directory.seat(kind, channel, identity).unwrap_or_default(),
            }));
        }
        rows
    }
}
