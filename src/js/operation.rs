//! What JavaScript can ask the model for by number, and with which texts. `pkg-template/operation.ts` is generated from it.

macro_rules! operations {
    ($($(#[$about:meta])* $variant:ident $name:ident;)*) => {
        /// An operation of the service or of an ability, with the texts it takes; `?` stands behind one that may be absent.
        #[derive(Clone, Copy)]
        pub enum Operation {
            $($(#[$about])* $variant,)*
        }

        impl Operation {
            /// All of them, each at the place of its number.
            pub const ALL: &[Operation] = &[$(Operation::$variant,)*];

            /// How JavaScript calls each.
            #[allow(dead_code, reason = "tests/generated.rs writes them down")]
            pub const NAMES: &[&str] = &[$(stringify!($name),)*];
        }
    };
}

operations! {
    /// The first of all: `dialect?` (else that of the first load), `roles?` (any text for the default ones).
    Begin begin;
    /// `replace?` (any text for true): loads what was read.
    Load load;
    /// Begins a draft and gives its level.
    Draft draft;
    /// The changes that lead to the decisions of the last draft.
    Differences differences;
    /// Ends this draft.
    EndDraft endDraft;
    /// Forgets what nothing names. Instead of an answer a bit for each text that is needed still.
    Tidy tidy;
    Dialect dialect;
    Snapshot snapshot;
    /// `scope?`
    Roles roles;
    /// `ref`
    Role role;
    /// `friendlyName`, `type`, `sid?`, then the permissions
    CreateRole createRole;
    /// `ref`, then the permissions
    UpdateRole updateRole;
    /// `ref`, `permission`
    Grant grant;
    /// `ref`, `permission`
    Revoke revoke;
    /// `ref`
    DeleteRole deleteRole;
    /// `which`, `ref`
    SetDefaultRole setDefaultRole;
    /// `identity`, `role?`
    SetUser setUser;
    /// `identity`
    RemoveUser removeUser;
    /// `sid`, `type?`, `createdBy?`
    CreateChannel createChannel;
    /// `sid`
    RemoveChannel removeChannel;
    /// `channel`, `identity`, `role?`
    SetMember setMember;
    /// `channel`, `identity`
    RemoveMember removeMember;
    /// `channel`, `identity`, `role?`
    Invite invite;
    /// `channel`, `identity`
    AcceptInvite acceptInvite;
    /// `channel`, `identity`
    DeclineInvite declineInvite;
    Users users;
    Channels channels;
    /// `channel`
    Members members;
    /// `channel`
    Invites invites;
    /// `action`, `channel?`, `owner?`
    WhoCan whoCan;
    /// `action`, `any`, `own?`, `memberOnly?` (any text for true)
    DefineAction defineAction;
    /// `action`: the place of its digit in what `answers` gives
    Action action;
    /// `identity`, `channel?`: a digit for each action's place
    Answers answers;
    /// `identity`, `channel?`, `permission`
    Has has;
    /// `identity`, `channel?`
    Permissions permissions;
    /// `identity`, `channel?`, `owner?`
    Actions actions;
    /// `identity`, `channel?`, `action`, `owner?`
    Explain explain;
}
