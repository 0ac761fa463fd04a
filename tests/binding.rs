//! The binding in a browser: what JavaScript hands over is read as its JSON twin is, and nothing hostile gets past.
#![cfg(all(target_arch = "wasm32", feature = "js", feature = "json"))]

use js_sys::{JSON, Reflect};
use rolecall::js::Core;
use rolecall::{Dialect, Service, tables};
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[allow(dead_code, reason = "only the names are of use here")]
#[path = "../src/js/operation.rs"]
mod operation;

use operation::Operation;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/src/js/texts.js")]
extern "C" {
    type Texts;

    #[wasm_bindgen(constructor)]
    fn new(tables: &JsValue) -> Texts;
    #[wasm_bindgen(method)]
    fn enter(this: &Texts);
    #[wasm_bindgen(method)]
    fn number(this: &Texts, text: &str) -> u32;
    #[wasm_bindgen(method)]
    fn read(this: &Texts, payload: &JsValue, room: u32) -> JsValue;
    #[wasm_bindgen(method, setter)]
    fn set_reading(this: &Texts, reading: &JsValue);
    #[wasm_bindgen(method)]
    fn say(this: &Texts, cells: &[u32]) -> String;
    #[wasm_bindgen(method)]
    fn keep(this: &Texts, bits: &[u32]);
    #[wasm_bindgen(method, getter, js_name = isDue)]
    fn is_due(this: &Texts) -> bool;
}

/// A service with its texts, as the package holds it.
struct Bound {
    core: Core,
    texts: Texts,
}

impl Bound {
    /// A new one, with the default roles or empty.
    fn new(dialect: Dialect, with_roles: bool) -> Self {
        let (all, tables) = (js_sys::Object::new(), tables());
        let texts = [("words", tables.words.join("|")), ("phrases", tables.phrases.join("|")), ("shape", tables.shape.into())];
        for (name, text) in texts {
            Reflect::set(&all, &name.into(), &text.into()).unwrap();
        }
        let mut bound = Self { core: Core::new(), texts: Texts::new(&all) };
        let roles = with_roles.then_some("true");
        assert_eq!(bound.call("begin", &[Some(dialect.name()), roles]), "null");
        bound
    }

    /// The answer of an operation, by its name, or `code at path` of its error.
    fn call(&mut self, name: &str, texts: &[Option<&str>]) -> String {
        let number = Operation::NAMES.iter().position(|known| *known == name).unwrap();
        let numbers: Vec<u32> = texts.iter().map(|text| text.map_or(u32::MAX, |text| self.texts.number(text))).collect();
        self.texts.enter();
        let cells = self.core.call(0, number as u32, &numbers);
        let answer = self.texts.say(&cells);
        match cells[0] {
            2 => {
                let [code, _, path]: [String; 3] = serde_json::from_str(&answer).unwrap();
                format!("{code} at {path}")
            }
            _ => answer,
        }
    }

    /// The same with texts that are all there.
    fn ask(&mut self, name: &str, texts: &[&str]) -> String {
        self.call(name, &texts.iter().copied().map(Some).collect::<Vec<_>>())
    }

    fn load(&mut self, payload: &JsValue, replace: bool) -> String {
        let reading = self.texts.read(payload, tables().most_places);
        self.texts.set_reading(&reading);
        self.call("load", &[replace.then_some("true")])
    }

    fn snapshot(&mut self) -> Value {
        sorted(&self.ask("snapshot", &[]))
    }
}

/// A snapshot with its rows in one order: SIDs are made otherwise here and there, and so are their numbers.
fn sorted(snapshot: &str) -> Value {
    let mut value: Value = serde_json::from_str(snapshot).unwrap();
    for section in value.as_object_mut().unwrap().values_mut() {
        if let Value::Array(rows) = section {
            rows.sort_by_key(ToString::to_string);
        }
    }
    value
}

/// What a JavaScript expression gives.
fn value(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).unwrap_or_else(|error| panic!("{expression}: {error:?}"))
}

