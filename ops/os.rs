//! Native half of `js/os.js`: facts about this machine, asked of the system.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;

use crate::bind::name::Name;
use crate::bind::task::lock;
use crate::bind::{Binding, Host, IntoJs, SysError};
use crate::binding;
use crate::sys::os::{self as sys, Address};

/// `internalBinding('os')`.
pub const BINDING: Binding = binding! {
    "os",
    sync: [
        available_parallelism, cpus, free_memory, get_priority, glibc_versions, home_directory, hostname, interfaces,
        load_averages, set_priority, system_names, total_memory, uptime, user_info,
    ],
};

/// How many threads of this process can run at the same time.
fn available_parallelism() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// `glibcVersions()`: the version of the GNU C library in use, and that of the one that this was built with; nothing
/// with another C library.
fn glibc_versions() -> Option<(String, &'static str)> {
    let running = sys::glibc_version()?;
    Some((running, env!("IRONODE_GLIBC_VERSION")))
}

/// One processor: model, speed in MHz, and milliseconds spent for `user`, `nice`, `sys`, `idle`, `irq`.
struct Cpu {
    model: String,
    speed: f64,
    times: [f64; 5],
}

impl IntoJs for Cpu {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        (self.model, self.speed, self.times.to_vec()).into_js(scope)
    }
}

/// The number of a processor in the name `cpu7` of a line of `/proc/stat`.
fn cpu_number(line: &str) -> Option<usize> {
    line.split_ascii_whitespace().next()?.strip_prefix("cpu")?.parse().ok()
}

fn cpu_times(line: &str, ticks: u64) -> [f64; 5] {
    let milliseconds_a_tick = 1000.0 / ticks as f64;
    let mut columns = line.split_ascii_whitespace().skip(1).map(|column| column.parse().unwrap_or(0.0));
    let [user, nice, system, idle, _io_wait, irq]: [f64; 6] =
        std::array::from_fn(|_| columns.next().unwrap_or(0.0) * milliseconds_a_tick);
    [user, nice, system, idle, irq]
}

/// What the processor `number` runs at now, in MHz; 0 where the system does not say.
fn cpu_speed(number: usize) -> f64 {
    let path = format!("/sys/devices/system/cpu/cpu{number}/cpufreq/scaling_cur_freq");
    let kilohertz = fs::read_to_string(path).ok().and_then(|text| text.trim().parse().ok());
    kilohertz.map_or(0.0, |kilohertz: f64| (kilohertz / 1000.0).trunc())
}

/// All processors: lists of model, speed and times.
fn cpus() -> Result<Vec<Cpu>, SysError> {
    let stat = read("/proc/stat", "uv_cpu_info")?;
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut models = info.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim().to_owned())
    });
    let ticks = sys::clock_ticks();
    let cpus = stat.lines().filter_map(|line| {
        let number = cpu_number(line)?;
        let model = models.next().unwrap_or_else(|| String::from("unknown"));
        Some(Cpu { model, speed: cpu_speed(number), times: cpu_times(line, ticks) })
    });
    Ok(cpus.collect())
}

fn read(path: &str, syscall: &'static str) -> Result<String, SysError> {
    fs::read_to_string(path).map_err(|error| SysError::from_io(&error, syscall))
}

/// A line of `/proc/meminfo`, in bytes.
fn memory(name: &str) -> Option<f64> {
    let info = fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kibibytes * 1024.0)
}

/// The memory that programs can get, in bytes.
fn free_memory() -> f64 {
    memory("MemAvailable").unwrap_or(0.0)
}

/// The memory of the machine, in bytes.
fn total_memory() -> f64 {
    memory("MemTotal").unwrap_or(0.0)
}

/// The scheduling priority of a process, 0 for this one.
fn get_priority(pid: i32) -> Result<i32, SysError> {
    sys::priority(pid).map_err(|errno| SysError::new(errno, "uv_os_getpriority"))
}

