// The steps of a release that need no registry and no key. Usage, in the root of the repository:
//   node .ci/release.js check TAG            the tag is that of the chart and of the changelog
//   node .ci/release.js notes                the release notes: the newest section of the changelog
//   node .ci/release.js chart REGISTRY DIR   the chart into DIR, with the image of REGISTRY as its default
//   node .ci/release.js index OUT TAR…       one OCI archive from those of several CPU architectures
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { argv, exit, stderr, stdout } from "node:process";

const CHART = "k8s/helm/eksnet";
// Kinds of the changelog, and those of Artifact Hub: https://artifacthub.io/docs/topics/annotations/helm/
const KINDS = { CHANGE: "changed", FEATURE: "added", ENHANCEMENT: "changed", BUGFIX: "fixed", SECURITY: "security" };

const fail = (message) => {
  stderr.write(`release: ${message}\n`);
  exit(1);
};

/** Title and text of the newest section of the changelog. */
function newest() {
  const [, section] = readFileSync("CHANGELOG.md", "utf8").split(/^## /m);
  const end = section.indexOf("\n");
  return { title: section.slice(0, end).trim(), text: section.slice(end).trim() };
}

function version() {
  const [, found] = /^version: (\S+)$/m.exec(readFileSync(join(CHART, "Chart.yaml"), "utf8"));
  return found;
}

/** The lines of the changelog with their continuation lines: kind and text. */
function changes(text) {
  return text
    .split(/^- /m)
    .filter((entry) => entry.trim())
    .map((entry) => /^\[(\w+)\] ([\s\S]*)$/.exec(entry.replace(/\s*\n\s*/g, " ").trim()))
    .map((found) => found ?? fail("CHANGELOG.md: a line begins without a kind such as [FEATURE]"))
    .map(([, kind, description]) => ({ kind: KINDS[kind] ?? fail(`CHANGELOG.md: unknown kind [${kind}]`), description }));
}

function check(tag) {
  const expected = `v${version()}`;
  if (tag !== expected) fail(`the tag is ${tag}, and the version of the chart makes it ${expected}; set both alike`);
  const { title } = newest();
  if (!title.startsWith(version())) {
    fail(`the newest section of CHANGELOG.md is "${title}"; name it "${version()} (YYYY-MM-DD)"`);
  }
}

function chart(registry, directory) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  cpSync(CHART, directory, { recursive: true, dereference: true });
  const values = join(directory, "values.yaml");
  const before = readFileSync(values, "utf8");
  const after = before.replace(/^  registry: ""$/m, `  registry: ${registry}`);
  if (after === before) fail(`${CHART}/values.yaml: no empty image.registry`);
  writeFileSync(values, after);

  const file = join(directory, "Chart.yaml");
  const images = [{ name: "eksnet", image: `${registry}/eksnet:${version()}` }];
  const block = (name, value) => `  artifacthub.io/${name}: |\n    ${JSON.stringify(value)}\n`;
  const text = readFileSync(file, "utf8");
  writeFileSync(file, `${text}${block("images", images)}${block("changes", changes(newest().text))}`);
}

function index(out, archives) {
  const work = mkdtempSync(join(tmpdir(), "eksnet-index-"));
  try {
    const manifests = archives.flatMap((archive) => {
      execFileSync("tar", ["-xf", resolve(archive), "-C", work, "blobs", "index.json"]);
      const descriptors = JSON.parse(readFileSync(join(work, "index.json"), "utf8")).manifests;
      return descriptors.map(({ annotations, ...descriptor }) => descriptor);
    });
    const platforms = manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`);
    if (new Set(platforms).size !== platforms.length) fail(`two images are for the same platform: ${platforms.join(", ")}`);
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const list = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
    const digest = createHash("sha256").update(list).digest("hex");
    writeFileSync(join(work, "blobs/sha256", digest), list);
    const descriptor = { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(list) };
    writeFileSync(join(work, "index.json"), JSON.stringify({ schemaVersion: 2, mediaType, manifests: [descriptor] }));
    writeFileSync(join(work, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
    const blobs = readdirSync(join(work, "blobs/sha256")).sort().map((blob) => `blobs/sha256/${blob}`);
    execFileSync("tar", ["-C", work, "--format=gnu", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner",
      "--mode=u=rwX,go=rX", "-cf", resolve(out), ...blobs, "index.json", "oci-layout"]);
    stdout.write(`${out}: ${platforms.join(", ")}, sha256:${digest}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const [, , command, ...args] = argv;
switch (command) {
  case "check": check(args[0]); break;
  case "notes": stdout.write(`${newest().text}\n`); break;
  case "chart": chart(args[0], args[1]); break;
  case "index": index(args[0], args.slice(1)); break;
  default: fail("usage: check TAG, notes, chart REGISTRY DIR, or index OUT TAR…");
}
