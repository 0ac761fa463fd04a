//! The binding in a browser: each exported operation once, as JavaScript calls it, and values that are hostile.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

use js_sys::{Array, Function, JSON, Reflect};
use rolecall::js::{Core, JsPayload};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The value of a JavaScript expression.
fn value(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).unwrap_or_else(|error| panic!("{expression}: {error:?}"))
}

/// As JSON; what JSON has no word for is `undefined`.
fn json(value: &JsValue) -> String {
    JSON::stringify(value).map_or_else(|_| "undefined".into(), |text| text.as_string().unwrap_or_else(|| "undefined".into()))
}

/// An error as its code, and its path if it has one.
fn error(thrown: &JsValue) -> String {
    assert!(thrown.is_instance_of::<js_sys::Error>(), "{thrown:?} is no Error");
    let field = |name: &str| Reflect::get(thrown, &name.into()).unwrap().as_string();
    assert!(field("message").is_some_and(|message| !message.is_empty()));
    let code = field("code").unwrap_or_else(|| panic!("{thrown:?} has no code"));
    field("path").map_or(code.clone(), |path| format!("{code} at {path}"))
}

/// A service as JavaScript holds it.
struct Held(JsValue);

impl Held {
    fn new(dialect: &str, default_roles: bool) -> Self {
        Self(Core::new(Some(dialect.into()), default_roles, 7.0).unwrap().into())
    }

    /// What a method returns or throws, its arguments written as a JavaScript list.
    fn call(&self, method: &str, arguments: &str) -> Result<JsValue, JsValue> {
        let function = Reflect::get(&self.0, &method.into()).unwrap().dyn_into::<Function>();
        function.unwrap_or_else(|_| panic!("there is no {method}")).apply(&self.0, value(arguments).unchecked_ref::<Array>())
    }

    fn ask(&self, method: &str, arguments: &str) -> String {
        self.call(method, arguments).map_or_else(|thrown| error(&thrown), |answer| json(&answer))
    }

    fn load(&self, payload: &JsValue) -> String {
        let payload: JsValue = match JsPayload::new(payload) {
            Ok(payload) => payload.into(),
            Err(thrown) => return error(&thrown),
        };
        let load = Reflect::get(&self.0, &"load".into()).unwrap().unchecked_into::<Function>();
        let report = load.apply(&self.0, &Array::of2(&payload, &false.into()));
        report.map_or_else(|thrown| error(&thrown), |report| json(&report))
    }

    fn snapshot(&self) -> String {
        self.ask("toJSON", "[]")
    }

    fn get(&self, property: &str) -> String {
        json(&Reflect::get(&self.0, &property.into()).unwrap())
    }
}

