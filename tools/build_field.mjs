/**
 * Builds the field app: what the browser gets (`buildFieldApp`, into static/dist/field), and its code that is not
 * part of a page: the batch door of the checklist engine for Node (`batch.mjs`) and the engine alone for a browser
 * (`guide.js`, global name `NhipCauGuide`).
 *
 *     node tools/build_field.mjs [FOLDER]     (default: build/field; only the code that is not part of a page)
 */
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { ZXING_WASM_SHA256 } from "barcode-detector/ponyfill";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "field", "src");
const modules = join(root, "node_modules");
const TARGET = ["es2020", "chrome87", "firefox90", "safari15"];
// Loaded with the first page, before anything was tapped.
const FIRST_WORDS = "field/src/words/vi/index.ts";
// Loaded when a code is to be read by a browser that cannot do it by itself.
const READER = "field/src/scan/reader.ts";

export async function buildField(folder = join(root, "build", "field")) {
  const common = { bundle: true, legalComments: "none", absWorkingDir: root };
  await Promise.all([
    esbuild.build({
      ...common,
      entryPoints: [join(source, "node", "batch.ts")],
      outfile: join(folder, "batch.mjs"),
      platform: "node",
      format: "esm",
      target: ["node20"],
    }),
    esbuild.build({
      ...common,
      entryPoints: [join(source, "guide", "index.ts")],
      outfile: join(folder, "guide.js"),
      minify: true,
      format: "iife",
      globalName: "NhipCauGuide",
      target: ["es2019"],
    }),
  ]);
}

function hashOf(bytes) {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

/** The machine code of the reader of codes: the file must be the one that the script was made for. */
async function readerWasm(folder) {
  const bytes = await readFile(join(modules, "zxing-wasm", "dist", "reader", "zxing_reader.wasm"));
  const sum = createHash("sha256").update(bytes).digest("hex");
  if (sum !== ZXING_WASM_SHA256) throw new Error("zxing-wasm is not the version that barcode-detector was made for");
  const name = `reader-${hashOf(bytes)}.wasm`;
  await writeFile(join(folder, name), bytes);
  return name;
}

/** The reader's script knows another server to fetch its machine code from: ours must not name any. */
const noForeignServer = {
  name: "no foreign server",
  setup(build) {
    build.onLoad({ filter: /barcode-detector.dist.es.zxing-exported\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replaceAll(/https:\/\/[a-z.]*jsdelivr\.net[^`"']*\/(?=[`"'$])/g, ""), loader: "js" };
    });
  },
};

async function scripts(folder, wasm) {
  const { metafile } = await esbuild.build({
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    legalComments: "none",
    absWorkingDir: root,
    entryPoints: [join(source, "app.ts")],
    outdir: folder,
    entryNames: "[name]-[hash]",
    chunkNames: "chunks/[name]-[hash]",
    target: TARGET,
    metafile: true,
    plugins: [noForeignServer],
    define: { READER_WASM: JSON.stringify(`/static/field/${wasm}`) },
  });
  return metafile.outputs;
}

async function styles(folder, importers) {
  const { css } = sass.compile(join(source, "styles", "app.scss"), { importers, loadPaths: [modules], charset: false });
  const small = await esbuild.transform(css, { loader: "css", minify: true, target: ["chrome90", "safari14"] });
  const name = `app-${hashOf(small.code)}.css`;
  await writeFile(join(folder, name), small.code);
  return name;
}

/** The scripts that the first page needs: the entry, what it imports, and the words most people read. */
function firstScripts(outputs, folder) {
  const names = Object.keys(outputs);
  const found = [];
  const add = (name) => {
    if (found.includes(name)) return;
    found.push(name);
    for (const { path, kind } of outputs[name].imports) if (kind === "import-statement") add(path);
  };
  add(names.find((name) => outputs[name].entryPoint === "field/src/app.ts"));
  add(names.find((name) => outputs[name].entryPoint === FIRST_WORDS));
  return found.map((name) => relative(folder, join(root, name)));
}

async function shell(folder, css, [app, ...others]) {
  const text = await readFile(join(source, "shell.html"), "utf8");
  const preload = others.map((name) => `<link rel="modulepreload" href="/static/field/${name}">`).join("\n");
  const whole = text
    .replace("[[css]]", `/static/field/${css}`)
    .replace("[[app]]", `/static/field/${app}`)
    .replace("[[preload]]", preload);
  await writeFile(join(folder, "shell.html"), whole);
  return whole;
}

/** What the worker keeps: names with a hash in them, and all else with the hash of the very bytes that are served. */
async function kept(target, folder, outputs, css, whole) {
  const first = Object.keys(outputs).filter((name) => outputs[name].entryPoint !== READER);
  const hashed = [...first.map((name) => relative(folder, join(root, name))), css];
  const fonts = (await readdir(join(target, "fonts"))).filter((name) => name.endsWith(".woff2") && !name.includes("latin-ext"));
  const plain = [...fonts.map((name) => `fonts/${name}`), "img/favicon.svg"];
  return [
    { url: "/field/", revision: hashOf(whole) },
    ...hashed.sort().map((name) => ({ url: `/static/field/${name}`, revision: null })),
    ...(await Promise.all(
      plain.sort().map(async (name) => ({ url: `/static/${name}`, revision: hashOf(await readFile(join(target, name))) })),
    )),
  ];
}

async function worker(folder, manifest, reader) {
  await esbuild.build({
    bundle: true,
    minify: true,
    format: "iife",
    legalComments: "none",
    absWorkingDir: root,
    entryPoints: [join(source, "worker", "sw.ts")],
    outfile: join(folder, "sw.js"),
    target: TARGET,
    define: { MANIFEST: JSON.stringify(manifest), READER: JSON.stringify(reader), "process.env.NODE_ENV": '"production"' },
  });
}

async function report(folder, names, first, reader) {
  const sizes = new Map();
  for (const name of [...names, ...reader]) sizes.set(name, gzipSync(await readFile(join(folder, name)), { level: 9 }).length);
  const sum = (list) => `${(list.reduce((total, name) => total + sizes.get(name), 0) / 1024).toFixed(1)} KB`;
  console.log(`field app: first load ${sum(first)} compressed, all of it ${sum(names)}, reader of codes ${sum(reader)} (fonts and worker apart)`);
}

/** `sheets`: what sass gets of the palette and the faces, whose files lie in `../fonts`. Fonts and pictures must stand. */
export async function buildFieldApp(target, sheets) {
  const folder = join(target, "field");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const wasm = await readerWasm(folder);
  const outputs = await scripts(folder, wasm);
  const css = await styles(folder, [sheets]);
  const first = firstScripts(outputs, folder);
  const whole = await shell(folder, css, first);
  await cp(join(source, "manifest.webmanifest"), join(folder, "manifest.webmanifest"));
  const all = Object.keys(outputs).map((name) => relative(folder, join(root, name)));
  const script = relative(folder, join(root, Object.keys(outputs).find((name) => outputs[name].entryPoint === READER)));
  const reader = [script, wasm];
  await worker(folder, await kept(target, folder, outputs, css, whole), reader.map((name) => `/static/field/${name}`));
  await report(folder, ["shell.html", css, ...all.filter((name) => name !== script)], ["shell.html", css, ...first], reader);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildField(process.argv[2] && resolve(process.argv[2]));
}
