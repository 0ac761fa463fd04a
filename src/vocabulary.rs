//! The names a service knows: the built-in ones and the application's own.

use alloc::{boxed::Box, vec::Vec};

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

    /// Whether a permission has a place of its own for good: built in, held by a role (as given), or asked for.
    pub fn is_used(&self, permission: Permission, held: PermissionSet) -> bool {
        permission.own_place().is_none() || held.union(self.asked_for()).contains(permission)
    }

    /// Whether all of these names find room beside the permissions that are in use.
    pub fn has_room_for(&self, names: &[&str], held: PermissionSet) -> bool {
        let used = (0..self.permissions.len()).filter(|place| self.is_used(Permission::own(*place), held)).count();
        let new = |name: &&&str| self.permission(name).is_none_or(|permission| !self.is_used(permission, held));
        used + names.iter().filter(new).count() <= Permission::OWN_LIMIT
    }

    /// Takes a name in, in the place of one that is no longer used if it must be; the caller has made sure that there is
    /// room.
    pub fn learn(&mut self, name: &str, held: PermissionSet) -> Permission {
        if let Some(known) = self.permission(name) {
            return known;
        }
        let free = |permissions: &[Option<Box<str>>]| permissions.iter().position(Option::is_none);
        if self.permissions.len() == Permission::OWN_LIMIT && free(&self.permissions).is_none() {
            self.forget_unused(held);
        }
        let place = free(&self.permissions).unwrap_or_else(|| {
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

    fn forget_unused(&mut self, held: PermissionSet) {
        for place in 0..self.permissions.len() {
            if !self.is_used(Permission::own(place), held) {
                self.permissions[place] = None;
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

    /// Defines an action of the application's own; the same definition again is no change. `held`: what roles hold.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `duplicate-action`, `too-many-actions`, `too-many-permissions`.
    pub fn define_action(
        &mut self,
        name: &str,
        any: &str,
        own: Option<&str>,
        member_only: bool,
        mut held: PermissionSet,
    ) -> Result<()> {
        self.check_action(name, any, own, member_only, held)?;
        if self.action(name).is_ok() {
            return Ok(());
        }
        let place = if member_only { Place::Member } else { Place::Anywhere };
        let any = self.learn(any, held);
        held.insert(any);
        let rule = Rule { any, own: own.map(|own| self.learn(own, held)), place };
        self.actions.push(OwnAction { name: name.into(), rule });
        Ok(())
    }

    fn check_action(&self, name: &str, any: &str, own: Option<&str>, member_only: bool, held: PermissionSet) -> Result<()> {
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
        let names: Vec<&str> = [Some(any), own.filter(|own| *own != any)].into_iter().flatten().collect();
        if !self.has_room_for(&names, held) {
            return Err(too_many_permissions());
        }
        Ok(())
    }
}

pub(crate) fn too_many_permissions() -> Error {
    Error::new(Code::TooManyPermissions, &["the roles and actions hold more than 41 permissions of the application's own"])
}
