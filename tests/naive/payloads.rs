//! Reading payloads: REST resources in any back end's handwriting, row by row.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::calls::each_once;
use super::fields::{
    CHANNEL_TYPE, CREATED_BY, Fields, Rows, SEAT, SERVICE_SID, SID, UNIQUE_NAME, dialect_of, field, flag, is_of_a_list, is_said,
    list_of, needed, rows_of, state_of, text,
};
use super::{
    CHANNEL_TYPES, Channel, DEFAULTS, Dialect, MOST_OWN_PERMISSIONS, Outcome, OwnAction, ROLE_TYPES, Role, STATES, STATUSES,
    Seats, World, built_in, counts_in, fault, fault_at, has_sid_form, none_of, scope_of, word,
};

/// `added`, `updated`, `unchanged`, `removed`, `skipped`.
pub type Counts = BTreeMap<&'static str, u32>;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// By section; only what is not zero.
    pub counts: BTreeMap<&'static str, Counts>,
    /// Code and path, sorted.
    pub warnings: Vec<(&'static str, String)>,
}

impl Report {
    fn count(&mut self, section: &'static str, fate: &'static str) {
        *self.counts.entry(section).or_default().entry(fate).or_default() += 1;
    }

    /// The first of a section is enough.
    fn warn_of_first(&mut self, code: &'static str, path: &str, field: &str) {
        let is_first = |(known, other): &(&'static str, String)| *known == code && list_of(other) == list_of(path);
        if !self.warnings.iter().any(is_first) {
            self.warnings.push((code, format!("{path}{field}")));
        }
    }

    fn warn_once(&mut self, code: &'static str, path: String) {
        if !self.warnings.contains(&(code, path.clone())) {
            self.warnings.push((code, path));
        }
    }

    /// Conversations has none.
    fn warn_of_invites(&mut self, dialect: Dialect, rows: &Rows) {
        for (path, _) in rows.iter().filter(|_| dialect == Dialect::Conversations) {
            self.warn_once("no-counterpart", list_of(path));
        }
    }

    fn warn(&mut self, is_odd: bool, code: &'static str, path: String) {
        if is_odd {
            self.warnings.push((code, path));
        }
    }

    /// As JavaScript sees the counts and the codes of the warnings.
    pub fn to_value(&self) -> Value {
        let count = |section, fate| self.counts.get(section).and_then(|counts| counts.get(fate)).copied().unwrap_or(0);
        let fates = |section| {
            ["added", "updated", "unchanged", "removed", "skipped"].map(|fate| (fate.to_string(), json!(count(section, fate))))
        };
        let sections = SECTIONS.map(|(section, _)| (section.to_string(), Value::Object(fates(section).into_iter().collect())));
        let codes: Vec<_> = self.warnings.iter().map(|warning| warning.0).collect();
        let mut value = Value::Object(sections.into_iter().collect());
        value["warnings"] = json!(codes);
        value
    }
}

/// How a payload is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    pub replace: bool,
    pub channel: Option<&'a str>,
    pub identity: Option<&'a str>,
}

/// In the order in which they are read.
pub const SECTIONS: [(&str, &[&str]); 5] = [
    ("roles", &["roles"]),
    ("users", &["users"]),
    ("channels", &["channels", "conversations"]),
    ("members", &["members", "participants"]),
    ("invites", &["invites"]),
];

/// Whether a field misspells the name of a section.
fn is_misspelt(field: &str) -> bool {
    let more = ["service", "configuration", "actions"];
    let names: Vec<&str> = SECTIONS.iter().flat_map(|(_, names)| *names).copied().chain(more).collect();
    let capital = |name: &str| name[..1].to_uppercase() + &name[1..];
    let is_section = names.iter().any(|name| field == *name || field == capital(name));
    let written: Vec<char> = field.to_ascii_lowercase().chars().collect();
    // Longer words are none of these, and would take long.
    let is_near = |name: &&str| written.len() < 30 && steps(&written, &name.chars().collect::<Vec<_>>()) * 4 <= name.len();
    !is_section && names.iter().any(is_near)
}

