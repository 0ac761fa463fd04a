//! Roles: making, editing and deleting them, how a call names one, and the defaults.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use rolecall::{Code, DefaultFor, Dialect, LoadOptions, NewAction, NewRole, Permission, Result, Scope, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };
const REPLACE: LoadOptions = LoadOptions { replace: true, channel: None, identity: None };

fn chat() -> Service {
    Service::empty(Dialect::Chat, 0)
}

fn channel_role<'a>(friendly_name: &'a str, sid: &'a str) -> NewRole<'a> {
    NewRole { friendly_name, role_type: "channel", permissions: &["sendMessage"], sid: Some(sid) }
}

fn code<T>(result: Result<T>) -> Option<&'static str> {
    result.err().map(|error| error.code().name())
}

#[test]
fn a_new_service_has_four_roles_and_three_defaults() {
    for (dialect, types) in [(Dialect::Chat, ["deployment", "channel"]), (Dialect::Conversations, ["service", "conversation"])] {
        let service = Service::new(dialect, 1);
        let roles: BTreeSet<_> = service.roles(None).into_iter().map(|role| (role.friendly_name, role.role_type)).collect();
        let [of_service, of_channel] = types;
        let expected = [
            ("Channel Admin", of_channel),
            ("Channel User", of_channel),
            ("Service Admin", of_service),
            ("Service User", of_service),
        ];
        assert_eq!(roles, expected.map(|(name, role_type)| (name.to_string(), role_type)).into());
        for role in service.roles(None) {
            assert!(role.sid.len() == 34 && role.sid.starts_with("RL"), "{}", role.sid);
        }
    }
}

#[test]
fn a_role_of_each_scope_is_listed() {
    let service = Service::new(Dialect::Chat, 1);
    let names = |scope| service.roles(scope).into_iter().map(|role| role.friendly_name).collect::<BTreeSet<_>>();
    let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    assert_eq!(names(Some(Scope::Service)), set(&["Service Admin", "Service User"]));
    assert_eq!(names(Some(Scope::Channel)), set(&["Channel Admin", "Channel User"]));
    assert_eq!(names(None).len(), 4);
}

#[test]
fn a_role_has_a_name_of_1_to_64_characters() {
    for (length, expected) in [(0, Some("invalid-name")), (1, None), (63, None), (64, None), (65, Some("invalid-name"))] {
        let name = "é".repeat(length);
        assert_eq!(code(chat().create_role(&channel_role(&name, "RL1"))), expected, "{length}");
    }
}

#[test]
fn a_role_that_cannot_be_made_is_refused() {
    // Name, type, permissions, SID: the error's code.
    let table: &[(&str, &str, &[&str], &str, &str)] = &[
        ("", "channel", &["sendMessage"], "RL2", "invalid-name"),
        ("a", "team", &["sendMessage"], "RL2", "invalid-scope"),
        ("a", "channel", &[], "RL2", "empty-permissions"),
        ("a", "channel", &["sendMesage"], "RL2", "unknown-permission"),
        ("a", "deployment", &["sendMessage"], "RL2", "out-of-scope"),
        ("a", "channel", &["sendMessage"], "RL1", "duplicate-role"),
        ("a", "channel", &["sendMessage"], "", "invalid-sid"),
    ];
    let mut service = chat();
    service.create_role(&channel_role("first", "RL1")).unwrap();
    let before = service.to_json();
    for (friendly_name, role_type, permissions, sid, expected) in table {
        let role = NewRole { friendly_name, role_type, permissions, sid: Some(sid) };
        assert_eq!(code(service.create_role(&role)), Some(*expected), "{role:?}");
        assert_eq!(service.to_json(), before, "{role:?}");
    }
    let invites = NewRole { permissions: &["inviteMember"], ..channel_role("a", "RL2") };
    assert_eq!(code(Service::empty(Dialect::Conversations, 0).create_role(&invites)), Some("no-counterpart"));
}

/// Two roles of one name in either scope, as every Flex account has them, and two in one scope.
fn namesakes() -> Service {
    let mut service = chat();
    let roles = [
        ("RL1", "admin", "deployment", "editAnyMessage"),
        ("RL2", "admin", "channel", "sendMessage"),
        ("RL3", "twice", "channel", "sendMessage"),
        ("RL4", "TWICE", "channel", "sendMessage"),
        ("RL5", "guest", "channel", "sendMessage"),
        ("RL6", "Ärger", "channel", "sendMessage"),
    ];
    for (sid, friendly_name, role_type, permission) in roles {
        service.create_role(&NewRole { friendly_name, role_type, permissions: &[permission], sid: Some(sid) }).unwrap();
    }
    service
}

