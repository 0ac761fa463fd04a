/**
 * Keeps a service in step with the vendor's Conversations client SDK, of its major versions 2 and 3.
 *
 * @module rolecall/twilio
 */
import { elements, fields, optionalCallable } from "../arguments.js";
import { RolecallError } from "../errors.js";
import { report } from "../listeners.js";
import type { Service } from "../service.js";

/** What {@link follow} uses of the SDK's `Client`: a test's own may be an `EventEmitter` with the two other members. */
export interface FollowedClient {
  /** Who is signed in. The SDK knows the identity once it is initialised. */
  readonly user: { readonly identity: string };

  /** The conversations that the user is in, page by page. */
  getSubscribedConversations(): Promise<FollowedPage>;

  /** Has the listener called with what {@link FollowedEvents} says. */
  // biome-ignore lint/suspicious/noExplicitAny: the SDK types the listeners by a table that is not exported
  on(event: keyof FollowedEvents, listener: (argument: any) => void): unknown;

  /** Ends what `on` began. */
  // biome-ignore lint/suspicious/noExplicitAny: as for `on`
  off(event: keyof FollowedEvents, listener: (argument: any) => void): unknown;
}

/** The events that {@link follow} listens to, and what each listener is called with. */
export interface FollowedEvents {
  /** `"initialized"` or `"failed"`. */
  stateChanged: string;
  /** `"connected"`, or another word for not being so. */
  connectionStateChanged: string;
  conversationAdded: FollowedConversation;
  conversationJoined: FollowedConversation;
  conversationUpdated: { conversation: FollowedConversation; updateReasons: readonly string[] };
  conversationLeft: FollowedConversation;
  conversationRemoved: FollowedConversation;
  participantJoined: FollowedParticipant;
  participantUpdated: { participant: FollowedParticipant; updateReasons: readonly string[] };
  participantLeft: FollowedParticipant;
}

/** A page of conversations. */
export interface FollowedPage {
  readonly items: readonly FollowedConversation[];
  readonly hasNextPage: boolean;
  /** Called where there is a next page, and needed only there. */
  nextPage?(): Promise<FollowedPage>;
}

/** A conversation as the SDK has it: the values are the present ones. */
export interface FollowedConversation {
  readonly sid: string;
  readonly uniqueName: string | null;
  readonly createdBy: string;
  /** Absent where the SDK does not know it, which counts as active. */
  readonly state?: { readonly current: string } | undefined;
  /** Whether the user is in it: `"joined"` or `"notParticipating"`. */
  readonly status: string;
  getParticipants(): Promise<readonly FollowedParticipant[]>;
}

/** A participant as the SDK has it: the values are the present ones. */
export interface FollowedParticipant {
  /** `null` for who takes part by phone or mail: no user. */
  readonly identity: string | null;
  readonly roleSid: string;
  readonly conversation: FollowedConversation;
}

/** What {@link follow} may be told. */
export interface FollowOptions {
  /**
   * Gets every error, of the network, of the service and of `client.off`, with the SID of the conversation that it is about;
   * `undefined` for the list of conversations and for `off`. Without it errors are reported as uncaught ones, as is what it throws.
   */
  onError?: (error: unknown, conversation: string | undefined) => void;
}

/** What {@link follow} returns: the function that ends it. */
export interface Following {
  /** Leaves no listener with the client, and loads nothing of what is still on its way. Throws nothing. */
  (): void;

  /**
   * Resolves when all conversations and the participants of each have been loaded for the first time; waits for those
   * that failed until they succeed. Rejects with a `RolecallError`, `stopped`, when it is ended before.
   */
  readonly ready: Promise<void>;
}

/**
 * Keeps conversations with their creator, state and unique name, members and their roles in step with what the SDK's client
 * sees: those that the user is in, and all that are created, join, leave or change from now on. What a role grants and
 * which service role a user has comes from the back end: the SDK knows neither, so load them again when they change.
 * Participants without an identity, such as those by phone, are no users and are skipped.
 *
 * A conversation that the SDK sees no longer is removed: it was deleted, or the user is not in it any more. A unique name
 * that is taken away and not replaced stays known.
 *
 * An error disturbs neither the SDK nor what follows. A list that failed is fetched again when the connection is back.
 * Costs a list of participants for each conversation that the user is in, and a load for each event.
 *
 * @param client the SDK's client; may still be connecting
 * @param service gets each change as it happens
 * @param options `onError`: gets the errors
 * @returns the function that ends it, to be called before the service is freed; its `ready` says when the first lists are in
 * @throws RolecallError `invalid-argument` for an `onError` that is no function; else what `client.on` throws
 */
