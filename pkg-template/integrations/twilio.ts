/**
 * Keeps a service in step with the vendor's Conversations client SDK.
 *
 * @module rolecall/twilio
 */
import type { Client, Conversation, Participant } from "@twilio/conversations";
import { report } from "../report.js";
import type { Service } from "../service.js";
import { elements } from "../text.js";

/** More than a page of conversations has; a proxy may say that it has more. */
const mostItems = 2 ** 16;

/**
 * Keeps conversations, members and their roles in step with what the SDK's client sees: those it is in now, and all that
 * join, leave or change their role from now on. What a role grants comes from the back end, as do the service roles of
 * users: the SDK tells neither. Participants without an identity, such as those by SMS, are no users and are skipped.
 *
 * An error, of the network or of the service, is reported as an uncaught one. It disturbs neither the SDK nor what
 * follows.
 *
 * @param client the SDK's client; may still be connecting
 * @param service gets each change as it happens
 * @returns a function that ends it, to be called before the service is freed
 */
export function follow(client: Client, service: Service): () => void {
  const stops: (() => void)[] = [];
  const stop = () => {
    for (const end of stops) end();
  };
  const listen: Client["on"] = (event, listener) => {
    try {
      client.on(event, listener);
    } catch (error) {
      stop();
      throw error;
    }
    stops.push(() => client.off(event, listener));
    return client;
  };

  const put = (conversation: Conversation, participants: Participant[] = []) =>
    service.load({
      conversations: { sid: conversation.sid, createdBy: conversation.createdBy },
      participants: participants
        .filter(({ identity }) => identity)
        .map(({ identity, roleSid }) => ({ conversationSid: conversation.sid, identity, roleSid })),
    });

  /** The fetches of participants under way, by conversation. */
  const fetches = new Map<string, { outdated: boolean }>();

  const enter = async (conversation: Conversation) => {
    const { sid } = conversation;
    const fetch = { outdated: false };
    fetches.set(sid, fetch);
    // Left meanwhile, entered again, or not followed any more.
    const superseded = () => fetches.get(sid) !== fetch;
    let participants: Participant[];
    try {
      do {
        fetch.outdated = false;
        participants = await conversation.getParticipants();
        if (superseded()) return;
      } while (fetch.outdated);
    } finally {
      if (!superseded()) fetches.delete(sid);
    }

    const identities = new Set(participants.map(({ identity }) => identity));
    for (const { identity } of service.members(sid)) {
      if (!identities.has(identity)) service.removeMember(sid, identity);
    }
    put(conversation, participants);
  };

  /** Does what a participant's event asks for, and has a list that is being fetched fetched again. */
  const change = ({ conversation, identity }: Participant, apply: (sid: string, identity: string) => void) => {
    const fetch = fetches.get(conversation.sid);
    if (fetch !== undefined) fetch.outdated = true;
    if (identity) apply(conversation.sid, identity);
  };
  const putParticipant = (participant: Participant) =>
    change(participant, () => put(participant.conversation, [participant]));

  listen("participantJoined", reporting(putParticipant));
  listen(
    "participantUpdated",
    reporting(({ participant, updateReasons }) => {
      // The others are many: whatever a participant has read.
      if (updateReasons.includes("roleSid")) putParticipant(participant);
    }),
  );
  listen(
    "participantLeft",
    reporting((participant) => change(participant, (sid, identity) => service.removeMember(sid, identity))),
  );
  listen("conversationAdded", reporting(put));
  listen("conversationJoined", reporting(enter));
  listen(
    "conversationUpdated",
    reporting(({ conversation, updateReasons }) => {
      if (updateReasons.includes("createdBy")) put(conversation);
    }),
  );
  listen(
    "conversationLeft",
    reporting(({ sid }) => {
      fetches.delete(sid);
      service.removeMember(sid, client.user.identity);
    }),
  );
  listen(
    "conversationRemoved",
    reporting(({ sid }) => {
      fetches.delete(sid);
      service.removeChannel(sid);
    }),
  );

  const conversationsOf = (page: { items: Conversation[] }) =>
    elements(page.items, "items", (item) => item as Conversation, mostItems);

  let following = true;
  const enterAll = reporting(async () => {
    let page = await client.getSubscribedConversations();
    while (following) {
      for (const conversation of conversationsOf(page)) void reporting(enter)(conversation);
      if (!page.hasNextPage) return;
      page = await page.nextPage();
    }
  });
  void enterAll(undefined);

  return () => {
    following = false;
    fetches.clear();
    stop();
  };
}

/** The same, but what goes wrong is reported, and is nobody's who calls it. */
const reporting =
  <Event>(work: (event: Event) => unknown) =>
  async (event: Event): Promise<void> => {
    try {
      await work(event);
    } catch (error) {
      report(error);
    }
  };
