//! Texts and their numbers, for Rust. `js/texts.js` is the same for JavaScript.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use crate::answer::{CODES, Cell, PHRASES, cell, phrase};
use crate::decision::Reason;
use crate::error::{Code, Error, Refusal};
use crate::text::{Text, Texts};
use crate::wire::SHAPE;
use crate::word;

/// A text for each number, and a number for each text.
#[derive(Clone)]
pub(crate) struct Names {
    /// Each at the place of its number; the empty text where a number is free, and at 0.
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    free: Vec<u32>,
    /// How much the texts take, and when to look which of them are needed still.
    size: usize,
    limit: usize,
    /// The preview whose draft this is. Until that ends no number is given anew, so that the draft may be compared with its
    /// original by the numbers.
    draft_of: Weak<()>,
    /// Where the next generated SID comes from.
    entropy: u64,
}

/// How much is kept without a look at whether it is needed: bytes, and as much again for each text.
const LEAST: usize = 1 << 13;
const EACH: usize = 32;

/// From here on: texts that are only asked about. Of each call there are a few.
const BROUGHT: u32 = u32::MAX - 512;

impl Names {
    pub fn new(entropy: u64) -> Self {
        let (texts, numbers) = (Vec::new(), HashMap::new());
        let mut names = Self { texts, numbers, free: Vec::new(), size: 0, limit: LEAST, draft_of: Weak::new(), entropy };
        for word in word::all() {
            names.number(word);
        }
        names
    }

    pub fn find(&self, text: &str) -> Option<Text> {
        self.numbers.get(text).map(|number| Text(*number))
    }

    /// The text's number, a new one if it has none yet.
    pub fn number(&mut self, text: &str) -> Text {
        if let Some(known) = self.find(text) {
            return known;
        }
        let shared: Arc<str> = text.into();
        let number = self.free.pop().unwrap_or_else(|| {
            self.texts.push(shared.clone());
            u32::try_from(self.texts.len() - 1).expect("four billion texts do not fit into memory")
        });
        self.texts[number as usize] = shared.clone();
        self.numbers.insert(shared, number);
        self.size += text.len() + EACH;
        Text(number)
    }

    pub fn text(&self, text: Text) -> &str {
        self.texts.get(text.index()).map_or("", |text| text)
    }

    /// Makes this the draft of a preview, and gives what tells it from any other: to be held until it ends.
    pub fn begin_draft(&mut self) -> Arc<()> {
        let preview = Arc::new(());
        self.draft_of = Arc::downgrade(&preview);
        preview
    }

    /// Whether this is still the draft of that preview, or a copy of it: then numbers mean the same here and in its original.
    pub fn is_draft_of(&self, preview: &Arc<()>) -> bool {
        self.draft_of.ptr_eq(&Arc::downgrade(preview))
    }

    /// For each number here the one there, where all the texts are from then on.
    pub fn numbered_in(&self, other: &mut Self) -> Vec<Text> {
        self.texts.iter().map(|text| other.number(text)).collect()
    }

    /// Whether it is time to look which texts are needed still.
    pub fn is_due(&self) -> bool {
        self.size > self.limit && self.draft_of.strong_count() == 0
    }

    /// Forgets the texts that are not needed: a flag for each number.
    pub fn keep(&mut self, is_needed: &[bool]) {
        for (number, text) in self.texts.iter_mut().enumerate() {
            if !text.is_empty() && !is_needed.get(number).copied().unwrap_or_default() {
                let forgotten = core::mem::take(text);
                self.numbers.remove(&forgotten);
                self.free.extend(u32::try_from(number));
                self.size -= forgotten.len() + EACH;
            }
        }
        self.limit = LEAST.max(2 * self.size);
    }

    /// An error in words.
    pub fn error(&self, refusal: &Refusal) -> Error {
        Called::of(self).error(refusal)
    }
}

impl Texts for Names {
    fn are_alike(&self, one: Text, other: Text) -> bool {
        Called::of(self).are_alike(one, other)
    }

    fn letters(&self, text: Text) -> u32 {
        u32::try_from(self.text(text).chars().count()).unwrap_or(u32::MAX)
    }

