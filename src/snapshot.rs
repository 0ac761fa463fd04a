//! Writing a service down, in the shape that is read: REST's own, in the service's dialect, and a version.

use alloc::{vec, vec::Vec};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::action::Place;
use crate::directory::Kind;
use crate::names::sorted;
use crate::permission::Dialect;
use crate::service::{Service, channel_type};
use crate::wire::{SNAPSHOT_VERSION, Section};

/// A service as plain values: what `JSON.stringify` and `serde_json` write, and what every load accepts.
///
/// A round trip loses nothing, unknown permissions included. Costs time and space in proportion to the service.
pub struct Snapshot<'a>(Value<'a>);

enum Value<'a> {
    /// A field that is left out.
    Absent,
    Text(&'a str),
    Flag(bool),
    Texts(Vec<&'a str>),
    Row(Vec<(&'static str, Value<'a>)>),
    Rows(Vec<Value<'a>>),
}

impl Serialize for Snapshot<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Absent => serializer.serialize_unit(),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Texts(texts) => {
                let mut list = serializer.serialize_seq(Some(texts.len()))?;
                texts.iter().try_for_each(|text| list.serialize_element(text))?;
                list.end()
            }
            Value::Rows(rows) => {
                let mut list = serializer.serialize_seq(Some(rows.len()))?;
                rows.iter().try_for_each(|row| list.serialize_element(row))?;
                list.end()
            }
            Value::Row(fields) => {
                let mut row = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(name, value)| row.serialize_entry(name, value))?;
                row.end()
            }
        }
    }
}

/// A row with those fields that have a value.
fn row(section: Section, dialect: Dialect, values: Vec<Value<'_>>) -> Value<'_> {
    let mut fields = Vec::new();
    for (at, value) in values.into_iter().enumerate() {
        if !matches!(value, Value::Absent) {
            fields.push((section.field(at, dialect), value));
        }
    }
    Value::Row(fields)
}

impl Service {
    /// Everything the service holds, to be written as JSON and loaded again. Rows are sorted, so that equal services have
    /// equal snapshots, whatever the order in which their rows came.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        let Service { vocabulary, directory, .. } = self;
        let dialect = self.dialect();
        let role = |role| match self.role_sid(role) {
            "" => Value::Absent,
            sid => Value::Text(sid),
        };
        let permission = |permission| Value::Text(vocabulary.permission_name(permission));
        let mut sections = vec![
            (Section::Payload.field(0, dialect), Value::Text(SNAPSHOT_VERSION)),
            (Section::Payload.field(1, dialect), Value::Text(dialect.name())),
        ];
        let mut add = |section: Section, value| sections.push((section.name(dialect), value));

        let mut rows = Vec::new();
        for (name, rule) in vocabulary.own_actions() {
            let own = rule.own.map_or(Value::Absent, permission);
            let member_only = Value::Flag(rule.place == Place::Member);
            rows.push(row(Section::Actions, dialect, vec![Value::Text(name), permission(rule.any), own, member_only]));
        }
        add(Section::Actions, Value::Rows(rows));

        let mut rows = Vec::new();
        for (sid, id) in directory.roles.names.sorted() {
            if let Some(role) = directory.definition(id) {
                let permissions = role.permissions.iter().map(|held| vocabulary.permission_name(*held)).collect();
                let [name, role_type] = [&role.friendly_name, role.scope.role_type(dialect)].map(Value::Text);
                rows.push(row(Section::Roles, dialect, vec![Value::Text(sid), name, role_type, Value::Texts(permissions)]));
            }
        }
        add(Section::Roles, Value::Rows(rows));

        let mut rows = Vec::new();
        for (identity, id) in directory.people.names.sorted() {
            if let Some(held) = directory.people.get(id).user {
                rows.push(row(Section::Users, dialect, vec![Value::Text(identity), role(held)]));
            }
        }
        add(Section::Users, Value::Rows(rows));

        let by_sid = directory.channels.names.sorted();
        let mut rows = Vec::new();
        for (sid, id) in &by_sid {
            if let Some(channel) = &directory.channels.get(*id).row {
                let kind = if dialect == Dialect::Chat { Value::Text(channel_type(channel.public)) } else { Value::Absent };
                let creator = channel.created_by.as_deref().map_or(Value::Absent, Value::Text);
                rows.push(row(Section::Channels, dialect, vec![Value::Text(sid), kind, creator]));
            }
        }
        add(Section::Channels, Value::Rows(rows));

        for (section, kind) in [(Section::Members, Kind::Member), (Section::Invites, Kind::Invite)] {
            if kind == Kind::Invite && dialect == Dialect::Conversations {
                continue;
            }
            let mut rows = Vec::new();
            for (sid, id) in &by_sid {
                let roster = directory.channels.get(*id).roster(kind).iter();
                let places: Vec<_> = roster.map(|place| (directory.people.names.text(place.person), place.role)).collect();
                for (identity, held) in sorted(&places) {
                    rows.push(row(section, dialect, vec![Value::Text(sid), Value::Text(identity), role(held)]));
                }
            }
            add(section, Value::Rows(rows));
        }
        add(Section::Defaults, row(Section::Defaults, dialect, self.defaults.map(role).into()));
        Snapshot(Value::Row(sections))
    }
}
