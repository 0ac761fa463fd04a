//! The binding in a browser: what JavaScript hands over is read as its JSON twin is, and nothing hostile gets past.
#![cfg(all(target_arch = "wasm32", feature = "js", feature = "json"))]

use js_sys::{JSON, Reflect};
use rolecall::js::{Core, Reading};
use rolecall::{Dialect, Service};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[allow(dead_code, reason = "only the names are of use here")]
#[path = "../src/js/operation.rs"]
mod operation;

use operation::Operation;

wasm_bindgen_test_configure!(run_in_browser);

/// What a JavaScript expression gives.
fn value(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).unwrap_or_else(|error| panic!("{expression}: {error:?}"))
}

/// `code at path` of an answer that is an error.
fn thrown(answer: &str) -> String {
    let error = answer.strip_prefix('!').unwrap_or_else(|| panic!("an error, not {answer}"));
    let [code, _, path]: [String; 3] = serde_json::from_str(error).unwrap();
    format!("{code} at {path}")
}

/// The answer of an operation, by its name, with texts that are all there.
fn ask(core: &mut Core, name: &str, texts: &[&str]) -> String {
    let number = Operation::NAMES.iter().position(|known| *known == name).unwrap();
    let lengths: Vec<u32> = texts.iter().map(|text| text.encode_utf16().count() as u32).collect();
    core.call(number as u32, &texts.concat(), &lengths)
}

fn snapshot(core: &mut Core) -> String {
    ask(core, "snapshot", &[])
}

fn core(dialect: Dialect) -> Core {
    let mut core = Core::new(0.0);
    assert_eq!(ask(&mut core, "begin", &[dialect.name(), "default"]), "null");
    core
}

/// Payloads good and bad, as JSON: each must be read alike by both readers.
const PAYLOADS: &[&str] = &[
    r"{}",
    r"[]",
    r"null",
    r"5",
    r#""roles""#,
    r#"{"roles":[]}"#,
    r#"{"roles":null}"#,
    r#"{"roles":"all"}"#,
    r#"{"roles":{"roles":[{"sid":"RL1","friendly_name":"a","type":"channel","permissions":["sendMessage","pin"]}],"meta":{}}}"#,
    r#"{"roles":{"roles":{"sid":"RL1"}}}"#,
    r#"{"roles":{"sid":"RL1","friendlyName":"a","type":"channel","permissions":[]}}"#,
    r#"{"roles":[{"sid":"RL1","friendly_name":null,"type":"service","permissions":["sendMessage"]}]}"#,
    r#"{"roles":[{"sid":"RL1","type":"channel","permissions":["sendMessage",null,3]}]}"#,
    r#"{"roles":[{"sid":"RL1","type":"channel","permissions":"sendMessage"}]}"#,
    r#"{"roles":[{"sid":"RL1","type":"channel","permissions":{"0":"sendMessage","length":1}}]}"#,
    r#"{"roles":[{"sid":"RL1","type":"chanel","permissions":[]}]}"#,
    r#"{"roles":[{"sid":"","type":"channel","permissions":[]}]}"#,
    r#"{"roles":[[]]}"#,
    r#"{"users":[{"identity":"ada","role_sid":"RL1"},{"identity":"ada","roleSid":"RL2"},{"identity":"ben"}]}"#,
    r#"{"users":[{"identity":"ada","roleSid":7}]}"#,
    r#"{"users":[{"identity":null}]}"#,
    r#"{"users":[{"identity":""}]}"#,
    r#"{"users":{"identity":"__proto__","role_sid":""}}"#,
    r#"{"users":[{"identity":"\u0000"},{"identity":"ÄÖ 漢字 😀"},{"identity":"constructor"}]}"#,
    r#"{"channels":[{"sid":"CH1","type":"public","created_by":"system"}],"conversations":[{"sid":"CH2"}]}"#,
    r#"{"channels":{"conversations":[{"conversation_sid":"CH1","type":"private"}]}}"#,
    r#"{"channels":[{"channelSid":"CH1","type":true}]}"#,
    r#"{"members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL1"},{"channelSid":"CH1","identity":"ada"}]}"#,
    r#"{"participants":{"participants":[{"conversation_sid":"CH1","identity":null,"role_sid":"RL1"}],"meta":{"page":0}}}"#,
    r#"{"members":[{"channel_sid":"CH1"}]}"#,
    r#"{"participants":[{"identity":"ada"}]}"#,
    r#"{"members":[{"channelSid":"","identity":"ada"}]}"#,
    r#"{"members":[{"conversationSid":"CH1","identity":"ada","roleSid":""}]}"#,
    r#"{"channels":{"channels":5},"users":{"users":"all"}}"#,
    r#"{"invites":[{"channel_sid":"CH1","identity":"ada","role_sid":null}]}"#,
    r#"{"service":{"default_service_role_sid":"RL1"},"configuration":{"defaultConversationRoleSid":"RL2"}}"#,
    r#"{"service":{"default_service_role_sid":{}}}"#,
    r#"{"actions":[{"action":"pin","any":"pinAny","own":"pinOwn","member_only":true},{"action":"star","any":"star"}]}"#,
    r#"{"actions":[{"action":"pin","any":"pinAny","memberOnly":1}]}"#,
    r#"{"actions":[{"action":"sendMessage","any":"pinAny"}]}"#,
    r#"{"rolecall":"1","dialect":"conversations"}"#,
    r#"{"rolecall":"2"}"#,
    r#"{"rolecall":1}"#,
    r#"{"dialect":"sms"}"#,
    r#"{"":[1]}"#,
];

