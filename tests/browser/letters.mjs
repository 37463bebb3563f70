// Opens pages in Chromium and tells, as JSON, what a person and a printer would get of each: text, faults, requests, headings, tables, the
// worst contrast of text, whether anything is wider than the window, and the page printed to a PDF beside it.
//
// Usage: node letters.mjs PLAYWRIGHT_FOLDER CHROMIUM FILE...
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, executablePath, ...files] = process.argv.slice(2);
const { chromium } = createRequire(path.join(path.resolve(folder), "package.json"))("playwright-core");

// Text of an ordinary size should stand out from what is behind it by 4.5 to 1 (WCAG 2.2, 1.4.3).
function worstContrast() {
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const light = ([red, green, blue]) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parts(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  let worst = 21;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.textContent.trim()) continue;
    const shades = [light(parts(getComputedStyle(node.parentElement).color)), light(behind(node.parentElement))];
    worst = Math.min(worst, (Math.max(...shades) + 0.05) / (Math.min(...shades) + 0.05));
  }
  return worst;
}

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const told = [];
for (const file of files) {
  const page = await browser.newPage({ viewport: { width: 816, height: 1056 } });
  const faults = [];
  const requests = [];
  page.on("console", (message) => faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("dialog", (dialog) => { faults.push(dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => requests.push(request.url()));
  const address = pathToFileURL(file).href;
  await page.goto(address);
  const text = await page.innerText("body");
  const seen = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll("h1, h2, h3")].map((heading) => heading.tagName),
    scripts: document.querySelectorAll("script, img, iframe, object").length,
    tables: [...document.querySelectorAll("table")].map((table) => ({
      caption: table.caption?.innerText ?? "",
      columns: table.querySelectorAll("thead th[scope=col]").length,
      rows: [...table.tBodies[0].rows].map((row) => ({ cells: row.cells.length, headed: row.cells[0].matches("th[scope=row]") })),
    })),
  }));
  const contrast = await page.evaluate(worstContrast);
  const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  const wide = await tooWide();
  await page.setViewportSize({ width: 390, height: 844 });
  const wideOnPhone = await tooWide();
  await page.pdf({ path: `${file}.pdf`, preferCSSPageSize: true });
  told.push({ text, faults, contrast, wide, wideOnPhone, ...seen, others: requests.filter((url) => url !== address) });
  await page.close();
}
await browser.close();
console.log(JSON.stringify(told));
