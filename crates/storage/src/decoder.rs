//! Decoders of zstd, used again: making one takes longer than decoding a small chunk.

use std::io;
use std::sync::{Mutex, MutexGuard, TryLockError};

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer, WriteBuf};

/// Decoders that are kept while nobody uses them. Each holds a window, up to some megabytes.
const KEPT: usize = 4;

static UNUSED: Mutex<Vec<Decoder<'static>>> = Mutex::new(Vec::new());

/// `None` while another thread has them. Nobody waits, because that thread may have a low priority.
fn unused() -> Option<MutexGuard<'static, Vec<Decoder<'static>>>> {
    match UNUSED.try_lock() {
        Ok(unused) => Some(unused),
        Err(TryLockError::Poisoned(unused)) => Some(unused.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// A decoder that goes back when it is dropped.
pub(crate) struct Borrowed(Option<Decoder<'static>>);

impl Borrowed {
    /// At the beginning of a frame.
    pub(crate) fn new() -> io::Result<Self> {
        let decoder = match unused().and_then(|mut unused| unused.pop()) {
            Some(mut decoder) => {
                decoder.reinit()?;
                decoder
            }
            None => Decoder::new()?,
        };
        Ok(Self(Some(decoder)))
    }

    fn get(&mut self) -> &mut Decoder<'static> {
        self.0.as_mut().expect("it is there until it is dropped")
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        if let Some(mut unused) = unused().filter(|unused| unused.len() < KEPT) {
            unused.extend(self.0.take());
        }
    }
}

impl Operation for Borrowed {
    fn run<C: WriteBuf + ?Sized>(
        &mut self,
        input: &mut InBuffer<'_>,
        output: &mut OutBuffer<'_, C>,
    ) -> io::Result<usize> {
        self.get().run(input, output)
    }

    fn flush<C: WriteBuf + ?Sized>(&mut self, output: &mut OutBuffer<'_, C>) -> io::Result<usize> {
        self.get().flush(output)
    }

    fn reinit(&mut self) -> io::Result<()> {
        self.get().reinit()
    }

    fn finish<C: WriteBuf + ?Sized>(
        &mut self,
        output: &mut OutBuffer<'_, C>,
        finished_frame: bool,
    ) -> io::Result<usize> {
        self.get().finish(output, finished_frame)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use zstd::stream::zio::Reader;

    use super::*;

    fn read(frame: &[u8], most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let reader = Reader::new(frame, Borrowed::new()?);
        reader.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn a_decoder_that_stopped_in_a_frame_begins_with_the_next_one() {
        let text: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        let frame = zstd::bulk::compress(&text, 1).unwrap();
        for _more_than_are_kept in 0..2 * KEPT {
            assert_eq!(read(&frame, 10).unwrap(), text[..10]);
            assert!(read(&frame[..frame.len() / 2], u64::MAX).is_err());
            assert!(read(b"no frame of zstd", u64::MAX).is_err());
            assert_eq!(read(&frame, u64::MAX).unwrap(), text);
        }
        let opened: Vec<_> = (0..2 * KEPT).map(|_| Borrowed::new().unwrap()).collect();
        drop(opened);
        assert!(UNUSED.lock().unwrap().len() <= KEPT);
    }
}
