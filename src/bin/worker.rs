//! The compute worker's program.

fn main() {
    kindling::worker::guest::serve();
}
