/**
 * A service as Cedar policies, entities and schema, so that the same roles decide in Cedar's engine and in hosted ones that
 * speak it.
 *
 * The policies say what each action requires, and are the same for every service of a dialect. Who has which role, what the
 * roles hold and which channels are closed is in the entities. Nothing is forbidden: what no policy permits is denied, so
 * a policy that fails for want of an entity permits nothing.
 *
 * @module rolecall/cedar
 */
import { owner as ownerOf, string } from "../arguments.js";
import { RolecallError } from "../errors.js";
import { type Dialect, PERMISSIONS, type Scope } from "../names.js";
import { type Requires, RULES } from "../rules.js";
import type { Service } from "../service.js";
import type { Action, Role } from "../types.js";

/** The name of an entity. */
export interface CedarUid {
  type: string;
  id: string;
}

/** A value of an attribute, a tag or a context. */
export type CedarValue = boolean | string | CedarValue[] | { __entity: CedarUid };

/** An entity in Cedar's JSON format. */
export interface CedarEntity {
  uid: CedarUid;
  attrs: Record<string, CedarValue>;
  parents: CedarUid[];
  tags?: Record<string, CedarValue>;
}

/** A type in Cedar's JSON schema format. */
export interface CedarType {
  type: string;
  name?: string;
  element?: CedarType;
  attributes?: Record<string, CedarType & { required?: boolean }>;
}

/** A schema in Cedar's JSON format: one namespace, `Chat`. */
export type CedarSchema = Record<
  string,
  {
    entityTypes: Record<string, { memberOfTypes?: string[]; shape?: CedarType; tags?: CedarType }>;
    actions: Record<string, { appliesTo: { principalTypes: string[]; resourceTypes: string[]; context: CedarType } }>;
  }
>;

/** What an engine is asked: may this principal take this action on this resource? */
export interface CedarRequest {
  principal: CedarUid;
  action: CedarUid;
  resource: CedarUid;
  context: Record<string, CedarValue>;
}

/** A service in Cedar, as it was when {@link toCedar} was called. */
export interface Cedar {
  /** The policies, each as Cedar text under its id: `deleteMessage.any`, `deleteMessage.own`. */
  readonly policies: Record<string, string>;

  /** What the policies and the entities are valid against, in strict mode. */
  readonly schema: CedarSchema;

  /** Users, channels and roles, also roles that are referred to and not there: those hold nothing. Sorted. A channel's creator is referred to, and need not be among the users. */
  readonly entities: CedarEntity[];

  /**
   * The request that asks what `service.ability(identity, channel).can(action, owner)` asks. Whom or what the service does
   * not know gets a request, too: the policies permit nothing there.
   *
   * @param identity the user
   * @param channel the channel's SID or unique name; `undefined` to ask outside of any channel
   * @param action the action, by its name in either dialect or as the application defined it
   * @param owner for an owned action: to whom the thing acted on belongs; `null` where nobody is known
   * @throws RolecallError `unknown-action`, `invalid-argument`, `invalid-string`
   */
  request(identity: string, channel: string | undefined, action: Action, owner?: string | null): CedarRequest;

  /**
   * The entities on which the answers about a user in a channel depend, four at most, for an engine that is sent them with
   * each request. Costs a few look-ups.
   *
   * @param channel `undefined` for requests outside of any channel
   * @throws RolecallError `invalid-argument`, `invalid-string`
   */
  entitiesFor(identity: string, channel?: string): CedarEntity[];
}

/**
 * Writes a service in Cedar. Costs time and space in proportion to the service.
 *
 * Later changes of the service are not followed: call it again. The policies and the schema change only when an action is
 * defined.
 *
 * @throws RolecallError `invalid-argument` for what is no service, `freed`
 */
