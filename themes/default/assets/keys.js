/* Keys: j and k go from post to post, / to the search, ? tells of them. They can be switched off, for
   whoever speaks to the computer (WCAG 2.1.4). */
"use strict";

{
  const name = "archiver-keys";
  let off = choice(name) === "off";
  const deeds = {
    j: () => go(1),
    k: () => go(-1),
    "/": () => (find("input[type=search]") ?? find(".find a"))?.focus(),
    "?": () => find("dialog.keys").showModal(),
  };

  /* From the post that has the focus, or else from the first that is in the window. */
  const go = (step) => {
    const shown = findAll(".timeline .post").filter((post) => post.offsetParent);
    if (!shown.length) return find(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
    const here = shown.indexOf(document.activeElement.closest(".post"));
    const seen = shown.findIndex((post) => post.getBoundingClientRect().bottom > 1);
    const next = here < 0 ? (step > 0 ? seen : seen - 1) : here + step;
    const post = shown[Math.min(Math.max(next, 0), shown.length - 1)];
    find(".when a", post)?.focus({ preventScroll: true });
    post.scrollIntoView();
  };

  begin(() => {
    const box = find("dialog.keys .off");
    box.checked = off;
    box.onchange = () => {
      off = box.checked;
      choice(name, off ? "off" : "");
    };
    find("dialog.keys .close").onclick = () => find("dialog.keys").close();
  });
  addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, select, textarea, dialog, [contenteditable]");
    if (busy || off || event.ctrlKey || event.metaKey || event.altKey || !deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  });
}
