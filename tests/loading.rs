//! Loading: what is added, replaced and counted, one channel's answers, and that what fails changes nothing.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use rolecall::{Code, Counts, Dialect, LoadOptions, LoadReport, NewAction, NewChannel, NewRole, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };
const REPLACE: LoadOptions = LoadOptions { replace: true, channel: None, identity: None };

const NOTHING: Counts = Counts { added: 0, updated: 0, unchanged: 0, removed: 0, skipped: 0 };

fn chat() -> Service {
    Service::empty(Dialect::Chat, 0)
}

fn load(service: &mut Service, payload: &str, options: &LoadOptions) -> LoadReport {
    service.load_json(payload, options).unwrap_or_else(|error| panic!("{payload}: {error}"))
}

const TOWN: &str = r#"{
    "roles":[{"sid":"RL1","friendly_name":"user","type":"deployment","permissions":["joinChannel"]},
             {"sid":"RL2","friendly_name":"member","type":"channel","permissions":["sendMessage"]}],
    "users":[{"identity":"ada","role_sid":"RL1"},{"identity":"ben","role_sid":"RL1"}],
    "channels":[{"sid":"CH1","type":"public"},{"sid":"CH2","unique_name":"desk"}],
    "members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL2"},{"channel_sid":"CH2","identity":"ben","role_sid":"RL2"}],
    "invites":[{"channel_sid":"CH1","identity":"ben","role_sid":"RL2"},{"channel_sid":"CH2","identity":"ada","role_sid":"RL2"}],
    "service":{"sid":"IS1","default_service_role_sid":"RL1","default_channel_role_sid":"RL2"}}"#;

fn town() -> Service {
    let mut service = chat();
    load(&mut service, TOWN, &ADD);
    service
}

#[test]
fn a_row_is_added_updated_or_unchanged() {
    let mut service = chat();
    let report = load(&mut service, TOWN, &ADD);
    for counts in [report.roles, report.users, report.channels, report.members, report.invites] {
        assert_eq!(counts, Counts { added: 2, ..NOTHING });
    }
    let version = service.version();
    let report = load(&mut service, TOWN, &ADD);
    for counts in [report.roles, report.users, report.channels, report.members, report.invites] {
        assert_eq!(counts, Counts { unchanged: 2, ..NOTHING });
    }
    assert_eq!(service.version(), version, "nothing was changed");
    let report = load(
        &mut service,
        r#"{"users":[{"identity":"ada","role_sid":"RL1"},{"identity":"ben","role_sid":"RL2"},{"identity":"cy","role_sid":"RL1"}]}"#,
        &ADD,
    );
    assert_eq!(report.users, Counts { added: 1, updated: 1, unchanged: 1, ..NOTHING });
    assert_ne!(service.version(), version);
}

