//! The one error type: a stable code, the path of what is wrong, and a sentence that helps.

use std::fmt;

use crate::action::Action;
use crate::permission::Permission;

words! {
    /// What went wrong, as a stable word.
    Code:
    InvalidPayload "invalid-payload" "What is loaded is no object, or has no section that could be read."
    InvalidType "invalid-type" "A field holds a value of another type than it must."
    InvalidString "invalid-string" "A string is not well-formed Unicode: it has a lone surrogate."
    InvalidJson "invalid-json" "A string is not JSON (Rust only: JavaScript loads objects)."
    MissingField "missing-field" "A row lacks a field that it needs."
    Unreadable "unreadable" "Reading a field threw: a getter, a proxy or a `toJSON`."
    UnsupportedVersion "unsupported-version" "A newer version of rolecall wrote the snapshot."
    InvalidDialect "invalid-dialect" "A dialect is neither \"chat\" nor \"conversations\"."
    InvalidScope "invalid-scope" "A role's type or a scope is none of the known ones."
    InvalidChannelType "invalid-channel-type" "A channel's type is neither \"public\" nor \"private\"."
    InvalidState "invalid-state" "A channel's state is none of the four."
    InvalidIdentity "invalid-identity" "An identity is empty."
    InvalidSid "invalid-sid" "A SID is empty."
    InvalidName "invalid-name" "A friendly name is not 1 to 64 characters long, a unique name looks like a SID, or a name is empty."
    InvalidArgument "invalid-argument" "An argument has the wrong type, or a field that does not exist."
    EmptyPermissions "empty-permissions" "A role would be left without a permission."
    UnknownPermission "unknown-permission" "No role and no action of the service knows this permission: a misspelling?"
    OutOfScope "out-of-scope" "A permission is not valid in the scope of the role."
    NoCounterpart "no-counterpart" "What was asked for does not exist in the service's dialect."
    TooManyPermissions "too-many-permissions" "An application's own permissions are more than 41."
    TooManyActions "too-many-actions" "An application's own actions are more than 45."
    UnknownRole "unknown-role" "No role has this SID or friendly name."
    AmbiguousRole "ambiguous-role" "More than one role has this friendly name."
    DuplicateRole "duplicate-role" "A role with this SID exists already."
    WrongScope "wrong-scope" "A role of one scope was named where one of the other is needed."
    NoDefaultRole "no-default-role" "No role was named, and the service has no default for it."
    UnknownChannel "unknown-channel" "No channel with this SID or unique name is known."
    DuplicateChannel "duplicate-channel" "A channel with this SID or this unique name exists already."
    WrongChannel "wrong-channel" "A row is about another channel than the load."
    UnknownInvite "unknown-invite" "There is no such invite."
    UnknownAction "unknown-action" "No action has this name."
    DuplicateAction "duplicate-action" "An action with this name and another rule exists already."
    TooLarge "too-large" "A payload, a string or a list is larger than it may be."
    TooManyChanges "too-many-changes" "A preview would list more than 500,000 changes."
    PermissionDenied "permission-denied" "The action is not allowed (thrown by `require`)."
    Freed "freed" "The service was used after `free()`."
    NotReady "not-ready" "The WebAssembly is not there yet (`rolecall/slim` before `init`), or could not be fetched or compiled."
    WebassemblyMissing "webassembly-missing" "The engine has no WebAssembly."
    WebassemblyBlocked "webassembly-blocked" "A policy forbids WebAssembly."
    InitRequired "init-required" "The engine compiles this much only asynchronously: `await init()` first."
    Broken "broken" "The WebAssembly ran out of memory or of stack. The service to which it happened answers nothing any more."
    EndlessListeners "endless-listeners" "Listeners changed the service a thousand times in a row; no further one is called (reported, not thrown)."
    Stopped "stopped" "Following the SDK was ended before its first lists were in (`ready` of `rolecall/twilio`)."
}

