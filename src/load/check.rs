//! The first pass of a load: everything is checked, and nothing changed.

use std::rc::Rc;

use crate::channel::{State, is_sid};
use crate::dialect::{Dialect, Scope};
use crate::error::{Error, Problem, Result};
use crate::payload::{OfService, Payload, RoleRow, Section, Status, Whose};
use crate::permission::{Permission, PermissionSet};
use crate::role::Definition;
use crate::service::Service;
use crate::vocabulary::{NewAction, Vocabulary};

use super::{Counts, LoadOptions, LoadReport, WarningCode};

/// The first pass: looks at everything and changes nothing. The first mistake is the error of the load.
pub(super) struct Check<'l> {
    pub service: &'l Service,
    pub payload: &'l Payload,
    pub options: &'l LoadOptions<'l>,
    pub report: LoadReport,
    /// The vocabulary as it will be.
    pub vocabulary: Vocabulary,
    /// The roles as they will be.
    pub roles: Vec<Definition>,
    /// The SID of the channel that the load is about.
    pub channel: Option<Rc<str>>,
    /// The service that rows must be of.
    pub service_sid: Option<Rc<str>>,
}

impl<'l> Check<'l> {
    pub fn new(service: &'l Service, payload: &'l Payload, options: &'l LoadOptions) -> Self {
        let named = payload.service.iter().flat_map(|section| &section.rows).filter_map(|row| row.sid.clone()).next_back();
        let known = || service.sid.as_deref().map(Rc::from);
        let service_sid = named.or_else(known).or_else(|| payload.services.first().cloned());
        let vocabulary = service.vocabulary.clone();
        let (roles, report) = (Vec::new(), LoadReport::default());
        Self { service, payload, options, report, vocabulary, roles, channel: None, service_sid }
    }

    pub fn run(&mut self) -> Result<()> {
        if self.options.identity == Some("") {
            return Err(Error::from(Problem::EmptyIdentity).at("identity"));
        }
        self.channel = self.options.channel.map(|channel| self.find_channel(channel)).transpose()?;
        self.check_defaults();
        self.check_actions_and_roles()?;
        for section in &self.payload.users {
            for (index, row) in section.rows.iter().enumerate() {
                if row.role.is_none() && !self.is_foreign(row.service) {
                    self.warn_without_role(section.at.field(index, "role_sid"));
                }
            }
        }
        self.check_channels()?;
        self.check_members()?;
        self.check_invites()?;
        self.warn_of_other_services();
        Ok(())
    }

    /// The SID of the channel that the load is about: known, or named by the payload itself.
    fn find_channel(&self, name: &str) -> Result<Rc<str>> {
        if let Some(channel) = self.service.directory.find_channel(name) {
            return Ok(Rc::from(&*channel.sid));
        }
        let is_of_service = |service: OfService| !self.is_foreign(service);
        let channels = || self.payload.channels.iter().flat_map(|section| &section.rows);
        let rows = || channels().filter(|row| is_of_service(row.service));
        let by_sid = rows().find(|row| *row.sid == *name);
        let by_name = || rows().find(|row| !is_sid(name) && row.unique_name.as_deref() == Some(name));
        if let Some(row) = by_sid.or_else(by_name) {
            return Ok(Rc::clone(&row.sid));
        }
        let seats = self.payload.members.iter().chain(&self.payload.invites).flat_map(|section| &section.rows);
        let named = seats
            .filter(|row| is_of_service(row.service))
            .map(|row| &row.channel)
            .find(|channel| ***channel == *name && !name.is_empty());
        named.cloned().ok_or_else(|| Error::from(Problem::UnknownChannel(name.into())).at("channel"))
    }

    fn check_defaults(&mut self) {
        for section in self.payload.service.iter().filter(|_| !self.payload.is_snapshot) {
            for (index, row) in section.rows.iter().enumerate() {
                if row.defaults.iter().all(Option::is_none) {
                    let message = "this names no default role; forward the service’s own resource (or its configuration), not the account’s";
                    self.report.warn(WarningCode::NoDefaults, section.at.row(index), message.into());
                }
            }
        }
    }

