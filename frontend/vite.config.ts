import { readFileSync, readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { defineConfig } from "vite";
import { icons } from "./icons";

const here = import.meta.dirname;
const islands = readdirSync(resolve(here, "src/islands")).filter((file) => file.endsWith(".ts"));

export default defineConfig({
  base: "/static/",
  plugins: [icons(JSON.parse(readFileSync(resolve(here, "icons.json"), "utf8")))],
  build: {
    outDir: "../src/tuyendau/static",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    // MapLibre alone is about 1 MB: it is loaded only by the page that shows a map.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: {
        main: resolve(here, "src/main.ts"),
        ...Object.fromEntries(
          islands.map((file) => [basename(file, ".ts"), resolve(here, "src/islands", file)]),
        ),
      },
    },
  },
});
