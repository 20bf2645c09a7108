/* Keys: j and k go from post to post, / to the search, ? tells of them. They can be switched off, for
   whoever speaks to the computer (WCAG 2.1.4). */
"use strict";

{
  const help = document.querySelector("dialog.keys");
  const name = "archiver-keys";
  const off = help?.querySelector(".off");
  try {
    if (off) off.checked = localStorage.getItem(name) === "off";
  } catch {
    /* Some browsers keep nothing for a file. */
  }
  off?.addEventListener("change", () => {
    try {
      if (off.checked) localStorage.setItem(name, "off");
      else localStorage.removeItem(name);
    } catch {
      /* The choice holds for this page. */
    }
  });
  help?.querySelector(".close").addEventListener("click", () => help.close());
  const deeds = {
    j: () => go(1),
    k: () => go(-1),
    "/": () => (document.querySelector("input[type=search]") || document.querySelector("a.search"))?.focus(),
    "?": () => help?.showModal(),
  };
  addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, select, textarea, dialog, [contenteditable]");
    if (busy || off?.checked || event.ctrlKey || event.metaKey || event.altKey || !deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  });

  /* From the post that has the focus, or else from the first that is in the window. */
  function go(step) {
    const posts = [...document.querySelectorAll(".timeline .post")].filter((post) => post.offsetParent);
    if (!posts.length) return document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
    const here = posts.indexOf(document.activeElement?.closest(".post"));
    const seen = posts.findIndex((post) => post.getBoundingClientRect().bottom > 1);
    const next = here < 0 ? (step > 0 ? seen : seen - 1) : here + step;
    const post = posts[Math.min(Math.max(next, 0), posts.length - 1)];
    post.querySelector(".when a")?.focus({ preventScroll: true });
    post.scrollIntoView();
  }
}
