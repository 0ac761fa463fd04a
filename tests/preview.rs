//! `preview` lists exactly the decisions that flip: compared with asking for every one of them before and after.
#![cfg(not(target_arch = "wasm32"))]

use rolecall::{Action, Change, Code, Dialect, LoadOptions, NewAction, NewChannel, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };

/// Asks about every identity, channel, action and owner, before and after.
fn compare(before: &Service, after: &Service) -> Vec<Change> {
    let names = |service: &Service| {
        let mut people: Vec<String> = service.users().into_iter().map(|user| user.identity).collect();
        let channels: Vec<String> = service.channels().into_iter().map(|channel| channel.sid).collect();
        for channel in &channels {
            people.extend(service.members(channel).into_iter().chain(service.invites(channel)).map(|member| member.identity));
        }
        (people, channels)
    };
    let ((mut people, mut channels), more) = (names(before), names(after));
    people.extend(more.0);
    channels.extend(more.1);
    for list in [&mut people, &mut channels] {
        list.sort();
        list.dedup();
    }
    let channels: Vec<Option<String>> = channels.into_iter().map(Some).chain([None]).collect();
    let actions: Vec<(&str, bool)> =
        Action::all().map(|action| (action.name(Dialect::Chat).unwrap(), action.is_owned())).chain([("pin", false)]).collect();
    let mut changes = Vec::new();
    for identity in &people {
        for channel in &channels {
            for (action, owned) in &actions {
                let owners: &[(Option<&str>, Option<&str>)] = if *owned {
                    &[(Some("self"), Some(identity)), (Some("other"), Some("\u{0}someone"))]
                } else {
                    &[(None, None)]
                };
                for (owner, whose) in owners {
                    let can =
                        |service: &Service| service.ability(identity, channel.as_deref()).can(action, *whose).unwrap_or(false);
                    if can(before) != can(after) {
                        let (identity, channel, action) = (identity.clone(), channel.clone(), (*action).into());
                        changes.push(Change { identity, channel, action, owner: *owner, allowed: can(after) });
                    }
                }
            }
        }
    }
    changes.sort();
    changes
}

fn community() -> Service {
    let mut service = Service::new(Dialect::Chat, 1);
    for (identity, role) in [("ada", "service admin"), ("ben", "service user"), ("cleo", "service user")] {
        service.set_user(identity, Some(role)).unwrap();
    }
    let open = NewChannel { sid: "CH-open", channel_type: Some("public"), created_by: Some("ada"), ..NewChannel::default() };
    service.create_channel(&open).unwrap();
    let hidden = NewChannel { sid: "CH-hidden", unique_name: Some("den"), created_by: Some("ben"), ..NewChannel::default() };
    service.create_channel(&hidden).unwrap();
    service.join_channel("CH-open", "ada").unwrap();
    service.join_channel("CH-hidden", "ben").unwrap();
    service.set_member("CH-open", "ben", None).unwrap();
    service.set_member("CH-open", "guest", None).unwrap();
    service.invite("CH-hidden", "cleo", None).unwrap();
    service
}

/// Somebody and some channels that the community has, too, with other roles.
const OTHER: &str = r#"{
    "members":[{"channel_sid":"CH-open","identity":"guest","role_sid":"RL-guest"},{"channel_sid":"CH-new","identity":"cleo"}],
    "invites":[{"channel_sid":"CH-hidden","identity":"ben","role_sid":"RL-guest"}],
    "channels":[{"sid":"CH-open","type":"private","created_by":"ada"},{"sid":"CH-hidden","type":"public"}],
    "users":[{"identity":"ben","role_sid":"RL-user"},{"identity":"zoe","role_sid":"RL-user"},{"identity":"ada"}],
    "roles":[
        {"sid":"RL-guest","friendly_name":"Guest","type":"channel","permissions":["sendMessage","pinAny"]},
        {"sid":"RL-user","friendly_name":"User","type":"deployment","permissions":["joinChannel","editAnyMessage","pinAny"]}]}"#;

#[test]
fn a_preview_that_nobody_could_read_is_an_error() {
    // One decision for each user, in each channel and outside of any.
    for (users, channels, expected) in [(500, 999, Ok(500_000)), (3, 166_666, Err(Code::TooManyChanges))] {
        let mut service = Service::new(Dialect::Chat, 0);
        for n in 0..users {
            service.set_user(&format!("user {n}"), None).unwrap();
        }
        for n in 0..channels {
            service.create_channel(&NewChannel { sid: &format!("CH{n}"), ..NewChannel::default() }).unwrap();
        }
        let changes = service.preview(|draft| drop(draft.grant("service user", "editChannelName", None).unwrap()));
        assert_eq!(changes.map(|all| all.len()).map_err(|error| error.code()), expected, "{users} and {channels}");
    }
}

