//! The six roles that every Flex account has, and a task's conversation from its beginning to its end.
#![cfg(not(target_arch = "wasm32"))]

use rolecall::{LoadOptions, Scope, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };

/// Two of the names are in both scopes.
const ACCOUNT: &str = r#"{
    "roles":[
        {"sid":"RL-sa","friendly_name":"admin","type":"service","permissions":["joinConversation","deleteConversation","addParticipant","removeParticipant","editConversationAttributes","editAnyUserInfo","editOwnUserInfo"]},
        {"sid":"RL-ss","friendly_name":"supervisor","type":"service","permissions":["joinConversation","addParticipant","removeParticipant","editOwnUserInfo"]},
        {"sid":"RL-cg","friendly_name":"guest","type":"conversation","permissions":["sendMessage","sendMediaMessage"]},
        {"sid":"RL-ca","friendly_name":"agent","type":"conversation","permissions":["sendMessage","sendMediaMessage","leaveConversation","editConversationAttributes","editOwnMessage","deleteOwnMessage"]},
        {"sid":"RL-cd","friendly_name":"admin","type":"conversation","permissions":["sendMessage","leaveConversation","editAnyMessage","deleteAnyMessage"]},
        {"sid":"RL-cs","friendly_name":"supervisor","type":"conversation","permissions":["sendMessage","leaveConversation","editAnyMessage","deleteAnyMessage"]}],
    "users":[{"identity":"agent_ren","role_sid":""},{"identity":"boss_uta","role_sid":"RL-ss"}],
    "conversations":[{"sid":"CH1","unique_name":"task-17","created_by":"system","state":"active"}],
    "participants":[
        {"conversation_sid":"CH1","identity":"agent_ren","role_sid":"RL-ca"},
        {"conversation_sid":"CH1","role_sid":"RL-cg","messaging_binding":{"type":"sms","address":"+15550123"}}]}"#;

fn account() -> Service {
    Service::from_json(ACCOUNT, None, None, 0).unwrap().0
}

fn may(service: &Service, identity: &str, action: &str, owner: Option<&str>) -> bool {
    service.ability(identity, Some("task-17")).can(action, owner).unwrap()
}

#[test]
fn who_may_what_in_a_tasks_conversation() {
    // Who, what, whose: while it is open, and when it is closed.
    let table = [
        ("agent_ren", "viewConversation", None, [true, true]),
        ("agent_ren", "sendMessage", None, [true, false]),
        ("agent_ren", "deleteMessage", Some("agent_ren"), [true, false]),
        ("agent_ren", "deleteMessage", Some("boss_uta"), [false, false]),
        ("agent_ren", "editConversationAttributes", None, [true, false]),
        ("agent_ren", "leaveConversation", None, [true, false]),
        // The supervisor has not joined: the conversation is private.
        ("boss_uta", "viewConversation", None, [false, false]),
        ("boss_uta", "joinConversation", None, [false, false]),
        ("boss_uta", "addParticipant", None, [true, false]),
        ("boss_uta", "sendMessage", None, [false, false]),
        ("boss_uta", "editUserInfo", Some("boss_uta"), [true, true]),
        // The customer is no user of the chat.
        ("+15550123", "sendMessage", None, [false, false]),
    ];
    let open = account();
    let mut closed = account();
    closed.set_channel_state("task-17", "closed").unwrap();
    for (identity, action, owner, expected) in table {
        assert_eq!(
            [may(&open, identity, action, owner), may(&closed, identity, action, owner)],
            expected,
            "{identity} {action} {owner:?}"
        );
    }
}

#[test]
fn a_supervisor_monitors_and_a_colleague_takes_over() {
    let mut service = account();
    service.set_member("task-17", "boss_uta", Some("supervisor")).unwrap();
    assert_eq!(service.members("task-17").into_iter().find(|member| member.identity == "boss_uta").unwrap().role_sid, "RL-cs");
    assert!(
        may(&service, "boss_uta", "deleteMessage", Some("agent_ren")) && may(&service, "boss_uta", "leaveConversation", None)
    );
    service.set_user("boss_uta", Some("supervisor")).unwrap();
    assert_eq!(service.users().into_iter().find(|user| user.identity == "boss_uta").unwrap().role_sid, "RL-ss");
    service.set_member("task-17", "agent_sol", Some("agent")).unwrap();
    assert!(service.remove_member("task-17", "agent_ren"));
    assert!(may(&service, "agent_sol", "sendMessage", None) && !may(&service, "agent_ren", "sendMessage", None));
    let who = |action| service.who_can(action, Some("task-17"), None).unwrap();
    assert_eq!(who("sendMessage").len(), 2);
    service.load_json(r#"{"conversations":[{"sid":"CH1","state":"closed"}]}"#, &ADD).unwrap();
    assert!(service.who_can("sendMessage", Some("task-17"), None).unwrap().is_empty());
}

#[test]
fn a_name_of_both_scopes_is_found_where_the_call_says_which() {
    let service = account();
    assert_eq!(service.role("supervisor", None).unwrap_err().code().name(), "ambiguous-role");
    assert_eq!(service.role("supervisor", Some(Scope::Service)).unwrap().unwrap().sid, "RL-ss");
    assert_eq!(service.role("Admin", Some(Scope::Channel)).unwrap().unwrap().sid, "RL-cd");
    assert_eq!(service.role("agent", None).unwrap().unwrap().sid, "RL-ca");
}
