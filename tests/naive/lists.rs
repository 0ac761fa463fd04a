//! What is there, written: the lists of the API, in any order, and the snapshot.

use serde_json::{Map, Value, json};

use super::{Channel, DEFAULTS, Dialect, OwnAction, Role, Seats, World};

fn row_of<const N: usize>(fields: [(&str, Option<&str>); N]) -> Value {
    let present = fields.into_iter().filter_map(|(name, value)| Some((name.to_string(), Value::from(value?))));
    Value::Object(present.collect())
}

/// The role's SID in a row, if there is one.
fn role_sid(role: &str) -> Option<&str> {
    Some(role).filter(|sid| !sid.is_empty())
}

impl World {
    /// A permission as it is written: what the dialect lacks keeps the name it has.
    pub(super) fn written(&self, name: &str) -> String {
        self.name_of(name).unwrap_or_else(|| name.into())
    }

    pub fn roles_json(&self) -> Vec<Value> {
        self.roles.keys().map(|sid| self.role_json(sid)).collect()
    }

    pub fn users_json(&self) -> Vec<Value> {
        self.users.iter().map(|(identity, sid)| json!({ "identity": identity, "roleSid": sid })).collect()
    }

    pub fn channels_json(&self) -> Vec<Value> {
        let row = |(sid, channel): (&String, &Channel)| {
            json!({
                "sid": sid,
                "uniqueName": channel.unique_name,
                "type": if channel.public { "public" } else { "private" },
                "createdBy": channel.created_by,
                "state": channel.state,
            })
        };
        self.channels.iter().map(row).collect()
    }

    /// `channel`: as a call names it.
    pub fn seats_json(&self, seats: &Seats, channel: &str) -> Vec<Value> {
        let Some(sid) = self.channel_sid(channel) else { return Vec::new() };
        let here = seats.iter().filter(|((place, _), _)| *place == sid);
        here.map(|((place, who), role)| json!({ "channelSid": place, "identity": who, "roleSid": role })).collect()
    }

    /// The snapshot: what is there, in the dialect's names; what is not there is left out.
    pub fn snapshot(&self) -> Value {
        let chat = self.dialect == Dialect::Chat;
        let seats = |seats: &Seats| -> Vec<Value> {
            let channel_sid = if chat { "channel_sid" } else { "conversation_sid" };
            let row = |((channel, who), role): (&(String, String), &String)| {
                row_of([(channel_sid, Some(channel)), ("identity", Some(who)), ("role_sid", role_sid(role))])
            };
            seats.iter().map(row).collect()
        };
        let role = |(sid, role): (&String, &Role)| {
            let permissions: Vec<_> = role.permissions.iter().map(|name| self.written(name)).collect();
            let kind = self.role_type(role.scope);
            json!({ "sid": sid, "friendly_name": role.friendly_name, "type": kind, "permissions": permissions })
        };
        let user = |(identity, role): (&String, &String)| row_of([("identity", Some(identity)), ("role_sid", role_sid(role))]);
        let channel = |(sid, row): (&String, &Channel)| {
            // Only Chat tells public from private. Of some nothing is known but that they are there.
            let said = |text| Some(text).filter(|_| row.described);
            row_of([
                ("sid", Some(sid)),
                ("unique_name", row.unique_name.as_deref()),
                ("type", said(if row.public { "public" } else { "private" }).filter(|_| chat)),
                ("created_by", row.created_by.as_deref()),
                ("state", said(&row.state)),
            ])
        };
        let is_seated = |sid: &String| self.members.keys().chain(self.invites.keys()).any(|key| key.0 == *sid);
        let channels = self.channels.iter().filter(|(sid, row)| row.described || !is_seated(sid));
        let action = |(name, rule): (&String, &OwnAction)| {
            let (any, own) = (self.written(&rule.any), rule.own.as_ref().map(|own| self.written(own)));
            let mut row = row_of([("action", Some(name)), ("any", Some(&any)), ("own", own.as_deref())]);
            row["member_only"] = rule.member_only.into();
            row["when_closed"] = rule.when_closed.into();
            row
        };
        let mut service = Map::new();
        if let Some(sid) = &self.service_sid {
            service.insert(if chat { "sid" } else { "chat_service_sid" }.into(), json!(sid));
        }
        for (which, _, in_chat, in_conversations) in DEFAULTS {
            if let Some(sid) = self.defaults.get(which) {
                service.insert(if chat { in_chat } else { in_conversations }.into(), json!(sid));
            }
        }
        let mut snapshot = json!({
            "rolecall": "2",
            "dialect": if chat { "chat" } else { "conversations" },
            "actions": self.actions.iter().map(action).collect::<Vec<_>>(),
            "roles": self.roles.iter().map(role).collect::<Vec<_>>(),
            "users": self.users.iter().map(user).collect::<Vec<_>>(),
            if chat { "channels" } else { "conversations" }: channels.map(channel).collect::<Vec<_>>(),
            if chat { "members" } else { "participants" }: seats(&self.members),
            if chat { "service" } else { "configuration" }: service,
        });
        if chat {
            snapshot["invites"] = seats(&self.invites).into();
        }
        snapshot
    }
}
