//! The command line's program.

fn main() -> std::process::ExitCode {
    kindling::cli::main()
}
