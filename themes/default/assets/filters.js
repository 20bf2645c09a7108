/* Filters: posts that are key events, by somebody, with a tag, with embeds or gaps; all of it at once. */
"use strict";

{
  const PLACES = {
    key: ".labels .key",
    embeds: "figure.embed",
    gaps: ".gap",
    by: ".byline .who a",
    tag: ".tags a",
  };

  begin(() => {
    if (!posts.length) return;
    const panel = find(".filters");
    const clear = find(".clear", panel);
    const filters = findAll("[data-filter]", panel).map(setUp);
    panel.hidden = !find("label:not([hidden])", panel);
    clear.onclick = () => writeAddress({ key: "", embeds: "", gaps: "", by: "", tag: "" });
    watchAddress((said) => {
      const wanted = filters.filter(({ name }) => said.get(name));
      for (const { name, field } of filters) setField(field, said.get(name));
      for (const post of posts) {
        const kept = wanted.every(({ name, read }) => read(post).has(said.get(name)));
        post.toggleAttribute("data-left-out", !kept);
      }
      clear.disabled = !wanted.length;
      if (wanted.length) panel.open = true;
    });
  });

  /* A box to check stands for one value, a list for those that the posts have. */
  function setUp(field) {
    const name = field.dataset.filter;
    const check = field.type === "checkbox";
    const label = field.closest("label");
    const read = (post) => new Set(findAll(PLACES[name], post).map((found) => (check ? "1" : found.textContent)));
    const values = posts.flatMap((post) => [...read(post)]);
    for (const value of [...new Set(values)].sort(new Intl.Collator(language).compare)) {
      const count = ` (${formatNumber(values.filter((one) => one === value).length)})`;
      if (check) label.append(count);
      else field.append(new Option(value + count, value));
    }
    label.hidden = !values.length;
    field.onchange = () => writeAddress({ [name]: readField(field) });
    return { name, field, read };
  }
}
