//! The field `mappings`: groups for the lines of the script, divided by `;`, with segments divided by
//! `,`. A segment is one, four or five numbers in base64 VLQ, each relative to the one before.

use crate::MAX_TOKENS;
use crate::error::Error;

/// In place of a source: the code is from none.
pub(crate) const NO_SOURCE: u32 = u32::MAX;
/// The largest number of a place: what fits into the 32 bits of the standard.
const MAX_NUMBER: i64 = i32::MAX as i64;
/// Bits that the digits of one number may have.
const MAX_SHIFT: u32 = 35;

/// A place of the script and the place that it is from. All numbers are from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Place in the list of sources, or [`NO_SOURCE`].
    pub(crate) source: u32,
    pub(crate) original_line: u32,
    pub(crate) original_column: u32,
}

/// What segments may name, and where they begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// Line and column of the script at which the part begins.
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// How many sources were before.
    pub(crate) first_source: usize,
    pub(crate) sources: usize,
    pub(crate) names: usize,
}

/// Adds the tokens of a part.
pub(crate) fn decode(mappings: &str, part: Part, tokens: &mut Vec<Token>) -> Result<(), Error> {
    let mut state = State::default();
    for (line, group) in (0_u32..).zip(mappings.split(';')) {
        state.column = 0;
        let offset = if line == 0 { part.column } else { 0 };
        for segment in group.split(',').filter(|segment| !segment.is_empty()) {
            if tokens.len() == MAX_TOKENS {
                return Err(Error::TooManyPlaces);
            }
            let token = state.read(segment.as_bytes(), part)?;
            tokens.push(Token {
                line: line.checked_add(part.line).ok_or(Error::OutOfBounds)?,
                column: token.column.checked_add(offset).ok_or(Error::OutOfBounds)?,
                ..token
            });
        }
    }
    Ok(())
}

/// The numbers so far, from which the next ones count.
#[derive(Debug, Default)]
struct State {
    column: i64,
    source: i64,
    original_line: i64,
    original_column: i64,
    name: i64,
}

impl State {
    fn read(&mut self, segment: &[u8], part: Part) -> Result<Token, Error> {
        let mut rest = segment;
        let mut numbers = [0; 5];
        let mut count = 0;
        while !rest.is_empty() {
            let number = numbers.get_mut(count).ok_or(Error::Mappings)?;
            (*number, rest) = number_of(rest)?;
            count += 1;
        }
        let column = advance(&mut self.column, numbers[0])?;
        let none = Token {
            line: 0,
            column,
            source: NO_SOURCE,
            original_line: 0,
            original_column: 0,
        };
        match count {
            1 => return Ok(none),
            4 | 5 => {}
            _other => return Err(Error::Mappings),
        }
        let source = advance(&mut self.source, numbers[1])?;
        if !is_below(source, part.sources) {
            return Err(Error::UnknownSource(source, part.sources));
        }
        let token = Token {
            source: u32::try_from(part.first_source)
                .ok()
                .and_then(|first| source.checked_add(first))
                .ok_or(Error::OutOfBounds)?,
            original_line: advance(&mut self.original_line, numbers[2])?,
            original_column: advance(&mut self.original_column, numbers[3])?,
            ..none
        };
        if count == 5 {
            let name = advance(&mut self.name, numbers[4])?;
            if !is_below(name, part.names) {
                return Err(Error::UnknownName(name, part.names));
            }
        }
        Ok(token)
    }
}

fn is_below(number: u32, count: usize) -> bool {
    usize::try_from(number).is_ok_and(|number| number < count)
}

/// The number after this step. A place before the beginning is none.
fn advance(number: &mut i64, by: i64) -> Result<u32, Error> {
    *number += by;
    if *number > MAX_NUMBER {
        return Err(Error::OutOfBounds);
    }
    u32::try_from(*number).map_err(|_negative| Error::OutOfBounds)
}

/// The first number of a segment, and the rest. The lowest bit is the sign.
fn number_of(segment: &[u8]) -> Result<(i64, &[u8]), Error> {
    let (mut value, mut shift) = (0_i64, 0);
    for (at, byte) in segment.iter().enumerate() {
        let digit = digit_of(*byte).ok_or(Error::Mappings)?;
        if shift > MAX_SHIFT {
            return Err(Error::OutOfBounds);
        }
        value |= i64::from(digit & 31) << shift;
        shift += 5;
        if digit & 32 == 0 {
            let magnitude = value >> 1;
            let number = if value & 1 == 0 {
                magnitude
            } else {
                -magnitude
            };
            return Ok((number, &segment[at + 1..]));
        }
    }
    Err(Error::Mappings)
}

fn digit_of(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _other => None,
    }
}