/// How many letters must be added, left out or replaced.
fn steps(one: &[char], other: &[char]) -> usize {
    let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
    for at in 0..=one.len() {
        for too in 0..=other.len() {
            table[at][too] = match (at, too) {
                (0, steps) | (steps, 0) => steps,
                _ => (table[at - 1][too - 1] + usize::from(one[at - 1] != other[too - 1]))
                    .min(table[at - 1][too] + 1)
                    .min(table[at][too - 1] + 1),
            };
        }
    }
    table[one.len()][other.len()]
}

/// What a load has brought so far, and what it replaces.
#[derive(Default)]
struct Brought {
    roles: BTreeSet<String>,
    users: BTreeSet<String>,
    channels: BTreeSet<String>,
    /// The members and the invites that were there before, and that this load replaces.
    members: Seats,
    invites: Seats,
    /// The channels of which nothing is known any more but who is in.
    forgotten: BTreeSet<String>,
}

impl Brought {
    fn replaced(&mut self, section: &str) -> &mut Seats {
        if section == "members" { &mut self.members } else { &mut self.invites }
    }
}

impl World {
    pub fn from_payload(payload: &Value, dialect: Option<Dialect>, identity: Option<&str>) -> Outcome<(Self, Report)> {
        let mut world = World::empty(dialect.unwrap_or_else(|| dialect_of(payload)));
        let report = world.load(payload, &Options { identity, ..Options::default() })?;
        Ok((world, report))
    }

    /// All of it or nothing.
    pub fn load(&mut self, payload: &Value, options: &Options) -> Outcome<Report> {
        let mut next = self.clone();
        match next.read(payload, options) {
            Ok(report) => {
                *self = next;
                Ok(report)
            }
            // What is wrong with the payload alone may be said as well.
            Err(mut fault) => {
                let alone = Options { channel: None, identity: None, ..*options };
                fault.codes.extend(self.clone().read(payload, &alone).err().map(|fault| fault.codes).unwrap_or_default());
                Err(fault)
            }
        }
    }