export function follow(client: FollowedClient, service: Service, options: FollowOptions = {}): Following {
  const { onError = report } = fields(options, "options", { onError: optionalCallable<Follower["onError"]> });
  const follower = new Follower(client, service, onError);
  follower.start();
  return Object.assign(() => follower.stop(), { ready: follower.ready });
}

/** A conversation's list of participants. */
interface List {
  readonly conversation: FollowedConversation;
  state: "fetching" | "loaded" | "failed";
  /** Whether a participant has changed while it was on its way. */
  isOutdated: boolean;
}

class Follower {
  readonly ready: Promise<void>;
  private resolve!: () => void;
  private reject!: (reason: RolecallError) => void;

  private readonly unsubscribes: (() => void)[] = [];
  private isStopped = false;

  /** How the list of conversations is. */
  private conversations: List["state"] = "fetching";
  /** The lists of participants, by the SID of their conversation. */
  private readonly lists = new Map<string, List>();
  /** How often the connection came back: a list that fails after that need not wait for the next time. */
  private connections = 0;

  /** What the SDK has removed: events that come too late must not bring it back. */
  private readonly removed = new WeakSet<FollowedConversation>();
  /** SIDs of conversations that the user left before the SDK knew who the user is. */
  private readonly left = new Set<string>();

  constructor(
    private readonly client: FollowedClient,
    private readonly service: Service,
    readonly onError: NonNullable<FollowOptions["onError"]>,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever does not wait for it is not to get an unhandled rejection.
    this.ready.catch(() => {});
  }

