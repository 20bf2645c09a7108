/* The page of the search. What is asked stands in the address; of the index only those files are loaded,
   as scripts, that hold its words; posts are shown as their own files arrive. All text is set as text. */
"use strict";

{
  const SHOWN = 10;
  const POSTS = 16;
  const EXCERPT = 240;
  const LEAD = 60;
  const { floor, log, max } = Math;
  const page = find("#_search");
  const words = page.dataset;
  const { title } = document;
  const [list, plot, span, count, more, clear, narrow] = ["results", "plot", "span", "count", "more", "clear", "narrow"].map(
    (name) => find(`#_${name}`),
  );
  const fields = findAll(".asked :is(input, select)");
  const narrowing = fields.filter((field) => narrow.contains(field));
  const nameField = (field) => field.id.slice(1);
  const findAsked = (field) => readAddress().get(nameField(field)) ?? "";
  let readTerms;

  /* Files of the index. */

  const load = (name) =>
    (files[name] ??= new Promise((arrive, fail) => {
      const script = make("script", { src: `search/${name}.js` });
      script.onload = () => arrive(files[name]);
      script.onerror = () => {
        delete files[name];
        fail(name);
      };
      page.append(script);
    }));

  /* Numbers (search/digits.py). */

  const VALUES = [];
  for (let code = 32, value = 0; code < 127; code++)
    if (!/[\\"<>&'`]/.test(String.fromCharCode(code))) VALUES[code] = value++;

  const readNumbers = (text) => {
    const found = [];
    let number = 0;
    for (let at = 0; at < text.length; at++) {
      const value = VALUES[text.charCodeAt(at)];
      if (value < 68) {
        found.push(number * 68 + value);
        number = 0;
      } else number = number * 20 + value - 68;
    }
    return found;
  };

  /* Volumes: some coverages' posts, numbered one after the other. */

  const openVolume = async (name) => {
    const [told, firsts] = await load(`terms/${name}/index`);
    let size = 0;
    const parts = told.map((part) => {
      let { first } = part;
      const minutes = [first, ...readNumbers(part.times).map((gap) => (first += gap))];
      size += part.count;
      return { ...part, minutes, start: size - part.count };
    });
    return { name, firsts, parts, size };
  };

  /* The lines of a volume whose terms are this one, or begin with it. */
  const findLines = async ({ name, firsts }, { term, prefix }) => {
    const end = prefix ? `${term}\uffff` : term;
    const shards = firsts.map((first, at) => (first <= end && !(firsts[at + 1] <= term) ? load(`terms/${name}/${at}`) : ""));
    const lines = (await Promise.all(shards)).join("&").split("&");
    return lines.filter((line) => line.startsWith(prefix ? term : `${term}>`));
  };

  /* The posts with a term: {number: [in the title?, place, …]}. */
  const findTerm = async (volume, term) => {
    const found = new Map();
    for (const line of await findLines(volume, term)) {
      const numbers = readNumbers(line.slice(line.indexOf(">") + 1));
      for (let at = 0; at < numbers.length; ) {
        let post = volume.parts[numbers[at++]].start - 1;
        for (let left = numbers[at++]; left--; ) {
          const head = numbers[at++];
          post += (head >> 2) + 1;
          let others = head & 2 ? numbers[at++] + 1 : 0;
          let place = numbers[at++];
          const places = found.get(post) ?? [0];
          places[0] |= head & 1;
          places.push(place);
          while (others--) places.push((place += numbers[at++] + 1));
          found.set(post, places);
        }
      }
    }
    return found;
  };

  /* The posts in which terms stand as far apart as they were asked for, in the same form. Where
     none are left, no more files are loaded. */
  const findClause = async (volume, terms) => {
    const [first, ...others] = terms;
    const aligned = await findTerm(volume, first);
    for (const term of others) {
      if (!aligned.size) break;
      const found = await findTerm(volume, term);
      for (const [post, [titled, ...places]] of aligned) {
        const fit = places.filter((place) => found.get(post)?.indexOf(place + term.place - first.place, 1) > 0);
        if (fit.length) aligned.set(post, [titled, ...fit]);
        else aligned.delete(post);
      }
    }
    return aligned;
  };

  /* What is asked. */

  /* Long words come first, for these are rare. */
  const byLength = (one, other) => other.term.length - one.term.length;

  /* Each clause is a list of terms that stand side by side; posts have to have all clauses. */
  const readClauses = (text) => {
    const asked = [...text.replace(/[“”„«»]/g, '"').matchAll(/(?<!\S)"([^"]*)"?|(\S+)/g)];
    const clauses = asked.map(([, phrase, word], number) => {
      /* The last sign of a run stands by itself, too: the pair before it is enough. */
      const terms = readTerms(phrase ?? word).map((term, place) => ({ ...term, place })).filter(({ last }) => !last);
      const last = terms.at(-1);
      if (last) {
        const { length } = last.term;
        const typing = length > 2 && number === asked.length - 1;
        last.prefix = last.single || (word && (typing || (length > 1 && word.endsWith("*"))));
      }
      return terms.sort(byLength);
    });
    return clauses.filter(({ length }) => length);
  };

  /* From which to which of a part's posts it is looked. A moment is longer than a day. */
  const findRange = ({ slug, count, minutes, days }, { in: within, from, to }) => {
    const cut = (text, isPast) =>
      text.length > 10
        ? minutes.filter((minute) => minute < Date.parse(text) / 60000).length
        : days.find(([day]) => isPast(day))?.[1] ?? count;
    if (within && within !== slug) return [0, 0];
    return [from ? cut(from, (day) => day >= from) : 0, to ? cut(to, (day) => day > to) : count];
  };

  /* The posts of a volume that have all that is asked for. */
  const searchVolume = async (name, pairs, clauses, wave) => {
    const volume = await openVolume(name);
    const ranges = volume.parts.map((part) => [part, ...findRange(part, pairs)]).filter(([, first, last]) => first < last);
    if (!ranges[0]) return [];
    const ordered = clauses.toSorted(([one], [other]) => byLength(one, other));
    /* Where the first posts should be, no file waits for another. */
    if (!wave) for (const term of ordered.flat()) findLines(volume, term).catch(() => 0);
    let scores;
    for (const terms of ordered) {
      const found = await findClause(volume, terms);
      const rare = log(1 + volume.size / (1 + found.size));
      const next = new Map();
      for (const [post, [titled, ...places]] of found) {
        const before = scores ? scores.get(post) : 0;
        if (before >= 0) next.set(post, before + rare * (1 + log(places.length)) * (titled ? 3 : 1));
      }
      scores = next;
      if (!scores.size) return [];
    }
    const hits = [];
    for (const [part, first, last] of ranges)
      for (let number = first; number < last; number++) {
        const post = part.start + number;
        /* Of posts of one minute, the order of their coverage. */
        if (!scores || scores.has(post))
          hits.push({ part, number, score: scores?.get(post), minute: part.minutes[number], rank: post - 1e6 * wave });
      }
    return hits;
  };

  const newer = (one, other) => other.minute - one.minute || other.rank - one.rank;
  const older = (one, other) => newer(other, one);
  const better = (one, other) => other.score - one.score || newer(one, other);

  /* What is shown. */

  const sayHits = (number) => {
    const forms = JSON.parse(words.hits);
    return (forms[new Intl.PluralRules(language).select(number)] ?? forms.other).replace("{n}", formatNumber(number));
  };

  /* Where in a text the words that were asked for stand, from the first to the last. */
  const findMarks = (text, clauses) => {
    const here = readTerms(text);
    const marks = clauses.flatMap((terms, clause) =>
      here.flatMap((_, at) => {
        const run = terms.map(({ place }) => here[at + place - terms[0].place]);
        const same = run.every((one, n) => (terms[n].prefix ? one?.term.startsWith(terms[n].term) : one?.term === terms[n].term));
        return same ? run.map(({ start, end }) => ({ start, end, clause })) : [];
      }),
    );
    return marks.sort((one, other) => one.start - other.start);
  };

  const markUp = (text, marks, from = 0, to = text.length) => {
    const parts = [];
    for (const { start, end } of marks) {
      if (start < from || end > to) continue;
      parts.push(text.slice(from, start), make("mark", {}, text.slice(start, end)));
      from = end;
    }
    return [...parts, text.slice(from, to)];
  };

  const measure = (pattern, text) => pattern.exec(text)[0].length;

  /* The stretch of a text that has most of what was asked for, cut between words where there are any. */
  const makeExcerpt = (text, clauses) => {
    const marks = findMarks(text, clauses);
    const rate = ({ start }) =>
      new Set(marks.filter((mark) => mark.start >= start && mark.end < start + EXCERPT - LEAD).map(({ clause }) => clause)).size;
    const [best = { start: 0 }] = marks.slice(0, 50).sort((one, other) => rate(other) - rate(one));
    let from = max(0, best.start - LEAD);
    if (from) from += measure(/^(\S*\s+)?/, text.slice(from, best.start));
    let to = from + EXCERPT;
    if (to < text.length) to -= measure(/(\s\S{0,40})?$/, text.slice(from, to));
    return make("p", {}, from ? "… " : "", ...markUp(text, marks, from, to), to < text.length ? " …" : "");
  };

  const makeItem = ({ part }, [slug, headline, when, dateTime, key, by, text, tongue = part.tongue], clauses) => {
    const mark = (text) => markUp(text, findMarks(text, clauses));
    const item = make(
      "li",
      tongue,
      make(
        "p",
        { className: "when", ...part.tongue },
        make("time", { dateTime }, when),
        " · ",
        make("a", { href: `${part.slug}/index.html` }, part.title),
        ...(key ? [" · ", make("strong", { className: "key", lang: language }, words.key)] : []),
        ...(by ? [" · ", make("bdi", {}, ...mark(by))] : []),
      ),
      make("h2", {}, make("a", { href: `${part.slug}/${slug}.html` }, ...mark(headline))),
    );
    if (text) item.append(makeExcerpt(text, clauses));
    return item;
  };

  /* Bars: how many posts were found in each stretch of time. Each narrows the search to its own. */
  const drawPlot = (hits) => {
    const minutes = Float64Array.from(hits, ({ minute }) => minute).sort();
    plot.hidden = span.hidden = hits.length < 2;
    if (plot.contains(document.activeElement)) count.focus();
    plot.replaceChildren();
    if (plot.hidden) return;
    const steps = [10, 30, 60, 180, 360, 720, 1440, 10080, 43830, 131490, 525960, 5259600, 1e9];
    /* Where the times of some posts were not recorded, no hours are shown. */
    const least = hits.every(({ part }) => part.timed) ? 0 : 1440;
    /* As many as a finger can tell apart (WCAG 2.5.8). */
    const room = floor(plot.clientWidth / 26) - 1;
    const step = steps.find((one) => one >= least && (minutes.at(-1) - minutes[0]) / one < room);
    const fine = step < 1440;
    const first = floor(minutes[0] / step);
    const counts = Array(floor(minutes.at(-1) / step) - first + 1).fill(0);
    for (const minute of minutes) counts[floor(minute / step) - first]++;
    const most = max(...counts);
    const format = formatTime({
      dateStyle: "medium",
      timeStyle: fine ? "short" : undefined,
      timeZone: fine ? words.zone : "UTC",
    });
    const findTime = (at, minute = 0) => new Date(((first + at) * step - minute) * 60000);
    counts.forEach((found, at) => {
      const title = format.format(findTime(at)) + words.colon + sayHits(found);
      /* A stretch of hours ends before a moment, one of days with a day. */
      const spell = (time) => time.toISOString().slice(0, fine ? 16 : 10) + (fine ? "Z" : "");
      const changes = { from: spell(findTime(at)), to: spell(findTime(at + 1, fine ? 0 : 1)) };
      const link = make("a", { href: `#${changePairs(changes)}`, title });
      link.style.blockSize = `${(100 * found) / most}%`;
      plot.append(make("li", {}, found ? link : ""));
    });
    span.textContent = format.formatRange(findTime(0), findTime(counts.length, 1));
  };

  /* One search. */

  let turn = 0;

  const tell = (text) => (count.textContent = text);
  const fail = (name) => tell(words.broken.replace("{name}", name.message ?? name));

  const loadRow = async ({ part, number }) =>
    (await load(`texts/${part.slug}/${part.name}.${floor(number / POSTS)}`))[number % POSTS];

  /* False says that another search has begun. */
  const show = async (hits, clauses, mine, isFirst) => {
    const rows = hits.map(loadRow);
    for (const [at, hit] of hits.entries()) {
      const item = makeItem(hit, await rows[at], clauses);
      if (mine !== turn) return;
      if (isFirst && !at) list.replaceChildren();
      list.append(item);
    }
  };

  const run = async (pairs) => {
    const mine = ++turn;
    const { q, by, tag, key, order } = pairs;
    const clauses = readClauses(q);
    const limits = [by && `@${by}`, tag && `#${tag}`, key && "!"].filter(Boolean).map((term) => [{ term, place: 0 }]);
    const sort = { oldest: older, best: better }[order] ?? newer;
    clear.hidden = !narrowing.some(readField);
    const isAsked = clauses[0] || !clear.hidden;
    const names = isAsked ? words.volumes.split(" ") : [];
    if (sort === older) names.reverse();
    document.title = (q && `${q} – `) + title;
    tell(isAsked ? words.searching : "");
    const searches = [];
    const look = (at) => (searches[at] ??= searchVolume(names[at], pairs, [...clauses, ...limits], at));
    const lookAll = () => names.forEach((_, at) => look(at).catch(() => 0));
    const hits = [];
    let shown;
    const showFirst = async () => {
      const first = hits.sort(sort).slice(0, SHOWN);
      const told = first.map(({ rank }) => rank).join();
      if (told !== shown) await show(first, clauses, mine, true);
      shown = told;
    };
    /* The first posts are looked for by themselves, where they are not known only when all are. */
    if (sort === better) lookAll();
    for (const at of names.keys()) {
      for (const hit of await look(at)) hits.push(hit);
      if (mine !== turn) return;
      if (hits[0] && !shown && sort !== better) await showFirst();
      lookAll();
    }
    await showFirst();
    if (mine !== turn) return;
    if (!hits[0]) list.replaceChildren();
    drawPlot(hits);
    if (isAsked) tell(hits[0] ? sayHits(hits.length) : words.nothing);
    const offer = () => (more.hidden = !hits[list.children.length]);
    offer();
    more.onclick = async () => {
      const from = list.children.length;
      await show(hits.slice(from, from + SHOWN), clauses, mine);
      offer();
      list.children[from]?.querySelector("h2 a").focus();
    };
  };

  /* The controls. */

  /* What a list does not have, or not yet, must not be lost. */
  const choose = (field, value) => {
    if (readField(field) !== value) setField(field, value);
    if (field.options && field.value !== value) field.add(new Option(value, value, true, true));
  };

  const fill = async () => {
    const lists = await load("names");
    findAll("select", narrow).forEach((field, at) => {
      field.replaceChildren(field.options[0], ...lists[at].map(([slug, label]) => new Option(label, slug)));
      choose(field, findAsked(field));
    });
  };

  const follow = async () => {
    const pairs = {};
    for (const field of fields) {
      const value = (pairs[nameField(field)] = findAsked(field));
      choose(field, field.type === "date" ? value.slice(0, 10) : value);
      if (value && narrowing.includes(field)) narrow.open = true;
    }
    try {
      readTerms ??= makeReader(await load("letters"));
      await run(pairs);
    } catch (name) {
      fail(name);
    }
  };

  const go = (changes, replaces) => {
    const hash = `#${changePairs(changes)}`;
    if (hash === (location.hash || "#")) return;
    if (replaces) {
      history.replaceState(null, "", hash);
      follow();
    } else location.hash = hash;
  };

  const [box] = fields;
  let pause;
  for (const field of fields) field.onchange = () => go({ [nameField(field)]: readField(field) });
  box.oninput = () => {
    clearTimeout(pause);
    pause = setTimeout(() => go({ q: readField(box) }, true), 150);
  };
  find("#_go").onclick = box.onchange;
  clear.onclick = () => go({ in: "", by: "", tag: "", key: "", from: "", to: "" });
  narrow.ontoggle = () => narrow.open && fill().catch(fail);
  onhashchange = follow;
  page.hidden = false;
  if (!location.hash) box.focus();
  follow();
}