    fn read(&mut self, payload: &Value, options: &Options) -> Outcome<Report> {
        let Value::Object(fields) = payload else { return fault("invalid-payload") };
        none_of(&[(options.identity == Some(""), "invalid-identity")])?;
        let version = text(fields, "", &["rolecall"])?;
        let is_snapshot = version.is_some();
        if !matches!(version.as_deref(), None | Some("1" | "2")) {
            return fault_at("unsupported-version", "rolecall");
        }
        if !matches!(text(fields, "", &["dialect"])?.as_deref(), None | Some("chat" | "conversations")) {
            return fault_at("invalid-dialect", "dialect");
        }
        let has_section = |names: &[&str]| names.iter().any(|name| field(fields, &[name]).is_some());
        let mut sections = SECTIONS.iter().map(|(_, names)| *names).chain([&["actions"][..], &["service", "configuration"]]);
        none_of(&[(!fields.is_empty() && !is_snapshot && !sections.any(has_section), "invalid-payload")])?;

        let mut report = Report::default();
        for name in fields.keys() {
            report.warn(is_misspelt(name), "unknown-section", name.clone());
        }
        let replaces_all = options.replace && options.channel.is_none();
        // Roles that are about to be replaced hold nothing any more.
        let mut own = if replaces_all && has_section(&["roles"]) { BTreeSet::new() } else { self.held_own() };
        let mut rows = BTreeMap::new();
        for (section, names) in SECTIONS {
            rows.insert(section, rows_of(fields, names)?);
        }
        self.check_types(&rows, options.identity)?;
        self.read_actions(fields, &own, &mut report)?;
        own.extend(self.asked_own());
        let service = rows_of(fields, &["service", "configuration"])?;
        self.learn_service_sid(&service, &rows)?;
        let has_lists = rows["channels"].iter().any(|(_, row)| is_of_a_list(row));
        // A list of nothing may be somebody's own.
        let is_empty_list = rows["channels"].is_empty() && has_section(&["channels", "conversations"]);
        self.skip_other_services(&mut rows, &mut report)?;
        report.warn_of_invites(self.dialect, &rows["invites"]);
        let only = options.channel.map(|channel| self.channel_named(channel, &rows)).transpose()?;

        let resets_channels = replaces_all && has_section(&["channels", "conversations"]) && !has_lists;
        let mut brought = Brought::default();
        for (path, row) in &rows["roles"] {
            self.read_role(row, path, &mut own, &mut brought, &mut report)?;
        }
        for (path, row) in &rows["users"] {
            self.read_user(row, path, &mut brought, &mut report)?;
        }
        if options.replace {
            let is_there = |section: &str| SECTIONS.iter().any(|(name, names)| *name == section && has_section(names));
            let is_theirs = |row: &Fields| {
                is_of_a_list(row) && !is_said(row, "participant_identity") && !is_said(row, "participant_messaging_binding")
            };
            let has_theirs = rows["channels"].iter().any(|(_, row)| is_theirs(row));
            let own_list = options.identity.filter(|_| is_empty_list || has_theirs);
            self.take_seats(own_list, only.as_deref(), &rows["channels"], &is_there, &mut brought)?;
        }
        if resets_channels {
            self.forget_other_channels(&rows["channels"], &mut brought)?;
        }
        for (path, row) in &rows["channels"] {
            let sid = self.read_channel(row, path, resets_channels, &mut brought, &mut report)?;
            if is_of_a_list(row) {
                none_of(&[(only.as_ref().is_some_and(|only| *only != sid), "wrong-channel")])?;
                self.read_list_row(row, path, &sid, options.identity, &mut brought, &mut report)?;
            }
        }
        // An invite of somebody who is a member is left out.
        for section in ["members", "invites"] {
            for (path, row) in &rows[section] {
                self.read_seat(section, row, path, only.as_deref(), &mut brought, &mut report)?;
            }
        }
        let replaces_defaults = replaces_all && has_section(&["service", "configuration"]);
        self.read_service(&service, replaces_defaults, is_snapshot, &mut report)?;
        let goes = |section| replaces_all && has_section(&[section]);
        if let Some(identity) = options.identity.filter(|_| has_section(&["users"])) {
            self.welcome(identity, goes("users"), &mut brought, &mut report);
        }
        self.remove_what_is_replaced(goes("roles"), goes("users"), resets_channels, &brought, &mut report);
        report.counts.retain(|_, counts| !counts.is_empty());
        report.warnings.sort();
        Ok(report)
    }

    /// Every row is what it must be, also those that are skipped.
    fn check_types(&self, rows: &BTreeMap<&'static str, Rows>, identity: Option<&str>) -> Outcome<()> {
        for (section, rows) in rows {
            for (path, row) in rows {
                let mut world = World::empty(self.dialect);
                let (mut brought, mut report) = (Brought::default(), Report::default());
                text(row, path, &SERVICE_SID)?;
                match *section {
                    "roles" => world.read_role(row, path, &mut BTreeSet::new(), &mut brought, &mut report)?,
                    "users" => world.read_user(row, path, &mut brought, &mut report)?,
                    "channels" => {
                        let sid = world.read_channel(row, path, false, &mut brought, &mut report)?;
                        world.read_list_row(row, path, &sid, identity, &mut brought, &mut report)?;
                    }
                    section => world.read_seat(section, row, path, None, &mut brought, &mut report)?,
                }
            }
        }
        Ok(())
    }

    // --- The service ---

    /// Which service this is: as the payload says, as is known, or as the first row that says it.
    fn learn_service_sid(&mut self, service: &Rows, rows: &BTreeMap<&str, Rows>) -> Outcome<()> {
        let mut named = None;
        for (path, row) in service {
            named = text(row, path, &["chat_service_sid", "sid", "service_sid"])?.or(named);
        }
        self.service_sid = named.or(self.service_sid.take());
        for (section, _) in SECTIONS {
            for (path, row) in &rows[section] {
                if self.service_sid.is_none() {
                    self.service_sid = text(row, path, &SERVICE_SID)?;
                }
            }
        }
        Ok(())
    }

