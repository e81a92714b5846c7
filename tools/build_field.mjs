/**
 * Bundles the field app's code that is not part of a page: the batch door of the checklist engine for Node
 * (`batch.mjs`) and the engine alone for a browser (`guide.js`, global name `NhipCauGuide`).
 *
 *     node tools/build_field.mjs [FOLDER]     (default: build/field)
 */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "field", "src");

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

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildField(process.argv[2] && resolve(process.argv[2]));
}
