/**
 * What few pages need. The script build has it in a file of its own, which is loaded when a page does;
 * so it gets from the recorder what it works with.
 */
export { watchCanvases } from './canvas';
export { joinFrames, joinParents } from './frames';
export { createSources } from './sources';
export { traceRequests } from './trace';
export { uploader } from './upload';
