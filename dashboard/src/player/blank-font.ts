/**
 * A font (244 bytes) that has an empty sign for every code point of private use, and no other sign: in the place
 * of an icon font that is not there it leaves a gap, where any other font would draw a box.
 */
export const BLANK_FONT =
  'data:font/woff2;base64,d09GMgABAAAAAAD0AAoAAAAAAkgAAACrAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAABmAAQAoUNAE2AiQDBgsGAAQgBTwHIBuvASAeBznZqXkTGjkh3YoP0yL+6TDn7d8rLaVqAEu1K0ZhDFlEzwLUbHuD5wtSSln2gw6OB0cOJYeA5BhhoBEfPIaHkpudvlR22UQXtqc5GsP7+Me7OQDgDkRZYm0DngHFEf8DcYrTMeIMZwjXQEdQiMAOQiXXAgjC10d06s+87OD7/vbTXIigNBDO1B22IpK5A0FTAhoAALpXARG7iJK+EE0TbfQDB9UsAAAAAA==';
export const PRIVATE_USE = 'U+E000-F8FF,U+F0000-FFFFD,U+100000-10FFFD';
