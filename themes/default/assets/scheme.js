/* Light or dark, as the reader chooses. */
"use strict";

{
  const { dataset } = root;
  const name = "archiver-scheme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (dataset.scheme ? dataset.scheme === "dark" : dark.matches);
  dataset.scheme = choice(name) ?? "";

  begin(() => {
    const button = find("button.scheme");
    const tell = () => (button.ariaPressed = isDark());
    button.hidden = false;
    tell();
    dark.onchange = tell;
    button.onclick = () => {
      dataset.scheme = isDark() ? "light" : "dark";
      choice(name, isDark() === dark.matches ? "" : dataset.scheme);
      tell();
    };
  });
}
