use atp_selector::functions::learn::{handle, start};
use atp_selector::runtime::serve;

fn main() -> std::process::ExitCode {
    serve(start, handle)
}
