//! The components of the page: thin, one a thing on the screen.

mod adaptation;
mod badge;
mod bar;
mod characters;
mod confusion;
mod control;
mod diagnose;
mod diagnose_figure;
mod diagnose_parts;
mod dialogs;
mod evaluate;
mod evaluate_figure;
mod evaluate_tables;
mod figure;
mod icons;
mod import;
mod ink;
mod keys;
mod legend;
mod lessons;
mod loss;
mod notices;
mod pad;
mod page;
mod quadratics;
mod queries;
mod race;
mod search;
mod search_figure;
mod search_table;
mod settings;
mod steps;
mod tasks;
mod training;

pub use page::Page;
