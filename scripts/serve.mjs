// Serves a folder of files over HTTP on this machine only.
import { once } from "node:events";
import { createServer } from "node:http";
import sirv from "sirv";

async function listen(server, port) {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

/**
 * Serves `folder` until `close()` is called. Port 0 is any free one; with `orAnyPort` a port that is taken is
 * no failure. `headers` come with every answer, also when there is no such file.
 */
export async function serve(folder, { port = 0, orAnyPort = false, headers = {} } = {}) {
  // `dev` reads files at each request, so that a rebuilt page needs no restart.
  const files = sirv(folder, { dev: true });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    files(request, response, () => {
      response.statusCode = 404;
      response.end();
    });
  });
  try {
    await listen(server, port);
  } catch (error) {
    if (!(orAnyPort && error.code === "EADDRINUSE")) throw error;
    await listen(server, 0);
  }
  return {
    address: `http://localhost:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