export function toCedar(service: Service): Cedar {
  const { actions, policies, schema, entities, byUniqueName } = write(service);
  const byName = new Map(actions.flatMap((action) => action.names.map((name) => [name, action])));
  const byUid = new Map(entities.map((entity) => [key(entity.uid), entity]));
  const principalOf = (identity: string) => uid("User", string(identity, "identity"));
  const resourceOf = (channel?: string) => {
    if (channel === undefined) return theService;
    const named = uid("Channel", string(channel, "channel"));
    const sid = byUid.has(key(named)) || hasFormOfSid.test(channel) ? undefined : byUniqueName.get(channel);
    return sid === undefined ? named : uid("Channel", sid);
  };

  return {
    policies,
    schema,
    entities,

    request(identity, channel, action, owner) {
      const found = byName.get(string(action, "action"));
      if (found === undefined) throw new RolecallError("unknown-action", `no action is called “${action}”`);
      const named = found.own === undefined ? undefined : ownerOf(owner);
      return {
        principal: principalOf(identity),
        action: uid("Action", found.name),
        resource: resourceOf(channel),
        // Nobody has the empty identity.
        context: named ? { owner: reference("User", named) } : {},
      };
    },

    entitiesFor(identity, channel) {
      const [principal, resource] = [principalOf(identity), resourceOf(channel)];
      const user = byUid.get(key(principal));
      const roles = [ownValue(user?.attrs, "role"), ownValue(user?.tags, resource.id)];
      const referred = roles.flatMap((role) => (typeof role === "object" && "__entity" in role ? [role.__entity] : []));
      return [principal, resource, ...referred].flatMap((name) => byUid.get(key(name)) ?? []);
    },
  };
}

/** Reads everything from the service at once. */
function write(service: Service): Pick<Cedar, "policies" | "schema" | "entities"> & Lookups {
  try {
    const actions = actionsOf(service);
    return {
      actions,
      policies: Object.fromEntries(actions.flatMap((action) => policiesOf(action, service.dialect))),
      schema: schemaOf(actions),
      entities: entitiesOf(service),
      byUniqueName: new Map(service.channels().map(({ uniqueName, sid }) => [uniqueName, sid])),
    };
  } catch (thrown) {
    // By its name: the service may be another copy's of this package.
    if (thrown instanceof Error && thrown.name === "RolecallError") throw thrown;
    throw new RolecallError("invalid-argument", "expected a service", "service");
  }
}

/** What a request is made with. */
interface Lookups {
  actions: Rule[];
  /** SIDs of channels. */
  byUniqueName: Map<string | null, string>;
}

/** No unique name is looked for where a string has it. */
const hasFormOfSid = /^CH[0-9a-f]{32}$/i;

/** An action and what it requires, in the service's dialect. */
interface Rule {
  /** Every name by which it may be asked for. */
  names: string[];
  name: string;
  any: string;
  own: string | undefined;
  requires: Requires;
  /** Whether it is also allowed in a closed channel. */
  whenClosed: boolean;
}

function actionsOf(service: Service): Rule[] {
  const inConversations = service.dialect === "conversations";
  const permission = (chat: string) => {
    const row = PERMISSIONS.find(({ name }) => name === chat);
    return (inConversations ? row?.conversations : undefined) ?? chat;
  };
  const builtIn = RULES.map(({ name, conversations, any, own, requires, whenClosed }): Rule => {
    return {
      names: [name, conversations ?? name],
      name: inConversations && conversations !== null ? conversations : name,
      any: permission(any),
      own: own === null ? undefined : permission(own),
      requires,
      whenClosed,
    };
  });
  const { actions } = service.toJSON() as { actions?: OwnAction[] };
  const defined = (actions ?? []).map((row): Rule => {
    const { action, any, member_only, when_closed } = row;
    const own = hasOwn(row, "own") ? row.own : undefined;
    return {
      names: [action],
      name: action,
      any,
      own,
      requires: member_only ? "membership" : "nothing",
      whenClosed: when_closed === true,
    };
  });
  return [...builtIn, ...defined];
}

/** An action of the application's own, as a snapshot has it. */
interface OwnAction {
  action: string;
  any: string;
  own?: string;
  member_only: boolean;
  when_closed?: boolean;
}

// Policies.

const namespace = "Chat";
const scopes: Scope[] = ["service", "channel"];
const theService = uid("Service", "service");
const inService = `in ${namespace}::Service::"service"`;

/** Conditions that must all hold, each by one of its alternatives. */
type Conditions = string[][];

const inChannel = `resource is ${namespace}::Channel ${inService}`;
const isInvited = "principal.invites.contains(resource)";
const isCreator = "resource has createdBy && resource.createdBy == principal";