    fn skip_other_services(&self, rows: &mut BTreeMap<&'static str, Rows>, report: &mut Report) -> Outcome<()> {
        for (section, rows) in rows {
            let mut kept = Vec::new();
            for (path, row) in rows.drain(..) {
                let sid = text(row, &path, &SERVICE_SID)?;
                if sid.is_none() || sid == self.service_sid {
                    kept.push((path, row));
                } else {
                    report.count(section, "skipped");
                    report.warn_once("other-service", list_of(&path));
                }
            }
            *rows = kept;
        }
        Ok(())
    }

    fn read_service(&mut self, rows: &Rows, replaces: bool, is_snapshot: bool, report: &mut Report) -> Outcome<()> {
        if replaces {
            self.defaults.clear();
        }
        let mut without = Vec::new();
        for (path, row) in rows {
            let mut names_one = false;
            for (which, _, in_chat, in_conversations) in DEFAULTS {
                if let Some(sid) = text(row, path, &[in_chat, in_conversations])? {
                    self.defaults.insert(which, sid);
                    names_one = true;
                }
            }
            without.extend((!names_one && !is_snapshot).then(|| path.clone()));
        }
        // Of a service's resource and its configuration, one has them.
        if without.len() == rows.len() {
            report.warnings.extend(without.into_iter().map(|path| ("no-defaults", path)));
        }
        Ok(())
    }

    // --- Rows ---

    fn read_actions(&mut self, fields: &Fields, own: &BTreeSet<String>, report: &mut Report) -> Outcome<()> {
        for (path, row) in rows_of(fields, &["actions"])? {
            let name = needed(row, &path, &["action"])?;
            let any = needed(row, &path, &["any"])?;
            let own_thing = text(row, &path, &["own"])?;
            let [member_only, when_closed] = [flag(row, &path, "member_only")?, flag(row, &path, "when_closed")?];
            let rule = OwnAction { any: any.clone(), own: own_thing.clone(), member_only, when_closed };
            self.add_action(&name, rule, own, false)?;
            if let Some(at) = self.lacking([Some(&any), own_thing.as_deref()]).next() {
                report.warn(true, "no-counterpart", format!("{path}.{}", ["any", "own"][at]));
            }
        }
        Ok(())
    }