#[wasm_bindgen_test]
fn both_readers_read_alike() {
    for dialect in Dialect::ALL {
        for replace in [false, true] {
            for payload in PAYLOADS {
                let mut native = Service::new(dialect, 0.0f64.to_bits());
                let mut bound = core(dialect);
                assert_eq!(snapshot(&mut bound), native.to_json());
                let expected = match native.load_json(payload, replace) {
                    Ok(report) => serde_json::to_string(&report).unwrap(),
                    Err(error) => format!("{} at {}", error.code().name(), error.path().unwrap_or_default()),
                };
                let answer = bound.load(&Reading::of(&value(payload)), replace);
                let found = if answer.starts_with('!') { thrown(&answer) } else { answer.trim_start_matches('=').into() };
                assert_eq!(found, expected, "{payload}");
                assert_eq!(snapshot(&mut bound), native.to_json(), "{payload}");
            }
        }
    }
}

#[wasm_bindgen_test]
fn a_front_end_in_rust_hands_over_what_serde_makes_and_reads_what_comes_back() {
    use serde::Serialize;
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    for payload in PAYLOADS {
        let written: serde_json::Value = serde_json::from_str(payload).unwrap();
        let made = written.serialize(&serializer).unwrap();
        let (mut one, mut other) = (core(Dialect::Chat), core(Dialect::Chat));
        assert_eq!(one.load(&Reading::of(&made), false), other.load(&Reading::of(&value(payload)), false), "{payload}");

        let returned: serde_json::Value = serde_wasm_bindgen::from_value(JSON::parse(&snapshot(&mut one)).unwrap()).unwrap();
        assert_eq!(returned, serde_json::from_str::<serde_json::Value>(&snapshot(&mut other)).unwrap(), "{payload}");
    }
}

#[wasm_bindgen_test]
fn a_hostile_payload_is_an_error_and_changes_nothing() {
    let table = [
        ("undefined", "invalid-payload at "),
        ("() => ({})", "invalid-payload at "),
        ("Symbol('roles')", "invalid-payload at "),
        ("10n", "invalid-payload at "),
        ("{ get roles() { throw new Error('no') } }", "unreadable at roles"),
        ("{ roles: [{ get sid() { throw 1 } }] }", "unreadable at roles[0].sid"),
        ("{ roles: { get roles() { throw 1 } } }", "unreadable at roles"),
        ("{ users: [{ get identity() { throw undefined }, role_sid: 'RL1' }] }", "unreadable at users[0].identity"),
        ("{ users: [{ identity: Symbol() }] }", "invalid-type at users[0].identity"),
        ("{ users: [{ identity: 1n }] }", "invalid-type at users[0].identity"),
        ("{ users: [{ identity: () => 'ada' }] }", "invalid-type at users[0].identity"),
        ("{ users: [{ identity: new String('ada') }] }", "invalid-type at users[0].identity"),
        ("{ users: [{ identity: { toString: () => 'ada' } }] }", "invalid-type at users[0].identity"),
        ("{ users: [{ identity: '\\ud83d' }] }", "invalid-text at users[0].identity"),
        ("{ users: [{ identity: 'a\\udc00', role_sid: 'RL1' }] }", "invalid-text at users[0].identity"),
        ("{ users: [{ identity: 'ada', roleSid: NaN }] }", "invalid-type at users[0].roleSid"),
        ("{ users: [, { identity: 'ada' }] }", "invalid-type at users[0]"),
        ("{ users: new Array(2 ** 26 - 100) }", "invalid-type at users[0]"),
        ("{ users: new Array(2 ** 32 - 1) }", "too-large at users[0]"),
        ("{ users: new Proxy([], { get: (of, key) => (key === 'length' ? Infinity : {}) }) }", "too-large at users[0]"),
        ("{ users: [{ identity: 'ada' }, { identity: 'x'.repeat(2 ** 26) }] }", "too-large at users[1].identity"),
        ("{ roles: [{ sid: 'RL1', type: 'channel', permissions: new Array(2 ** 26) }] }", "too-large at roles[0].permissions[0]"),
        ("{ users: new Set([{ identity: 'ada' }]) }", "missing-field at users.identity"),
        (
            "{ roles: [{ sid: 'RL1', type: 'channel', permissions: [, 'sendMessage'] }] }",
            "invalid-type at roles[0].permissions[0]",
        ),
        (
            "{ roles: [{ sid: 'RL1', type: 'channel', permissions: new Set(['sendMessage']) }] }",
            "invalid-type at roles[0].permissions",
        ),
        ("new Proxy({}, { get() { throw 1 } })", "unreadable at rolecall"),
        ("(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()", "invalid-payload at "),
        (
            "(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return { roles: proxy } })()",
            "unreadable at roles",
        ),
        (
            "{ users: new Proxy([], { get: (of, key) => { if (key === 'length') throw 1; return of[key] } }) }",
            "unreadable at users[0]",
        ),
        ("(() => { const users = []; users.push(users); return { users } })()", "invalid-type at users[0]"),
        ("(() => { const user = {}; user.identity = user; return { users: user } })()", "invalid-type at users.identity"),
        (
            "(() => { let deep = {}; for (let i = 0; i < 10000; i++) deep = { users: deep }; return deep })()",
            "invalid-type at users.users",
        ),
    ];
    let mut bound = core(Dialect::Chat);
    assert_eq!(ask(&mut bound, "setUser", &["ada"]), "true");
    let before = snapshot(&mut bound);
    for (payload, expected) in table {
        let answer = bound.load(&Reading::of(&value(payload)), true);
        assert_eq!(thrown(&answer), expected, "{payload}");
        assert_eq!(snapshot(&mut bound), before, "{payload}");
    }
    assert_eq!(ask(&mut bound, "role", &["service user"])[..7], *"{\"sid\":", "it still answers");
}

