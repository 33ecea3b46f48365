use atp_selector::functions::select::{handle, start};
use atp_selector::runtime::serve;

fn main() -> std::process::ExitCode {
    serve(start, handle)
}