    fn new_sid(&mut self) -> Text {
        loop {
            let mut sid = String::from("RL");
            for _ in 0..2 {
                // SplitMix64: every state gives another number.
                self.entropy = self.entropy.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mixed = (self.entropy ^ self.entropy >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
                let mixed = mixed ^ mixed >> 31;
                sid.extend((0..16).map(|digit| char::from(b"0123456789abcdef"[(mixed >> (digit * 4) & 15) as usize])));
            }
            if self.find(&sid).is_none() {
                return self.number(&sid);
            }
        }
    }
}

/// The texts of a service, and beside them those that one call asks about. Asking leaves nothing behind.
pub(crate) struct Called<'a> {
    names: &'a Names,
    brought: Vec<&'a str>,
}

impl<'a> Called<'a> {
    pub fn of(names: &'a Names) -> Self {
        Self { names, brought: Vec::new() }
    }

    pub fn number(&mut self, text: &'a str) -> Text {
        if let Some(known) = self.names.find(text) {
            return known;
        }
        let place = self.brought.iter().position(|brought| *brought == text).unwrap_or_else(|| {
            self.brought.push(text);
            self.brought.len() - 1
        });
        Text(BROUGHT + u32::try_from(place).expect("a call asks about a few texts"))
    }

    fn text(&self, text: Text) -> &str {
        match text.0.checked_sub(BROUGHT) {
            Some(place) => self.brought.get(place as usize).copied().unwrap_or_default(),
            None => self.names.text(text),
        }
    }

    pub fn are_alike(&self, one: Text, other: Text) -> bool {
        self.text(one).to_lowercase() == self.text(other).to_lowercase()
    }

    pub fn error(&self, refusal: &Refusal) -> Error {
        let [error, code, rest @ ..] = &refusal.0.0[..] else { unreachable!("a refusal has a code") };
        debug_assert_eq!(*error, phrase::ERROR);
        let mut told = self.say(rest);
        let code = Code::ALL[(code - CODES) as usize];
        let (message, path) = (told.next(), told.next());
        Error { code, path, message }
    }

    /// Puts an answer into words, part by part.
    pub fn say<'b>(&'b self, cells: &'b [Cell]) -> Told<'b> {
        Told { called: self, cells: cells.iter() }
    }
}

/// An answer that is being put into words.
pub(crate) struct Told<'a> {
    called: &'a Called<'a>,
    cells: core::slice::Iter<'a, Cell>,
}

impl Told<'_> {
    pub fn cell(&mut self) -> Cell {
        self.cells.next().copied().unwrap_or(phrase::NOTHING)
    }

    /// The next part.
    pub fn next(&mut self) -> String {
        match self.cell() {
            cell::NUMBER => self.cell().to_string(),
            cell::LIST => {
                let parts: Vec<String> = (0..self.cell()).map(|_| self.next()).collect();
                parts.join(", ")
            }
            cell::PATH => self.path(),
            cell @ cell::TEXT.. => self.called.text(Text(cell - cell::TEXT)).into(),
            phrase => {
                let mut parts = word_of(phrase).split('$');
                let mut said = String::from(parts.next().unwrap_or_default());
                for part in parts {
                    said.push_str(&self.next());
                    said.push_str(part);
                }
                said
            }
        }
    }

    fn path(&mut self) -> String {
        let [section, name, page, row, field, spelling, element] = [(); 7].map(|()| self.cell() as usize);
        let (names, fields) = SHAPE.split(';').nth(section).and_then(|shape| shape.split_once(':')).unwrap_or_default();
        let name_at = |at: usize| names.split('|').nth(at).unwrap_or_default();
        let mut path = String::from(name_at(name));
        if let Some(page) = page.checked_sub(1) {
            path = format!("{path}.{}", name_at(page));
        }
        if let Some(row) = row.checked_sub(1) {
            path = format!("{path}[{row}]");
        }
        if let Some(field) = field.checked_sub(1) {
            let names = fields.split(',').nth(field).unwrap_or_default().trim_end_matches('*');
            let name = names.split('|').nth(spelling / 2).or(names.split('|').next()).unwrap_or_default();
            let dot = if path.is_empty() { "" } else { "." };
            let spelled = if spelling % 2 == 0 { name.into() } else { camel_case(name) };
            path = format!("{path}{dot}{spelled}");
        }
        element.checked_sub(1).map_or(path.clone(), |element| format!("{path}[{element}]"))
    }
}

