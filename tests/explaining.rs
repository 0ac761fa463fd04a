//! What an explanation says: the reason, what is missing, the numbers, and the sentence.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use rolecall::{Dialect, NewRole, Scope, Service};

fn community() -> Service {
    let mut service = Service::new(Dialect::Chat, 1);
    for (identity, role) in [("ada", "Service Admin"), ("ben", "Service User"), ("cleo", "Service User")] {
        service.set_user(identity, Some(role)).unwrap();
    }
    service.create_channel("CH1", None, Some("ada")).unwrap();
    service.create_channel("CH2", Some("public"), None).unwrap();
    service.set_member("CH1", "ben", None).unwrap();
    service.set_member("CH1", "guest", None).unwrap();
    service.invite("CH1", "dan", None).unwrap();
    // A user whose service role is gone, one whose service role is a channel role, and a user and member without any.
    let channel_user = service.role("Channel User").unwrap().unwrap().sid;
    service.load_json(&format!(r#"{{"users":[{{"identity":"gil","role_sid":"{channel_user}"}}]}}"#), false).unwrap();
    service.load_json(r#"{"users":[{"identity":"eve","role_sid":"RLgone"},{"identity":"fay"}]}"#, false).unwrap();
    service.load_json(r#"{"members":[{"channel_sid":"CH1","identity":"fay"}]}"#, false).unwrap();
    service
}

type Denied =
    (&'static str, &'static str, &'static str, Option<&'static str>, &'static str, &'static [&'static str], u32, &'static str);

// Who, where ("" for nowhere), what, whose: the reason, what is missing, the services' number, the sentence.
const DENIALS: &[Denied] = &[
    (
        "zoe",
        "CH1",
        "sendMessage",
        None,
        "unknown-user",
        &[],
        50107,
        "“zoe” may not sendMessage in “CH1”: nothing that was loaded names this identity.",
    ),
    (
        "ada",
        "CH9",
        "sendMessage",
        None,
        "unknown-channel",
        &[],
        50107,
        "“ada” may not sendMessage in “CH9”: this channel was never loaded.",
    ),
    ("ada", "", "viewChannel", None, "unknown-channel", &[], 50107, "“ada” may not viewChannel: no channel was given."),
    (
        "ada",
        "CH2",
        "sendMessage",
        None,
        "not-a-member",
        &["sendMessage"],
        50400,
        "“ada” may not sendMessage in “CH2”: “ada” is not a member of it.",
    ),
    (
        "ada",
        "",
        "sendMessage",
        None,
        "not-a-member",
        &["sendMessage"],
        50400,
        "“ada” may not sendMessage: only a member may, and no channel was given.",
    ),
    (
        "ben",
        "CH1",
        "joinChannel",
        None,
        "already-a-member",
        &[],
        50107,
        "“ben” may not joinChannel in “CH1”: “ben” is a member already.",
    ),
    (
        "cleo",
        "CH1",
        "viewChannel",
        None,
        "not-visible",
        &[],
        50400,
        "“cleo” may not viewChannel in “CH1”: it is private, and “cleo” is neither a member nor invited.",
    ),
    (
        "ben",
        "CH1",
        "deleteMessage",
        Some("ada"),
        "not-owner",
        &["deleteAnyMessage"],
        50107,
        "“ben” may not deleteMessage in “CH1”: deleteOwnMessage is only for one’s own, and this belongs to “ada”; \
             deleteAnyMessage is missing; granted by “Service Admin”, “Channel Admin”.",
    ),
    (
        "ben",
        "CH1",
        "deleteMessage",
        None,
        "unknown-owner",
        &["deleteAnyMessage"],
        50107,
        "“ben” may not deleteMessage in “CH1”: deleteOwnMessage is only for one’s own, and this has no known owner; \
             deleteAnyMessage is missing; granted by “Service Admin”, “Channel Admin”.",
    ),
    (
        "cleo",
        "CH2",
        "editMessage",
        Some("cleo"),
        "missing-permission",
        &["editAnyMessage", "editOwnMessage"],
        50107,
        "“cleo” may not editMessage in “CH2”: editAnyMessage (or, for one’s own, editOwnMessage) is missing: \
             the service role “Service User” does not grant it, “cleo” is not a member of the channel; \
             granted by “Service Admin”, “Channel Admin”, “Channel User”.",
    ),
    (
        "ben",
        "CH1",
        "removeMember",
        None,
        "missing-permission",
        &["removeMember"],
        50107,
        "“ben” may not removeMember in “CH1”: removeMember is missing: neither the service role “Service User” nor \
             the channel role “Channel User” grants it; granted by “Service Admin”, “Channel Admin”.",
    ),
    (
        "ben",
        "CH1",
        "addNonChatParticipant",
        None,
        "missing-permission",
        &["addNonChatParticipant"],
        50107,
        "“ben” may not addNonChatParticipant in “CH1”: addNonChatParticipant is missing: neither the service role \
             “Service User” nor the channel role “Channel User” grants it; no role grants it.",
    ),
    (
        "guest",
        "CH1",
        "createChannel",
        None,
        "missing-permission",
        &["createChannel"],
        50107,
        "“guest” may not createChannel in “CH1”: createChannel is missing: the channel role “Channel User” does not \
             grant it, “guest” has no service role here; granted by “Service Admin”, “Service User”.",
    ),
    (
        "dan",
        "CH2",
        "joinChannel",
        None,
        "missing-permission",
        &["joinChannel"],
        50107,
        "“dan” may not joinChannel in “CH2”: joinChannel is missing: “dan” has no service role here; \
             granted by “Service Admin”, “Service User”.",
    ),
    (
        "eve",
        "",
        "createChannel",
        None,
        "unknown-role",
        &["createChannel"],
        50107,
        "“eve” may not createChannel: createChannel is missing: the service role RLgone is deleted or not loaded; \
             granted by “Service Admin”, “Service User”.",
    ),
    (
        "fay",
        "CH1",
        "sendMessage",
        None,
        "missing-permission",
        &["sendMessage"],
        50107,
        "“fay” may not sendMessage in “CH1”: sendMessage is missing: the service role is not set, the channel role is \
             not set; granted by “Channel Admin”, “Channel User”.",
    ),
    (
        "gil",
        "",
        "createChannel",
        None,
        "missing-permission",
        &["createChannel"],
        50107,
        "“gil” may not createChannel: createChannel is missing: the service role “Channel User” is of the other scope and \
         grants nothing here; granted by “Service Admin”, “Service User”.",
    ),
];

#[test]
fn what_is_there_and_who_may_is_listed() {
    let service = community();
    let names = |scope| service.roles(scope).into_iter().map(|role| role.friendly_name).collect::<BTreeSet<_>>();
    let set = |names: &[&str]| names.iter().map(|name| String::from(*name)).collect::<BTreeSet<_>>();
    let [of_service, of_channel] = [["Service Admin", "Service User"], ["Channel Admin", "Channel User"]];
    assert_eq!(names(Some(Scope::Service)), set(&of_service));
    assert_eq!(names(Some(Scope::Channel)), set(&of_channel));
    assert_eq!(names(None), set(&[of_service, of_channel].concat()));

    let invited = |channel| service.invites(channel).into_iter().map(|invite| invite.identity).collect::<BTreeSet<_>>();
    assert_eq!((invited("CH1"), invited("CH2"), invited("CH9")), (set(&["dan"]), set(&[]), set(&[])));

    let who = |action, owner| service.who_can(action, Some("CH1"), owner).unwrap().into_iter().collect::<BTreeSet<_>>();
    assert_eq!(who("removeMember", None), set(&["ada"]));
    assert_eq!(who("deleteMessage", Some("ben")), set(&["ada", "ben"]));

    let permissions = service.ability("cleo", None).permissions();
    assert_eq!(permissions.len(), 3);
    let permissions: BTreeSet<_> = permissions.into_iter().collect();
    assert_eq!(permissions, set(&["createChannel", "joinChannel", "editOwnUserInfo"]));
    assert!(service.ability("nobody", None).permissions().is_empty());
}

#[test]
fn a_denial_says_who_what_where_and_what_is_missing() {
    let service = community();
    for (identity, channel, action, owner, reason, missing, code, message) in DENIALS {
        let channel = Some(*channel).filter(|channel| !channel.is_empty());
        let decision = service.ability(identity, channel).explain(action, *owner).unwrap();
        assert_eq!(decision.message, *message);
        assert_eq!((decision.allowed, decision.status, decision.action.as_str()), (false, Some(403), *action), "{message}");
        assert_eq!((decision.reason, decision.twilio_code), (Some(*reason), Some(*code)), "{message}");
        assert_eq!(
            decision.missing.as_deref(),
            Some(&missing.iter().map(ToString::to_string).collect::<Vec<_>>()[..]),
            "{message}"
        );
        assert_eq!((decision.permission, decision.role), (None, None), "{message}");
    }
}

#[test]
fn an_approval_says_which_role_granted_it() {
    // Who, where, what, whose: the permission, the role's name and scope, the sentence.
    type Allowed =
        (&'static str, &'static str, Option<&'static str>, Option<(&'static str, &'static str, &'static str)>, &'static str);
    let table: &[Allowed] = &[
        (
            "ada",
            "deleteMessage",
            Some("ben"),
            Some(("deleteAnyMessage", "Service Admin", "service")),
            "“ada” may deleteMessage in “CH1”: the service role “Service Admin” grants deleteAnyMessage.",
        ),
        (
            "ben",
            "deleteMessage",
            Some("ben"),
            Some(("deleteOwnMessage", "Channel User", "channel")),
            "“ben” may deleteMessage in “CH1”: the channel role “Channel User” grants deleteOwnMessage, and it belongs to “ben”.",
        ),
        ("ben", "viewChannel", None, None, "“ben” may viewChannel in “CH1”: “ben” is a member."),
        ("dan", "viewChannel", None, None, "“dan” may viewChannel in “CH1”: “dan” is invited."),
    ];
    let service = community();
    for (identity, action, owner, granted, message) in table {
        let decision = service.ability(identity, Some("CH1")).explain(action, *owner).unwrap();
        assert_eq!(decision.message, *message);
        assert_eq!((decision.allowed, decision.reason, decision.missing), (true, None, None), "{message}");
        let role = decision.role.as_ref().map(|role| (role.friendly_name.as_str(), role.scope));
        assert_eq!(decision.permission.as_deref(), granted.map(|(permission, ..)| permission), "{message}");
        assert_eq!(role, granted.map(|(_, name, scope)| (name, scope)), "{message}");
    }
}

#[test]
fn a_dialect_speaks_in_its_own_words() {
    let mut service = Service::new(Dialect::Conversations, 1);
    service.set_user("ada", None).unwrap();
    service.create_channel("CH1", None, None).unwrap();
    let table = [
        ("leaveChannel", 50430, "“ada” may not leaveConversation in “CH1”: “ada” is not a participant of it."),
        ("inviteMember", 50107, "“ada” may not inviteMember in “CH1”: Conversations has no such action."),
    ];
    for (action, code, message) in table {
        let decision = service.ability("ada", Some("CH1")).explain(action, None).unwrap();
        assert_eq!((decision.message.as_str(), decision.twilio_code), (message, Some(code)));
    }
}

#[test]
fn many_roles_that_would_do_are_named_in_part() {
    let mut service = community();
    for n in 0..5 {
        let friendly_name = &format!("Mover {n}");
        let role = NewRole { friendly_name, role_type: "channel", permissions: &["removeMember"], sid: None };
        service.create_role(&role).unwrap();
    }
    let decision = service.ability("ben", Some("CH1")).explain("removeMember", None).unwrap();
    let roles = "granted by “Service Admin”, “Channel Admin”, “Mover 0”, “Mover 1”, “Mover 2” and more.";
    assert!(decision.message.ends_with(roles), "{}", decision.message);
}

#[test]
fn requiring_what_is_denied_is_an_error_with_the_explanation() {
    let service = community();
    for (identity, action, allowed) in
        [("ada", "deleteMessage", true), ("ben", "deleteMessage", false), ("zoe", "sendMessage", false)]
    {
        let ability = service.ability(identity, Some("CH1"));
        assert_eq!(ability.can(action, Some("cleo")), Ok(allowed));
        assert_eq!(ability.cannot(action, Some("cleo")), Ok(!allowed));
        let required = ability.require(action, Some("cleo"));
        let expected = ability.explain(action, Some("cleo")).unwrap().message;
        let found = required.map_err(|error| (error.code().name(), error.message().to_string()));
        assert_eq!(found, if allowed { Ok(()) } else { Err(("permission-denied", expected)) }, "{identity}");
    }
    let ada = service.ability("ada", None);
    for asked in [ada.require("fly", None).map(|()| true), ada.cannot("fly", None)] {
        assert_eq!(asked.map_err(|error| error.code().name()), Err("unknown-action"));
    }
}

#[test]
fn a_service_keeps_the_report_of_its_last_load() {
    let mut service = Service::empty(Dialect::Chat, 0);
    assert_eq!(service.last_load(), None);
    let report = service.load_json(r#"{"users":[{"identity":"ada"}]}"#, false).unwrap();
    assert_eq!((report.users.added, service.last_load()), (1, Some(&report)));
    service.load_json("[]", false).unwrap_err();
    assert_eq!(service.last_load(), Some(&report), "one that failed changes nothing");
}
