/* Beside the link to the search on every page, a box to type in; the link then carries what was typed. */
"use strict";

begin(() => {
  const link = find(".find a:not([aria-current])");
  if (!link) return;
  const box = document.createElement("input");
  box.type = "search";
  box.id = "_find";
  box.ariaLabel = link.textContent;
  box.autocomplete = "off";
  const carry = () => {
    const words = box.value.trim();
    link.hash = words && `q=${encodeURIComponent(words)}`;
  };
  box.oninput = carry;
  box.onkeydown = (event) => {
    if (event.key === "Enter" && !event.isComposing) link.click();
  };
  link.before(box);
  /* A page that is shown again by "back" has what was typed, and hears nothing of it. */
  addEventListener("pageshow", carry);
});
