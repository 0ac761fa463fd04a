// rolecall in a benchmark of permission libraries in which a contender is one module: it loads the roles, the users and
// the memberships of a model, and answers for one user. The names of what it exports are that benchmark's.
import { Service } from "rolecall";

export const name = "rolecall";
export const version = "rolecall 0.1.0";
export const note =
  "One service with every role and membership; the caller keeps the ability of each channel, as a component does.";
export const sizeEntry = `export { Service } from "rolecall";`;

/** The model as the REST resources that it stands for: a role's name is its SID. */
const payloadOf = ({ users, roles, memberships }) => ({
  roles: roles.map(({ name, scope, permissions }) => ({ sid: name, friendlyName: name, type: scope, permissions })),
  users: users.map(({ id, role }) => ({ identity: id, roleSid: role })),
  members: memberships.map(({ user, channel, role }) => ({ channelSid: channel, identity: user, roleSid: role })),
});

export function setup(model) {
  const { me } = model;
  const service = Service.from(payloadOf(model));
  const known = new Set(model.memberships.map(({ channel }) => channel));
  const abilities = new Map();
  /** The benchmark has the service role count in a channel that nobody knows, where rolecall denies everything. */
  const abilityIn = (channel) => {
    const ability = known.has(channel) ? service.ability(me, channel) : service.ability(me);
    abilities.set(channel, ability);
    return ability;
  };

  return {
    check(action, channel, message) {
      const ability = abilities.get(channel.id) ?? abilityIn(channel.id);
      if (message !== undefined) return ability.can(action, message.authorId);
      // The benchmark asks for these permissions as such: a member cannot join, and the others are no actions.
      switch (action) {
        case "joinChannel":
        case "editAnyMemberAttributes":
        case "editOwnMemberAttributes":
        case "editAnyUserInfo":
        case "editOwnUserInfo":
          return ability.has(action);
        default:
          return ability.can(action);
      }
    },
    render(messages, channels, actions) {
      const count = actions.length;
      const answers = new Uint8Array(messages.length * count);
      let at = 0;
      for (let start = 0; start < messages.length; ) {
        // The messages of one channel that follow each other are the rows of one call.
        const { id } = channels[start];
        const ability = abilities.get(id) ?? abilityIn(id);
        let end = start + 1;
        while (end < messages.length && channels[end].id === id) end++;
        if (end - start === 1) {
          // For one row alone a list costs more than it saves.
          const { authorId } = messages[start];
          for (const action of actions) answers[at++] = ability.can(action, authorId) ? 1 : 0;
        } else {
          const owners = messages.slice(start, end).map(({ authorId }) => authorId);
          for (const row of ability.canEach(actions, owners)) {
            for (const action of actions) answers[at++] = row[action] ? 1 : 0;
          }
        }
        start = end;
      }
      return answers;
    },
    free() {
      service.free();
    },
  };
}
