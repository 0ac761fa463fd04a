//! Operations and payloads by chance, with names that mean something elsewhere.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rolecall::DefaultFor;
use serde_json::{Map, Value, json};

use super::calls::NewChannel;
use super::steps::{Step, Text};
use super::{Dialect, NEW_ROLES, Options, PERMISSIONS, Scope, camel_case, counts_in, pascal_case};

/// One string stands for an identity, a channel and a role, and some are names that JavaScript objects have already.
pub const IDENTITIES: [Text; 5] = ["alice", "bob", "__proto__", "Зоя \"\\\u{202e}\0$&", "system"];
pub const CHANNELS: [Text; 3] = ["CH1", "toString", "alice"];
/// One is another channel's SID, and one has the form of a SID.
pub const UNIQUE_NAMES: [Text; 4] = ["general", "toString", "__proto__", "CHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"];
pub const SIDS: [Text; 4] = ["RL1", "RL2", "bob", "constructor"];
/// One is another role's SID, and two differ by case only.
pub const FRIENDLY_NAMES: [Text; 5] = ["Writer", "Ärger", "ADMIN", "admin", "RL2"];
pub const OWN_PERMISSIONS: [Text; 4] = ["pin", "pinOwn", "__proto__", "valueOf"];
pub const OWN_ACTIONS: [Text; 3] = ["pinMessage", "archive", "hasOwnProperty"];
/// The last one is none.
pub const STATES: [Text; 5] = ["active", "inactive", "closed", "initializing", "archived"];
pub const STATUSES: [Text; 6] = ["joined", "invited", "not_participating", "NOT_PARTICIPATING", "notParticipating", "banned"];

fn permission_name() -> BoxedStrategy<Text> {
    let built_in: Vec<Text> = PERMISSIONS.iter().flat_map(|row| [row.0, row.1]).filter(|name| !name.is_empty()).collect();
    prop_oneof![12 => select(built_in), 1 => select(&OWN_PERMISSIONS[..])].boxed()
}

fn scope() -> BoxedStrategy<Option<Scope>> {
    prop_oneof![10 => Just(None), 1 => Just(Some(Scope::Service)), 1 => Just(Some(Scope::Channel))].boxed()
}

/// Mostly a role that is there, and mostly of the scope that is wanted.
fn role_reference(scope: Option<Scope>) -> BoxedStrategy<Text> {
    let by_name = ["writer", "Ärger", "ÄRGER", "Admin", "rl2", "nobody", ""].into_iter().chain(NEW_ROLES.map(|row| row.0));
    let fitting: &[Text] = match scope {
        Some(Scope::Service) => &["RL1", "RL2", "RL1", "RL2", "Service User", "service admin"],
        Some(Scope::Channel) => &["bob", "constructor", "bob", "constructor", "Channel User", "CHANNEL ADMIN"],
        None => &SIDS,
    };
    prop_oneof![10 => select(fitting), 1 => select(&SIDS[..]), 2 => select(by_name.collect::<Vec<_>>())].boxed()
}

/// A SID and a scope: mostly the same scope for the same SID, so that references fit.
fn sid_and_scope() -> BoxedStrategy<(Text, Scope)> {
    let usual = |sid| if matches!(sid, "RL1" | "RL2") { Scope::Service } else { Scope::Channel };
    let scope = select(vec![Scope::Service, Scope::Channel]);
    let any = (select(&SIDS[..]), scope);
    prop_oneof![8 => select(&SIDS[..]).prop_map(move |sid| (sid, usual(sid))), 1 => any].boxed()
}

/// Mostly one that is valid in the scope.
fn permission_in(scope: Scope) -> BoxedStrategy<Text> {
    let valid = PERMISSIONS.iter().filter(move |row| counts_in(row.0, scope));
    let valid: Vec<Text> = valid.flat_map(|row| [row.0, row.1]).filter(|name| !name.is_empty()).collect();
    prop_oneof![20 => select(valid), 1 => permission_name()].boxed()
}

