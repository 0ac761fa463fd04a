//! Explanations: the reason, what is missing, who could, the services' numbers, and the sentence in both dialects.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use rolecall::{Action, Decision, Dialect, LoadOptions, NewRole, Reason, Role, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };

/// People and channels of every kind. The channel CH1 is called “desk”, and CH4 is closed.
const TOWN: &str = r#"{
    "channels":[{"sid":"CH1","unique_name":"desk","created_by":"ada"},{"sid":"CH2","type":"public"},{"sid":"CH3"},{"sid":"CH4","state":"closed"},{"sid":"CH5","state":"initializing"}],
    "users":[{"identity":"eve","role_sid":"RLgone"},{"identity":"fay"},{"identity":"gil","role_sid":"RL-member"},{"identity":"ada","role_sid":"RL-boss"},{"identity":"ben","role_sid":"RL-user"},{"identity":"cleo","role_sid":"RL-user"}],
    "members":[{"channel_sid":"CH1","identity":"ben","role_sid":"RL-member"},{"channel_sid":"CH1","identity":"guest","role_sid":"RL-member"},{"channel_sid":"CH1","identity":"fay"},{"channel_sid":"CH4","identity":"ben","role_sid":"RL-member"}],
    "invites":[{"channel_sid":"CH1","identity":"dan"}],
    "roles":[
        {"sid":"RL-boss","friendly_name":"Boss","type":"deployment","permissions":["createChannel","joinChannel","deleteAnyMessage","removeMember","editAnyMessage"]},
        {"sid":"RL-user","friendly_name":"User","type":"deployment","permissions":["createChannel","joinChannel","editOwnUserInfo"]},
        {"sid":"RL-host","friendly_name":"Host","type":"channel","permissions":["sendMessage","removeMember","deleteAnyMessage","editAnyMessage","leaveChannel"]},
        {"sid":"RL-member","friendly_name":"Member","type":"channel","permissions":["sendMessage","leaveChannel","deleteOwnMessage","editOwnMessage"]}]}"#;

fn town(dialect: Dialect) -> Service {
    let mut service = Service::empty(dialect, 1);
    service.load_json(TOWN, &ADD).unwrap();
    service
}

struct Denied {
    who: &'static str,
    /// Empty for nowhere.
    channel: &'static str,
    action: &'static str,
    owner: Option<&'static str>,
    reason: &'static str,
    missing: &'static [&'static str],
    granted_by: &'static [&'static str],
    code: u32,
    sentence: &'static str,
}

