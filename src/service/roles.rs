//! Managing roles: who may be named, what a role may hold.

use std::sync::Arc;

use crate::dialect::Scope;
use crate::directory::Kind;
use crate::error::{Error, Problem, Result};
use crate::permission::{Permission, PermissionSet};
use crate::role::{DefaultFor, Definition, DeletedRole, INITIAL_ROLES, NewRole, Role};
use crate::spelling::nearest;

use super::Service;

impl Service {
    /// The roles, of one scope or of both.
    #[must_use]
    pub fn roles(&self, scope: Option<Scope>) -> Vec<Role> {
        let mut roles = self.directory.roles();
        roles.retain(|role| scope.is_none_or(|scope| role.scope == scope));
        roles.into_iter().map(|role| self.describe_role(role)).collect()
    }

    /// The role of that SID or friendly name, `None` if there is none, or none of that scope. Names are compared without
    /// ASCII case.
    ///
    /// # Errors
    ///
    /// `ambiguous-role` where more than one role has this friendly name.
    pub fn role(&self, reference: &str, scope: Option<Scope>) -> Result<Option<Role>> {
        let found = self.find_role(reference, scope).map_err(|error| error.at("ref"))?;
        let found = found.filter(|role| scope.is_none_or(|scope| role.scope == scope));
        Ok(found.map(|role| self.describe_role(role)))
    }

    /// Makes a role. One made under the SID of a deleted role heals those who still refer to it.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `invalid-scope`, `invalid-sid`, `duplicate-role`, `empty-permissions`, `unknown-permission`,
    /// `out-of-scope`, `no-counterpart`.
    pub fn create_role(&mut self, role: &NewRole) -> Result<Role> {
        // Characters as JavaScript and the REST reference count them differ only beyond the basic plane.
        if role.friendly_name.is_empty() || role.friendly_name.chars().count() > 64 {
            return Err(Error::from(Problem::NameLength).at("friendlyName"));
        }
        let Some((scope, _)) = Scope::of_role_type(role.role_type) else {
            return Err(Error::from(Problem::NoRoleType(role.role_type.into())).at("type"));
        };
        let permissions = self.check_permissions(role.permissions, scope)?;
        let sid = match role.sid {
            Some("") => return Err(Error::from(Problem::EmptySid).at("sid")),
            Some(sid) if self.directory.role(sid).is_some() => {
                return Err(Error::from(Problem::DuplicateRole(sid.into())).at("sid"));
            }
            Some(sid) => sid.into(),
            None => self.generate_sid(),
        };
        Ok(self.put_role(sid, role.friendly_name.into(), scope, &permissions))
    }

    /// Replaces a role's whole set of permissions, as the REST contract does.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `wrong-scope`, `empty-permissions`, `unknown-permission`, `out-of-scope`,
    /// `no-counterpart`.
    pub fn update_role(&mut self, reference: &str, permissions: &[&str], scope: Option<Scope>) -> Result<Role> {
        let Definition { sid, friendly_name, scope, .. } = self.need_role(reference, scope)?.clone();
        let permissions = self.check_permissions(permissions, scope)?;
        Ok(self.put_role(sid, friendly_name, scope, &permissions))
    }

    /// Adds one permission to a role; one that it holds already is no change.
    ///
    /// # Errors
    ///
    /// As [`Service::update_role`].
    pub fn grant(&mut self, reference: &str, permission: &str, scope: Option<Scope>) -> Result<Role> {
        let Definition { sid, friendly_name, scope, mut permissions, .. } = self.need_role(reference, scope)?.clone();
        permissions.push(self.check_permission(permission, scope).map_err(|error| error.at("permission"))?);
        Ok(self.put_role(sid, friendly_name, scope, &permissions))
    }

