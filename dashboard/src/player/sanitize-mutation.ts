/** Changes of a page's tree, made harmless with what is known of the nodes that they name. */
import { BROKEN } from './clear';
import { sheetText } from './memory';
import { insertText, isId, isObject, list, nodeOf, removeText, text, type Raw, type Work } from './sanitize-nodes';
import { nameOf, sanitizeAttribute, sanitizeCss, sizeOf } from './sanitize-parts';

const MUTATION = 0;

export function sanitizeMutation(data: Raw, work: Work): Raw {
  const sheets = new Set<number>();
  const removes = removesOf(data, work, sheets);
  const adds = addsOf(data, work, sheets);
  const texts = textsOf(data, work, sheets);
  const attributes = attributesOf(data, work, sheets);
  for (const id of sheets) tellSheet(id, adds, attributes, work);
  return {
    source: MUTATION,
    texts,
    attributes,
    removes,
    adds,
    ...(data.isAttachIframe === true && { isAttachIframe: true }),
  };
}

function removesOf(data: Raw, { memory }: Work, sheets: Set<number>): Raw[] {
  return list(data.removes).flatMap(({ id, parentId, isShadow }) => {
    if (!isId(id) || !isId(parentId)) return [];
    const sheet = removeText(memory, id);
    if (sheet === undefined) return [{ id, parentId, ...(isShadow === true && { isShadow }) }];
    sheets.add(sheet);
    return [];
  });
}

function addsOf(data: Raw, work: Work, sheets: Set<number>): Raw[] {
  const adds: Raw[] = [];
  for (const { node: raw, parentId, nextId, previousId } of list(data.adds)) {
    if (!isId(parentId)) continue;
    if (work.memory.sheets.has(parentId)) {
      if (!isObject(raw) || raw.type !== 3 || !isId(raw.id)) continue;
      insertText(work.memory, parentId, raw.id, text(raw.textContent), nextId);
      sheets.add(parentId);
      continue;
    }
    const node = nodeOf(raw, work);
    if (node)
      adds.push({ parentId, nextId: isId(nextId) ? nextId : null, ...(isId(previousId) && { previousId }), node });
  }
  return adds;
}

function textsOf(data: Raw, { memory, policy, report }: Work, sheets: Set<number>): Raw[] {
  return list(data.texts).flatMap(({ id, value }) => {
    if (!isId(id)) return [];
    const sheetId = memory.sheetOf.get(id);
    if (sheetId === undefined)
      return [{ id, value: memory.plainTexts.has(id) ? text(value) : sanitizeCss(text(value), policy, report) }];
    const sheet = memory.sheets.get(sheetId);
    // Its rules had been told as a whole since, and now they are those of its text again.
    if (sheet && !sheet.order.includes(id)) sheet.order = [id];
    sheet?.texts.set(id, text(value));
    sheets.add(sheetId);
    return [];
  });
}

function attributesOf(data: Raw, work: Work, sheets: Set<number>): Raw[] {
  return list(data.attributes).flatMap(({ id, attributes }) => {
    if (!isId(id)) return [];
    const changed = isObject(attributes) ? attributes : {};
    if (work.memory.sheets.has(id)) return sheetAttributes(id, changed, work, sheets);
    return [
      {
        id,
        attributes: work.memory.pictures.has(id)
          ? pictureAttributes(id, changed, work)
          : changedAttributes(id, changed, work),
      },
    ];
  });
}

function changedAttributes(id: number, changed: Raw, { memory, policy, report }: Work): Raw {
  const safe: Raw = {};
  const tag = memory.tags.get(id) ?? '';
  for (const [name, value] of Object.entries(changed)) {
    if (value === null) safe[nameOf(tag, name)] = null;
    else {
      const kept = sanitizeAttribute(tag, name, value, policy, report);
      if (kept !== undefined) safe[nameOf(tag, name)] = kept;
    }
  }
  return safe;
}

/** A picture has one address, and the size of what is there now. */
function pictureAttributes(id: number, changed: Raw, work: Work): Raw {
  const { memory, policy, report } = work;
  const picture = memory.pictures.get(id);
  const { src, rr_src: shown, rr_naturalWidth, rr_naturalHeight, rr_broken: isBroken, ...others } = changed;
  const safe = changedAttributes(id, others, work);
  if (!picture || (src === undefined && shown === undefined && rr_naturalWidth === undefined && isBroken === undefined))
    return safe;
  const address = text(shown) || text(src);
  if (address && address !== picture.address) Object.assign(picture, { address, size: undefined, isBroken: false });
  if (isBroken !== undefined) picture.isBroken = isBroken === true;
  if (src === null) picture.address = undefined;
  picture.size = sizeOf({ rr_naturalWidth, rr_naturalHeight }) ?? picture.size;
  if (picture.isBroken && picture.address !== undefined) safe.src = BROKEN;
  else
    safe.src =
      picture.address === undefined
        ? null
        : (sanitizeAttribute('img', 'src', picture.address, policy, report, picture.size) ?? null);
  return safe;
}

/** Whether a sheet counts is a matter of its `media` here. */
function sheetAttributes(id: number, changed: Raw, work: Work, sheets: Set<number>): Raw[] {
  const sheet = work.memory.sheets.get(id);
  if (!sheet) return [];
  const { _cssText: css, rr_disabled: isDisabled, disabled, media, ...others } = changed;
  const safe = changedAttributes(id, others, work);
  if (typeof css === 'string') {
    sheet.order = [id];
    sheet.texts.clear();
    sheet.texts.set(id, css);
    sheets.add(id);
  }
  if (media === null) sheet.media = undefined;
  else if (typeof media === 'string')
    sheet.media = String(sanitizeAttribute('', 'media', media, work.policy, work.report) ?? '');
  const isLink = work.memory.tags.get(id) === 'link';
  if (isDisabled !== undefined) sheet.isDisabled = isDisabled === true;
  else if (isLink && disabled !== undefined) sheet.isDisabled = disabled !== null;
  if (media !== undefined || isDisabled !== undefined || (isLink && disabled !== undefined))
    safe.media = sheet.isDisabled ? 'not all' : (sheet.media ?? null);
  Object.assign(sheet.changed, safe);
  return Object.keys(safe).length ? [{ id, attributes: safe }] : [];
}

/** Gives a sheet all of its text. The replayer builds the element again, so what had changed of it is said again. */
function tellSheet(id: number, adds: Raw[], attributes: Raw[], { memory, policy, report }: Work): void {
  const sheet = memory.sheets.get(id);
  if (!sheet) return;
  const css = sanitizeCss(sheetText(sheet).replaceAll('/* rr_split */', ''), policy, report);
  const added = adds.findLast(({ node }) => isObject(node) && node.id === id)?.node;
  if (isObject(added) && isObject(added.attributes)) added.attributes._cssText = css;
  else attributes.push({ id, attributes: { _cssText: css } });
  if (!added && Object.keys(sheet.changed).length) attributes.push({ id, attributes: { ...sheet.changed } });
}
