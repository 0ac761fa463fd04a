//! Writing a service down, in the shape that is read: REST's own, in the service's dialect, and a version.

use alloc::vec::Vec;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::directory::Kind;
use crate::model::channel_type;
use crate::permission::Dialect;
use crate::service::Service;
use crate::text::Text;
use crate::wire::{SHAPE, SNAPSHOT_VERSION, Section};

/// A service as plain values: what `JSON.stringify` and `serde_json` write, and what every load accepts.
///
/// A round trip loses nothing, unknown permissions included. Costs time and space in proportion to the service.
pub struct Snapshot<'a> {
    dialect: Dialect,
    /// In the order in which they are written. [`Section::Defaults`] holds one row, the others a list.
    sections: Vec<(Section, Vec<Row<'a>>)>,
}

/// The fields of a row, in the order of [`SHAPE`].
type Row<'a> = Vec<Field<'a>>;

#[derive(Clone)]
enum Field<'a> {
    /// It is left out.
    Absent,
    Text(&'a str),
    Flag(bool),
    Texts(Vec<&'a str>),
}

impl Service {
    /// Everything the service holds, to be written as JSON and loaded again. Rows are sorted, so that equal services have
    /// equal snapshots, whatever the order in which their rows came.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        use Field::{Absent, Flag};
        let (vocabulary, directory) = (&self.model.vocabulary, &self.model.directory);
        let text = |text: Text| self.model.texts.text(text);
        let field = |number: Text| Field::Text(text(number));
        let given = |number: Option<Text>| number.map_or(Absent, field);
        let sorted = |mut texts: Vec<Text>| {
            texts.sort_by_key(|number| text(*number));
            texts
        };

        let action = |defined: crate::vocabulary::Defined| {
            vec![field(defined.name), field(defined.any), given(defined.own), Flag(defined.member_only)]
        };
        let actions = vocabulary.own_actions().map(action).collect();
        let role = |sid: Text| {
            let role = directory.role(sid)?;
            let permissions = role.permissions.iter().map(|held| text(vocabulary.permission_name(*held))).collect();
            let role_type = role.scope.role_type(self.dialect());
            Some(vec![field(sid), field(role.friendly_name), Field::Text(role_type), Field::Texts(permissions)])
        };
        let roles = sorted(directory.roles().map(|(sid, _)| sid).collect()).into_iter().filter_map(role).collect();
        let user = |identity: Text| Some(vec![field(identity), given(directory.user(identity)?.given())]);
        let users = sorted(directory.people().collect()).into_iter().filter_map(user).collect();
        let sids = sorted(directory.channel_sids());
        let channel = |sid: &Text| {
            let row = directory.channel(*sid)?.row?;
            let channel_type = Some(channel_type(row.public)).filter(|_| self.dialect() == Dialect::Chat);
            Some(vec![field(*sid), given(channel_type), given(row.created_by)])
        };
        let channels = sids.iter().filter_map(channel).collect();
        let places = |kind: Kind| {
            let mut rows = Vec::new();
            for channel in sids.iter().filter_map(|sid| directory.channel(*sid)) {
                let roster = channel.roster(kind);
                for person in sorted(roster.iter().map(|place| place.person).collect()) {
                    let role = roster.role_of(person).and_then(Text::given);
                    rows.push(vec![field(channel.sid), field(person), given(role)]);
                }
            }
            rows
        };
        let mut sections = Vec::from([
            (Section::Actions, actions),
            (Section::Roles, roles),
            (Section::Users, users),
            (Section::Channels, channels),
            (Section::Members, places(Kind::Member)),
        ]);
        if self.dialect() == Dialect::Chat {
            sections.push((Section::Invites, places(Kind::Invite)));
        }
        sections.push((Section::Defaults, vec![self.model.defaults.map(|role| given(role.given())).to_vec()]));
        Snapshot { dialect: self.dialect(), sections }
    }
}

/// What a dialect calls a section or a field: the second name is Conversations'; one alone is both dialects'.
fn in_dialect(names: &'static str, dialect: Dialect) -> &'static str {
    let mut names = names.trim_end_matches('*').split('|');
    let first = names.next().unwrap_or_default();
    match dialect {
        Dialect::Chat => first,
        Dialect::Conversations => names.next().unwrap_or(first),
    }
}

impl Serialize for Snapshot<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_map(None)?;
        all.serialize_entry("rolecall", SNAPSHOT_VERSION)?;
        all.serialize_entry("dialect", self.dialect.name())?;
        for (section, rows) in &self.sections {
            let (names, fields) =
                SHAPE.split(';').nth(*section as usize).and_then(|shape| shape.split_once(':')).unwrap_or_default();
            let fields: Vec<&str> = fields.split(',').map(|field| in_dialect(field, self.dialect)).collect();
            let written: Vec<Written> = rows.iter().map(|row| Written { fields: &fields, row }).collect();
            let name = in_dialect(names, self.dialect);
            match &written[..] {
                [row] if *section == Section::Defaults => all.serialize_entry(name, row)?,
                rows => all.serialize_entry(name, rows)?,
            }
        }
        all.end()
    }
}

/// A row with the names of its fields.
struct Written<'a> {
    fields: &'a [&'static str],
    row: &'a Row<'a>,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(None)?;
        for (name, field) in self.fields.iter().zip(self.row) {
            match field {
                Field::Absent => {}
                Field::Text(text) => row.serialize_entry(name, text)?,
                Field::Flag(flag) => row.serialize_entry(name, flag)?,
                Field::Texts(texts) => row.serialize_entry(name, texts)?,
            }
        }
        row.end()
    }
}
