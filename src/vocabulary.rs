//! The names a service knows: the built-in ones and the application's own.

use crate::action::{Action, Place, Rule};
use crate::error::{Code, Error, Result};
use crate::permission::{Dialect, Permission, PermissionSet};

/// The names of one service, in its dialect.
#[derive(Clone, Default)]
pub(crate) struct Vocabulary {
    pub dialect: Dialect,
    /// The application's own permissions. A place is `None` once nothing uses its permission any more.
    permissions: Vec<Option<Box<str>>>,
    actions: Vec<OwnAction>,
}

#[derive(Clone)]
struct OwnAction {
    name: Box<str>,
    rule: Rule,
}

impl Vocabulary {
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// The permission of that name, in either dialect or of the application's own.
    pub fn permission(&self, name: &str) -> Option<Permission> {
        Permission::named(name).or_else(|| {
            let place = self.permissions.iter().position(|own| own.as_deref() == Some(name))?;
            Some(Permission::own(place))
        })
    }

    /// How a permission is written: in the service's dialect, or as it came where the dialect has no word for it.
    pub fn permission_name(&self, permission: Permission) -> &str {
        if let Some(place) = permission.own_place() {
            return self.permissions[place].as_deref().unwrap_or_default();
        }
        permission.name(self.dialect).or(permission.name(Dialect::Chat)).unwrap_or_default()
    }

    /// Whether the dialect has the permission at all.
    pub fn knows(&self, permission: Permission) -> bool {
        permission.own_place().is_some() || permission.name(self.dialect).is_some()
    }

    /// Whether as many more of the application's own permissions find room.
    pub fn has_room_for(&self, more: usize) -> bool {
        self.permissions.iter().flatten().count() + more <= Permission::OWN_LIMIT
    }

    /// Takes a name in; the caller has made sure that there is room.
    pub fn learn(&mut self, name: &str) -> Permission {
        if let Some(known) = self.permission(name) {
            return known;
        }
        let place = self.permissions.iter().position(Option::is_none).unwrap_or_else(|| {
            self.permissions.push(None);
            self.permissions.len() - 1
        });
        self.permissions[place] = Some(name.into());
        Permission::own(place)
    }

    /// Whether one of the application's own actions asks for it.
    pub fn is_asked_for(&self, permission: Permission) -> bool {
        self.asked_for().contains(permission)
    }

    fn asked_for(&self) -> PermissionSet {
        self.actions.iter().flat_map(|action| [Some(action.rule.any), action.rule.own]).flatten().collect()
    }

    /// Forgets the application's permissions that neither a role (as given) nor an action uses.
    pub fn forget_unused(&mut self, held: PermissionSet) {
        let used = held.union(self.asked_for());
        for (place, name) in self.permissions.iter_mut().enumerate() {
            if !used.contains(Permission::own(place)) {
                *name = None;
            }
        }
    }

    /// The action of that name, in either dialect or of the application's own.
    ///
    /// # Errors
    ///
    /// `unknown-action`: a misspelling is a mistake in the program, never a silent "no".
    pub fn action(&self, name: &str) -> Result<Action> {
        Action::named(name)
            .or_else(|| {
                let place = self.actions.iter().position(|action| *action.name == *name)?;
                Some(Action::at(Action::COUNT + place))
            })
            .ok_or_else(|| Error::new(Code::UnknownAction, &["no action is called \u{201c}", name, "\u{201d}"]))
    }

    /// How an action is written: in the service's dialect, or as Chat says where the dialect has no word for it.
    pub fn action_name(&self, action: Action) -> &str {
        match action.index().checked_sub(Action::COUNT) {
            Some(place) => &self.actions[place].name,
            None => action.name(self.dialect).or(action.name(Dialect::Chat)).unwrap_or_default(),
        }
    }

    pub fn rule(&self, action: Action) -> Rule {
        action.rule().unwrap_or_else(|| self.actions[action.index() - Action::COUNT].rule)
    }

    /// Whether the dialect has the action at all.
    pub fn has_action(&self, action: Action) -> bool {
        action.index() >= Action::COUNT || action.name(self.dialect).is_some()
    }

    /// Every action of the dialect, then the application's own.
    pub fn actions(&self) -> impl Iterator<Item = Action> {
        (0..Action::COUNT + self.actions.len()).map(Action::at).filter(|action| self.has_action(*action))
    }

    /// The application's own actions as they were defined.
    pub fn own_actions(&self) -> impl Iterator<Item = (&str, Rule)> {
        self.actions.iter().map(|action| (&*action.name, action.rule))
    }

    /// Defines an action of the application's own; the same definition again is no change.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `duplicate-action`, `too-many-actions`, `too-many-permissions`.
    pub fn define_action(&mut self, name: &str, any: &str, own: Option<&str>, member_only: bool) -> Result<()> {
        self.check_action(name, any, own, member_only)?;
        if self.action(name).is_ok() {
            return Ok(());
        }
        let place = if member_only { Place::Member } else { Place::Anywhere };
        let rule = Rule { any: self.learn(any), own: own.map(|own| self.learn(own)), place };
        self.actions.push(OwnAction { name: name.into(), rule });
        Ok(())
    }

    /// Whether `define_action` would succeed.
    pub fn check_action(&self, name: &str, any: &str, own: Option<&str>, member_only: bool) -> Result<()> {
        if name.is_empty() || any.is_empty() || own.is_some_and(str::is_empty) {
            return Err(Error::new(Code::InvalidName, &["an action and its permissions need names"]));
        }
        if let Ok(action) = self.action(name) {
            let rule = self.rule(action);
            let same = action.index() >= Action::COUNT
                && self.permission(any) == Some(rule.any)
                && own.map(|own| self.permission(own)) == rule.own.map(Some)
                && member_only == (rule.place == Place::Member);
            return if same {
                Ok(())
            } else {
                Err(Error::new(Code::DuplicateAction, &["an action called \u{201c}", name, "\u{201d} exists with another rule"]))
            };
        }
        if self.actions.len() == Action::OWN_LIMIT {
            return Err(Error::new(
                Code::TooManyActions,
                &["no room for \u{201c}", name, "\u{201d}: 45 actions are defined already"],
            ));
        }
        let new = |name: &&str| self.permission(name).is_none();
        let own = own.filter(|own| *own != any);
        if !self.has_room_for([Some(any), own].iter().flatten().filter(|name| new(name)).count()) {
            return Err(too_many_permissions());
        }
        Ok(())
    }
}

pub(crate) fn too_many_permissions() -> Error {
    Error::new(Code::TooManyPermissions, &["the roles and actions hold more than 41 permissions of the application's own"])
}
