/* Known at: the page as it stood at a moment, which is chosen on a scale, typed, or played. */
"use strict";

{
  function begin() {
    if (!timeline.controls) return;
    const controls = timeline.controls;
    const [scale, typed, play, all, said] = ["scale", "typed", "play", "all", "said"].map((name) =>
      controls.querySelector(`.${name}`),
    );
    const minute = 60_000;
    const clock = makeClock(controls.dataset.zone);
    const items = listItems();
    const moments = [...new Set(items.map((item) => item.time))].sort((one, other) => one - other);
    const shown = new Intl.DateTimeFormat(timeline.language, {
      calendar: "gregory",
      timeZone: clock.zone,
      ...{ year: "numeric", month: "long", day: "numeric" },
      ...{ hour: "numeric", minute: "2-digit", timeZoneName: "short" },
    });
    let timer = 0;

    if (moments.length < 2) {
      controls.querySelector(".known").hidden = true;
    } else {
      scale.max = moments.length;
      controls.querySelector(".untimed-note").hidden = !items.some((item) => item.untimed);
      scale.addEventListener("input", () => choose(findMoment(Number(scale.value))));
      typed.addEventListener("change", () => choose(typed.value ? clock.read(typed.value) : null));
      all.addEventListener("click", () => choose(null));
      play.addEventListener("click", () => (timer ? stop() : start()));
      timeline.watch((pairs) => show(readMoment(pairs.get("at"))));
    }

    /* Everything on the page that came at a time: posts, and what leads to them. A day is over at its end. */
    function listItems() {
      const found = [...document.querySelectorAll("[data-at]")].map((element) => [element, element.dataset.at]);
      for (const element of document.querySelectorAll(".headlines li, .post .correction")) {
        found.push([element, element.querySelector("time").dateTime]);
      }
      for (const post of timeline.posts) {
        const time = post.querySelector(".when time");
        found.push([post, time ? time.dateTime : post.closest(".day").getAttribute("aria-labelledby").slice(1)]);
      }
      return found.map(([element, at]) => {
        const untimed = !at.includes("T");
        return { element, untimed, time: untimed ? clock.read(`${at}T23:59`) : Date.parse(at) };
      });
    }

    /* A clock in the coverage's zone, or in UTC where the browser does not know it. */
    function makeClock(zone) {
      const options = { hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
      let format;
      try {
        format = new Intl.DateTimeFormat("en", { ...options, timeZone: zone });
      } catch {
        zone = "UTC";
        format = new Intl.DateTimeFormat("en", { ...options, timeZone: zone });
      }
      const write = (time) => {
        const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
        return `${part.year.padStart(4, "0")}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
      };
      const read = (text) => {
        const local = Date.parse(`${text.slice(0, 16)}Z`);
        let time = local;
        if (Number.isNaN(local)) return local;
        for (let turn = 0; turn < 2; turn += 1) {
          time = local - (Date.parse(`${write(time)}Z`) - Math.floor(time / minute) * minute);
        }
        return time;
      };
      return { zone, write, read };
    }

    /* An address may leave out the zone: then it is the coverage's. */
    function readMoment(text) {
      if (!text) return null;
      const time = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : clock.read(text);
      return Number.isNaN(time) ? null : time;
    }

    function writeMoment(time) {
      return new Date(time).toISOString().replace(/(?::00)?\.000Z$/, "Z");
    }

    function findMoment(count) {
      return count ? moments[count - 1] : moments[0] - minute;
    }

    function choose(time) {
      timeline.write({ at: time === null || Number.isNaN(time) ? "" : writeMoment(time) });
    }

    function show(time) {
      document.documentElement.classList.toggle("known-at", time !== null);
      for (const item of items) item.element.toggleAttribute("data-later", time !== null && item.time > time);
      for (const post of timeline.posts) recall(post, time);
      const count = time === null ? moments.length : moments.filter((moment) => moment <= time).length;
      scale.value = count;
      typed.value = time === null ? "" : clock.write(time);
      all.disabled = time === null;
      said.textContent = time === null ? "" : controls.dataset.known.replace("{date}", `\u2068${shown.format(time)}\u2069`);
      scale.setAttribute("aria-valuetext", shown.format(time ?? moments.at(-1)));
      if (time === null || count === moments.length) stop();
    }

    /* The text that a post had then, where earlier ones are known. */
    function recall(post, time) {
      const texts = [...post.querySelectorAll("template.earlier")];
      const then = time !== null && texts.find((text) => Date.parse(text.dataset.until) > time);
      post.querySelector(".then")?.remove();
      post.toggleAttribute("data-then", Boolean(then));
      if (then) post.querySelector(".words").after(then.content.cloneNode(true));
    }

    function start() {
      if (Number(scale.value) >= moments.length) choose(findMoment(0));
      timer = setInterval(step, 900);
      play.setAttribute("aria-pressed", "true");
      step();
    }

    function step() {
      const count = Number(scale.value) + 1;
      const time = findMoment(count);
      choose(time);
      const newest = timeline.posts.findLast((post) => items.some((item) => item.element === post && item.time === time));
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      newest?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
    }

    function stop() {
      clearInterval(timer);
      timer = 0;
      play.setAttribute("aria-pressed", "false");
    }
  }

  begin();
  addEventListener("archiver-fresh", begin);
}
