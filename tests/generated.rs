//! Everything that is generated from the Rust tables is up to date. `UPDATE=1 cargo test --test generated` writes it anew.
#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write as _;

use rolecall::{Action, Code, Dialect, Permission, Reason, Scope};

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
            names.iter().for_each(|name| write!(text, "\n  | \"{name}\"").unwrap());
        }
        text.push_str(";\n");
    };
    union("BuiltInPermission", "The 23 permissions, by the names of both dialects.", &permissions);
    union("BuiltInPlainAction", "The built-in actions that nobody owns a part in, by the names of both dialects.", &actions(false));
    union("BuiltInOwnedAction", "The built-in actions on a thing that somebody owns, by the names of both dialects.", &actions(true));
    union("RoleType", "A role's type: service scope or channel scope, as Chat and as Conversations say it.", &role_types);
    union("Dialect", "The two services that share the model.", &Dialect::ALL.map(Dialect::name));
    union("Scope", "What a role applies to: a user everywhere, or a member in one channel.", &Scope::ALL.map(Scope::name));
    union("Reason", "Why an action is not allowed.", &Reason::ALL.iter().map(|reason| reason.name()).collect::<Vec<_>>());
    union("ErrorCode", "What went wrong; the README tells what each means.", &Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>());

    let quoted = |name: Option<&str>| name.map_or("null".into(), |name| format!("\"{name}\""));
    text.push_str("\n/** The built-in actions, for those who list them: names in both dialects, and whether a check takes an owner. */\n");
    text.push_str("export const ACTIONS: readonly { name: string; conversations: string | null; owned: boolean }[] = [\n");
    for row in Action::all() {
        let (name, conversations) = (quoted(row.name(Dialect::Chat)), quoted(row.name(Dialect::Conversations)));
        writeln!(text, "  {{ name: {name}, conversations: {conversations}, owned: {} }},", row.is_owned()).unwrap();
    }
    text.push_str("];\n\n/** The built-in permissions, for those who list them: names in both dialects, and the scopes in which each is valid. */\n");
    text.push_str("export const PERMISSIONS: readonly {\n  name: string;\n  conversations: string | null;\n  service: boolean;\n  channel: boolean;\n}[] = [\n");
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

/// Compares a file, or one marked part of it, with what it should be; writes it if that was asked for.
fn check(path: &str, expected: &str) {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{path} is out of date: UPDATE=1 cargo test --test generated");
}
