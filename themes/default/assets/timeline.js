/* What the features of a timeline share: its posts, and what the address says after its #, which is
   either the id of a post or `name=value` pairs. Without scripts the page is whole. Where a preview puts
   another body into the page it says `archiver-fresh`, and each script begins again. */
"use strict";

const timeline = {
  controls: null,
  posts: [],
  listeners: [],
  language: document.documentElement.lang || "en",
  numbers: new Intl.NumberFormat(document.documentElement.lang || "en"),

  begin() {
    timeline.controls = document.querySelector(".controls");
    timeline.posts = [...document.querySelectorAll(".timeline .post")];
    timeline.listeners = [];
  },

  /* Once every feature is there. */
  show() {
    if (!timeline.controls) return;
    timeline.controls.hidden = false;
    timeline.refresh();
    const post = timeline.read().get("post");
    if (post) document.getElementById(post)?.scrollIntoView();
  },

  /* The pairs in the address; none where it names a post. */
  read() {
    const text = location.hash.slice(1);
    return new URLSearchParams(text.includes("=") ? text : "");
  },

  /* Put pairs into the address, and drop those that are empty; nothing is added to the history. */
  write(pairs) {
    const said = timeline.read();
    said.delete("post");
    for (const [name, value] of Object.entries(pairs)) {
      if (value) said.set(name, value);
      else said.delete(name);
    }
    const text = said.toString().replaceAll("%3A", ":");
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
    timeline.refresh();
  },

  /* Have a feature told of every change of the address, and of how it is now. */
  watch(listener) {
    timeline.listeners.push(listener);
    listener(timeline.read());
  },

  refresh() {
    const said = timeline.read();
    for (const listener of timeline.listeners) listener(said);
    timeline.count(said);
    timeline.lead(said);
  },

  /* Say how many posts are left. */
  count(said) {
    const shown = timeline.posts.filter((post) => !post.matches("[data-later], [data-left-out]"));
    const all = timeline.posts.length;
    const status = timeline.controls.querySelector(".status");
    const words = timeline.controls.dataset.shown;
    const narrowed = all && [...said.keys()].some((name) => name !== "order" && name !== "post");
    status.textContent = narrowed
      ? words.replace("{n}", timeline.numbers.format(shown.length)).replace("{total}", timeline.numbers.format(all))
      : "";
  },

  /* Links to other pages of the timeline lead to the same view of them. */
  lead(said) {
    said.delete("post");
    said.delete("order");
    const text = said.toString().replaceAll("%3A", ":");
    for (const link of document.querySelectorAll("main a[href]")) {
      const href = (link.dataset.href ??= link.getAttribute("href"));
      const found = /^((?:index|newest|\d{4,}-\d\d-\d\d(?:T\d\d)?(?:\.\d+)?)\.html)(?:#(.+))?$/.exec(href);
      if (!found) continue;
      const place = found[2] ? `&post=${found[2]}` : "";
      link.setAttribute("href", text ? `${found[1]}#${text}${place}` : href);
    }
  },
};

timeline.begin();
addEventListener("DOMContentLoaded", timeline.show);
addEventListener("archiver-fresh", () => {
  timeline.begin();
  queueMicrotask(timeline.show);
});
addEventListener("hashchange", () => {
  if (!timeline.controls) return;
  timeline.refresh();
  /* A link to a post shows it, whatever was left out before. */
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
});
