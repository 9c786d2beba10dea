// Checks the spelling and the terms of everything that people read. Usage: node check.js [FILE...]
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../..");
const PROSE = /^(\w+\.md|docs\/.*\.md|dashboards\/.*\.md|k8s\/helm\/.*\.(md|txt)|k8s\/install-values\.yaml|k8s\/helm\/eksnet\/values\.yaml|dashboards\/(alerts|rules|alertmanager)\/.*\.yaml)$/;
// Checked for banned phrases only: what is not prose in them is full of words that no dictionary has.
const SCRIPTS = /^(Makefile|\.ci\/\w+|k8s\/image\/[\w.]+|k8s\/helm\/.*\.(tpl|yaml)|.*pom\.xml|prober\/bench\/footprint|prober\/.*\/bin\/eksnet|prober\/.*\/rehearsal\.yaml)$/;
const JAVA = /^prober\/.*\/src\/.*\.java$/;
const SKIPPED = new Set([".git", ".idea", "node_modules", "target"]);

const lines = (name) =>
  readFileSync(join(HERE, name), "utf8").split("\n").filter((line) => line && !line.startsWith("#"));

const banned = lines("banned.txt").map((line) => {
  const [phrase, instead] = line.split("\t");
  return { pattern: new RegExp(`\\b(?:${phrase})\\b`, "gi"), instead };
});

function* walk(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* walk(path);
    } else if (entry.isFile()) {
      yield relative(ROOT, path);
    }
  }
}

const blank = (text) => text.replace(/[^\n]/g, " ");

/** Markdown and YAML without code, addresses and templates, at the same offsets. */
function prose(text) {
  return [/^( *)```[\s\S]*?^\1```$/gm, /`[^`\n]+`/g, /\]\([^)]*\)/g, /https?:[^\s)]*/g, /\{\{.*?\}\}/g]
    .reduce((left, code) => left.replace(code, blank), text);
}

/** The comments and string literals of Java, at the same offsets. */
function javaProse(text) {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  let out = "";
  let end = 0;
  for (const match of text.matchAll(token)) {
    out += blank(text.slice(end, match.index));
    out += match[0].startsWith("'") ? blank(match[0]) : match[0].replace(/\{@(code|link)[^}]*\}/g, blank);
    end = match.index + match[0].length;
  }
  return out + blank(text.slice(end));
}

function bannedIn(file) {
  const text = readFileSync(join(ROOT, file), "utf8");
  const checked = JAVA.test(file) ? javaProse(text) : prose(text);
  return banned.flatMap(({ pattern, instead }) =>
    [...checked.matchAll(pattern)].map((match) => {
      const before = text.slice(0, match.index).split("\n");
      return `${file}:${before.length}:${before.at(-1).length + 1}: "${match[0]}": write ${instead}`;
    }));
}

const named = process.argv.slice(2).map((path) => relative(ROOT, join(process.cwd(), path)));
const files = (named.length ? named : [...walk(ROOT)])
  .filter((file) => [PROSE, SCRIPTS, JAVA].some((kind) => kind.test(file)))
  .sort();

const problems = files.flatMap(bannedIn);
problems.forEach((problem) => console.error(problem));

const prosePages = files.filter((file) => PROSE.test(file));
const spelling = prosePages.length && spawnSync(
  process.execPath,
  [join(HERE, "node_modules/cspell/bin.mjs"), "lint", "--config", join(HERE, "cspell.json"), "--root", ROOT,
    "--no-progress", "--no-summary", "--show-suggestions", "--dot", "--file-list", "stdin"],
  { cwd: ROOT, input: prosePages.join("\n"), stdio: ["pipe", "inherit", "inherit"] });

if (problems.length || spelling.status) {
  console.error(`${problems.length} banned phrases; see "Words" in CONTRIBUTING.md`);
  process.exitCode = 1;
}
