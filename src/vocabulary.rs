//! The names a service knows: the built-in ones and the application's own.

use alloc::vec::Vec;

use crate::action::{self, Action, Place, Rule};
use crate::answer::phrase;
use crate::error::{Checked, Code, Refusal};
use crate::permission::{self, Dialect, Permission, PermissionSet, Scope};
use crate::text::Text;
use crate::word::{self, numbered};

static PERMISSIONS: [[Text; 2]; Permission::COUNT] = numbered(&permission::NAMES);

/// For each word the place of the permission that it names, or a place where there is none: a load asks for thousands.
static PERMISSION_OF: [u8; word::COUNT] = {
    let mut places = [u8::MAX; word::COUNT];
    let mut at = 0;
    while at < 2 * Permission::COUNT {
        #[expect(clippy::cast_possible_truncation, reason = "there are 23 permissions")]
        let place = (at / 2) as u8;
        places[PERMISSIONS[at / 2][at % 2].index()] = place;
        at += 1;
    }
    // The empty text, which stands for what Conversations has not.
    places[0] = u8::MAX;
    places
};

static ACTIONS: [[Text; 2]; Action::COUNT] = numbered(&action::NAMES);

/// The names of the dialects themselves.
pub(crate) static DIALECTS: [Text; 2] = [Text::of(Dialect::Chat.name()), Text::of(Dialect::Conversations.name())];

/// By scope, then by dialect.
static ROLE_TYPES: [[Text; 2]; 2] = {
    const fn in_both(scope: Scope) -> [&'static str; 2] {
        [scope.role_type(Dialect::Chat), scope.role_type(Dialect::Conversations)]
    }
    numbered(&[in_both(Scope::Service), in_both(Scope::Channel)])
};

/// The row that has a name, in either dialect.
fn row_of(table: &[[Text; 2]], name: Text) -> Option<usize> {
    table.iter().position(|names| name != Text::EMPTY && names.contains(&name))
}

/// A dialect's name, or Chat's where the dialect has none.
fn written(names: [Text; 2], dialect: Dialect) -> Text {
    names[dialect as usize].given().unwrap_or(names[0])
}

/// How a role's `type` says it in a dialect.
pub(crate) fn role_type(scope: Scope, dialect: Dialect) -> Text {
    ROLE_TYPES[scope as usize][dialect as usize]
}

/// The scope that a role's `type` means, and the dialect that writes it so.
pub(crate) fn of_role_type(name: Text) -> Option<(Scope, Dialect)> {
    let scope = row_of(&ROLE_TYPES, name)?;
    let is_chats = ROLE_TYPES[scope][0] == name;
    Some((Scope::ALL[scope], if is_chats { Dialect::Chat } else { Dialect::Conversations }))
}

/// The names of one service, in its dialect.
#[derive(Clone, Default)]
pub(crate) struct Vocabulary {
    pub dialect: Dialect,
    /// The application's own permissions. A place is empty once nothing uses its permission any more.
    permissions: Vec<Text>,
    actions: Vec<OwnAction>,
}

#[derive(Clone, Copy)]
struct OwnAction {
    name: Text,
    rule: Rule,
}

/// An action of the application's own, as it is defined.
#[derive(Clone, Copy)]
pub(crate) struct Defined {
    pub name: Text,
    pub any: Text,
    pub own: Option<Text>,
    pub member_only: bool,
}

impl Vocabulary {
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// The permission of that name, in either dialect or of the application's own.
    pub fn permission(&self, name: Text) -> Option<Permission> {
        if let Some(place) = PERMISSION_OF.get(name.index())
            && *place != u8::MAX
        {
            return Some(Permission::at(usize::from(*place)));
        }
        let place = self.permissions.iter().position(|own| *own == name && name != Text::EMPTY)?;
        Some(Permission::own(place))
    }

    /// How a permission is written: in the service's dialect, or as it came where the dialect has no word for it.
    pub fn permission_name(&self, permission: Permission) -> Text {
        match permission.own_place() {
            Some(place) => self.permissions[place],
            None => written(PERMISSIONS[permission.index()], self.dialect),
        }
    }

