/* Beside the link to the search on every page, a box to type in; the link then carries what was typed. */
"use strict";

begin(() => {
  const link = find(".find a:not([aria-current])");
  if (!link) return;
  const box = make("input", { type: "search", id: "_find", ariaLabel: link.textContent });
  box.oninput = () => {
    const words = readField(box);
    link.hash = words && `q=${encodeURIComponent(words)}`;
  };
  box.onkeydown = (event) => {
    if (event.key === "Enter" && !event.isComposing) link.click();
  };
  link.before(box);
  /* A page that is shown again by "back" has what was typed, and hears nothing of it. */
  onpageshow = box.oninput;
});