#[wasm_bindgen_test]
fn every_operation_is_called_by_its_name() {
    let service = Held::new("chat", false);
    assert_eq!((service.get("dialect").as_str(), service.get("version").as_str()), (r#""chat""#, "0"));
    let role = r#"{"sid":"RL1","friendlyName":"crew","type":"channel","permissions":["sendMessage"]}"#;
    let member = r#"{"channelSid":"CH1","identity":"nia","roleSid":"RL1"}"#;
    // In this order: the method, its arguments, what it returns.
    let table = [
        ("createRole", r#"["crew", "channel", ["sendMessage"], "RL1"]"#, role),
        (
            "createRole",
            r#"["user", "deployment", ["joinChannel"], "RL2"]"#,
            r#"{"sid":"RL2","friendlyName":"user","type":"deployment","permissions":["joinChannel"]}"#,
        ),
        ("role", r#"["Crew", "channel"]"#, role),
        ("role", r#"["nobody"]"#, "undefined"),
        ("roles", r#"["channel"]"#, &format!("[{role}]")),
        (
            "grant",
            r#"["crew", "leaveChannel"]"#,
            r#"{"sid":"RL1","friendlyName":"crew","type":"channel","permissions":["sendMessage","leaveChannel"]}"#,
        ),
        ("revoke", r#"["crew", "leaveChannel", "channel"]"#, role),
        ("updateRole", r#"["crew", ["sendMessage"]]"#, role),
        ("setDefaultRole", r#"["member", "crew"]"#, "undefined"),
        ("setDefaultRole", r#"["nobody", "crew"]"#, "invalid-argument at which"),
        ("setUser", r#"["nia", "user"]"#, "undefined"),
        ("users", "[]", r#"[{"identity":"nia","roleSid":"RL2"}]"#),
        ("createChannel", r#"["CH1", "desk", "public", "nia", "inactive"]"#, "undefined"),
        ("channels", "[]", r#"[{"sid":"CH1","uniqueName":"desk","type":"public","createdBy":"nia","state":"inactive"}]"#),
        ("setChannelState", r#"["desk", "active"]"#, "undefined"),
        ("joinChannel", r#"["desk", "nia"]"#, "undefined"),
        ("members", r#"["desk"]"#, &format!("[{member}]")),
        ("setMember", r#"["CH1", "ola"]"#, "undefined"),
        ("removeMember", r#"["CH1", "ola"]"#, "true"),
        ("invite", r#"["CH1", "pia", "crew"]"#, "undefined"),
        ("invites", r#"["CH1"]"#, r#"[{"channelSid":"CH1","identity":"pia","roleSid":"RL1"}]"#),
        ("declineInvite", r#"["CH1", "pia"]"#, "true"),
        ("acceptInvite", r#"["CH1", "pia"]"#, "unknown-invite"),
        ("whoCan", r#"["sendMessage", "desk"]"#, r#"["nia"]"#),
        ("defineAction", r#"["pin", "pinAny", "pinOwn", true, true]"#, "undefined"),
        ("has", r#"["nia", "CH1", "sendMessage"]"#, "true"),
        ("permissions", r#"["nia", "CH1"]"#, r#"["joinChannel","sendMessage"]"#),
        ("actions", r#"["nia", "CH1"]"#, r#"["viewChannel","sendMessage"]"#),
        ("deleteRole", r#"["crew"]"#, &format!(r#"{{"role":{role},"users":0,"members":1}}"#)),
        ("removeChannel", r#"["desk"]"#, "true"),
        ("removeUser", r#"["nia"]"#, "true"),
        ("removeUser", r#"["nia"]"#, "false"),
    ];
    for (method, arguments, expected) in table {
        assert_eq!(service.ask(method, arguments), expected, "{method} {arguments}");
    }
}

#[wasm_bindgen_test]
fn what_is_allowed_comes_as_bits() {
    let service = Held::new("chat", true);
    service.call("createChannel", r#"["CH1", undefined, "private", "ada"]"#).unwrap();
    for identity in ["ada", "ben"] {
        service.call("joinChannel", &format!(r#"["CH1", "{identity}"]"#)).unwrap();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a bit is from 0 to 63")]
    let bit = |action: &str| service.call("action", &format!("['{action}']")).unwrap().as_f64().unwrap() as u32;
    let [send, delete] = [bit("sendMessage"), bit("deleteMessage")];
    // Who: whether sending is allowed, and deleting what is somebody else's and what is one's own.
    for (identity, expected) in [("ada", [1, 1, 1]), ("ben", [1, 0, 1]), ("eve", [0, 0, 0])] {
        let words: js_sys::Uint32Array = service.call("allowed", &format!("['{identity}', 'CH1']")).unwrap().dyn_into().unwrap();
        let [others, _, own, _] = [0, 1, 2, 3].map(|at| words.get_index(at));
        assert_eq!([others >> send & 1, others >> delete & 1, own >> delete & 1], expected, "{identity}");
    }
}

#[wasm_bindgen_test]
fn a_copy_is_compared_with_what_it_was_made_of() {
    let service = Held::new("chat", true);
    service.call("setUser", "['ada']").unwrap();
    let copy = Held(service.call("copy", "[]").unwrap());
    copy.call("removeUser", "['ada']").unwrap();
    let differences = Reflect::get(&service.0, &"differences".into()).unwrap().unchecked_into::<Function>();
    let changes = json(&differences.call1(&service.0, &copy.0).unwrap());
    assert!(changes.contains(r#""identity":"ada""#) && changes.contains(r#""allowed":false"#), "{changes}");
    assert_eq!(service.ask("users", "[]").matches("ada").count(), 1);
}

#[wasm_bindgen_test]
fn an_explanation_and_an_error_are_objects() {
    let service = Held::new("chat", true);
    let denied = service.ask("explain", r#"["nobody", undefined, "createChannel"]"#);
    for part in [
        r#""allowed":false"#,
        r#""reason":"unknown-user""#,
        r#""missing":[]"#,
        r#""grantedBy":[]"#,
        r#""status":403"#,
        r#""twilioCode":50107"#,
    ] {
        assert!(denied.contains(part), "{denied}");
    }
    assert_eq!(service.ask("explain", r#"["nobody", undefined, "createChanel"]"#), "unknown-action at action");
    assert_eq!(service.ask("setUser", r#"["", "service user"]"#), "invalid-identity at identity");
    assert_eq!(service.ask("grant", r#"["nobody", "sendMessage"]"#), "unknown-role at ref");
}

#[wasm_bindgen_test]
fn strings_come_out_as_they_went_in() {
    let service = Held::new("chat", true);
    let names = ["ada", "äö", "漢字", "😀a😀", "\u{0},\n\"\\|$;", "$", "__proto__"];
    for name in names {
        let arguments = Array::of1(&name.into());
        let set = Reflect::get(&service.0, &"setUser".into()).unwrap().unchecked_into::<Function>();
        set.apply(&service.0, &arguments).unwrap();
    }
    let users: Array = service.call("users", "[]").unwrap().dyn_into().unwrap();
    let mut found: Vec<String> =
        users.iter().map(|user| Reflect::get(&user, &"identity".into()).unwrap().as_string().unwrap()).collect();
    found.sort();
    let mut expected = names.map(String::from).to_vec();
    expected.sort();
    assert_eq!(found, expected);
}

#[wasm_bindgen_test]
fn hostile_values_are_errors_and_change_nothing() {
    let table = [
        ("undefined", "invalid-payload"),
        ("() => ({})", "invalid-payload"),
        ("Symbol('roles')", "invalid-payload"),
        ("10n", "invalid-payload"),
        ("{ get roles() { throw new Error('no') } }", "unreadable at roles"),
        ("{ roles: [{ get sid() { throw 1 } }] }", "unreadable at roles[0].sid"),
        ("{ roles: { get roles() { throw 1 } } }", "unreadable at roles.roles"),
        ("{ users: [{ get identity() { throw undefined }, role_sid: 'RL1' }] }", "unreadable at users[0].identity"),
        ("{ participants: [{ identity: 'nia', get conversation() { throw 1 } }] }", "unreadable at participants[0].conversation"),
        ("{ toJSON() { throw 1 } }", "unreadable at toJSON"),
        ("{ users: [{ identity: Symbol() }] }", "invalid-type at users[0].identity"),
        ("{ users: [{ identity: 1n }] }", "invalid-type at users[0].identity"),
        ("{ users: [{ identity: new String('ada') }] }", "invalid-type at users[0].identity"),
        ("{ users: [{ identity: '\\ud83d' }] }", "invalid-string at users[0].identity"),
        ("{ users: [{ identity: 'a\\udc00', role_sid: 'RL1' }] }", "invalid-string at users[0].identity"),
        ("{ users: [, { identity: 'ada' }] }", "invalid-type at users[0]"),
        ("{ users: new Array(1e9) }", "too-large at users"),
        ("{ users: new Proxy([], { get: (of, key) => (key === 'length' ? 1e9 : {}) }) }", "too-large at users"),
        (
            "{ roles: [{ sid: 'RL1', type: 'channel', permissions: new Set(['sendMessage']) }] }",
            "invalid-type at roles[0].permissions",
        ),
        ("(() => { const users = []; users.push(users); return { users } })()", "invalid-type at users[0]"),
        ("(() => { const user = {}; user.identity = user; return { users: user } })()", "invalid-type at users.identity"),
        (
            "(() => { let deep = {}; for (let i = 0; i < 10000; i++) deep = { users: deep }; return deep })()",
            "invalid-type at users.users",
        ),
    ];
    let service = Held::new("chat", true);
    service.call("setUser", "['ada']").unwrap();
    let before = service.snapshot();
    for (payload, expected) in table {
        assert_eq!(service.load(&value(payload)), expected, "{payload}");
        assert_eq!(service.snapshot(), before, "{payload}");
    }
}

#[wasm_bindgen_test]
fn a_getter_that_throws_ten_thousand_times_leaves_every_service_usable() {
    let service = Held::new("chat", true);
    let other = Held::new("conversations", true);
    let payload = value("{ users: [{ get identity() { throw new Error('no') } }] }");
    let before = (service.snapshot(), other.snapshot());
    for _ in 0..10_000 {
        assert_eq!(service.load(&payload), "unreadable at users[0].identity");
    }
    assert_eq!((service.snapshot(), other.snapshot()), before);
    assert_eq!(other.ask("setUser", "['ada']"), "undefined");
}

#[wasm_bindgen_test]
fn a_getter_runs_once() {
    let payload = value(
        "(() => { const read = []; const note = (name, value) => ({ get: () => { read.push(name); return value }, enumerable: true });
        const user = Object.defineProperties({}, { identity: note('identity', 'ada'), role_sid: note('role_sid', 'RL1') });
        return Object.defineProperty({ read }, 'users', note('users', [user])) })()",
    );
    Held::new("chat", false).load(&payload);
    let read = json(&Reflect::get(&payload, &"read".into()).unwrap());
    for name in ["users", "identity", "role_sid"] {
        assert_eq!(read.matches(&format!("\"{name}\"")).count(), 1, "{read}");
    }
}

#[wasm_bindgen_test]
fn the_nearest_name_is_found() {
    let names = || vec!["permissions".to_string(), "friendlyName".to_string()];
    assert_eq!(rolecall::js::nearest("permission", names()).as_deref(), Some("permissions"));
    assert_eq!(rolecall::js::nearest("xyz", names()), None);
}