/// Sets the scheduling priority of a process, 0 for this one.
fn set_priority(pid: i32, priority: i32) -> Result<(), SysError> {
    sys::set_priority(pid, priority).map_err(|errno| SysError::new(errno, "uv_os_setpriority"))
}

fn own_user(syscall: &'static str) -> Result<sys::User, SysError> {
    sys::user(rustix::process::geteuid().as_raw()).map_err(|errno| SysError::new(errno, syscall))
}

/// The user's home directory: `HOME`, or what the table of users says.
fn home_directory(host: Rc<Host>) -> Result<Name, SysError> {
    if let Some(home) = lock(&host.env).get(OsStr::new("HOME")) {
        return Ok(Name::text(home.as_bytes().to_vec()));
    }
    own_user("uv_os_homedir").map(|user| Name::text(user.home))
}

/// The name of this machine in its network.
fn hostname() -> Name {
    let [_, host, ..] = sys::names();
    Name::text(host)
}

/// An address as text, and the index of its scope, -1 for version 4.
fn address_text(address: &Address) -> (String, i64) {
    match address {
        Address::V4(address) => (address.to_string(), -1),
        Address::V6(address, scope) => (address.to_string(), (*scope).into()),
    }
}

/// A network address for JavaScript: name, address, netmask, hardware address; then whether it is
/// internal, and the scope.
type Interface = ((Name, String, String, String), bool, i64);

/// All addresses of the network interfaces that are up.
fn interfaces() -> Result<Vec<Interface>, SysError> {
    let interfaces = sys::interfaces().map_err(|errno| SysError::new(errno, "uv_interface_addresses"))?;
    let entries = interfaces.into_iter().map(|interface| {
        let (address, scope) = address_text(&interface.address);
        let (netmask, _) = address_text(&interface.netmask);
        let mac = interface.mac.map(|byte| format!("{byte:02x}")).join(":");
        ((Name::text(interface.name), address, netmask, mac), interface.internal, scope)
    });
    Ok(entries.collect())
}

/// How many programs wanted to run at a time, over 1, 5 and 15 minutes.
fn load_averages() -> Vec<f64> {
    let loads = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let mut loads = loads.split_ascii_whitespace().map(|load| load.parse().unwrap_or(0.0));
    std::array::from_fn::<_, 3, _>(|_| loads.next().unwrap_or(0.0)).to_vec()
}

/// The name of the system, its version, its release, and the kind of machine.
fn system_names() -> Vec<Name> {
    let [system, _host, release, version, machine] = sys::names();
    [system, version, release, machine].map(Name::text).to_vec()
}

/// Seconds since the machine was started.
fn uptime() -> f64 {
    let uptime = fs::read_to_string("/proc/uptime").unwrap_or_default();
    let first = uptime.split_ascii_whitespace().next().and_then(|seconds| seconds.parse().ok());
    first.unwrap_or_else(|| {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        now.tv_sec as f64
    })
}

/// The user that runs this process: `[[uid, gid], name, home directory, shell]`.
fn user_info(as_bytes: bool) -> Result<((u32, u32), Name, Name, Name), SysError> {
    let user = own_user("uv_os_get_passwd")?;
    let name = |bytes| Name { bytes, as_bytes };
    Ok(((user.uid, user.gid), name(user.name), name(user.home), name(user.shell)))
}

#[cfg(test)]
mod tests {
    use super::{cpu_number, cpu_times};

    #[test]
    fn processor_lines_are_read() {
        assert_eq!(cpu_number("cpu  1 2 3"), None);
        assert_eq!(cpu_number("cpu12 1 2 3"), Some(12));
        assert_eq!(cpu_number("intr 1"), None);
        assert_eq!(cpu_times("cpu0 1 2 3 4 5 6 7", 100), [10.0, 20.0, 30.0, 40.0, 60.0]);
    }
}
