/* The page of the search. What is asked stands in the address; of the index only those files are loaded,
   as scripts, that hold its words; posts are shown as their own files arrive. All text is set as text. */
"use strict";

{
  const SHOWN = 10;
  const POSTS = 16;
  const EXCERPT = 240;
  const LEAD = 60;
  const TIMES = { term: "$" };
  const DOT = " · ";
  const { floor, log, max } = Math;
  const page = find("#_search");
  const words = page.dataset;
  const { title } = document;
  const [list, plot, span, count, more, clear, narrow] = ["results", "plot", "span", "count", "more", "clear", "narrow"].map(
    (name) => find(`#_${name}`),
  );
  const fields = findAll(".asked :is(input, select)");
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

  const readMinute = (text) => Date.parse(text) / 60000;

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

  /* Volumes: some coverages' posts, in parts. */

  /* A volume, which tells what it holds of a term, or of those that begin with it: the digits of each part,
     and how much that is. */
  const openVolume = (name, firsts) => {
    const terms = {};
    const find = async ({ term, prefix }) => {
      const start = prefix ? term : `${term}>`;
      const shards = firsts.map((first, at) => (first <= (prefix ? `${term}\uffff` : term) && !(firsts[at + 1] <= term) ? load(`terms/${name}/${at}`) : ""));
      const found = [];
      found.size = 0;
      for (const line of (await Promise.all(shards)).join("&").split("&")) {
        if (!line.startsWith(start)) continue;
        const [, ...told] = line.split(">");
        found.size += line.length;
        while (told[0]) (found[readNumbers(told.shift())] ??= []).push(told.shift());
      }
      return found;
    };
    return (asked) => (terms[asked.prefix + asked.term] ??= find(asked));
  };

  /* The posts of a part with a term, of those that are among some: {number: [in the title?, place, …]}. */
  const findPosts = async (volume, part, term, among) => {
    const found = new Map();
    for (const digits of (await volume(term))[part] ?? []) {
      const numbers = readNumbers(digits);
      let post = -1;
      for (let at = 0; at < numbers.length; ) {
        const head = numbers[at++];
        post += (head >> 2) + 1;
        let others = head & 2 ? numbers[at++] + 1 : 0;
        let place = numbers[at++];
        const places = found.get(post) ?? [0];
        places[0] |= head & 1;
        places.push(place);
        while (others--) places.push((place += numbers[at++] + 1));
        if (among.has(post)) found.set(post, places);
      }
    }
    return found;
  };

  /* The posts in which terms stand as far apart as they were asked for, in the same form. Where
     none are left, no more files are loaded. */
  const findClause = async (volume, part, [first, ...others], among) => {
    const aligned = await findPosts(volume, part, first, among);
    for (const term of others) {
      if (!aligned.size) break;
      const found = await findPosts(volume, part, term, aligned);
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
      const terms = readTerms(phrase ?? word).map((term, place) => ({ ...term, place })).filter((term) => !term.last);
      const last = terms.at(-1);
      if (last) {
        const { length } = last.term;
        const typing = length > 2 && number === asked.length - 1;
        last.prefix = last.single || (word && (typing || (length > 1 && word.endsWith("*"))));
      }
      return terms.sort(byLength);
    });
    return clauses.filter((terms) => terms[0]);
  };

  /* Looks in a volume for posts that have all that is asked for, the newest part first, and adds them to
     the hits; `glance` hears of each part, and of the last minute of the next. */
  const searchVolume = async (name, { in: within, from, to }, clauses, isFirst, hits, glance) => {
    const [told, firsts, size] = await load(`terms/${name}/index`);
    const volume = openVolume(name, firsts);
    const parts = told
      .map(([at, slug, name, count, timed, last]) => ({ at, slug, name, count, timed, last }))
      .filter(({ slug }) => (within || slug) === slug);
    /* Where the first posts should be, no file waits for another; elsewhere all may be over after two. */
    if (parts[0]) for (const term of [...clauses.flat(), TIMES].slice(0, isFirst ? 99 : 2)) volume(term).catch(() => 0);
    for (const [which, part] of parts.entries()) {
      const posts = new Map(Array(part.count).fill(0).entries());
      for (const terms of clauses) {
        if (!posts.size) break;
        const found = await findClause(volume, part.at, terms, posts);
        /* The less is told of a word, the rarer it is. */
        const rare = log(1 + size / (await volume(terms[0])).size);
        for (const [number, score] of posts) {
          const places = found.get(number);
          if (places) posts.set(number, score + rare * (1 + log(places.length - 1)) * (places[0] ? 3 : 1));
          else posts.delete(number);
        }
      }
      if (posts.size) {
        let { last } = part;
        const [gaps, ...told] = (await volume(TIMES))[part.at][0].split("'");
        const minutes = [last, ...readNumbers(gaps).map((gap) => (last -= gap))].reverse();
        /* Where posts were published a day has its own beginning; here it stands for the day. */
        const days = told.flatMap((day) => Array(+day.slice(10)).fill(readMinute(day.slice(0, 10))));
        /* A moment is longer than a day, of which all is meant; from nothing every distance is NaN. */
        const measureFrom = (text, number) => (text[11] ? minutes : days)[number] - readMinute(text);
        for (const [number, score] of posts)
          if (!(measureFrom(from, number) < 0 || measureFrom(to, number) >= !to[10]))
            /* Of posts of one minute, the order of their coverage. */
            hits.push({ part, number, score, time: minutes[number], day: days[number], rank: (part.at - 1e5 * words.volumes.indexOf(name)) * 1e6 + number });
      }
      await glance(parts[which + 1]?.last);
    }
  };

  const newer = (one, other) => other.time - one.time || other.rank - one.rank;
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
      new Set(marks.filter((mark) => mark.start >= start && mark.end < start + EXCERPT - LEAD).map((mark) => mark.clause)).size;
    const [best = { start: 0 }] = marks.slice(0, 50).sort((one, other) => rate(other) - rate(one));
    let from = max(0, best.start - LEAD);
    if (from) from += measure(/^(\S*\s+)?/, text.slice(from, best.start));
    let to = from + EXCERPT;
    if (to < text.length) to -= measure(/(\s\S{0,40})?$/, text.slice(from, to));
    return make("p", {}, from ? "… " : "", ...markUp(text, marks, from, to), to < text.length ? " …" : "");
  };

  const makeItem = ({ part, number }, [title, tongue, rows], clauses) => {
    const [slug, headline, when, dateTime, key, by, text, own = tongue] = rows[number % POSTS];
    const mark = (text) => markUp(text, findMarks(text, clauses));
    const item = make(
      "li",
      own,
      make(
        "p",
        { className: "when", ...tongue },
        make("time", { dateTime }, when),
        DOT,
        make("a", { href: `${part.slug}/index.html` }, title),
        ...(key ? [DOT, make("strong", { className: "key", lang: language }, words.key)] : []),
        ...(by ? [DOT, make("bdi", {}, ...mark(by))] : []),
      ),
      make("h2", {}, make("a", { href: `${part.slug}/${slug}.html` }, ...mark(headline))),
    );
    if (text) item.append(makeExcerpt(text, clauses));
    return item;
  };

  /* Bars: how many posts were found in each stretch of time. Each narrows the search to its own. */
  const drawPlot = (hits) => {
    const sortBy = (name) => Float64Array.from(hits, (hit) => hit[name]).sort();
    let minutes = sortBy("time");
    plot.hidden = span.hidden = !hits[1];
    if (plot.contains(document.activeElement)) count.focus();
    plot.replaceChildren();
    if (plot.hidden) return;
    const steps = [10, 30, 60, 180, 360, 720, 1440, 10080, 43830, 131490, 525960, 5259600, 1e9];
    /* Where the times of some posts were not recorded, no hours are shown. */
    const least = 1440 * hits.some((hit) => !hit.part.timed);
    /* As many as a finger can tell apart (WCAG 2.5.8). */
    const room = floor(plot.clientWidth / 26) - 1;
    const step = steps.find((one) => one >= least && (minutes.at(-1) - minutes[0]) / one < room);
    const fine = step < 1440;
    if (!fine) minutes = sortBy("day");
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
      const changes = { from: spell(findTime(at)), to: spell(findTime(at + 1, !fine)) };
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

  const loadTexts = ({ part, number }) => load(`texts/${part.slug}/${part.name}.${floor(number / POSTS)}`);

  /* False says that another search has begun. */
  const show = async (hits, clauses, mine, isFirst) => {
    for (const [at, texts] of hits.map(loadTexts).entries()) {
      const item = makeItem(hits[at], await texts, clauses);
      if (mine !== turn) return;
      if (isFirst && !at) list.replaceChildren();
      list.append(item);
    }
  };

  const run = async (pairs) => {
    const mine = ++turn;
    const { q, by, tag, key, order } = pairs;
    const clauses = readClauses(q);
    const limits = [by && `@${by}`, tag && `#${tag}`, key && "!"].filter((one) => one).map((term) => [{ term }]);
    const ordered = [...clauses, ...limits].sort(([one], [other]) => byLength(one, other));
    const sort = { oldest: older, best: better }[order] ?? newer;
    clear.hidden = !findAll("input, select", narrow).some(readField);
    const isAsked = clauses[0] || !clear.hidden;
    const names = isAsked ? words.volumes.split(" ") : [];
    if (sort === older) names.reverse();
    document.title = (q && `${q} – `) + title;
    tell(isAsked ? words.searching : "");
    const hits = [];
    let shown;
    const showFirst = async () => {
      const first = hits.sort(sort).slice(0, SHOWN);
      const told = `${first.map((hit) => hit.rank)}`;
      if (told === shown) return;
      shown = told;
      await show(first, clauses, mine, true);
    };
    /* The first posts are shown as soon as nothing newer can come, or a volume has told all. */
    const glance = async (next) => {
      if (mine !== turn || shown || sort === better) return;
      if (next == null ? hits[0] : sort === newer && hits.sort(sort)[SHOWN - 1]?.time > next) await showFirst();
    };
    const look = (name) => searchVolume(name, pairs, ordered, name === names[0], hits, glance);
    /* The first volume is looked into by itself, then twice as many each time: what is shown first comes soon.
       The best posts are not known until all are. */
    for (let at = 0, some = sort === better ? 99 : 1; mine === turn && names[at]; at += some, some *= 2)
      await Promise.all(names.slice(at, at + some).map(look));
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
      if (value && narrow.contains(field)) narrow.open = true;
    }
    try {
      if (!readTerms) {
        readTerms = makeReader(await load("letters"));
        /* What reads words is compiled when it first does: while files are on their way, or before anything is asked. */
        setTimeout(readTerms, 0, "é");
      }
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
