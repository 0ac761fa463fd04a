//! Everything that is generated from the Rust tables is up to date. `UPDATE=1 cargo test --test generated` writes it anew.
#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use rolecall::{Action, Code, Dialect, NewChannel, Permission, Reason, Scope, Service, WarningCode};

/// As Twilio's page on states and timers of conversations has them; each is accepted by a call below.
const CHANNEL_STATES: [&str; 4] = ["active", "inactive", "closed", "initializing"];

#[test]
fn the_states_are_those_that_a_call_accepts() {
    for state in CHANNEL_STATES {
        let mut service = Service::new(Dialect::Chat, 0);
        service.create_channel(&NewChannel { sid: "CH1", state: Some(state), ..NewChannel::default() }).unwrap();
        assert_eq!(service.channels()[0].state, state);
    }
}

#[test]
fn the_typescript_names_are_those_of_the_tables() {
    let both = |chat: Option<&'static str>, conversations: Option<&'static str>| {
        let mut names: Vec<&str> = [chat, conversations].into_iter().flatten().collect();
        names.dedup();
        names
    };
    let permissions: Vec<&str> =
        Permission::all().flat_map(|row| both(row.name(Dialect::Chat), row.name(Dialect::Conversations))).collect();
    let actions = |owned: bool| -> Vec<&str> {
        let rows = Action::all().filter(|action| action.is_owned() == owned);
        rows.flat_map(|row| both(row.name(Dialect::Chat), row.name(Dialect::Conversations))).collect()
    };
    let role_types: Vec<&str> =
        Scope::ALL.iter().flat_map(|scope| Dialect::ALL.map(|dialect| scope.role_type(dialect))).collect();

    let mut text = String::from("// Generated from the tables in src/ by `UPDATE=1 cargo test --test generated`.\n");
    let mut union = |name: &str, comment: &str, names: &[&str]| {
        write!(text, "\n/** {comment} */\nexport type {name} =").unwrap();
        // As the formatter would: one line if it fits.
        let line = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" | ");
        if "export type  = ;".len() + name.len() + line.len() <= 120 {
            write!(text, " {line}").unwrap();
        } else {
            for name in names {
                write!(text, "\n  | \"{name}\"").unwrap();
            }
        }
        text.push_str(";\n");
    };
    union("BuiltInPermission", "The 23 permissions, by the names of both dialects.", &permissions);
    union(
        "BuiltInPlainAction",
        "The built-in actions that nobody owns a part in, by the names of both dialects.",
        &actions(false),
    );
    union(
        "BuiltInOwnedAction",
        "The built-in actions on a thing that somebody owns, by the names of both dialects.",
        &actions(true),
    );
    union("RoleType", "A role's type: service scope or channel scope, as Chat and as Conversations say it.", &role_types);
    union("Dialect", "The two services that share the model.", &Dialect::ALL.map(Dialect::name));
    union("Scope", "What a role applies to: a user everywhere, or a member in one channel.", &Scope::ALL.map(Scope::name));
    union("Reason", "Why an action is not allowed.", &Reason::ALL.iter().map(|reason| reason.name()).collect::<Vec<_>>());
    union(
        "ErrorCode",
        "What went wrong; the reference has a table.",
        &Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>(),
    );
    union(
        "WarningCode",
        "What a load warns of; the reference has a table.",
        &WarningCode::ALL.iter().map(|code| code.name()).collect::<Vec<_>>(),
    );
    union("ChannelState", "The states of a channel.", &CHANNEL_STATES);

    text.push_str(
        "\n/** The built-in actions, for those who list them: names in both dialects, and whether a check takes an owner. */\n",
    );
    text.push_str("export const ACTIONS: readonly {\n  name: BuiltInPlainAction | BuiltInOwnedAction;\n  conversations: BuiltInPlainAction | BuiltInOwnedAction | null;\n  owned: boolean;\n}[] = [\n");
    for row in Action::all() {
        let (name, conversations) = (quoted(row.name(Dialect::Chat)), quoted(row.name(Dialect::Conversations)));
        writeln!(text, "  {{ name: {name}, conversations: {conversations}, owned: {} }},", row.is_owned()).unwrap();
    }
    text.push_str("];\n\n/** The built-in permissions, for those who list them: names in both dialects, and the scopes in which each is valid. */\n");
    text.push_str("export const PERMISSIONS: readonly {\n  name: BuiltInPermission;\n  conversations: BuiltInPermission | null;\n  service: boolean;\n  channel: boolean;\n}[] = [\n");
    for row in Permission::all() {
        let (name, conversations) = (quoted(row.name(Dialect::Chat)), quoted(row.name(Dialect::Conversations)));
        let (service, channel) = (row.is_valid_in(Scope::Service), row.is_valid_in(Scope::Channel));
        // As the formatter would: what does not fit on a line stands on its own lines.
        let line = format!("  {{ name: {name}, conversations: {conversations}, service: {service}, channel: {channel} }},\n");
        if line.len() <= 121 {
            text.push_str(&line);
        } else {
            write!(
                text,
                "  {{\n    name: {name},\n    conversations: {conversations},\n    service: {service},\n    channel: {channel},\n  }},\n"
            )
            .unwrap();
        }
    }
    text.push_str("];\n");
    check("pkg-template/names.ts", &text);
}

