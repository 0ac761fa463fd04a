//! Operations on a service: applied to the crate and to the naive world alike, and written down for JavaScript.

use rolecall::{DefaultFor, LoadOptions, LoadReport, NewAction, NewChannel, NewRole, Service};
use serde_json::{Map, Value, json};

use super::both::crate_scope;
use super::calls;
use super::{Options, Outcome, OwnAction, Report, Scope, World};

pub type Text = &'static str;

#[derive(Clone, Debug)]
pub enum Step {
    CreateRole { friendly_name: Text, role_type: Text, permissions: Vec<Text>, sid: Text },
    UpdateRole(Text, Vec<Text>, Option<Scope>),
    Grant(Text, Text, Option<Scope>),
    Revoke(Text, Text, Option<Scope>),
    DeleteRole(Text, Option<Scope>),
    SetDefaultRole(DefaultFor, Text),
    SetUser(Text, Option<Text>),
    RemoveUser(Text),
    CreateChannel(calls::NewChannel<'static>),
    SetChannelState(Text, Text),
    RemoveChannel(Text),
    JoinChannel(Text, Text),
    SetMember(Text, Text, Option<Text>),
    RemoveMember(Text, Text),
    Invite(Text, Text, Option<Text>),
    AcceptInvite(Text, Text),
    DeclineInvite(Text, Text),
    DefineAction { name: Text, any: Text, own: Option<Text>, member_only: bool, when_closed: bool },
    Load(Value, Options<'static>),
}

/// What a call returns, as JavaScript sees it: `null` for nothing.
fn to_value<T: serde::Serialize>(answer: T) -> Value {
    serde_json::to_value(answer).unwrap()
}

pub fn crate_options<'a>(options: &Options<'a>) -> LoadOptions<'a> {
    LoadOptions { replace: options.replace, channel: options.channel, identity: options.identity }
}

/// The counts that are not zero and the warnings in one order, so that reports compare as the naive world's do.
pub fn plain_report(report: &LoadReport) -> Report {
    let sections = [
        ("roles", report.roles),
        ("users", report.users),
        ("channels", report.channels),
        ("members", report.members),
        ("invites", report.invites),
    ];
    let counts = sections.into_iter().map(|(section, counts)| {
        let fates = [
            ("added", counts.added),
            ("updated", counts.updated),
            ("unchanged", counts.unchanged),
            ("removed", counts.removed),
            ("skipped", counts.skipped),
        ];
        (section, fates.into_iter().filter(|(_, count)| *count > 0).collect())
    });
    let counts = counts.filter(|(_, counts): &(_, super::Counts)| !counts.is_empty()).collect();
    let mut warnings: Vec<_> = report.warnings.iter().map(|warning| (warning.code, warning.path.clone())).collect();
    warnings.sort();
    Report { counts, warnings }
}