/** What actions require beside a permission: the resources that they are about, and the conditions, from the alternatives of the permission. */
const requirements: Record<Requires, { resource: string; conditions(holds: string[]): Conditions }> = {
  nothing: { resource: `resource ${inService}`, conditions: (holds) => [holds] },
  membership: { resource: inChannel, conditions: (holds) => [["principal in resource"], holds] },
  visible: {
    resource: inChannel,
    conditions: (holds) => [
      ["principal in resource", isInvited, isCreator, ...holds.map((one) => `resource.public && ${one}`)],
    ],
  },
  joinable: {
    resource: inChannel,
    conditions: (holds) => [["!(principal in resource)"], ["resource.public", isInvited, isCreator], holds],
  },
};

/** That the channel is not closed: an alternative to there being none. */
function isOpen(requires: Requires): string[] {
  const open = '["active", "inactive"].contains(resource.state)';
  return requires === "nothing" ? [`resource is ${namespace}::Service`, open] : [open];
}

function policiesOf({ name, any, own, requires, whenClosed }: Rule, dialect: Dialect): [id: string, text: string][] {
  const { resource, conditions } = requirements[requires];
  const head = [`principal ${inService}`, `action == ${namespace}::Action::${quoted(name)}`, resource].join(",\n  ");
  const policy = (kind: string, permission: string, more: Conditions = []): [string, string][] => {
    const holds = holding(permission, dialect, requires);
    const id = `${name}.${kind}`;
    const clauses = [...more, ...conditions(holds), ...(whenClosed ? [] : [isOpen(requires)])].map(clause);
    // A permission that counts nowhere makes no policy.
    return holds.length === 0 ? [] : [[id, `@id(${quoted(id)})\npermit (\n  ${head}\n)\n${clauses.join("\n")};\n`]];
  };
  const isOwner = [["context has owner && context.owner == principal"]];
  return [...policy("any", any), ...(own === undefined ? [] : policy("own", own, isOwner))];
}

const clause = (alternatives: string[]) =>
  alternatives.length === 1
    ? `when { ${alternatives[0]} }`
    : `when {\n  ${alternatives.map((one) => `(${one})`).join(" ||\n  ")}\n}`;

/** That a role of the user's holds the permission: an alternative for each scope in which it counts. */
function holding(permission: string, dialect: Dialect, requires: Requires): string[] {
  const name = quoted(permission);
  const tagged = `principal.hasTag(resource.sid) && principal.getTag(resource.sid).permissions.contains(${name})`;
  const byScope: Record<Scope, string> = {
    service: `principal has role && principal.role.permissions.contains(${name})`,
    channel: requires === "nothing" ? `resource is ${namespace}::Channel && ${tagged}` : tagged,
  };
  return scopesOf(permission, dialect).map((scope) => byScope[scope]);
}

function scopesOf(permission: string, dialect: Dialect): Scope[] {
  const row = PERMISSIONS.find(({ name, conversations }) => name === permission || conversations === permission);
  // An application's own permission counts in both scopes; one that the dialect has not, in none.
  if (row === undefined) return scopes;
  return dialect === "conversations" && row.conversations === null ? [] : scopes.filter((scope) => row[scope]);
}

