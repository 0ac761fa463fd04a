//! The names that one service knows: the built-in ones and the application's own.

use crate::action::{Action, Requires, Rule};
use crate::dialect::Dialect;
use crate::error::{Error, Problem, Result};
use crate::permission::{Permission, PermissionSet};
use crate::spelling::nearest;

/// The names of one service, in its dialect.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Vocabulary {
    pub dialect: Dialect,
    /// The application's own permissions. `None` once no role and no action uses the permission any more.
    permissions: Vec<Option<String>>,
    actions: Vec<OwnAction>,
}

#[derive(Clone, Debug, PartialEq)]
struct OwnAction {
    name: String,
    rule: Rule,
}

/// An action of the application's own: allowed by the permission `any`, or by `own` to the owner of the thing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewAction<'a> {
    /// How the action is called.
    pub name: &'a str,
    /// The permission that suffices, built-in or not.
    pub any: &'a str,
    /// The permission that suffices for one's own things; with it the action takes an owner.
    pub own: Option<&'a str>,
    /// Whether only members of the channel may.
    pub member_only: bool,
    /// Whether it is allowed in a closed channel, too.
    pub when_closed: bool,
}

impl Vocabulary {
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// The permission of that name, in either dialect or of the application's own.
    pub fn permission(&self, name: &str) -> Option<Permission> {
        let own = || self.permissions.iter().position(|own| own.as_deref() == Some(name)).map(Permission::own);
        Permission::named(name).or_else(own)
    }

    /// How a permission is written: in the service's dialect, or as Chat does where the dialect has no word for it.
    pub fn permission_name(&self, permission: Permission) -> &str {
        match permission.own_index() {
            Some(index) => self.permissions[index].as_deref().unwrap_or_default(),
            None => permission.name(self.dialect).or(permission.name(Dialect::Chat)).unwrap_or_default(),
        }
    }

    /// Every name of a permission that is known, for mistakes.
    fn permission_names(&self) -> impl Iterator<Item = &str> {
        let built_in = Permission::all().filter_map(|permission| permission.name(self.dialect));
        built_in.chain(self.permissions.iter().flatten().map(String::as_str))
    }

    /// `unknown-permission`, with the nearest name that there is.
    pub fn unknown_permission(&self, name: &str) -> Error {
        let meant = nearest(name, self.permission_names()).map(Into::into);
        Problem::UnknownPermission { name: name.into(), meant }.into()
    }

    /// The permission of that name. One of the application's own is learned if it is new, in the place of one that neither
    /// a role (`held`) nor an action uses.
    ///
    /// # Errors
    ///
    /// `too-many-permissions`.
    pub fn learn_permission(&mut self, name: &str, held: PermissionSet) -> Result<Permission> {
        if let Some(known) = self.permission(name) {
            return Ok(known);
        }
        let used = held.union(self.required());
        let unused = (0..self.permissions.len()).find(|index| !used.contains(Permission::own(*index)));
        let index = match unused {
            Some(index) => index,
            None if self.permissions.len() == Permission::OWN_LIMIT => return Err(Problem::TooManyPermissions.into()),
            None => {
                self.permissions.push(None);
                self.permissions.len() - 1
            }
        };
        self.permissions[index] = Some(name.into());
        Ok(Permission::own(index))
    }

    /// Whether one of the application's own actions requires it.
    pub fn is_required(&self, permission: Permission) -> bool {
        self.required().contains(permission)
    }

    fn required(&self) -> PermissionSet {
        self.actions.iter().flat_map(|action| [Some(action.rule.any), action.rule.own]).flatten().collect()
    }

    /// Whether a permission is built in, held by a role (`held`) or required by an action.
    pub fn is_used(&self, permission: Permission, held: PermissionSet) -> bool {
        permission.own_index().is_none() || held.union(self.required()).contains(permission)
    }

    /// The action of that name, in either dialect or of the application's own.
    ///
    /// # Errors
    ///
    /// `unknown-action`: a misspelling is a mistake in the program, never a silent "no".
    pub fn action(&self, name: &str) -> Result<Action> {
        self.find_action(name).ok_or_else(|| {
            let nearest_name = || nearest(name, self.actions().map(|action| self.action_name(action))).map(Into::into);
            let problem = if let Some(permission) = self.permission(name) {
                Problem::IsAPermission { name: name.into(), action: self.action_with(permission) }
            } else {
                Problem::UnknownAction { name: name.into(), meant: nearest_name() }
            };
            Error::from(problem).at("action")
        })
    }

