//! A channel's own facts: its state, and how its SID looks.

use std::sync::Arc;

use crate::spelling::is_same_word;

/// What a channel's state means for what may be done in it.
///
/// Twilio's page on states and timers of conversations lists them. A Chat channel has none: it is active.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) enum State {
    #[default]
    Active,
    /// As active: a message wakes it.
    Inactive,
    /// Nothing can be changed any more.
    Closed,
    /// Nothing can be changed yet.
    Initializing,
    /// A word that is no state, kept as it came. Counts as closed.
    Unknown(Arc<str>),
}

impl State {
    /// The four that there are.
    const KNOWN: [State; 4] = [State::Active, State::Inactive, State::Closed, State::Initializing];

    /// How it is written.
    pub fn name(&self) -> &str {
        match self {
            State::Active => "active",
            State::Inactive => "inactive",
            State::Closed => "closed",
            State::Initializing => "initializing",
            State::Unknown(name) => name,
        }
    }

    /// The state of that name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|state| is_same_word(state.name(), name))
    }

    /// Whether things in the channel can be changed.
    pub fn is_open(&self) -> bool {
        matches!(self, State::Active | State::Inactive)
    }
}

/// Whether a channel's `type` says that it is public; `None` for a word that is no type.
pub(crate) fn is_public(channel_type: &str) -> Option<bool> {
    [("public", true), ("private", false)]
        .into_iter()
        .find(|(name, _)| is_same_word(name, channel_type))
        .map(|(_, public)| public)
}

/// How a channel's `type` is written.
pub(crate) const fn channel_type(public: bool) -> &'static str {
    if public { "public" } else { "private" }
}

/// Whether a string has the form of a channel's SID: `CH` and 32 hexadecimal digits.
pub(crate) fn is_sid(text: &str) -> bool {
    text.strip_prefix("CH").is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What the services write for the creator of a channel that no user created.
pub(crate) const SYSTEM: &str = "system";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_in_any_case() {
        let table = [
            ("active", Some(State::Active)),
            ("INACTIVE", Some(State::Inactive)),
            ("Closed", Some(State::Closed)),
            ("initializing", Some(State::Initializing)),
            ("archived", None),
            ("", None),
        ];
        for (name, state) in table {
            assert_eq!(State::named(name), state, "{name}");
        }
    }

    #[test]
    fn a_sid_has_its_form() {
        let table = [
            ("CH0123456789abcdef0123456789ABCDEF", true),
            ("CH0123456789abcdef0123456789abcde", false),
            ("CH0123456789abcdef0123456789abcdeg", false),
            ("RL0123456789abcdef0123456789abcdef", false),
            ("CH1", false),
            ("", false),
        ];
        for (text, is) in table {
            assert_eq!(is_sid(text), is, "{text}");
        }
    }
}
