/* The words of a text as a search compares them, by the tables that made the index. The steps are those of
   search/terms.py: what is changed here is changed there. */
"use strict";

/* What has arrived of the index, by name: each of its files hands over what it holds. */
const files = {};
const archiverSearch = { take: (name, data) => (files[name] = data) };

/* What reads the terms of a text, in their order: where the word of each begins and ends, whether it is a
   single sign of a script without spaces, and whether it is the last of several. */
const makeReader = ([longest, letters, ...signs]) => {
  const [WORDS, DROPPED, RUNS] = signs.map((one) => new RegExp(one, "gu"));

  const split = (word) => {
    /* Most words have nothing that has to be folded. */
    if (/^[a-z\d]+$/i.test(word)) return [{ term: word.toLowerCase().slice(0, longest) }];
    const folded = word.normalize("NFKD").replace(DROPPED, "").normalize("NFC").toLowerCase();
    const spelt = [...folded].map((letter) => letters[letter] ?? letter).join("");
    return [...spelt.matchAll(RUNS)].flatMap(([run, unspaced]) => {
      const signs = [...run];
      if (!unspaced) return { term: signs.slice(0, longest).join("") };
      return signs.map((sign, at) => {
        const single = !signs[at + 1];
        return { term: sign + (signs[at + 1] ?? ""), single, last: single && at > 0 };
      });
    });
  };

  return (text) =>
    [...text.matchAll(/[^\0-\x7f]/.test(text) ? WORDS : /[a-z\d]+/gi)].flatMap(({ 0: word, index }) =>
      split(word).map((term) => ({ ...term, start: index, end: index + word.length })),
    );
};