fn identity() -> BoxedStrategy<Text> {
    prop_oneof![40 => select(&IDENTITIES[..]), 1 => Just("")].boxed()
}

fn channel_sid() -> BoxedStrategy<Text> {
    prop_oneof![40 => select(&CHANNELS[..]), 1 => Just("CH9"), 1 => Just("")].boxed()
}

/// By its SID or by its unique name.
fn channel() -> BoxedStrategy<Text> {
    prop_oneof![5 => channel_sid(), 1 => select(&UNIQUE_NAMES[..])].boxed()
}

fn role_type(scope: Scope) -> BoxedStrategy<Text> {
    let types = if scope == Scope::Service { ["deployment", "service"] } else { ["channel", "conversation"] };
    prop_oneof![30 => select(types.to_vec()), 1 => Just("user")].boxed()
}

fn new_channel() -> BoxedStrategy<Step> {
    let sid = prop_oneof![1 => channel_sid(), 1 => Just("CH9")];
    let unique_name = prop_oneof![2 => Just(None), 3 => select(&UNIQUE_NAMES[..3]).prop_map(Some), 1 => select(&UNIQUE_NAMES[..]).prop_map(Some)];
    let types = prop_oneof![6 => Just(Some("public")), 6 => Just(Some("private")), 6 => Just(None), 1 => Just(Some("secret"))];
    let created_by = prop_oneof![3 => option::of(identity()), 1 => Just(Some("system"))];
    let state = prop_oneof![6 => Just(None), 3 => select(&STATES[..4]).prop_map(Some), 1 => select(&STATES[..]).prop_map(Some)];
    (sid, unique_name, types, created_by, state)
        .prop_map(|(sid, unique_name, channel_type, created_by, state)| {
            Step::CreateChannel(NewChannel { sid, unique_name, channel_type, created_by, state })
        })
        .boxed()
}

fn new_role() -> BoxedStrategy<Step> {
    sid_and_scope()
        .prop_flat_map(|(sid, scope)| (Just(sid), select(&FRIENDLY_NAMES[..]), role_type(scope), vec(permission_in(scope), 0..7)))
        .prop_map(|(sid, friendly_name, role_type, permissions)| Step::CreateRole { friendly_name, role_type, permissions, sid })
        .boxed()
}

fn new_action() -> BoxedStrategy<Step> {
    let names = prop_oneof![8 => select(&OWN_ACTIONS[..]), 1 => select(vec!["sendMessage", "deleteConversation", ""])];
    (names, permission_name(), option::of(permission_name()), any::<bool>(), any::<bool>())
        .prop_map(|(name, any, own, member_only, when_closed)| Step::DefineAction { name, any, own, member_only, when_closed })
        .boxed()
}

pub fn options() -> BoxedStrategy<Options<'static>> {
    let identity = prop_oneof![24 => Just(None), 12 => select(&IDENTITIES[..]).prop_map(Some), 1 => Just(Some(""))];
    (any::<bool>(), option::weighted(0.1, channel()), identity)
        .prop_map(|(replace, channel, identity)| Options { replace, channel, identity })
        .boxed()
}

