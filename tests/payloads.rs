//! Payloads in any back end's handwriting: what the vendor's resources look like once something has written them down.
#![cfg(not(target_arch = "wasm32"))]

use rolecall::{Code, Dialect, LoadOptions, LoadReport, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };

fn open(payload: &str) -> (Service, LoadReport) {
    Service::from_json(payload, None, None, 0).unwrap_or_else(|error| panic!("{payload}: {error}"))
}

fn warnings(report: &LoadReport) -> Vec<(&str, &str)> {
    report.warnings.iter().map(|warning| (warning.code, warning.path.as_str())).collect()
}

/// Each says that Nia is in CH7 with a role that may send.
const NIA_MAY_SEND: &[(&str, &str)] = &[
    (
        "REST, lists",
        r#"{"roles":[{"sid":"RL7","friendly_name":"crew","type":"channel","permissions":["sendMessage"]}],
        "members":[{"channel_sid":"CH7","identity":"nia","role_sid":"RL7"}]}"#,
    ),
    (
        "REST, single resources",
        r#"{"roles":{"sid":"RL7","friendly_name":"crew","type":"channel","permissions":["sendMessage"]},
        "members":{"channel_sid":"CH7","identity":"nia","role_sid":"RL7"}}"#,
    ),
    (
        "REST, list pages",
        r#"{"roles":{"meta":{"page":0,"key":"roles"},"roles":[{"sid":"RL7","type":"channel","permissions":["sendMessage"]}]},
        "members":{"members":[{"channel_sid":"CH7","identity":"nia","role_sid":"RL7"}],"meta":{"page":0,"key":"members"}}}"#,
    ),
    (
        "REST, more fields than anybody needs",
        r#"{"roles":[{"account_sid":"AC7","url":null,"links":{"deep":[[{}]]},"sid":"RL7","type":"channel","permissions":["sendMessage"]}],
        "members":[{"sid":"MB7","attributes":"{}","channel_sid":"CH7","identity":"nia","role_sid":"RL7"}],"request_id":7}"#,
    ),
    (
        "Node",
        r#"{"roles":[{"accountSid":"AC7","sid":"RL7","friendlyName":"crew","type":"conversation","permissions":["sendMessage"]}],
        "participants":[{"conversationSid":"CH7","identity":"nia","roleSid":"RL7","messagingBinding":null}]}"#,
    ),
    (
        "Node, pages written whole",
        r#"{"roles":{"nextPageUrl":null,"previousPageUrl":null,"instances":[{"sid":"RL7","type":"conversation","permissions":["sendMessage"]}]},
        "participants":{"nextPageUrl":null,"instances":[{"conversationSid":"CH7","identity":"nia","roleSid":"RL7"}]}}"#,
    ),
    (
        "Java, enums in capitals",
        r#"{"roles":[{"sid":"RL7","friendlyName":"crew","type":"CONVERSATION","permissions":["sendMessage"]}],
        "participants":[{"conversationSid":"CH7","identity":"nia","roleSid":"RL7"}]}"#,
    ),
    (
        "C#, properties",
        r#"{"Roles":[{"Sid":"RL7","FriendlyName":"crew","Type":"conversation","Permissions":["sendMessage"]}],
        "Participants":[{"ConversationSid":"CH7","Identity":"nia","RoleSid":"RL7"}]}"#,
    ),
    (
        "a webhook's parameters",
        r#"{"roles":[{"sid":"RL7","type":"conversation","permissions":["sendMessage"]}],
        "participants":[{"EventType":"onParticipantAdded","AccountSid":"AC7","ConversationSid":"CH7","ParticipantSid":"MB7","Identity":"nia","RoleSid":"RL7"}]}"#,
    ),
    (
        "one row in this spelling, one in that",
        r#"{"roles":[{"sid":"RL6","friendly_name":"idle","type":"channel","permissions":[]},{"Sid":"RL7","FriendlyName":"crew","type":"channel","Permissions":["sendMessage"]}],
        "members":[{"channelSid":"CH7","identity":"ola","role_sid":"RL6"},{"channel_sid":"CH7","Identity":"nia","roleSid":"RL7"}]}"#,
    ),
    (
        "the client SDK's participant",
        r#"{"roles":[{"sid":"RL7","type":"conversation","permissions":["sendMessage"]}],
        "participants":[{"sid":"MB7","identity":"nia","roleSid":"RL7","conversation":{"sid":"CH7","uniqueName":null}}]}"#,
    ),
    (
        "the client SDK's pages",
        r#"{"roles":{"items":[{"sid":"RL7","type":"conversation","permissions":["sendMessage"]}],"hasNextPage":false},
        "participants":{"items":[{"identity":"nia","roleSid":"RL7","conversation":{"sid":"CH7"}}],"hasNextPage":false}}"#,
    ),
    (
        "sections of both dialects",
        r#"{"roles":[{"sid":"RL7","type":"channel","permissions":["sendMessage"]}],
        "channels":[{"sid":"CH7"}],"conversations":[{"sid":"CH8"}],
        "members":[{"channel_sid":"CH8","identity":"nia"}],"participants":[{"conversation_sid":"CH7","identity":"nia","role_sid":"RL7"}]}"#,
    ),
];