    fn find_action(&self, name: &str) -> Option<Action> {
        let own = || self.actions.iter().position(|action| action.name == name);
        Action::named(name).or_else(|| Some(Action::at(Action::COUNT + own()?)))
    }

    /// The name of an action that a permission allows.
    fn action_with(&self, permission: Permission) -> Option<String> {
        let allows = |action: &Action| {
            let rule = self.rule(*action);
            rule.any == permission || rule.own == Some(permission)
        };
        self.actions().find(allows).map(|action| self.action_name(action).into())
    }

    /// How an action is written: in the service's dialect, or as Chat does where the dialect has no word for it.
    pub fn action_name(&self, action: Action) -> &str {
        match self.own_action(action) {
            Some(own) => &own.name,
            None => action.name(self.dialect).or(action.name(Dialect::Chat)).unwrap_or_default(),
        }
    }

    pub fn rule(&self, action: Action) -> Rule {
        action.rule().unwrap_or_else(|| self.actions[action.index() - Action::COUNT].rule)
    }

    fn own_action(&self, action: Action) -> Option<&OwnAction> {
        self.actions.get(action.index().checked_sub(Action::COUNT)?)
    }

    /// Whether the dialect has the action at all.
    pub fn has_action(&self, action: Action) -> bool {
        self.own_action(action).is_some() || action.name(self.dialect).is_some()
    }

    /// Every action of the dialect, then the application's own.
    pub fn actions(&self) -> impl Iterator<Item = Action> {
        (0..Action::COUNT + self.actions.len()).map(Action::at).filter(|action| self.has_action(*action))
    }

    /// The application's own actions as they were defined.
    pub fn own_actions(&self) -> impl Iterator<Item = NewAction<'_>> {
        self.actions.iter().map(|OwnAction { name, rule }| NewAction {
            name,
            any: self.permission_name(rule.any),
            own: rule.own.map(|own| self.permission_name(own)),
            member_only: rule.requires == Requires::Membership,
            when_closed: rule.when_closed,
        })
    }

    /// Defines an action of the application's own; the same definition again is no change. `held`: what roles hold.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `duplicate-action`, `too-many-actions`, `too-many-permissions`.
    pub fn define_action(&mut self, new: &NewAction, mut held: PermissionSet) -> Result<()> {
        if new.name.is_empty() || new.any.is_empty() || new.own == Some("") {
            return Err(Problem::EmptyName.into());
        }
        let requires = if new.member_only { Requires::Membership } else { Requires::Nothing };
        if let Some(action) = self.find_action(new.name) {
            let rule = self.rule(action);
            let is_same = self.own_action(action).is_some()
                && self.permission(new.any) == Some(rule.any)
                && new.own.map(|own| self.permission(own)) == rule.own.map(Some)
                && (requires, new.when_closed) == (rule.requires, rule.when_closed);
            return if is_same { Ok(()) } else { Err(Problem::DuplicateAction(new.name.into()).into()) };
        }
        if self.actions.len() == Action::OWN_LIMIT {
            return Err(Problem::TooManyActions(new.name.into()).into());
        }
        let mut with_names = self.clone();
        let any = with_names.learn_permission(new.any, held)?;
        held.insert(any);
        let own = new.own.map(|own| with_names.learn_permission(own, held)).transpose()?;
        with_names
            .actions
            .push(OwnAction { name: new.name.into(), rule: Rule { any, own, requires, when_closed: new.when_closed } });
        *self = with_names;
        Ok(())
    }

    /// The first permission that an action requires and the dialect has not: the field of the definition, and its name.
    pub fn without_counterpart<'n>(&self, new: &NewAction<'n>) -> Option<(&'static str, &'n str)> {
        let fields = [("any", Some(new.any)), ("own", new.own)];
        fields.into_iter().find_map(|(field, name)| {
            let permission = self.permission(name?)?;
            (!permission.is_in(self.dialect)).then_some((field, name?))
        })
    }
}
