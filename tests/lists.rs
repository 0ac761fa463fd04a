//! A user's own lists of channels, and the signed-in user.
#![cfg(not(target_arch = "wasm32"))]

use rolecall::{Code, Dialect, LoadOptions, LoadReport, Service};

fn load(service: &mut Service, payload: &str, options: &LoadOptions) -> LoadReport {
    service.load_json(payload, options).unwrap_or_else(|error| panic!("{payload}: {error}"))
}

fn warnings(report: &LoadReport) -> Vec<(&str, &str)> {
    report.warnings.iter().map(|warning| (warning.code, warning.path.as_str())).collect()
}

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };
const REPLACE: LoadOptions = LoadOptions { replace: true, channel: None, identity: None };

/// Who is in, with which role, and who is invited, in CH7.
fn seats(service: &Service) -> (Vec<(String, String)>, Vec<String>) {
    let mut members: Vec<_> = service.members("CH7").into_iter().map(|member| (member.identity, member.role_sid)).collect();
    members.sort();
    (members, service.invites("CH7").into_iter().map(|invite| invite.identity).collect())
}

#[test]
fn a_row_of_a_list_says_that_somebody_is_in_or_invited_or_neither() {
    // The section, the row, the option; then the members and the invited of CH7, and what is warned of.
    type Row = (
        &'static str,
        &'static str,
        Option<&'static str>,
        &'static [&'static str],
        &'static [&'static str],
        &'static [(&'static str, &'static str)],
    );
    let table: &[Row] = &[
        // UserChannels.
        (
            "channels",
            r#"{"channel_sid":"CH7","user_sid":"US7","member_sid":"MB7","status":"joined"}"#,
            Some("nia"),
            &["nia"],
            &[],
            &[],
        ),
        ("channels", r#"{"channel_sid":"CH7","user_sid":"US7","status":"invited"}"#, Some("nia"), &[], &["nia"], &[]),
        ("channels", r#"{"channelSid":"CH7","userSid":"US7","status":"notParticipating"}"#, Some("nia"), &[], &[], &[]),
        ("channels", r#"{"channelSid":"CH7","userSid":"US7","status":"NOT_PARTICIPATING"}"#, Some("nia"), &[], &[], &[]),
        ("channels", r#"{"channel_sid":"CH7","user_sid":"US7"}"#, Some("nia"), &["nia"], &[], &[]),
        (
            "channels",
            r#"{"channel_sid":"CH7","user_sid":"US7","status":"banned"}"#,
            Some("nia"),
            &[],
            &[],
            &[("unknown-status", "channels[0].status")],
        ),
        (
            "channels",
            r#"{"channel_sid":"CH7","user_sid":"US7","status":"joined"}"#,
            None,
            &[],
            &[],
            &[("whose-list", "channels[0]")],
        ),
        // UserConversations.
        (
            "conversations",
            r#"{"conversation_sid":"CH7","user_sid":"US7","participant_sid":"MB7","conversation_state":"active"}"#,
            Some("nia"),
            &["nia"],
            &[],
            &[],
        ),
        // ParticipantConversations.
        (
            "conversations",
            r#"{"conversation_sid":"CH7","participant_sid":"MB7","participant_identity":"ola"}"#,
            Some("nia"),
            &["ola"],
            &[],
            &[],
        ),
        (
            "conversations",
            r#"{"conversation_sid":"CH7","participant_identity":"ola","participant_messaging_binding":null}"#,
            None,
            &["ola"],
            &[],
            &[],
        ),
        (
            "conversations",
            r#"{"conversation_sid":"CH7","participant_identity":null,"participant_messaging_binding":{"type":"sms"}}"#,
            Some("nia"),
            &[],
            &[],
            &[],
        ),
        // The client SDK's.
        (
            "conversations",
            r#"{"sid":"CH7","uniqueName":"desk","createdBy":"ola","state":{"current":"active"},"status":"joined"}"#,
            Some("nia"),
            &["nia"],
            &[],
            &[],
        ),
        // Of everybody's channels it says nothing.
        ("channels", r#"{"sid":"CH7","unique_name":"desk"}"#, Some("nia"), &[], &[], &[]),
        ("channels", r#"{"sid":"CH7","status":null,"user_sid":""}"#, Some("nia"), &[], &[], &[]),
    ];
    for (section, row, identity, members, invited, warned) in table {
        let mut service = Service::empty(Dialect::Chat, 0);
        let report = load(&mut service, &format!(r#"{{"{section}":[{row}]}}"#), &LoadOptions { identity: *identity, ..ADD });
        let members = members.iter().map(|who| (who.to_string(), String::new())).collect();
        assert_eq!(seats(&service), (members, invited.iter().map(ToString::to_string).collect()), "{row}");
        assert_eq!(warnings(&report), *warned, "{row}");
        assert_eq!(service.channels().len(), 1, "{row}");
    }
}

#[test]
fn a_row_of_a_list_describes_the_channel_too() {
    let row = r#"{"participant_identity":"nia","conversation_sid":"CH7","conversation_unique_name":"order-7","conversation_friendly_name":"Order 7",
        "conversation_created_by":"ola","conversation_state":"inactive","conversation_date_created":"2026-01-01"}"#;
    let (service, _) = Service::from_json(&format!(r#"{{"conversations":[{row}]}}"#), None, None, 0).unwrap();
    let channel = service.channels().remove(0);
    assert_eq!((channel.sid.as_str(), channel.unique_name.as_deref()), ("CH7", Some("order-7")));
    assert_eq!((channel.created_by.as_deref(), channel.state.as_str()), (Some("ola"), "inactive"));
    assert!(service.ability("nia", Some("order-7")).can("viewConversation", None).unwrap());
}

#[test]
fn a_list_keeps_a_role_that_is_known_and_ends_what_it_says_is_over() {
    // Whose list, the status: members with their roles, and who is invited.
    type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let town = r#"{"members":[{"channel_sid":"CH7","identity":"nia","role_sid":"RL7"}],"invites":[{"channel_sid":"CH7","identity":"ola","role_sid":"RL8"}]}"#;
    let table: &[Row] = &[
        ("nia", "joined", &[("nia", "RL7")], &["ola"]),
        ("nia", "invited", &[], &["ola", "nia"]),
        ("nia", "not_participating", &[], &["ola"]),
        ("nia", "banned", &[("nia", "RL7")], &["ola"]),
        ("ola", "joined", &[("nia", "RL7"), ("ola", "")], &[]),
        ("ola", "invited", &[("nia", "RL7")], &["ola"]),
        ("ola", "not_participating", &[("nia", "RL7")], &[]),
    ];
    for (whose, status, members, invited) in table {
        let mut service = Service::empty(Dialect::Chat, 0);
        load(&mut service, town, &ADD);
        let list = format!(r#"{{"channels":[{{"channel_sid":"CH7","user_sid":"US7","status":"{status}"}}]}}"#);
        load(&mut service, &list, &LoadOptions { identity: Some(whose), ..ADD });
        let expected = members.iter().map(|(who, role)| (who.to_string(), role.to_string())).collect();
        let (found, mut found_invited) = seats(&service);
        found_invited.sort();
        let mut invited: Vec<_> = invited.iter().map(ToString::to_string).collect();
        invited.sort();
        assert_eq!((found, found_invited), (expected, invited), "{status} of {whose}");
    }
    // An invite keeps its role, too.
    let mut service = Service::empty(Dialect::Chat, 0);
    load(&mut service, town, &ADD);
    let list = r#"{"channels":[{"channel_sid":"CH7","user_sid":"US7","status":"invited"}]}"#;
    load(&mut service, list, &LoadOptions { identity: Some("ola"), ..ADD });
    assert_eq!(service.invites("CH7")[0].role_sid, "RL8");
}

#[test]
fn a_replacing_list_replaces_one_users_seats_and_nobody_elses() {
    let town = r#"{"channels":[{"sid":"CH1"},{"sid":"CH2"},{"sid":"CH3","unique_name":"desk"}],
        "members":[{"channel_sid":"CH1","identity":"nia","role_sid":"RL7"},{"channel_sid":"CH2","identity":"nia","role_sid":"RL7"},{"channel_sid":"CH2","identity":"ola","role_sid":"RL7"}],
        "invites":[{"channel_sid":"CH3","identity":"nia"},{"channel_sid":"CH3","identity":"ola"}]}"#;
    let mut service = Service::empty(Dialect::Chat, 0);
    load(&mut service, town, &ADD);
    let list = r#"{"channels":[{"channel_sid":"CH1","user_sid":"US7","status":"joined"},{"channel_sid":"CH4","user_sid":"US7","status":"joined"}]}"#;
    load(&mut service, list, &LoadOptions { identity: Some("nia"), ..REPLACE });
    let members =
        |channel: &str| service.members(channel).into_iter().map(|member| (member.identity, member.role_sid)).collect::<Vec<_>>();
    let pair = |who: &str, role: &str| (who.to_string(), role.to_string());
    assert_eq!(members("CH1"), [pair("nia", "RL7")]);
    assert_eq!(members("CH2"), [pair("ola", "RL7")]);
    assert_eq!(members("CH4"), [pair("nia", "")]);
    assert_eq!(service.invites("CH3").len(), 1);
    assert_eq!(service.channels().len(), 4, "a list removes no channel");
}

#[test]
fn another_services_list_replaces_nothing() {
    let town = r#"{"channels":[{"sid":"CH1","service_sid":"IS1"}],"members":[{"channel_sid":"CH1","identity":"nia"}]}"#;
    let mut service = Service::empty(Dialect::Chat, 0);
    load(&mut service, town, &ADD);
    for (user, identity) in
        [(r#""user_sid":"US7""#, None), (r#""user_sid":"US7""#, Some("nia")), (r#""participant_identity":"nia""#, None)]
    {
        let list = format!(r#"{{"channels":[{{"channel_sid":"CH2","service_sid":"IS2","status":"joined",{user}}}]}}"#);
        let report = load(&mut service, &list, &LoadOptions { identity, ..REPLACE });
        assert_eq!(warnings(&report), [("other-service", "channels")]);
        assert_eq!((service.channels().len(), service.members("CH1").len()), (1, 1), "{user}");
    }
}

#[test]
fn a_list_of_no_channels_is_no_list() {
    // Nothing tells it from a list of all channels.
    let mut service = Service::empty(Dialect::Chat, 0);
    load(&mut service, r#"{"channels":[{"sid":"CH1"}]}"#, &ADD);
    load(&mut service, r#"{"channels":[]}"#, &LoadOptions { identity: Some("nia"), ..REPLACE });
    assert!(service.channels().is_empty());
}

// --- The signed-in user ---

#[test]
fn a_newcomer_gets_the_default_role_where_a_users_section_leaves_them_out() {
    let roles = r#""roles":[{"sid":"RL1","friendly_name":"user","type":"deployment","permissions":["createChannel"]}]"#;
    let default = r#""service":{"default_service_role_sid":"RL1"}"#;
    // The payload's sections: the newcomer's role, if they are known.
    let table = [
        (format!("{roles},{default},\"users\":[]"), Some("RL1")),
        (format!("{roles},{default},\"users\":{{\"instances\":[]}}"), Some("RL1")),
        (format!("{roles},{default},\"users\":[{{\"identity\":\"ola\",\"role_sid\":\"RL2\"}}]"), Some("RL1")),
        (format!("{roles},{default},\"users\":[{{\"identity\":\"nia\",\"role_sid\":\"RL2\"}}]"), Some("RL2")),
        (format!("{roles},{default}"), None),
        (format!("{roles},\"users\":[]"), Some("")),
    ];
    for (sections, expected) in table {
        let (service, report) = Service::from_json(&format!("{{{sections}}}"), None, Some("nia"), 0).unwrap();
        let role = service.users().into_iter().find(|user| user.identity == "nia").map(|user| user.role_sid);
        assert_eq!(role.as_deref(), expected, "{sections}");
        let no_role = warnings(&report).contains(&("no-role", "identity"));
        assert_eq!(no_role, expected == Some(""), "{sections}: {report:?}");
        assert_eq!(service.ability("nia", None).can("createChannel", None), Ok(expected == Some("RL1")), "{sections}");
        assert!(!service.ability("stranger", None).can("createChannel", None).unwrap());
    }
}

#[test]
fn a_later_row_replaces_a_newcomers_role() {
    let mut service = Service::new(Dialect::Chat, 0);
    load(&mut service, r#"{"users":[]}"#, &LoadOptions { identity: Some("nia"), ..ADD });
    let role = service.users()[0].role_sid.clone();
    assert!(!role.is_empty());
    // A known user is no newcomer.
    load(&mut service, r#"{"users":[]}"#, &LoadOptions { identity: Some("nia"), ..ADD });
    assert_eq!(service.users().len(), 1);
    load(&mut service, r#"{"users":[{"identity":"nia","role_sid":"RL-other"}]}"#, &LoadOptions { identity: Some("nia"), ..ADD });
    assert_eq!(service.users()[0].role_sid, "RL-other");
    // One that a replacing section leaves out is one again.
    load(&mut service, r#"{"users":[]}"#, &LoadOptions { identity: Some("nia"), ..REPLACE });
    assert_eq!((service.users().len(), &service.users()[0].role_sid), (1, &role));
    // And is not changed by being told again.
    let version = service.version();
    let report = load(&mut service, r#"{"users":[]}"#, &LoadOptions { identity: Some("nia"), ..REPLACE });
    assert_eq!((report.users.unchanged, report.users.removed, service.version()), (1, 0, version));
}

#[test]
fn an_empty_identity_is_refused() {
    let error = Service::from_json("{}", None, Some(""), 0).map(drop).unwrap_err();
    assert_eq!((error.code(), error.path()), (Code::InvalidIdentity, Some("identity")));
    let error =
        Service::new(Dialect::Chat, 0).load_json(r#"{"users":[]}"#, &LoadOptions { identity: Some(""), ..ADD }).unwrap_err();
    assert_eq!((error.code(), error.path()), (Code::InvalidIdentity, Some("identity")));
}
