/* A button beside each permalink that copies the whole address. */
"use strict";

{
  const { copy: label, done } = document.currentScript.dataset;

  begin(() => {
    for (const link of findAll("a.permalink")) {
      const button = make("button", { type: "button", className: "copy", ariaDescription: link.ariaLabel }, label);
      button.onclick = async () => {
        /* The address on the web where it is known, and else where the page is. */
        const home = find("link[rel=canonical]")?.href ?? location;
        const value = new URL(link.getAttribute("href"), home).href;
        try {
          await navigator.clipboard.writeText(value);
        } catch {
          const field = make("textarea", { value });
          document.body.append(field);
          field.select();
          document.execCommand("copy");
          field.remove();
        }
        button.textContent = done;
        setTimeout(() => (button.textContent = label), 2000);
      };
      link.after(button);
    }
  });
}
