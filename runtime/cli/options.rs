//! The options of Node's command line: which there are, what they take, and whether Ironode has them.

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: a switch that is off unless given.
    Off,
    /// Nothing: a switch that is on unless negated.
    On,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A text, any number of times.
    List,
}

/// Whether Ironode has an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    /// It does what it does in Node.
    Yes,
    /// It changes nothing here: what it would switch is settled, or of no consequence yet.
    NoEffect,
    /// It is refused, by name.
    Later,
}

/// One option.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// Its name with dashes; negatable switches stand here without `no-`.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) kind: Kind,
    /// Whether Ironode has it.
    pub(crate) support: Support,
    /// Whether `NODE_OPTIONS` may hold it.
    pub(crate) in_environment: bool,
}

const fn row(name: &'static str, kind: Kind, support: Support, in_environment: bool) -> Row {
    Row { name, kind, support, in_environment }
}

use Kind::{List, Number, Off, On, Text};
use Support::{Later, NoEffect, Yes};

/// All options in ascending order of their names. Flags of V8 are not among them.
pub(crate) const TABLE: &[Row] = &[
    row("--abort-on-uncaught-exception", Off, Yes, true),
    row("--addons", On, Yes, true),
    row("--allow-addons", Off, Yes, true),
    row("--allow-child-process", Off, Yes, true),
    row("--allow-ffi", Off, Yes, true),
    row("--allow-fs-read", List, Yes, true),
    row("--allow-fs-vfs", Off, Yes, true),
    row("--allow-fs-write", List, Yes, true),
    row("--allow-inspector", Off, Yes, true),
    row("--allow-net", Off, Yes, true),
    row("--allow-openssl-store", Off, Yes, true),
    row("--allow-wasi", Off, Yes, true),
    row("--allow-worker", Off, Yes, true),
    row("--async-context-frame", On, NoEffect, true),
    row("--bench", Off, Later, false),
    row("--bench-isolation", Text, Later, true),
    row("--bench-name-pattern", Text, Later, true),
    row("--bench-reporter", Text, Later, true),
    row("--bench-reporter-destination", Text, Later, true),
    row("--bench-samples", Text, Later, true),
    row("--bench-warmup", Text, Later, true),
    row("--build-sea", Text, Yes, false),
    row("--build-snapshot", Off, Yes, false),
    row("--build-snapshot-config", Text, Yes, false),
    row("--check", Off, Yes, false),
    row("--completion-bash", Off, Yes, false),
    row("--conditions", List, Yes, true),
    row("--cpu-prof", Off, Yes, true),
    row("--cpu-prof-dir", Text, Yes, true),
    row("--cpu-prof-interval", Number, Yes, true),
    row("--cpu-prof-name", Text, Yes, true),
    row("--debug-arraybuffer-allocations", Off, NoEffect, true),
    row("--debug-port", Off, Later, true),
    row("--deprecation", On, Yes, true),
    row("--diagnostic-dir", Text, Yes, true),
    row("--disable-proto", Text, Yes, true),
    row("--disable-sigusr1", Off, Yes, true),
    row("--disable-warning", List, Yes, true),
    row("--disable-wasm-trap-handler", Off, NoEffect, true),
    row("--dns-result-order", Text, Yes, true),
    row("--enable-fips", Off, Later, true),
    row("--enable-fips-indicator-events", Off, Later, true),
    row("--enable-network-family-autoselection", On, Yes, true),
    row("--enable-source-maps", Off, Yes, true),
    row("--entry-url", Off, Yes, true),
    row("--env-file", List, Yes, false),
    row("--env-file-if-exists", List, Yes, false),
    row("--es-module-specifier-resolution", Text, NoEffect, true),
    row("--eval", Text, Yes, false),
    row("--experimental-abortcontroller", Off, NoEffect, true),
    row("--experimental-addon-modules", On, Yes, true),
    row("--experimental-bench", Off, Later, true),
    row("--experimental-config-file", Off, Yes, false),
    row("--experimental-detect-module", On, Yes, true),
    row("--experimental-dtls", Off, NoEffect, true),
    row("--experimental-eventsource", Off, Yes, true),
    row("--experimental-fetch", Off, NoEffect, true),
    row("--experimental-ffi", On, NoEffect, true),
    row("--experimental-global-customevent", Off, NoEffect, true),
    row("--experimental-global-navigator", On, Yes, true),
    row("--experimental-global-webcrypto", Off, NoEffect, true),
    row("--experimental-import-meta-resolve", Off, Yes, true),
    row("--experimental-import-text", Off, Yes, true),
    row("--experimental-inspector-network-resource", Off, Yes, false),
    row("--experimental-json-modules", Off, NoEffect, true),
    row("--experimental-loader", List, Yes, true),
    row("--experimental-modules", Off, NoEffect, true),
    row("--experimental-network-inspection", Off, Yes, false),
    row("--experimental-package-map", Text, Later, true),
    row("--experimental-print-required-tla", Off, Later, true),
    row("--experimental-quic", Off, NoEffect, true),
    row("--experimental-repl-await", On, Yes, true),
    row("--experimental-report", Off, NoEffect, true),
    row("--experimental-require-module", On, Yes, true),
    row("--experimental-sea-config", Text, Yes, false),
    row("--experimental-specifier-resolution", Text, NoEffect, true),
    row("--experimental-sqlite", On, Yes, true),
    row("--experimental-storage-inspection", Off, Yes, false),
    row("--experimental-stream-iter", Off, Later, true),
    row("--experimental-strip-types", On, Yes, true),
    row("--experimental-test-coverage", Off, Yes, false),
    row("--experimental-test-isolation", Off, Later, true),
    row("--experimental-test-module-mocks", Off, Yes, false),
    row("--experimental-test-tag-filter", List, Yes, false),
    row("--experimental-top-level-await", Off, NoEffect, true),
    row("--experimental-vfs", Off, Later, true),
    row("--experimental-vm-modules", Off, Yes, true),
    row("--experimental-wasi-unstable-preview1", Off, NoEffect, true),
    row("--experimental-wasm-modules", Off, NoEffect, true),
    row("--experimental-web-worker", Off, Later, true),
    row("--experimental-websocket", On, Yes, true),
    row("--experimental-webstorage", On, Yes, true),
    row("--experimental-worker", Off, NoEffect, true),
    row("--experimental-worker-inspection", Off, Yes, false),
    row("--expose-internals", Off, NoEffect, false),
    row("--extra-info-on-fatal-exception", On, NoEffect, true),
    row("--force-async-hooks-checks", On, NoEffect, true),
    row("--force-context-aware", Off, NoEffect, true),
    row("--force-fips", Off, Later, true),
    row("--force-node-api-uncaught-exceptions-policy", Off, Yes, true),
    row("--frozen-intrinsics", Off, Yes, true),
    row("--global-search-paths", On, Yes, true),
    row("--heap-prof", Off, Yes, true),
    row("--heap-prof-dir", Text, Yes, true),
    row("--heap-prof-interval", Number, Yes, true),
    row("--heap-prof-name", Text, Yes, true),
    row("--heapsnapshot-near-heap-limit", Number, Yes, true),
    row("--heapsnapshot-signal", Text, Yes, true),
    row("--help", Off, Yes, false),
    row("--http-parser", Text, NoEffect, true),
    row("--icu-data-dir", Text, Later, true),
    row("--import", List, Yes, true),
    row("--input-type", Text, Yes, true),
    row("--insecure-http-parser", Off, Yes, true),
    row("--inspect", Off, Yes, true),
    row("--inspect-brk", Off, Yes, true),
    row("--inspect-brk-node", Off, Yes, true),
    row("--inspect-port", Text, Yes, true),
    row("--inspect-publish-uid", Text, Yes, true),
    row("--inspect-wait", Off, Yes, true),
    row("--interactive", Off, Yes, false),
    row("--loader", Off, Later, true),
    row("--localstorage-file", Text, Yes, true),
    row("--max-http-header-size", Number, Yes, true),
    row("--max-old-space-size-percentage", Text, Yes, true),
    row("--napi-modules", Off, NoEffect, true),
    row("--network-family-autoselection", On, Yes, true),
    row("--network-family-autoselection-attempt-timeout", Number, Yes, true),
    row("--node-memory-debug", Off, NoEffect, true),
    row("--node-snapshot", On, NoEffect, true),
    row("--openssl-config", Text, Yes, true),
    row("--openssl-legacy-provider", Off, NoEffect, true),
    row("--openssl-shared-config", Off, NoEffect, true),
    row("--pending-deprecation", Off, Yes, true),
    row("--permission", Off, Yes, true),
    row("--permission-audit", Off, Yes, true),
    row("--preserve-symlinks", Off, Yes, true),
    row("--preserve-symlinks-main", Off, Yes, true),
    row("--print", Off, Yes, false),
    row("--prof-process", Off, Later, true),
    row("--redirect-warnings", Text, Yes, true),
    row("--report-compact", Off, Yes, true),
    row("--report-dir", Text, Yes, true),
    row("--report-directory", Off, Later, true),
    row("--report-exclude-env", Off, Yes, true),
    row("--report-exclude-network", Off, Yes, true),
    row("--report-filename", Text, Yes, true),
    row("--report-on-fatalerror", Off, Yes, true),
    row("--report-on-signal", Off, Yes, true),
    row("--report-signal", Text, Yes, true),
    row("--report-uncaught-exception", Off, Yes, true),
    row("--require", List, Yes, true),
    row("--require-module", On, Yes, true),
    row("--run", Text, Yes, false),
    row("--secure-heap", Number, Yes, true),
    row("--secure-heap-min", Number, Yes, true),
    row("--security-revert", List, Yes, false),
    row("--snapshot-blob", Text, Yes, true),
    row("--strip-types", On, Yes, true),
    row("--test", Off, Yes, false),
    row("--test-concurrency", Number, Yes, false),
    row("--test-coverage-branches", Number, Yes, true),
    row("--test-coverage-exclude", List, Yes, true),
    row("--test-coverage-functions", Number, Yes, true),
    row("--test-coverage-include", List, Yes, true),
    row("--test-coverage-include-all", Off, Yes, true),
    row("--test-coverage-lines", Number, Yes, true),
    row("--test-force-exit", Off, Yes, false),
    row("--test-global-setup", Text, Yes, true),
    row("--test-isolation", Text, Yes, true),
    row("--test-name-pattern", List, Yes, true),
    row("--test-only", Off, Yes, true),
    row("--test-random-seed", Number, Yes, true),
    row("--test-randomize", Off, Yes, true),
    row("--test-reporter", List, Yes, true),
    row("--test-reporter-destination", List, Yes, true),
    row("--test-rerun-failures", Text, Yes, true),
    row("--test-shard", Text, Yes, true),
    row("--test-skip-pattern", List, Yes, true),
    row("--test-timeout", Number, Yes, false),
    row("--test-udp-no-try-send", Off, Yes, false),
    row("--test-update-snapshots", Off, Yes, false),
    row("--throw-deprecation", Off, Yes, true),
    row("--title", Text, Yes, true),
    row("--tls-cipher-list", Text, Yes, true),
    row("--tls-keylog", Text, Yes, true),
    row("--tls-max-v1.2", Off, Yes, true),
    row("--tls-max-v1.3", Off, Yes, true),
    row("--tls-min-v1.0", Off, Yes, true),
    row("--tls-min-v1.1", Off, Yes, true),
    row("--tls-min-v1.2", Off, Yes, true),
    row("--tls-min-v1.3", Off, Yes, true),
    row("--trace-deprecation", Off, Yes, true),
    row("--trace-env", Off, Yes, true),
    row("--trace-env-js-stack", Off, Yes, true),
    row("--trace-env-native-stack", Off, Yes, true),
    row("--trace-event-categories", Text, Yes, true),
    row("--trace-event-file-pattern", Text, Yes, true),
    row("--trace-events-enabled", Off, Yes, true),
    row("--trace-exit", Off, Yes, true),
    row("--trace-promises", Off, Yes, true),
    row("--trace-require-module", Text, Yes, true),
    row("--trace-sigint", Off, Yes, true),
    row("--trace-sync-io", Off, Yes, true),
    row("--trace-tls", Off, Yes, true),
    row("--trace-uncaught", Off, Yes, true),
    row("--trace-warnings", Off, Yes, true),
    row("--track-heap-objects", Off, Yes, true),
    row("--unhandled-rejections", Text, Yes, true),
    row("--use-bundled-ca", Off, Yes, true),
    row("--use-env-proxy", Off, Yes, true),
    row("--use-largepages", Text, Yes, true),
    row("--use-openssl-ca", Off, Yes, true),
    row("--use-system-ca", Off, Yes, true),
    row("--v8-options", Off, Yes, false),
    row("--v8-pool-size", Number, NoEffect, true),
    row("--verify-base-objects", On, Yes, true),
    row("--version", Off, Yes, false),
    row("--vfs-load", Text, Later, false),
    row("--vfs-mount", Text, Later, true),
    row("--warnings", On, Yes, true),
    row("--watch", Off, Yes, true),
    row("--watch-kill-signal", Text, Yes, true),
    row("--watch-path", List, Yes, true),
    row("--watch-preserve-output", Off, Yes, true),
    row("--webstorage", On, Yes, true),
    row("--worker-snapshot", On, NoEffect, true),
    row("--zero-fill-buffers", Off, Yes, true),
];