#[test]
fn a_copy_from_another_time_is_compared_by_its_names() {
    let mut service = community();
    // Each copy learns a name that the service does not know, or learns after another one.
    let mut older = service.clone();
    older.set_user("of the copy", Some("service admin")).unwrap();
    let mut drafted = None;
    service
        .preview(|draft| {
            draft.set_user("of the draft", Some("service admin")).unwrap();
            drafted = Some(draft.clone());
        })
        .unwrap();
    service.set_user("of the service", None).unwrap();
    for after in [older, drafted.unwrap()] {
        let mut found = service.preview(|draft| *draft = after.clone()).unwrap();
        found.sort();
        assert_eq!(found, compare(&service, &after));
        assert!(found.iter().any(|change| change.identity.starts_with("of the") && change.allowed));
    }
}

#[test]
fn what_a_change_flips_is_what_asking_twice_finds() {
    type Edit = fn(&mut Service);
    let edits: &[(&str, Edit)] = &[
        ("grant to a service role", |draft| drop(draft.grant("service user", "editAnyMessage", None).unwrap())),
        ("grant to a channel role", |draft| drop(draft.grant("channel user", "removeMember", None).unwrap())),
        ("grant what another role grants already", |draft| drop(draft.grant("channel admin", "editOwnMessage", None).unwrap())),
        ("revoke", |draft| drop(draft.revoke("service user", "joinChannel", None).unwrap())),
        ("delete a role", |draft| drop(draft.delete_role("channel user", None).unwrap())),
        ("give another role", |draft| draft.set_user("ben", Some("service admin")).unwrap()),
        ("remove a user", |draft| assert!(draft.remove_user("ben"))),
        ("a new user", |draft| draft.set_user("dan", None).unwrap()),
        ("remove a channel", |draft| assert!(draft.remove_channel("CH-open"))),
        ("a new channel", |draft| {
            let channel =
                NewChannel { sid: "CH-new", channel_type: Some("public"), created_by: Some("cleo"), ..NewChannel::default() };
            draft.create_channel(&channel).unwrap();
        }),
        ("join a channel", |draft| draft.join_channel("den", "cleo").unwrap()),
        ("close a channel", |draft| draft.set_channel_state("CH-open", "closed").unwrap()),
        ("a state that is as good as active", |draft| draft.set_channel_state("CH-open", "inactive").unwrap()),
        ("another unique name", |draft| {
            drop(draft.load_json(r#"{"channels":[{"sid":"CH-open","unique_name":"den"}]}"#, &ADD).unwrap());
        }),
        ("another creator", |draft| {
            drop(draft.load_json(r#"{"channels":[{"sid":"CH-hidden","created_by":"guest"}]}"#, &ADD).unwrap());
        }),
        ("accept an invite", |draft| draft.accept_invite("CH-hidden", "cleo").unwrap()),
        ("decline an invite", |draft| assert!(draft.decline_invite("CH-hidden", "cleo"))),
        ("remove a member who is no user", |draft| assert!(draft.remove_member("CH-open", "guest"))),
        ("an action that somebody may do", |draft| {
            draft.define_action(&NewAction { name: "pin", any: "addMember", ..NewAction::default() }).unwrap();
        }),
        ("another service altogether", |draft| *draft = Service::new(Dialect::Chat, 2)),
        ("another service with people", |draft| {
            // Its names come in another order.
            let mut other = Service::empty(Dialect::Chat, 2);
            other.load_json(OTHER, &ADD).unwrap();
            other.define_action(&NewAction { name: "pin", any: "pinAny", member_only: true, ..NewAction::default() }).unwrap();
            *draft = other;
        }),
    ];
    for (name, edit) in edits {
        let before = community();
        let mut after = before.clone();
        edit(&mut after);
        let mut found = before.preview(edit).unwrap();
        found.sort();
        assert_eq!(found, compare(&before, &after), "{name}");
        let silent =
            ["grant what another role grants already", "a state that is as good as active", "another unique name"].contains(name);
        assert_eq!(found.is_empty(), silent, "{name}");
        assert_eq!(before.to_json(), community().to_json(), "{name}: the real service is not touched");
    }
}
