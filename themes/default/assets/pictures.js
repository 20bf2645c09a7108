/* A picture in full over the page: what its link leads to without this. Escape, the button or a click on it
   leads back, and to where the reader was. */
"use strict";

{
  const label = document.currentScript.dataset.close;
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a.full");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const picture = document.createElement("img");
    picture.src = link.href;
    picture.alt = link.querySelector("img").alt;
    const button = document.createElement("button");
    button.textContent = label;
    const dialog = document.createElement("dialog");
    dialog.className = "full";
    dialog.setAttribute("aria-label", picture.alt);
    dialog.append(button, picture);
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
