//! Reading payloads: REST resources in any back end's handwriting, row by row.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::calls::each_once;
use super::fields::{
    CHANNEL_TYPE, CREATED_BY, Fields, Rows, SEAT, SERVICE_SID, SID, UNIQUE_NAME, dialect_of, field, flag, is_of_a_list, is_said,
    needed, rows_of, section_of, state_of, text,
};
use super::{
    CHANNEL_TYPES, Channel, DEFAULTS, Dialect, Fault, MOST_OWN_PERMISSIONS, Outcome, OwnAction, ROLE_TYPES, Role, STATES,
    STATUSES, World, built_in, counts_in, fault, fault_at, has_sid_form, none_of, scope_of, word,
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
    ("invites", &["invites"]),
    ("members", &["members", "participants"]),
];

/// What a load has brought so far.
#[derive(Default)]
struct Brought {
    roles: BTreeSet<String>,
    users: BTreeSet<String>,
    channels: BTreeSet<String>,
    members: BTreeSet<(String, String)>,
    invites: BTreeSet<(String, String)>,
    /// Whose lists there were.
    listed: BTreeSet<String>,
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
        let report = next.read(payload, options)?;
        *self = next;
        Ok(report)
    }

    fn read(&mut self, payload: &Value, options: &Options) -> Outcome<Report> {
        let Value::Object(fields) = payload else { return fault("invalid-payload") };
        none_of(&[(options.identity == Some(""), "invalid-identity")])?;
        if !matches!(text(fields, "", &["rolecall"])?.as_deref(), None | Some("1" | "2")) {
            return fault_at("unsupported-version", "rolecall");
        }
        if !matches!(text(fields, "", &["dialect"])?.as_deref(), None | Some("chat" | "conversations")) {
            return fault_at("invalid-dialect", "dialect");
        }
        let has_section = |names: &[&str]| names.iter().any(|name| field(fields, &[name]).is_some());
        let sections = SECTIONS.iter().map(|(_, names)| *names).chain([&["actions"][..], &["service", "configuration"]]);
        none_of(&[(!fields.is_empty() && !sections.into_iter().any(has_section), "invalid-payload")])?;

        let mut report = Report::default();
        let replaces_all = options.replace && options.channel.is_none();
        // Roles that are about to be replaced hold nothing any more.
        let mut own = if replaces_all && has_section(&["roles"]) { BTreeSet::new() } else { self.held_own() };
        self.read_actions(fields, &own, &mut report)?;
        own.extend(self.asked_own());

        let mut rows = BTreeMap::new();
        for (section, names) in SECTIONS {
            rows.insert(section, rows_of(fields, names)?);
        }
        let service = rows_of(fields, &["service", "configuration"])?;
        self.learn_service_sid(&service, &rows)?;
        self.skip_other_services(&mut rows, &mut report)?;
        let only = options.channel.map(|channel| self.channel_named(channel, &rows["channels"])).transpose()?;

        let has_lists = rows["channels"].iter().any(|(_, row)| is_of_a_list(row));
        let resets_channels = replaces_all && !has_lists;
        let mut brought = Brought::default();
        for (path, row) in &rows["roles"] {
            self.read_role(row, path, &mut own, &mut brought, &mut report)?;
        }
        for (path, row) in &rows["users"] {
            self.read_user(row, path, &mut brought, &mut report)?;
        }
        for (path, row) in &rows["channels"] {
            let sid = self.read_channel(row, path, resets_channels, &mut brought, &mut report)?;
            if is_of_a_list(row) {
                none_of(&[(only.as_ref().is_some_and(|only| *only != sid), "wrong-channel")])?;
                self.read_list_row(row, path, &sid, options.identity, &mut brought, &mut report)?;
            }
        }
        for section in ["invites", "members"] {
            let skipped_before = report.skipped(section);
            for (path, row) in &rows[section] {
                self.read_seat(section, row, path, only.as_deref(), &mut brought, &mut report)?;
            }
            let skipped = report.skipped(section) > skipped_before;
            report.warn(section == "invites" && skipped, "no-counterpart", "invites".into());
        }
        self.read_service(&service, replaces_all && has_section(&["service", "configuration"]), &mut report)?;
        if options.replace {
            let is_there = |section: &str| {
                let (_, names) = SECTIONS.iter().find(|row| row.0 == section).unwrap();
                has_section(names)
            };
            self.remove_what_is_replaced(options, only.as_deref(), has_lists, &is_there, &mut brought, &mut report);
        }
        if let Some(identity) = options.identity.filter(|_| has_section(&["users"])) {
            self.welcome(identity, &mut report);
        }
        report.counts.retain(|_, counts| !counts.is_empty());
        report.warnings.sort();
        Ok(report)
    }

    // --- The service ---

    /// Which service this is: as the payload says, as is known, or as the first row that says it.
    fn learn_service_sid(&mut self, service: &Rows, rows: &BTreeMap<&str, Rows>) -> Outcome<()> {
        for (path, row) in service {
            if let Some(sid) = text(row, path, &["sid", "chat_service_sid"])? {
                self.service_sid = Some(sid);
                return Ok(());
            }
        }
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
            let mut others = 0;
            let mut kept = Vec::new();
            for (path, row) in rows.drain(..) {
                let sid = text(row, &path, &SERVICE_SID)?;
                if sid.is_none() || sid == self.service_sid {
                    kept.push((path, row));
                } else {
                    report.count(section, "skipped");
                    others += 1;
                }
            }
            *rows = kept;
            report.warn(others > 0, "other-service", (*section).into());
        }
        Ok(())
    }

    fn read_service(&mut self, rows: &Rows, replaces: bool, report: &mut Report) -> Outcome<()> {
        if replaces {
            self.defaults.clear();
        }
        for (path, row) in rows {
            let mut names_one = false;
            for (which, _, in_chat, in_conversations) in DEFAULTS {
                if let Some(sid) = text(row, path, &[in_chat, in_conversations])? {
                    self.defaults.insert(which, sid);
                    names_one = true;
                }
            }
            report.warn(!names_one, "no-defaults", path.clone());
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
        let state = state_of(row, path)?;
        let public = match &channel_type {
            None => None,
            Some(said) => match word(said, &CHANNEL_TYPES) {
                None => return fault_at("invalid-channel-type", &format!("{path}.type")),
                said => Some(said == Some("public")),
            },
        };
        let private_only = self.dialect == Dialect::Conversations;
        report.warn(public == Some(true) && private_only, "no-counterpart", format!("{path}.type"));

        let before = self.channels.get(&sid).cloned();
        let known = before.clone().filter(|_| !resets || brought.channels.contains(&sid));
        let mut channel = known.unwrap_or_else(Channel::unheard_of);
        let says_anything = unique_name.is_some() || public.is_some() || created_by.is_some() || state.is_some();
        channel.described |= says_anything;
        channel.public = public.unwrap_or(channel.public) && !private_only;
        channel.created_by = created_by.or(channel.created_by);
        if let Some(state) = state {
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
        if whose.is_none() && is_said(row, "participant_messaging_binding") {
            report.count("members", "skipped");
            return Ok(());
        }
        let Some(whose) = whose.or_else(|| identity.map(String::from)) else {
            report.warn(true, "whose-list", path.into());
            return Ok(());
        };
        let status = text(row, path, &["status"])?;
        brought.listed.insert(whose.clone());
        let seat = (sid.to_string(), whose);
        let status = status.as_deref().map_or(Some("joined"), |status| word(status, &STATUSES));
        match status {
            None => report.warn(true, "unknown-status", format!("{path}.status")),
            Some("joined") => self.seat("members", seat, None, brought, report),
            Some("invited") if self.dialect == Dialect::Conversations => {
                report.count("invites", "skipped");
            }
            Some("invited") => self.seat("invites", seat, None, brought, report),
            Some(_) => self.leave(&seat, report),
        }
        Ok(())
    }

    fn leave(&mut self, seat: &(String, String), report: &mut Report) {
        for section in ["members", "invites"] {
            if self.seats(section).remove(seat).is_some() {
                report.count(section, "removed");
            }
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
            report.count(section, "skipped");
            let warned = report.warnings.iter().any(|(code, _)| *code == "no-identity");
            report.warn(!warned && !is_said(row, "messaging_binding"), "no-identity", section_of(path));
            return Ok(());
        }
        let channel = match field(row, &SEAT) {
            None => {
                let inner = field(row, &["conversation", "channel"]).and_then(|(name, inner)| Some((name, inner.as_object()?)));
                match inner {
                    Some((name, inner)) => needed(inner, &format!("{path}.{name}"), &["sid"])?,
                    None => needed(row, path, &SEAT)?,
                }
            }
            Some(_) => needed(row, path, &SEAT)?,
        };
        let identity = needed(row, path, &["identity"])?;
        let role = text(row, path, &["role_sid"])?;
        if section == "invites" && self.dialect == Dialect::Conversations {
            report.count(section, "skipped");
            return Ok(());
        }
        none_of(&[(only.is_some_and(|only| only != channel), "wrong-channel")])?;
        report.warn(section == "members" && role.is_none(), "no-role", format!("{path}.role_sid"));
        self.seat(section, (channel, identity), Some(role.unwrap_or_default()), brought, report);
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
        let before = self.seats(section).get(&seat).cloned();
        let role = role.or_else(|| before.clone()).unwrap_or_default();
        report.count(section, fate(before.as_ref(), &role));
        self.seats(section).insert(seat.clone(), role);
        if section == "members" {
            // A member is invited no more.
            if self.invites.remove(&seat).is_some() {
                report.count("invites", "removed");
            }
            brought.members.insert(seat);
        } else {
            brought.invites.insert(seat);
        }
    }

    fn seats(&mut self, section: &str) -> &mut super::Seats {
        if section == "members" { &mut self.members } else { &mut self.invites }
    }

    // --- After the rows ---

    /// The channel that the option names: one that is known, or that a row of the payload makes known.
    fn channel_named(&self, channel: &str, rows: &Rows) -> Outcome<String> {
        if let Some(sid) = self.channel_sid(channel) {
            return Ok(sid);
        }
        for (path, row) in rows {
            let sid = needed(row, path, &SID)?;
            if sid == channel || text(row, path, &UNIQUE_NAME)?.as_deref() == Some(channel) && !has_sid_form(channel) {
                return Ok(sid);
            }
        }
        fault_at("unknown-channel", "channel")
    }

    fn remove_what_is_replaced(
        &mut self,
        options: &Options,
        only: Option<&str>,
        has_lists: bool,
        is_there: &dyn Fn(&str) -> bool,
        brought: &mut Brought,
        report: &mut Report,
    ) {
        if options.channel.is_none() {
            if is_there("roles") {
                remove(&mut self.roles, "roles", report, |sid, _| !brought.roles.contains(sid));
            }
            if is_there("users") {
                remove(&mut self.users, "users", report, |identity, _| !brought.users.contains(identity));
            }
        }
        let is_only = |channel: &str| only.is_none_or(|only| only == channel);
        if has_lists {
            brought.listed.extend(options.identity.map(String::from));
            let is_listed = |seat: &(String, String)| brought.listed.contains(&seat.1) && is_only(&seat.0);
            remove(&mut self.members, "members", report, |seat, _| is_listed(seat) && !brought.members.contains(seat));
            remove(&mut self.invites, "invites", report, |seat, _| is_listed(seat) && !brought.invites.contains(seat));
        }
        if is_there("members") {
            remove(&mut self.members, "members", report, |seat, _| is_only(&seat.0) && !brought.members.contains(seat));
        }
        if is_there("invites") {
            remove(&mut self.invites, "invites", report, |seat, _| is_only(&seat.0) && !brought.invites.contains(seat));
        }
        if is_there("channels") && options.channel.is_none() && !has_lists {
            // Somebody's being in a channel is enough to know of it.
            let seated: BTreeSet<String> = self.members.keys().chain(self.invites.keys()).map(|seat| seat.0.clone()).collect();
            remove(&mut self.channels, "channels", report, |sid, _| !brought.channels.contains(sid) && !seated.contains(sid));
            for (sid, channel) in &mut self.channels {
                if !brought.channels.contains(sid) {
                    *channel = Channel::unheard_of();
                }
            }
        }
    }

    /// The signed-in user, if no row named them: as the services do at the first connection.
    fn welcome(&mut self, identity: &str, report: &mut Report) {
        if self.users.contains_key(identity) {
            return;
        }
        let role = self.defaults.get("user").cloned();
        report.warn(role.is_none(), "no-role", "identity".into());
        self.users.insert(identity.into(), role.unwrap_or_default());
        report.count("users", "added");
    }
}

impl Report {
    fn skipped(&self, section: &str) -> u32 {
        self.counts.get(section).and_then(|counts| counts.get("skipped")).copied().unwrap_or(0)
    }
}

fn remove<K: Ord, V>(rows: &mut BTreeMap<K, V>, section: &'static str, report: &mut Report, goes: impl Fn(&K, &V) -> bool) {
    rows.retain(|key, row| {
        let goes = goes(key, row);
        if goes {
            report.count(section, "removed");
        }
        !goes
    });
}

fn fate<T: PartialEq>(before: Option<&T>, now: &T) -> &'static str {
    match before {
        None => "added",
        Some(before) if before == now => "unchanged",
        Some(_) => "updated",
    }
}