    fn read_role(
        &mut self,
        row: &Fields,
        path: &str,
        own: &mut BTreeSet<String>,
        brought: &mut Brought,
        report: &mut Report,
    ) -> Outcome<()> {
        let sid = needed(row, path, &["sid"])?;
        let friendly_name = text(row, path, &["friendly_name"])?.unwrap_or_else(|| sid.clone());
        let Some(scope) = word(&needed(row, path, &["type"])?, &ROLE_TYPES).and_then(scope_of) else {
            return fault_at("invalid-scope", path);
        };
        let names = match field(row, &["permissions"]) {
            None => return fault_at("missing-field", &format!("{path}.permissions")),
            Some((_, Value::Array(names))) => names,
            Some(_) => return fault_at("invalid-type", &format!("{path}.permissions")),
        };
        let mut permissions: Vec<&str> = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let path = format!("{path}.permissions[{at}]");
            let Value::String(name) = name else { return fault_at("invalid-type", &path) };
            none_of(&[(name.is_empty(), "invalid-name")])?;
            let is_own = built_in(name).is_none();
            let is_asked = self.actions.values().any(|rule| rule.any == *name || rule.own.as_ref() == Some(name));
            report.warn(is_own && !is_asked, "unknown-permission", path.clone());
            report.warn(self.name_of(name).is_none(), "no-counterpart", path.clone());
            report.warn(!counts_in(name, scope), "out-of-scope", path);
            own.extend(is_own.then(|| name.clone()));
            none_of(&[(own.len() > MOST_OWN_PERMISSIONS, "too-many-permissions")])?;
            permissions.push(name);
        }
        let role = Role { friendly_name, scope, permissions: each_once(&permissions) };
        report.count("roles", fate(self.roles.insert(sid.clone(), role.clone()).as_ref(), &role));
        brought.roles.insert(sid);
        Ok(())
    }

    fn read_user(&mut self, row: &Fields, path: &str, brought: &mut Brought, report: &mut Report) -> Outcome<()> {
        let identity = needed(row, path, &["identity"])?;
        let role = text(row, path, &["role_sid"])?;
        report.warn(role.is_none(), "no-role", format!("{path}.role_sid"));
        let role = role.unwrap_or_default();
        report.count("users", fate(self.users.insert(identity.clone(), role.clone()).as_ref(), &role));
        brought.users.insert(identity);
        Ok(())
    }

    /// `resets`: whether what was known of the channel goes, where the row says nothing.
    fn read_channel(
        &mut self,
        row: &Fields,
        path: &str,
        resets: bool,
        brought: &mut Brought,
        report: &mut Report,
    ) -> Outcome<String> {
        let sid = needed(row, path, &SID)?;
        let unique_name = text(row, path, &UNIQUE_NAME)?;
        let channel_type = text(row, path, &CHANNEL_TYPE)?;
        let created_by = text(row, path, &CREATED_BY)?;
        let state_here = state_of(row, path)?;
        let public = match &channel_type {
            None => None,
            Some(written) => match word(written, &CHANNEL_TYPES) {
                None => return fault_at("invalid-channel-type", &format!("{path}.type")),
                known => Some(known == Some("public")),
            },
        };
        let private_only = self.dialect == Dialect::Conversations;
        report.warn(public == Some(true) && private_only, "no-counterpart", format!("{path}.type"));

        let before = self.channels.get(&sid).cloned();
        let known = before.clone().filter(|_| !resets || brought.channels.contains(&sid));
        let mut channel = known.unwrap_or_else(Channel::unheard_of);
        let says_anything = unique_name.is_some() || public.is_some() || created_by.is_some() || state_here.is_some();
        channel.described |= says_anything;
        channel.public = public.unwrap_or(channel.public) && !private_only;
        channel.created_by = created_by.or(channel.created_by);
        if let Some(state) = state_here {
            let known = word(&state, &STATES);
            report.warn(known.is_none(), "unknown-state", format!("{path}.state"));
            channel.state = known.map_or(state, String::from);
        }
        if let Some(name) = unique_name {
            report.warn(has_sid_form(&name), "invalid-name", format!("{path}.unique_name"));
            let mut others = self.channels.iter_mut().filter(|(other, _)| **other != sid);
            if let Some((_, other)) = others.find(|(_, other)| other.unique_name.as_ref() == Some(&name)) {
                other.unique_name = None;
                report.warn(true, "moved-name", format!("{path}.unique_name"));
            }
            channel.unique_name = Some(name);
        }
        report.count("channels", fate(before.as_ref(), &channel));
        self.channels.insert(sid.clone(), channel);
        brought.channels.insert(sid.clone());
        Ok(sid)
    }

    /// A channel that a replacing section does not bring is known from its members at most.
    fn forget_other_channels(&mut self, rows: &Rows, brought: &mut Brought) -> Outcome<()> {
        let mut stay = BTreeSet::new();
        for (path, row) in rows {
            stay.insert(needed(row, path, &SID)?);
        }
        for (sid, channel) in self.channels.iter_mut().filter(|(sid, _)| !stay.contains(*sid)) {
            if channel.described {
                *channel = Channel::unheard_of();
                brought.forgotten.insert(sid.clone());
            }
        }
        Ok(())
    }

    /// A row of somebody's own list: whose it is, and whether they are in.
    fn read_list_row(
        &mut self,
        row: &Fields,
        path: &str,
        sid: &str,
        identity: Option<&str>,
        brought: &mut Brought,
        report: &mut Report,
    ) -> Outcome<()> {
        let whose = text(row, path, &["participant_identity"])?;
        let status = text(row, path, &["status"])?;
        let status = status.as_deref().map_or(Some("joined"), |status| word(status, &STATUSES));
        report.warn(status.is_none(), "unknown-status", format!("{path}.status"));
        if whose.is_none() && is_said(row, "participant_messaging_binding") {
            report.count("members", "skipped");
            return Ok(());
        }
        let Some(whose) = whose.or_else(|| identity.map(String::from)) else {
            report.warn_of_first("whose-list", path, "");
            return Ok(());
        };
        let seat = (sid.to_string(), whose);
        match status {
            None => {}
            Some("joined") => self.seat("members", seat, None, brought, report),
            Some("invited") if self.dialect == Dialect::Conversations => {
                report.count("invites", "skipped");
                report.warn(true, "no-counterpart", format!("{path}.status"));
            }
            Some("invited") => {
                self.leave("members", &seat, brought, report);
                self.seat("invites", seat, None, brought, report);
            }
            Some(_) => {
                self.leave("members", &seat, brought, report);
                self.leave("invites", &seat, brought, report);
            }
        }
        Ok(())
    }

    /// Ends a membership or an invite. Of those that the load replaces, it is counted in the end who is gone.
    fn leave(&mut self, section: &'static str, seat: &(String, String), brought: &mut Brought, report: &mut Report) {
        if self.seats(section).remove(seat).is_some() && !brought.replaced(section).contains_key(seat) {
            report.count(section, "removed");
        }
    }

    /// A member's row, or an invite's.
    fn read_seat(
        &mut self,
        section: &'static str,
        row: &Fields,
        path: &str,
        only: Option<&str>,
        brought: &mut Brought,
        report: &mut Report,
    ) -> Outcome<()> {
        if section == "members" && text(row, path, &["identity"])?.is_none() {
            // What stands for the whole section says at least where.
            if !path.ends_with(']') && !is_said(row, "messaging_binding") && field(row, &SEAT).is_none() {
                seat_sid(row, path)?;
            }
            report.count(section, "skipped");
            if !is_said(row, "messaging_binding") {
                report.warn_of_first("no-identity", path, ".identity");
            }
            return Ok(());
        }
        let channel = seat_sid(row, path)?;
        let identity = needed(row, path, &["identity"])?;
        let role = text(row, path, &["role_sid"])?;
        none_of(&[(only.is_some_and(|only| only != channel), "wrong-channel")])?;
        if section == "invites" && self.dialect == Dialect::Conversations {
            report.count(section, "skipped");
            return Ok(());
        }
        report.warn(section == "members" && role.is_none(), "no-role", format!("{path}.role_sid"));
        let seat = (channel, identity);
        // A member is invited no more.
        if section == "invites" && self.members.contains_key(&seat) {
            report.count(section, "skipped");
            return Ok(());
        }
        self.seat(section, seat, Some(role.unwrap_or_default()), brought, report);
        Ok(())
    }

    /// `role`: `None` where the row could not name any, so that a role that is known is kept.
    fn seat(
        &mut self,
        section: &'static str,
        seat: (String, String),
        role: Option<String>,
        brought: &mut Brought,
        report: &mut Report,
    ) {
        self.channels.entry(seat.0.clone()).or_insert_with(Channel::unheard_of);
        let before = self.seats(section).get(&seat).or(brought.replaced(section).get(&seat)).cloned();
        let role = role.or_else(|| before.clone()).unwrap_or_default();
        report.count(section, fate(before.as_ref(), &role));
        if section == "members" {
            self.leave("invites", &seat, brought, report);
        }
        self.seats(section).insert(seat, role);
    }

    fn seats(&mut self, section: &str) -> &mut Seats {
        if section == "members" { &mut self.members } else { &mut self.invites }
    }

    // --- After the rows ---

    /// The channel that the option names: one that is known, or that a row of the payload makes known.
    fn channel_named(&self, channel: &str, rows: &BTreeMap<&str, Rows>) -> Outcome<String> {
        if let Some(sid) = self.channel_sid(channel) {
            return Ok(sid);
        }
        let mut by_name = None;
        for (path, row) in &rows["channels"] {
            let sid = needed(row, path, &SID)?;
            if sid == channel {
                return Ok(sid);
            }
            if by_name.is_none() && text(row, path, &UNIQUE_NAME)?.as_deref() == Some(channel) && !has_sid_form(channel) {
                by_name = Some(sid);
            }
        }
        if let Some(sid) = by_name {
            return Ok(sid);
        }
        for section in ["members", "invites"] {
            for (path, row) in &rows[section] {
                let nobody = section == "members" && text(row, path, &["identity"])?.is_none();
                if !nobody && seat_sid(row, path)? == channel {
                    return Ok(channel.into());
                }
            }
        }
        fault_at("unknown-channel", "channel")
    }

    /// Takes out the members and invites that a load replaces: of a section every one, or those in one channel; of a list,
    /// those of its people.
    fn take_seats(
        &mut self,
        own_list: Option<&str>,
        only: Option<&str>,
        rows: &Rows,
        is_there: &dyn Fn(&str) -> bool,
        brought: &mut Brought,
    ) -> Outcome<()> {
        let mut listed = BTreeSet::new();
        for (path, row) in rows {
            listed.extend(text(row, path, &["participant_identity"])?);
        }
        listed.extend(own_list.map(String::from));
        for section in ["members", "invites"] {
            let goes = |(channel, identity): &(String, String)| match only {
                Some(only) => is_there(section) && channel == only,
                None => is_there(section) || listed.contains(identity),
            };
            let (gone, stay): (Seats, Seats) = std::mem::take(self.seats(section)).into_iter().partition(|(seat, _)| goes(seat));
            *self.seats(section) = stay;
            *brought.replaced(section) = gone;
        }
        Ok(())
    }

    fn remove_what_is_replaced(&mut self, roles: bool, users: bool, channels: bool, brought: &Brought, report: &mut Report) {
        if roles {
            remove(&mut self.roles, "roles", report, |sid| !brought.roles.contains(sid));
        }
        if users {
            remove(&mut self.users, "users", report, |identity| !brought.users.contains(identity));
        }
        for (section, replaced, now) in
            [("members", &brought.members, &self.members), ("invites", &brought.invites, &self.invites)]
        {
            replaced.keys().filter(|seat| !now.contains_key(*seat)).for_each(|_| report.count(section, "removed"));
        }
        if channels {
            // Somebody's being in a channel is enough to know of it.
            let seated: BTreeSet<String> = self.members.keys().chain(self.invites.keys()).map(|seat| seat.0.clone()).collect();
            remove(&mut self.channels, "channels", report, |sid| !brought.channels.contains(sid) && !seated.contains(sid));
            brought.forgotten.intersection(&seated).for_each(|_| report.count("channels", "updated"));
        }
    }

    /// The signed-in user, if no row names them: as the services do at the first connection.
    fn welcome(&mut self, identity: &str, replaces: bool, brought: &mut Brought, report: &mut Report) {
        let before = self.users.get(identity).cloned();
        if brought.users.contains(identity) || before.is_some() && !replaces {
            return;
        }
        let role = self.defaults.get("user").cloned();
        report.warn(role.is_none(), "no-role", "identity".into());
        let role = role.unwrap_or_default();
        report.count("users", fate(before.as_ref(), &role));
        self.users.insert(identity.into(), role);
        brought.users.insert(identity.into());
    }
}

/// Removes rows of a section.
fn remove<K: Ord, V>(rows: &mut BTreeMap<K, V>, section: &'static str, report: &mut Report, goes: impl Fn(&K) -> bool) {
    rows.retain(|key, _| {
        if goes(key) {
            report.count(section, "removed");
        }
        !goes(key)
    });
}

/// The SID of the channel in the row of a member or an invite; the client SDK has it in an object.
fn seat_sid(row: &Fields, path: &str) -> Outcome<String> {
    match (field(row, &SEAT), field(row, &["channel", "conversation"])) {
        (None, Some((name, Value::Object(channel)))) => needed(channel, &format!("{path}.{name}"), &["sid"]),
        (None, Some((name, _))) => fault_at("invalid-type", &format!("{path}.{name}")),
        _ => needed(row, path, &SEAT),
    }
}

fn fate<T: PartialEq>(before: Option<&T>, now: &T) -> &'static str {
    match before {
        None => "added",
        Some(before) if before == now => "unchanged",
        Some(_) => "updated",
    }
}