/** A text in quotation marks; what a reader of the policy could not see is written as a number. */
function quoted(value: string): string {
  const escaped = value.replace(/["\\]|(?! )[\p{C}\p{Z}]/gu, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`);
  return `"${escaped}"`;
}

// The schema.

function schemaOf(actions: Rule[]): CedarSchema {
  const record = (attributes: CedarType["attributes"] = {}): CedarType => ({ type: "Record", attributes });
  const entity = (name: string): CedarType => ({ type: "Entity", name });
  const set = (element: CedarType): CedarType => ({ type: "Set", element });
  const role = { shape: record({ permissions: set({ type: "String" }) }) };
  const entries = actions.map(({ name, own }) => {
    const context = record(own === undefined ? {} : { owner: { ...entity("User"), required: false } });
    return [name, { appliesTo: { principalTypes: ["User"], resourceTypes: ["Channel", "Service"], context } }];
  });
  return {
    [namespace]: {
      entityTypes: {
        Service: {},
        Channel: {
          memberOfTypes: ["Service"],
          shape: record({
            sid: { type: "String" },
            public: { type: "Boolean" },
            state: { type: "String" },
            createdBy: { ...entity("User"), required: false },
          }),
        },
        // A user is in the channels in which it is a member; the tag under a channel's SID is the role there.
        User: {
          memberOfTypes: ["Service", "Channel"],
          shape: record({ role: { ...entity("ServiceRole"), required: false }, invites: set(entity("Channel")) }),
          tags: entity("ChannelRole"),
        },
        ServiceRole: role,
        ChannelRole: role,
      },
      actions: Object.fromEntries(entries),
    },
  };
}

// Entities.

/** What the rows say of one identity. */
interface Person {
  role: CedarValue | undefined;
  invites: CedarValue[];
  parents: CedarUid[];
  tags: [channel: string, role: CedarValue][];
}

function entitiesOf(service: Service): CedarEntity[] {
  const channels = service.channels().sort((one, other) => compare(one.sid, other.sid));
  const roles: Record<Scope, Map<string, string[]>> = {
    service: permissionsBySid(service.roles("service")),
    channel: permissionsBySid(service.roles("channel")),
  };
  /** Refers to a role of a scope. One that is not there is made, and holds nothing. */
  const role = (scope: Scope, sid: string): CedarValue => {
    if (!roles[scope].has(sid)) roles[scope].set(sid, []);
    return reference(roleTypes[scope], sid);
  };
  const people = new Map<string, Person>();
  const person = (identity: string): Person => {
    const known = people.get(identity) ?? { role: undefined, invites: [], parents: [theService], tags: [] };
    people.set(identity, known);
    return known;
  };

  for (const { identity, roleSid } of service.users()) {
    const known = person(identity);
    if (roleSid !== "") known.role = role("service", roleSid);
  }
  for (const { sid } of channels) {
    for (const { identity, roleSid } of service.members(sid)) {
      const { parents, tags } = person(identity);
      parents.push(uid("Channel", sid));
      if (roleSid !== "") tags.push([sid, role("channel", roleSid)]);
    }
    for (const { identity } of service.invites(sid)) person(identity).invites.push(reference("Channel", sid));
  }

  return [
    { uid: theService, attrs: {}, parents: [] },
    ...channels.map(({ sid, type, state, createdBy }): CedarEntity => {
      const attrs: CedarEntity["attrs"] = { sid, public: type === "public", state };
      // What the services write where no user created it.
      if (createdBy !== null && createdBy !== "system") attrs.createdBy = reference("User", createdBy);
      return { uid: uid("Channel", sid), attrs, parents: [theService] };
    }),
    ...scopes.flatMap((scope) =>
      sorted(roles[scope]).map(([sid, permissions]): CedarEntity => {
        return { uid: uid(roleTypes[scope], sid), attrs: { permissions }, parents: [] };
      }),
    ),
    ...sorted(people).map(([identity, { role, invites, parents, tags }]): CedarEntity => {
      const attrs = role === undefined ? { invites } : { role, invites };
      return { uid: uid("User", identity), attrs, parents, tags: Object.fromEntries(tags) };
    }),
  ];
}

const roleTypes: Record<Scope, string> = { service: "ServiceRole", channel: "ChannelRole" };

const permissionsBySid = (roles: Role[]) => new Map(roles.map(({ sid, permissions }) => [sid, permissions]));

function uid(type: string, id: string): CedarUid {
  return { type: `${namespace}::${type}`, id };
}

const reference = (type: string, id: string): CedarValue => ({ __entity: uid(type, id) });

/** A property of its own: a channel may be called `constructor`. */
const ownValue = (values: Record<string, CedarValue> | undefined, name: string) =>
  values !== undefined && hasOwn(values, name) ? values[name] : undefined;

/** `Object.hasOwn`, which ES2019 lacks. */
const hasOwn = (object: object, name: string) => Object.prototype.hasOwnProperty.call(object, name);

const key = ({ type, id }: CedarUid) => `${type}::${id}`;

const sorted = <Value>(map: Map<string, Value>) => [...map].sort(([one], [other]) => compare(one, other));

/** No two SIDs and no two identities are equal. */
const compare = (one: string, other: string) => (one < other ? -1 : 1);
