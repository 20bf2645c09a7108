/* What the features of a timeline share: its posts, and what the address says after its #, which is
   either the id of a post or `name=value` pairs. */
"use strict";

let controls;
let posts;
let listeners;

/* Have all posts laid out, where the style sheet puts that off. */
const settle = () => (root.dataset.settled = true);

/* Have a post begin at the top of the window, or so far below it. */
const showPost = (id, top) => {
  const post = document.getElementById(id);
  if (!post) return;
  settle();
  if (top === undefined) post.scrollIntoView();
  else scrollBy(0, findBox(post).top - top);
};

/* The post that is read. */
const findRead = () => posts.find((post) => findBox(post).bottom > 1);

/* Change pairs in the address; nothing is added to the history. */
const writeAddress = (changes) => {
  history.replaceState(null, "", `#${changePairs({ ...changes, post: "" })}`);
  refresh();
};

/* Have a feature told of every change of the address, and of how it is now. An address that says nothing
   changes nothing else on the page. */
const watchAddress = (listener) => {
  listeners.push(listener);
  if (location.hash) refresh();
  else listener(readAddress());
};

/* Tell every feature, say how many posts are left, and have links to the other pages of the timeline lead
   to the same view of them. */
const refresh = () => {
  settle();
  const said = readAddress();
  for (const listener of listeners) listener(said);
  const text = changePairs({ post: "", order: "" });
  const left = posts.filter((post) => !post.matches("[data-later], [data-left-out]")).length;
  const count = controls.dataset.shown.replace("{n}", formatNumber(left)).replace("{total}", formatNumber(posts.length));
  find(".status").textContent = text && posts.length ? count : "";
  for (const link of findAll("main a[href]")) {
    const href = (link.dataset.href ??= link.getAttribute("href"));
    const [, page, place] = /^((?:index|newest|\d{4,}-\d\d-\d\d[T\d.]*)\.html)(?:#(.+))?$/.exec(href) ?? [];
    if (page) link.setAttribute("href", text ? `${page}#${text}${place ? `&post=${place}` : ""}` : href);
  }
  history.state || showPost(said.get("post") ?? "");
};

begin(() => {
  controls = find(".controls");
  posts = findAll(".timeline .post");
  listeners = [];
  if (controls) controls.hidden = false;
});
/* "Back" leads to what was read. A browser keeps its height alone, which is another where posts are not laid out. */
showPost(...(history.state ?? []));
onpagehide = () => {
  const post = findRead();
  if (post) history.replaceState([post.id, findBox(post).top], "");
};
onhashchange = () => {
  if (!controls) return;
  refresh();
  /* A link to a post shows it, whatever was left out before. */
  showPost(decodeURIComponent(location.hash.slice(1)));
};