/// Why a call failed. A failed call has changed nothing.
///
/// Behind one pointer, so that what may fail returns no more than that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Failure>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Failure {
    problem: Problem,
    /// Empty where a path does not help.
    path: String,
}

/// What every call of this crate that can fail returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.problem.code()
    }

    /// Where in the payload or the arguments: `roles[3].permissions[1]`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        Some(self.0.path.as_str()).filter(|path| !path.is_empty())
    }

    /// The sentence alone, without code and path.
    #[must_use]
    pub fn message(&self) -> String {
        self.0.problem.to_string()
    }

    /// The same problem, in an argument or at a path in a payload.
    #[must_use]
    pub(crate) fn at(mut self, path: impl Into<String>) -> Self {
        self.0.path = path.into();
        self
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self(Box::new(Failure { problem, path: String::new() }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().name())?;
        if let Some(path) = self.path() {
            write!(f, " at {path}")?;
        }
        write!(f, ": {}", self.0.problem)
    }
}

impl std::error::Error for Error {}

/// What went wrong, with all that a sentence about it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    // Reading a payload.
    NoPayload {
        found: &'static str,
    },
    /// With the section that it is probably of.
    BareList(Option<&'static str>),
    NoSection {
        fields: Vec<String>,
        meant: Option<&'static str>,
    },
    WrongType {
        expected: &'static str,
        found: &'static str,
    },
    IllFormed,
    #[cfg_attr(not(feature = "json"), allow(dead_code, reason = "JavaScript loads objects"))]
    NoJson(String),
    Missing,
    Pending,
    Unreadable,
    NewerSnapshot(String),
    TooLarge,
    WrongChannel {
        named: String,
        loading: String,
    },

    // Words that are none.
    NoDialect(String),
    #[cfg_attr(not(feature = "js"), allow(dead_code, reason = "Rust has an enum"))]
    NoScope(String),
    NoRoleType(String),
    NoChannelType(String),
    NoState(String),
    #[cfg_attr(not(feature = "js"), allow(dead_code, reason = "Rust has an enum"))]
    NoDefaultFor(String),

    // Names that are none.
    EmptyIdentity,
    EmptySid,
    EmptyName,
    NameLength,
    NameLikeSid(String),

    // Permissions and actions.
    NoPermissions,
    LastPermission,
    UnknownPermission {
        name: String,
        meant: Option<String>,
    },
    OutOfScope {
        name: String,
        role_type: &'static str,
    },
    NoPermissionInConversations(String),
    UnknownAction {
        name: String,
        meant: Option<String>,
    },
    IsAPermission {
        name: String,
        action: Option<String>,
    },
    DuplicateAction(String),
    TooManyActions(String),
    TooManyPermissions,

    // Roles.
    UnknownRole {
        name: String,
        meant: Option<String>,
    },
    AmbiguousRole {
        name: String,
        sids: Vec<String>,
    },
    DuplicateRole(String),
    WrongScope {
        name: String,
        needed: &'static str,
    },
    NoDefaultRole(&'static str),

    // Channels and invites.
    UnknownChannel(String),
    DuplicateChannel(String),
    DuplicateUniqueName(String),
    AlwaysPrivate,
    NoInvites,
    UnknownInvite {
        channel: String,
        identity: String,
    },

    TooManyChanges,
    Denied(String),
}

impl Problem {
    fn code(&self) -> Code {
        match self {
            Problem::NoPayload { .. } | Problem::BareList(_) | Problem::NoSection { .. } => Code::InvalidPayload,
            Problem::WrongType { .. } | Problem::Pending => Code::InvalidType,
            Problem::IllFormed => Code::InvalidString,
            Problem::NoJson(_) => Code::InvalidJson,
            Problem::Missing => Code::MissingField,
            Problem::Unreadable => Code::Unreadable,
            Problem::NewerSnapshot(_) => Code::UnsupportedVersion,
            Problem::TooLarge => Code::TooLarge,
            Problem::WrongChannel { .. } => Code::WrongChannel,
            Problem::NoDialect(_) => Code::InvalidDialect,
            Problem::NoScope(_) | Problem::NoRoleType(_) => Code::InvalidScope,
            Problem::NoChannelType(_) => Code::InvalidChannelType,
            Problem::NoState(_) => Code::InvalidState,
            Problem::NoDefaultFor(_) => Code::InvalidArgument,
            Problem::EmptyIdentity => Code::InvalidIdentity,
            Problem::EmptySid => Code::InvalidSid,
            Problem::EmptyName | Problem::NameLength | Problem::NameLikeSid(_) => Code::InvalidName,
            Problem::NoPermissions | Problem::LastPermission => Code::EmptyPermissions,
            Problem::UnknownPermission { .. } => Code::UnknownPermission,
            Problem::OutOfScope { .. } => Code::OutOfScope,
            Problem::NoPermissionInConversations(_) | Problem::AlwaysPrivate | Problem::NoInvites => Code::NoCounterpart,
            Problem::UnknownAction { .. } | Problem::IsAPermission { .. } => Code::UnknownAction,
            Problem::DuplicateAction(_) => Code::DuplicateAction,
            Problem::TooManyActions(_) => Code::TooManyActions,
            Problem::TooManyPermissions => Code::TooManyPermissions,
            Problem::UnknownRole { .. } => Code::UnknownRole,
            Problem::AmbiguousRole { .. } => Code::AmbiguousRole,
            Problem::DuplicateRole(_) => Code::DuplicateRole,
            Problem::WrongScope { .. } => Code::WrongScope,
            Problem::NoDefaultRole(_) => Code::NoDefaultRole,
            Problem::UnknownChannel(_) => Code::UnknownChannel,
            Problem::DuplicateChannel(_) | Problem::DuplicateUniqueName(_) => Code::DuplicateChannel,
            Problem::UnknownInvite { .. } => Code::UnknownInvite,
            Problem::TooManyChanges => Code::TooManyChanges,
            Problem::Denied(_) => Code::PermissionDenied,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NoPayload { found } => {
                write!(f, "a payload is an object with sections such as roles, users and members; found {found}")
            }
            Problem::BareList(section) => {
                f.write_str("a payload is an object; put this list under the name of its section")?;
                match section {
                    Some(section) => write!(f, ": {section}"),
                    None => f.write_str(", such as { roles: [] }"),
                }
            }
            Problem::NoSection { fields, meant } => {
                let fields = fields.join(", ");
                write!(
                    f,
                    "no section of a payload was found, such as roles, users, channels or members; its fields are: {fields}"
                )?;
                did_you_mean(f, *meant)
            }
            Problem::WrongType { expected, found } => write!(f, "expected {expected}, found {found}"),
            Problem::IllFormed => f.write_str("the string has a lone surrogate, which is no Unicode"),
            Problem::NoJson(reason) => f.write_str(reason),
            Problem::Missing => f.write_str("this field is missing"),
            Problem::Pending => f.write_str("this is a promise or a response: await it, and pass what its json() returns"),
            Problem::Unreadable => f.write_str("reading this threw an exception"),
            Problem::NewerSnapshot(version) => {
                write!(f, "the snapshot is of version {version}; this rolecall reads versions 1 and 2")
            }
            Problem::TooLarge => f.write_str("this is more than a service can hold"),
            Problem::WrongChannel { named, loading } => {
                write!(f, "this row is about the channel {named}, but the load is about {loading}")
            }
            Problem::NoDialect(name) => write!(f, "a dialect is chat or conversations, not “{name}”"),
            Problem::NoScope(name) => write!(f, "a scope is service or channel, not “{name}”"),
            Problem::NoRoleType(name) => write!(f, "a role’s type is {ROLE_TYPES}, not “{name}”"),
            Problem::NoChannelType(name) => write!(f, "a channel’s type is public or private, not “{name}”"),
            Problem::NoState(name) => {
                write!(f, "a channel’s state is active, inactive, closed or initializing, not “{name}”")
            }
            Problem::NoDefaultFor(name) => write!(f, "a default role is for a user, a member or a creator, not “{name}”"),
            Problem::EmptyIdentity => f.write_str("an identity must not be empty"),
            Problem::EmptySid => f.write_str("a SID must not be empty"),
            Problem::EmptyName => f.write_str("a name must not be empty"),
            Problem::NameLength => f.write_str("a role’s name has 1 to 64 characters"),
            Problem::NameLikeSid(name) => {
                write!(f, "the unique name “{name}” looks like a SID, so no call would find the channel by it")
            }
            Problem::NoPermissions => f.write_str("a role has at least one permission"),
            Problem::LastPermission => f.write_str("a role keeps at least one permission, and this is its last"),
            Problem::UnknownPermission { name, meant } => {
                write!(f, "no role and no action knows a permission “{name}”")?;
                did_you_mean(f, meant.as_deref())
            }
            Problem::OutOfScope { name, role_type } => write!(f, "{name} is not valid in a role of type {role_type}"),
            Problem::NoPermissionInConversations(name) => write!(f, "Conversations has no permission {name}"),
            Problem::UnknownAction { name, meant } => {
                write!(f, "no action is called “{name}”")?;
                did_you_mean(f, meant.as_deref())
            }
            Problem::IsAPermission { name, action } => {
                write!(f, "“{name}” is a permission, not an action")?;
                match action {
                    Some(action) => write!(f, "; ask for the action {action}"),
                    None => Ok(()),
                }
            }
            Problem::DuplicateAction(name) => write!(f, "an action “{name}” exists with another rule"),
            Problem::TooManyActions(name) => {
                write!(f, "“{name}” is one action too many: {} are defined already", Action::OWN_LIMIT)
            }
            Problem::TooManyPermissions => {
                write!(f, "roles and actions hold more than {} permissions of the application’s own", Permission::OWN_LIMIT)
            }
            Problem::UnknownRole { name, meant } => {
                write!(f, "no role has the SID or the name “{name}”")?;
                did_you_mean(f, meant.as_deref())
            }
            Problem::AmbiguousRole { name, sids } => {
                write!(f, "more than one role is called “{name}”; use a SID: {}", sids.join(", "))
            }
            Problem::DuplicateRole(sid) => write!(f, "a role with the SID {sid} exists already"),
            Problem::WrongScope { name, needed } => write!(f, "“{name}” is not a role of type {needed}, which is needed here"),
            Problem::NoDefaultRole(whom) => write!(f, "no role was named, and the service has no default role for a {whom}"),
            Problem::UnknownChannel(name) => write!(f, "no channel with the SID or the unique name “{name}” is known"),
            Problem::DuplicateChannel(sid) => write!(f, "a channel with the SID {sid} exists already"),
            Problem::DuplicateUniqueName(name) => write!(f, "another channel has the unique name “{name}”"),
            Problem::AlwaysPrivate => f.write_str("a conversation is always private"),
            Problem::NoInvites => f.write_str("Conversations has no invites"),
            Problem::UnknownInvite { channel, identity } => write!(f, "“{identity}” is not invited to “{channel}”"),
            Problem::TooManyChanges => f.write_str("more than 500,000 decisions would change"),
            Problem::Denied(sentence) => f.write_str(sentence),
        }
    }
}

/// The words that a role's `type` may be.
pub(crate) const ROLE_TYPES: &str = "deployment or channel (Chat), service or conversation (Conversations)";

fn did_you_mean(f: &mut fmt::Formatter<'_>, meant: Option<&str>) -> fmt::Result {
    match meant {
        Some(name) => write!(f, "; did you mean {name}?"),
        None => Ok(()),
    }
}
