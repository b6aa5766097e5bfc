//! Listening, answering, stopping: one line a request on standard error, without addresses, queries or bodies.

use std::convert::Infallible;
use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use detente::World;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::desk::Desk;
use crate::guard::{Names, check};
use crate::limits;
use crate::memory;
use crate::reply::{Reply, refusal};
use crate::routes::{Asked, answer, pattern};
use crate::site::Site;
use crate::stalled::Stalled;
use crate::work::Work;

/// How the server is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; the port zero takes any that is free.
    pub address: SocketAddr,
    /// The address of a proxy in front of it, `https://…`.
    pub base_url: Option<String>,
    /// Said by whoever listens beyond this machine without a proxy that encrypts.
    pub knows_plain_http: bool,
    /// Whether a line is written for each request.
    pub is_logged: bool,
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum NoServer {
    /// The machine refuses the address.
    #[error("{address}: {reason}")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system says.
        reason: std::io::Error,
    },
    /// It would listen beyond this machine.
    #[error(
        "{0}: others on the network could read along; say that this is known, or name the address of a proxy that encrypts"
    )]
    Exposed(SocketAddr),
    /// The base address is none.
    #[error("{0}: a base address is `https://` and a host, nothing more")]
    Base(String),
    /// What it serves cannot be read.
    #[error(transparent)]
    World(#[from] detente::Error),
    /// No threads to run on.
    #[error("the runtime cannot start: {0}")]
    Runtime(std::io::Error),
}

/// Serves until a signal asks for the end. `ready` hears the address once it listens.
///
/// # Errors
/// As [`NoServer`] says.
pub fn run(world: World, options: Options, ready: impl FnOnce(SocketAddr)) -> Result<(), NoServer> {
    memory::give_back();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(NoServer::Runtime)?;
    runtime.block_on(async {
        let listener = listen(&options).await?;
        until(world, options, listener, ready, signals()).await
    })
}

/// Listens as the options say.
///
/// # Errors
/// An address beyond this machine that nobody answers for; what the system refuses.
pub async fn listen(options: &Options) -> Result<TcpListener, NoServer> {
    let address = options.address;
    if !address.ip().is_loopback() && options.base_url.is_none() && !options.knows_plain_http {
        return Err(NoServer::Exposed(address));
    }
    TcpListener::bind(address).await.map_err(|reason| NoServer::Listen { address, reason })
}

/// Serves a listener until a future ends.
///
/// # Errors
/// As [`run`].
pub async fn until(
    world: World,
    options: Options,
    listener: TcpListener,
    ready: impl FnOnce(SocketAddr),
    end: impl Future<Output = ()>,
) -> Result<(), NoServer> {
    let address =
        listener.local_addr().map_err(|reason| NoServer::Listen { address: options.address, reason })?;
    let mut names = Names::loopback(address.port());
    if let Some(base) = &options.base_url {
        names = names.and_base(base).ok_or_else(|| NoServer::Base(base.clone()))?;
    } else if !address.ip().is_loopback() {
        names = names
            .and_base(&format!("http://{address}"))
            .ok_or_else(|| NoServer::Base(address.to_string()))?;
    }
    let site = Arc::new(Site { desk: Arc::new(Desk::on(world)?), work: Work::default() });
    ready(address);
    let (stop, stopped) = watch::channel(false);
    let places = Arc::new(Semaphore::new(limits::CONNECTIONS));
    let mut under_way = JoinSet::new();
    let mut end = std::pin::pin!(end);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let next = std::pin::pin!(next);
        let (accepted, place) = match first(end.as_mut(), next).await {
            None => break,
            Some(Some((Ok((stream, _)), place))) => (stream, place),
            // A connection that went before it was taken, or no handle left: the next one.
            Some(_) => {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                continue;
            }
        };
        let (site, names, mut stopped, is_logged) =
            (Arc::clone(&site), names.clone(), stopped.clone(), options.is_logged);
        under_way.spawn(async move {
            let _place = place;
            let service = service_fn(|request| logged(&site, &names, is_logged, request));
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(limits::HEADERS).max_buf_size(64 * 1024);
            let connection =
                builder.serve_connection(Stalled::of(TokioIo::new(accepted), limits::STALLED), service);
            let mut connection = std::pin::pin!(connection);
            let asked = async {
                let _ = stopped.changed().await;
            };
            let asked = std::pin::pin!(asked);
            let until_stop = timeout(limits::LIFE, first(asked, connection.as_mut()));
            if let Ok(None) = until_stop.await {
                connection.as_mut().graceful_shutdown();
                let _ = timeout(limits::STOP, connection).await;
            }
        });
        while under_way.try_join_next().is_some() {}
    }
    let _ = stop.send(true);
    let _ = timeout(limits::STOP, async { while under_way.join_next().await.is_some() {} }).await;
    Ok(())
}

/// The second's result, or none where the first ends before.
async fn first<T>(
    end: std::pin::Pin<&mut impl Future<Output = ()>>,
    work: std::pin::Pin<&mut impl Future<Output = T>>,
) -> Option<T> {
    let (mut end, mut work) = (end, work);
    std::future::poll_fn(move |context| {
        if let std::task::Poll::Ready(done) = work.as_mut().poll(context) {
            return std::task::Poll::Ready(Some(done));
        }
        end.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// Ends when the system asks.
async fn signals() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            let mut terminated = std::pin::pin!(async move {
                let _ = terminate.recv().await;
            });
            let interrupted = std::pin::pin!(async {
                let _ = tokio::signal::ctrl_c().await;
            });
            let _ = first(terminated.as_mut(), interrupted).await;
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

async fn logged(
    site: &Arc<Site>,
    names: &Names,
    is_logged: bool,
    request: Request<Incoming>,
) -> Result<Reply, Infallible> {
    let begun = Instant::now();
    let (method, route) = (request.method().clone(), pattern(request.uri().path()));
    let is_head = method == Method::HEAD;
    let mut reply = guarded(site, names, request).await;
    if is_head {
        *reply.body_mut() = Full::new(Bytes::new());
    }
    if is_logged {
        let (status, milliseconds) = (reply.status().as_u16(), begun.elapsed().as_millis());
        let method = if method == Method::POST { "POST" } else { "GET" };
        let _ = writeln!(std::io::stderr(), "{method} {route} {status} {milliseconds} ms");
    }
    Ok(reply)
}

async fn guarded(site: &Arc<Site>, names: &Names, request: Request<Incoming>) -> Reply {
    if let Err(refused) = check(names, request.method(), request.uri(), request.headers()) {
        return refusal(refused.status, "request", refused.reason);
    }
    let (head, body) = request.into_parts();
    let body = match timeout(limits::BODY_TIME, Limited::new(body, limits::BODY).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => return refusal(StatusCode::PAYLOAD_TOO_LARGE, "body", "at most 16 kB"),
        Err(_) => return refusal(StatusCode::REQUEST_TIMEOUT, "body", "it did not come"),
    };
    let (path, query) = (head.uri.path().to_owned(), head.uri.query().unwrap_or_default().to_owned());
    answer(site, Asked { method: head.method, path, query, body }).await
}
