/* The other order: a timeline that is all on one page is turned round in place. */
"use strict";

begin(() => {
  const days = find(".timeline");
  const links = findAll(".order [data-order]");
  if (!days || !links.length) return;
  let shown = "oldest";
  for (const link of links) {
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      writeAddress({ order: link.dataset.order === "newest" && "newest" });
    };
  }
  const turn = (wanted) => {
    if (wanted === shown) return;
    shown = wanted;
    /* What is being read stays where it is in the window. */
    const read = scrollY && posts.find((post) => post.getBoundingClientRect().bottom > 0);
    const before = read && read.getBoundingClientRect().top;
    for (const day of findAll(".day", days)) day.append(...findAll(".post", day).reverse());
    days.append(...[...days.children].reverse());
    posts.reverse();
    if (read && before < innerHeight) scrollBy(0, read.getBoundingClientRect().top - before);
    for (const link of links) {
      if (link.dataset.order === shown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  watchAddress((said) => turn(said.get("order") === "newest" ? "newest" : "oldest"));
});