    fn check_actions_and_roles(&mut self) -> Result<()> {
        // The permissions of the roles that this load takes the place of need no room.
        let replaces_roles = self.options.replace && self.channel.is_none() && !self.payload.roles.is_empty();
        let mut held = if replaces_roles { PermissionSet::EMPTY } else { self.service.held_permissions() };
        for section in &self.payload.actions {
            for (index, row) in section.rows.iter().enumerate() {
                let (own, member_only, when_closed) = (row.own.as_deref(), row.member_only, row.when_closed);
                let new = NewAction { name: &row.name, any: &row.any, own, member_only, when_closed };
                self.vocabulary.define_action(&new, held).map_err(|error| error.at(section.at.row(index)))?;
                if let Some((field, name)) = self.vocabulary.without_counterpart(&new) {
                    let message = grants_nothing(&Problem::NoPermissionInConversations(name.into()));
                    self.report.warn(WarningCode::NoCounterpart, section.at.field(index, field), message);
                }
            }
        }
        for section in &self.payload.roles {
            for (index, row) in section.rows.iter().enumerate() {
                if !self.is_foreign(row.service) {
                    self.check_role(section, index, row, &mut held)?;
                }
            }
        }
        Ok(())
    }

    fn check_role(&mut self, section: &Section<RoleRow>, index: usize, row: &RoleRow, held: &mut PermissionSet) -> Result<()> {
        let mut permissions = Vec::with_capacity(row.permissions.len());
        for (at, name) in row.permissions.iter().enumerate() {
            let path = |field: &str| format!("{}[{at}]", section.at.field(index, field));
            let learned = self.vocabulary.learn_permission(name, *held);
            let permission = learned.map_err(|error| error.at(path(&row.permissions_field())))?;
            // From here on, so that it is not forgotten before the roles of this load hold it.
            held.insert(permission);
            permissions.push(permission);
            if let Some((code, message)) = self.warning_of(permission, row.scope) {
                self.report.warn(code, path("permissions"), message);
            }
        }
        let friendly_name = row.friendly_name.as_ref().unwrap_or(&row.sid);
        let dialect = self.vocabulary.dialect;
        self.roles.push(Definition::new((*row.sid).into(), (**friendly_name).into(), row.scope, dialect, &permissions));
        Ok(())
    }

    /// A permission of a role is kept whatever it is; a warning tells where it grants nothing or is the application's own.
    fn warning_of(&self, permission: Permission, scope: Scope) -> Option<(WarningCode, String)> {
        let name = || self.vocabulary.permission_name(permission).into();
        let Vocabulary { dialect, .. } = self.vocabulary;
        if permission.own_index().is_some() {
            let message = || format!("“{}” is not a built-in permission, and no action requires it", name());
            (!self.vocabulary.is_required(permission)).then(|| (WarningCode::UnknownPermission, message()))
        } else if !permission.is_in(dialect) {
            Some((WarningCode::NoCounterpart, grants_nothing(&Problem::NoPermissionInConversations(name()))))
        } else if !permission.is_valid_in(scope) {
            let problem = Problem::OutOfScope { name: name(), role_type: scope.role_type(dialect) };
            Some((WarningCode::OutOfScope, grants_nothing(&problem)))
        } else {
            None
        }
    }

    fn check_channels(&mut self) -> Result<()> {
        let conversations = self.vocabulary.dialect == Dialect::Conversations;
        for section in &self.payload.channels {
            let mut unnamed = None;
            for (index, row) in section.rows.iter().enumerate() {
                if self.is_foreign(row.service) {
                    continue;
                }
                if row.public == Some(true) && conversations {
                    self.report.warn(
                        WarningCode::NoCounterpart,
                        section.at.field(index, "type"),
                        Problem::AlwaysPrivate.to_string(),
                    );
                }
                if let Some(name) = row.unique_name.as_deref().filter(|name| is_sid(name)) {
                    let problem = Problem::NameLikeSid(name.into());
                    self.report.warn(WarningCode::InvalidName, section.at.field(index, "unique_name"), problem.to_string());
                }
                if let Some(State::Unknown(state)) = &row.state {
                    let message = format!("{}; it counts as closed", Problem::NoState(state.to_string()));
                    self.report.warn(WarningCode::UnknownState, section.at.field(index, "state"), message);
                }
                let Some(listed) = &row.listed else { continue };
                self.check_about(&row.sid, || section.at.field(index, &row.sid_field()))?;
                if matches!(listed.whose, Whose::Unnamed) && self.options.identity.is_none() {
                    unnamed.get_or_insert(index);
                }
                if let Status::Unknown(status) = &listed.status {
                    let message =
                        format!("a status is joined, invited or not_participating, not “{status}”; it changes no membership");
                    self.report.warn(WarningCode::UnknownStatus, section.at.field(index, "status"), message);
                }
            }
            if let Some(index) = unnamed {
                let message = "this is a row of a user’s own list and does not tell whose; pass the option identity. Only the channel counts";
                self.report.warn(WarningCode::WhoseList, section.at.row(index), message.into());
            }
        }
        Ok(())
    }

