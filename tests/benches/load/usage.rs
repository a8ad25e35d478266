//! What the server and its database use, as the kernel counts it.

use std::fs;
use std::time::Duration;

/// The processes that do the work.
pub(crate) struct Usage {
    server: u32,
    /// Whether PostgreSQL's processes count as well.
    with_postgres: bool,
}

impl Usage {
    /// Of a server, and of the throw-away PostgreSQL.
    pub(crate) const fn of(server: u32, with_postgres: bool) -> Self {
        Self { server, with_postgres }
    }

    /// Processor time used so far.
    pub(crate) fn cpu(&self) -> Duration {
        let database = if self.with_postgres { postgres().into_iter().map(ticks).sum() } else { 0 };
        // Linux counts in hundredths of a second.
        Duration::from_millis((ticks(self.server) + database) * 10)
    }

    /// Memory of the server, in MiB.
    pub(crate) fn resident_mib(&self) -> u64 {
        self.mib("VmRSS:")
    }

    /// The most memory the server ever had, in MiB.
    pub(crate) fn peak_mib(&self) -> u64 {
        self.mib("VmHWM:")
    }

    fn mib(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server)).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
    }
}

/// User and system time of a process and of the children it has waited for.
fn ticks(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name stands in brackets and may hold anything; the 14th to 17th fields are the times.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields.iter().skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum()
}

/// The processes of the throw-away server.
fn postgres() -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_postgres =
        |process: &u32| fs::read_to_string(format!("/proc/{process}/comm")).is_ok_and(|name| name.trim() == "postgres");
    numbers.filter(is_postgres).collect()
}