    /// Whether the dialect has the permission at all.
    pub fn knows(&self, permission: Permission) -> bool {
        permission.own_place().is_some() || PERMISSIONS[permission.index()][self.dialect as usize] != Text::EMPTY
    }

    /// Whether a permission has a place of its own for good: built in, held by a role (as given), or asked for.
    pub fn is_used(&self, permission: Permission, held: PermissionSet) -> bool {
        permission.own_place().is_none() || held.union(self.asked_for()).contains(permission)
    }

    /// Whether all of these names find room beside the permissions that are in use.
    pub fn has_room_for(&self, names: &[Text], held: PermissionSet) -> bool {
        let mut used = 0;
        for place in 0..self.permissions.len() {
            used += usize::from(self.is_used(Permission::own(place), held));
        }
        for name in names {
            let is_new = self.permission(*name).is_none_or(|permission| !self.is_used(permission, held));
            used += usize::from(is_new);
        }
        used <= Permission::OWN_LIMIT
    }

    /// Takes a name in, in the place of one that is no longer used if it must be; the caller has made sure that there is
    /// room.
    pub fn learn(&mut self, name: Text, held: PermissionSet) -> Permission {
        if let Some(known) = self.permission(name) {
            return known;
        }
        let free = |permissions: &[Text]| permissions.iter().position(|own| *own == Text::EMPTY);
        if self.permissions.len() == Permission::OWN_LIMIT && free(&self.permissions).is_none() {
            for place in 0..self.permissions.len() {
                if !self.is_used(Permission::own(place), held) {
                    self.permissions[place] = Text::EMPTY;
                }
            }
        }
        let place = free(&self.permissions).unwrap_or_else(|| {
            self.permissions.push(name);
            self.permissions.len() - 1
        });
        self.permissions[place] = name;
        Permission::own(place)
    }

    /// Whether one of the application's own actions asks for it.
    pub fn is_asked_for(&self, permission: Permission) -> bool {
        self.asked_for().contains(permission)
    }

    fn asked_for(&self) -> PermissionSet {
        let mut asked_for = PermissionSet::EMPTY;
        for OwnAction { rule, .. } in &self.actions {
            asked_for.insert(rule.any);
            asked_for.insert(rule.own.unwrap_or(rule.any));
        }
        asked_for
    }

    /// The action of that name, in either dialect or of the application's own.
    ///
    /// # Errors
    ///
    /// `unknown-action`: a misspelling is a mistake in the program, never a silent "no".
    pub fn action(&self, name: Text) -> Checked<Action> {
        self.known_action(name).ok_or_else(|| Refusal::about(Code::UnknownAction, phrase::NO_SUCH_ACTION, name))
    }

    fn known_action(&self, name: Text) -> Option<Action> {
        let at = match row_of(&ACTIONS, name) {
            Some(at) => at,
            None => Action::COUNT + self.actions.iter().position(|action| action.name == name)?,
        };
        Some(Action::at(at))
    }

    /// How an action is written: in the service's dialect, or as Chat says where the dialect has no word for it.
    pub fn action_name(&self, action: Action) -> Text {
        match ACTIONS.get(action.index()) {
            Some(names) => written(*names, self.dialect),
            None => self.actions[action.index() - Action::COUNT].name,
        }
    }

    pub fn rule(&self, action: Action) -> Rule {
        action.rule().unwrap_or_else(|| self.actions[action.index() - Action::COUNT].rule)
    }

    /// Whether the dialect has the action at all.
    pub fn has_action(&self, action: Action) -> bool {
        ACTIONS.get(action.index()).is_none_or(|names| names[self.dialect as usize] != Text::EMPTY)
    }

    /// How many actions there are, those that the dialect has not among them.
    pub fn count(&self) -> usize {
        Action::COUNT + self.actions.len()
    }