#[test]
fn the_typescript_rules_are_those_of_the_tables() {
    let mut text = String::from("// Generated from the tables in src/ by `UPDATE=1 cargo test --test generated`.\n");
    text.push_str("import type { BuiltInPermission } from \"./names.js\";\n\n");
    text.push_str("/** What an action requires beside a permission. */\n");
    text.push_str("export type Requires = \"nothing\" | \"membership\" | \"visible\" | \"joinable\";\n\n");
    text.push_str("/** What makes each built-in action allowed; the permissions are named as Chat does. */\n");
    text.push_str("export const RULES: readonly {\n  name: string;\n  conversations: string | null;\n  any: BuiltInPermission;\n  own: BuiltInPermission | null;\n  requires: Requires;\n  whenClosed: boolean;\n}[] = [\n");
    for row in Action::all() {
        let [name, conversations] = Dialect::ALL.map(|dialect| row.name(dialect));
        let Rule { any, own, requires, when_closed } = Rule::of(name.unwrap());
        let [name, conversations, any, own] = [name, conversations, Some(any), own].map(quoted);
        let names = format!("name: {name}, conversations: {conversations}, any: {any}, own: {own}");
        let fields = format!("{names}, requires: \"{requires}\", whenClosed: {when_closed}");
        // As the formatter would: what does not fit on a line stands on its own lines.
        if fields.len() <= 113 {
            writeln!(text, "  {{ {fields} }},").unwrap();
        } else {
            writeln!(text, "  {{\n    {},\n  }},", fields.replace(", ", ",\n    ")).unwrap();
        }
    }
    text.push_str("];\n");
    check("pkg-template/rules.ts", &text);
}

#[test]
fn the_reference_lists_the_permissions() {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let mut table = String::from("| Chat | Conversations | service roles | channel roles |\n| --- | --- | --- | --- |\n");
    for row in Permission::all() {
        let [chat, conversations] = Dialect::ALL.map(|dialect| code(row.name(dialect)));
        let [service, channel] = Scope::ALL.map(|scope| yes(row.is_valid_in(scope)));
        writeln!(table, "| {chat} | {conversations} | {service} | {channel} |").unwrap();
    }
    check_part("docs/reference.md", "permissions: generated from src/permission.rs", &table);
}

#[test]
fn the_reference_lists_the_actions() {
    let mut table =
        String::from("| Chat | Conversations | owner | allowed by | in a closed channel |\n| --- | --- | --- | --- | --- |\n");
    for row in Action::all() {
        let [chat, conversations] = Dialect::ALL.map(|dialect| code(row.name(dialect)));
        let name = row.name(Dialect::Chat).unwrap();
        let owner = match name {
            _ if !row.is_owned() => "",
            "editMemberAttributes" => "the member",
            "editUserInfo" => "that user",
            "editMessage" | "deleteMessage" | "editMessageAttributes" => "the message's author",
            _ => panic!("who owns what {name} acts on?"),
        };
        let rule = Rule::of(name);
        let when_closed = if rule.when_closed { "yes" } else { "" };
        writeln!(table, "| {chat} | {conversations} | {owner} | {} | {when_closed} |", rule.in_words()).unwrap();
    }
    check_part("docs/reference.md", "actions: generated from src/action.rs", &table);
}

#[test]
fn the_reference_lists_the_reasons() {
    let mut table = String::from("| reason | it means | `twilioCode` |\n| --- | --- | --- |\n");
    for reason in Reason::ALL {
        let [chat, conversations] = Dialect::ALL.map(|dialect| reason.twilio_code(dialect));
        let number = if chat == conversations { chat.to_string() } else { format!("{chat}; {conversations} in Conversations") };
        writeln!(table, "| `{}` | {} | {number} |", reason.name(), reason.meaning()).unwrap();
    }
    check_part("docs/reference.md", "reasons: generated from src/decision.rs", &table);
}

#[test]
fn the_reference_lists_the_error_codes() {
    let mut table = String::from("| code | it means |\n| --- | --- |\n");
    for code in Code::ALL {
        writeln!(table, "| `{}` | {} |", code.name(), code.meaning()).unwrap();
    }
    // The sentences name the limits, which Rust cannot put into them by itself.
    for (code, limit) in [(Code::TooManyPermissions, Permission::OWN_LIMIT), (Code::TooManyActions, Action::OWN_LIMIT)] {
        assert!(code.meaning().contains(&format!(" {limit}.")), "{}: the limit is {limit}", code.meaning());
    }
    check_part("docs/reference.md", "error codes: generated from src/error.rs", &table);
}

