/* A button beside each permalink that copies the whole address. */
"use strict";

{
  /* The address on the web where it is known, and else where the page is. */
  const findHome = () => find("link[rel=canonical]")?.href || document.baseURI;

  const copy = async (text) => {
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
  };

  begin(() => {
    for (const link of findAll("a.permalink")) {
      const button = find("template.copy").content.firstElementChild.cloneNode(true);
      const label = button.textContent;
      button.onclick = async () => {
        await copy(new URL(link.getAttribute("href"), findHome()).href);
        button.textContent = button.dataset.done;
        setTimeout(() => (button.textContent = label), 2000);
      };
      button.setAttribute("aria-description", link.ariaLabel || "");
      link.after(button);
    }
  });
}