    /// Takes one permission from a role; one that it does not hold is no change.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `wrong-scope`, `unknown-permission`, and `empty-permissions` for a role's last one.
    pub fn revoke(&mut self, reference: &str, permission: &str, scope: Option<Scope>) -> Result<Role> {
        let Definition { sid, friendly_name, scope, mut permissions, .. } = self.need_role(reference, scope)?.clone();
        let revoked = self.known_permission(permission).map_err(|error| error.at("permission"))?;
        if permissions == [revoked] {
            return Err(Error::from(Problem::LastPermission).at("permission"));
        }
        permissions.retain(|held| *held != revoked);
        Ok(self.put_role(sid, friendly_name, scope, &permissions))
    }

    /// Deletes a role, and tells who now refers to nothing. Users and members keep the reference and lose what it granted.
    /// Costs a look at every user and member.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `wrong-scope`.
    pub fn delete_role(&mut self, reference: &str, scope: Option<Scope>) -> Result<DeletedRole> {
        let role = self.describe_role(self.need_role(reference, scope)?);
        let directory = &self.directory;
        let (mut users, mut members) = (0, 0);
        for user in directory.users() {
            users += u32::from(user.role == role.sid);
        }
        for channel in directory.channels() {
            for seat in directory.seats(Kind::Member, channel) {
                members += u32::from(seat.role == role.sid);
            }
        }
        self.directory.remove_role(&role.sid);
        self.changed(true);
        Ok(DeletedRole { role, users, members })
    }

    /// Names the role that somebody gets where none is named.
    ///
    /// # Errors
    ///
    /// `unknown-role`, `ambiguous-role`, `wrong-scope`.
    pub fn set_default_role(&mut self, which: DefaultFor, reference: &str) -> Result<()> {
        let sid = Arc::clone(&self.need_role(reference, Some(which.scope()))?.sid);
        let before = self.defaults[which as usize].replace(Arc::clone(&sid));
        self.changed(before != Some(sid));
        Ok(())
    }

    pub(super) fn add_initial_roles(&mut self) {
        for role in &INITIAL_ROLES {
            let (sid, dialect) = (self.generate_sid(), self.dialect());
            let permissions: Vec<Permission> = role.permissions.iter().copied().filter(|held| held.is_in(dialect)).collect();
            if let Some(which) = role.default_for {
                self.defaults[which as usize] = Some(Arc::clone(&sid));
            }
            self.directory.set_role(Definition::new(sid, role.friendly_name.into(), role.scope, dialect, &permissions));
        }
    }

    /// The role of that SID or friendly name. Among roles of one name, those of the scope that is needed come first.
    fn find_role(&self, reference: &str, scope: Option<Scope>) -> Result<Option<&Definition>> {
        if let Some(role) = self.directory.role(reference) {
            return Ok(Some(role));
        }
        let mut candidates = self.directory.roles();
        candidates.retain(|role| role.friendly_name.eq_ignore_ascii_case(reference));
        if candidates.iter().any(|role| Some(role.scope) == scope) {
            candidates.retain(|role| Some(role.scope) == scope);
        }
        match candidates[..] {
            [] => Ok(None),
            [role] => Ok(Some(role)),
            // None of them is of the scope that is needed: which of them is meant does not matter.
            [role, ..] if scope.is_some_and(|scope| role.scope != scope) => Ok(Some(role)),
            _ => {
                let sids = candidates.iter().map(|role| role.sid.to_string()).collect();
                Err(Problem::AmbiguousRole { name: reference.into(), sids }.into())
            }
        }
    }

    /// The role that the argument `ref` names, of that scope if one is needed.
    fn need_role(&self, reference: &str, scope: Option<Scope>) -> Result<&Definition> {
        self.look_up_role(reference, scope).map_err(|error| error.at("ref"))
    }