impl Step {
    /// The answer, or the error's code.
    pub fn on_service(&self, service: &mut Service) -> Result<Value, &'static str> {
        let scope = |scope: &Option<Scope>| scope.map(crate_scope);
        let answer = match self {
            Step::CreateRole { friendly_name, role_type, permissions, sid } => {
                service.create_role(&NewRole { friendly_name, role_type, permissions, sid: Some(sid) }).map(to_value)
            }
            Step::UpdateRole(role, permissions, of) => service.update_role(role, permissions, scope(of)).map(to_value),
            Step::Grant(role, name, of) => service.grant(role, name, scope(of)).map(to_value),
            Step::Revoke(role, name, of) => service.revoke(role, name, scope(of)).map(to_value),
            Step::DeleteRole(role, of) => service.delete_role(role, scope(of)).map(to_value),
            Step::SetDefaultRole(which, role) => service.set_default_role(*which, role).map(to_value),
            Step::SetUser(identity, role) => service.set_user(identity, *role).map(to_value),
            Step::RemoveUser(identity) => Ok(service.remove_user(identity).into()),
            Step::CreateChannel(new) => {
                let calls::NewChannel { sid, unique_name, channel_type, created_by, state } = *new;
                service.create_channel(&NewChannel { sid, unique_name, channel_type, created_by, state }).map(to_value)
            }
            Step::SetChannelState(channel, state) => service.set_channel_state(channel, state).map(to_value),
            Step::RemoveChannel(channel) => Ok(service.remove_channel(channel).into()),
            Step::JoinChannel(channel, identity) => service.join_channel(channel, identity).map(to_value),
            Step::SetMember(channel, identity, role) => service.set_member(channel, identity, *role).map(to_value),
            Step::RemoveMember(channel, identity) => Ok(service.remove_member(channel, identity).into()),
            Step::Invite(channel, identity, role) => service.invite(channel, identity, *role).map(to_value),
            Step::AcceptInvite(channel, identity) => service.accept_invite(channel, identity).map(to_value),
            Step::DeclineInvite(channel, identity) => Ok(service.decline_invite(channel, identity).into()),
            Step::DefineAction { name, any, own, member_only, when_closed } => {
                let (own, member_only, when_closed) = (*own, *member_only, *when_closed);
                service.define_action(&NewAction { name, any, own, member_only, when_closed }).map(to_value)
            }
            Step::Load(payload, options) => {
                let report = service.load_json(&payload.to_string(), &crate_options(options));
                report.map(|report| json!([plain_report(&report).to_value(), plain_report(&report).warnings]))
            }
        };
        answer.map_err(|error| error.code().name())
    }

    /// The answer, or why it fails.
    pub fn on_world(&self, world: &mut World) -> Outcome<Value> {
        match self {
            Step::CreateRole { friendly_name, role_type, permissions, sid } => {
                world.create_role(friendly_name, role_type, permissions, sid)
            }
            Step::UpdateRole(role, permissions, scope) => world.update_role(role, permissions, *scope),
            Step::Grant(role, name, scope) => world.grant(role, name, *scope),
            Step::Revoke(role, name, scope) => world.revoke(role, name, *scope),
            Step::DeleteRole(role, scope) => world.delete_role(role, *scope),
            Step::SetDefaultRole(which, role) => world.set_default_role(which.name(), role).map(to_value),
            Step::SetUser(identity, role) => world.set_user(identity, *role).map(to_value),
            Step::RemoveUser(identity) => Ok(world.remove_user(identity).into()),
            Step::CreateChannel(new) => world.create_channel(new).map(to_value),
            Step::SetChannelState(channel, state) => world.set_channel_state(channel, state).map(to_value),
            Step::RemoveChannel(channel) => Ok(world.remove_channel(channel).into()),
            Step::JoinChannel(channel, identity) => world.join_channel(channel, identity).map(to_value),
            Step::SetMember(channel, identity, role) => world.set_member(channel, identity, *role).map(to_value),
            Step::RemoveMember(channel, identity) => Ok(world.remove_member(channel, identity).into()),
            Step::Invite(channel, identity, role) => world.invite(channel, identity, *role).map(to_value),
            Step::AcceptInvite(channel, identity) => world.accept_invite(channel, identity).map(to_value),
            Step::DeclineInvite(channel, identity) => Ok(world.decline_invite(channel, identity).into()),
            Step::DefineAction { name, any, own, member_only, when_closed } => {
                let own = own.map(String::from);
                let rule = OwnAction { any: (*any).into(), own, member_only: *member_only, when_closed: *when_closed };
                world.define_action(name, rule).map(to_value)
            }
            Step::Load(payload, options) => {
                world.load(payload, options).map(|report| json!([report.to_value(), report.warnings]))
            }
        }
    }

    /// The method of JavaScript's `Service`, and its arguments.
    pub fn as_call(&self) -> (Text, Value) {
        match self {
            Step::CreateRole { friendly_name, role_type, permissions, sid } => {
                let role = json!({ "friendlyName": friendly_name, "type": role_type, "permissions": permissions, "sid": sid });
                ("createRole", json!([role]))
            }
            Step::UpdateRole(role, permissions, scope) => {
                ("updateRole", present([json!(role), json!(permissions), named(*scope)]))
            }
            Step::Grant(role, name, scope) => ("grant", present([json!(role), json!(name), named(*scope)])),
            Step::Revoke(role, name, scope) => ("revoke", present([json!(role), json!(name), named(*scope)])),
            Step::DeleteRole(role, scope) => ("deleteRole", present([json!(role), named(*scope)])),
            Step::SetDefaultRole(which, role) => ("setDefaultRole", json!([which.name(), role])),
            Step::SetUser(identity, role) => ("setUser", present([json!(identity), json!(role)])),
            Step::RemoveUser(identity) => ("removeUser", json!([identity])),
            Step::CreateChannel(new) => {
                let fields = json!({
                    "sid": new.sid,
                    "uniqueName": new.unique_name,
                    "type": new.channel_type,
                    "createdBy": new.created_by,
                    "state": new.state,
                });
                ("createChannel", json!([without_null(fields)]))
            }
            Step::SetChannelState(channel, state) => ("setChannelState", json!([channel, state])),
            Step::RemoveChannel(channel) => ("removeChannel", json!([channel])),
            Step::JoinChannel(channel, identity) => ("joinChannel", json!([channel, identity])),
            Step::SetMember(channel, identity, role) => ("setMember", present([json!(channel), json!(identity), json!(role)])),
            Step::RemoveMember(channel, identity) => ("removeMember", json!([channel, identity])),
            Step::Invite(channel, identity, role) => ("invite", present([json!(channel), json!(identity), json!(role)])),
            Step::AcceptInvite(channel, identity) => ("acceptInvite", json!([channel, identity])),
            Step::DeclineInvite(channel, identity) => ("declineInvite", json!([channel, identity])),
            Step::DefineAction { name, any, own, member_only, when_closed } => {
                let rule = json!({ "any": any, "own": own, "memberOnly": member_only, "whenClosed": when_closed });
                ("defineAction", json!([name, without_null(rule)]))
            }
            Step::Load(payload, Options { replace, channel, identity }) => {
                let options = without_null(json!({ "replace": replace, "channel": channel, "identity": identity }));
                ("load", json!([payload, options]))
            }
        }
    }
}

fn named(scope: Option<Scope>) -> Value {
    json!(scope.map(|scope| if scope == Scope::Service { "service" } else { "channel" }))
}

/// Arguments up to the first that is not there.
fn present<const N: usize>(arguments: [Value; N]) -> Value {
    arguments.into_iter().take_while(|argument| !argument.is_null()).collect()
}

fn without_null(fields: Value) -> Value {
    let Value::Object(fields) = fields else { panic!("{fields} is no object") };
    Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}
