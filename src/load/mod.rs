//! Loading a payload: first everything is checked, then everything is applied, and that cannot fail.

use std::sync::Arc;

use serde::Serialize;

use crate::directory::{Kind, TakenSeats};
use crate::error::Result;
use crate::payload::{Payload, Position, Row};
use crate::service::Service;

mod apply;
mod check;

use apply::Apply;
use check::Check;

/// How a payload is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions<'a> {
    /// Each section that is there takes the place of what was there. A user's own list replaces that user's memberships and
    /// invites, and nobody else's.
    pub replace: bool,
    /// The payload is what one channel's endpoint answered: with `replace`, the members and invites of this channel are
    /// replaced, and nothing else is. By its SID or its unique name.
    pub channel: Option<&'a str>,
    /// The signed-in user: whose list it is where the rows do not tell, and a newcomer where no row of `users` names them.
    pub identity: Option<&'a str>,
}

/// What became of the rows of a section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// They were not there before.
    pub added: u32,
    /// They were there and held something else.
    pub updated: u32,
    /// They were there and held the same.
    pub unchanged: u32,
    /// They were there, and a replacing load did not bring them again, or a user's own list ended them.
    pub removed: u32,
    /// They were left out: a participant without an identity, an invite in Conversations or of a member, a row of another service.
    pub skipped: u32,
}

/// Something in a payload that should be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// A stable word, in the docs' table of warnings.
    pub code: &'static str,
    /// Where in the payload.
    pub path: String,
    /// A sentence.
    pub message: String,
}

/// What a load did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LoadReport {
    /// Roles, by SID.
    pub roles: Counts,
    /// Users, by identity.
    pub users: Counts,
    /// Channels or conversations, by SID.
    pub channels: Counts,
    /// Members or participants, by channel and identity.
    pub members: Counts,
    /// Invites, by channel and identity.
    pub invites: Counts,
    /// At most a thousand, then one that tells that there are more.
    pub warnings: Vec<Warning>,
}

words! {
    /// What a load warns of, as a stable word.
    WarningCode:
    UnknownSection "unknown-section" "A field that is no section, and is called nearly as one is: it is not read."
    UnknownPermission "unknown-permission" "A permission that is not built in, and that no action requires: an application's own, or a newer server's."
    OutOfScope "out-of-scope" "A permission that is not valid in the scope of its role: it grants nothing."
    NoCounterpart "no-counterpart" "Something that the service's dialect has not: a permission, an invite, a public conversation."
    NoRole "no-role" "A user or a member without a role: it grants nothing."
    NoDefaults "no-defaults" "A service or configuration that names no default role: the account's instead of the service's?"
    OtherService "other-service" "Rows of another service: they are skipped."
    WhoseList "whose-list" "A user's own list that does not tell whose it is: pass the option `identity`. Only the channels count."
    NoIdentity "no-identity" "Participants without an identity and without a messaging binding: they are skipped."
    UnknownStatus "unknown-status" "A row of a user's own list with a status that is none: it changes no membership."
    UnknownState "unknown-state" "A channel's state that is none of the four: it counts as closed."
    InvalidName "invalid-name" "A unique name that looks like a SID: no call finds the channel by it."
    MovedName "moved-name" "Two channels with one unique name: the one that was loaded last has it."
    MoreWarnings "more-warnings" "There are more than a thousand warnings."
}

const MOST_WARNINGS: usize = 1000;

impl LoadReport {
    fn warn(&mut self, code: WarningCode, path: String, message: String) {
        let code = match self.warnings.len() {
            ..MOST_WARNINGS => {
                return self.warnings.push(Warning { code: code.name(), path, message });
            }
            MOST_WARNINGS => WarningCode::MoreWarnings.name(),
            _ => return,
        };
        self.warnings.push(Warning { code, path: String::new(), message: "there are more warnings".into() });
    }

    fn seats(&mut self, kind: Kind) -> &mut Counts {
        match kind {
            Kind::Member => &mut self.members,
            Kind::Invite => &mut self.invites,
        }
    }

    /// Whether a row has come, has gone, or holds something else.
    fn is_change(&self) -> bool {
        let changes = |counts: Counts| counts.added + counts.updated + counts.removed > 0;
        [self.roles, self.users, self.channels, self.members, self.invites].into_iter().any(changes)
    }
}

impl Counts {
    /// Counts a row: `None` if it is new, else whether it held the same before.
    fn count(&mut self, same: Option<bool>) {
        match same {
            None => self.added += 1,
            Some(false) => self.updated += 1,
            Some(true) => self.unchanged += 1,
        }
    }
}

impl Service {
    /// Loads what was read, all of it or nothing.
    pub(crate) fn load(&mut self, mut payload: Payload, options: &LoadOptions) -> Result<LoadReport> {
        let mut report = LoadReport::default();
        let service_sid = self.sid_of(&payload);
        if let Some(sid) = &service_sid {
            skip_other_services(&mut payload, sid, &mut report);
        }
        let mut check = Check::new(self, &payload, options, report);
        check.run()?;
        let Check { vocabulary, roles, channel, report, .. } = check;
        let has_changed = vocabulary != self.vocabulary || service_sid != self.sid;
        let defaults = self.defaults.clone();
        self.vocabulary = vocabulary;
        self.sid = service_sid;
        let replaces = options.replace && channel.is_none();
        let (taken, going) = (TakenSeats::default(), Vec::new());
        let mut apply =
            Apply { service: self, payload: &payload, options, channel, replaces, report, taken, going, is_newcomer: false };
        apply.run(roles);
        let report = apply.report;
        self.changed(has_changed || defaults != self.defaults || report.is_change());
        self.last_load = Some(report.clone());
        Ok(report)
    }

    /// The SID of the service that a load is about: the one that the payload's own row of it names, the one that is known, or
    /// the first that a row names.
    fn sid_of(&self, payload: &Payload) -> Option<Arc<str>> {
        let named = payload.service.iter().rev().find_map(|row| row.sid.as_deref());
        let known = named.or(self.sid.as_deref());
        known.or(payload.services.first().map(|sid| &**sid)).map(Into::into)
    }
}

/// Takes the rows of other services out of a payload and counts them as skipped, with a warning for each section. A row that
/// does not tell is of this service.
fn skip_other_services(payload: &mut Payload, sid: &str, report: &mut LoadReport) {
    let is_other: Vec<bool> = payload.services.iter().map(|service| **service != *sid).collect();
    let others = [
        skip_rows(&mut payload.roles, &is_other, &mut report.roles),
        skip_rows(&mut payload.users, &is_other, &mut report.users),
        skip_rows(&mut payload.channels, &is_other, &mut report.channels),
        skip_rows(&mut payload.members, &is_other, &mut report.members),
        skip_rows(&mut payload.invites, &is_other, &mut report.invites),
    ];
    for (count, row) in others.into_iter().flatten() {
        let other = payload.service_of(row).unwrap_or_default();
        let message = format!("{count} rows are of another service, such as {other}, not of {sid}: they are skipped");
        report.warn(WarningCode::OtherService, payload.section_path(row).into(), message);
    }
}

/// Takes the rows of other services out of a section. Returns how many there are, and the first.
fn skip_rows<Fields>(rows: &mut Vec<Row<Fields>>, is_other: &[bool], counts: &mut Counts) -> Option<(u32, Position)> {
    let mut first = None;
    rows.retain(|row| {
        let is_other = row.at.service().is_some_and(|service| is_other[service]);
        if is_other {
            first.get_or_insert(row.at);
            counts.skipped += 1;
        }
        !is_other
    });
    Some((counts.skipped, first?))
}
