/* The other order: a timeline that is all on one page is turned round in place. */
"use strict";

{
  function begin() {
    const days = document.querySelector(".timeline");
    const links = document.querySelectorAll(".order [data-order]");
    if (timeline.controls && days && links.length === 2) {
      let newest = false;
      for (const link of links) {
        link.addEventListener("click", (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          timeline.write({ order: link.dataset.order === "newest" ? "newest" : "" });
        });
      }
      timeline.watch((said) => turn(said.get("order") === "newest"));

      function turn(wanted) {
        if (wanted === newest) return;
        newest = wanted;
        /* What is being read stays where it is in the window. */
        const read = scrollY ? timeline.posts.find((post) => post.getBoundingClientRect().bottom > 0) : null;
        const before = read?.getBoundingClientRect().top;
        for (const day of days.querySelectorAll(".day")) day.append(...[...day.querySelectorAll(".post")].reverse());
        days.append(...[...days.children].reverse());
        timeline.posts.reverse();
        if (read && before < innerHeight) scrollBy(0, read.getBoundingClientRect().top - before);
        for (const link of links) {
          if ((link.dataset.order === "newest") === newest) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      }
    }
  }

  begin();
  addEventListener("archiver-fresh", begin);
}
