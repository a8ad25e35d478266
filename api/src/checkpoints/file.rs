//! The file of exported checkpoints: a JSON object a line, only ever appended to. It is to be kept where whoever can write
//! to the database cannot.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use caodiem_domain::audit::{Checkpoint, hex, unhex};
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::verify_audit::Exported;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::failure::Failure;

/// The name of the file in the data folder.
pub const FILE: &str = "audit-checkpoints.jsonl";

/// The longest line that is read.
const LINE_MAX: usize = 4_096;

/// A line.
#[derive(Serialize, Deserialize)]
struct Line {
    seq: i64,
    hash: String,
    at: i64,
    kid: String,
    signature: String,
    stored: bool,
}

/// A file of exported checkpoints.
#[derive(Clone, Debug)]
pub struct CheckpointFile(PathBuf);

impl CheckpointFile {
    /// The configured one.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self(config.data_dir.join(FILE))
    }

    /// The one at a path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Adds a checkpoint, durably. The file is made where there is none, for its owner only.
    ///
    /// # Errors
    /// [`Failure::Failed`].
    pub fn append(&self, exported: &Exported) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::failed(&self.0.display().to_string(), error);
        let mut line = serde_json::to_string(&Line::from(exported)).map_err(|error| failed(error.into()))?;
        line.push('\n');
        if let Some(folder) = self.0.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.0).map_err(failed)?;
        file.write_all(line.as_bytes()).and_then(|()| file.sync_data()).map_err(failed)
    }

    /// Its checkpoints in the order of the file, each with its line, or `None` for a line that holds none.
    ///
    /// # Errors
    /// [`Failure::Failed`] when it cannot be opened.
    pub fn read(&self) -> Result<impl Iterator<Item = (usize, Option<Exported>)> + use<>, Failure> {
        let file = File::open(&self.0).map_err(|error| Failure::failed(&self.0.display().to_string(), error))?;
        let lines = (1..).zip(BufReader::new(file).lines());
        Ok(lines.map(|(number, line)| (number, line.ok().and_then(|line| Line::parse(&line)))))
    }
}

impl Line {
    fn parse(text: &str) -> Option<Exported> {
        let line: Self = serde_json::from_str(text).ok().filter(|_| text.len() <= LINE_MAX)?;
        let checkpoint = Checkpoint {
            seq: line.seq,
            hash: unhex(&line.hash)?,
            at: Instant::from_timestamp_micros(line.at)?,
            kid: line.kid,
            signature: bytes(&line.signature)?,
        };
        Some(Exported { checkpoint, stored: line.stored })
    }
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| unhex::<1>(std::str::from_utf8(pair).ok()?));
    Some(pairs.collect::<Option<Vec<_>>>()?.concat())
}

impl From<&Exported> for Line {
    fn from(Exported { checkpoint, stored }: &Exported) -> Self {
        Self {
            seq: checkpoint.seq,
            hash: hex(&checkpoint.hash),
            at: checkpoint.at.timestamp_micros(),
            kid: checkpoint.kid.clone(),
            signature: hex(&checkpoint.signature),
            stored: *stored,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_exported_is_read_again() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let file = CheckpointFile::at(&folder.path().join(FILE));
        let exported = |seq| Exported {
            checkpoint: Checkpoint {
                seq,
                hash: [7; 32],
                at: Instant::default(),
                kid: "k".to_owned(),
                signature: vec![0, 0xff, 9],
            },
            stored: seq == 1,
        };
        for seq in [1, 2] {
            file.append(&exported(seq)).map_err(|failure| failure.to_string())?;
        }
        let mut text = std::fs::read_to_string(file.path())?;
        text.push_str("{\"seq\":3}\n");
        std::fs::write(file.path(), text)?;
        let read: Vec<_> = file.read().map_err(|failure| failure.to_string())?.collect();
        assert_eq!(read, [(1, Some(exported(1))), (2, Some(exported(2))), (3, None)]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(file.path())?.permissions().mode() & 0o777, 0o600);
        }
        Ok(())
    }
}
