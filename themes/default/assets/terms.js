// The words of a text as a search compares them. The index was made by the same steps (search/terms.py):
// what is changed here is changed there.
globalThis.archiverSearch ??= {};
{
  const LONGEST = 40;
  const UNSEEN = String.raw`\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff`;
  const WORD = new RegExp(String.raw`[\p{L}\p{N}\p{M}_${UNSEEN}]+`, "gu");
  const PART = new RegExp(String.raw`[\p{L}\p{N}\p{M}${UNSEEN}]+`, "gu");
  const DROPPED = new RegExp(
    String.raw`[${UNSEEN}\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7` +
      String.raw`\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed` +
      String.raw`\u08ca-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f` +
      String.raw`\u{e0100}-\u{e01ef}]+`,
    "gu",
  );
  const UNSPACED =
    String.raw`\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31a0-\u31bf` +
    String.raw`\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}`;
  const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
  const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
  const LETTERS = { ß: "ss", æ: "ae", œ: "oe", þ: "th" };
  const pair = (from, to) => [...from].forEach((letter, at) => (LETTERS[letter] = to[at]));
  pair("øđðłħŧıςĸŋ", "oddlhtiσkn");
  pair("ٱةىکیےەہھۃ", "اهيكييهههه");
  pair("ךםןףץ", "כמנפצ");
  for (const zero of [0x660, 0x6f0, 0x966])
    for (let digit = 0; digit < 10; digit++) LETTERS[String.fromCharCode(zero + digit)] = `${digit}`;
  const SPELT = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");

  const split = (word) => {
    const terms = [];
    const folded = word.normalize("NFKD").replace(DROPPED, "").normalize("NFC").toLowerCase();
    const spelt = folded.replace(SPELT, (letter) => LETTERS[letter]);
    for (const part of spelt.match(PART) ?? [])
      for (const run of part.match(RUNS)) {
        const signs = [...run];
        if (IS_UNSPACED.test(run)) signs.forEach((sign, at) => terms.push(sign + (signs[at + 1] ?? "")));
        else terms.push(signs.slice(0, LONGEST).join(""));
      }
    return terms;
  };

  // The words of a text: where each begins and ends, and its terms. `place` counts terms.
  archiverSearch.readWords = (text) => {
    let place = 0;
    return [...text.matchAll(WORD)].map(({ 0: word, index }) => {
      const terms = split(word);
      place += terms.length;
      return { start: index, end: index + word.length, place: place - terms.length, terms };
    });
  };
  archiverSearch.isUnspaced = (term) => IS_UNSPACED.test(term);
}
