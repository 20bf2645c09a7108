/* Keys: j and k go from post to post, / to the search, ? tells of them. They can be switched off, for
   whoever speaks to the computer (WCAG 2.1.4). */
"use strict";

{
  const name = "archiver-keys";
  let off = choice(name) === "off";
  const deeds = {
    j: () => go(1),
    k: () => go(-1),
    "/": () => (find("[type=search]") ?? find(".find a"))?.focus(),
    "?": () => find("dialog.keys").showModal(),
  };

  /* From the post that has the focus, or else from the first that is in the window. */
  const go = (step) => {
    const shown = findAll(".timeline .post").filter((post) => post.offsetParent);
    if (!shown.length) return find(`a[rel=${step > 0 ? "next" : "prev"}]`)?.click();
    const focused = document.activeElement.closest(".post");
    const here = shown.indexOf(focused ?? findRead());
    const from = focused ? here : here - (step > 0);
    const post = shown[from + step] ?? shown[from] ?? shown.at(-1);
    find(".when a", post)?.focus({ preventScroll: true });
    showPost(post.id);
  };

  begin(() => {
    const dialog = find("dialog.keys");
    const box = find(".off", dialog);
    box.checked = off;
    box.onchange = () => {
      off = box.checked;
      choice(name, off ? "off" : "");
    };
    find(".close", dialog).onclick = () => dialog.close();
  });
  onkeydown = (event) => {
    const busy = event.target.closest?.("input, select, textarea, dialog");
    if (busy || off || isModified(event) || !deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  };
}