pub fn step() -> BoxedStrategy<Step> {
    let role = || role_reference(None);
    let user_role = option::of(role_reference(Some(Scope::Service)));
    let member_role = || option::of(role_reference(Some(Scope::Channel)));
    let default_role = select(&DefaultFor::ALL[..]).prop_flat_map(|which| {
        let scope = if which == DefaultFor::User { Scope::Service } else { Scope::Channel };
        (Just(which), role_reference(Some(scope)))
    });
    prop_oneof![
        6 => new_role(),
        2 => (role(), vec(permission_name(), 0..4), scope()).prop_map(|(role, names, scope)| Step::UpdateRole(role, names, scope)),
        6 => (role(), permission_name(), scope()).prop_map(|(role, name, scope)| Step::Grant(role, name, scope)),
        4 => (role(), permission_name(), scope()).prop_map(|(role, name, scope)| Step::Revoke(role, name, scope)),
        2 => (role(), scope()).prop_map(|(role, scope)| Step::DeleteRole(role, scope)),
        4 => default_role.prop_map(|(which, role)| Step::SetDefaultRole(which, role)),
        6 => (identity(), user_role).prop_map(|(identity, role)| Step::SetUser(identity, role)),
        1 => identity().prop_map(Step::RemoveUser),
        5 => new_channel(),
        3 => (channel(), prop_oneof![8 => select(&STATES[..4]), 1 => select(&STATES[..])]).prop_map(|(channel, state)| Step::SetChannelState(channel, state)),
        1 => channel().prop_map(Step::RemoveChannel),
        4 => (channel(), identity()).prop_map(|(channel, who)| Step::JoinChannel(channel, who)),
        8 => (channel(), identity(), member_role()).prop_map(|(channel, who, role)| Step::SetMember(channel, who, role)),
        2 => (channel(), identity()).prop_map(|(channel, who)| Step::RemoveMember(channel, who)),
        4 => (channel(), identity(), member_role()).prop_map(|(channel, who, role)| Step::Invite(channel, who, role)),
        3 => (channel(), identity()).prop_map(|(channel, who)| Step::AcceptInvite(channel, who)),
        2 => (channel(), identity()).prop_map(|(channel, who)| Step::DeclineInvite(channel, who)),
        3 => new_action(),
        7 => (payload(), options()).prop_map(|(payload, options)| Step::Load(payload, options)),
        1 => (spoiled_payload(), options()).prop_map(|(payload, options)| Step::Load(payload, options)),
    ]
    .boxed()
}

/// How a payload is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub dialect: Dialect,
    pub case: Case,
}

#[derive(Clone, Copy, Debug)]
pub enum Case {
    Snake,
    Camel,
    Pascal,
}

impl Style {
    /// Plain REST of Chat.
    pub const REST: Self = Self { dialect: Dialect::Chat, case: Case::Snake };

    fn spelled(self, name: &str) -> String {
        let in_conversations = match name {
            "channel_sid" => "conversation_sid",
            "service_sid" => "chat_service_sid",
            "default_service_role_sid" => "default_chat_service_role_sid",
            "default_channel_role_sid" => "default_conversation_role_sid",
            "default_channel_creator_role_sid" => "default_conversation_creator_role_sid",
            name => name,
        };
        let name = if self.dialect == Dialect::Conversations { in_conversations } else { name };
        match self.case {
            Case::Snake => name.into(),
            Case::Camel => camel_case(name),
            Case::Pascal => pascal_case(name),
        }
    }

    pub fn row<const N: usize>(self, fields: [(&str, Option<Value>); N]) -> Value {
        Value::Object(fields.into_iter().filter_map(|(name, value)| Some((self.spelled(name), value?))).collect())
    }

    pub fn section(self, chat: Text, conversations: Text) -> Text {
        if self.dialect == Dialect::Chat { chat } else { conversations }
    }

    /// A section as a list, one of the pages, or (of one row) a single resource; not there where there is no list.
    pub fn put(self, fields: &mut Map<String, Value>, name: Text, rows: Option<Vec<Value>>, shape: u8) {
        let Some(rows) = rows else { return };
        let name = if let Case::Pascal = self.case { pascal_case(name) } else { name.into() };
        let section = match (shape, rows.len()) {
            (0, _) => json!({ &name: rows, "meta": { "page": 0, "key": name } }),
            (1, 1) => rows[0].clone(),
            (1, 0) => Value::Null,
            (2, _) => json!({ "instances": rows, "nextPageUrl": null }),
            (3, _) => json!({ "items": rows }),
            (4, 0) => json!({}),
            _ => rows.into(),
        };
        fields.insert(name, section);
    }
}

pub const SHAPES: u8 = 7;

fn style() -> impl Strategy<Value = Style> {
    let case = prop_oneof![3 => Just(Case::Snake), 2 => Just(Case::Camel), 1 => Just(Case::Pascal)];
    (any::<bool>(), case)
        .prop_map(|(chat, case)| Style { dialect: if chat { Dialect::Chat } else { Dialect::Conversations }, case })
}

