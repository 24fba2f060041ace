//! Something that is there while something else holds.

use leptos::{either::Either, prelude::*};

/// As leptos' own, which is compiled anew for every condition and all that is shown; this one is compiled once.
#[component]
pub fn Show(
    /// While to show.
    when: impl Fn() -> bool + Send + Sync + 'static,
    /// What to show.
    children: ChildrenFn,
    /// What to show otherwise: nothing, if nothing is said.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    shown(Box::new(when), children, fallback)
}

fn shown(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let holds = ArcMemo::new(move |_| when());
    let view = move || match holds.get() {
        true => Either::Left(children()),
        false => Either::Right(fallback.run()),
    };
    view.into_any()
}