const DENIALS: &[Denied] = &[
    Denied {
        who: "zoe",
        channel: "CH1",
        action: "sendMessage",
        owner: None,
        reason: "unknown-user",
        missing: &[],
        granted_by: &[],
        code: 50107,
        sentence: "“zoe” may not send a message in “desk”: this identity is not known here; it was removed, or never loaded.",
    },
    Denied {
        who: "ada",
        channel: "CH9",
        action: "sendMessage",
        owner: None,
        reason: "unknown-channel",
        missing: &[],
        granted_by: &[],
        code: 50107,
        sentence: "“ada” may not send a message in “CH9”: this channel is not known here; it was removed, or never loaded.",
    },
    Denied {
        who: "ada",
        channel: "",
        action: "viewChannel",
        owner: None,
        reason: "unknown-channel",
        missing: &[],
        granted_by: &[],
        code: 50107,
        sentence: "“ada” may not see a channel: no channel was named.",
    },
    Denied {
        who: "ben",
        channel: "CH4",
        action: "sendMessage",
        owner: None,
        reason: "closed",
        missing: &[],
        granted_by: &[],
        code: 50377,
        sentence: "“ben” may not send a message in “CH4”: the channel is closed, so nothing in it can be changed any more.",
    },
    Denied {
        who: "ada",
        channel: "CH5",
        action: "removeMember",
        owner: None,
        reason: "closed",
        missing: &[],
        granted_by: &[],
        code: 50377,
        sentence: "“ada” may not remove a member from the channel “CH5”: the channel is still initializing, so nothing in it can be changed yet.",
    },
    Denied {
        who: "ada",
        channel: "CH2",
        action: "sendMessage",
        owner: None,
        reason: "not-a-member",
        missing: &["sendMessage"],
        granted_by: &["Host", "Member"],
        code: 50400,
        sentence: "“ada” may not send a message in “CH2”: “ada” is not a member, and a member needs a role with sendMessage; “Host” and “Member” have it.",
    },
    Denied {
        who: "ada",
        channel: "",
        action: "sendMessage",
        owner: None,
        reason: "not-a-member",
        missing: &["sendMessage"],
        granted_by: &[],
        code: 50400,
        sentence: "“ada” may not send a message: only a member of a channel may, and no channel was named.",
    },
    Denied {
        who: "ben",
        channel: "CH1",
        action: "joinChannel",
        owner: None,
        reason: "already-a-member",
        missing: &[],
        granted_by: &[],
        code: 50107,
        sentence: "“ben” may not join the channel “desk”: “ben” is a member already.",
    },
    Denied {
        who: "cleo",
        channel: "CH1",
        action: "viewChannel",
        owner: None,
        reason: "not-visible",
        missing: &[],
        granted_by: &[],
        code: 50400,
        sentence: "“cleo” may not see the channel “desk”: it is private, and “cleo” is neither a member of it, nor invited to it, nor its creator.",
    },
    Denied {
        who: "ben",
        channel: "CH1",
        action: "deleteMessage",
        owner: Some("ada"),
        reason: "not-owner",
        missing: &["deleteAnyMessage"],
        granted_by: &["Boss", "Host"],
        code: 50107,
        sentence: "“ben” may not delete this message in “desk”: it belongs to “ada”, and for other people’s messages a role needs deleteAnyMessage; “Boss” and “Host” have it.",
    },
    Denied {
        who: "ben",
        channel: "CH1",
        action: "deleteMessage",
        owner: None,
        reason: "unknown-owner",
        missing: &["deleteAnyMessage"],
        granted_by: &["Boss", "Host"],
        code: 50107,
        sentence: "“ben” may not delete this message in “desk”: its owner is not known, so a role needs deleteAnyMessage; “Boss” and “Host” have it.",
    },
    Denied {
        who: "cleo",
        channel: "CH2",
        action: "editMessage",
        owner: Some("cleo"),
        reason: "missing-permission",
        missing: &["editAnyMessage", "editOwnMessage"],
        granted_by: &["Boss", "Host", "Member"],
        code: 50107,
        sentence: "“cleo” may not edit this message in “CH2”: the service role “User” does not grant it, and “cleo” is not in “CH2”, so nothing grants it (editAnyMessage or editOwnMessage); “Boss”, “Host” and “Member” have one of these.",
    },
    Denied {
        who: "ben",
        channel: "CH1",
        action: "removeMember",
        owner: None,
        reason: "missing-permission",
        missing: &["removeMember"],
        granted_by: &["Boss", "Host"],
        code: 50107,
        sentence: "“ben” may not remove a member from the channel “desk”: neither the service role “User” nor the channel role “Member” grants it (removeMember); “Boss” and “Host” have it.",
    },
    Denied {
        who: "ben",
        channel: "CH1",
        action: "addNonChatParticipant",
        owner: None,
        reason: "missing-permission",
        missing: &["addNonChatParticipant"],
        granted_by: &[],
        code: 50107,
        sentence: "“ben” may not add somebody by phone to the channel “desk”: neither the service role “User” nor the channel role “Member” grants it (addNonChatParticipant); no role has it.",
    },
    Denied {
        who: "guest",
        channel: "CH1",
        action: "createChannel",
        owner: None,
        reason: "missing-permission",
        missing: &["createChannel"],
        granted_by: &["Boss", "User"],
        code: 50107,
        sentence: "“guest” may not create a channel: no service role was loaded for “guest”, so nothing grants it (createChannel); “Boss” and “User” have it.",
    },
    Denied {
        who: "dan",
        channel: "CH2",
        action: "joinChannel",
        owner: None,
        reason: "missing-permission",
        missing: &["joinChannel"],
        granted_by: &["Boss", "User"],
        code: 50107,
        sentence: "“dan” may not join the channel “CH2”: no service role was loaded for “dan”, so nothing grants it (joinChannel); “Boss” and “User” have it.",
    },
    Denied {
        who: "eve",
        channel: "",
        action: "createChannel",
        owner: None,
        reason: "unknown-role",
        missing: &["createChannel"],
        granted_by: &["Boss", "User"],
        code: 50107,
        sentence: "“eve” may not create a channel: the service role RLgone was deleted or not loaded, so nothing grants it (createChannel); “Boss” and “User” have it.",
    },
    Denied {
        who: "fay",
        channel: "CH1",
        action: "sendMessage",
        owner: None,
        reason: "missing-permission",
        missing: &["sendMessage"],
        granted_by: &["Host", "Member"],
        code: 50107,
        sentence: "“fay” may not send a message in “desk”: “fay” has no role in the channel, so nothing grants it (sendMessage); “Host” and “Member” have it.",
    },
    Denied {
        who: "gil",
        channel: "",
        action: "createChannel",
        owner: None,
        reason: "missing-permission",
        missing: &["createChannel"],
        granted_by: &["Boss", "User"],
        code: 50107,
        sentence: "“gil” may not create a channel: “Member” is a channel role, not a service role, so nothing grants it (createChannel); “Boss” and “User” have it.",
    },
];

