//! A small server of static files, for looking at `dist/` on this machine.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::Result;

/// The longest request line and header that are read.
const LONGEST_LINE: u64 = 16 * 1024;

/// Answers requests for files below `root` until the program ends.
pub fn serve(listener: &TcpListener, root: &Path) -> Result<()> {
    for stream in listener.incoming().flatten() {
        let root = root.to_path_buf();
        // A visitor that hangs up in the middle is no error of ours.
        thread::spawn(move || answer(stream, &root).ok());
    }
    Ok(())
}

fn answer(mut stream: TcpStream, root: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let request = read_request(&stream)?;
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !matches!(method, "GET" | "HEAD") {
        return write!(stream, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    let found = file_for(root, target).and_then(|path| fs::read(&path).ok().map(|body| (path, body)));
    let Some((path, body)) = found else {
        return write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\nConnection: close\r\n\r\nnot found\n");
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n",
        content_type(&path),
        body.len()
    )?;
    if method == "GET" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// The request line; the headers are read and ignored.
fn read_request(stream: &TcpStream) -> io::Result<String> {
    let mut lines = BufReader::new(io::Read::take(stream, LONGEST_LINE)).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    Ok(request)
}

/// The file that a request's target names, if it stays below `root`.
fn file_for(root: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?;
    let path = decoded(path)?;
    let mut file = root.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part == ".." || part.contains(['\\', ':', '\0']) {
            return None;
        }
        file.push(part);
    }
    Some(if file.is_dir() { file.join("index.html") } else { file })
}

/// `%41` as `A`.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = tail.get(2..)?;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// A browser refuses modules and streams no wasm without the right type.
fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "webmanifest") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_stays_below_the_root() {
        let root = Path::new("site");
        assert_eq!(file_for(root, "/a/b.js?v=1"), Some(root.join("a").join("b.js")));
        assert_eq!(file_for(root, "/a%20b.css"), Some(root.join("a b.css")));
        for target in ["/../secret", "/a/%2e%2e/%2e%2e/secret", "/c:/secret", "/%", "/%zz", "/%ff"] {
            assert_eq!(file_for(root, target), None, "{target}");
        }
    }

    #[test]
    fn a_folder_answers_with_its_index() {
        let root = std::env::temp_dir().join(format!("kindling-server-{}", std::process::id()));
        let folder = root.join("folder");
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let found = file_for(&root, "/folder/");
        std::fs::remove_dir_all(&root).expect("it goes");
        assert_eq!(found, Some(folder.join("index.html")));
    }
}
