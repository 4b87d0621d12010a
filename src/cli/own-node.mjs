// Runs a program that holds credentials, as wrangler does, under the Node of the person who calls it. `npm run` puts `node_modules/.bin`
// first in the PATH, and with it the Node 24 that `npm start` and `npm test` borrow from a package: that one must never see a credential.
// This file is plain JavaScript, since an old Node must be able to say that it is too old.
//
//   "$npm_node_execpath" src/cli/own-node.mjs PROGRAM [ARGUMENTS]
import { spawn } from "node:child_process";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
/** The least that wrangler runs on. */
const LEAST = [22, 12];

const [program, ...parameters] = process.argv.slice(2);

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

function isOld(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]);
}

/** The PATH without the folders in which packages put programs. */
function withoutPackages(folders) {
  return folders
    .split(path.delimiter)
    .filter((folder) => !/[\\/]node_modules[\\/]/u.test(`${folder}${path.sep}`))
    .join(path.delimiter);
}

if (program === undefined) refuse("Say which program to run: own-node.mjs PROGRAM [ARGUMENTS]");
if (/[\\/]node_modules[\\/]/u.test(process.execPath)) {
  refuse(
    `${process.execPath} comes from a package; it must not see credentials. Install Node ${LEAST.join(".")} or later, and call this through npm.`,
  );
}
if (isOld(process.versions.node)) {
  refuse(
    `Your Node is ${process.versions.node} (${process.execPath}). This command holds Cloudflare's credentials, so it runs only on your own ` +
      `Node, which must be ${LEAST.join(".")} or later: see https://nodejs.org`,
  );
}

const child = spawn(process.execPath, ["--experimental-strip-types", path.resolve(ROOT, program), ...parameters], {
  cwd: ROOT,
  env: { ...process.env, PATH: withoutPackages(process.env.PATH ?? "") },
  stdio: "inherit",
});
child.once("error", (error) => refuse(error.message));
child.once("exit", (code) => process.exit(code ?? 1));
// Ctrl-C reaches the program itself.
process.on("SIGINT", () => undefined);
