/* A button beside each permalink that copies the whole address. */
"use strict";

{
  function begin() {
    const template = document.querySelector("template.copy");
    for (const link of template ? document.querySelectorAll("a.permalink") : []) {
      const button = template.content.firstElementChild.cloneNode(true);
      button.addEventListener("click", async () => {
        await copy(new URL(link.getAttribute("href"), findHome()).href);
        button.textContent = button.dataset.done;
        setTimeout(() => (button.textContent = button.dataset.label), 2000);
      });
      button.dataset.label = button.textContent;
      button.setAttribute("aria-description", link.getAttribute("aria-label") || "");
      link.after(button);
    }
  }

  /* The address on the web where it is known, and else where the page is. */
  function findHome() {
    return document.querySelector("link[rel=canonical]")?.href || document.baseURI;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  }

  begin();
  addEventListener("archiver-fresh", begin);
}