fn one_of(values: &[Text]) -> BoxedStrategy<Value> {
    select(values.to_vec()).prop_map(Value::from).boxed()
}

/// Sometimes left out, and sometimes null or empty, which is all one.
fn perhaps(value: BoxedStrategy<Value>) -> BoxedStrategy<Option<Value>> {
    prop_oneof![6 => value.prop_map(Some), 4 => Just(None), 1 => Just(Some(Value::Null)), 1 => Just(Some(json!("")))].boxed()
}

/// A role's SID in a row: sometimes of none that is there, empty, null, or missing.
fn role_sid() -> BoxedStrategy<Option<Value>> {
    let odd = select(vec![Some(json!("RL-gone")), Some(json!("")), Some(Value::Null), None]);
    prop_oneof![5 => select(&SIDS[..]).prop_map(|sid| Some(json!(sid))), 1 => odd].boxed()
}

/// Now and then a row of another service.
fn service_sid() -> BoxedStrategy<Option<Value>> {
    prop_oneof![24 => Just(None), 5 => Just(Some(json!("IS1"))), 1 => Just(Some(json!("IS2")))].boxed()
}

fn roles(style: Style) -> BoxedStrategy<Vec<Value>> {
    let name = prop_oneof![4 => one_of(&FRIENDLY_NAMES).prop_map(Some), 1 => Just(None)];
    let row = (sid_and_scope(), name, vec(permission_name(), 0..10), any::<u8>(), service_sid());
    let row = row.prop_map(move |((sid, scope), name, permissions, case, service)| {
        let role_type = if scope == Scope::Service {
            style.section("deployment", "service")
        } else {
            style.section("channel", "conversation")
        };
        let role_type = if case % 4 == 0 { role_type.to_uppercase() } else { role_type.into() };
        style.row([
            ("sid", Some(json!(sid))),
            ("friendly_name", name),
            ("type", Some(json!(role_type))),
            ("permissions", Some(json!(permissions))),
            ("service_sid", service),
            ("url", Some(json!("https://example.com/Roles"))),
        ])
    });
    vec(row, 0..4).boxed()
}

fn users(style: Style) -> BoxedStrategy<Vec<Value>> {
    let row = (one_of(&IDENTITIES), role_sid(), service_sid());
    let row = row.prop_map(move |(identity, role, service)| {
        style.row([("identity", Some(identity)), ("role_sid", role), ("service_sid", service)])
    });
    vec(row, 0..4).boxed()
}

fn channels(style: Style) -> BoxedStrategy<Vec<Value>> {
    let plain = (
        one_of(&CHANNELS),
        perhaps(one_of(&UNIQUE_NAMES)),
        perhaps(one_of(&["public", "private", "PUBLIC"])),
        perhaps(one_of(&["alice", "system", "bob"])),
        perhaps(one_of(&STATES)),
        service_sid(),
    );
    let plain = plain.prop_map(move |(sid, unique_name, channel_type, created_by, state, service)| {
        style.row([
            ("sid", Some(sid)),
            ("unique_name", unique_name),
            ("type", channel_type),
            ("created_by", created_by),
            ("state", state),
            ("service_sid", service),
        ])
    });
    // Of the client SDK, and of the lists of a user's and of a participant's.
    let state = one_of(&STATES).prop_map(|state| json!({ "current": state }));
    let listed = (one_of(&CHANNELS), 0u8..4, perhaps(one_of(&IDENTITIES)), perhaps(one_of(&STATUSES)), perhaps(state.boxed()));
    let listed = listed.prop_map(move |(sid, kind, whose, status, state)| match kind {
        0 => style.row([("channel_sid", Some(sid)), ("user_sid", Some(json!("US1"))), ("status", status)]),
        1 => {
            style.row([("channel_sid", Some(sid)), ("participant_identity", whose), ("participant_user_sid", Some(json!("US1")))])
        }
        2 => style.row([("sid", Some(sid)), ("state", state), ("status", status)]),
        _ => style.row([("conversation_sid", Some(sid)), ("participant_messaging_binding", Some(json!({ "type": "sms" })))]),
    });
    let mixed = prop_oneof![12 => vec(plain.clone(), 0..3), 3 => vec(listed.clone(), 0..3), 1 => (plain, listed).prop_map(|(plain, listed)| vec![plain, listed])];
    mixed.boxed()
}

