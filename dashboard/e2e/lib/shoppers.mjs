// People who really visit the shop, one after the other; the last one stays.

const COMPUTER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
/** Whose session is over, so that there is a summary of it. */
export const DONE = 'june';
const WHO = ['nora.lind', 'amir.haddad', 'june', 'tomas.v', 'ines'];

export async function shopFor(browser, site) {
  let last;
  for (const [index, name] of WHO.entries()) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, userAgent: COMPUTER });
    const page = await context.newPage();
    await visit(page, site.origin, name, index);
    if (index < WHO.length - 1) await context.close();
    else last = context;
  }
  return last;
}

async function visit(page, origin, name, index) {
  const pause = (ms) => page.waitForTimeout(ms);
  const wander = async (x, y) => {
    await page.mouse.move(x, y, { steps: 12 });
    await pause(400);
  };
  await page.goto(`${origin}/`);
  await page.click('[data-choice=granted]');
  await page.waitForFunction(() => window.CROWReplay);
  await page.evaluate((user) => window.crow.identify(user, { plan: 'member' }), name);
  await wander(300, 240);
  await wander(640, 420 + index * 9);
  if (index === 0) await page.click('[data-kind=Kitchen]');
  await page.mouse.wheel(0, 200);
  await pause(900);
  await page.click('a[href="/product/copper-kettle"] >> nth=0');
  await pause(1_200);
  for (let click = 0; click < 2 + (index % 2); click++) {
    const box = await page.locator('#add').boundingBox();
    await page.mouse.click(
      box.x + 24 + ((click * 31 + index * 17) % (box.width - 40)),
      box.y + 12 + ((index * 7) % 20),
    );
    await pause(900);
  }
  await page.click('summary >> nth=0');
  for (const [x, y] of [
    [340, 330],
    [410, 400],
    [900, 300 + index * 12],
  ])
    await page.mouse.click(x + index * 11, y);
  await pause(1_200);
  if (index % 2 === 0) {
    await page.click('#chat .open');
    await page.locator('#chat input').pressSequentially('When will it arrive?', { delay: 50 });
    await page.click('#chat form button');
    await page.locator('#chat li', { hasText: 'three days.' }).waitFor();
    await pause(1_500);
    await page.click('#chat .open');
    await page.click('.cart');
    await pause(900);
    await page.click('text=Check out');
    await page.locator('#checkout input >> nth=0').pressSequentially(name, { delay: 40 });
    await wander(420, 460);
    await page.click('#checkout .primary');
  }
  // What was recorded last goes out.
  await page.evaluate((isOver) => (isOver ? window.crow.end() : window.crow.flush()), name === DONE);
  await pause(2_500);
}
