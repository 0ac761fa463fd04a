// A list of messages with its buttons, and how it is drawn. Imports nothing, as the cold start of others is timed with it.

export const me = "alice@example.com";
const somebody = "bob@example.com";

/** What the list asks of each row: three actions on what has an author, and one that has none. */
export const rowActions = ["editMessage", "deleteMessage", "editMessageAttributes", "sendMessage"];

/** A SID of the length that the service gives: two letters and 32 digits. */
export const sid = (prefix, number) => prefix + number.toString(16).padStart(32, "0");

/** Through text, as what comes from a server: no two texts of it are the same string. */
export const received = (value) => JSON.parse(JSON.stringify(value));

/** Messages, each in the channel that `channelOf` gives for its number; every other pair is one's own. */
export const messagesIn = (count, channelOf) =>
  received(
    Array.from({ length: count }, (_, number) => ({
      kind: "Message",
      sid: sid("IM", number),
      channelSid: channelOf(number),
      author: number & 2 ? somebody : me,
    })),
  );

/** Draws the list so many times, a question for each button. Gives how many buttons are shown. */
export const drawByCheck = (contender, channels, times, messages) => {
  let shown = 0;
  for (let time = 0; time < times; time++) {
    for (let at = 0; at < messages.length; at++) {
      const channel = channels[at];
      const message = messages[at];
      if (contender.check("editMessage", channel, message)) shown++;
      if (contender.check("deleteMessage", channel, message)) shown++;
      if (contender.check("editMessageAttributes", channel, message)) shown++;
      if (contender.check("sendMessage", channel)) shown++;
    }
  }
  return shown;
};

/** The same, asking once for all rows, which are in one channel. */
export const drawByRows = (contender, channels, times, messages, actions) => {
  let shown = 0;
  for (let time = 0; time < times; time++) {
    const rows = contender.rows(channels[0], messages, actions);
    for (let at = 0; at < messages.length; at++) {
      const row = rows[at];
      if (row.editMessage) shown++;
      if (row.deleteMessage) shown++;
      if (row.editMessageAttributes) shown++;
      if (row.sendMessage) shown++;
    }
  }
  return shown;
};
