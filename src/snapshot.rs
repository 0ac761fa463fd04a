//! Writing a service down, in the shape that is read: REST's own, in the service's dialect, and a version.

use alloc::vec::Vec;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::action::Place;
use crate::directory::Kind;
use crate::names::{Id, sorted};
use crate::permission::{Dialect, Permission};
use crate::service::{Service, channel_type};
use crate::wire::{SNAPSHOT_VERSION, Section};

/// A service as plain values: what `JSON.stringify` and `serde_json` write, and what every load accepts.
///
/// A round trip loses nothing, unknown permissions included. Costs time and space in proportion to the service.
pub struct Snapshot<'a> {
    service: &'a Service,
    /// In the order in which they are written. [`Section::Defaults`] holds one row, the others a list.
    sections: Vec<(Section, Vec<Row<'a>>)>,
}

/// The fields of a row, in the order of [`Section::field`].
type Row<'a> = [Field<'a>; 4];

#[derive(Clone, Copy)]
enum Field<'a> {
    /// It is left out.
    Absent,
    Text(&'a str),
    Flag(bool),
    Permissions(&'a [Permission]),
}

impl<'a> Field<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.map_or(Field::Absent, Field::Text)
    }
}

impl Service {
    /// Everything the service holds, to be written as JSON and loaded again. Rows are sorted, so that equal services have
    /// equal snapshots, whatever the order in which their rows came.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        use Field::{Absent, Flag, Permissions, Text};
        let Service { vocabulary, directory, .. } = self;
        let dialect = self.dialect();
        let role = |role: Id| Field::text(Some(self.role_sid(role)).filter(|sid| !sid.is_empty()));

        let mut actions = Vec::new();
        for (name, rule) in vocabulary.own_actions() {
            let own = rule.own.map(|own| vocabulary.permission_name(own));
            let any = vocabulary.permission_name(rule.any);
            actions.push([Text(name), Text(any), Field::text(own), Flag(rule.place == Place::Member)]);
        }
        let mut roles = Vec::new();
        for (sid, id) in directory.roles.names.sorted() {
            if let Some(role) = directory.definition(id) {
                let role_type = role.scope.role_type(dialect);
                roles.push([Text(sid), Text(&role.friendly_name), Text(role_type), Permissions(&role.permissions)]);
            }
        }
        let mut users = Vec::new();
        for (identity, id) in directory.people.names.sorted() {
            if let Some(held) = directory.people.get(id).user {
                users.push([Text(identity), role(held), Absent, Absent]);
            }
        }
        let (mut channels, mut members, mut invites) = (Vec::new(), Vec::new(), Vec::new());
        for (sid, id) in directory.channels.names.sorted() {
            let channel = directory.channels.get(id);
            if let Some(row) = &channel.row {
                let channel_type = Some(channel_type(row.public)).filter(|_| dialect == Dialect::Chat);
                channels.push([Text(sid), Field::text(channel_type), Field::text(row.created_by.as_deref()), Absent]);
            }
            for (kind, rows) in [(Kind::Member, &mut members), (Kind::Invite, &mut invites)] {
                let roster = channel.roster(kind).iter();
                let places: Vec<_> = roster.map(|place| (directory.people.names.text(place.person), place.role)).collect();
                for (identity, held) in sorted(&places) {
                    rows.push([Text(sid), Text(identity), role(held), Absent]);
                }
            }
        }
        let [user, member, creator] = self.defaults.map(role);
        let mut sections = Vec::from([
            (Section::Actions, actions),
            (Section::Roles, roles),
            (Section::Users, users),
            (Section::Channels, channels),
            (Section::Members, members),
        ]);
        if dialect == Dialect::Chat {
            sections.push((Section::Invites, invites));
        }
        sections.push((Section::Defaults, Vec::from([[user, member, creator, Absent]])));
        Snapshot { service: self, sections }
    }
}

impl Serialize for Snapshot<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Snapshot { service, sections } = self;
        let dialect = service.dialect();
        let said = [SNAPSHOT_VERSION, dialect.name()];
        let mut all = serializer.serialize_map(Some(said.len() + sections.len()))?;
        for (at, text) in said.into_iter().enumerate() {
            all.serialize_entry(Section::Payload.field(at, dialect), text)?;
        }
        for (section, rows) in sections {
            // Looked up here, once for all rows.
            let names = [0, 1, 2, 3].map(|at| section.field(at, dialect));
            let what = match &rows[..] {
                [row] if *section == Section::Defaults => What::Row(row),
                rows => What::Rows(rows),
            };
            all.serialize_entry(section.name(dialect), &Written { service, names: &names, what })?;
        }
        all.end()
    }
}

/// A part of a snapshot, with what it takes to write it.
struct Written<'a> {
    service: &'a Service,
    /// Of a row's fields.
    names: &'a [&'static str; 4],
    what: What<'a>,
}

enum What<'a> {
    Rows(&'a [Row<'a>]),
    Row(&'a Row<'a>),
    Field(Field<'a>),
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Written { service, names, .. } = *self;
        let part = |what| Written { service, names, what };
        match self.what {
            What::Rows(rows) => serializer.collect_seq(rows.iter().map(|row| part(What::Row(row)))),
            What::Row(row) => {
                let is_given = |field: &&Field| !matches!(field, Field::Absent);
                let mut fields = serializer.serialize_map(Some(row.iter().filter(is_given).count()))?;
                for (name, field) in names.iter().zip(row).filter(|(_, field)| is_given(field)) {
                    fields.serialize_entry(name, &part(What::Field(*field)))?;
                }
                fields.end()
            }
            What::Field(Field::Absent) => serializer.serialize_unit(),
            What::Field(Field::Text(text)) => serializer.serialize_str(text),
            What::Field(Field::Flag(flag)) => serializer.serialize_bool(flag),
            What::Field(Field::Permissions(held)) => {
                serializer.collect_seq(held.iter().map(|held| service.vocabulary.permission_name(*held)))
            }
        }
    }
}