#[wasm_bindgen_test]
fn a_getter_runs_once() {
    let payload = value(
        "(() => { const read = []; const note = (name, value) => ({ get: () => { read.push(name); return value }, enumerable: true });
        const user = Object.defineProperties({}, { identity: note('identity', 'ada'), role_sid: note('role_sid', 'RL1') });
        return Object.defineProperty({ read }, 'users', note('users', [user])) })()",
    );
    core(Dialect::Chat).load(&Reading::of(&payload), false);
    let read = Reflect::get(&payload, &"read".into()).unwrap();
    assert_eq!(String::from(JSON::stringify(&read).unwrap()), r#"["users","identity","role_sid"]"#);
}

#[wasm_bindgen_test]
fn what_is_allowed_comes_as_digits() {
    let mut bound = core(Dialect::Chat);
    assert_eq!(ask(&mut bound, "createChannel", &["CH1", "private", "ada"]), "null");
    assert_eq!(ask(&mut bound, "setMember", &["CH1", "ben"]), "true");
    let [send, delete] = ["sendMessage", "deleteMessage"].map(|name| ask(&mut bound, "action", &[name]).parse().unwrap());
    // Who, then the digits of sending and of deleting.
    for (identity, expected) in [("ada", "22"), ("ben", "21"), ("eve", "00")] {
        let answer = ask(&mut bound, "answers", &[identity, "CH1"]);
        let digits: Vec<char> = answer.trim_matches('"').chars().collect();
        assert_eq!(digits.len(), 64, "{identity}");
        let found = String::from_iter([send, delete].map(|at: usize| digits[at]));
        assert_eq!(found, expected, "{identity}");
    }
}

#[wasm_bindgen_test]
fn texts_cross_as_javascript_counts_their_length() {
    let mut bound = core(Dialect::Chat);
    // ASCII, two and three bytes of one unit, four bytes of two units, nothing, and what separates texts elsewhere.
    let names = ["ada", "\u{e4}\u{f6}", "\u{6f22}\u{5b57}", "\u{1f600}a\u{1f600}", "\0,\n\"\\"];
    assert_eq!(thrown(&ask(&mut bound, "setUser", &["", "service user"])), "invalid-identity at identity");
    for name in names {
        assert_eq!(ask(&mut bound, "setUser", &[name, "service user"]), "true", "{name}");
    }
    let users: Vec<serde_json::Value> = serde_json::from_str(&ask(&mut bound, "users", &[])).unwrap();
    assert_eq!(users.iter().map(|user| user["identity"].as_str().unwrap()).collect::<Vec<_>>(), names);
    // An absent text in the middle, and lengths beyond the texts.
    let absent = u32::MAX;
    let create = Operation::NAMES.iter().position(|name| *name == "createChannel").unwrap() as u32;
    assert_eq!(bound.call(create, "CH1ada", &[3, absent, 3]), "null");
    assert_eq!(thrown(&bound.call(create, "CH2", &[3, 7])), "invalid-channel-type at type");
    assert_eq!(ask(&mut bound, "channels", &[]), r#"[{"sid":"CH1","type":"private","createdBy":"ada"}]"#);
}