fn seats(style: Style, anybody: bool) -> BoxedStrategy<Vec<Value>> {
    let nobody = select(vec![Some(Value::Null), Some(json!("")), None]);
    let identity = prop_oneof![12 => one_of(&IDENTITIES).prop_map(Some), u32::from(anybody) => nobody];
    let binding = prop_oneof![3 => Just(None), 1 => Just(Some(json!({ "type": "sms", "address": "+15550100" })))];
    let row = (one_of(&CHANNELS), identity, role_sid(), binding, 0u8..8, service_sid());
    let row = row.prop_map(move |(channel, identity, role, binding, shape, service)| {
        let role = ("role_sid", role);
        if shape == 0 {
            return style.row([("conversation", Some(json!({ "sid": channel }))), ("identity", identity), role]);
        }
        style.row([
            ("channel_sid", Some(channel)),
            ("identity", identity),
            role,
            ("messaging_binding", binding),
            ("service_sid", service),
        ])
    });
    vec(row, 0..6).boxed()
}

fn actions(style: Style) -> BoxedStrategy<Vec<Value>> {
    let flag = || option::of(any::<bool>().prop_map(Value::from));
    let row = (one_of(&OWN_ACTIONS), permission_name(), option::of(permission_name()), flag(), flag());
    let row = row.prop_map(move |(name, any, own, member_only, when_closed)| {
        style.row([
            ("action", Some(name)),
            ("any", Some(json!(any))),
            ("own", own.map(Value::from)),
            ("member_only", member_only),
            ("when_closed", when_closed),
        ])
    });
    vec(row, 0..2).boxed()
}

fn service(style: Style) -> BoxedStrategy<Value> {
    let sid = prop_oneof![3 => Just(None), 1 => Just(Some(json!("IS1"))), 1 => Just(Some(json!("IS2")))];
    let defaults = (sid, role_sid(), role_sid(), role_sid());
    let row = defaults.prop_map(move |(sid, user, member, creator)| {
        style.row([
            (style.section("sid", "chat_service_sid"), sid),
            ("default_service_role_sid", user),
            ("default_channel_role_sid", member),
            ("default_channel_creator_role_sid", creator),
        ])
    });
    row.boxed()
}

/// Fields that are no sections, misspelt ones among them.
const NO_SECTIONS: [Text; 6] = ["participant", "Role", "chanels", "user", "success", "meta"];

pub fn payload() -> BoxedStrategy<Value> {
    let in_style = |style: Style| {
        let sections = (
            option::weighted(0.7, roles(style)),
            option::weighted(0.5, users(style)),
            option::weighted(0.5, channels(style)),
            option::weighted(0.4, seats(style, false)),
            option::weighted(0.5, seats(style, true)),
            option::weighted(0.1, actions(style)),
            option::weighted(0.3, service(style)),
            option::weighted(0.2, select(&NO_SECTIONS[..])),
        );
        (Just(style), vec(0..SHAPES, 6), sections)
    };
    style()
        .prop_flat_map(in_style)
        .prop_map(|(style, shapes, (roles, users, channels, invites, members, actions, service, other))| {
            let mut fields: Map<_, _> = other.map(|name| (name.into(), json!([]))).into_iter().collect();
            style.put(&mut fields, "roles", roles, shapes[0]);
            style.put(&mut fields, "users", users, shapes[1]);
            style.put(&mut fields, style.section("channels", "conversations"), channels, shapes[2]);
            style.put(&mut fields, "invites", invites, shapes[3]);
            style.put(&mut fields, style.section("members", "participants"), members, shapes[4]);
            style.put(&mut fields, "actions", actions, shapes[5]);
            style.put(&mut fields, style.section("service", "configuration"), service.map(|row| vec![row]), 1);
            Value::Object(fields)
        })
        .boxed()
}

