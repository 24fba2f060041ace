//! The page's door.

fn main() {
    kindling::app::mount();
}
