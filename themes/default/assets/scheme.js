/* Light or dark, as the reader chooses; the choice is kept where the browser keeps anything for a page. */
"use strict";

{
  const root = document.documentElement;
  const button = document.querySelector("button.scheme");
  const name = "archiver-scheme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  try {
    root.dataset.scheme = localStorage.getItem(name) || "";
  } catch {
    /* Some browsers keep nothing for a file. */
  }
  if (button) {
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

  function isDark() {
    return root.dataset.scheme ? root.dataset.scheme === "dark" : dark.matches;
  }

  function tell() {
    button.setAttribute("aria-pressed", String(isDark()));
  }
}
