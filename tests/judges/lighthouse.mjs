// Opens addresses one after the other in one Chromium and writes a line of JSON for each: the scores, and
// what cost any. The policy of a page is bypassed, for Lighthouse itself fetches robots.txt as the page.
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const [program, ...addresses] = process.argv.slice(2);
const args = ["--disable-background-networking", "--disable-quic", "--no-first-run", "--no-sandbox"];
const browser = await puppeteer.launch({ executablePath: program, headless: true, args });
try {
  for (const address of addresses) {
    const page = await browser.newPage();
    await page.setBypassCSP(true);
    const { lhr } = await lighthouse(address, { logLevel: "silent" }, undefined, page);
    const scores = {};
    const faults = [];
    for (const { id, score, auditRefs } of Object.values(lhr.categories)) {
      scores[id] = score === null ? null : Math.round(score * 100);
      for (const { id: name, weight } of auditRefs) {
        const audit = lhr.audits[name];
        if (weight && (audit.score ?? 1) < 1) {
          const said = audit.displayValue ?? audit.explanation ?? "";
          faults.push(`${audit.title} ${said}`.trim());
        }
      }
    }
    const error = lhr.runtimeError?.message ?? "";
    console.log(JSON.stringify({ address, scores, faults, error, power: lhr.environment.benchmarkIndex }));
    await page.close();
  }
} finally {
  await browser.close();
}
