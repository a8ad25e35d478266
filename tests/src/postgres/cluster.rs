//! Finding PostgreSQL's programs, making the cluster, and joining those who use it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::Server;

/// The folder of `initdb` and `postgres`: in `PATH`, or where Debian puts the newest.
pub(super) fn binaries() -> Option<PathBuf> {
    let in_path =
        std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut packaged: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path().join("bin")))
        .collect();
    packaged.sort_by_key(|path| std::cmp::Reverse(version_of(path)));
    in_path.chain(packaged).find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn version_of(folder: &Path) -> u32 {
    let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    version.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Joins the users of the cluster, and starts it when it is not running.
pub(super) fn join(binaries: &Path) -> io::Result<Server> {
    let home = home()?;
    let start = lock_file(&home, "start.lock")?;
    start.lock()?;
    let running = matches!(lock_file(&home, "keeper.lock")?.try_lock(), Err(fs::TryLockError::WouldBlock));
    let port = if running { read_port(&home)? } else { launch(&home, binaries)? };
    let user = lock_file(&home, "users.lock")?;
    user.lock_shared()?;
    Ok(Server { port, home, _user: user })
}

/// One per account: two accounts share no files.
fn home() -> io::Result<PathBuf> {
    let home = std::env::temp_dir().join(format!("caodiem-postgres-{account}", account = account()?));
    fs::create_dir_all(&home)?;
    fs::set_permissions(&home, fs::Permissions::from_mode(0o711))?;
    Ok(home)
}

fn account() -> io::Result<u32> {
    fs::metadata("/proc/self").map(|process| process.uid())
}

fn lock_file(home: &Path, name: &str) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(home.join(name))
}

fn read_port(home: &Path) -> io::Result<u16> {
    fs::read_to_string(home.join("port"))?.trim().parse().map_err(io::Error::other)
}

fn launch(home: &Path, binaries: &Path) -> io::Result<u16> {
    let data = home.join("data");
    for leftover in [&data, &home.join("templates")] {
        if leftover.exists() {
            fs::remove_dir_all(leftover)?;
        }
    }
    fs::create_dir(home.join("templates"))?;
    fs::create_dir(&data)?;
    init(&data, binaries)?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    fs::write(home.join("port"), port.to_string())?;
    fs::write(home.join("keeper.sh"), include_str!("keeper.sh"))?;
    let mut keeper = Command::new("/bin/sh")
        .arg(home.join("keeper.sh"))
        .args([home, &binaries.join("postgres")])
        .args([port.to_string(), account()?.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    for _ in 0..600 {
        sleep(Duration::from_millis(50));
        if accepts(address, home) {
            return Ok(port);
        }
        if keeper.try_wait()?.is_some() {
            break;
        }
    }
    Err(io::Error::other(fs::read_to_string(home.join("log")).unwrap_or_default()))
}

/// Whether it takes connections: the log says so before the port does while it recovers.
fn accepts(address: SocketAddr, home: &Path) -> bool {
    let log = fs::read_to_string(home.join("log")).unwrap_or_default();
    log.contains("ready to accept connections") && TcpStream::connect(address).is_ok()
}

/// Makes the cluster; `initdb` refuses to run as root, so root makes it as `postgres`.
fn init(data: &Path, binaries: &Path) -> io::Result<()> {
    let mut command = if account()? == 0 {
        let given = Command::new("chown").arg("postgres").arg(data).status()?;
        if !given.success() {
            return Err(io::Error::other("there is no account `postgres` to run the server under"));
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(binaries.join("initdb"));
        command
    } else {
        Command::new(binaries.join("initdb"))
    };
    let made = command
        .args(["--username=caodiem", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
        .args(["--locale-provider=icu", "--icu-locale=vi", "--no-sync", "--pgdata"])
        .arg(data)
        .current_dir("/")
        .stdin(Stdio::null())
        .output()?;
    if made.status.success() {
        Ok(())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&made.stderr).into_owned()))
    }
}
