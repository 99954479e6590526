//! Requests that are written once. Only their numbers change.

/// Digits of a session's number, in hex.
const SESSION_DIGITS: usize = 16;
/// Digits of a batch's number in its session, with spaces before it: JSON allows them, and
/// no zeros.
const SEQ_DIGITS: usize = 8;
/// Digits of a time in milliseconds since the epoch, until the year 2286.
const TIME_DIGITS: usize = 13;

/// What is different in each request.
#[derive(Debug, Clone, Copy)]
enum Hole {
    Session,
    Seq,
    SeqHex,
    /// So many milliseconds ago.
    Time(i64),
}

/// What the holes are filled with.
#[derive(Debug, Clone, Copy)]
pub struct Filling {
    pub session: u64,
    pub seq: u64,
    /// Milliseconds since the epoch.
    pub now: i64,
}

/// A text with holes of fixed width.
#[derive(Debug, Clone, Default)]
pub struct Template {
    text: Vec<u8>,
    holes: Vec<(usize, Hole)>,
}

impl Template {
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.text.extend_from_slice(text.as_bytes());
        self
    }

    pub fn session(&mut self) -> &mut Self {
        self.hole(Hole::Session, SESSION_DIGITS)
    }

    pub fn seq(&mut self) -> &mut Self {
        self.hole(Hole::Seq, SEQ_DIGITS)
    }

    /// A name of the batch, and with a suffix of what is in it.
    pub fn batch_name(&mut self) -> &mut Self {
        self.session().text("-").hole(Hole::SeqHex, SEQ_DIGITS)
    }

    pub fn time(&mut self, ago_ms: i64) -> &mut Self {
        self.hole(Hole::Time(ago_ms), TIME_DIGITS)
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// This text, and then the other.
    pub fn then(mut self, other: &Self) -> Self {
        let shift = self.text.len();
        self.text.extend_from_slice(&other.text);
        let holes = other.holes.iter().map(|(at, hole)| (at + shift, *hole));
        self.holes.extend(holes);
        self
    }

    /// Writes the text into `into`, with the holes filled.
    pub fn fill(&self, filling: Filling, into: &mut Vec<u8>) {
        into.clear();
        into.extend_from_slice(&self.text);
        for (at, hole) in &self.holes {
            match hole {
                Hole::Session => digits::<16>(&mut into[*at..at + SESSION_DIGITS], filling.session),
                Hole::SeqHex => digits::<16>(&mut into[*at..at + SEQ_DIGITS], filling.seq),
                Hole::Seq => padded(&mut into[*at..at + SEQ_DIGITS], filling.seq),
                Hole::Time(ago) => {
                    let time = u64::try_from(filling.now - ago).unwrap_or(0);
                    digits::<10>(&mut into[*at..at + TIME_DIGITS], time);
                }
            }
        }
    }

    fn hole(&mut self, hole: Hole, width: usize) -> &mut Self {
        self.holes.push((self.text.len(), hole));
        self.text.resize(self.text.len() + width, b' ');
        self
    }
}

fn digits<const BASE: u64>(into: &mut [u8], mut number: u64) {
    for digit in into.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number % BASE) as usize];
        number /= BASE;
    }
}

fn padded(into: &mut [u8], mut number: u64) {
    for digit in into.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_holes_change() {
        let mut template = Template::default();
        template.text("{\"s\":\"").session().text("\",\"n\":").seq();
        template
            .text(",\"b\":\"")
            .batch_name()
            .text("\",\"t\":")
            .time(345)
            .text("}");
        let mut text = Vec::new();
        let filling = Filling {
            session: 0xab,
            seq: 27,
            now: 1_700_000_000_345,
        };
        template.fill(filling, &mut text);
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "{\"s\":\"00000000000000ab\",\"n\":      27,\
             \"b\":\"00000000000000ab-0000001b\",\"t\":1700000000000}"
        );
    }
}