#[test]
fn the_reference_lists_the_warnings() {
    let mut table = String::from("| warning | it means |\n| --- | --- |\n");
    for code in WarningCode::ALL {
        writeln!(table, "| `{}` | {} |", code.name(), code.meaning()).unwrap();
    }
    check_part("docs/reference.md", "warnings: generated from src/load/mod.rs", &table);
}

/// What allows a built-in action.
struct Rule {
    any: &'static str,
    own: Option<&'static str>,
    requires: &'static str,
    when_closed: bool,
}

impl Rule {
    /// Found out by asking: alice is a member of a private channel, bob is no member of any, and the roles of both hold just
    /// one permission.
    fn of(action: &str) -> Self {
        let holding = |permission: &str| {
            let payload = format!(
                r#"{{
                    "roles": [
                        {{ "sid": "RL1", "type": "deployment", "permissions": ["{permission}"] }},
                        {{ "sid": "RL2", "type": "channel", "permissions": ["{permission}"] }}
                    ],
                    "users": [{{ "identity": "alice", "role_sid": "RL1" }}, {{ "identity": "bob", "role_sid": "RL1" }}],
                    "channels": [{{ "sid": "private", "type": "private" }}, {{ "sid": "public", "type": "public" }}],
                    "members": [{{ "channel_sid": "private", "identity": "alice", "role_sid": "RL2" }}]
                }}"#
            );
            Service::from_json(&payload, None, None, 0).unwrap().0
        };
        let may = |permission: &str, who: &str, channel: &str, owner: &str| {
            holding(permission).ability(who, Some(channel)).can(action, Some(owner)).unwrap()
        };
        let reason =
            |permission: &str, who: &str| holding(permission).ability(who, Some("private")).explain(action, None).unwrap().reason;
        let only = |allows: &dyn Fn(&str) -> bool| {
            let names: Vec<&str> = chat_permissions().filter(|name| allows(name)).collect();
            let [name] = names[..] else { panic!("{action} is allowed by {names:?}") };
            name
        };

        let when_closed = {
            let mut closed = holding("nothing");
            closed.set_channel_state("private", "closed").unwrap();
            closed.ability("alice", Some("private")).explain(action, None).unwrap().reason != Some(Reason::Closed)
        };
        let with_nothing = reason("nothing", "alice");
        if matches!(with_nothing, None | Some(Reason::AlreadyAMember)) {
            let requires = if with_nothing.is_none() { "visible" } else { "joinable" };
            return Rule { any: only(&|name| may(name, "bob", "public", "")), own: None, requires, when_closed };
        }
        let any = only(&|name| may(name, "alice", "private", "carol"));
        let owns = |name: &str| name != any && may(name, "alice", "private", "alice");
        Rule {
            any,
            own: chat_permissions().any(owns).then(|| only(&owns)),
            requires: if reason(any, "bob") == Some(Reason::NotAMember) { "membership" } else { "nothing" },
            when_closed,
        }
    }

    fn in_words(&self) -> String {
        let Rule { any, own, requires, .. } = self;
        match *requires {
            "visible" => format!("being a member, invited or the creator; in a public channel also `{any}`"),
            "joinable" => {
                format!("`{any}`, for who is no member yet, in a channel that is public, that invited them or that they created")
            }
            requires => {
                let member = if requires == "membership" { ", for a member" } else { "" };
                let owner = own.map_or(String::new(), |own| format!("; for the owner also `{own}`"));
                format!("`{any}`{member}{owner}")
            }
        }
    }
}

fn chat_permissions() -> impl Iterator<Item = &'static str> {
    Permission::all().filter_map(|row| row.name(Dialect::Chat))
}

fn quoted(name: Option<&str>) -> String {
    name.map_or("null".into(), |name| format!("\"{name}\""))
}

fn code(name: Option<&str>) -> String {
    name.map_or("none".into(), |name| format!("`{name}`"))
}

/// Compares a file with what it should be; writes it if that was asked for.
fn check(path: &str, expected: &str) {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{path} is out of date: UPDATE=1 cargo test --test generated");
}

/// The same for the part of a file between `<!-- mark -->` and the next `<!-- end -->`.
fn check_part(path: &str, mark: &str, expected: &str) {
    // One part at a time, since writing one writes the whole file.
    static WRITING: Mutex<()> = Mutex::new(());
    let _one = WRITING.lock().unwrap_or_else(PoisonError::into_inner);

    let found = std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let start = format!("<!-- {mark} -->\n");
    let (before, rest) = found.split_once(&start).unwrap_or_else(|| panic!("{path} has no {start}"));
    let (_, after) = rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("{path} has no end of {start}"));
    check(path, &format!("{before}{start}\n{expected}\n<!-- end -->{after}"));
}
