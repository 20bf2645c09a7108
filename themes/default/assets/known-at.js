/* Known at: the page as it stood at a moment, which is chosen on a scale, typed, or played. */
"use strict";

begin(() => {
  if (!controls) return;
  const MINUTE = 60_000;
  const [scale, typed, play, all, said] = ["scale", "typed", "play", "all", "said"].map((name) => find(`.${name}`, controls));

  /* The coverage's zone, or UTC where the browser does not know it. */
  let timeZone;
  let zoned;
  const setZone = (zone) => {
    timeZone = zone;
    zoned = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  };
  try {
    setZone(controls.dataset.zone);
  } catch {
    setZone("UTC");
  }
  const shown = formatTime({
    timeZone,
    ...{ year: "numeric", month: "long", day: "numeric" },
    ...{ hour: "numeric", minute: "2-digit", timeZoneName: "short" },
  });

  /* Midnight of an offset is as far from that of UTC; seconds, which offsets once had, are left out. What is no
     time cannot be formatted. */
  const findOffset = (time) =>
    -Date.parse(`1970-01-01T00:00${/GMT(.{6})/.exec(zoned.format(time || 0))?.[1] ?? "Z"}`);
  const readClock = (text) => {
    const local = Date.parse(`${text.slice(0, 16)}Z`);
    return local - findOffset(local - findOffset(local));
  };

  /* Everything on the page that came at a time: posts, and what leads to them. A day is over at its end. */
  const items = findAll("[data-at], .headlines li, .timeline .post, .post .correction").map((element) => {
    const time = find(":scope > time, .when time", element);
    const day = element.closest(".day");
    const at = element.dataset.at ?? time?.dateTime ?? find("h2", day).id.slice(1);
    const untimed = !at.includes("T");
    return { element, untimed, time: untimed ? readClock(`${at}T23:59`) : Date.parse(at) };
  });
  const moments = [...new Set(items.map((item) => item.time))].sort((one, other) => one - other);
  const findMoment = (count) => moments[count - 1] ?? moments[0] - MINUTE;
  let timer;

  /* What is no time stands for the end, when everything is known. */
  const choose = (time) =>
    writeAddress({ at: isNaN(time) ? "" : new Date(time).toISOString().replace(/(:00)?\.000Z$/, "Z") });

  /* The text that a post had then, where earlier ones are known. */
  const recall = (post, time) => {
    const then = findAll("template.earlier", post).find((text) => Date.parse(text.dataset.until) > time);
    find(".then", post)?.remove();
    post.toggleAttribute("data-then", !!then);
    if (then) find(".words", post).after(then.content.cloneNode(true));
  };

  const step = () => {
    const time = findMoment(+scale.value + 1);
    choose(time);
    const newest = items.find((item) => item.time === time && posts.includes(item.element));
    newest?.element.scrollIntoView({ block: "nearest" });
  };

  const start = () => {
    if (+scale.value >= moments.length) choose(findMoment(0));
    timer = setInterval(step, 900);
    play.ariaPressed = true;
    step();
  };

  const stop = () => {
    timer = clearInterval(timer);
    play.ariaPressed = false;
  };

  if (moments.length < 2) {
    find(".known").hidden = true;
    return;
  }
  scale.max = moments.length;
  find(".untimed-note").hidden = !items.some((item) => item.untimed);
  scale.oninput = () => choose(findMoment(+scale.value));
  typed.onchange = () => choose(readClock(typed.value));
  all.onclick = () => choose();
  play.onclick = () => (timer ? stop() : start());
  watchAddress((pairs) => {
    /* An address may leave out the zone: then it is the coverage's. */
    const text = pairs.get("at") ?? "";
    const time = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : readClock(text);
    const known = !isNaN(time);
    root.classList.toggle("known-at", known);
    for (const item of items) item.element.toggleAttribute("data-later", item.time > time);
    for (const post of posts) recall(post, time);
    const count = moments.filter((moment) => !(moment > time)).length;
    const told = shown.format(known ? time : moments.at(-1));
    scale.value = count;
    scale.ariaValueText = told;
    typed.value = known ? new Date(time + findOffset(time)).toISOString().slice(0, 16) : "";
    all.disabled = !known;
    said.textContent = known ? controls.dataset.known.replace("{date}", `\u2068${told}\u2069`) : "";
    if (count === moments.length) stop();
  });
});
