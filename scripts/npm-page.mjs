// pkg-template/README.md, npm's page, is the README as it is read outside of the repository.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

const repository = "https://github.com/rolecall/rolecall";

/** The README as npm shows it: outside of the repository, to those who need not build it. */
export const npmPage = () =>
  readFileSync(join(root, "README.md"), "utf8")
    .replace(/^## Install\n[\s\S]*?^(?=## )/m, "## Install\n\n```sh\nnpm install rolecall\n```\n\n")
    .replaceAll(/(!\[[^\]]*\]\()(?!https?:)([^)]+)\)/g, `$1${repository}/raw/main/$2)`)
    .replaceAll(/(\]\()(?!https?:|#)([^)]+)\)/g, `$1${repository}/blob/main/$2)`);
