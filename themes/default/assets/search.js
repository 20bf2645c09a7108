// The page of the search. What is asked stands in the address; of the index only those files are loaded,
// as scripts, that hold its words; posts are shown as their own files arrive. All text is set as text.
{
  const page = document.getElementById("_search");
  const find = (name) => document.getElementById(`_${name}`);
  const { readWords, isUnspaced } = archiverSearch;
  const language = document.documentElement.lang;
  const { title } = document;
  const SHOWN = 10;
  const POSTS = 16;
  const BARS = 48;
  const EXCERPT = 240;

  // -- files of the index

  const arrivals = {};
  const files = {};
  // What the page itself loads is there before anybody asks for it.
  archiverSearch.take = (name, data) => (arrivals[name] ? arrivals[name](data) : (files[name] = Promise.resolve(data)));

  const spell = (...path) => path.map(encodeURIComponent).join("/");

  const load = (name, ...path) =>
    (files[name] ??= new Promise((arrive, fail) => {
      arrivals[name] = arrive;
      const script = document.createElement("script");
      script.src = `search/${spell(...path)}.js`;
      script.onload = () => script.remove();
      script.onerror = () => {
        delete files[name];
        script.remove();
        fail(name);
      };
      document.head.append(script);
    }));

  // -- numbers (search/digits.py)

  const VALUES = [];
  for (let code = 32, value = 0; code < 127; code++)
    if (!/[\\"<>&'`]/.test(String.fromCharCode(code))) VALUES[code] = value++;

  const readNumbers = (text) => {
    const numbers = [];
    let number = 0;
    for (let at = 0; at < text.length; at++) {
      const value = VALUES[text.charCodeAt(at)];
      if (value < 68) {
        numbers.push(number * 68 + value);
        number = 0;
      } else number = number * 20 + value - 68;
    }
    return numbers;
  };

  // -- volumes: some coverages' posts, numbered one after the other

  const openVolume = async (name) => {
    const [parts, firsts] = await load(name, "terms", name, "index");
    let start = 0;
    return {
      name,
      firsts,
      parts: parts.map(([slug, title, lang, dir, part, count, first, times, days]) => {
        const minutes = [first];
        for (const gap of readNumbers(times)) minutes.push(minutes.at(-1) + gap);
        start += count;
        return { slug, title, lang, dir, part, count, start: start - count, minutes, days };
      }),
    };
  };

  // The lines of a volume whose terms are this one, or begin with it.
  const findLines = async (volume, term, prefix) => {
    const { name, firsts } = volume;
    let last = firsts.length;
    while (last && firsts[last - 1] > (prefix ? term + "\uffff" : term)) last--;
    let first = last;
    while (first && firsts[first - 1] > term) first--;
    const shards = [];
    for (let at = Math.max(first - 1, 0); at < last; at++) shards.push(load(`${name}/${at}`, "terms", name, at));
    const begin = prefix ? term : `${term}>`;
    return (await Promise.all(shards)).flatMap((shard) => shard.split("&").filter((line) => line.startsWith(begin)));
  };

  // The posts of a line, each with the places of the term: {number: [in the title?, place, …]}.
  const readLine = (volume, line, found) => {
    const numbers = readNumbers(line.slice(line.indexOf(">") + 1));
    for (let at = 0; at < numbers.length; ) {
      let post = volume.parts[numbers[at++]].start - 1;
      for (let count = numbers[at++]; count--; ) {
        const head = numbers[at++];
        post += (head >> 2) + 1;
        let more = head & 2 ? numbers[at++] + 1 : 0;
        let place = numbers[at++];
        const places = found.get(post) ?? [0];
        places[0] |= head & 1;
        places.push(place);
        while (more--) places.push((place += numbers[at++] + 1));
        found.set(post, places);
      }
    }
    return found;
  };

  const findTerm = async (volume, { term, prefix }) => {
    const found = new Map();
    for (const line of await findLines(volume, term, prefix)) readLine(volume, line, found);
    return found;
  };

  // Posts in which terms stand as far apart as they were asked for: {number: [in the title?, place, …]}.
  const alignTerms = (terms, founds) => {
    const aligned = new Map();
    for (const [post, [title, ...places]] of founds[0]) {
      const here = founds.slice(1).map((found) => found.get(post));
      if (!here.every(Boolean)) continue;
      const fit = places.filter((place) =>
        here.every((others, at) => others.indexOf(place + terms[at + 1].place - terms[0].place, 1) > 0),
      );
      if (fit.length) aligned.set(post, [title, ...fit]);
    }
    return aligned;
  };

  // Of a long phrase some words are looked for first: where these do not stand together, no others need be.
  const findClause = async (volume, terms) => {
    let some = [...terms].sort((one, other) => other.term.length - one.term.length).slice(0, 3);
    for (;;) {
      const aligned = alignTerms(some, await Promise.all(some.map((term) => findTerm(volume, term))));
      if (some.length === terms.length || !aligned.size) return aligned;
      some = terms;
    }
  };

  // -- what is asked

  const FIELDS = ["q", "in", "by", "tag", "key", "from", "to", "order"];

  const readState = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    return Object.fromEntries(FIELDS.map((name) => [name, given.get(name) ?? ""]));
  };

  const writeState = (state) => {
    const told = FIELDS.filter((name) => state[name]).map((name) => [name, state[name]]);
    return `#${new URLSearchParams(told)}`;
  };

  const isSingle = (term) => isUnspaced(term) && [...term].length < 2;

  // Each clause is a list of terms that stand side by side; posts have to have all clauses.
  const readClauses = ({ q, by, tag, key }) => {
    const clauses = [];
    const asked = [...q.replace(/[“”„«»]/g, '"').matchAll(/(?<!\S)"([^"]*)"?|(\S+)/g)];
    asked.forEach(({ 1: phrase, 2: word }, number) => {
      const text = phrase ?? word;
      // The last sign of a run stands by itself, too: the pair before it is enough.
      const terms = readWords(text).flatMap((found) =>
        found.terms
          .map((term, at) => ({ term, place: found.place + at }))
          .filter(({ term }, at) => !(at && isSingle(term) && isUnspaced(found.terms[at - 1]))),
      );
      const last = terms.at(-1);
      if (!last) return;
      const { length } = last.term;
      const typing = length > 2 && number === asked.length - 1;
      last.prefix = isSingle(last.term) || (phrase === undefined && (typing || (length > 1 && word.endsWith("*"))));
      clauses.push(terms);
    });
    if (by) clauses.push([{ term: `@${by}`, place: 0 }]);
    if (tag) clauses.push([{ term: `#${tag}`, place: 0 }]);
    if (key) clauses.push([{ term: "!", place: 0 }]);
    return clauses;
  };

  // A moment in minutes; a day by itself is none.
  const readMinute = (text) => (text.length > 10 ? Date.parse(text) / 60000 : NaN);

  // From which to which of a part's posts it is looked.
  const findRange = ({ count, days, minutes }, { from, to }) => {
    let [first, last] = [0, count];
    const since = readMinute(from);
    const until = readMinute(to);
    if (since === since) while (first < count && minutes[first] < since) first++;
    else if (from) first = days.find(([day]) => day >= from)?.[1] ?? count;
    if (until === until) while (last && minutes[last - 1] >= until) last--;
    else if (to) last = days.find(([day]) => day > to)?.[1] ?? count;
    return [first, last];
  };

  // The posts of a volume that have all that is asked for.
  const searchVolume = async (volume, state, clauses, wave) => {
    const ranges = volume.parts
      .filter((part) => !state.in || part.slug === state.in)
      .map((part) => [part, ...findRange(part, state)])
      .filter(([, first, last]) => first < last);
    if (!ranges.length) return [];
    const longest = (terms) => Math.max(...terms.map(({ term }) => term.length));
    const ordered = [...clauses].sort((one, other) => longest(other) - longest(one));
    // Where the first posts should be, no file waits for another.
    if (!wave) for (const { term, prefix } of ordered.flat()) findLines(volume, term, prefix).catch(() => 0);
    const all = volume.parts.at(-1).start + volume.parts.at(-1).count;
    let scores;
    for (const terms of ordered) {
      const found = await findClause(volume, terms);
      const rare = Math.log(1 + all / (1 + found.size));
      const next = new Map();
      for (const [post, [title, ...places]] of found)
        if (!scores || scores.has(post)) {
          const own = rare * (1 + Math.log(places.length)) * (title ? 3 : 1);
          next.set(post, (scores?.get(post) ?? 0) + own);
        }
      scores = next;
      if (!scores.size) return [];
    }
    const hits = [];
    for (const [part, first, last] of ranges)
      for (let number = first; number < last; number++) {
        const score = scores ? scores.get(part.start + number) : 1;
        // Of posts of one minute, the order of their coverage.
        const rank = part.start + number - 1e6 * wave;
        if (score) hits.push({ part, number, score, minute: part.minutes[number], rank });
      }
    return hits;
  };

  const newer = (one, other) => other.minute - one.minute || other.rank - one.rank;
  const ORDERS = {
    "": newer,
    oldest: (one, other) => newer(other, one),
    best: (one, other) => other.score - one.score || newer(one, other),
  };

  // -- what is shown

  const make = (name, text, attributes) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  };

  const say = (key, number) => {
    const forms = JSON.parse(page.dataset[key]);
    const form = forms[new Intl.PluralRules(language).select(number)] ?? forms.other;
    return form.replace("{n}", new Intl.NumberFormat(language).format(number));
  };

  // Where in a text the words that were asked for stand, from the first to the last.
  const findMarks = (text, clauses) => {
    const words = readWords(text);
    const flat = words.flatMap((word) => word.terms.map((term) => ({ term, word })));
    const marks = [];
    clauses.forEach((terms, clause) => {
      flat.forEach((_, at) => {
        const run = terms.map(({ place }) => flat[at + place - terms[0].place]);
        const same = run.every((one, n) => one && (terms[n].prefix ? one.term.startsWith(terms[n].term) : one.term === terms[n].term));
        if (same) for (const { word } of run) marks.push({ start: word.start, end: word.end, clause });
      });
    });
    return marks.sort((one, other) => one.start - other.start);
  };

  const addMarked = (element, text, marks, from, to) => {
    let at = from;
    for (const { start, end } of marks) {
      if (start < at || end > to) continue;
      element.append(text.slice(at, start), make("mark", text.slice(start, end)));
      at = end;
    }
    element.append(text.slice(at, to));
  };

  const makeExcerpt = (text, clauses) => {
    const marks = findMarks(text, clauses);
    const reach = ({ start }) => marks.filter((mark) => mark.start >= start && mark.end < start + EXCERPT - 60);
    const kinds = (mark) => new Set(reach(mark).map(({ clause }) => clause)).size;
    const best = marks.slice(0, 50).reduce((one, other) => (one && kinds(one) >= kinds(other) ? one : other), null);
    let from = Math.max(0, (best?.start ?? 0) - 60);
    let to = Math.min(text.length, Math.max(from + EXCERPT, best?.end ?? 0));
    const gap = /\s/u;
    if (from) while (from < best.start && !gap.test(text[from - 1])) from++;
    if (to < text.length) for (let at = to; at > to - 40; at--) if (gap.test(text[at])) { to = at; break; }
    const excerpt = make("p", from ? "… " : "", { class: "excerpt" });
    addMarked(excerpt, text, marks, from, to);
    if (to < text.length) excerpt.append(" …");
    return excerpt;
  };

  const makeItem = ({ part }, [slug, headline, when, iso, key, by, text, lang, dir], clauses) => {
    const item = make("li", "", { lang: lang ?? part.lang, dir: dir ?? part.dir });
    const asked = clauses.filter(([{ term }]) => !"@#!".includes(term[0]));
    const date = make("p", "", { class: "when" });
    date.append(make("time", when, { datetime: iso }), " · ");
    date.append(make("a", part.title, { href: `${spell(part.slug)}/index.html`, lang: part.lang, dir: part.dir }));
    if (key) date.append(" · ", make("strong", page.dataset.key, { class: "key" }));
    const title = make("h2");
    const link = make("a", "", { href: `${spell(part.slug, slug)}.html` });
    addMarked(link, headline, findMarks(headline, asked), 0, headline.length);
    title.append(link);
    if (by) {
      date.append(" · ");
      addMarked(date, by, findMarks(by, asked), 0, by.length);
    }
    item.append(date, title);
    if (text) item.append(makeExcerpt(text, asked));
    return item;
  };

  const loadRow = async ({ part, number }) => {
    const file = `${part.part}.${Math.floor(number / POSTS)}`;
    return (await load(`${part.slug}/${file}`, "texts", part.slug, file))[number % POSTS];
  };

  // -- the plot: how many posts were found in each stretch of time

  const STEPS = [10, 30, 60, 180, 360, 720, 1440, 10080, 43830, 131490, 525960, 5259600];

  const drawPlot = (hits, state) => {
    const plot = find("plot");
    plot.replaceChildren();
    plot.hidden = hits.length < 2;
    if (plot.hidden) return;
    let [first, last] = [Infinity, -Infinity];
    for (const { minute } of hits) [first, last] = [Math.min(first, minute), Math.max(last, minute)];
    const step = STEPS.find((one) => (last - first) / one < BARS) ?? STEPS.at(-1);
    const begin = Math.floor(first / step);
    const counts = new Array(Math.floor(last / step) - begin + 1).fill(0);
    for (const { minute } of hits) counts[Math.floor(minute / step) - begin]++;
    const most = Math.max(...counts);
    const fine = step < 1440;
    const style = { calendar: "gregory", dateStyle: "medium", timeStyle: fine ? "short" : undefined, timeZone: fine ? page.dataset.zone : "UTC" };
    const format = new Intl.DateTimeFormat(language, style);
    const [shown, end] = [new Date(begin * step * 60000), new Date((begin + counts.length) * step * 60000 - 60000)];
    counts.forEach((count, at) => {
      const bar = make("li");
      plot.append(bar);
      if (!count) return;
      const [since, until] = [at, at + 1].map((n) => new Date((begin + n) * step * 60000));
      const label = format.format(since) + page.dataset.colon + say("hits", count);
      const button = make("button", "", { type: "button", "aria-label": label, title: label });
      button.style.blockSize = `${Math.max(8, (100 * count) / most)}%`;
      button.addEventListener("click", () => {
        const [from, to] = step < 1440
          ? [since, until].map((one) => `${one.toISOString().slice(0, 16)}Z`)
          : [since, new Date(until - 60000)].map((one) => one.toISOString().slice(0, 10));
        location.hash = writeState({ ...state, from, to });
        find("count").focus();
      });
      bar.append(button);
    });
    find("span").textContent = format.formatRange(shown, end);
  };

  // -- one search

  let turn = 0;

  const show = async (hits, clauses, mine, from) => {
    const some = hits.slice(from, from + SHOWN);
    const rows = some.map(loadRow);
    const list = find("results");
    const items = [];
    for (const [at, hit] of some.entries()) {
      const item = makeItem(hit, await rows[at], clauses);
      if (mine !== turn) return items;
      if (!from && !at) list.replaceChildren();
      list.append(item);
      items.push(item);
    }
    return items;
  };

  const tell = (text) => (find("count").textContent = text);

  const run = async (state) => {
    const mine = ++turn;
    const clauses = readClauses(state);
    const more = find("more");
    const clear = find("clear");
    more.hidden = true;
    clear.hidden = !["in", "by", "tag", "key", "from", "to"].some((name) => state[name]);
    document.title = (state.q && `${state.q} – `) + title;
    if (!clauses.length && clear.hidden) {
      find("results").replaceChildren();
      drawPlot([], state);
      tell("");
      return;
    }
    tell(page.dataset.searching);
    const names = page.dataset.volumes.split(" ").filter(Boolean);
    if (state.order === "oldest") names.reverse();
    const order = ORDERS[state.order] ?? newer;
    const begin = async (name, at) => searchVolume(await openVolume(name), state, clauses, at);
    const searches = [];
    const beginAll = () => {
      for (let at = searches.length; at < names.length; at++) {
        searches.push(begin(names[at], at));
        searches[at].catch(() => 0);
      }
    };
    const hits = [];
    let shown = "";
    const first = async () => {
      hits.sort(order);
      const told = hits.slice(0, SHOWN).map(({ part, number }) => `${part.slug}/${part.part}/${number}`).join();
      if (told !== shown) await show(hits, clauses, mine, 0);
      shown = told;
    };
    // The first posts are looked for by themselves, where they are not known only when all are.
    if (order === ORDERS.best) beginAll();
    for (let at = 0; at < names.length; at++) {
      for (const hit of await (searches[at] ??= begin(names[at], at))) hits.push(hit);
      if (mine !== turn) return;
      if (hits.length && !shown && order !== ORDERS.best) await first();
      beginAll();
    }
    if (mine !== turn) return;
    await first();
    if (mine !== turn) return;
    if (!hits.length) find("results").replaceChildren();
    drawPlot(hits, state);
    tell(hits.length ? say("hits", hits.length) : page.dataset.nothing);
    let from = SHOWN;
    more.hidden = hits.length <= from;
    more.onclick = async () => {
      const items = await show(hits, clauses, mine, from);
      from += SHOWN;
      more.hidden = hits.length <= from;
      items[0]?.querySelector("h2 a").focus();
    };
  };

  // -- the controls

  const controls = Object.fromEntries(FIELDS.map((name) => [name, find(name)]));

  const choose = (control, value) => {
    if (control.value.trim() === value) return;
    control.value = value;
    // What a list does not have, or not yet, must not be lost.
    if (control.value !== value && control.options) control.add(new Option(value, value, true, true));
  };

  const fill = async () => {
    const lists = await load("names", "names");
    ["in", "by", "tag"].forEach((name, at) => {
      controls[name].replaceChildren(controls[name].options[0], ...lists[at].map(([slug, label]) => new Option(label, slug)));
      choose(controls[name], readState()[name]);
    });
  };

  let told = "";

  const follow = () => {
    const state = readState();
    told = location.hash;
    for (const name of FIELDS)
      if (name === "key") controls.key.checked = !!state.key;
      else if (name === "from" || name === "to") controls[name].value = state[name].slice(0, 10);
      else choose(controls[name], state[name]);
    if (state.in || state.by || state.tag) fill().catch(fail);
    if (FIELDS.slice(1, 7).some((name) => state[name])) find("narrow").open = true;
    run(state).catch(fail);
  };

  const fail = (name) => tell(page.dataset.broken.replace("{name}", name instanceof Error ? name.message : name));

  const ask = (replace, { target } = {}) => {
    const state = readState();
    for (const name of FIELDS) {
      const control = controls[name];
      // A stretch of time that the plot set is kept until its day is changed.
      if ((name === "from" || name === "to") && control !== target) continue;
      state[name] = name === "key" ? (control.checked ? "1" : "") : control.value.trim();
    }
    const hash = writeState(state);
    if (hash === (told || "#")) return;
    if (replace) history.replaceState(null, "", hash);
    else location.hash = hash;
    if (replace) follow();
  };

  let pause;
  controls.q.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, 150, true);
  });
  controls.q.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) ask(false);
  });
  for (const name of FIELDS.slice(1)) controls[name].addEventListener("change", (event) => ask(false, event));
  find("go").addEventListener("click", () => ask(false));
  find("clear").addEventListener("click", () => {
    const { q, order } = readState();
    location.hash = writeState({ q, order });
    controls.q.focus();
  });
  find("narrow").addEventListener("toggle", () => find("narrow").open && fill().catch(fail));
  addEventListener("hashchange", () => location.hash !== told && follow());
  page.hidden = false;
  addEventListener("DOMContentLoaded", () => {
    if (!location.hash) controls.q.focus();
    follow();
  });
}
