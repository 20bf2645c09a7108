/* A picture in full over the page: what its link leads to without this. Escape, the button or a click on it
   leads back, and to where the reader was. */
"use strict";

{
  const { close } = document.currentScript.dataset;
  onclick = (event) => {
    const link = event.target.closest?.("a.full");
    if (!link || isModified(event) || event.shiftKey) return;
    event.preventDefault();
    const { alt } = find("img", link);
    const picture = make("img", { src: link.href, alt });
    const dialog = make("dialog", { className: "full", ariaLabel: alt }, make("button", {}, close), picture);
    dialog.onclick = () => dialog.close();
    dialog.onclose = () => {
      dialog.remove();
      link.focus();
    };
    document.body.append(dialog);
    dialog.showModal();
  };
}