  start(): void {
    const sidOf = ({ sid }: FollowedConversation) => sid;
    const sidOfParticipant = ({ conversation }: FollowedParticipant) => conversation.sid;
    const none = () => undefined;
    try {
      // What the SDK calls being initialised, which is when it knows who the user is; version 2.0 has the second name alone.
      for (const event of ["initialized", "stateChanged"]) this.listen(event as "stateChanged", none, () => {});
      this.listen("connectionStateChanged", none, (state) => {
        if (state !== "connected") return;
        this.connections++;
        this.fetchFailed();
      });
      this.listen("conversationAdded", sidOf, (conversation) => {
        this.removed.delete(conversation);
        this.load(conversation);
      });
      this.listen("conversationJoined", sidOf, (conversation) => {
        this.removed.delete(conversation);
        this.left.delete(conversation.sid);
        void this.fetchParticipants(conversation);
      });
      this.listen(
        "conversationUpdated",
        ({ conversation }) => conversation.sid,
        ({ conversation, updateReasons }) => {
          // The other reasons are many: each message is one.
          if (["createdBy", "state", "uniqueName"].some((reason) => updateReasons.includes(reason)))
            this.load(conversation);
        },
      );
      this.listen("conversationLeft", sidOf, ({ sid }) => {
        this.lists.delete(sid);
        this.left.add(sid);
        this.removeFromLeft();
        this.resolveIfReady();
      });
      this.listen("conversationRemoved", sidOf, (conversation) => {
        this.removed.add(conversation);
        this.lists.delete(conversation.sid);
        this.left.delete(conversation.sid);
        this.service.removeChannel(conversation.sid);
        this.resolveIfReady();
      });
      this.listen("participantJoined", sidOfParticipant, (participant) => this.loadParticipant(participant));
      this.listen(
        "participantUpdated",
        ({ participant }) => participant.conversation.sid,
        ({ participant, updateReasons }) => {
          // The other reasons are many: each message that is read is one.
          if (updateReasons.includes("roleSid")) this.loadParticipant(participant);
        },
      );
      this.listen("participantLeft", sidOfParticipant, ({ conversation, identity }) => {
        this.outdate(conversation);
        if (identity) this.service.removeMember(conversation.sid, identity);
      });
    } catch (error) {
      this.stop();
      throw error;
    }
    void this.fetchConversations();
  }

  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.lists.clear();
    this.reject(new RolecallError("stopped", "stopped before the first lists were loaded"));
    for (const unsubscribe of this.unsubscribes) {
      try {
        unsubscribe();
      } catch (error) {
        this.fail(error, undefined);
      }
    }
  }

  private listen<Event extends keyof FollowedEvents>(
    event: Event,
    sidOf: (argument: FollowedEvents[Event]) => string | undefined,
    work: (argument: FollowedEvents[Event]) => void,
  ): void {
    const listener = (argument: FollowedEvents[Event]) => {
      if (this.isStopped) return;
      let sid: string | undefined;
      try {
        sid = sidOf(argument);
        this.removeFromLeft();
        work(argument);
      } catch (error) {
        this.fail(error, sid);
      }
    };
    this.client.on(event, listener);
    this.unsubscribes.push(() => this.client.off(event, listener));
  }

  private fail(error: unknown, conversation: string | undefined): void {
    try {
      this.onError(error, conversation);
    } catch (thrown) {
      report(thrown);
    }
  }

  private async fetchConversations(): Promise<void> {
    const { connections } = this;
    this.conversations = "fetching";
    try {
      let page = await this.client.getSubscribedConversations();
      while (!this.isStopped) {
        this.removeFromLeft();
        for (const conversation of conversationsOf(page)) this.enter(conversation);
        if (!page.hasNextPage) break;
        page = await (page as Required<FollowedPage>).nextPage();
      }
      this.conversations = "loaded";
      this.resolveIfReady();
    } catch (error) {
      if (this.isStopped) return;
      this.conversations = "failed";
      this.fail(error, undefined);
      if (connections !== this.connections) this.fetchFailed();
    }
  }

  /** Takes up a conversation that is listed. Its list may be here or on its way: the SDK's events come as well. */
  private enter(conversation: FollowedConversation): void {
    const list = this.lists.get(conversation.sid);
    if (this.removed.has(conversation) || (list !== undefined && list.state !== "failed")) return;
    if (conversation.status !== "notParticipating") void this.fetchParticipants(conversation);
    else this.load(conversation);
  }

  private async fetchParticipants(conversation: FollowedConversation): Promise<void> {
    const { sid } = conversation;
    const { connections } = this;
    const list: List = { conversation, state: "fetching", isOutdated: false };
    this.lists.set(sid, list);
    // Left meanwhile, joined again, or stopped.
    const isSuperseded = () => this.lists.get(sid) !== list;
    try {
      let participants: readonly FollowedParticipant[];
      do {
        list.isOutdated = false;
        participants = await conversation.getParticipants();
        if (isSuperseded()) return;
      } while (list.isOutdated);
      this.load(conversation, participants, { replace: true, channel: sid });
      list.state = "loaded";
      this.resolveIfReady();
    } catch (error) {
      if (isSuperseded()) return;
      list.state = "failed";
      this.fail(error, sid);
      if (connections !== this.connections) this.fetchFailed();
    }
  }

  private fetchFailed(): void {
    if (this.conversations === "failed") void this.fetchConversations();
    for (const { state, conversation } of [...this.lists.values()]) {
      if (state === "failed") void this.fetchParticipants(conversation);
    }
  }

  private load(
    conversation: FollowedConversation,
    participants: readonly FollowedParticipant[] = [],
    options: { replace?: boolean; channel?: string } = {},
  ): void {
    const { sid, uniqueName, createdBy, state } = conversation;
    if (this.removed.has(conversation)) return;
    this.service.load(
      {
        conversations: { sid, uniqueName, createdBy, state: state?.current },
        participants: participants
          .filter(({ identity }) => identity)
          .map(({ identity, roleSid }) => ({ conversationSid: sid, identity, roleSid })),
      },
      options,
    );
  }

  private loadParticipant(participant: FollowedParticipant): void {
    const { conversation, identity } = participant;
    this.outdate(conversation);
    // An event that comes too late must not bring the user back.
    const hasLeft = conversation.status === "notParticipating" && identity === this.identity;
    if (identity && !hasLeft) this.load(conversation, [participant]);
  }

  /** Has a list that is on its way fetched again: whether it has what just happened is not known. */
  private outdate({ sid }: FollowedConversation): void {
    const list = this.lists.get(sid);
    if (list !== undefined) list.isOutdated = true;
  }

  /** Who is signed in; nobody until the SDK is initialised. */
  private get identity(): string | undefined {
    const user: FollowedClient["user"] | undefined = this.client.user;
    return user?.identity;
  }

  /** Ends the user's membership in what the user has left, once it is known who the user is. */
  private removeFromLeft(): void {
    const { identity } = this;
    if (!identity) return;
    for (const sid of this.left) {
      this.left.delete(sid);
      this.service.removeMember(sid, identity);
    }
  }

  private resolveIfReady(): void {
    if (this.conversations !== "loaded") return;
    for (const { state } of this.lists.values()) if (state !== "loaded") return;
    this.resolve();
  }
}

/** More than a page has; a proxy may say that it has more. */
const mostItems = 2 ** 16;

const conversationsOf = (page: FollowedPage): FollowedConversation[] =>
  elements(page.items, "items", mostItems) as FollowedConversation[];