/// Switches that may be given an address, which is that of `--inspect-port`.
pub(crate) const WITH_ADDRESS: &[&str] =
    &["--inspect", "--inspect-brk", "--inspect-brk-node", "--inspect-wait"];

/// Other names of options.
pub(crate) const ALIASES: &[(&str, &str)] = &[
    ("-C", "--conditions"),
    ("-c", "--check"),
    ("-e", "--eval"),
    ("-h", "--help"),
    ("-i", "--interactive"),
    ("-p", "--print"),
    ("-r", "--require"),
    ("-v", "--version"),
    ("--debug-port", "--inspect-port"),
    ("--experimental-default-config-file", "--experimental-config-file"),
    ("--experimental-test-isolation", "--test-isolation"),
    ("--loader", "--experimental-loader"),
    ("--report-directory", "--report-dir"),
];

/// The flags of V8 that `NODE_OPTIONS` may hold.
pub(crate) const V8_IN_ENVIRONMENT: &[&str] = &[
    "--disallow-code-generation-from-strings",
    "--enable-etw-stack-walking",
    "--experimental-shadow-realm",
    "--expose-gc",
    "--interpreted-frames-native-stack",
    "--jitless",
    "--max-heap-size",
    "--max-old-space-size",
    "--max-semi-space-size",
    "--perf-basic-prof",
    "--perf-basic-prof-only-functions",
    "--perf-prof",
    "--perf-prof-unwinding-info",
    "--stack-trace-limit",
];

/// Finds an option by its name or another name of it.
pub(crate) fn find(name: &str) -> Option<&'static Row> {
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    let name = alias.map_or(name, |(_, name)| name);
    TABLE.binary_search_by_key(&name, |row| row.name).ok().map(|index| &TABLE[index])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::TABLE.is_sorted_by_key(|row| row.name));
    }
}
