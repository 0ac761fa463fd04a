//! Loading: the shapes that back ends forward, what is reported, and what is refused.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use rolecall::{Code, Dialect, NewRole, Permission, Service};

fn chat() -> Service {
    Service::empty(Dialect::Chat, 0)
}

const CHANNEL_USER: &str = r#"{"sid":"RL1","friendly_name":"channel user","type":"channel","permissions":["sendMessage"]}"#;

#[test]
fn every_shape_says_the_same() {
    let row = CHANNEL_USER;
    let camel = row.replace("friendly_name", "friendlyName");
    let roles = [
        format!("[{row}]"),
        row.to_string(),
        camel.clone(),
        format!("[{camel}]"),
        format!(r#"{{"roles":[{row}],"meta":{{"page":0,"key":"roles"}}}}"#),
        row.replace(r#""sid""#, r#""account_sid":"AC1","url":null,"links":{"deep":[[]]},"sid""#),
        row.replace("\"channel\"", "\"conversation\""),
    ];
    let members = [
        r#"[{"channel_sid":"CH1","identity":"ada","role_sid":"RL1"}]"#,
        r#"{"channelSid":"CH1","identity":"ada","roleSid":"RL1"}"#,
        r#"{"members":[{"conversation_sid":"CH1","identity":"ada","role_sid":"RL1"}],"meta":{}}"#,
        r#"{"participants":[{"conversationSid":"CH1","identity":"ada","roleSid":"RL1"}]}"#,
    ];
    for roles in &roles {
        for members in members {
            for section in ["members", "participants"] {
                let payload = format!(r#"{{"roles":{roles},"{section}":{members}}}"#);
                let mut service = chat();
                let report = service.load_json(&payload, false).unwrap_or_else(|error| panic!("{payload}: {error}"));
                assert_eq!((report.roles.added, report.members.added), (1, 1), "{payload}");
                assert_eq!(report.warnings, [], "{payload}");
                assert!(service.ability("ada", Some("CH1")).can("sendMessage", None).unwrap(), "{payload}");
            }
        }
    }
}

#[test]
fn a_top_level_list_page_is_a_payload() {
    let mut service = chat();
    service.load_json(&format!(r#"{{"roles":[{CHANNEL_USER}],"meta":{{"key":"roles"}}}}"#), false).unwrap();
    assert_eq!(service.roles(None).len(), 1);
}

#[test]
fn the_dialect_is_read_from_the_payload() {
    let table = [
        ("{}", Dialect::Chat),
        (r#"{"roles":[{"sid":"a","type":"deployment","permissions":[]}]}"#, Dialect::Chat),
        (r#"{"roles":[{"sid":"a","type":"service","permissions":[]}]}"#, Dialect::Conversations),
        (r#"{"conversations":[],"roles":[{"sid":"a","type":"channel","permissions":[]}]}"#, Dialect::Chat),
        (r#"{"channels":[]}"#, Dialect::Chat),
        (r#"{"conversations":[]}"#, Dialect::Conversations),
        (r#"{"participants":[]}"#, Dialect::Conversations),
        (r#"{"configuration":{}}"#, Dialect::Conversations),
        (
            r#"{"rolecall":"1","dialect":"conversations","roles":[{"sid":"a","type":"channel","permissions":[]}]}"#,
            Dialect::Conversations,
        ),
    ];
    for (payload, expected) in table {
        let (service, _) = Service::from_json(payload, None, 0).unwrap();
        assert_eq!(service.dialect(), expected, "{payload}");
        for given in Dialect::ALL {
            assert_eq!(Service::from_json(payload, Some(given), 0).unwrap().0.dialect(), given, "{payload}");
        }
    }
}

#[test]
fn what_is_kept_but_looks_wrong_is_a_warning() {
    // The dialect, the payload, and each warning's code and path.
    type Row = (Dialect, &'static str, &'static [(&'static str, &'static str)]);
    let table: &[Row] = &[
        (
            Dialect::Chat,
            r#"{"roles":[{"sid":"a","type":"channel","permissions":["createChannel","sendMessage","pin"]}]}"#,
            &[("out-of-scope", "roles[0].permissions[0]"), ("unknown-permission", "roles[0].permissions[2]")],
        ),
        (
            Dialect::Chat,
            r#"{"roles":{"roles":[{"sid":"a","type":"deployment","permissions":["sendMessage"]}]}}"#,
            &[("out-of-scope", "roles.roles[0].permissions[0]")],
        ),
        (
            Dialect::Conversations,
            r#"{"roles":[{"sid":"a","type":"conversation","permissions":["inviteMember"]}]}"#,
            &[("no-counterpart", "roles[0].permissions[0]")],
        ),
        (Dialect::Conversations, r#"{"invites":[{"channel_sid":"CH1","identity":"ada"}]}"#, &[("no-counterpart", "invites")]),
        (Dialect::Conversations, r#"{"channels":[{"sid":"CH1","type":"public"}]}"#, &[("no-counterpart", "channels[0].type")]),
        (
            Dialect::Chat,
            r#"{"users":[{"identity":"ada"},{"identity":"ben","roleSid":null},{"identity":"cy","role_sid":""}]}"#,
            &[("no-role", "users[0].role_sid"), ("no-role", "users[1].roleSid"), ("no-role", "users[2].role_sid")],
        ),
        (Dialect::Chat, r#"{"members":[{"channel_sid":"CH1","identity":"ada"}]}"#, &[("no-role", "members[0].role_sid")]),
        (Dialect::Chat, r#"{"members":[{"channel_sid":"CH1","identity":null}]}"#, &[]),
        (
            Dialect::Chat,
            r#"{"actions":[{"action":"pin","any":"pin"}],"roles":[{"sid":"a","type":"channel","permissions":["pin"]}]}"#,
            &[],
        ),
    ];
    for (dialect, payload, expected) in table {
        let report = Service::empty(*dialect, 0).load_json(payload, false).unwrap();
        let found: Vec<(&str, &str)> = report.warnings.iter().map(|warning| (warning.code, warning.path.as_str())).collect();
        assert_eq!(found, *expected, "{payload}");
        assert!(report.warnings.iter().all(|warning| !warning.message.is_empty()), "{payload}");
    }
}

#[test]
fn a_path_names_the_field_as_the_payload_spells_it() {
    let table = [
        (r#"{"participants":[{"conversationSid":"","identity":"a"}]}"#, "participants[0].conversationSid"),
        (r#"{"members":[{"channelSid":"","identity":"a"}]}"#, "members[0].channelSid"),
        (r#"{"members":[{"channel_sid":"","identity":"a"}]}"#, "members[0].channel_sid"),
        (r#"{"channels":[{"channelSid":""}]}"#, "channels[0].channelSid"),
        (r#"{"channels":[{"sid":"CH1","createdBy":5}]}"#, "channels[0].createdBy"),
        (r#"{"actions":[{"action":"pin","any":"pin","memberOnly":"yes"}]}"#, "actions[0].memberOnly"),
        // What is missing is missing under the name that goes with the section's.
        (r#"{"participants":[{"identity":"a"}]}"#, "participants[0].conversation_sid"),
        (r#"{"members":[{"identity":"a"}]}"#, "members[0].channel_sid"),
        (r#"{"conversations":[{}]}"#, "conversations[0].sid"),
        (r#"{"roles":{"roles":5}}"#, "roles.roles"),
        (r#"{"channels":{"conversations":{}}}"#, "channels.conversations"),
    ];
    for (payload, path) in table {
        let error = chat().load_json(payload, false).expect_err(payload);
        assert_eq!(error.path(), Some(path), "{payload}: {error}");
    }
    let report = chat().load_json(r#"{"members":[{"channelSid":"CH1","identity":"a","roleSid":""}]}"#, false).unwrap();
    assert_eq!(report.warnings[0].path, "members[0].roleSid");
}

#[test]
fn a_field_is_refused_in_the_order_of_the_fields_whatever_it_holds() {
    // A list where a text must be takes no other field's place.
    let table = [
        (r#"{"channels":[{"sid":"CH1","type":["public"],"created_by":"ada"}]}"#, "channels[0].type"),
        (r#"{"channels":[{"sid":[],"type":"public"}]}"#, "channels[0].sid"),
        (r#"{"members":[{"channel_sid":"CH1","identity":["ada","ben"],"role_sid":"RL1"}]}"#, "members[0].identity"),
    ];
    for (payload, path) in table {
        let error = chat().load_json(payload, false).expect_err(payload);
        assert_eq!((error.code(), error.path()), (Code::InvalidType, Some(path)), "{payload}: {error}");
    }
}

#[test]
fn of_two_wrong_fields_the_first_is_told() {
    let table = [
        // Whatever stands behind a newer version is no business of this one.
        (r#"{"rolecall":"2","dialect":5}"#, Code::UnsupportedVersion, "rolecall"),
        (r#"{"rolecall":[],"dialect":5}"#, Code::InvalidType, "rolecall"),
        (r#"{"dialect":"sms","roles":5}"#, Code::InvalidDialect, "dialect"),
        (r#"{"actions":[{"action":5,"any":5,"own":5,"member_only":5}]}"#, Code::InvalidType, "actions[0].action"),
        (r#"{"actions":[{"action":"a","own":5,"member_only":5}]}"#, Code::MissingField, "actions[0].any"),
        (r#"{"actions":[{"action":"a","any":"b","own":5,"member_only":5}]}"#, Code::InvalidType, "actions[0].own"),
        (r#"{"actions":[{"action":"","any":"b","member_only":5}]}"#, Code::InvalidType, "actions[0].member_only"),
        (r#"{"roles":[{"sid":"","friendly_name":5,"type":5}]}"#, Code::InvalidSid, "roles[0].sid"),
        (r#"{"roles":[{"sid":"RL1","friendly_name":5,"type":"both"}]}"#, Code::InvalidType, "roles[0].friendly_name"),
        (r#"{"roles":[{"sid":"RL1","type":"both","permissions":5}]}"#, Code::InvalidScope, "roles[0].type"),
        (r#"{"roles":[{"sid":"RL1","type":"channel","permissions":5},5]}"#, Code::InvalidType, "roles[0].permissions"),
        (r#"{"users":[{"identity":"","role_sid":5}]}"#, Code::InvalidIdentity, "users[0].identity"),
        (r#"{"channels":[{"sid":"CH1","type":5,"created_by":5}]}"#, Code::InvalidType, "channels[0].type"),
        (r#"{"channels":[{"sid":"CH1","type":"open","created_by":5}]}"#, Code::InvalidType, "channels[0].created_by"),
        (r#"{"members":[{"channel_sid":"CH1","identity":"","role_sid":5}]}"#, Code::InvalidIdentity, "members[0].identity"),
        (r#"{"members":[{"channel_sid":"CH1","identity":null,"role_sid":5}]}"#, Code::InvalidType, "members[0].role_sid"),
        (r#"{"invites":[{"channel_sid":"CH1","identity":null,"role_sid":5}]}"#, Code::InvalidType, "invites[0].identity"),
    ];
    for (payload, code, path) in table {
        let mut service = chat();
        let before = service.to_json();
        let error = service.load_json(payload, false).expect_err(payload);
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{payload}: {error}");
        assert_eq!(service.to_json(), before, "{payload}");
    }
}

#[test]
fn a_role_is_called_what_its_row_says_and_by_its_sid_where_that_says_nothing() {
    let table =
        [(r#""friendly_name":"mod","#, "mod"), (r#""friendly_name":"","#, ""), ("", "RL1"), (r#""friendlyName":null,"#, "RL1")];
    for (name, expected) in table {
        let payload = format!(r#"{{"roles":[{{"sid":"RL1",{name}"type":"channel","permissions":[]}}]}}"#);
        let mut service = chat();
        service.load_json(&payload, false).unwrap();
        assert_eq!(service.roles(None)[0].friendly_name, expected, "{payload}");
    }
}

#[test]
fn a_role_has_a_name_of_1_to_64_characters() {
    for (length, expected) in [(0, false), (1, true), (63, true), (64, true), (65, false), (200, false)] {
        let name = "é".repeat(length);
        let role = NewRole { friendly_name: &name, role_type: "channel", permissions: &["sendMessage"], sid: None };
        let made = chat().create_role(&role);
        assert_eq!(made.map_err(|error| error.code()).err(), if expected { None } else { Some(Code::InvalidName) }, "{length}");
    }
}

#[test]
fn an_error_says_its_code_its_path_and_a_sentence() {
    let table = [
        (r#"{"roles":5}"#, "invalid-type at roles: expected a list page, a list or an object, found a number"),
        (r#"{"users":[{"identity":""}]}"#, "invalid-identity at users[0].identity: is empty"),
        ("[]", "invalid-payload: a payload is an object: expected an object, found a list"),
    ];
    for (payload, said) in table {
        let error = chat().load_json(payload, false).expect_err(payload);
        assert_eq!(error.to_string(), said);
        assert!(said.ends_with(error.message()) && error.message().len() > 5, "{error:?}");
    }
}

#[test]
fn a_replacing_load_leaves_nothing_of_what_it_replaces() {
    let mut service = chat();
    service.load_json(r#"{"channels":{"sid":"CH1","type":"public","created_by":"ada"}}"#, false).unwrap();
    let report = service.load_json(r#"{"channels":[{"sid":"CH1"}]}"#, true).unwrap();
    assert_eq!((report.channels.updated, report.channels.removed), (1, 0));
    assert_eq!((service.channels()[0].channel_type, &service.channels()[0].created_by), ("private", &None));
}

#[test]
fn warnings_stop_at_a_thousand_and_say_so() {
    let users: Vec<String> = (0..1500).map(|n| format!(r#"{{"identity":"user {n}"}}"#)).collect();
    let report = chat().load_json(&format!(r#"{{"users":[{}]}}"#, users.join(",")), false).unwrap();
    assert_eq!((report.users.added, report.warnings.len()), (1500, 1001));
    assert_eq!(report.warnings[1000].code, "more-warnings");
}

#[test]
fn a_list_of_a_users_channels_leaves_what_is_known_of_them() {
    // As the services list the channels that a user has joined: without type and creator.
    let list = r#"{"channels":[{"channel_sid":"CH1","user_sid":"US1","status":"joined"},{"channel_sid":"CH2"}]}"#;
    let page = r#"{"channels":[{"sid":"CH1","type":"public","created_by":"ada"}]}"#;
    for payloads in [[list, page], [page, list]] {
        let mut service = chat();
        for payload in payloads {
            service.load_json(payload, false).unwrap();
        }
        let channels = service.channels();
        let [one, two] = &channels[..] else { panic!("{channels:?}") };
        assert_eq!((one.channel_type, one.created_by.as_deref()), ("public", Some("ada")));
        assert_eq!((two.channel_type, two.created_by.as_deref()), ("private", None));
    }
}

#[test]
fn a_role_that_comes_later_heals_those_who_waited() {
    let mut service = chat();
    service.load_json(r#"{"members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL1"}]}"#, false).unwrap();
    let decision = service.ability("ada", Some("CH1")).explain("sendMessage", None).unwrap();
    assert_eq!(decision.reason, Some("unknown-role"));
    service.load_json(&format!(r#"{{"roles":[{CHANNEL_USER}]}}"#), false).unwrap();
    assert!(service.ability("ada", Some("CH1")).can("sendMessage", None).unwrap());
    assert_eq!(service.delete_role("RL1").unwrap().members, 1);
    assert!(!service.ability("ada", Some("CH1")).can("sendMessage", None).unwrap());
    service
        .create_role(&NewRole { friendly_name: "new", role_type: "channel", permissions: &["sendMessage"], sid: Some("RL1") })
        .unwrap();
    assert!(service.ability("ada", Some("CH1")).can("sendMessage", None).unwrap());
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
    let mut service = chat();
    service.load_json(&own_permissions("RL1", 0..limit), false).unwrap();
    service.load_json(r#"{"members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL1"}]}"#, false).unwrap();
    for n in 0..limit {
        assert!(service.ability("ada", Some("CH1")).has(&format!("own{n}")), "own{n}");
    }
    let before = service.to_json();
    let error = service.load_json(&own_permissions("RL2", limit..limit + 1), false).unwrap_err();
    assert_eq!((error.code(), error.path()), (Code::TooManyPermissions, Some("roles[0].permissions[0]")));
    assert_eq!(service.to_json(), before);
    // There is room for one more where one is less, and not for two.
    let mut all_but_one = chat();
    all_but_one.load_json(&own_permissions("RL1", 1..limit), false).unwrap();
    let error = all_but_one.define_action("act", "fresh", Some("fresher"), false).unwrap_err();
    assert_eq!(error.code(), Code::TooManyPermissions);
    all_but_one.define_action("act", "fresh", Some("fresh"), false).unwrap();
    // It is known from then on, though no role holds it.
    all_but_one.grant("RL1", "fresh").unwrap();
    // What is held already needs no more room.
    service.clone().define_action("act", "own0", Some("own1"), false).unwrap();
    // One that replaces something else leaves the roles, and so what they hold.
    let error = service.load_json(r#"{"actions":{"action":"act","any":"fresh"}}"#, true).unwrap_err();
    assert_eq!((error.code(), error.path()), (Code::TooManyPermissions, Some("actions")));
    assert_eq!(service.to_json(), before);
    // A load that takes the roles' place takes their permissions' places too.
    service.clone().load_json(&own_permissions("RL2", limit..2 * limit), true).unwrap();
    let mut emptied = service.clone();
    emptied.delete_role("RL1").unwrap();
    emptied.define_action("act", "fresh", Some("fresher"), false).unwrap();
    // Once no role holds them, all of their places are free, also within one load.
    for round in 1..5 {
        service.delete_role("RL1").unwrap();
        let first = round * limit;
        service.load_json(&own_permissions("RL1", first..first + limit), false).unwrap();
        for n in 0..(round + 1) * limit {
            assert_eq!(service.ability("ada", Some("CH1")).has(&format!("own{n}")), n >= first, "own{n} in round {round}");
        }
    }
}

#[test]
fn a_name_that_is_forgotten_does_not_live_on_under_its_number() {
    // The role of the first row of a load loses its last reference to the second row, and a third takes a new one.
    let mut service = chat();
    let payload = format!(
        r#"{{"roles":[{CHANNEL_USER}],"users":[
            {{"identity":"ada","role_sid":"RL8"}},{{"identity":"ada","role_sid":"RL9"}},{{"identity":"ben","role_sid":"RL8"}}],
            "members":[{{"channel_sid":"CH1","identity":"ada","role_sid":"RL8"}},{{"channel_sid":"CH1","identity":"ada","role_sid":"RL1"}}]}}"#
    );
    service.load_json(&payload, false).unwrap();
    let sids: Vec<(String, String)> = service.users().into_iter().map(|user| (user.identity, user.role_sid)).collect();
    assert_eq!(sids, [("ada".into(), "RL9".into()), ("ben".into(), "RL8".into())]);
    assert_eq!(service.members("CH1")[0].role_sid, "RL1");
}

#[test]
fn every_code_of_the_model_is_produced() {
    let from = |payload: &str| Service::from_json(payload, None, 0).map(|_| ());
    let role = |name: &str, role_type: &str, permissions: &[&str], sid: Option<&str>| {
        let mut service = Service::new(Dialect::Chat, 0);
        service.create_role(&NewRole {
            friendly_name: "twice",
            role_type: "channel",
            permissions: &["sendMessage"],
            sid: Some("RL1"),
        })?;
        service.create_role(&NewRole { friendly_name: name, role_type, permissions, sid }).map(|_| service)
    };
    let actions = |count: usize, own: usize| {
        let mut service = chat();
        (0..count).try_for_each(|n| service.define_action(&format!("act{n}"), &format!("own{}", n % own), None, false))
    };
    let mut new = Service::new(Dialect::Chat, 0);
    let mut conversations = Service::new(Dialect::Conversations, 0);
    new.create_channel("CH1", None, None).unwrap();
    let table = [
        (Code::InvalidJson, from("{")),
        (Code::InvalidPayload, from("[]")),
        (Code::InvalidType, from(r#"{"roles":5}"#)),
        (Code::MissingField, from(r#"{"users":{}}"#)),
        (Code::UnsupportedVersion, from(r#"{"rolecall":"2"}"#)),
        (Code::UnsupportedVersion, from(r#"{"rolecall":"2","dialect":"sms","roles":5}"#)),
        (Code::InvalidDialect, from(r#"{"dialect":"sms"}"#)),
        (Code::InvalidDialect, chat().load_json(r#"{"dialect":"sms"}"#, false).map(|_| ())),
        (Code::InvalidScope, from(r#"{"roles":{"sid":"a","type":"team","permissions":[]}}"#)),
        (Code::InvalidChannelType, from(r#"{"channels":{"sid":"a","type":"open"}}"#)),
        (Code::InvalidIdentity, from(r#"{"users":{"identity":""}}"#)),
        (Code::InvalidSid, from(r#"{"channels":{"sid":""}}"#)),
        (Code::InvalidName, role("", "channel", &["sendMessage"], None).map(|_| ())),
        (Code::InvalidName, new.define_action("", "pin", None, false)),
        (Code::InvalidName, new.define_action("pin", "", None, false)),
        (Code::InvalidName, new.define_action("pin", "pin", Some(""), false)),
        (Code::MissingField, from(r#"{"roles":{"sid":"RL1","type":"channel"}}"#)),
        (Code::EmptyPermissions, role("a", "channel", &[], None).map(|_| ())),
        (Code::UnknownPermission, role("a", "channel", &["sendMesage"], None).map(|_| ())),
        (Code::OutOfScope, role("a", "deployment", &["sendMessage"], None).map(|_| ())),
        (Code::DuplicateRole, role("a", "channel", &["sendMessage"], Some("RL1")).map(|_| ())),
        (
            Code::AmbiguousRole,
            role("TWICE", "channel", &["sendMessage"], None).and_then(|service| service.role("twice").map(|_| ())),
        ),
        (Code::NoCounterpart, conversations.invite("CH1", "ada", None).map(|_| ())),
        (Code::TooManyPermissions, actions(42, 42)),
        (Code::TooManyActions, actions(46, 1)),
        (Code::UnknownRole, new.set_user("ada", Some("nobody")).map(|_| ())),
        (Code::WrongScope, new.set_user("ada", Some("channel user")).map(|_| ())),
        (Code::NoDefaultRole, chat().set_user("ada", None).map(|_| ())),
        (Code::UnknownChannel, new.set_member("CH9", "ada", None).map(|_| ())),
        (Code::DuplicateChannel, new.create_channel("CH1", None, None)),
        (Code::UnknownInvite, new.accept_invite("CH1", "ada")),
        (Code::UnknownAction, new.ability("ada", None).can("sendMesage", None).map(|_| ())),
        (Code::DuplicateAction, new.define_action("sendMessage", "pin", None, false)),
    ];
    let mut produced = BTreeSet::new();
    for (code, result) in table {
        let error = result.expect_err(code.name());
        assert_eq!(error.code().name(), code.name(), "{error}");
        assert!(!error.message().is_empty());
        produced.insert(code.name());
    }
    // The binding's and the package's tests produce these.
    produced.extend(["unreadable", "invalid-text", "invalid-argument", "permission-denied", "freed", "not-ready"]);
    produced.extend(["too-large", "too-many-changes", "broken", "endless-listeners"]);
    assert_eq!(produced, Code::ALL.iter().map(|code| code.name()).collect());
}

#[test]
fn nothing_that_is_needed_is_forgotten_while_others_come_and_go() {
    let payload = r#"{
        "actions":[{"action":"pin","any":"pinAny","own":"pinOwn","member_only":true},{"action":"star","any":"sendMessage"}],
        "roles":[
            {"sid":"RL1","friendly_name":"Citizen","type":"deployment","permissions":["createChannel","fly"]},
            {"sid":"RL2","friendly_name":"Guest","type":"channel","permissions":["sendMessage","pinOwn"]}],
        "users":[{"identity":"ada","role_sid":"RL1"},{"identity":"ben","role_sid":"RL-gone"},{"identity":"cy"}],
        "channels":[{"sid":"CH1","type":"public","created_by":"somebody else"}],
        "members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL2"},{"channel_sid":"CH2","identity":"dan","role_sid":"RL-lost"}],
        "invites":[{"channel_sid":"CH3","identity":"eve","role_sid":"RL-late"}],
        "service":{"default_service_role_sid":"RL1","default_channel_role_sid":"RL-default"}
    }"#;
    let mut service = chat();
    service.load_json(payload, false).unwrap();
    let before = service.to_json();
    for turn in 0..2000 {
        let [identity, sid, name] =
            ["guest", "CH", "RL"].map(|kind| format!("{kind} with a long name, the {turn}th of its kind"));
        service.create_channel(&sid, None, Some("system")).unwrap();
        service.set_user(&identity, None).unwrap();
        service.set_member(&sid, &identity, Some("Guest")).unwrap();
        let role = NewRole { friendly_name: "made", role_type: "channel", permissions: &["sendMessage"], sid: Some(&name) };
        service.create_role(&role).unwrap();
        service.set_member(&sid, &identity, Some(&name)).unwrap();
        service.delete_role(&name).unwrap();
        assert!(service.remove_channel(&sid) && service.remove_user(&identity));
        if turn % 100 == 0 {
            assert_eq!(service.to_json(), before, "turn {turn}");
        }
    }
    assert_eq!(service.to_json(), before);
    let ada = service.ability("ada", Some("CH1"));
    assert!(ada.can("pin", Some("ada")).unwrap() && !ada.can("pin", Some("ben")).unwrap() && ada.has("fly"));
}

#[test]
fn an_action_that_asks_for_one_permission_twice_takes_the_room_of_one() {
    let mut service = Service::new(Dialect::Chat, 0);
    for place in 1..Permission::OWN_LIMIT {
        // Two permissions for an action, so that there is room for actions left.
        if place % 2 == 0 {
            let [any, own] = [format!("own {place}"), format!("own {}", place - 1)];
            service.define_action(&format!("action {place}"), &any, Some(&own), false).unwrap();
        }
    }
    service.define_action("the last", "own 41", Some("own 41"), false).unwrap();
    let error = service.define_action("one more", "own 42", None, false).unwrap_err();
    assert_eq!(error.code(), Code::TooManyPermissions);
}

#[test]
fn a_sentence_names_the_type_as_the_dialect_does() {
    let table = [
        (Dialect::Chat, "channel user", "“channel user” is not a role of type deployment"),
        (Dialect::Conversations, "channel user", "“channel user” is not a role of type service"),
    ];
    for (dialect, role, said) in table {
        let error = Service::new(dialect, 0).set_user("ada", Some(role)).unwrap_err();
        assert_eq!((error.code(), error.message()), (Code::WrongScope, said));
    }
    let error = chat().load_json(r#"{"roles":[{"sid":"a","type":"channel","permissions":[""]}]}"#, false).unwrap_err();
    assert_eq!((error.code(), error.path()), (Code::InvalidName, Some("roles[0].permissions[0]")));
}
