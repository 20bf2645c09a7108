/* Light or dark, as the reader chooses; the choice is kept where the browser keeps anything for a page. */
"use strict";

{
  const root = document.documentElement;
  const name = "archiver-scheme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : dark.matches);
  try {
    root.dataset.scheme = localStorage.getItem(name) || "";
  } catch {
    /* Some browsers keep nothing for a file. */
  }

  function begin() {
    const button = document.querySelector("button.scheme");
    if (!button) return;
    const tell = () => button.setAttribute("aria-pressed", String(isDark()));
    button.hidden = false;
    tell();
    dark.addEventListener("change", tell);
    button.addEventListener("click", () => {
      root.dataset.scheme = isDark() ? "light" : "dark";
      try {
        if (isDark() === dark.matches) localStorage.removeItem(name);
        else localStorage.setItem(name, root.dataset.scheme);
      } catch {
        /* The choice holds for this page. */
      }
      tell();
    });
  }

  begin();
  addEventListener("archiver-fresh", begin);
}
