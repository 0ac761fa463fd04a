//! The words that mean something to the model. They are the first texts of every service, so each is known by its number.

use crate::action;
use crate::permission::{self, Dialect, Scope};
use crate::text::Text;
use crate::wire::SNAPSHOT_VERSION;

/// What is no permission and no action.
const OTHERS: [&str; 20] = [
    Dialect::Chat.name(),
    Dialect::Conversations.name(),
    Scope::Service.role_type(Dialect::Chat),
    Scope::Channel.role_type(Dialect::Chat),
    Scope::Service.role_type(Dialect::Conversations),
    Scope::Channel.role_type(Dialect::Conversations),
    "public",
    "private",
    "system",
    "user",
    "member",
    "creator",
    "self",
    "other",
    // How an operation is told yes; see js/operation.rs.
    "true",
    // What the roles of a new service are called.
    "Service Admin",
    "Service User",
    "Channel Admin",
    "Channel User",
    SNAPSHOT_VERSION,
];

const MOST: usize = 1 + 2 * (permission::NAMES.len() + action::NAMES.len()) + OTHERS.len();

/// Each word once, at the place of its number, and how many there are.
const COLLECTED: ([&str; MOST], usize) = {
    let mut words = ([""; MOST], 1);
    let mut at = 0;
    while at < 2 * permission::NAMES.len() {
        words = with(words, permission::NAMES[at / 2][at % 2]);
        at += 1;
    }
    at = 0;
    while at < 2 * action::NAMES.len() {
        words = with(words, action::NAMES[at / 2][at % 2]);
        at += 1;
    }
    at = 0;
    while at < OTHERS.len() {
        words = with(words, OTHERS[at]);
        at += 1;
    }
    words
};

const fn with((mut words, count): ([&'static str; MOST], usize), word: &'static str) -> ([&'static str; MOST], usize) {
    if place(&words, word) < MOST {
        return (words, count);
    }
    words[count] = word;
    (words, count + 1)
}

/// Where a word is; the empty text, which stands for what a dialect has not, is at 0.
const fn place(words: &[&str; MOST], word: &str) -> usize {
    let mut at = 0;
    while at < MOST && !same(words[at].as_bytes(), word.as_bytes()) {
        at += 1;
    }
    at
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// How many words there are, with the empty text.
pub const COUNT: usize = COLLECTED.1;

/// All words, each at the place of its number.
#[must_use]
pub fn all() -> &'static [&'static str] {
    const WORDS: &[&str] = COLLECTED.0.split_at(COUNT).0;
    WORDS
}

impl Text {
    /// A word's number, found out when this is compiled.
    pub const fn of(word: &str) -> Text {
        let at = place(&COLLECTED.0, word);
        assert!(at < MOST, "this is no word of the model's");
        #[expect(clippy::cast_possible_truncation, reason = "there are about a hundred words")]
        Text(at as u32)
    }
}

/// The numbers of names in both dialects; the empty text where a dialect has none.
pub(crate) const fn numbered<const ROWS: usize>(names: &[[&str; 2]; ROWS]) -> [[Text; 2]; ROWS] {
    let mut numbers = [[Text::EMPTY; 2]; ROWS];
    let mut at = 0;
    while at < ROWS {
        numbers[at] = [Text::of(names[at][0]), Text::of(names[at][1])];
        at += 1;
    }
    numbers
}