#[test]
fn every_handwriting_says_the_same() {
    for (what, payload) in NIA_MAY_SEND {
        let (service, report) = open(payload);
        assert!(service.ability("nia", Some("CH7")).can("sendMessage", None).unwrap(), "{what}");
        assert!(report.roles.added >= 1 && report.members.added >= 1, "{what}: {report:?}");
    }
}

#[test]
fn a_list_page_alone_is_a_payload() {
    let (service, _) =
        open(r#"{"meta":{"page":0,"page_size":50,"key":"roles"},"roles":[{"sid":"RL7","type":"channel","permissions":[]}]}"#);
    assert_eq!(service.roles(None).len(), 1);
}

#[test]
fn null_and_empty_sections_are_empty() {
    for section in ["null", "{}", "[]", r#"{"roles":[],"meta":{}}"#, r#"{"instances":[]}"#, r#"{"items":[]}"#] {
        let (service, report) = open(&format!(r#"{{"roles":{section},"users":{{"identity":"nia","role_sid":"RL7"}}}}"#));
        assert_eq!((service.roles(None).len(), report.users.added), (0, 1), "{section}");
    }
    assert_eq!(open("{}").1, LoadReport::default());
}

#[test]
fn the_last_row_about_something_counts() {
    let (service, _) = open(
        r#"{"members":[{"channel_sid":"CH7","identity":"nia","role_sid":"RL1"}],
            "participants":[{"conversation_sid":"CH7","identity":"nia","role_sid":"RL2"}],
            "channels":[{"sid":"CH7","unique_name":"one"}],"conversations":[{"sid":"CH7","unique_name":"two"}]}"#,
    );
    assert_eq!(service.members("CH7")[0].role_sid, "RL2");
    assert_eq!(service.channels()[0].unique_name.as_deref(), Some("two"));
}

#[test]
fn a_type_is_read_in_any_case() {
    let table = [
        ("deployment", "deployment"),
        ("DEPLOYMENT", "deployment"),
        ("Service", "deployment"),
        ("CHANNEL", "channel"),
        ("Conversation", "channel"),
    ];
    for (written, expected) in table {
        let mut service = Service::empty(Dialect::Chat, 0);
        service.load_json(&format!(r#"{{"roles":[{{"sid":"RL7","type":"{written}","permissions":[]}}]}}"#), &ADD).unwrap();
        assert_eq!(service.roles(None)[0].role_type, expected, "{written}");
    }
    for (written, expected) in [("public", "public"), ("PUBLIC", "public"), ("Private", "private")] {
        let mut service = Service::empty(Dialect::Chat, 0);
        service.load_json(&format!(r#"{{"channels":[{{"sid":"CH7","type":"{written}"}}]}}"#), &ADD).unwrap();
        assert_eq!(service.channels()[0].channel_type, expected, "{written}");
    }
}

#[test]
fn an_error_about_a_roles_type_names_the_words_there_are() {
    for (written, code) in [(r#""team""#, Code::InvalidScope), ("5", Code::InvalidType), ("null", Code::InvalidType)] {
        let payload = format!(r#"{{"roles":[{{"sid":"RL7","type":{written},"permissions":[]}}]}}"#);
        let error = Service::empty(Dialect::Chat, 0).load_json(&payload, &ADD).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some("roles[0].type")), "{error}");
        for word in ["deployment", "channel", "service", "conversation"] {
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}

#[test]
fn the_dialect_is_read_from_the_payload() {
    let table = [
        ("{}", Dialect::Chat),
        (r#"{"roles":[{"sid":"a","type":"deployment","permissions":[]}]}"#, Dialect::Chat),
        (r#"{"roles":[{"sid":"a","type":"service","permissions":[]}]}"#, Dialect::Conversations),
        (r#"{"roles":[{"sid":"a","type":"SERVICE","permissions":[]}]}"#, Dialect::Conversations),
        (r#"{"Roles":{"instances":[{"Sid":"a","Type":"conversation","Permissions":[]}]}}"#, Dialect::Conversations),
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
        assert_eq!(open(payload).0.dialect(), expected, "{payload}");
        for given in Dialect::ALL {
            assert_eq!(Service::from_json(payload, Some(given), None, 0).unwrap().0.dialect(), given, "{payload}");
        }
    }
}

#[test]
fn a_payload_without_a_section_is_refused_and_told_what_was_seen() {
    let table: &[(&str, &[&str])] = &[
        (r#"{"success":true,"data":{"roles":[]}}"#, &["success", "data"]),
        (r#"{"rolls":[]}"#, &["rolls", "roles"]),
        (r#"{"instances":[],"nextPageUrl":null}"#, &["instances"]),
        (r#"{"meta":{"page":0}}"#, &["meta"]),
        (r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"kilo":1}"#, &["a", "j"]),
        (r#"[{"sid":"RL7","type":"channel","permissions":[]}]"#, &[]),
        ("5", &[]),
        ("null", &[]),
        (r#""roles""#, &[]),
    ];
    for (payload, names) in table {
        let error = Service::from_json(payload, None, None, 0).map(drop).unwrap_err();
        assert_eq!(error.code(), Code::InvalidPayload, "{payload}: {error}");
        let sentence = error.to_string();
        assert!(names.iter().all(|name| sentence.contains(name)), "{payload}: {sentence}");
        assert!(!sentence.contains("kilo"), "at most ten: {sentence}");
    }
}

#[test]
fn a_page_whose_list_is_none_is_refused() {
    for (payload, path) in [
        (r#"{"roles":{"instances":5}}"#, "roles.instances"),
        (r#"{"users":{"items":{}}}"#, "users.items"),
        (r#"{"roles":{"roles":"all"}}"#, "roles.roles"),
        (r#"{"channels":{"conversations":{}}}"#, "channels.conversations"),
        (r#"{"roles":5}"#, "roles"),
        (r#"{"roles":[5]}"#, "roles[0]"),
        (r#"{"roles":{"instances":[[]]}}"#, "roles.instances[0]"),
    ] {
        let error = Service::from_json(payload, None, None, 0).map(drop).unwrap_err();
        assert_eq!((error.code(), error.path()), (Code::InvalidType, Some(path)), "{payload}: {error}");
    }
}

#[test]
fn a_participant_without_an_identity_is_no_user() {
    let by_phone = r#""messaging_binding":{"type":"sms","address":"+15550123"}"#;
    // The row's fields: whether a warning says that there is no identity.
    let table = [
        (format!(r#""conversation_sid":"CH7","role_sid":"RL7",{by_phone}"#), false),
        (format!(r#""conversation_sid":"CH7","identity":null,"role_sid":"RL7",{by_phone}"#), false),
        (format!(r#""conversation_sid":"CH7","identity":"","role_sid":"RL7",{by_phone}"#), false),
        (r#""conversationSid":"CH7","messagingBinding":{"type":"whatsapp"}"#.to_string(), false),
        (r#""conversation_sid":"CH7","role_sid":"RL7""#.to_string(), true),
        (r#""conversation_sid":"CH7","identity":null,"messaging_binding":null"#.to_string(), true),
    ];
    for (fields, is_warned) in table {
        let (service, report) = open(&format!(
            r#"{{"participants":[{{{fields}}},{{{fields}}},{{"conversation_sid":"CH7","identity":"nia","role_sid":"RL7"}}]}}"#
        ));
        assert_eq!((report.members.added, report.members.skipped), (1, 2), "{fields}");
        assert_eq!(service.members("CH7").len(), 1, "{fields}");
        let expected: &[_] = if is_warned { &[("no-identity", "participants[0].identity")] } else { &[] };
        assert_eq!(warnings(&report), expected, "{fields}");
    }
}

#[test]
fn rows_of_another_service_are_skipped() {
    // Payload: how many roles stay, and what is said.
    type Row = (&'static str, u32, &'static [(&'static str, &'static str)]);
    let table: &[Row] = &[
        (
            r#"{"roles":[{"service_sid":"IS1","sid":"RL1","type":"channel","permissions":[]},{"service_sid":"IS2","sid":"RL2","type":"channel","permissions":[]},{"service_sid":"IS2","sid":"RL3","type":"channel","permissions":[]}]}"#,
            1,
            &[("other-service", "roles")],
        ),
        (
            r#"{"service":{"sid":"IS2","default_service_role_sid":"RL9"},"roles":[{"service_sid":"IS1","sid":"RL1","type":"channel","permissions":[]},{"service_sid":"IS2","sid":"RL2","type":"channel","permissions":[]}]}"#,
            1,
            &[("other-service", "roles")],
        ),
        (
            r#"{"configuration":{"chat_service_sid":"IS2","default_conversation_role_sid":"RL9"},"roles":[{"chat_service_sid":"IS2","sid":"RL1","type":"conversation","permissions":[]},{"sid":"RL2","type":"conversation","permissions":[]}]}"#,
            2,
            &[],
        ),
        (
            r#"{"roles":[{"instanceSid":"IS1","sid":"RL1","type":"channel","permissions":[]},{"ServiceSid":"IS1","sid":"RL2","type":"channel","permissions":[]}]}"#,
            2,
            &[],
        ),
    ];
    for (payload, kept, said) in table {
        let (service, report) = open(payload);
        assert_eq!(service.roles(None).len(), *kept as usize, "{payload}");
        assert_eq!(report.roles.added, *kept, "{payload}");
        assert_eq!(warnings(&report), *said, "{payload}");
    }
    // A service knows its SID from then on, and so does its snapshot.
    let (service, _) = open(r#"{"service":{"sid":"IS1","default_channel_role_sid":"RL9"}}"#);
    let other = r#"{"users":[{"service_sid":"IS2","identity":"nia","role_sid":"RL7"}],"members":[{"service_sid":"IS2","channel_sid":"CH7","identity":"nia","role_sid":"RL7"}]}"#;
    for mut service in [service.clone(), open(&service.to_json()).0] {
        let report = service.load_json(other, &ADD).unwrap();
        assert_eq!((report.users.skipped, report.members.skipped), (1, 1));
        assert_eq!(warnings(&report).len(), 2);
        assert!(service.users().is_empty() && service.channels().is_empty());
    }
}

#[test]
fn a_service_that_names_no_default_role_is_the_wrong_one() {
    // Of an account: nothing of a service's own.
    let (_, report) = open(r#"{"configuration":{"account_sid":"AC7","default_chat_service_sid":"IS7"}}"#);
    assert_eq!(warnings(&report), [("no-defaults", "configuration")]);
    let (_, report) = open(r#"{"service":{"sid":"IS7","default_service_role_sid":"RL7"}}"#);
    assert_eq!(warnings(&report), []);
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
        (Dialect::Conversations, r#"{"invites":[{"channel_sid":"CH1","identity":"nia"}]}"#, &[("no-counterpart", "invites")]),
        (Dialect::Conversations, r#"{"channels":[{"sid":"CH1","type":"public"}]}"#, &[("no-counterpart", "channels[0].type")]),
        (
            Dialect::Chat,
            r#"{"users":[{"identity":"nia"},{"identity":"ben","roleSid":null},{"identity":"cy","role_sid":""}]}"#,
            &[("no-role", "users[0].role_sid"), ("no-role", "users[1].role_sid"), ("no-role", "users[2].role_sid")],
        ),
        (Dialect::Chat, r#"{"members":[{"channelSid":"CH1","identity":"nia"}]}"#, &[("no-role", "members[0].role_sid")]),
        (
            Dialect::Chat,
            r#"{"actions":[{"action":"pin","any":"pin"}],"roles":[{"sid":"a","type":"channel","permissions":["pin"]}]}"#,
            &[],
        ),
    ];
    for (dialect, payload, expected) in table {
        let report = Service::empty(*dialect, 0).load_json(payload, &ADD).unwrap();
        assert_eq!(warnings(&report), *expected, "{payload}");
        assert!(report.warnings.iter().all(|warning| !warning.message.is_empty()), "{payload}");
    }
}

#[test]
fn a_path_names_the_field_as_the_payload_spells_it() {
    let table = [
        (r#"{"participants":[{"conversationSid":"","identity":"a"}]}"#, "participants[0].conversationSid"),
        (r#"{"members":[{"channelSid":"","identity":"a"}]}"#, "members[0].channelSid"),
        (r#"{"members":[{"ChannelSid":5,"identity":"a"}]}"#, "members[0].ChannelSid"),
        (r#"{"channels":[{"channelSid":""}]}"#, "channels[0].channelSid"),
        (r#"{"channels":[{"sid":"CH1","createdBy":5}]}"#, "channels[0].createdBy"),
        (r#"{"channels":[{"sid":"CH1","conversation_unique_name":5}]}"#, "channels[0].conversation_unique_name"),
        (r#"{"Users":[{"Identity":5}]}"#, "Users[0].Identity"),
        (r#"{"participants":[{"identity":"a","conversation":{"sid":5}}]}"#, "participants[0].conversation.sid"),
        (r#"{"actions":[{"action":"pin","any":"pin","memberOnly":"yes"}]}"#, "actions[0].memberOnly"),
        // What is missing is missing under the name that REST has for it.
        (r#"{"participants":[{"identity":"a"}]}"#, "participants[0].conversation_sid"),
        (r#"{"members":[{"identity":"a"}]}"#, "members[0].channel_sid"),
        (r#"{"conversations":[{"uniqueName":"desk"}]}"#, "conversations[0].sid"),
        (r#"{"users":[{"roleSid":"RL1"}]}"#, "users[0].identity"),
    ];
    for (payload, path) in table {
        let error = Service::empty(Dialect::Chat, 0).load_json(payload, &ADD).expect_err(payload);
        assert_eq!(error.path(), Some(path), "{payload}: {error}");
    }
}

#[test]
fn of_two_wrong_fields_the_first_is_told() {
    let table = [
        // Whatever stands behind a newer version is no business of this one.
        (r#"{"rolecall":"3","dialect":5}"#, Code::UnsupportedVersion, "rolecall"),
        (r#"{"rolecall":[],"dialect":5}"#, Code::InvalidType, "rolecall"),
        (r#"{"dialect":"sms","roles":5}"#, Code::InvalidDialect, "dialect"),
        (r#"{"actions":[{"action":5,"any":5,"own":5,"member_only":5}]}"#, Code::InvalidType, "actions[0].action"),
        (r#"{"actions":[{"action":"a","own":5,"member_only":5}]}"#, Code::MissingField, "actions[0].any"),
        (r#"{"actions":[{"action":"a","any":"b","own":5,"member_only":5}]}"#, Code::InvalidType, "actions[0].own"),
        (r#"{"actions":[{"action":"a","any":"b","when_closed":5}]}"#, Code::InvalidType, "actions[0].when_closed"),
        (r#"{"roles":[{"sid":"","friendly_name":5,"type":5}]}"#, Code::InvalidSid, "roles[0].sid"),
        (r#"{"roles":[{"sid":"RL1","friendly_name":5,"type":"both"}]}"#, Code::InvalidType, "roles[0].friendly_name"),
        (r#"{"roles":[{"sid":"RL1","type":"both","permissions":5}]}"#, Code::InvalidScope, "roles[0].type"),
        (r#"{"roles":[{"sid":"RL1","type":"channel","permissions":5},5]}"#, Code::InvalidType, "roles[0].permissions"),
        (
            r#"{"roles":[{"sid":"RL1","type":"channel","permissions":["sendMessage",[]]}]}"#,
            Code::InvalidType,
            "roles[0].permissions[1]",
        ),
        (r#"{"roles":[{"sid":"RL1","type":"channel","permissions":[""]}]}"#, Code::InvalidName, "roles[0].permissions[0]"),
        (r#"{"users":[{"identity":"","role_sid":5}]}"#, Code::InvalidIdentity, "users[0].identity"),
        (
            r#"{"members":[{"channel_sid":"CH1","identity":["nia","ben"],"role_sid":"RL1"}]}"#,
            Code::InvalidType,
            "members[0].identity",
        ),
        (r#"{"invites":[{"channel_sid":"CH1","identity":null,"role_sid":5}]}"#, Code::InvalidType, "invites[0].identity"),
        (r#"{"channels":[{"sid":[],"type":"public"}]}"#, Code::InvalidType, "channels[0].sid"),
        (r#"{"channels":[{"sid":"CH1","type":["public"],"created_by":"nia"}]}"#, Code::InvalidType, "channels[0].type"),
        (r#"{"channels":[{"sid":"CH1","type":"open"}]}"#, Code::InvalidChannelType, "channels[0].type"),
        (r#"{"channels":[{"sid":"CH1","status":5}]}"#, Code::InvalidType, "channels[0].status"),
    ];
    for (payload, code, path) in table {
        let mut service = Service::empty(Dialect::Chat, 0);
        let before = service.to_json();
        let error = service.load_json(payload, &ADD).expect_err(payload);
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{payload}: {error}");
        assert_eq!(service.to_json(), before, "{payload}");
    }
}

#[test]
fn a_role_is_called_what_its_row_says_and_by_its_sid_where_that_says_nothing() {
    let table = [(r#""friendly_name":"mod","#, "mod"), ("", "RL1"), (r#""friendlyName":null,"#, "RL1")];
    for (name, expected) in table {
        let (service, _) = open(&format!(r#"{{"roles":[{{"sid":"RL1",{name}"type":"channel","permissions":[]}}]}}"#));
        assert_eq!(service.roles(None)[0].friendly_name, expected, "{name}");
    }
}

#[test]
fn any_unicode_is_an_identity() {
    for identity in ["__proto__", "constructor", "\u{0}", "ÄÖ 漢字 😀", "\u{202e}", "a\"b\\c", " "] {
        let row = serde_json::json!({ "users": [{ "identity": identity, "role_sid": "RL7" }] });
        assert_eq!(open(&row.to_string()).0.users()[0].identity, identity);
    }
}

#[test]
fn warnings_stop_at_a_thousand_and_say_so() {
    let users: Vec<String> = (0..1500).map(|n| format!(r#"{{"identity":"user {n}"}}"#)).collect();
    let (_, report) = open(&format!(r#"{{"users":[{}]}}"#, users.join(",")));
    assert_eq!((report.users.added, report.warnings.len()), (1500, 1001));
    assert_eq!(report.warnings[1000].code, "more-warnings");
}