#[test]
fn a_role_is_found_by_its_sid_or_by_its_name_in_any_ascii_case() {
    // The reference and the scope: the SID, nothing, or an error.
    type Row = (&'static str, Option<Scope>, std::result::Result<Option<&'static str>, &'static str>);
    let table: &[Row] = &[
        ("RL1", None, Ok(Some("RL1"))),
        ("rl1", None, Ok(None)),
        ("Guest", None, Ok(Some("RL5"))),
        ("GUEST", Some(Scope::Channel), Ok(Some("RL5"))),
        ("admin", None, Err("ambiguous-role")),
        ("Admin", Some(Scope::Service), Ok(Some("RL1"))),
        ("admin", Some(Scope::Channel), Ok(Some("RL2"))),
        ("twice", Some(Scope::Channel), Err("ambiguous-role")),
        ("ärger", None, Ok(None)),
        ("ÄrGER", None, Ok(Some("RL6"))),
        ("nobody", None, Ok(None)),
        ("", None, Ok(None)),
    ];
    let service = namesakes();
    for (reference, scope, expected) in table {
        let found = service.role(reference, *scope).map(|role| role.map(|role| role.sid)).map_err(|error| error.code().name());
        assert_eq!(found, expected.map(|sid| sid.map(String::from)), "{reference} of {scope:?}");
    }
}

#[test]
fn an_ambiguous_name_is_an_error_that_names_the_sids() {
    let error = namesakes().grant("admin", "editAnyMessage", None).unwrap_err();
    assert_eq!(error.code(), Code::AmbiguousRole);
    let sentence = error.to_string();
    assert!(sentence.contains("RL1") && sentence.contains("RL2"), "{sentence}");
}

#[test]
fn a_call_that_needs_a_role_of_one_scope_looks_there_first() {
    let mut service = namesakes();
    service.set_user("tess", Some("admin")).unwrap();
    service.load_json(r#"{"channels":[{"sid":"CH1"}]}"#, &ADD).unwrap();
    service.set_member("CH1", "tess", Some("Admin")).unwrap();
    service.invite("CH1", "ulf", Some("ADMIN")).unwrap();
    assert_eq!(service.users()[0].role_sid, "RL1");
    assert_eq!(service.members("CH1")[0].role_sid, "RL2");
    assert_eq!(service.invites("CH1")[0].role_sid, "RL2");
    service.set_default_role(DefaultFor::User, "admin").unwrap();
    service.set_default_role(DefaultFor::Member, "admin").unwrap();
    service.set_user("uma", None).unwrap();
    service.set_member("CH1", "uma", None).unwrap();
    assert_eq!((&service.users()[1].role_sid[..], &service.members("CH1")[1].role_sid[..]), ("RL1", "RL2"));

    // One that only the other scope has is told apart from one that nobody has.
    let table = [
        (service.set_user("tess", Some("guest")), "wrong-scope"),
        (service.set_user("tess", Some("RL5")), "wrong-scope"),
        (service.set_member("CH1", "tess", Some("RL1")), "wrong-scope"),
        (service.set_default_role(DefaultFor::User, "guest"), "wrong-scope"),
        (service.set_member("CH1", "tess", Some("twice")), "ambiguous-role"),
        (service.set_user("tess", Some("nobody")), "unknown-role"),
    ];
    for (result, expected) in table {
        assert_eq!(code(result), Some(expected));
    }
}

#[test]
fn every_call_about_a_role_may_say_its_scope() {
    let mut service = namesakes();
    let scope = Some(Scope::Channel);
    assert_eq!(service.grant("admin", "leaveChannel", scope).unwrap().sid, "RL2");
    assert_eq!(service.revoke("admin", "leaveChannel", scope).unwrap().sid, "RL2");
    assert_eq!(service.update_role("admin", &["sendMessage"], scope).unwrap().permissions, ["sendMessage"]);
    assert_eq!(service.delete_role("admin", scope).unwrap().role.sid, "RL2");
    // One of them is left, and no scope needs to be said.
    assert_eq!(service.delete_role("admin", None).unwrap().role.sid, "RL1");
}

#[test]
fn a_permission_is_granted_and_revoked_once_and_the_last_one_stays() {
    let mut service = chat();
    service.create_role(&channel_role("guest", "RL1")).unwrap();
    let version = service.version();
    assert_eq!(service.grant("guest", "sendMessage", None).unwrap().permissions, ["sendMessage"]);
    assert_eq!(service.revoke("guest", "leaveChannel", None).unwrap().permissions, ["sendMessage"]);
    assert_eq!(service.version(), version, "nothing was changed");
    assert_eq!(service.grant("guest", "leaveConversation", None).unwrap().permissions, ["sendMessage", "leaveChannel"]);
    assert_eq!(service.revoke("guest", "sendMessage", None).unwrap().permissions, ["leaveChannel"]);
    assert_eq!(code(service.revoke("guest", "leaveChannel", None)), Some("empty-permissions"));
    assert_eq!(code(service.update_role("guest", &[], None)), Some("empty-permissions"));
    assert_eq!(code(service.grant("guest", "joinChannel", None)), Some("out-of-scope"));
    assert_eq!(code(service.revoke("guest", "fly", None)), Some("unknown-permission"));
}

#[test]
fn a_deleted_role_leaves_its_people_with_nothing_until_it_is_made_again() {
    let mut service = chat();
    service.load_json(r#"{"members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL1"}]}"#, &ADD).unwrap();
    let can = |service: &Service| service.ability("ada", Some("CH1")).can("sendMessage", None).unwrap();
    let reason = |service: &Service| service.ability("ada", Some("CH1")).explain("sendMessage", None).unwrap().reason.unwrap();
    assert_eq!(reason(&service).name(), "unknown-role");
    service.create_role(&channel_role("guest", "RL1")).unwrap();
    assert!(can(&service));
    let deleted = service.delete_role("guest", None).unwrap();
    assert_eq!((deleted.role.sid.as_str(), deleted.users, deleted.members), ("RL1", 0, 1));
    assert!(!can(&service));
    service.create_role(&channel_role("anew", "RL1")).unwrap();
    assert!(can(&service));
}

#[test]
fn a_sentence_names_the_type_as_the_dialect_does() {
    for (dialect, role_type) in [(Dialect::Chat, "deployment"), (Dialect::Conversations, "service")] {
        let error = Service::new(dialect, 0).set_user("ada", Some("channel user")).unwrap_err();
        assert_eq!(error.code(), Code::WrongScope);
        let sentence = error.to_string();
        assert!(sentence.contains("“channel user”") && sentence.contains(role_type), "{sentence}");
    }
}

/// A role with the application's own permissions of these numbers.
fn own_permissions(sid: &str, numbers: std::ops::Range<usize>) -> String {
    let permissions: Vec<String> = numbers.map(|n| format!("\"own{n}\"")).collect();
    format!(r#"{{"roles":[{{"sid":"{sid}","type":"channel","permissions":[{}]}}]}}"#, permissions.join(","))
}

#[test]
fn own_permissions_have_room_up_to_the_limit_and_make_room_again() {
    let limit = Permission::OWN_LIMIT;
    assert!(limit >= 40);
    let fresh = NewAction { name: "act", any: "fresh", ..NewAction::default() };
    let mut service = chat();
    service.load_json(&own_permissions("RL1", 0..limit), &ADD).unwrap();
    service.load_json(r#"{"members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL1"}]}"#, &ADD).unwrap();
    for n in 0..limit {
        assert!(service.ability("ada", Some("CH1")).has(&format!("own{n}")), "own{n}");
    }
    let before = service.to_json();
    let error = service.load_json(&own_permissions("RL2", limit..limit + 1), &ADD).unwrap_err();
    assert_eq!((error.code(), error.path()), (Code::TooManyPermissions, Some("roles[0].permissions[0]")));
    assert_eq!(service.to_json(), before);
    // There is room for one more where one is less, and not for two.
    let mut all_but_one = chat();
    all_but_one.load_json(&own_permissions("RL1", 1..limit), &ADD).unwrap();
    assert_eq!(code(all_but_one.define_action(&NewAction { own: Some("fresher"), ..fresh })), Some("too-many-permissions"));
    all_but_one.define_action(&NewAction { own: Some("fresh"), ..fresh }).unwrap();
    // It is known from then on, though no role holds it.
    all_but_one.grant("RL1", "fresh", None).unwrap();
    // What is held already needs no more room.
    service.clone().define_action(&NewAction { any: "own0", own: Some("own1"), ..fresh }).unwrap();
    // A load that replaces something else leaves the roles, and so what they hold.
    let error = service.load_json(r#"{"actions":{"action":"act","any":"fresh"}}"#, &REPLACE).unwrap_err();
    assert_eq!(error.code(), Code::TooManyPermissions);
    assert_eq!(service.to_json(), before);
    // One that replaces the roles replaces what they hold.
    service.clone().load_json(&own_permissions("RL2", limit..2 * limit), &REPLACE).unwrap();
    let mut emptied = service.clone();
    emptied.delete_role("RL1", None).unwrap();
    emptied.define_action(&NewAction { own: Some("fresher"), ..fresh }).unwrap();
    // Once no role holds them, all of them are free, also within one load.
    for round in 1..5 {
        service.delete_role("RL1", None).unwrap();
        let first = round * limit;
        service.load_json(&own_permissions("RL1", first..first + limit), &ADD).unwrap();
        for n in 0..(round + 1) * limit {
            assert_eq!(service.ability("ada", Some("CH1")).has(&format!("own{n}")), n >= first, "own{n} in round {round}");
        }
    }
}
