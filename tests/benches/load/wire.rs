//! A kept-alive HTTP connection with nothing around it: the driver shares two cores with what it measures.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One connection.
pub(crate) struct Wire {
    stream: TcpStream,
    head: String,
    sent: Vec<u8>,
    got: Vec<u8>,
}

impl Wire {
    /// Connects.
    pub(crate) fn open(address: SocketAddr, token: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\naccept: application/graphql-response+json\r\ncontent-length: "
        );
        Ok(Self { stream, head, sent: Vec::new(), got: Vec::new() })
    }

    /// Sends a body; gives the body that comes back.
    ///
    /// # Errors
    /// Another status than 200, with what was said.
    pub(crate) fn post(&mut self, body: &str) -> io::Result<&str> {
        self.sent.clear();
        write!(self.sent, "{head}{length}\r\n\r\n{body}", head = self.head, length = body.len())?;
        self.stream.write_all(&self.sent)?;
        self.got.clear();
        let (start, length) = self.read_head()?;
        while self.got.len() < start + length {
            self.read_some()?;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if !self.got.starts_with(b"HTTP/1.1 200") {
            return Err(io::Error::other(text(&self.got)));
        }
        std::str::from_utf8(&self.got[start..start + length]).map_err(io::Error::other)
    }

    /// Where the body begins and how long it is.
    fn read_head(&mut self) -> io::Result<(usize, usize)> {
        loop {
            self.read_some()?;
            let Some(end) = self.got.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&self.got[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            return length.map(|length| (end + 4, length)).ok_or_else(|| io::Error::other("no content-length"));
        }
    }

    fn read_some(&mut self) -> io::Result<()> {
        let mut part = [0_u8; 16_384];
        match self.stream.read(&mut part)? {
            0 => Err(io::Error::other("the server closed the connection")),
            count => {
                self.got.extend_from_slice(&part[..count]);
                Ok(())
            }
        }
    }
}