fn ask(service: &Service, who: &str, channel: &str, action: &str, owner: Option<&str>) -> Decision {
    service.ability(who, Some(channel).filter(|channel| !channel.is_empty())).explain(action, owner).unwrap()
}

#[test]
fn a_denial_says_who_what_where_what_is_missing_and_who_could() {
    let service = town(Dialect::Chat);
    for row in DENIALS {
        let decision = ask(&service, row.who, row.channel, row.action, row.owner);
        let at = format!("{} {} in {}: {}", row.who, row.action, row.channel, decision.message);
        assert_eq!((decision.allowed, decision.status, decision.action.as_str()), (false, Some(403), row.action), "{at}");
        assert_eq!((decision.reason.map(Reason::name), decision.twilio_code), (Some(row.reason), Some(row.code)), "{at}");
        assert_eq!(decision.missing.unwrap(), row.missing, "{at}");
        let granted_by: Vec<_> = decision.granted_by.unwrap().into_iter().map(|role| role.friendly_name).collect();
        assert_eq!(granted_by, row.granted_by, "{at}");
        assert_eq!((decision.permission, decision.role), (None, None), "{at}");
        assert_eq!(decision.message, row.sentence);
    }
}

#[test]
fn every_reason_is_explained() {
    let reasons: BTreeSet<_> = DENIALS.iter().map(|row| row.reason).chain(["no-counterpart"]).collect();
    assert_eq!(reasons, Reason::ALL.iter().map(|reason| reason.name()).collect());
}

#[test]
fn an_approval_says_which_role_granted_it() {
    // Who, what, whose: the permission, the role's name and scope, the sentence.
    type Allowed =
        (&'static str, &'static str, Option<&'static str>, Option<(&'static str, &'static str, &'static str)>, &'static str);
    let table: &[Allowed] = &[
        (
            "ada",
            "deleteMessage",
            Some("ben"),
            Some(("deleteAnyMessage", "Boss", "service")),
            "“ada” may delete this message in “desk”: the service role “Boss” grants it (deleteAnyMessage).",
        ),
        (
            "ben",
            "deleteMessage",
            Some("ben"),
            Some(("deleteOwnMessage", "Member", "channel")),
            "“ben” may delete this message in “desk”: it belongs to “ben”, and for one’s own the channel role “Member” is enough (deleteOwnMessage).",
        ),
        ("ben", "viewChannel", None, None, "“ben” may see the channel “desk”: “ben” is a member of it."),
        ("dan", "viewChannel", None, None, "“dan” may see the channel “desk”: “dan” is invited to it."),
        ("ada", "viewChannel", None, None, "“ada” may see the channel “desk”: “ada” created it."),
    ];
    let service = town(Dialect::Chat);
    for (identity, action, owner, granted, sentence) in table {
        let decision = ask(&service, identity, "CH1", action, *owner);
        assert_eq!(decision.message, *sentence);
        assert_eq!((decision.allowed, decision.reason, decision.missing), (true, None, None), "{sentence}");
        let role = decision.role.as_ref().map(|role| (role.friendly_name.as_str(), role.scope.name()));
        assert_eq!(decision.permission.as_deref(), granted.map(|(permission, ..)| permission), "{sentence}");
        assert_eq!(role, granted.map(|(_, name, scope)| (name, scope)), "{sentence}");
        assert_eq!(decision.granted_by, None, "{sentence}");
    }
}

