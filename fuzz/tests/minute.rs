//! `cargo test -p rolecall-fuzz --profile fuzz -- [--seconds N] [--seed N]`: both targets on their seeds, then on mutations of
//! them, half of the time each. It looks at no coverage, so any stable Rust builds it. An input that fails is left in `fuzz/artifacts`.

use std::env;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fastrand::Rng;
use rolecall_fuzz::{loading, mutate_bytes, mutate_text, operations};

/// The name of its seeds, and what to run.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 2] = [("loading", loading), ("operations", operations)];

/// What grows beyond this is not kept: most of it would be skipped.
const MOST_BYTES: usize = 4096;
/// How many mutations are kept beside the seeds, to be mutated again. Which input is worth it, only coverage could tell.
const KEPT: usize = 512;

fn option(name: &str) -> Option<u64> {
    let mut arguments = env::args().skip_while(|argument| argument != name).skip(1);
    arguments.next().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} takes a number, not {value}")))
}

/// What a folder holds; one that `cargo fuzz` has not made yet holds nothing.
fn inputs_in(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).expect("a readable input")).collect()
}

/// Whether the target takes the input; one that it does not take is kept.
fn takes(input: &[u8], target: fn(&[u8]), artifacts: &Path) -> bool {
    let passed = catch_unwind(|| target(input)).is_ok();
    if !passed {
        fs::create_dir_all(artifacts).expect("a folder for the input that failed");
        let file = artifacts.join("failed");
        fs::write(&file, input).expect("a file for the input that failed");
        println!("The input is in {}", file.display());
    }
    passed
}

fn fuzz((name, target): Target, time: Duration, seed: u64) -> bool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let artifacts = folder.join("artifacts").join(name);
    let mut inputs = inputs_in(&folder.join("seeds").join(name));
    inputs.extend(inputs_in(&folder.join("corpus").join(name)));
    let replayed = inputs.len();
    let replay = Instant::now();
    if !inputs.iter().all(|input| takes(input, target, &artifacts)) {
        return false;
    }
    let replay = replay.elapsed().as_secs_f64();
    let mut rng = Rng::with_seed(seed);
    let start = Instant::now();
    let mut executions = 0_u64;
    while start.elapsed() < time {
        let (at, other) = (rng.usize(..inputs.len()), rng.usize(..inputs.len()));
        let seed = rng.u64(..);
        let input = mutate_text(&inputs[at], seed).unwrap_or_else(|| mutate_bytes(&inputs[at], &inputs[other], seed));
        if !takes(&input, target, &artifacts) {
            return false;
        }
        executions += 1;
        if input.len() <= MOST_BYTES && rng.u8(..8) == 0 {
            if inputs.len() < replayed + KEPT {
                inputs.push(input);
            } else {
                let at = rng.usize(replayed..inputs.len());
                inputs[at] = input;
            }
        }
    }
    println!("{name}: {replayed} inputs replayed in {replay:.1} s, {executions} mutated in {} s", time.as_secs());
    replayed > 0
}

fn main() -> ExitCode {
    let seed = option("--seed").unwrap_or_else(|| fastrand::u64(..));
    let time = Duration::from_secs(option("--seconds").unwrap_or(60)) / 2;
    println!("Seed {seed}");
    let passed = TARGETS.into_iter().filter(|target| fuzz(*target, time, seed)).count();
    let failed = TARGETS.len() - passed;
    println!("test result: {}. {passed} passed; {failed} failed", if failed == 0 { "ok" } else { "FAILED" });
    ExitCode::from(u8::from(failed > 0))
}
