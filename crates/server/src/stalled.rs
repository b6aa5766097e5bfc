//! A connection whose other side must read: one that does not is let go.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::time::{Instant, Sleep, sleep};

/// A connection with the longest time that what is written may wait.
#[derive(Debug)]
pub struct Stalled<T> {
    inner: T,
    most: Duration,
    until: Option<Pin<Box<Sleep>>>,
}

impl<T> Stalled<T> {
    /// A connection whose writes wait at most so long.
    pub fn of(inner: T, most: Duration) -> Self {
        Self { inner, most, until: None }
    }

    /// What a write found: where it waits, the time runs; where it went on, it begins anew.
    fn timed<R>(&mut self, found: Poll<io::Result<R>>, context: &mut Context<'_>) -> Poll<io::Result<R>> {
        if found.is_ready() {
            self.until = None;
            return found;
        }
        let most = self.most;
        let until = self.until.get_or_insert_with(|| Box::pin(sleep(most)));
        if until.deadline() <= Instant::now() || until.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl<T: Read + Unpin> Read for Stalled<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<T: Write + Unpin> Write for Stalled<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let found = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.timed(found, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let found = Pin::new(&mut self.inner).poll_flush(context);
        self.timed(found, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let found = Pin::new(&mut self.inner).poll_write_vectored(context, pieces);
        self.timed(found, context)
    }
}
