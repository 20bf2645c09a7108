/* Keys: j and k go from post to post, / to the search, ? tells of them. They can be switched off, for
   whoever speaks to the computer (WCAG 2.1.4). */
"use strict";

{
  const name = "archiver-keys";
  const find = (place) => document.querySelector(place);
  const deeds = {
    j: () => go(1),
    k: () => go(-1),
    "/": () => find("input[type=search], .find a")?.focus(),
    "?": () => find("dialog.keys")?.showModal(),
  };
  let off = false;
  try {
    off = localStorage.getItem(name) === "off";
  } catch {
    /* Some browsers keep nothing for a file. */
  }

  function begin() {
    const box = find("dialog.keys .off");
    if (!box) return;
    box.checked = off;
    box.addEventListener("change", () => {
      off = box.checked;
      try {
        localStorage.setItem(name, off ? "off" : "");
      } catch {
        /* The choice holds for this page. */
      }
    });
    find("dialog.keys .close").addEventListener("click", () => find("dialog.keys").close());
  }

  /* From the post that has the focus, or else from the first that is in the window. */
  function go(step) {
    const posts = [...document.querySelectorAll(".timeline .post")].filter((post) => post.offsetParent);
    if (!posts.length) return find(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
    const here = posts.indexOf(document.activeElement?.closest(".post"));
    const seen = posts.findIndex((post) => post.getBoundingClientRect().bottom > 1);
    const next = here < 0 ? (step > 0 ? seen : seen - 1) : here + step;
    const post = posts[Math.min(Math.max(next, 0), posts.length - 1)];
    post.querySelector(".when a")?.focus({ preventScroll: true });
    post.scrollIntoView();
  }

  addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, select, textarea, dialog, [contenteditable]");
    if (busy || off || event.ctrlKey || event.metaKey || event.altKey || !deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  });
  begin();
  addEventListener("archiver-fresh", begin);
}
