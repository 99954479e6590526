//! Spans of traced batches: from their message until its effects are committed.

use std::collections::VecDeque;

use crow_runtime::traces::{Span, SpanKind};
use crow_session_core::Incoming;
use crow_types::{Partition, Sequence};

/// Batches with a span at the same time. More continue without one.
const MOST: usize = 256;

#[derive(Default)]
pub(super) struct Traced {
    /// In the order of the stream.
    batches: VecDeque<(Sequence, Span)>,
    flush: Vec<Span>,
    /// The checkpoint of that flush.
    through: Sequence,
}

impl Traced {
    pub(super) fn take_in(
        &mut self,
        partition: Partition,
        sequence: Sequence,
        batches: &[Incoming],
    ) {
        for incoming in batches {
            let parent = &incoming.batch.trace_parent;
            if parent.is_empty() || self.batches.len() == MOST {
                continue;
            }
            if let Some(span) = Span::of_message("process", parent) {
                span.set("messaging.system", "nats");
                span.set(
                    "messaging.destination.partition.id",
                    partition.0.to_string(),
                );
                self.batches.push_back((sequence, span));
            }
        }
    }

    pub(super) fn start_flush(&mut self, checkpoint: Sequence) {
        self.through = checkpoint;
        let flushed = self.batches.iter();
        let flushed = flushed.take_while(|(sequence, _span)| *sequence <= checkpoint);
        self.flush = flushed
            .filter_map(|(_sequence, span)| span.child("flush", SpanKind::Internal))
            .collect();
    }

    /// Ends the spans of the flush and of its batches.
    pub(super) fn end_flush(&mut self) {
        self.flush.clear();
        while let Some((sequence, _span)) = self.batches.front()
            && *sequence <= self.through
        {
            self.batches.pop_front();
        }
    }
}