    /// The role of that SID or friendly name, and of that scope if one is needed.
    fn look_up_role(&self, reference: &str, scope: Option<Scope>) -> Result<&Definition> {
        let Some(role) = self.find_role(reference, scope)? else {
            let names = self.directory.roles().into_iter().map(|role| &*role.friendly_name);
            let meant = nearest(reference, names).map(Into::into);
            return Err(Problem::UnknownRole { name: reference.into(), meant }.into());
        };
        match scope {
            Some(scope) if role.scope != scope => {
                Err(Problem::WrongScope { name: reference.into(), needed: scope.role_type(self.dialect()) }.into())
            }
            _ => Ok(role),
        }
    }

    /// The SID of the role that is named, or of the first of these defaults that there is.
    pub(super) fn role_or_default(&self, reference: Option<&str>, defaults: &[DefaultFor]) -> Result<Arc<str>> {
        let wanted = defaults.last().copied().unwrap_or(DefaultFor::Member);
        if let Some(reference) = reference {
            let role = self.look_up_role(reference, Some(wanted.scope())).map_err(|error| error.at("role"))?;
            return Ok(Arc::clone(&role.sid));
        }
        let default = defaults.iter().find_map(|which| self.defaults[*which as usize].clone());
        default.ok_or_else(|| Problem::NoDefaultRole(wanted.name()).into())
    }

    fn put_role(&mut self, sid: Arc<str>, name: Arc<str>, scope: Scope, permissions: &[Permission]) -> Role {
        let role = Definition::new(sid, name, scope, self.dialect(), permissions);
        let described = self.describe_role(&role);
        let is_change = self.directory.role(&role.sid) != Some(&role);
        self.directory.set_role(role);
        self.changed(is_change);
        self.directory.tidy();
        described
    }

    fn describe_role(&self, role: &Definition) -> Role {
        let name = |permission| self.vocabulary.permission_name(permission).into();
        Role {
            sid: role.sid.to_string(),
            friendly_name: role.friendly_name.to_string(),
            role_type: role.scope.role_type(self.dialect()),
            permissions: role.permissions.iter().copied().map(name).collect(),
        }
    }

    /// Every permission that a role holds.
    pub(crate) fn held_permissions(&self) -> PermissionSet {
        self.directory.roles().into_iter().flat_map(|role| &role.permissions).copied().collect()
    }

    /// A permission that is built in, that a role holds, or that an action requires.
    fn known_permission(&self, name: &str) -> Result<Permission> {
        let known = self.vocabulary.permission(name);
        let is_used = |permission: &Permission| self.vocabulary.is_used(*permission, self.held_permissions());
        known.filter(is_used).ok_or_else(|| self.vocabulary.unknown_permission(name))
    }

    /// A permission that a role of that scope may hold.
    fn check_permission(&self, name: &str, scope: Scope) -> Result<Permission> {
        let permission = self.known_permission(name)?;
        if !permission.is_in(self.dialect()) {
            return Err(Problem::NoPermissionInConversations(name.into()).into());
        }
        if !permission.is_valid_in(scope) {
            return Err(Problem::OutOfScope { name: name.into(), role_type: scope.role_type(self.dialect()) }.into());
        }
        Ok(permission)
    }

    fn check_permissions(&self, names: &[&str], scope: Scope) -> Result<Vec<Permission>> {
        if names.is_empty() {
            return Err(Error::from(Problem::NoPermissions).at("permissions"));
        }
        let check = |(index, name): (usize, &&str)| {
            self.check_permission(name, scope).map_err(|error| error.at(format!("permissions[{index}]")))
        };
        names.iter().enumerate().map(check).collect()
    }

    /// `RL` and 32 hexadecimal digits that no role has yet.
    fn generate_sid(&mut self) -> Arc<str> {
        loop {
            let sid = format!("RL{:016x}{:016x}", self.random(), self.random());
            if self.directory.role(&sid).is_none() {
                return sid.into();
            }
        }
    }

    /// The next number of a `SplitMix64` generator: SIDs must differ, and need not be secret.
    fn random(&mut self) -> u64 {
        self.entropy = self.entropy.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.entropy;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
