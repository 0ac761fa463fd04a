//! JavaScript values as a source of payloads. Nothing here panics or throws, whatever a getter or a proxy does.

use std::cell::RefCell;
use std::sync::Arc;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::payload::{Field, Found, Source};

#[wasm_bindgen(module = "/src/js/values.js")]
extern "C" {
    type Values;
    /// The spellings of a field, as `values.js` keeps them.
    pub(super) type Spellings;

    #[wasm_bindgen(constructor)]
    fn new() -> Values;
    #[wasm_bindgen(method)]
    fn spellings(this: &Values, names: &Array) -> Spellings;
    #[wasm_bindgen(method)]
    fn field(this: &Values, value: &JsValue, spellings: &Spellings) -> i32;
    #[wasm_bindgen(method)]
    fn element(this: &Values, list: &JsValue, index: u32) -> i32;
    #[wasm_bindgen(method, js_name = element)]
    fn property(this: &Values, list: &JsValue, name: &str) -> i32;
    #[wasm_bindgen(method, catch)]
    fn kind(this: &Values, value: &JsValue) -> Result<i32, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn found(this: &Values) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = found)]
    fn string(this: &Values) -> String;
    #[wasm_bindgen(method, getter, js_name = found)]
    fn number(this: &Values) -> f64;

    #[wasm_bindgen(method, getter)]
    fn last(this: &Spellings) -> u32;
}

/// The values of one payload, and the strings in it so far: each distinct one crosses once.
pub(super) struct JsSource {
    values: Values,
    strings: RefCell<Vec<Arc<str>>>,
}

impl JsSource {
    pub fn new() -> Self {
        Self { values: Values::new(), strings: RefCell::default() }
    }

    /// What a value is. To ask a revoked proxy whether it is a list throws.
    pub fn look_at(&self, value: &JsValue) -> Found<JsValue> {
        self.values.kind(value).map_or(Found::Unreadable, |kind| self.found(kind))
    }

    /// What the numbers of `values.js` mean.
    fn found(&self, kind: i32) -> Found<JsValue> {
        match kind {
            0.. => Found::String(self.string(kind.unsigned_abs() as usize)),
            -1 => Found::Absent,
            -2 => Found::Null,
            -3 => Found::Bool(false),
            -4 => Found::Bool(true),
            -5 => Found::Number,
            -6 => Found::List(self.values.found()),
            -7 => Found::Object(self.values.found()),
            -9 => Found::IllFormed,
            -10 => Found::TooLong,
            -11 => Found::Unreadable,
            _ => Found::Other,
        }
    }

    fn string(&self, number: usize) -> Arc<str> {
        let mut strings = self.strings.borrow_mut();
        if number == strings.len() {
            strings.push(self.values.string().into());
        }
        Arc::clone(&strings[number])
    }
}

/// The spellings of a field as JavaScript strings: made once, since every load needs the same.
fn names_of(field: Field) -> Array {
    thread_local! {
        static KNOWN: RefCell<Vec<(Field, Array)>> = const { RefCell::new(Vec::new()) };
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some((_, names)) = known.iter().find(|(known, _)| std::ptr::eq(*known, field)) {
            return names.clone();
        }
        let names: Array = field.spellings().iter().map(|name| JsValue::from_str(name)).collect();
        known.push((field, names.clone()));
        names
    })
}

impl Source for JsSource {
    type Value = JsValue;
    type Spellings = Spellings;

    fn spellings(&self, field: Field) -> Spellings {
        self.values.spellings(&names_of(field))
    }

    fn field(&self, of: &JsValue, spellings: &Spellings) -> Found<JsValue> {
        self.found(self.values.field(of, spellings))
    }

    fn spelling(&self, spellings: &Spellings) -> usize {
        spellings.last() as usize
    }

    fn element(&self, list: &JsValue, index: usize) -> Found<JsValue> {
        #[expect(clippy::cast_possible_truncation, reason = "a list of JavaScript has no more elements")]
        self.found(self.values.element(list, index as u32))
    }

    fn length(&self, list: &JsValue) -> Option<usize> {
        let Found::Number = self.found(self.values.property(list, "length")) else { return None };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a proxy may return any number: none is no length"
        )]
        Some(self.values.number() as usize)
    }

    fn names(&self, of: &JsValue) -> Vec<String> {
        let of_all_objects = Object::get_prototype_of(&Object::new());
        let mut names = Vec::new();
        // An instance of a class may have all its fields as getters of the class.
        for holder in [Ok(of.clone()), Reflect::get_prototype_of(of).map(JsValue::from)].into_iter().flatten() {
            let is_class = holder.is_object() && !Object::is(&holder, &of_all_objects);
            let Some(keys) = Reflect::own_keys(&holder).ok().filter(|_| is_class) else { continue };
            for key in keys.iter() {
                if names.len() < 100 {
                    names.extend(key.as_string());
                }
            }
        }
        names
    }

    fn to_json(&self, of: &JsValue) -> Found<JsValue> {
        match Reflect::get(of, &"toJSON".into()).map(JsCast::dyn_into::<Function>) {
            Err(_) => Found::Unreadable,
            Ok(Err(_)) => Found::Absent,
            Ok(Ok(to_json)) => to_json.call0(of).map_or(Found::Unreadable, |json| self.look_at(&json)),
        }
    }
}
