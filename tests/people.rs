//! Users, members and invites: who is in, with which role, and what ends an invite.
#![cfg(not(target_arch = "wasm32"))]

use rolecall::{Code, DefaultFor, Dialect, LoadOptions, NewChannel, NewRole, Result, Service};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };

fn code<T>(result: Result<T>) -> Option<&'static str> {
    result.err().map(|error| error.code().name())
}

/// A channel that Cleo created. Its default roles are RL-member and RL-creator; RL-guest is another one.
fn club() -> Service {
    let mut service = Service::empty(Dialect::Chat, 0);
    for sid in ["RL-member", "RL-creator", "RL-guest"] {
        let role = NewRole { friendly_name: sid, role_type: "channel", permissions: &["sendMessage"], sid: Some(sid) };
        service.create_role(&role).unwrap();
    }
    service.set_default_role(DefaultFor::Member, "RL-member").unwrap();
    service.set_default_role(DefaultFor::Creator, "RL-creator").unwrap();
    service.create_channel(&NewChannel { sid: "CH1", created_by: Some("cleo"), ..NewChannel::default() }).unwrap();
    service
}

fn role_of(service: &Service, identity: &str) -> Option<String> {
    service.members("CH1").into_iter().find(|member| member.identity == identity).map(|member| member.role_sid)
}

fn is_invited(service: &Service, identity: &str) -> bool {
    service.invites("CH1").iter().any(|invite| invite.identity == identity)
}

