/* The other order: a timeline that is all on one page is turned round in place. */
"use strict";

begin(() => {
  const days = find(".timeline");
  const links = findAll(".order [data-order]");
  if (!links.length) return;
  let shown = "oldest";
  for (const link of links) {
    link.onclick = (event) => {
      if (isModified(event) || event.shiftKey) return;
      event.preventDefault();
      writeAddress({ order: link.dataset.order });
    };
  }
  const turn = (wanted) => {
    if (wanted === shown) return;
    shown = wanted;
    /* What is being read stays where it is in the window. */
    const read = scrollY && posts.find((post) => findBox(post).bottom > 0);
    const before = read && findBox(read).top;
    for (const day of findAll(".day", days)) day.append(...findAll(".post", day).reverse());
    days.append(...[...days.children].reverse());
    posts.reverse();
    if (read && before < innerHeight) scrollBy(0, findBox(read).top - before);
    for (const link of links) link.ariaCurrent = link.dataset.order === shown ? "true" : null;
  };
  watchAddress((said) => turn(said.get("order") === "newest" ? "newest" : "oldest"));
});
