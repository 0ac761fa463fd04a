//! The first pass of a load: everything is checked, and nothing changed.

use std::sync::Arc;

use crate::channel::{State, is_sid};
use crate::dialect::{Dialect, Scope};
use crate::error::{Error, Problem, Result};
use crate::payload::{Payload, Position, RoleRow, Row, Section, Status, Whose, misspelt_section};
use crate::permission::{Permission, PermissionSet};
use crate::role::Definition;
use crate::service::Service;
use crate::vocabulary::{NewAction, Vocabulary};

use super::{LoadOptions, LoadReport, WarningCode};

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
    pub channel: Option<Arc<str>>,
}

impl<'l> Check<'l> {
    pub fn new(service: &'l Service, payload: &'l Payload, options: &'l LoadOptions, report: LoadReport) -> Self {
        Self { service, payload, options, report, vocabulary: service.vocabulary.clone(), roles: Vec::new(), channel: None }
    }

    pub fn run(&mut self) -> Result<()> {
        if self.options.identity == Some("") {
            return Err(Error::from(Problem::EmptyIdentity).at("identity"));
        }
        self.channel = self.options.channel.map(|channel| self.find_channel(channel)).transpose()?;
        for name in &self.payload.fields {
            if let Some(meant) = misspelt_section(name) {
                let message = format!("this is no section, and is not read; did you mean {meant}?");
                self.report.warn(WarningCode::UnknownSection, name.clone(), message);
            }
        }
        self.check_defaults();
        self.check_actions_and_roles()?;
        for row in self.payload.users.iter().filter(|row| row.role.is_none()) {
            self.warn_without_role(row.at);
        }
        self.check_channels()?;
        self.check_members()?;
        self.check_invites()
    }

    /// The SID of the channel that the load is about: known, or named by the payload itself.
    fn find_channel(&self, name: &str) -> Result<Arc<str>> {
        if let Some(channel) = self.service.directory.find_channel(name) {
            return Ok(Arc::clone(&channel.sid));
        }
        let Payload { channels, members, invites, .. } = self.payload;
        let by_sid = channels.iter().find(|row| *row.sid == *name);
        let by_name = || channels.iter().find(|row| !is_sid(name) && row.unique_name.as_deref() == Some(name));
        if let Some(row) = by_sid.or_else(by_name) {
            return Ok(Arc::clone(&row.sid));
        }
        let seat = members.iter().chain(invites).find(|row| *row.channel == *name && !name.is_empty());
        let seat = seat.ok_or_else(|| Error::from(Problem::UnknownChannel(name.into())).at("channel"))?;
        Ok(Arc::clone(&seat.channel))
    }

    fn check_defaults(&mut self) {
        if self.payload.is_snapshot {
            return;
        }
        // In Conversations a service's own resource has none, but its configuration.
        if self.payload.service.iter().all(|row| row.defaults.iter().all(Option::is_none)) {
            for row in &self.payload.service {
                let message =
                    "this names no default role; forward the service’s own resource (or its configuration), not the account’s";
                self.report.warn(WarningCode::NoDefaults, self.payload.path(row.at), message.into());
            }
        }
    }

    fn check_actions_and_roles(&mut self) -> Result<()> {
        // The permissions of the roles that this load takes the place of need no room.
        let replaces_roles = self.options.replace && self.channel.is_none() && self.payload.has(Section::Roles);
        let mut held = if replaces_roles { PermissionSet::EMPTY } else { self.service.held_permissions() };
        for row in &self.payload.actions {
            let (own, member_only, when_closed) = (row.own.as_deref(), row.member_only, row.when_closed);
            let new = NewAction { name: &row.name, any: &row.any, own, member_only, when_closed };
            self.vocabulary.define_action(&new, held).map_err(|error| error.at(self.payload.path(row.at)))?;
            if let Some((field, name)) = self.vocabulary.without_counterpart(&new) {
                let message = grants_nothing(&Problem::NoPermissionInConversations(name.into()));
                self.report.warn(WarningCode::NoCounterpart, self.payload.field(row.at, field), message);
            }
        }
        for row in &self.payload.roles {
            self.check_role(row, &mut held)?;
        }
        Ok(())
    }