#[test]
fn whoever_comes_in_gets_the_role_of_the_invite_or_the_creators_or_the_members() {
    type Step = fn(&mut Service) -> Result<()>;
    type Join = fn(&mut Service, &str) -> Result<()>;
    let joins: [(&str, Join); 2] = [
        ("join_channel", |service, identity| service.join_channel("CH1", identity)),
        ("set_member", |service, identity| service.set_member("CH1", identity, None)),
    ];
    // Before that, who comes in: the role.
    let table: &[(&str, Step, &str, &str)] = &[
        ("nothing", |_| Ok(()), "ada", "RL-member"),
        ("the creator", |_| Ok(()), "cleo", "RL-creator"),
        ("an invite", |service| service.invite("CH1", "ada", Some("RL-guest")), "ada", "RL-guest"),
        ("an invite of the creator", |service| service.invite("CH1", "cleo", Some("RL-guest")), "cleo", "RL-guest"),
        (
            "an invite without a role",
            |service| load(service, r#"{"invites":{"channel_sid":"CH1","identity":"ada"}}"#),
            "ada",
            "RL-member",
        ),
        (
            "an invite of the creator without a role",
            |service| load(service, r#"{"invites":{"channel_sid":"CH1","identity":"cleo"}}"#),
            "cleo",
            "RL-creator",
        ),
        (
            "an invite to a role that is gone",
            |service| load(service, r#"{"invites":{"channel_sid":"CH1","identity":"ada","role_sid":"RL-gone"}}"#),
            "ada",
            "RL-gone",
        ),
        ("somebody else's invite", |service| service.invite("CH1", "ben", Some("RL-guest")), "ada", "RL-member"),
    ];
    for (method, join) in joins {
        for (before, prepare, identity, expected) in table {
            let mut service = club();
            prepare(&mut service).unwrap();
            join(&mut service, identity).unwrap();
            assert_eq!(role_of(&service, identity).as_deref(), Some(*expected), "{method} after {before}");
            assert!(!is_invited(&service, identity), "{method} after {before} ends the invite");
        }
    }
}

fn load(service: &mut Service, payload: &str) -> Result<()> {
    service.load_json(payload, &ADD).map(drop)
}

#[test]
fn a_creator_gets_the_members_role_where_there_is_none_for_creators() {
    let mut service = Service::empty(Dialect::Chat, 0);
    service
        .load_json(
            r#"{"roles":[{"sid":"RL1","type":"channel","permissions":["sendMessage"]}],
                "service":{"default_channel_role_sid":"RL1"},"channels":[{"sid":"CH1","created_by":"cleo"}]}"#,
            &ADD,
        )
        .unwrap();
    service.join_channel("CH1", "cleo").unwrap();
    assert_eq!(role_of(&service, "cleo").as_deref(), Some("RL1"));
}

#[test]
fn a_member_stays_as_they_are() {
    let mut service = club();
    service.set_member("CH1", "ada", Some("RL-guest")).unwrap();
    let version = service.version();
    service.join_channel("CH1", "ada").unwrap();
    assert_eq!(service.version(), version, "nothing was changed");
    service.set_member("CH1", "ada", None).unwrap();
    assert_eq!(role_of(&service, "ada").as_deref(), Some("RL-guest"));
    service.set_member("CH1", "ada", Some("RL-member")).unwrap();
    assert_eq!(role_of(&service, "ada").as_deref(), Some("RL-member"));
}

#[test]
fn a_member_is_not_invited() {
    let row = r#"{"channel_sid":"CH1","identity":"ada","role_sid":"RL-guest"}"#;
    let invites: [fn(&mut Service, &str); 2] = [
        |service, _| service.invite("CH1", "ada", Some("RL-guest")).unwrap(),
        |service, row| load(service, &format!(r#"{{"invites":[{row}]}}"#)).unwrap(),
    ];
    for invite in invites {
        let mut service = club();
        service.set_member("CH1", "ada", Some("RL-member")).unwrap();
        let version = service.version();
        invite(&mut service, row);
        assert!(!is_invited(&service, "ada"));
        assert_eq!((role_of(&service, "ada").as_deref(), service.version()), (Some("RL-member"), version));
    }
}

#[test]
fn an_invite_ends_when_it_is_accepted_declined_or_a_member_comes_of_it() {
    type End = fn(&mut Service);
    let table: &[(&str, End)] = &[
        ("accept_invite", |service| service.accept_invite("CH1", "ada").unwrap()),
        ("decline_invite", |service| assert!(service.decline_invite("CH1", "ada"))),
        ("join_channel", |service| service.join_channel("CH1", "ada").unwrap()),
        ("set_member", |service| service.set_member("CH1", "ada", Some("RL-member")).unwrap()),
        ("a member row", |service| load(service, r#"{"members":{"channel_sid":"CH1","identity":"ada"}}"#).unwrap()),
        ("a member row beside an invite's", |service| {
            let row = r#"{"channel_sid":"CH1","identity":"ada"}"#;
            load(service, &format!(r#"{{"members":[{row}],"invites":[{row}]}}"#)).unwrap();
        }),
        ("remove_user", |service| assert!(service.remove_user("ada"))),
        ("remove_channel", |service| assert!(service.remove_channel("CH1"))),
    ];
    for (what, end) in table {
        let mut service = club();
        service.invite("CH1", "ada", Some("RL-guest")).unwrap();
        end(&mut service);
        assert!(!is_invited(&service, "ada"), "{what}");
    }
}

#[test]
fn an_accepted_invite_makes_a_member_with_its_role() {
    let mut service = club();
    assert_eq!(code(service.accept_invite("CH1", "ada")), Some("unknown-invite"));
    assert!(!service.decline_invite("CH1", "ada"));
    service.invite("CH1", "ada", Some("RL-guest")).unwrap();
    service.accept_invite("CH1", "ada").unwrap();
    assert_eq!(role_of(&service, "ada").as_deref(), Some("RL-guest"));
}

#[test]
fn conversations_has_no_invites() {
    let mut service = Service::new(Dialect::Conversations, 0);
    service.create_channel(&NewChannel { sid: "CH1", ..NewChannel::default() }).unwrap();
    assert_eq!(code(service.invite("CH1", "ada", None)), Some("no-counterpart"));
    assert_eq!(code(service.accept_invite("CH1", "ada")), Some("unknown-invite"));
    assert!(!service.decline_invite("CH1", "ada"));
}

#[test]
fn a_user_gets_the_default_role_or_the_one_that_is_named() {
    let mut service = Service::new(Dialect::Chat, 0);
    service.set_user("ada", None).unwrap();
    service.set_user("ben", Some("service admin")).unwrap();
    let [user, admin] = ["service user", "service admin"].map(|name| service.role(name, None).unwrap().unwrap().sid);
    let roles: Vec<_> = service.users().into_iter().map(|user| (user.identity, user.role_sid)).collect();
    assert_eq!(roles, [("ada".to_string(), user.clone()), ("ben".to_string(), admin)]);
    // Without a role it is the default one, also for somebody who has another.
    service.set_user("ben", None).unwrap();
    assert_eq!(service.users()[1].role_sid, user);
}

#[test]
fn a_user_is_removed_from_every_channel() {
    let mut service = club();
    load(&mut service, r#"{"users":{"identity":"ada"},"members":{"channel_sid":"CH2","identity":"ada"}}"#).unwrap();
    service.invite("CH1", "ada", None).unwrap();
    assert!(service.remove_user("ada"));
    assert!(service.users().is_empty() && service.members("CH2").is_empty() && service.invites("CH1").is_empty());
    assert!(!service.remove_user("ada"));
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let mut service = club();
    service
        .create_role(&NewRole { friendly_name: "user", role_type: "deployment", permissions: &["joinChannel"], sid: None })
        .unwrap();
    let mut without_defaults = Service::empty(Dialect::Chat, 0);
    load(&mut without_defaults, r#"{"channels":[{"sid":"CH1"}]}"#).unwrap();
    let (before, before_there) = (service.to_json(), without_defaults.to_json());
    let table = [
        (service.set_user("", Some("user")), Code::InvalidIdentity, Some("identity")),
        (service.set_member("CH1", "", None), Code::InvalidIdentity, Some("identity")),
        (service.join_channel("CH1", ""), Code::InvalidIdentity, Some("identity")),
        (service.invite("CH1", "", None), Code::InvalidIdentity, Some("identity")),
        (service.set_member("CH9", "ada", None), Code::UnknownChannel, None),
        (service.join_channel("CH9", "ada"), Code::UnknownChannel, None),
        (service.invite("CH9", "ada", None), Code::UnknownChannel, None),
        (service.set_user("ada", Some("nobody")), Code::UnknownRole, Some("role")),
        (service.set_user("ada", Some("RL-guest")), Code::WrongScope, Some("role")),
        (service.set_member("CH1", "ada", Some("user")), Code::WrongScope, Some("role")),
        (without_defaults.set_user("ada", None), Code::NoDefaultRole, None),
        (without_defaults.set_member("CH1", "ada", None), Code::NoDefaultRole, None),
        (without_defaults.join_channel("CH1", "ada"), Code::NoDefaultRole, None),
    ];
    for (at, (result, code, path)) in table.into_iter().enumerate() {
        let error = result.expect_err(&format!("row {at}"));
        assert_eq!(error.code(), code, "row {at}: {error}");
        assert!(path.is_none() || error.path() == path, "row {at}: {error}");
    }
    assert_eq!((service.to_json(), without_defaults.to_json()), (before, before_there));
}

#[test]
fn removing_what_is_not_there_says_so_and_changes_nothing() {
    let mut service = club();
    let version = service.version();
    assert!(!service.remove_user("nobody") && !service.remove_channel("CH9"));
    assert!(!service.remove_member("CH1", "nobody") && !service.remove_member("CH9", "nobody"));
    assert!(!service.decline_invite("CH1", "nobody") && !service.decline_invite("CH9", "nobody"));
    assert_eq!(service.version(), version);
}

#[test]
fn nothing_that_is_needed_is_forgotten_while_others_come_and_go() {
    let payload = r#"{
        "actions":[{"action":"pin","any":"pinAny","own":"pinOwn","member_only":true},{"action":"star","any":"sendMessage"}],
        "roles":[
            {"sid":"RL1","friendly_name":"Citizen","type":"deployment","permissions":["createChannel","fly"]},
            {"sid":"RL2","friendly_name":"Guest","type":"channel","permissions":["sendMessage","pinOwn"]}],
        "users":[{"identity":"ada","role_sid":"RL1"},{"identity":"ben","role_sid":"RL-gone"},{"identity":"cy"}],
        "channels":[{"sid":"CH1","unique_name":"desk","type":"public","created_by":"somebody else","state":"inactive"}],
        "members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL2"},{"channel_sid":"CH2","identity":"dan","role_sid":"RL-lost"}],
        "invites":[{"channel_sid":"CH3","identity":"eve","role_sid":"RL-late"}],
        "service":{"sid":"IS1","default_service_role_sid":"RL1","default_channel_role_sid":"RL-default"}
    }"#;
    let mut service = Service::empty(Dialect::Chat, 0);
    service.load_json(payload, &ADD).unwrap();
    let before = service.to_json();
    for turn in 0..2000 {
        let [identity, sid, unique_name, name] =
            ["guest", "CH", "room", "RL"].map(|kind| format!("{kind} with a long name, number {turn}"));
        let channel =
            NewChannel { sid: &sid, unique_name: Some(&unique_name), created_by: Some("system"), ..NewChannel::default() };
        service.create_channel(&channel).unwrap();
        service.set_user(&identity, None).unwrap();
        service.set_member(&unique_name, &identity, Some("Guest")).unwrap();
        let role = NewRole { friendly_name: "made", role_type: "channel", permissions: &["sendMessage"], sid: Some(&name) };
        service.create_role(&role).unwrap();
        service.set_member(&sid, &identity, Some(&name)).unwrap();
        service.delete_role(&name, None).unwrap();
        assert!(service.remove_channel(&unique_name) && service.remove_user(&identity));
        if turn % 100 == 0 {
            assert_eq!(service.to_json(), before, "turn {turn}");
        }
    }
    assert_eq!(service.to_json(), before);
    let ada = service.ability("ada", Some("desk"));
    assert!(ada.can("pin", Some("ada")).unwrap() && !ada.can("pin", Some("ben")).unwrap() && ada.has("fly"));
}
