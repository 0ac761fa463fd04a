// Twilio's REST API as far as the handlers of the documentation ask it: a transport for the vendor's own helper library.
// It answers what the public reference of the API shows, page by page, and writes down what was requested.

const page = (key, rows) => (url) => {
  const size = Number(url.searchParams.get("PageSize") ?? 50);
  const number = Number(url.searchParams.get("Page") ?? 0);
  const next = new URL(url);
  next.searchParams.set("Page", number + 1);
  const isLast = (number + 1) * size >= rows.length;
  return {
    meta: { key, page: number, page_size: size, next_page_url: isLast ? null : next.href },
    [key]: rows.slice(number * size, (number + 1) * size),
  };
};

/** A service with these rows, each as the REST API has it. Gives `httpClient`, and `requests`, the paths below the service. */
export function fakeTwilio({ roles, users, conversations, participants, configuration }) {
  const requests = [];
  /** Answers that are failures, by the end of the path. */
  const failures = new Map();
  const answers = (path, url) => {
    const [collection, name, inner, id] = path.map(decodeURIComponent);
    const conversation = conversations.find((row) => row.sid === name || row.unique_name === name);
    const inConversation = participants.filter(({ conversation_sid }) => conversation_sid === conversation?.sid);
    if (collection === "Roles") return page("roles", roles)(url);
    if (collection === "Configuration") return configuration;
    if (collection === "Users") return users.find((row) => row.identity === name || row.sid === name);
    if (collection === "ParticipantConversations")
      return page("conversations", listOf(url.searchParams.get("Identity")))(url);
    if (inner === undefined) return conversation;
    if (id === undefined) return page("participants", inConversation)(url);
    return inConversation.find((row) => row.identity === id || row.sid === id);
  };
  const listOf = (who) =>
    participants
      .filter(({ identity }) => identity === who)
      .map(({ sid: participant_sid, conversation_sid }) => {
        const { unique_name, state, created_by } = conversations.find(({ sid }) => sid === conversation_sid);
        return {
          ...{ participant_sid, participant_identity: who, participant_user_sid: `US-${who}`, conversation_sid },
          ...{ conversation_unique_name: unique_name, conversation_state: state, conversation_created_by: created_by },
          ...{ conversation_attributes: '{"secret":1}', participant_messaging_binding: null },
        };
      });
  return {
    requests,
    failures,
    httpClient: {
      async request({ method, uri, params }) {
        const url = new URL(uri);
        for (const [name, value] of Object.entries(params ?? {})) url.searchParams.set(name, value);
        const path = url.pathname.split("/").slice(4);
        requests.push(`${method.toUpperCase()} ${path.join("/")}${url.search}`);
        const failed = [...failures].find(([end]) => url.pathname.endsWith(end))?.[1];
        const body = failed === undefined ? answers(path, url) : undefined;
        if (body !== undefined) return { statusCode: 200, body };
        const statusCode = failed ?? 404;
        return {
          statusCode,
          body: { code: statusCode === 404 ? 20404 : 20001, status: statusCode, message: `failed: ${uri}` },
        };
      },
    },
  };
}
