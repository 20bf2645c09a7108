// Keeps a page of the preview fresh and shows problems over it. Never part of a built site.
"use strict";

(() => {
  const mark = document.currentScript.dataset;
  let { page, version, files } = mark;
  const STORED = "archiver-preview-place";

  // The place on the page, so that it can be found again where text above it has changed.

  const findPlace = () => {
    const top = (element) => element.getBoundingClientRect().top;
    const shown = [...document.querySelectorAll("main [id], main")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight;
    });
    const nearest = shown.sort((one, other) => Math.abs(top(one)) - Math.abs(top(other)))[0];
    return { x: scrollX, y: scrollY, id: nearest?.id ?? "", top: nearest ? top(nearest) : 0 };
  };

  const returnTo = (place) => {
    const element = place.y > 0 && place.id ? document.getElementById(place.id) : null;
    const y = element ? scrollY + element.getBoundingClientRect().top - place.top : place.y;
    scrollTo({ left: place.x, top: y, behavior: "instant" });
  };

  const reload = () => {
    sessionStorage.setItem(STORED, JSON.stringify({ at: location.pathname, ...findPlace() }));
    location.reload();
  };

  const returnAfterReload = () => {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "null");
    sessionStorage.removeItem(STORED);
    if (stored?.at === location.pathname) returnTo(stored);
  };
  if (document.readyState === "complete") returnAfterReload();
  else addEventListener("load", returnAfterReload);

  // The page itself, of which all is laid out at once, so that a place in it stays one

  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { animation: none !important }");
  document.adoptedStyleSheets = [sheet];

  const list = (root, selector, name) =>
    [...root.querySelectorAll(selector)].map((element) => element.getAttribute(name)).join("\n");
  const CONTROLS = "a[href], button, summary, input, [tabindex]";

  const swap = (next) => {
    const place = findPlace();
    const focused = [...document.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
    const href = document.activeElement?.getAttribute("href");
    document.title = next.title;
    for (const name of ["lang", "dir", "class"]) {
      const value = next.documentElement.getAttribute(name);
      if (value === null) document.documentElement.removeAttribute(name);
      else document.documentElement.setAttribute(name, value);
    }
    document.body.replaceWith(document.adoptNode(next.body));
    dispatchEvent(new Event("archiver-fresh")); // the theme's scripts begin anew with it
    const control = document.querySelectorAll(CONTROLS)[focused];
    if (control && control.getAttribute("href") === href) control.focus({ preventScroll: true });
    returnTo(place);
  };

  let turn = 0;
  const refresh = async () => {
    const own = ++turn;
    let next;
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
      next = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return; // the preview has gone; when it comes back, there is news again
    }
    if (own !== turn) return; // there is newer news already
    const fresh = next.querySelector("script[data-page]")?.dataset;
    const same = (selector, name) => list(next, selector, name) === list(document, selector, name);
    if (
      !fresh ||
      next.querySelector("body script:not([type])") ||
      !same("script[src]:not([data-page])", "src") ||
      !same("link[rel~=stylesheet]", "href") ||
      !same("meta[http-equiv]", "content")
    ) {
      reload();
      return;
    }
    version = fresh.version;
    if (fresh.page === page) return;
    page = fresh.page;
    swap(next);
  };

  // Problems: errors in front, warnings in a corner; all of it as text

  const make = (name, className, ...children) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };

  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  const describe = (problem) => {
    const item = make(
      "li",
      problem.severity,
      make("p", "place", problem.place),
      make("p", "message", make("b", "", `${problem.severity}[${problem.code}]`), ` ${problem.message}`),
    );
    const [before, meant, after] = problem.excerpt;
    if (problem.line && before + meant + after) {
      const number = make("span", "number", `${problem.line} `);
      item.append(make("pre", "", number, before, make("mark", "", meant || " "), after));
    }
    if (problem.hint) item.append(make("p", "hint", `hint: ${problem.hint}`));
    return item;
  };

  const listProblems = (problems, number, noun) => {
    const items = problems.map(describe);
    if (number > problems.length) items.push(make("li", "more", `and ${count(number - problems.length, noun)} more`));
    return make("ol", "", ...items);
  };

  const host = make("div", "");
  host.id = "_preview-problems";
  const shadow = host.attachShadow({ mode: "open" });
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = "/_preview/preview.css";
  const front = make("section", "front");
  front.setAttribute("role", "alert");
  const corner = make("details", "corner");
  const lost = make("p", "lost", "The preview has ended. This page is as it was then.");
  lost.setAttribute("role", "status");
  front.hidden = corner.hidden = lost.hidden = true;
  shadow.append(style, front, corner, lost);
  // Outside the body, which is swapped.
  document.documentElement.append(host);

  let news = { errors: [], warnings: [], count: { errors: 0, warnings: 0 } };
  let folded = ""; // the errors that a reader has put away

  const draw = () => {
    const errors = JSON.stringify(news.errors);
    const inFront = news.errors.length > 0 && errors !== folded;
    const { errors: wrong, warnings: doubtful } = news.count;
    front.hidden = !inFront;
    const fold = make("button", "", "Hide");
    fold.type = "button";
    fold.addEventListener("click", () => {
      folded = errors;
      draw();
    });
    const heading = make("h2", "", count(wrong, "error"));
    const note = make("p", "note", "Until it is mended, what it touches is shown as it was before.");
    front.replaceChildren(make("header", "", heading, fold), note, listProblems(news.errors, wrong, "error"));
    const inCorner = [
      ...(inFront || !wrong ? [] : [[news.errors, wrong, "error"]]),
      ...(doubtful ? [[news.warnings, doubtful, "warning"]] : []),
    ];
    corner.hidden = inCorner.length === 0;
    corner.classList.toggle("wrong", inCorner.some(([, , noun]) => noun === "error"));
    const summary = make("summary", "", inCorner.map(([, number, noun]) => count(number, noun)).join(", "));
    corner.replaceChildren(summary, ...inCorner.map((some) => listProblems(...some)));
  };

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !front.hidden) shadow.querySelector(".front button").click();
  });

  // The stream of news; hidden tabs leave it, for a browser opens only six connections to one server

  const take = (event) => {
    lost.hidden = true;
    news = JSON.parse(event.data);
    draw();
    if (news.files !== files) reload();
    else if (news.version !== version) refresh();
  };

  let stream = null;
  const leave = () => {
    stream?.close();
    stream = null;
  };
  const listen = () => {
    if (stream || document.hidden) return;
    stream = new EventSource("/_preview/events");
    stream.addEventListener("message", take);
    stream.addEventListener("error", () => {
      lost.hidden = false;
      if (stream?.readyState === EventSource.CLOSED) {
        leave();
        setTimeout(listen, 1000);
      }
    });
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  listen();
})();