/// The text of a phrase, or the word of a code or a reason.
pub(crate) fn word_of(phrase: Cell) -> &'static str {
    let at = phrase as usize;
    let code = at.checked_sub(PHRASES.len());
    let reason = code.and_then(|code| code.checked_sub(Code::ALL.len()));
    match (code, reason) {
        (None, _) => PHRASES[at],
        (Some(code), None) => Code::ALL[code].name(),
        (_, Some(reason)) => Reason::ALL[reason].name(),
    }
}

/// `role_sid` as `roleSid`.
pub(crate) fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    let mut starts_word = false;
    for letter in name.chars() {
        if letter != '_' {
            camel.push(if starts_word { letter.to_ascii_uppercase() } else { letter });
        }
        starts_word = letter == '_';
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::{Called, EACH, LEAST, Names};
    use crate::text::Texts;

    #[test]
    fn generated_sids_are_those_of_splitmix64() {
        let mut names = Names::new(0);
        // The generator's published numbers for the seed 0 are e220a8397b1dcdaf, 6e789e6aa1b965f4 and so on: here their lowest
        // digits come first.
        for sid in ["RLfadcd1b7938a022e4f569b1aa6e987e6", "RLf454900881d54c60ce18c4278a8bb88f"] {
            let made = names.new_sid();
            assert_eq!(names.text(made), sid);
        }
    }

    #[test]
    fn names_stay_right_while_others_come_and_go() {
        let text = |n: u32| format!("{n}{}", "é".repeat(n as usize % 7));
        let mut names = Names::new(7);
        let mut known = Vec::new();
        let mut needed = vec![true; names.texts.len()];
        // Each round brings three and forgets the oldest two, so that numbers are given again.
        for round in 0..200 {
            for n in 3 * round..3 * round + 3 {
                let number = names.number(&text(n));
                assert_eq!(names.number(&text(n)), number);
                known.push((n, number));
                needed.resize(names.texts.len(), false);
                needed[number.index()] = true;
            }
            for (_, number) in &known[..2] {
                needed[number.index()] = false;
            }
            names.keep(&needed);
            for (n, _) in known.drain(..2) {
                assert_eq!(names.find(&text(n)), None, "round {round}");
            }
            for (n, number) in &known {
                assert_eq!((names.text(*number), names.find(&text(*n))), (&*text(*n), Some(*number)), "round {round}");
            }
        }
        assert_eq!(known.len(), 200);
        assert!(names.texts.len() < 320, "{} numbers", names.texts.len());
    }

    #[test]
    fn it_is_time_to_look_once_there_is_as_much_again() {
        // 128 bytes each, with what each takes beside its letters.
        fn until_due(names: &mut Names, made: &mut usize) -> usize {
            let before = *made;
            while !names.is_due() {
                names.number(&format!("{made:096}"));
                *made += 1;
            }
            *made - before
        }
        let mut names = Names::new(7);
        // One that makes them come to just as much as there may be.
        names.number(&"x".repeat((LEAST - names.size - EACH) % 128));
        let (words, size) = (names.texts.len(), names.size);
        let mut made = 0;
        let first = (LEAST - size) / 128 + 1;
        assert_eq!(until_due(&mut names, &mut made), first);
        let preview = names.begin_draft();
        assert!(!names.is_due() && names.is_draft_of(&preview));
        drop(preview);
        // All are kept: as much again.
        names.keep(&vec![true; names.texts.len()]);
        let all = size + 128 * first;
        assert_eq!(until_due(&mut names, &mut made), all / 128 + 1);
        // Only the words are kept: as at the start.
        names.keep(&vec![true; words]);
        assert_eq!(names.size, size);
        assert_eq!(until_due(&mut names, &mut made), first);
    }

    #[test]
    fn what_a_call_brings_has_numbers_of_its_own() {
        let mut names = Names::new(7);
        let known = names.number("known");
        let mut called = Called::of(&names);
        // No words of the model's.
        let [one, other] = ["brought first", "brought next"].map(|text| called.number(text));
        let again = ["brought first", "brought next", "known"].map(|text| called.number(text));
        assert_eq!(again, [one, other, known]);
        assert!(one != other && names.text(one).is_empty());
        assert_eq!([one, other, known].map(|text| called.text(text)), ["brought first", "brought next", "known"]);
        assert_eq!((names.find("brought first"), names.find("known")), (None, Some(known)));
    }
}