/// How a sequence begins.
#[derive(Clone, Debug)]
pub enum Start {
    /// Nothing there at all.
    Empty,
    /// The four default roles.
    New,
    /// Most users have a role, and most are members of most channels: something to lose.
    Peopled(Value),
}

pub fn start() -> BoxedStrategy<Start> {
    let scope_of = |sid: &str| if matches!(sid, "RL1" | "RL2") { Scope::Service } else { Scope::Channel };
    let usually = |role: Text| prop_oneof![8 => Just(Some(json!(role))), 1 => role_sid()];
    let roles = SIDS.map(|sid| {
        vec(permission_in(scope_of(sid)), 3..20).prop_map(move |permissions| {
            let role_type = if scope_of(sid) == Scope::Service { "deployment" } else { "channel" };
            json!({ "sid": sid, "type": role_type, "permissions": permissions })
        })
    });
    let user = (one_of(&IDENTITIES), prop_oneof![usually("RL1"), usually("RL2")])
        .prop_map(|(who, role)| Style::REST.row([("identity", Some(who)), ("role_sid", role)]));
    let channels = CHANNELS.map(|sid| {
        let fields =
            (any::<bool>(), perhaps(one_of(&["alice", "bob"])), prop_oneof![6 => Just("active"), 1 => select(&STATES[..])]);
        fields.prop_map(move |(public, created_by, state)| {
            let name = (sid == "CH1").then(|| json!("general"));
            let channel_type = if public { "public" } else { "private" };
            Style::REST.row([
                ("sid", Some(json!(sid))),
                ("unique_name", name),
                ("type", Some(json!(channel_type))),
                ("created_by", created_by),
                ("state", Some(json!(state))),
            ])
        })
    });
    let seat = || {
        let role = prop_oneof![usually("bob"), usually("constructor")];
        (one_of(&CHANNELS), one_of(&IDENTITIES), role).prop_map(|(channel, who, role)| {
            Style::REST.row([("channel_sid", Some(channel)), ("identity", Some(who)), ("role_sid", role)])
        })
    };
    let peopled = (roles, vec(user, 3..8), channels, vec(seat(), 4..14), vec(seat(), 2..9));
    let peopled = peopled.prop_map(|(roles, users, channels, members, invites)| {
        let [user_role, .., member_role] = SIDS;
        Start::Peopled(json!({
            "roles": roles, "users": users, "channels": channels, "members": members, "invites": invites,
            "service": {
                "default_service_role_sid": user_role,
                "default_channel_role_sid": member_role,
                "default_channel_creator_role_sid": "bob",
            },
        }))
    });
    prop_oneof![1 => Just(Start::Empty), 2 => Just(Start::New), 7 => peopled].boxed()
}

/// A payload with another value in one place, which may break it.
fn spoiled_payload() -> BoxedStrategy<Value> {
    let other = select(vec![json!(5), json!(true), json!([]), json!({}), json!(["text"]), json!(""), Value::Null]);
    (payload(), any::<Index>(), other)
        .prop_map(|(mut payload, at, other)| {
            let places = places(&payload);
            if !places.is_empty() {
                *payload.pointer_mut(at.get::<String>(&places)).unwrap() = other;
            }
            payload
        })
        .boxed()
}

/// The JSON pointer of every value inside, the outer ones first.
pub fn places(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (format!("/{at}"), value)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (format!("/{name}"), value)).collect(),
        _ => Vec::new(),
    };
    let below = |(path, value): (String, &Value)| {
        let deeper: Vec<_> = places(value).into_iter().map(|rest| format!("{path}{rest}")).collect();
        std::iter::once(path).chain(deeper).collect::<Vec<_>>()
    };
    inner.into_iter().flat_map(below).collect()
}