/// What a payload may meet.
const TOWN: &str = r#"{"roles":[
    {"sid":"RL1","friendly_name":"Citizen","type":"deployment","permissions":["createChannel","joinChannel","pin"]},
    {"sid":"RL2","friendly_name":"Guest","type":"channel","permissions":["sendMessage","deleteOwnMessage","createChannel"]}],
    "users":[{"identity":"ada","role_sid":"RL1"},{"identity":"ben","role_sid":"RL9"},{"identity":"cy"}],
    "channels":[{"sid":"CH1","type":"public","created_by":"ada"}],
    "members":[{"channel_sid":"CH1","identity":"ada","role_sid":"RL2"},{"channel_sid":"CH2","identity":"eve","role_sid":"RL9"}],
    "invites":[{"channel_sid":"CH2","identity":"ben","role_sid":"RL2"}],
    "service":{"default_service_role_sid":"RL1"}}"#;

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
                let mut native = Service::empty(dialect, 0);
                let mut bound = Bound::new(dialect, false);
                native.load_json(TOWN, false).unwrap();
                bound.load(&value(TOWN), false);
                assert_eq!(bound.snapshot(), sorted(&native.to_json()));
                let expected = match native.load_json(payload, replace) {
                    Ok(report) => serde_json::to_value(&report).unwrap(),
                    Err(error) => format!("{} at {}", error.code().name(), error.path().unwrap_or_default()).into(),
                };
                let answer = bound.load(&value(payload), replace);
                let found: Value = serde_json::from_str(&answer).unwrap_or(Value::String(answer));
                assert_eq!(found, expected, "{payload}");
                assert_eq!(bound.snapshot(), sorted(&native.to_json()), "{payload}");
            }
        }
    }
}

