//! Channels: what makes one known, its unique name, its creator, and its state.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use rolecall::{Action, Code, Dialect, LoadOptions, NewAction, NewChannel, Result, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };
const REPLACE: LoadOptions = LoadOptions { replace: true, channel: None, identity: None };
/// No unique name has this form.
const SID: &str = "CHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn load(service: &mut Service, payload: &str) {
    service.load_json(payload, &ADD).unwrap_or_else(|error| panic!("{payload}: {error}"));
}

fn code<T>(result: Result<T>) -> Option<&'static str> {
    result.err().map(|error| error.code().name())
}

fn known(service: &Service) -> BTreeSet<String> {
    service.channels().into_iter().map(|channel| channel.sid).collect()
}

fn set(sids: &[&str]) -> BTreeSet<String> {
    sids.iter().map(ToString::to_string).collect()
}

// --- What is known ---

#[test]
fn a_channel_is_known_by_any_row_and_stays_known_until_it_is_removed() {
    let mut service = Service::empty(Dialect::Chat, 0);
    load(
        &mut service,
        r#"{"channels":[{"sid":"CH1"}],"members":[{"channel_sid":"CH2","identity":"ada"}],"invites":[{"channel_sid":"CH3","identity":"ada"}]}"#,
    );
    assert_eq!(known(&service), set(&["CH1", "CH2", "CH3"]));
    assert!(service.remove_member("CH2", "ada") && service.decline_invite("CH3", "ada"));
    assert_eq!(known(&service), set(&["CH1", "CH2", "CH3"]));
    service.load_json(r#"{"members":[],"invites":[]}"#, &REPLACE).unwrap();
    assert_eq!(known(&service), set(&["CH1", "CH2", "CH3"]));
    assert!(service.remove_channel("CH2"));
    assert_eq!(known(&service), set(&["CH1", "CH3"]));
    // A replacing section keeps what it names, and where somebody still is.
    load(&mut service, r#"{"members":[{"channel_sid":"CH4","identity":"ada"}]}"#);
    service.load_json(r#"{"channels":[{"sid":"CH1"}]}"#, &REPLACE).unwrap();
    assert_eq!(known(&service), set(&["CH1", "CH4"]));
    service.load_json(r#"{"channels":[],"members":[]}"#, &REPLACE).unwrap();
    assert_eq!(known(&service), set(&[]));
}

#[test]
fn a_row_that_says_nothing_of_a_channel_leaves_what_is_known() {
    let full = r#"{"sid":"CH1","unique_name":"desk","type":"public","created_by":"ada","state":"inactive"}"#;
    let silent = [
        r#"{"sid":"CH1"}"#,
        r#"{"sid":"CH1","unique_name":null,"type":null,"created_by":null,"state":null}"#,
        r#"{"sid":"CH1","unique_name":"","type":"","created_by":"","state":""}"#,
        r#"{"channel_sid":"CH1","friendly_name":"The desk"}"#,
    ];
    for row in silent {
        for rows in [[full, row], [row, full]] {
            let mut service = Service::empty(Dialect::Chat, 0);
            for row in rows {
                load(&mut service, &format!(r#"{{"channels":[{row}]}}"#));
            }
            let channel = service.channels().remove(0);
            assert_eq!((channel.unique_name.as_deref(), channel.channel_type), (Some("desk"), "public"), "{row}");
            assert_eq!((channel.created_by.as_deref(), channel.state.as_str()), (Some("ada"), "inactive"), "{row}");
        }
    }
    // A replacing section starts anew.
    let mut service = Service::empty(Dialect::Chat, 0);
    load(&mut service, &format!(r#"{{"channels":[{full}]}}"#));
    service.load_json(r#"{"channels":[{"sid":"CH1"}]}"#, &REPLACE).unwrap();
    let channel = service.channels().remove(0);
    assert_eq!((channel.unique_name, channel.channel_type), (None, "private"));
    assert_eq!((channel.created_by, channel.state.as_str()), (None, "active"));
}

#[test]
fn a_channel_that_is_only_known_may_still_be_described() {
    let knowing = [
        r#"{"channels":[{"sid":"CH1"}]}"#,
        r#"{"members":[{"channel_sid":"CH1","identity":"ada"}]}"#,
        r#"{"invites":[{"channel_sid":"CH1","identity":"ada"}]}"#,
    ];
    for payload in knowing {
        let mut service = Service::empty(Dialect::Chat, 0);
        load(&mut service, payload);
        let desk = NewChannel { sid: "CH1", unique_name: Some("desk"), ..NewChannel::default() };
        service.create_channel(&desk).unwrap_or_else(|error| panic!("{payload}: {error}"));
        assert_eq!(service.channels()[0].unique_name.as_deref(), Some("desk"), "{payload}");
        assert_eq!(code(service.create_channel(&desk)), Some("duplicate-channel"), "{payload}");
    }
}

#[test]
fn a_channel_that_cannot_be_made_is_refused() {
    let mut service = Service::new(Dialect::Chat, 0);
    service.create_channel(&NewChannel { sid: "CH1", unique_name: Some("desk"), ..NewChannel::default() }).unwrap();
    let new = NewChannel { sid: "CH2", ..NewChannel::default() };
    let table = [
        (NewChannel { sid: "", ..new }, Code::InvalidSid, "sid"),
        (NewChannel { sid: "CH1", ..new }, Code::DuplicateChannel, "sid"),
        (NewChannel { unique_name: Some("desk"), ..new }, Code::DuplicateChannel, "uniqueName"),
        (NewChannel { unique_name: Some(SID), ..new }, Code::InvalidName, "uniqueName"),
        (NewChannel { channel_type: Some("open"), ..new }, Code::InvalidChannelType, "type"),
        (NewChannel { created_by: Some(""), ..new }, Code::InvalidIdentity, "createdBy"),
        (NewChannel { state: Some("archived"), ..new }, Code::InvalidState, "state"),
    ];
    let before = service.to_json();
    for (channel, code, path) in table {
        let error = service.create_channel(&channel).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{channel:?}: {error}");
        assert_eq!(service.to_json(), before, "{channel:?}");
    }
    let mut conversations = Service::new(Dialect::Conversations, 0);
    assert_eq!(code(conversations.create_channel(&NewChannel { channel_type: Some("public"), ..new })), Some("no-counterpart"));
}

// --- Unique names ---

#[test]
fn every_call_that_names_a_channel_takes_its_unique_name() {
    let mut service = Service::new(Dialect::Chat, 0);
    service.create_channel(&NewChannel { sid: "CH1", unique_name: Some("desk"), ..NewChannel::default() }).unwrap();
    service.set_member("desk", "ada", None).unwrap();
    service.join_channel("desk", "ben").unwrap();
    service.invite("desk", "cy", None).unwrap();
    service.accept_invite("desk", "cy").unwrap();
    service.invite("desk", "dan", None).unwrap();
    assert_eq!((service.members("desk").len(), service.invites("desk").len()), (3, 1));
    assert_eq!(service.members("desk")[0].channel_sid, "CH1");
    assert!(service.decline_invite("desk", "dan") && service.remove_member("desk", "cy"));
    assert!(service.ability("ada", Some("desk")).can("sendMessage", None).unwrap());
    assert_eq!(service.who_can("sendMessage", Some("desk"), None).unwrap().len(), 2);
    service.set_channel_state("desk", "inactive").unwrap();
    let options = LoadOptions { channel: Some("desk"), ..REPLACE };
    service.load_json(r#"{"members":[{"channel_sid":"CH1","identity":"eve"}]}"#, &options).unwrap();
    assert_eq!(service.members("CH1").len(), 1);
    assert!(service.remove_channel("desk") && service.channels().is_empty());
}

#[test]
fn a_known_sid_comes_before_a_unique_name() {
    let mut service = Service::new(Dialect::Chat, 0);
    load(
        &mut service,
        r#"{"channels":[{"sid":"CH1","unique_name":"CH2"},{"sid":"CH2","unique_name":"CH1"},{"sid":"CH3","unique_name":"CH9"}]}"#,
    );
    for (reference, sid) in [("CH1", "CH1"), ("CH2", "CH2"), ("CH3", "CH3"), ("CH9", "CH3")] {
        service.set_member(reference, reference, None).unwrap();
        let sids: Vec<_> = service.members(sid).into_iter().map(|member| member.identity).collect();
        assert!(sids.contains(&reference.to_string()), "{reference} is {sid}");
    }
    // What has the form of a SID is one, whatever it is called.
    let report = service.load_json(&format!(r#"{{"channels":[{{"sid":"CH4","unique_name":"{SID}"}}]}}"#), &ADD).unwrap();
    assert_eq!((report.warnings[0].code, report.warnings[0].path.as_str()), ("invalid-name", "channels[0].unique_name"));
    assert_eq!(service.channels().iter().find(|channel| channel.sid == "CH4").unwrap().unique_name.as_deref(), Some(SID));
    assert_eq!(code(service.set_member(SID, "ada", None)), Some("unknown-channel"));
}

#[test]
fn a_unique_name_moves_to_the_row_that_was_loaded_last() {
    let mut service = Service::empty(Dialect::Chat, 0);
    load(&mut service, r#"{"channels":[{"sid":"CH1","unique_name":"desk"}]}"#);
    let report = service.load_json(r#"{"channels":[{"sid":"CH2","uniqueName":"desk"}]}"#, &ADD).unwrap();
    assert_eq!((report.warnings[0].code, report.warnings[0].path.as_str()), ("moved-name", "channels[0].unique_name"));
    let names: Vec<_> = service.channels().into_iter().map(|channel| (channel.sid, channel.unique_name)).collect();
    assert_eq!(names, [("CH1".into(), None), ("CH2".into(), Some("desk".to_string()))]);
}

#[test]
fn an_ability_follows_a_unique_name() {
    let mut service = Service::new(Dialect::Chat, 0);
    for (sid, name) in [("CH1", "desk"), ("CH2", "hall")] {
        service.create_channel(&NewChannel { sid, unique_name: Some(name), ..NewChannel::default() }).unwrap();
    }
    service.set_member("CH1", "ada", None).unwrap();
    let can = |service: &Service, channel| service.ability("ada", Some(channel)).can("sendMessage", None).unwrap();
    assert_eq!([can(&service, "desk"), can(&service, "hall"), can(&service, "attic")], [true, false, false]);
    load(&mut service, r#"{"channels":[{"sid":"CH1","unique_name":"attic"}]}"#);
    assert_eq!([can(&service, "desk"), can(&service, "hall"), can(&service, "attic")], [false, false, true]);
}

// --- Creators ---

const CREATED: &str = r#"{
    "roles":[{"sid":"RL1","friendly_name":"user","type":"deployment","permissions":["createChannel","joinChannel"]},
             {"sid":"RL2","friendly_name":"member","type":"channel","permissions":["sendMessage"]}],
    "users":[{"identity":"ana","role_sid":"RL1"},{"identity":"system","role_sid":"RL1"},{"identity":"bo","role_sid":"RL1"}],
    "channels":[{"sid":"CH1","created_by":"ana"},{"sid":"CH2","created_by":"system"},{"sid":"CH3","created_by":"stranger"}],
    "service":{"default_channel_role_sid":"RL2"}}"#;

#[test]
fn who_created_a_channel_sees_it_may_join_it_and_is_not_in_it() {
    // Who, where: may see, join, send.
    let table = [
        ("ana", "CH1", [true, true, false]),
        ("bo", "CH1", [false, false, false]),
        // The services' word for no user, even if somebody is called so.
        ("system", "CH2", [false, false, false]),
        // To have created something makes nobody known.
        ("stranger", "CH3", [false, false, false]),
    ];
    let mut service = Service::empty(Dialect::Chat, 0);
    load(&mut service, CREATED);
    let may = |service: &Service, identity: &str, channel| {
        ["viewChannel", "joinChannel", "sendMessage"]
            .map(|action| service.ability(identity, Some(channel)).can(action, None).unwrap())
    };
    for (identity, channel, expected) in table {
        assert_eq!(may(&service, identity, channel), expected, "{identity} in {channel}");
    }
    service.join_channel("CH1", "ana").unwrap();
    assert_eq!(may(&service, "ana", "CH1"), [true, false, true]);
    let stranger = service.ability("stranger", Some("CH3")).explain("viewChannel", None).unwrap();
    assert_eq!(stranger.reason.unwrap().name(), "unknown-user");
}

#[test]
fn a_new_channel_has_nobody_in_it() {
    let mut service = Service::new(Dialect::Chat, 0);
    service.create_channel(&NewChannel { sid: "CH1", created_by: Some("ada"), ..NewChannel::default() }).unwrap();
    assert!(service.members("CH1").is_empty());
    // Not even a default role is needed for it.
    Service::empty(Dialect::Chat, 0)
        .create_channel(&NewChannel { sid: "CH1", created_by: Some("ada"), ..NewChannel::default() })
        .unwrap();
}

// --- States ---

/// Ada holds everything, in every way.
fn everything(dialect: Dialect) -> Service {
    let mut service = Service::empty(dialect, 0);
    let names: Vec<String> =
        rolecall::Permission::all().filter_map(|permission| permission.name(dialect)).map(|name| format!("\"{name}\"")).collect();
    let names = names.join(",");
    load(
        &mut service,
        &format!(
            r#"{{"roles":[{{"sid":"RL1","type":"deployment","permissions":[{names}]}},{{"sid":"RL2","type":"channel","permissions":[{names}]}}],
                "users":[{{"identity":"ada","role_sid":"RL1"}},{{"identity":"bo","role_sid":"RL1"}}],
                "channels":[{{"sid":"CH1","created_by":"bo"}}],
                "members":[{{"channel_sid":"CH1","identity":"ada","role_sid":"RL2"}}]}}"#
        ),
    );
    service
}

/// What stays allowed, whatever the state.
const OPEN: [&str; 4] = ["createChannel", "viewChannel", "destroyChannel", "editUserInfo"];

#[test]
fn in_a_closed_channel_nothing_changes_any_more() {
    // The state, in a row: whether it closes.
    let table = [("active", false), ("inactive", false), ("closed", true), ("initializing", true), ("ARCHIVED", true)];
    for dialect in Dialect::ALL {
        for (state, is_closed) in table {
            let mut service = everything(dialect);
            let report = service.load_json(&format!(r#"{{"channels":[{{"sid":"CH1","state":"{state}"}}]}}"#), &ADD).unwrap();
            let warned = report.warnings.iter().map(|warning| (warning.code, warning.path.as_str())).collect::<Vec<_>>();
            let expected: &[_] = if state == "ARCHIVED" { &[("unknown-state", "channels[0].state")] } else { &[] };
            assert_eq!(warned, expected, "{state}");
            assert_eq!(service.channels()[0].state, state);
            for action in Action::all() {
                let Some(name) = action.name(dialect) else { continue };
                // Ada is in already; Bo may come in.
                let identity = if name.starts_with("join") { "bo" } else { "ada" };
                let ability = service.ability(identity, Some("CH1"));
                let decision = ability.explain(name, Some(identity)).unwrap();
                let is_open = !is_closed || OPEN.contains(&action.name(Dialect::Chat).unwrap());
                assert_eq!(decision.allowed, is_open, "{identity} {name} while {state}");
                assert_eq!(ability.can(name, Some(identity)), Ok(is_open));
                if !is_open {
                    assert_eq!(decision.reason.unwrap().name(), "closed", "{name} while {state}");
                    assert_eq!((decision.status, decision.twilio_code), (Some(403), Some(50377)));
                    assert_eq!((decision.missing, decision.granted_by), (Some(vec![]), Some(vec![])));
                }
            }
            // Permissions are not touched by it.
            assert!(service.ability("ada", Some("CH1")).has("sendMessage"));
            assert_eq!(service.who_can("sendMessage", Some("CH1"), None).unwrap().is_empty(), is_closed, "{state}");
        }
    }
}

#[test]
fn a_state_is_read_in_any_case_and_as_the_client_has_it() {
    for (row, expected) in [
        (r#""state":"CLOSED""#, "closed"),
        (r#""State":"Closed""#, "closed"),
        (r#""conversation_state":"inactive""#, "inactive"),
        (r#""channelState":"inactive""#, "inactive"),
        (r#""state":{"current":"closed","dateUpdated":"2026-01-01T00:00:00Z"}"#, "closed"),
        (r#""state":null"#, "active"),
        (r#""state":"""#, "active"),
        (r#""state":{"current":null}"#, "active"),
    ] {
        let mut service = Service::empty(Dialect::Conversations, 0);
        load(&mut service, &format!(r#"{{"conversations":[{{"sid":"CH1",{row}}}]}}"#));
        assert_eq!(service.channels()[0].state, expected, "{row}");
    }
    for row in [r#""state":5"#, r#""state":[]"#, r#""state":true"#] {
        let error =
            Service::empty(Dialect::Chat, 0).load_json(&format!(r#"{{"channels":[{{"sid":"CH1",{row}}}]}}"#), &ADD).unwrap_err();
        assert_eq!((error.code(), error.path()), (Code::InvalidType, Some("channels[0].state")), "{row}");
    }
}

#[test]
fn a_channel_is_closed_by_a_call_and_opened_again() {
    let mut service = everything(Dialect::Chat);
    let can = |service: &Service| service.ability("ada", Some("CH1")).can("sendMessage", None).unwrap();
    for (state, expected) in [("closed", false), ("active", true), ("initializing", false), ("inactive", true)] {
        service.set_channel_state("CH1", state).unwrap();
        assert_eq!(can(&service), expected, "{state}");
    }
    let (before, version) = (service.to_json(), service.version());
    service.set_channel_state("CH1", "inactive").unwrap();
    for state in ["archived", "", "closed!"] {
        let error = service.set_channel_state("CH1", state).unwrap_err();
        assert_eq!((error.code(), error.path()), (Code::InvalidState, Some("state")), "{state}");
    }
    assert_eq!(code(service.set_channel_state("CH9", "closed")), Some("unknown-channel"));
    assert_eq!((service.to_json(), service.version()), (before, version));
}

#[test]
fn being_closed_comes_after_not_being_known_and_before_everything_else() {
    let mut service = everything(Dialect::Conversations);
    service.set_channel_state("CH1", "closed").unwrap();
    let reason = |identity, channel, action| {
        service.ability(identity, Some(channel)).explain(action, None).unwrap().reason.unwrap().name()
    };
    assert_eq!(reason("nobody", "CH1", "sendMessage"), "unknown-user");
    assert_eq!(reason("ada", "CH9", "sendMessage"), "unknown-channel");
    assert_eq!(reason("ada", "CH1", "inviteMember"), "no-counterpart");
    // Bo is no member, and Ada is one already.
    assert_eq!(reason("bo", "CH1", "sendMessage"), "closed");
    assert_eq!(reason("ada", "CH1", "joinConversation"), "closed");
}

#[test]
fn an_own_action_may_be_for_closed_channels_too() {
    for when_closed in [false, true] {
        let mut service = everything(Dialect::Chat);
        service
            .define_action(&NewAction { name: "export", any: "editChannelName", when_closed, ..NewAction::default() })
            .unwrap();
        service.set_channel_state("CH1", "closed").unwrap();
        assert_eq!(service.ability("ada", Some("CH1")).can("export", None), Ok(when_closed));
    }
}