#[test]
fn a_dialect_speaks_in_its_own_words() {
    // Who, where, what by Chat's name: the number and the sentence in Conversations.
    let table = [
        (
            "ada",
            "CH3",
            "leaveChannel",
            50430,
            "“ada” may not leave the conversation “CH3”: “ada” is not a participant, and a participant needs a role with leaveConversation; “Host” and “Member” have it.",
        ),
        (
            "ben",
            "CH1",
            "inviteMember",
            50107,
            "“ben” may not invite somebody to the conversation “desk”: Conversations has no invites.",
        ),
        (
            "ben",
            "CH1",
            "removeMember",
            50107,
            "“ben” may not remove a participant from the conversation “desk”: neither the service role “User” nor the conversation role “Member” grants it (removeParticipant); “Boss” and “Host” have it.",
        ),
        (
            "cleo",
            "CH1",
            "viewChannel",
            50430,
            "“cleo” may not see the conversation “desk”: it is private, and “cleo” is neither a participant in it, nor its creator.",
        ),
        (
            "ben",
            "CH4",
            "editChannelName",
            50377,
            "“ben” may not rename the conversation “CH4”: the conversation is closed, so nothing in it can be changed any more.",
        ),
        (
            "zoe",
            "CH1",
            "sendMessage",
            50107,
            "“zoe” may not send a message in “desk”: this identity is not known here; it was removed, or never loaded.",
        ),
    ];
    let service = town(Dialect::Conversations);
    for (who, channel, action, code, sentence) in table {
        let decision = ask(&service, who, channel, action, None);
        assert_eq!((decision.message.as_str(), decision.twilio_code), (sentence, Some(code)));
    }
}

/// The town with more that may stand in the way: actions of the application's own, a public channel without members, somebody
/// whose roles are of the other scope.
fn crowded(dialect: Dialect) -> Service {
    let mut service = town(dialect);
    let rows = r#"{
        "actions":[{"action":"rate","any":"sendMessage"},{"action":"mark","any":"sendMessage","own":"markOwn"},{"action":"seal","any":"seal","member_only":true},{"action":"hide","any":"hideAny"}],
        "roles":[{"sid":"RL-clerk","friendly_name":"Clerk","type":"deployment","permissions":["seal","markOwn","leaveChannel"]},{"sid":"RL-sealer","friendly_name":"Sealer","type":"channel","permissions":["seal","joinChannel"]}],
        "users":[{"identity":"ivy","role_sid":"RL-clerk"}],
        "members":[{"channel_sid":"CH1","identity":"jon","role_sid":"RL-boss"},{"channel_sid":"CH1","identity":"kim","role_sid":"RLgone"}]}"#;
    service.load_json(rows, &ADD).unwrap();
    service
}

/// The roles of a service, each with a copy of the service in which somebody has it, in that channel if it is a channel's.
fn given_each_role(service: &Service, who: &str, channel: &str) -> Vec<(Role, Service)> {
    let mut all = Vec::new();
    for role in service.roles(None) {
        let (mut given, sid) = (service.clone(), Some(role.sid.as_str()));
        // Fails where there is nobody, and no such channel: then nothing is given.
        let _ = if is_service_role(&role) { given.set_user(who, sid) } else { given.set_member(channel, who, sid) };
        all.push((role, given));
    }
    all
}

fn is_service_role(role: &Role) -> bool {
    matches!(role.role_type, "deployment" | "service")
}

#[test]
fn a_role_that_is_named_would_do_and_no_role_would_where_none_is_said_to() {
    const PEOPLE: [&str; 13] = ["", "zoe", "ada", "ben", "cleo", "dan", "eve", "fay", "gil", "guest", "ivy", "jon", "kim"];
    const CHANNELS: [&str; 7] = ["", "CH1", "CH2", "CH3", "CH4", "CH5", "CH9"];
    let built_in = Action::all().filter_map(|action| action.name(Dialect::Chat));
    let actions: Vec<&str> = built_in.chain(["rate", "mark", "seal", "hide"]).collect();
    let (mut named, mut none) = (0, 0);
    for (service, of_channels) in [(crowded(Dialect::Chat), "channel"), (crowded(Dialect::Conversations), "conversation")] {
        for (who, channel) in PEOPLE.into_iter().flat_map(|who| CHANNELS.map(|channel| (who, channel))) {
            let given = given_each_role(&service, who, channel);
            for (action, owner) in actions.iter().flat_map(|action| [None, Some(who), Some("leo")].map(|owner| (action, owner))) {
                let Decision { message, granted_by, .. } = ask(&service, who, channel, action, owner);
                assert!(!message.contains(": so"), "{message}");
                for (role, given) in &given {
                    let would_do = ask(given, who, channel, action, owner).allowed;
                    let is_named = granted_by.iter().flatten().any(|named| named.sid == role.sid);
                    assert!(would_do || !is_named, "not with {}: {message}", role.friendly_name);
                    let of_its_scope = format!("no {} role has", if is_service_role(role) { "service" } else { of_channels });
                    let is_denied = message.contains("no role has") || message.contains(&of_its_scope);
                    assert!(!would_do || !is_denied, "with {}: {message}", role.friendly_name);
                    (named, none) = (named + u32::from(is_named), none + u32::from(is_denied));
                }
            }
        }
    }
    assert!(named > 1000 && none > 1000, "{named} named, {none} said to be none");
}