    /// Every action of the dialect, then the application's own.
    pub fn actions(&self) -> impl Iterator<Item = Action> {
        (0..self.count()).map(Action::at).filter(|action| self.has_action(*action))
    }

    /// The application's own actions as they were defined.
    pub fn own_actions(&self) -> impl Iterator<Item = Defined> {
        self.actions.iter().map(|OwnAction { name, rule }| Defined {
            name: *name,
            any: self.permission_name(rule.any),
            own: rule.own.map(|own| self.permission_name(own)),
            member_only: rule.place == Place::Member,
        })
    }

    /// Defines an action of the application's own; the same definition again is no change. `held`: what roles hold.
    /// `is_read`: whether it comes from a payload, where it may ask for a permission that the dialect has not.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `duplicate-action`, `no-counterpart`, `too-many-actions`, `too-many-permissions`.
    pub fn define_action(&mut self, defined: Defined, mut held: PermissionSet, is_read: bool) -> Checked<()> {
        let Defined { name, any, own, member_only } = defined;
        if name == Text::EMPTY || any == Text::EMPTY || own == Some(Text::EMPTY) {
            return Err(Refusal::of(Code::InvalidName, phrase::NO_NAMES));
        }
        let place = if member_only { Place::Member } else { Place::Anywhere };
        if let Some(action) = self.known_action(name) {
            let rule = self.rule(action);
            let is_same = action.index() >= Action::COUNT
                && self.permission(any) == Some(rule.any)
                && own.map(|own| self.permission(own)) == rule.own.map(Some)
                && place == rule.place;
            let refusal = || Refusal::about(Code::DuplicateAction, phrase::ACTION_EXISTS, name);
            return if is_same { Ok(()) } else { Err(refusal()) };
        }
        if let Some((argument, name)) = self.without_counterpart(&defined)
            && !is_read
        {
            let refusal = Refusal::about(Code::NoCounterpart, phrase::NOT_IN_CONVERSATIONS, name);
            return Err(refusal.at_argument(if argument == 1 { phrase::AT_ANY } else { phrase::AT_OWN }));
        }
        if self.actions.len() == Action::OWN_LIMIT {
            return Err(Refusal::about(Code::TooManyActions, phrase::TOO_MANY_ACTIONS, name));
        }
        let both = [any, own.unwrap_or(any)];
        let names = if both[0] == both[1] { &both[..1] } else { &both[..] };
        if !self.has_room_for(names, held) {
            return Err(too_many_permissions());
        }
        let any = self.learn(any, held);
        held.insert(any);
        let rule = Rule { any, own: own.map(|own| self.learn(own, held)), place };
        self.actions.push(OwnAction { name, rule });
        Ok(())
    }

    /// The same with other numbers for the texts.
    #[cfg(not(feature = "standalone"))]
    pub fn renumbered(&self, number: &dyn Fn(Text) -> Text) -> Self {
        Self {
            dialect: self.dialect,
            permissions: self.permissions.iter().map(|own| number(*own)).collect(),
            actions: self.actions.iter().map(|own| OwnAction { name: number(own.name), ..*own }).collect(),
        }
    }

    /// The first permission that an action asks for and the dialect has not: which field of the action, and its name.
    pub fn without_counterpart(&self, defined: &Defined) -> Option<(usize, Text)> {
        let names = [Text::EMPTY, defined.any, defined.own.unwrap_or_default()];
        let is_lacking = |name: &Text| self.permission(*name).is_some_and(|permission| !self.knows(permission));
        let field = names.iter().position(is_lacking)?;
        Some((field, names[field]))
    }

    /// Tells of each text that is kept for the vocabulary's sake.
    pub fn each_text(&self, tell: &mut dyn FnMut(Text)) {
        for own in &self.permissions {
            tell(*own);
        }
        for action in &self.actions {
            tell(action.name);
        }
    }
}

pub(crate) fn too_many_permissions() -> Refusal {
    Refusal::of(Code::TooManyPermissions, phrase::TOO_MANY_PERMISSIONS)
}
