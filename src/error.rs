//! The one error type: a stable code, the path of what is wrong, and a sentence.

use alloc::{boxed::Box, string::String};
use core::fmt;

use crate::answer::{Answer, CODES, Cell, phrase};
use crate::text::Text;

words! {
    /// What went wrong, as a stable word.
    Code:
    InvalidPayload "invalid-payload" "What is loaded is not an object."
    InvalidType "invalid-type" "A field holds another type of value than it must."
    InvalidText "invalid-text" "A text is not well-formed Unicode (it has a lone surrogate)."
    InvalidJson "invalid-json" "A text is not JSON (Rust only: JavaScript loads objects)."
    MissingField "missing-field" "A row lacks a field that it needs."
    Unreadable "unreadable" "Reading a field threw: a getter, or a proxy."
    UnsupportedVersion "unsupported-version" "A snapshot was written by a newer version of rolecall."
    InvalidDialect "invalid-dialect" "A dialect is neither \"chat\" nor \"conversations\"."
    InvalidScope "invalid-scope" "A role's type or a scope is none of the known ones."
    InvalidChannelType "invalid-channel-type" "A channel's type is neither \"public\" nor \"private\"."
    InvalidIdentity "invalid-identity" "An identity is empty."
    InvalidSid "invalid-sid" "A SID is empty."
    InvalidName "invalid-name" "A friendly name is not 1 to 64 characters long, or an action's name is empty."
    InvalidArgument "invalid-argument" "An argument has the wrong type."
    EmptyPermissions "empty-permissions" "A role would be left without a permission."
    UnknownPermission "unknown-permission" "No role and no action of the service knows this permission: a misspelling?"
    OutOfScope "out-of-scope" "A permission is not valid in the scope of the role."
    NoCounterpart "no-counterpart" "What was asked for does not exist in the service's dialect."
    TooManyPermissions "too-many-permissions" "An application's own permissions are more than 41."
    TooManyActions "too-many-actions" "An application's own actions are more than 45."
    UnknownRole "unknown-role" "No role has this SID or friendly name."
    AmbiguousRole "ambiguous-role" "More than one role has this friendly name."
    DuplicateRole "duplicate-role" "A role with this SID exists already."
    WrongScope "wrong-scope" "A role of one scope was given where one of the other is needed."
    NoDefaultRole "no-default-role" "No role was given, and the service has no default for it."
    UnknownChannel "unknown-channel" "No channel with this SID is known."
    DuplicateChannel "duplicate-channel" "A channel with this SID exists already."
    UnknownInvite "unknown-invite" "There is no such invite."
    UnknownAction "unknown-action" "No action has this name."
    DuplicateAction "duplicate-action" "An action with this name and another rule exists already."
    TooLarge "too-large" "A payload is larger than a load may be or than the memory there is, or an argument or an answer is longer than it may be."
    TooManyChanges "too-many-changes" "A preview would list more than 500,000 changes."
    PermissionDenied "permission-denied" "The action is not allowed (thrown by `require`)."
    Freed "freed" "The service was used after `free()`."
    NotReady "not-ready" "The WebAssembly module is not there yet, or could not be instantiated."
    Broken "broken" "The WebAssembly ran out of memory or of stack. The service to which it happened answers nothing any more."
    EndlessListeners "endless-listeners" "Listeners changed the service a thousand times in a row, and were told no further (reported, not thrown)."
}

/// Why a call failed. A failed call has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub(crate) code: Code,
    /// Empty where a path says nothing.
    pub(crate) path: String,
    pub(crate) message: String,
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Where in the payload or the arguments: `roles[3].permissions[1]`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        Some(self.path.as_str()).filter(|path| !path.is_empty())
    }

    /// The sentence alone, without code and path.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().name())?;
        if let Some(path) = self.path() {
            f.write_str(" at ")?;
            f.write_str(path)?;
        }
        f.write_str(": ")?;
        f.write_str(self.message())
    }
}

impl core::error::Error for Error {}

/// What every fallible call of this crate returns.
pub type Result<T> = core::result::Result<T, Error>;

/// The same before it is put into words: code, message, path. Behind one word, so that what may fail hands no more back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub Box<Answer>);

/// What every fallible step of the model returns.
pub(crate) type Checked<T> = core::result::Result<T, Refusal>;

impl Refusal {
    /// Without a gap to fill and without a path.
    #[cold]
    #[inline(never)]
    pub fn of(code: Code, phrase: Cell) -> Self {
        Self::new(code, &[phrase])
    }

    /// With one gap, for a text.
    #[cold]
    #[inline(never)]
    pub fn about(code: Code, phrase: Cell, text: Text) -> Self {
        Self::new(code, &[phrase, text.cell()])
    }

    #[cold]
    #[inline(never)]
    pub fn new(code: Code, message: &[Cell]) -> Self {
        let mut answer = Answer::default();
        answer.say(phrase::ERROR);
        answer.say(CODES + code as Cell);
        answer.say_all(message);
        answer.say(phrase::NOTHING);
        Self(Box::new(answer))
    }

    /// The same, in an argument or at a path in a payload.
    #[cold]
    #[inline(never)]
    pub fn at(mut self, path: &[Cell]) -> Self {
        self.0.0.pop();
        self.0.say_all(path);
        self
    }

    /// The same, in an argument.
    #[cold]
    #[inline(never)]
    pub fn at_argument(self, argument: Cell) -> Self {
        self.at(&[argument])
    }
}
