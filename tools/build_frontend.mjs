/**
 * Builds everything the browser gets into static/dist: app.css, print-a5.css, app.js, work.js, fonts and pictures.
 * Plain file names: whitenoise adds the hash when the files are collected.
 */
import { mkdir, readFile, rm, writeFile, cp, watch } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { buildField, buildFieldApp } from "./build_field.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "static", "src");
const target = join(root, "static", "dist");
const modules = join(root, "node_modules");

// Of two faces that share a character the later one wins: Vietnamese after latin-ext, else every page fetches both.
const FACES = [
  ["Be Vietnam Pro", "be-vietnam-pro", ["latin-ext", "latin", "vietnamese"]],
  ["Noto Sans Thai", "noto-sans-thai", ["thai"]],
];
const WEIGHTS = [400, 700];

async function json(path) {
  return JSON.parse(await readFile(path, "utf8"));
}

async function fontFaces() {
  const rules = [];
  for (const [family, folder, subsets] of FACES) {
    const ranges = await json(join(modules, "@fontsource", folder, "unicode.json"));
    for (const weight of WEIGHTS) {
      for (const subset of subsets) {
        const file = `${folder}-${subset}-${weight}-normal.woff2`;
        await cp(join(modules, "@fontsource", folder, "files", file), join(target, "fonts", file));
        rules.push(
          `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};font-display:swap;` +
            `src:url("fonts/${file}") format("woff2");unicode-range:${ranges[subset]}}`,
        );
      }
    }
    await cp(join(modules, "@fontsource", folder, "LICENSE"), join(target, "fonts", `${folder}-LICENSE.txt`));
  }
  return rules.join("\n");
}

/** Sass sees two sheets that are made here: the palette as variables and the font faces. */
async function virtualSheets(faces) {
  const { colours } = await json(join(source, "palette.json"));
  const sheets = {
    "palette:colours": Object.entries(colours).map(([name, value]) => `$${name}: ${value};`).join("\n"),
    "fonts:faces": faces,
  };
  return {
    canonicalize: (url) => (url in sheets ? new URL(url) : null),
    load: (url) => ({ contents: sheets[url.href], syntax: "scss" }),
  };
}

async function styles(faces) {
  const importers = [await virtualSheets(faces)];
  for (const name of ["app", "attendance", "authoring", "kiosk", "print-a5", "roster"]) {
    const { css } = sass.compile(join(source, "scss", `${name}.scss`), {
      importers,
      loadPaths: [modules],
      quietDeps: true,
      charset: false,
    });
    const small = await esbuild.transform(css, { loader: "css", minify: true, target: ["chrome90", "safari14"] });
    await writeFile(join(target, `${name}.css`), small.code);
  }
}

async function scripts() {
  await esbuild.build({
    entryPoints: ["app", "kiosk", "push", "push-worker", "work"].map((name) => join(source, "js", `${name}.ts`)),
    outdir: target,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2019"],
    legalComments: "none",
    absWorkingDir: root,
    nodePaths: [modules],
  });
}

async function report() {
  for (const name of ["app.css", "app.js", "work.js"]) {
    const bytes = await readFile(join(target, name));
    const kilobytes = (count) => `${(count / 1024).toFixed(1)} KB`;
    console.log(`${name}: ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes, { level: 9 }).length)} compressed`);
  }
}

async function build() {
  await mkdir(join(target, "fonts"), { recursive: true });
  const faces = await fontFaces();
  await Promise.all([styles(faces), scripts(), buildField(), cp(join(source, "img"), join(target, "img"), { recursive: true })]);
  await buildFieldApp(target, await virtualSheets(faces.replaceAll("fonts/", "../fonts/")));
  await report();
}

// Other builders (complete fonts, the field app) put their own files here too: remove only what is made below.
// With each file go its compressed copies, or browsers would be served the old content.
for (const made of ["app.css", "attendance.css", "authoring.css", "kiosk.css", "print-a5.css", "roster.css", "app.js", "kiosk.js", "push.js", "push-worker.js", "work.js", "img"]) {
  for (const name of [made, `${made}.br`, `${made}.gz`]) await rm(join(target, name), { recursive: true, force: true });
}
await build();

if (process.argv.includes("--watch")) {
  console.log(`watching ${pathToFileURL(source).pathname}`);
  for await (const _ of watch(source, { recursive: true })) {
    await build().catch((error) => console.error(error.message));
  }
}
