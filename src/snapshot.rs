//! Writing a service down, in the shape that is read: REST's own, in the service's dialect, and a version.

use alloc::{vec, vec::Vec};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::action::Place;
use crate::directory::Kind;
use crate::names::sorted;
use crate::permission::Dialect;
use crate::service::{DefaultFor, Service, channel_type};
use crate::wire::{SNAPSHOT_VERSION, Section};

/// A service as plain values: what `JSON.stringify` and `serde_json` write, and what every load accepts.
///
/// A round trip loses nothing, unknown permissions included. Costs time and space in proportion to the service.
pub struct Snapshot<'a>(Value<'a>);

enum Value<'a> {
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
fn row(section: Section, dialect: Dialect, values: Vec<Option<Value<'_>>>) -> Value<'_> {
    let named = values.into_iter().enumerate().filter_map(|(at, value)| Some((section.field(at, dialect), value?)));
    Value::Row(named.collect())
}

impl Service {
    /// Everything the service holds, to be written as JSON and loaded again. Rows are sorted, so that equal services have
    /// equal snapshots, whatever the order in which their rows came.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        let dialect = self.dialect();
        let role = |role| Some(self.role_sid(role)).filter(|sid| !sid.is_empty()).map(Value::Text);
        let row = |section, values| row(section, dialect, values);
        let mut sections = vec![
            (Section::Payload.field(0, dialect), Value::Text(SNAPSHOT_VERSION)),
            (Section::Payload.field(1, dialect), Value::Text(dialect.name())),
        ];
        let mut add = |section: Section, value| sections.push((section.name(dialect), value));

        let actions = self.vocabulary.own_actions().map(|(name, rule)| {
            let own = rule.own.map(|own| Value::Text(self.vocabulary.permission_name(own)));
            let member_only = Value::Flag(rule.place == Place::Member);
            row(
                Section::Actions,
                vec![
                    Some(Value::Text(name)),
                    Some(Value::Text(self.vocabulary.permission_name(rule.any))),
                    own,
                    Some(member_only),
                ],
            )
        });
        add(Section::Actions, Value::Rows(actions.collect()));

        let roles = self.directory.roles.names.sorted().into_iter().filter_map(|(sid, id)| {
            let definition = self.directory.definition(id)?;
            let permissions = definition.permissions.iter().map(|held| self.vocabulary.permission_name(*held)).collect();
            let role_type = definition.scope.role_type(dialect);
            Some(row(
                Section::Roles,
                vec![
                    Some(Value::Text(sid)),
                    Some(Value::Text(&definition.friendly_name)),
                    Some(Value::Text(role_type)),
                    Some(Value::Texts(permissions)),
                ],
            ))
        });
        add(Section::Roles, Value::Rows(roles.collect()));

        let users = self.directory.people.names.sorted().into_iter().filter_map(|(identity, id)| {
            Some(row(Section::Users, vec![Some(Value::Text(identity)), role(self.directory.people.get(id).user?)]))
        });
        add(Section::Users, Value::Rows(users.collect()));

        let by_sid = self.directory.channels.names.sorted();
        let channels = by_sid.iter().filter_map(|(sid, id)| {
            let channel = self.directory.channels.get(*id).row.as_ref()?;
            let kind = (dialect == Dialect::Chat).then_some(Value::Text(channel_type(channel.public)));
            Some(row(Section::Channels, vec![Some(Value::Text(sid)), kind, channel.created_by.as_deref().map(Value::Text)]))
        });
        add(Section::Channels, Value::Rows(channels.collect()));

        for (section, kind) in [(Section::Members, Kind::Member), (Section::Invites, Kind::Invite)] {
            let places = by_sid.iter().flat_map(|(sid, id)| {
                let name = |person| self.directory.people.names.text(person);
                let roster = self.directory.channels.get(*id).roster(kind).iter();
                let places: Vec<_> = roster.map(|place| (name(place.person), place.role)).collect();
                sorted(&places).into_iter().map(move |(identity, held)| {
                    row(section, vec![Some(Value::Text(sid)), Some(Value::Text(identity)), role(held)])
                })
            });
            if section == Section::Members || dialect == Dialect::Chat {
                add(section, Value::Rows(places.collect()));
            }
        }
        let defaults = DefaultFor::ALL.map(|which| role(self.defaults[which as usize]));
        add(Section::Defaults, row(Section::Defaults, defaults.into()));
        Snapshot(Value::Row(sections))
    }
}
