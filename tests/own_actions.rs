//! An application's own permissions and actions.
#![cfg(not(target_arch = "wasm32"))]

use rolecall::{Code, Dialect, LoadOptions, NewAction, Permission, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };

/// Nia is a member of CH1 and holds pinAny, Ola is one and holds pinOwn; Pia holds pinAny and is in no channel.
fn board() -> Service {
    let payload = r#"{
        "roles":[{"sid":"RL1","type":"channel","permissions":["pinAny"]},{"sid":"RL2","type":"channel","permissions":["pinOwn"]},
                 {"sid":"RL3","type":"deployment","permissions":["pinAny"]}],
        "users":[{"identity":"pia","role_sid":"RL3"}],
        "members":[{"channel_sid":"CH1","identity":"nia","role_sid":"RL1"},{"channel_sid":"CH1","identity":"ola","role_sid":"RL2"}]}"#;
    Service::from_json(payload, None, None, 0).unwrap().0
}

#[test]
fn an_own_action_takes_what_its_rule_says() {
    // The rule: may Nia, Ola and Pia, each on Ola's thing; and in a closed channel.
    let pin = NewAction { name: "pin", any: "pinAny", ..NewAction::default() };
    let table = [
        (pin, [true, false, true], [false; 3]),
        (NewAction { own: Some("pinOwn"), ..pin }, [true, true, true], [false; 3]),
        (NewAction { member_only: true, ..pin }, [true, false, false], [false; 3]),
        (NewAction { own: Some("pinOwn"), when_closed: true, ..pin }, [true, true, true], [true, true, true]),
        (NewAction { member_only: true, when_closed: true, ..pin }, [true, false, false], [true, false, false]),
    ];
    for (rule, expected, when_closed) in table {
        let mut service = board();
        service.define_action(&rule).unwrap();
        let may = |service: &Service| {
            ["nia", "ola", "pia"].map(|who| service.ability(who, Some("CH1")).can("pin", Some("ola")).unwrap())
        };
        assert_eq!(may(&service), expected, "{rule:?}");
        service.set_channel_state("CH1", "closed").unwrap();
        assert_eq!(may(&service), when_closed, "{rule:?}");
    }
}

#[test]
fn an_action_may_be_defined_again_with_the_same_rule_and_with_no_other() {
    let rule = NewAction { name: "pin", any: "pinAny", own: Some("pinOwn"), member_only: true, when_closed: true };
    let mut service = board();
    service.define_action(&rule).unwrap();
    let version = service.version();
    service.define_action(&rule).unwrap();
    assert_eq!(service.version(), version, "nothing was changed");
    let others = [
        NewAction { any: "pinOwn", ..rule },
        NewAction { own: None, ..rule },
        NewAction { member_only: false, ..rule },
        NewAction { when_closed: false, ..rule },
        NewAction { name: "sendMessage", ..rule },
        NewAction { name: "deleteConversation", ..rule },
    ];
    for other in others {
        assert_eq!(service.define_action(&other).unwrap_err().code(), Code::DuplicateAction, "{other:?}");
    }
}

#[test]
fn a_row_defines_an_action_as_a_call_does() {
    let mut service = board();
    let row = r#"{"action":"pin","any":"pinAny","own":"pinOwn","memberOnly":true,"whenClosed":true}"#;
    service.load_json(&format!(r#"{{"actions":[{row}]}}"#), &ADD).unwrap();
    service
        .define_action(&NewAction { name: "pin", any: "pinAny", own: Some("pinOwn"), member_only: true, when_closed: true })
        .unwrap();
}

#[test]
fn names_of_either_dialect_are_one() {
    let mut service = Service::new(Dialect::Conversations, 0);
    service.define_action(&NewAction { name: "rename", any: "editChannelName", ..NewAction::default() }).unwrap();
    service.define_action(&NewAction { name: "rename", any: "editConversationName", ..NewAction::default() }).unwrap();
    let lacking = service.define_action(&NewAction { name: "ask", any: "inviteMember", ..NewAction::default() }).unwrap_err();
    assert_eq!(lacking.code(), Code::NoCounterpart);
}

#[test]
fn an_action_that_asks_for_one_permission_twice_takes_the_room_of_one() {
    let mut service = Service::new(Dialect::Chat, 0);
    for at in (2..Permission::OWN_LIMIT).step_by(2) {
        // Two permissions for an action, so that there is room for actions left.
        let [name, any, own] = [format!("action {at}"), format!("own {at}"), format!("own {}", at - 1)];
        service.define_action(&NewAction { name: &name, any: &any, own: Some(&own), ..NewAction::default() }).unwrap();
    }
    service.define_action(&NewAction { name: "the last", any: "own 41", own: Some("own 41"), ..NewAction::default() }).unwrap();
    let error = service.define_action(&NewAction { name: "one more", any: "own 42", ..NewAction::default() }).unwrap_err();
    assert_eq!(error.code(), Code::TooManyPermissions);
}