#[wasm_bindgen_test]
fn both_put_answers_into_the_same_words() {
    let mut native = Service::empty(Dialect::Chat, 0);
    let mut bound = Bound::new(Dialect::Chat, false);
    native.load_json(TOWN, false).unwrap();
    bound.load(&value(TOWN), false);
    let mut compared = 0;
    for identity in ["ada", "ben", "cy", "eve", "nobody \"\\\u{1f600}"] {
        for channel in [None, Some("CH1"), Some("CH2"), Some("elsewhere")] {
            for action in ["sendMessage", "deleteMessage", "joinChannel", "viewChannel", "createChannel", "no action"] {
                for owner in [None, Some("ada"), Some(identity)] {
                    let explained = native.ability(identity, channel).explain(action, owner);
                    let expected = match explained {
                        Ok(decision) => serde_json::to_value(&decision).unwrap(),
                        Err(error) => format!("{} at ", error.code().name()).into(),
                    };
                    let answer = bound.call("explain", &[Some(identity), channel, Some(action), owner]);
                    let found: Value = serde_json::from_str(&answer).unwrap_or(Value::String(answer));
                    assert_eq!(found, expected, "{identity} in {channel:?}: {action} of {owner:?}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 5 * 4 * 6 * 3);
}

#[wasm_bindgen_test]
fn a_front_end_in_rust_hands_over_what_serde_makes_and_reads_what_comes_back() {
    use serde::Serialize;
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    for payload in PAYLOADS {
        let written: Value = serde_json::from_str(payload).unwrap();
        let made = written.serialize(&serializer).unwrap();
        let (mut one, mut other) = (Bound::new(Dialect::Chat, false), Bound::new(Dialect::Chat, false));
        assert_eq!(one.load(&made, false), other.load(&value(payload), false), "{payload}");

        let returned: Value = serde_wasm_bindgen::from_value(JSON::parse(&one.ask("snapshot", &[])).unwrap()).unwrap();
        assert_eq!(returned, serde_json::from_str::<Value>(&other.ask("snapshot", &[])).unwrap(), "{payload}");
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
    let mut bound = Bound::new(Dialect::Chat, true);
    assert_eq!(bound.ask("setUser", &["ada"]), "true");
    let before = bound.snapshot();
    for (payload, expected) in table {
        assert_eq!(bound.load(&value(payload), true), expected, "{payload}");
        assert_eq!(bound.snapshot(), before, "{payload}");
    }
    assert_eq!(bound.ask("role", &["service user"])[..7], *"{\"sid\":", "it still answers");
}

#[wasm_bindgen_test]
fn a_getter_runs_once() {
    let payload = value(
        "(() => { const read = []; const note = (name, value) => ({ get: () => { read.push(name); return value }, enumerable: true });
        const user = Object.defineProperties({}, { identity: note('identity', 'ada'), role_sid: note('role_sid', 'RL1') });
        return Object.defineProperty({ read }, 'users', note('users', [user])) })()",
    );
    Bound::new(Dialect::Chat, false).load(&payload, false);
    let read = Reflect::get(&payload, &"read".into()).unwrap();
    assert_eq!(String::from(JSON::stringify(&read).unwrap()), r#"["users","identity","role_sid"]"#);
}

#[wasm_bindgen_test]
fn what_is_allowed_comes_as_bits() {
    let mut bound = Bound::new(Dialect::Chat, true);
    assert_eq!(bound.ask("createChannel", &["CH1", "private", "ada"]), "true");
    assert_eq!(bound.ask("setMember", &["CH1", "ben"]), "true");
    let [send, delete] = ["sendMessage", "deleteMessage"].map(|name| bound.ask("action", &[name]).parse::<u32>().unwrap());
    // Who, then whether sending is allowed, and deleting what is somebody else's and what is one's own.
    for (identity, expected) in [("ada", [1, 1, 1]), ("ben", [1, 0, 1]), ("eve", [0, 0, 0])] {
        let [others, _, own, _]: [u32; 4] = serde_json::from_str(&bound.ask("answers", &[identity, "CH1"])).unwrap();
        assert_eq!([others >> send & 1, others >> delete & 1, own >> delete & 1], expected, "{identity}");
    }
}

#[wasm_bindgen_test]
fn texts_come_out_as_they_went_in() {
    let mut bound = Bound::new(Dialect::Chat, true);
    // What JSON escapes, what means something in a phrase, letters of one to four bytes, and what separates texts elsewhere.
    let names = ["ada", "\u{e4}\u{f6}", "\u{6f22}\u{5b57}", "\u{1f600}a\u{1f600}", "\0,\n\"\\|$;", "$", "createChannel"];
    assert_eq!(bound.ask("setUser", &["", "service user"]), "invalid-identity at identity");
    for name in names {
        assert_eq!(bound.ask("setUser", &[name, "service user"]), "true", "{name}");
    }
    let users: Vec<Value> = serde_json::from_str(&bound.ask("users", &[])).unwrap();
    let mut found: Vec<&str> = users.iter().map(|user| user["identity"].as_str().unwrap()).collect();
    found.sort_unstable();
    let mut expected = names.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
    // An absent text in the middle.
    assert_eq!(bound.call("createChannel", &[Some("CH1"), None, Some("ada")]), "true");
    assert_eq!(bound.ask("createChannel", &["CH2", "open"]), "invalid-channel-type at type");
    assert_eq!(bound.ask("channels", &[]), r#"[{"sid":"CH1","type":"private","createdBy":"ada"}]"#);
}

#[wasm_bindgen_test]
fn a_text_that_nothing_names_any_more_is_forgotten_and_its_number_given_again() {
    let mut bound = Bound::new(Dialect::Chat, true);
    assert_eq!(bound.ask("createChannel", &["CH1", "private", "ada"]), "true");
    let before = bound.snapshot();
    let mut highest = 0;
    for round in 0..4000 {
        let guest = format!("a guest with a long name, the {round}th of all");
        assert_eq!(bound.ask("setMember", &["CH1", &guest]), "true");
        assert_eq!(bound.ask("removeMember", &["CH1", &guest]), "true");
        highest = highest.max(bound.texts.number(&guest));
        if bound.texts.is_due() {
            bound.texts.enter();
            let tidy = Operation::NAMES.iter().position(|name| *name == "tidy").unwrap();
            let bits = bound.core.call(0, tidy as u32, &[]);
            bound.texts.keep(&bits);
        }
    }
    assert!(highest < 500, "{highest}");
    assert_eq!(bound.snapshot(), before);
}
