/* The other order: a timeline that is all on one page is turned round in place. */
"use strict";

begin(() => {
  const days = find(".timeline");
  const links = findAll(".order [data-order]");
  if (!links.length) return;
  let isTurned = false;
  for (const link of links) {
    link.onclick = (event) => {
      if (isModified(event) || event.shiftKey) return;
      event.preventDefault();
      writeAddress({ order: link.dataset.order });
    };
  }
  watchAddress((said) => {
    const newest = said.get("order") === "newest";
    if (newest === isTurned) return;
    isTurned = newest;
    /* What is being read stays where it is in the window. */
    const read = findRead();
    const before = read && findBox(read).top;
    for (const day of findAll(".day", days)) day.append(...findAll(".post", day).reverse());
    days.append(...[...days.children].reverse());
    posts.reverse();
    if (scrollY && before < innerHeight) showPost(read.id, before);
    for (const link of links) link.ariaCurrent = (link.dataset.order === "newest") === isTurned;
  });
});