#[test]
fn replacing_replaces_each_section_that_is_there() {
    // The payload: how many roles, users, channels, members of CH1, invites to CH1 there are then.
    let table = [
        ("{}", [2, 2, 2, 1, 1]),
        (r#"{"roles":[]}"#, [0, 2, 2, 1, 1]),
        (r#"{"users":null}"#, [2, 0, 2, 1, 1]),
        (r#"{"members":{"members":[],"meta":{}}}"#, [2, 2, 2, 0, 1]),
        (r#"{"participants":[]}"#, [2, 2, 2, 0, 1]),
        (r#"{"invites":{"instances":[]}}"#, [2, 2, 2, 1, 0]),
        // Somebody's being in a channel is enough to know of it.
        (r#"{"channels":[]}"#, [2, 2, 2, 1, 1]),
        (r#"{"channels":[],"members":[],"invites":[]}"#, [2, 2, 0, 0, 0]),
        (r#"{"channels":[{"sid":"CH3"}],"members":[{"channel_sid":"CH4","identity":"ada"}],"invites":[]}"#, [2, 2, 2, 0, 0]),
    ];
    for (payload, expected) in table {
        let mut service = town();
        load(&mut service, payload, &REPLACE);
        let found = [
            service.roles(None).len(),
            service.users().len(),
            service.channels().len(),
            service.members("CH1").len(),
            service.invites("CH1").len(),
        ];
        assert_eq!(found, expected, "{payload}");
    }
}

#[test]
fn a_replacing_service_section_replaces_the_defaults() {
    let mut service = town();
    load(&mut service, r#"{"service":{"default_channel_role_sid":"RL2"}}"#, &REPLACE);
    assert_eq!(service.set_user("cy", None).unwrap_err().code(), Code::NoDefaultRole);
    service.set_member("CH1", "cy", None).unwrap();
}

#[test]
fn one_channels_answers_replace_what_is_in_that_channel() {
    // The payload: who is a member of CH1 and of CH2, who is invited to each.
    type Row = (&'static str, [&'static str; 4]);
    let of = |channel| LoadOptions { replace: true, channel: Some(channel), identity: None };
    let table: &[Row] = &[
        (r#"{"members":[{"channel_sid":"CH1","identity":"cy","role_sid":"RL2"}]}"#, ["cy", "ben", "ben", "ada"]),
        (r#"{"members":[]}"#, ["", "ben", "ben", "ada"]),
        (r#"{"invites":[]}"#, ["ada", "ben", "", "ada"]),
        (r#"{"members":[{"channel_sid":"CH1","identity":"ben","role_sid":"RL2"}]}"#, ["ben", "ben", "", "ada"]),
        (r#"{"roles":[],"users":[],"channels":[]}"#, ["ada", "ben", "ben", "ada"]),
        (r#"{"channels":[{"sid":"CH2","type":"public"}],"users":[{"identity":"cy"}]}"#, ["ada", "ben", "ben", "ada"]),
    ];
    for (payload, expected) in table {
        let mut service = town();
        load(&mut service, payload, &of("CH1"));
        let members = |channel: &str| service.members(channel).into_iter().map(|row| row.identity).collect::<Vec<_>>().join(" ");
        let invites = |channel: &str| service.invites(channel).into_iter().map(|row| row.identity).collect::<Vec<_>>().join(" ");
        assert_eq!([members("CH1"), members("CH2"), invites("CH1"), invites("CH2")], *expected, "{payload}");
        assert_eq!(service.roles(None).len(), 2, "{payload}");
        assert!(service.users().len() >= 2 && service.channels().len() == 2, "{payload}");
    }
    // Named by its unique name, one that is known or one that the payload brings.
    let mut service = town();
    load(&mut service, r#"{"members":[]}"#, &of("desk"));
    assert!(service.members("CH2").is_empty() && !service.members("CH1").is_empty());
    load(
        &mut service,
        r#"{"channels":[{"sid":"CH5","unique_name":"attic"}],"members":[{"channel_sid":"CH5","identity":"cy"}]}"#,
        &of("attic"),
    );
    load(&mut service, r#"{"channels":[{"sid":"CH6"}],"members":[{"channel_sid":"CH6","identity":"cy"}]}"#, &of("CH6"));
    assert_eq!((service.members("attic").len(), service.members("CH6").len()), (1, 1));
}

#[test]
fn what_is_about_another_channel_is_refused() {
    let table = [
        (r#"{"members":[{"channel_sid":"CH2","identity":"ada"}]}"#, "CH1", Code::WrongChannel, "members[0].channel_sid"),
        (
            r#"{"participants":[{"conversationSid":"CH2","identity":"ada"}]}"#,
            "CH1",
            Code::WrongChannel,
            "participants[0].conversationSid",
        ),
        (
            r#"{"invites":[{"channel_sid":"CH1","identity":"ada"},{"channel_sid":"CH2","identity":"ada"}]}"#,
            "CH1",
            Code::WrongChannel,
            "invites[1].channel_sid",
        ),
        (r#"{"members":[{"channel_sid":"CH1","identity":"ada"}]}"#, "desk", Code::WrongChannel, "members[0].channel_sid"),
        (
            r#"{"channels":[{"channel_sid":"CH2","user_sid":"US1","participant_identity":"ada"}]}"#,
            "CH1",
            Code::WrongChannel,
            "channels[0].channel_sid",
        ),
        (r#"{"members":[]}"#, "CH9", Code::UnknownChannel, "channel"),
        (r#"{"members":[]}"#, "", Code::UnknownChannel, "channel"),
        (r#"{"channels":[{"sid":"CH5"}]}"#, "attic", Code::UnknownChannel, "channel"),
    ];
    for replace in [false, true] {
        for (payload, channel, code, path) in table {
            let mut service = town();
            let error = service.load_json(payload, &LoadOptions { replace, channel: Some(channel), identity: None }).unwrap_err();
            assert_eq!((error.code(), error.path()), (code, Some(path)), "{payload}: {error}");
            assert_eq!(service.to_json(), town().to_json(), "{payload}");
        }
    }
}

#[test]
fn a_role_that_comes_later_heals_those_who_waited() {
    let mut service = chat();
    load(&mut service, r#"{"members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL2"}]}"#, &ADD);
    let reason = service.ability("ada", Some("CH1")).explain("sendMessage", None).unwrap().reason;
    assert_eq!(reason.unwrap().name(), "unknown-role");
    load(&mut service, TOWN, &ADD);
    assert!(service.ability("ada", Some("CH1")).can("sendMessage", None).unwrap());
}

#[test]
fn a_service_keeps_the_report_of_its_last_load() {
    let mut service = chat();
    assert_eq!(service.last_load(), None);
    let report = load(&mut service, r#"{"users":[{"identity":"ada"}]}"#, &ADD);
    assert_eq!((report.users.added, service.last_load()), (1, Some(&report)));
    service.load_json("[]", &ADD).unwrap_err();
    assert_eq!(service.last_load(), Some(&report), "one that failed changes nothing");
}

#[test]
fn an_error_says_its_code_its_path_and_a_sentence() {
    let table = [
        (r#"{"roles":5}"#, "invalid-type at roles: "),
        (r#"{"users":[{"identity":""}]}"#, "invalid-identity at users[0].identity: "),
        ("[]", "invalid-payload: "),
        ("{", "invalid-json: "),
    ];
    for (payload, beginning) in table {
        let error = chat().load_json(payload, &ADD).expect_err(payload);
        let sentence = error.to_string();
        assert!(sentence.starts_with(beginning) && sentence.len() > beginning.len() + 5, "{sentence}");
    }
}

#[test]
fn a_name_that_is_forgotten_does_not_live_on_under_its_number() {
    // The role of the first row of a load loses its last reference to the second row, and a third takes a new one.
    let mut service = town();
    let payload = r#"{"users":[{"identity":"ada","role_sid":"RL8"},{"identity":"ada","role_sid":"RL9"},{"identity":"ben","role_sid":"RL8"}],
        "members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL8"},{"channel_sid":"CH1","identity":"ada","role_sid":"RL1"}]}"#;
    load(&mut service, payload, &ADD);
    let sids: Vec<(String, String)> = service.users().into_iter().map(|user| (user.identity, user.role_sid)).collect();
    assert_eq!(sids, [("ada".into(), "RL9".into()), ("ben".into(), "RL8".into())]);
    assert_eq!(service.members("CH1")[0].role_sid, "RL1");
}

#[test]
fn every_code_of_the_model_is_produced() {
    let from = |payload: &str| Service::from_json(payload, None, None, 0).map(|_| ());
    let role = |name: &str, role_type: &str, permissions: &[&str], sid: Option<&str>| {
        let mut service = Service::new(Dialect::Chat, 0);
        let twice = NewRole { friendly_name: "twice", role_type: "channel", permissions: &["sendMessage"], sid: Some("RL1") };
        service.create_role(&twice)?;
        service.create_role(&NewRole { friendly_name: name, role_type, permissions, sid }).map(|_| service)
    };
    let action = |name, any, own| chat().define_action(&NewAction { name, any, own, ..NewAction::default() });
    let actions = |count: usize, own: usize| {
        let mut service = chat();
        (0..count).try_for_each(|n| {
            let (name, any) = (format!("act{n}"), format!("own{}", n % own));
            service.define_action(&NewAction { name: &name, any: &any, ..NewAction::default() })
        })
    };
    let channel = NewChannel { sid: "CH1", ..NewChannel::default() };
    let mut new = Service::new(Dialect::Chat, 0);
    new.create_channel(&channel).unwrap();
    let one_channel = LoadOptions { channel: Some("CH1"), ..ADD };
    let table = [
        (Code::InvalidJson, from("{")),
        (Code::InvalidPayload, from("[]")),
        (Code::InvalidType, from(r#"{"roles":5}"#)),
        (Code::MissingField, from(r#"{"users":{"role_sid":"RL1"}}"#)),
        (Code::UnsupportedVersion, from(r#"{"rolecall":"3","roles":[]}"#)),
        (Code::InvalidDialect, from(r#"{"dialect":"sms","roles":[]}"#)),
        (Code::InvalidScope, from(r#"{"roles":{"sid":"a","type":"team","permissions":[]}}"#)),
        (Code::InvalidChannelType, from(r#"{"channels":{"sid":"a","type":"open"}}"#)),
        (Code::InvalidIdentity, from(r#"{"users":{"identity":""}}"#)),
        (Code::InvalidSid, from(r#"{"channels":{"sid":""}}"#)),
        (Code::InvalidName, role("", "channel", &["sendMessage"], None).map(|_| ())),
        (Code::InvalidName, action("", "pin", None)),
        (Code::InvalidName, action("pin", "", None)),
        (Code::InvalidName, action("pin", "pin", Some(""))),
        (Code::InvalidState, new.set_channel_state("CH1", "archived")),
        (Code::EmptyPermissions, role("a", "channel", &[], None).map(|_| ())),
        (Code::UnknownPermission, role("a", "channel", &["sendMesage"], None).map(|_| ())),
        (Code::OutOfScope, role("a", "deployment", &["sendMessage"], None).map(|_| ())),
        (Code::DuplicateRole, role("a", "channel", &["sendMessage"], Some("RL1")).map(|_| ())),
        (
            Code::AmbiguousRole,
            role("TWICE", "channel", &["sendMessage"], None).and_then(|service| service.role("twice", None).map(|_| ())),
        ),
        (Code::NoCounterpart, Service::new(Dialect::Conversations, 0).invite("CH1", "ada", None)),
        (Code::TooManyPermissions, actions(42, 42)),
        (Code::TooManyActions, actions(46, 1)),
        (Code::UnknownRole, new.set_user("ada", Some("nobody"))),
        (Code::WrongScope, new.set_user("ada", Some("channel user"))),
        (Code::NoDefaultRole, chat().set_user("ada", None)),
        (Code::UnknownChannel, new.set_member("CH9", "ada", None)),
        (Code::DuplicateChannel, new.create_channel(&channel)),
        (Code::WrongChannel, new.load_json(r#"{"members":{"channel_sid":"CH2","identity":"ada"}}"#, &one_channel).map(drop)),
        (Code::UnknownInvite, new.accept_invite("CH1", "ada")),
        (Code::UnknownAction, new.ability("ada", None).can("sendMesage", None).map(drop)),
        (Code::DuplicateAction, action("sendMessage", "pin", None)),
    ];
    let mut produced = BTreeSet::new();
    for (code, result) in table {
        let error = result.expect_err(code.name());
        assert_eq!(error.code().name(), code.name(), "{error}");
        produced.insert(code.name());
    }
    // The tests of previews, of the binding and of the package produce these.
    produced.extend(["too-many-changes", "unreadable", "invalid-string", "invalid-argument", "permission-denied", "freed"]);
    produced.extend(["too-large", "broken", "endless-listeners", "stopped"]);
    produced.extend(["not-ready", "init-required", "webassembly-missing", "webassembly-blocked"]);
    assert_eq!(produced, Code::ALL.iter().map(|code| code.name()).collect());
}
