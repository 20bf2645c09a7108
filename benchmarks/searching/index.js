// Makes the index of a library of all posts, and a page that searches it from a disk: `index.js TOOL POSTS FOLDER`.
// POSTS holds a post in each line, as JSON: an id, a title and a text.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const [tool, posts, folder] = process.argv.slice(2);
const rows = fs.readFileSync(posts, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const sources = {
  minisearch: () => path.join(path.dirname(require.resolve("minisearch")), "../umd/index.js"),
  lunr: () => require.resolve("lunr"),
};
// The title and the words that a list shows of a post come with the index, as its page has nothing else.
const shown = rows.map(({ title, text }) => [title, text.slice(0, 240)]);

const makers = {
  minisearch() {
    const MiniSearch = require("minisearch");
    const index = new MiniSearch({ fields: ["title", "text"] });
    index.addAll(rows);
    return JSON.stringify(index);
  },
  lunr() {
    const lunr = require("lunr");
    const index = lunr(function () {
      this.ref("id");
      this.field("title");
      this.field("text");
      // As the others: no stems, no words left out; with places, by which a phrase could be found.
      this.pipeline.reset();
      this.searchPipeline.reset();
      this.metadataWhitelist = ["position"];
      for (const row of rows) this.add(row);
    });
    return JSON.stringify(index);
  },
};
const opens = {
  minisearch: 'MiniSearch.loadJSON(INDEX, { fields: ["title", "text"] })',
  lunr: "lunr.Index.load(JSON.parse(INDEX))",
};
const finds = {
  minisearch: 'index.search(words.join(" "), { combineWith: "AND" })',
  lunr: 'index.search(words.map((word) => `+${word}`).join(" ")).map(({ ref }) => ({ id: ref }))',
};

fs.mkdirSync(folder, { recursive: true });
const write = (name, text) => fs.writeFileSync(path.join(folder, name), text);
fs.copyFileSync(sources[tool](), path.join(folder, "library.js"));
write("index.js", `globalThis.INDEX = ${JSON.stringify(makers[tool]())};`);
write("shown.js", `globalThis.SHOWN = ${JSON.stringify(shown)};`);
write(
  "page.js",
  `const index = ${opens[tool]};
const follow = () => {
  if (!location.hash) return;
  const words = decodeURIComponent(location.hash.slice(3)).replace(/"/g, "").split(/[ +]/);
  const found = ${finds[tool]};
  const list = document.getElementById("_results");
  for (const { id } of found.slice(0, 10)) {
    const item = document.createElement("li");
    item.textContent = SHOWN[id].join(": ");
    list.append(item);
  }
  document.getElementById("_count").textContent = String(found.length);
};
onhashchange = follow;
follow();
`,
);
write(
  "search.html",
  `<!doctype html><meta charset="utf-8"><title>Search</title><p id="_count"></p><ol id="_results"></ol>
${["library", "index", "shown", "page"].map((name) => `<script src="${name}.js" defer></script>`).join("\n")}
`,
);
console.log(JSON.stringify({ size: fs.readdirSync(folder).reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0), memory: process.resourceUsage().maxRSS * 1024 }));
