import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const { resolve } = createRequire(import.meta.url);

/** The shapes of one Tabler icon: what stands between its <svg> tags, without the empty frame. */
function shapes(name: string): string {
  let file: string;
  try {
    file = readFileSync(resolve(`@tabler/icons/outline/${name}.svg`), "utf8");
  } catch {
    throw new Error(`icons.json names “${name}”, which is no outline icon of @tabler/icons`);
  }
  const inner = file.slice(file.indexOf(">", file.indexOf("<svg")) + 1, file.lastIndexOf("</svg>"));
  return inner
    .replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
    .replace(/\s*\n\s*/g, "");
}

/** Writes icons.json, name to shapes, beside the built files: the pages' `icon` tag draws from it. */
export function icons(names: string[]): Plugin {
  return {
    name: "icons",
    generateBundle() {
      const source = JSON.stringify(Object.fromEntries(names.map((name) => [name, shapes(name)])));
      this.emitFile({ type: "asset", fileName: "icons.json", source });
    },
  };
}
