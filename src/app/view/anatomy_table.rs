//! The tables behind a stage.

use leptos::prelude::*;

use super::{anatomy::Traced, fold::Fold};
use crate::app::{
    anatomy_tables::{SHORT, Table, tables},
    language::say,
};

/// Both tables: of examples or parts, and of the numbers that are followed.
#[component]
pub fn Numbers(
    /// The anatomy.
    traced: Traced,
) -> impl IntoView {
    let page = traced.page;
    let all = Memo::new(move |_| {
        let locale = traced.locale();
        traced.here(|anatomy, stage, step, _| tables(locale, anatomy, (stage, step), SHORT)).unwrap_or_default()
    });
    let parts = move || all.with(|tables| tables.parts.clone()).map(|table| drawn(table, "anatomy-table"));
    let followed = move || all.with(|tables| tables.followed.clone()).map(|table| drawn(table, "anatomy-followed"));
    view! {
        <Fold name="anatomy-table" title=Signal::derive(say!(page, anatomy.table)) open=true>
            <div class="scroll anatomy-scroll" tabindex="0" role="region" aria-label=say!(page, anatomy.table)>
                {parts}
                {followed}
            </div>
        </Fold>
    }
}

fn drawn(table: Table, part: &'static str) -> impl IntoView {
    let heads = table.heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let name = cells.next();
        let numbers = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
        view! { <tr><th scope="row">{name}</th>{numbers}</tr> }
    };
    view! {
        <table class="evaluate-table" data-testid=part>
            <thead><tr>{heads}</tr></thead>
            <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