#[test]
fn at_most_five_roles_that_would_do_are_named() {
    let mut service = town(Dialect::Chat);
    for n in 0..5 {
        let friendly_name = &format!("Mover {n}");
        let role = NewRole { friendly_name, role_type: "channel", permissions: &["removeMember"], sid: None };
        service.create_role(&role).unwrap();
    }
    let decision = ask(&service, "ben", "CH1", "removeMember", None);
    let names: Vec<_> = decision.granted_by.unwrap().into_iter().map(|role| role.friendly_name).collect();
    assert_eq!(names, ["Boss", "Host", "Mover 0", "Mover 1", "Mover 2"]);
    assert!(!decision.message.contains("Mover 3"), "{}", decision.message);
}

#[test]
fn no_sentence_calls_an_action_by_its_identifier() {
    for dialect in Dialect::ALL {
        let service = town(dialect);
        for row in DENIALS {
            let message = ask(&service, row.who, row.channel, row.action, row.owner).message;
            let (beginning, _) = message.split_once(": ").unwrap();
            let is_identifier = |word: &str| word.chars().skip(1).any(char::is_uppercase) && !word.starts_with("CH");
            let found = beginning.split(|letter: char| !letter.is_alphanumeric()).find(|word| is_identifier(word));
            assert_eq!(found, None, "{message}");
        }
    }
}

#[test]
fn who_can_lists_everybody_who_may() {
    let service = town(Dialect::Chat);
    let who =
        |action, channel, owner| service.who_can(action, Some(channel), owner).unwrap().into_iter().collect::<BTreeSet<_>>();
    let set = |names: &[&str]| names.iter().map(|name| String::from(*name)).collect::<BTreeSet<_>>();
    assert_eq!(who("removeMember", "desk", None), set(&["ada"]));
    assert_eq!(who("deleteMessage", "CH1", Some("ben")), set(&["ada", "ben"]));
    assert_eq!(who("viewChannel", "desk", None), set(&["ada", "ben", "dan", "fay", "guest"]));
    assert_eq!(who("removeMember", "CH4", None), set(&[]));
    assert_eq!(who("removeMember", "CH9", None), set(&[]));
}

#[test]
fn permissions_are_what_the_roles_grant() {
    let service = town(Dialect::Chat);
    let permissions = service.ability("cleo", None).permissions();
    assert_eq!(permissions.len(), 3);
    assert_eq!(
        permissions.into_iter().collect::<BTreeSet<_>>(),
        ["createChannel", "joinChannel", "editOwnUserInfo"].map(String::from).into()
    );
    assert!(service.ability("nobody", None).permissions().is_empty());
    assert!(service.ability("ben", Some("CH4")).has("sendMessage") && !service.ability("ben", Some("CH9")).has("createChannel"));
}

#[test]
fn requiring_what_is_denied_is_an_error_with_the_explanation() {
    let service = town(Dialect::Chat);
    for (identity, action, allowed) in
        [("ada", "deleteMessage", true), ("ben", "deleteMessage", false), ("zoe", "sendMessage", false)]
    {
        let ability = service.ability(identity, Some("CH1"));
        assert_eq!(ability.can(action, Some("cleo")), Ok(allowed));
        assert_eq!(ability.cannot(action, Some("cleo")), Ok(!allowed));
        let required = ability.require(action, Some("cleo"));
        let expected = ability.explain(action, Some("cleo")).unwrap().message;
        let found = required.map_err(|error| (error.code().name(), error.message().clone()));
        assert_eq!(found, if allowed { Ok(()) } else { Err(("permission-denied", expected)) }, "{identity}");
    }
    let ada = service.ability("ada", None);
    for asked in [ada.require("fly", None).map(|()| true), ada.cannot("fly", None)] {
        assert_eq!(asked.map_err(|error| error.code().name()), Err("unknown-action"));
    }
}

#[test]
fn a_name_that_is_none_is_answered_with_the_nearest() {
    let service = town(Dialect::Chat);
    let ability = service.ability("ada", Some("CH1"));
    // What was asked: what the sentence names.
    for (asked, named) in [
        ("sendMesage", "sendMessage"),
        ("deletMessage", "deleteMessage"),
        ("deleteAnyMessage", "deleteMessage"),
        ("editOwnMessage", "editMessage"),
    ] {
        let error = ability.can(asked, None).unwrap_err();
        assert_eq!(error.code().name(), "unknown-action");
        assert!(error.to_string().contains(named), "{error}");
    }
}
