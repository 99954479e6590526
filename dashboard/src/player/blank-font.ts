/**
 * A font (236 bytes) that has an empty sign for every code point of private use, and no other sign: in the place
 * of an icon font that is not there it leaves a gap, where any other font would draw a box.
 */
export const BLANK_FONT =
  'data:font/woff2;base64,d09GMgABAAAAAADsAAoAAAAAAiAAAACmAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAABmAAQAoBLAE2AiQDBgsGAAQgBSIHIBuNARgehXEsbBOKFFfQLIohguhef/Y2rQGVBlYtIBEKYDigUY9g8IGk/dovPJCdGmHkC9jT47a2MAgCTDjzQFsQIAYcnvCAFzh4yCL1E0yKXpVZRepqrCPgcDV3//85/d+TUzcAwBSE1EFPH6wByR3vf4Qhhv+/CCOMcg4FDl/7EQiucmzog8wKLquvA0AqIDilggLlWqAUma0YS1FrCwV1QfTJWQI=';
export const PRIVATE_USE = 'U+E000-F8FF,U+F0000-FFFFD,U+100000-10FFFD';