    fn check_members(&mut self) -> Result<()> {
        for section in &self.payload.members {
            let mut nobody = None;
            for (index, row) in section.rows.iter().enumerate() {
                if self.is_foreign(row.service) {
                    continue;
                }
                if row.identity.is_none() {
                    if !row.has_binding {
                        nobody.get_or_insert(index);
                    }
                    continue;
                }
                self.check_about(&row.channel, || section.at.field(index, &row.channel_field()))?;
                if row.role.is_none() {
                    self.warn_without_role(section.at.field(index, "role_sid"));
                }
            }
            if let Some(index) = nobody {
                let message = "somebody without an identity and without a messaging binding is skipped";
                self.report.warn(WarningCode::NoIdentity, section.at.field(index, "identity"), message.into());
            }
        }
        Ok(())
    }

    fn check_invites(&mut self) -> Result<()> {
        for section in &self.payload.invites {
            if self.vocabulary.dialect == Dialect::Conversations && !section.rows.is_empty() {
                let message = format!("{}: they are skipped", Problem::NoInvites);
                self.report.warn(WarningCode::NoCounterpart, section.at.path.clone(), message);
            }
            for (index, row) in section.rows.iter().enumerate() {
                if !self.is_foreign(row.service) {
                    self.check_about(&row.channel, || section.at.field(index, &row.channel_field()))?;
                }
            }
        }
        Ok(())
    }

    /// A load that is about one channel has no members of another.
    fn check_about(&self, channel: &str, path: impl FnOnce() -> String) -> Result<()> {
        match &self.channel {
            Some(loading) if **loading != *channel => {
                let problem = Problem::WrongChannel { named: channel.into(), loading: loading.to_string() };
                Err(Error::from(problem).at(path()))
            }
            _ => Ok(()),
        }
    }

    fn is_foreign(&self, service: OfService) -> bool {
        service.is_other_than(self.service_sid.as_deref(), self.payload)
    }

    fn warn_without_role(&mut self, path: String) {
        self.report.warn(WarningCode::NoRole, path, "without a role, it grants nothing".into());
    }

    /// Counts the rows of other services, which are skipped: one warning for each section.
    fn warn_of_other_services(&mut self) {
        let payload = self.payload;
        let Payload { roles, users, channels, members, invites, .. } = payload;
        self.warn_of_others(roles, |row| row.service, |report| &mut report.roles);
        self.warn_of_others(users, |row| row.service, |report| &mut report.users);
        self.warn_of_others(channels, |row| row.service, |report| &mut report.channels);
        self.warn_of_others(members, |row| row.service, |report| &mut report.members);
        self.warn_of_others(invites, |row| row.service, |report| &mut report.invites);
    }

    fn warn_of_others<Row>(
        &mut self,
        sections: &[Section<Row>],
        service: fn(&Row) -> OfService,
        counts: fn(&mut LoadReport) -> &mut Counts,
    ) {
        let Some(expected) = self.service_sid.clone() else { return };
        for section in sections {
            let sids = section.rows.iter().filter_map(|row| service(row).sid(self.payload));
            let others: Vec<&Rc<str>> = sids.filter(|sid| **sid != expected).collect();
            if let Some(other) = others.first() {
                let message =
                    format!("{} rows are of another service, such as {other}, not of {expected}: they are skipped", others.len());
                #[expect(clippy::cast_possible_truncation, reason = "a payload has four million rows at most")]
                let skipped = others.len() as u32;
                counts(&mut self.report).skipped += skipped;
                self.report.warn(WarningCode::OtherService, section.at.path.clone(), message);
            }
        }
    }
}

fn grants_nothing(problem: &Problem) -> String {
    format!("{problem}: it grants nothing")
}
