/* What the features of a timeline share: its posts, and what the address says after its #, which is
   either the id of a post or `name=value` pairs. */
"use strict";

let controls;
let posts;
let listeners;

/* Change pairs in the address; nothing is added to the history. */
const writeAddress = (changes) => {
  const text = changePairs({ ...changes, post: "" });
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  refresh();
};

/* Have a feature told of every change of the address, and of how it is now. */
const watchAddress = (listener) => {
  listeners.push(listener);
  listener(readAddress());
};

/* Tell every feature, say how many posts are left, and have links to the other pages of the timeline lead
   to the same view of them. */
const refresh = () => {
  const said = readAddress();
  for (const listener of listeners) listener(said);
  said.delete("post");
  said.delete("order");
  const text = spellPairs(said);
  const left = posts.filter((post) => !post.matches("[data-later], [data-left-out]")).length;
  const count = controls.dataset.shown.replace("{n}", numbers.format(left)).replace("{total}", numbers.format(posts.length));
  find(".status", controls).textContent = text && posts.length ? count : "";
  for (const link of findAll("main a[href]")) {
    const href = (link.dataset.href ??= link.getAttribute("href"));
    const [, page, place] = /^((?:index|newest|\d{4,}-\d\d-\d\d(?:T\d\d)?(?:\.\d+)?)\.html)(?:#(.+))?$/.exec(href) ?? [];
    if (page) link.setAttribute("href", text ? `${page}#${text}${place ? `&post=${place}` : ""}` : href);
  }
};

{
  const showPost = (id) => document.getElementById(id)?.scrollIntoView();

  /* Once every feature is there. */
  const show = () => {
    if (!controls) return;
    controls.hidden = false;
    refresh();
    showPost(readAddress().get("post"));
  };

  begin(() => {
    controls = find(".controls");
    posts = findAll(".timeline .post");
    listeners = [];
  });
  addEventListener("DOMContentLoaded", show);
  addEventListener("archiver-fresh", () => queueMicrotask(show));
  addEventListener("hashchange", () => {
    if (!controls) return;
    refresh();
    /* A link to a post shows it, whatever was left out before. */
    showPost(decodeURIComponent(location.hash.slice(1)));
  });
}