    fn check_role(&mut self, row: &Row<RoleRow>, held: &mut PermissionSet) -> Result<()> {
        let mut permissions = Vec::with_capacity(row.permissions.len());
        for (at, name) in row.permissions.iter().enumerate() {
            let path = |field: &str| format!("{}[{at}]", self.payload.field(row.at, field));
            let learned = self.vocabulary.learn_permission(name, *held);
            let permission = learned.map_err(|error| error.at(path(row.permissions_field())))?;
            // From here on, so that it is not forgotten before the roles of this load hold it.
            held.insert(permission);
            permissions.push(permission);
            if let Some((code, message)) = self.warning_of(permission, row.scope) {
                self.report.warn(code, path("permissions"), message);
            }
        }
        let friendly_name = row.friendly_name.as_ref().unwrap_or(&row.sid).clone();
        let dialect = self.vocabulary.dialect;
        self.roles.push(Definition::new(row.sid.clone(), friendly_name, row.scope, dialect, &permissions));
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
        let payload = self.payload;
        let conversations = self.vocabulary.dialect == Dialect::Conversations;
        let mut unnamed = None;
        for row in &payload.channels {
            let mut warn = |code, field, message| self.report.warn(code, payload.field(row.at, field), message);
            if row.public == Some(true) && conversations {
                warn(WarningCode::NoCounterpart, "type", Problem::AlwaysPrivate.to_string());
            }
            if let Some(name) = row.unique_name.as_deref().filter(|name| is_sid(name)) {
                warn(WarningCode::InvalidName, "unique_name", Problem::NameLikeSid(name.into()).to_string());
            }
            if let Some(State::Unknown(state)) = &row.state {
                let problem = Problem::NoState(state.to_string());
                warn(WarningCode::UnknownState, "state", format!("{problem}; it counts as closed"));
            }
            let Some(listed) = &row.listed else { continue };
            if let Status::Unknown(status) = &listed.status {
                let message =
                    format!("a status is joined, invited or not_participating, not “{status}”; it changes no membership");
                warn(WarningCode::UnknownStatus, "status", message);
            }
            let is_somebodys = match listed.whose {
                Whose::Identity(_) => true,
                Whose::Unnamed => self.options.identity.is_some(),
                Whose::Phone => false,
            };
            if is_somebodys && conversations && matches!(listed.status, Status::Invited) {
                warn(WarningCode::NoCounterpart, "status", format!("{}: it is skipped", Problem::NoInvites));
            }
            if !is_somebodys && matches!(listed.whose, Whose::Unnamed) {
                unnamed.get_or_insert(row.at);
            }
            self.check_about(&row.sid, || payload.field(row.at, row.sid_field()))?;
        }
        if let Some(at) = unnamed {
            let message =
                "this is a row of a user’s own list and does not tell whose; pass the option identity. Only the channel counts";
            self.report.warn(WarningCode::WhoseList, payload.path(at), message.into());
        }
        Ok(())
    }

    fn check_members(&mut self) -> Result<()> {
        let payload = self.payload;
        let mut nobody = None;
        for row in &payload.members {
            if row.identity.is_none() {
                if !row.has_binding {
                    nobody.get_or_insert(row.at);
                }
                continue;
            }
            self.check_about(&row.channel, || payload.field(row.at, row.channel_field()))?;
            if row.role.is_none() {
                self.warn_without_role(row.at);
            }
        }
        if let Some(at) = nobody {
            let message = "somebody without an identity and without a messaging binding is skipped";
            self.report.warn(WarningCode::NoIdentity, payload.field(at, "identity"), message.into());
        }
        Ok(())
    }

    fn check_invites(&mut self) -> Result<()> {
        let payload = self.payload;
        if let Some(row) = payload.invites.first()
            && self.vocabulary.dialect == Dialect::Conversations
        {
            let message = format!("{}: they are skipped", Problem::NoInvites);
            self.report.warn(WarningCode::NoCounterpart, payload.section_path(row.at).into(), message);
        }
        for row in &payload.invites {
            self.check_about(&row.channel, || payload.field(row.at, row.channel_field()))?;
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

    fn warn_without_role(&mut self, row: Position) {
        let path = self.payload.field(row, "role_sid");
        self.report.warn(WarningCode::NoRole, path, "without a role, it grants nothing".into());
    }
}

fn grants_nothing(problem: &Problem) -> String {
    format!("{problem}: it grants nothing")
}
