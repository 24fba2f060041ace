//! The components of the page: thin, one a thing on the screen.

mod adaptation;
mod badge;
mod bar;
mod control;
mod dialogs;
mod figure;
mod icons;
mod keys;
mod legend;
mod lessons;
mod loss;
mod notices;
mod page;
mod settings;
mod steps;
mod tasks;
mod training;

pub use page::Page;
