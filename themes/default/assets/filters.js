/* Filters: posts that are key events, by somebody, with a tag, with embeds or gaps; all of it at once. */
"use strict";

{
  function begin() {
    if (!timeline.posts.length) return;
    const panel = timeline.controls.querySelector(".filters");
    const marks = { key: ".labels .key", embeds: "figure.embed", gaps: ".gap" };
    const names = { by: ".byline .who a", tag: ".tags a" };
    const checks = {};

    for (const [name, mark] of Object.entries(marks)) {
      const box = panel.querySelector(`[data-filter=${name}]`);
      const count = timeline.posts.filter((post) => post.querySelector(mark)).length;
      box.closest("label").append(` (${timeline.numbers.format(count)})`);
      box.closest("label").hidden = !count;
      box.addEventListener("change", () => timeline.write({ [name]: box.checked ? "1" : "" }));
      checks[name] = { field: box, kept: (post) => post.querySelector(mark) };
    }
    for (const [name, places] of Object.entries(names)) {
      const list = panel.querySelector(`[data-filter=${name}]`);
      const counts = new Map();
      const read = (post) => new Set([...post.querySelectorAll(places)].map((link) => link.textContent));
      for (const post of timeline.posts) {
        for (const found of read(post)) counts.set(found, (counts.get(found) || 0) + 1);
      }
      for (const found of [...counts.keys()].sort((one, other) => one.localeCompare(other, timeline.language))) {
        list.append(new Option(`${found} (${timeline.numbers.format(counts.get(found))})`, found));
      }
      list.closest("label").hidden = !counts.size;
      list.addEventListener("change", () => timeline.write({ [name]: list.value }));
      checks[name] = { field: list, kept: (post, value) => read(post).has(value) };
    }
    panel.hidden = !panel.querySelector("label:not([hidden])");
    panel.querySelector(".clear").addEventListener("click", () =>
      timeline.write(Object.fromEntries(Object.keys(checks).map((name) => [name, ""]))),
    );
    timeline.watch((said) => {
      const wanted = Object.entries(checks).filter(([name]) => said.get(name));
      for (const [name, { field }] of Object.entries(checks)) {
        if (field.type === "checkbox") field.checked = Boolean(said.get(name));
        else field.value = said.get(name) || "";
      }
      for (const post of timeline.posts) {
        const kept = wanted.every(([name, check]) => check.kept(post, said.get(name)));
        post.toggleAttribute("data-left-out", !kept);
      }
      panel.querySelector(".clear").disabled = !wanted.length;
      if (wanted.length) panel.open = true;
    });
  }

  begin();
  addEventListener("archiver-fresh", begin);
}
