// Beside the link to the search on every page, a box to type in; the link then carries what was typed.
{
  const link = document.querySelector(".find a");
  if (link && !link.hasAttribute("aria-current")) {
    const box = document.createElement("input");
    box.type = "search";
    box.id = "_find";
    box.setAttribute("aria-label", link.textContent);
    box.autocomplete = "off";
    const carry = () => {
      const words = box.value.trim();
      link.hash = words && `q=${encodeURIComponent(words)}`;
    };
    box.addEventListener("input", carry);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) link.click();
    });
    link.before(box);
    // A page that is shown again by "back" has what was typed, and hears nothing of it.
    addEventListener("pageshow", carry);
  }
}
