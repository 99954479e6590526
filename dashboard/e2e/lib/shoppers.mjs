// People who really visit the shop, one after the other; the last one stays.

const COMPUTER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
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
  const wander = async (x, y) => {
    await page.mouse.move(x, y, { steps: 12 });
    await page.waitForTimeout(450);
  };
  await page.goto(`${origin}/`);
  await page.waitForTimeout(1_500);
  await page.evaluate((user) => window.crow.identify(user, { plan: 'member' }), name);
  const calm = index === 0 ? 3 : 1;
  await wander(300, 200);
  await wander(640, 420 + index * 9);
  await page.mouse.wheel(0, 260);
  await page.waitForTimeout(500);
  await page.waitForTimeout(500 * calm);
  await page.locator('.lamps a').first().click();
  await page.waitForTimeout(500 * calm);
  await wander(900, 320);
  await page.getByLabel('Write to us').pressSequentially('Is it warm?', { delay: 60 });
  for (let click = 0; click < 2 + (index % 2); click++) {
    const box = await page.locator('#add').boundingBox();
    await page.mouse.click(box.x + 30 + ((click * 53 + index * 29) % 130), box.y + 12 + ((index * 11) % 26));
    await page.waitForTimeout(500 * calm);
  }
  for (const [x, y] of [[340, 380], [410, 300], [960, 250 + index * 8]]) await page.mouse.click(x + index * 7, y);
  await page.waitForTimeout(2_500);
  if (index % 2 === 0) {
    await page.getByRole('link', { name: /Cart/ }).click();
    await page.getByLabel('Name', { exact: true }).pressSequentially(name, { delay: 40 });
    await wander(420, 460);
    if (index === 0) await page.locator('#buy').click();
    await page.waitForTimeout(2_500);
  }
}
