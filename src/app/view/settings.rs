//! Every setting of the learner, the outer loop and the network.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    control::{Choose, Knob, Text, Toggle},
    page::is_wide,
    show::Show,
};
use crate::{
    app::{
        language::{Locale, say},
        playground::Playground,
        track::Track,
        words,
    },
    experiment::{
        Activation, Choice as _, Family, Init, InnerOptimizer, LearnerKind, NetworkKind, Normalization, Optimizer,
        Pooling, Schedule,
    },
};

/// Sizes of the inner loop's mini-batches that are worth a stop.
const BATCHES: [f64; 9] = [0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];

/// Numbers of context parameters that are worth a stop: the paper goes up to 50, and has 100 for photographs.
const CONTEXTS: [f64; 12] = [1.0, 2.0, 3.0, 4.0, 5.0, 8.0, 10.0, 16.0, 20.0, 32.0, 50.0, 64.0];

/// Shares of inverted pixels that are worth a stop: at a half nothing is left of a drawing.
const PIXEL_NOISE: [f64; 9] = [0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5];

/// Meta-steps between checks on validation tasks that are worth a stop.
const CHECKS: [f64; 11] = [0.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0, 100_000.0];

/// Numbers of validation tasks that are worth a stop.
const VALIDATION_TASKS: [f64; 8] = [10.0, 20.0, 50.0, 100.0, 200.0, 400.0, 600.0, 1000.0];
/// Numbers of base classes that are worth a stop.
const BASE_CLASSES: [f64; 8] = [5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

/// Units of an LSTM's layer, and steps that it is unrolled, that are worth a stop; the paper has 20 of each.
const UNITS: [f64; 7] = [4.0, 8.0, 12.0, 16.0, 20.0, 32.0, 64.0];
const UNROLLS: [f64; 6] = [1.0, 5.0, 10.0, 20.0, 50.0, 100.0];

fn optimizer_words(locale: Locale, index: usize) -> &'static str {
    Optimizer::ALL.get(index).map_or("", |optimizer| words::optimizer(locale, *optimizer))
}

fn activation_words(locale: Locale, index: usize) -> &'static str {
    Activation::ALL.get(index).map_or("", |activation| words::activation(locale, *activation))
}

fn network_words(locale: Locale, index: usize) -> &'static str {
    match NetworkKind::ALL.get(index) {
        Some(NetworkKind::Mlp) => td_string!(locale, settings.mlp),
        Some(NetworkKind::Conv4) => td_string!(locale, settings.conv4),
        None => "",
    }
}

fn pooling_words(locale: Locale, index: usize) -> &'static str {
    match Pooling::ALL.get(index) {
        Some(Pooling::Flatten) => td_string!(locale, settings.flatten),
        Some(Pooling::Mean) => td_string!(locale, settings.mean),
        None => "",
    }
}

fn normalization_words(locale: Locale, index: usize) -> &'static str {
    match Normalization::ALL.get(index) {
        Some(Normalization::None) => td_string!(locale, settings.normalize_none),
        Some(Normalization::Batch) => td_string!(locale, settings.normalize_batch),
        None => "",
    }
}

fn inner_optimizer_words(locale: Locale, index: usize) -> &'static str {
    match InnerOptimizer::ALL.get(index) {
        Some(InnerOptimizer::Sgd) => td_string!(locale, settings.sgd_inner),
        Some(InnerOptimizer::Adam) => td_string!(locale, settings.adam_inner),
        Some(InnerOptimizer::FullAdam) => td_string!(locale, settings.full_adam_inner),
        None => "",
    }
}

fn schedule_words(locale: Locale, index: usize) -> &'static str {
    match Schedule::ALL.get(index) {
        Some(Schedule::Constant) => td_string!(locale, settings.constant),
        Some(Schedule::Linear) => td_string!(locale, settings.linear),
        Some(Schedule::Cosine) => td_string!(locale, settings.cosine),
        None => "",
    }
}

fn init_words(locale: Locale, index: usize) -> &'static str {
    Init::ALL.get(index).map_or("", |init| words::init(locale, *init))
}

/// The folds of settings.
#[component]
pub fn Settings() -> impl IntoView {
    let page = expect_context::<Playground>();
    let sgd = Memo::new(move |_| page.experiment.with(|experiment| experiment.outer.optimizer == Optimizer::Sgd));
    let classifies = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family.classifies()));
    let convolves =
        Memo::new(move |_| page.experiment.with(|experiment| experiment.model.network == NetworkKind::Conv4));
    let kind = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind));
    let optimizes = Memo::new(move |_| kind.get() == LearnerKind::LstmOptimizer);
    // Optimisation takes more steps than adaptation.
    let long = Memo::new(move |_| {
        page.experiment.with(|experiment| experiment.learner.kind.has_rivals(experiment.task.family))
    });
    let quadratic = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family == Family::Quadratic));
    let free =
        Memo::new(move |_| page.experiment.with(|experiment| !experiment.learner.kind.differentiates_inner_loop()));
    // A head that is made takes no steps, and has nothing to set but how often full context looks.
    let descends = Memo::new(move |_| page.experiment.with(|experiment| !experiment.learner.kind.makes_head()));
    let validates = Memo::new(move |_| page.experiment.with(|experiment| experiment.budget.validate_every > 0));
    let pretrained = Memo::new(move |_| page.experiment.with(|experiment| experiment.base_classes().is_some()));
    // Who sees no support drawing has nothing else to normalise a query drawing by.
    let sees_support = Memo::new(move |_| !kind.get().reads_descriptions());
    let another_seed = move |_| page.edit(|experiment| experiment.seed = experiment.seed.wrapping_add(1));
    view! {
        <Show when=move || descends.get()>
            <details class="fold" open=is_wide()>
                <summary>{say!(page, settings.inner)}</summary>
                {move || {
                    let learned = optimizes.get();
                    let rate: fn(Locale) -> &'static str =
                        if learned { |l| td_string!(l, settings.factor) } else { |l| td_string!(l, settings.inner_lr) };
                    let eval_rate: fn(Locale) -> &'static str =
                        if learned { |l| td_string!(l, settings.eval_factor) } else { |l| td_string!(l, settings.eval_lr) };
                    let (most, most_shown) = if long.get() { (100, 100) } else { (20, 30) };
                    view! {
                        <Knob path="learner.inner_lr" label=rate track=Track::decades(-4, 0, &[0.0]) />
                        <Knob path="learner.inner_steps" label=|locale| td_string!(locale, settings.inner_steps) track=Track::whole(0, most) />
                        <Knob path="learner.eval_lr" label=eval_rate track=Track::decades(-4, 0, &[0.0]) />
                        <Knob path="learner.eval_steps" label=|locale| td_string!(locale, settings.eval_steps) track=Track::whole(0, most_shown) />
                    }
                }}
                <Show when=move || optimizes.get()>
                    <Knob path="learner.units" label=|locale| td_string!(locale, settings.units) track=Track::list(&UNITS) />
                    <Knob path="learner.unroll" label=|locale| td_string!(locale, settings.unroll) track=Track::list(&UNROLLS) />
                </Show>
                <Show when=move || kind.get() == LearnerKind::Cavia>
                    <Knob path="learner.context" label=|locale| td_string!(locale, settings.context) track=Track::list(&CONTEXTS) />
                </Show>
                <Show when=move || kind.get() == LearnerKind::Imaml>
                    <Knob path="learner.regularization" label=|locale| td_string!(locale, settings.regularization) track=Track::decades(-2, 3, &[]) />
                    <Knob path="learner.cg_steps" label=|locale| td_string!(locale, settings.cg_steps) track=Track::whole(1, 20) />
                </Show>
                <Show when=move || kind.get() == LearnerKind::MamlPp>
                    <Knob path="learner.multi_step" label=|locale| td_string!(locale, settings.multi_step) track=Track::decades(2, 6, &[0.0]) />
                    <Knob path="learner.first_order" label=|locale| td_string!(locale, settings.first_order) track=Track::decades(2, 6, &[0.0]) />
                </Show>
                <Show when=move || free.get()>
                    <Choose path="learner.inner_optimizer" label=|locale| td_string!(locale, settings.inner_optimizer) words=inner_optimizer_words />
                </Show>
                <Show when=move || classifies.get()>
                    <Knob path="learner.inner_batch" label=|locale| td_string!(locale, settings.inner_batch) track=Track::list(&BATCHES) />
                    <Knob path="learner.eval_batch" label=|locale| td_string!(locale, settings.eval_batch) track=Track::list(&BATCHES) />
                </Show>
            </details>
        </Show>
        <Show when=move || kind.get() == LearnerKind::MatchingFce>
            <details class="fold" open=is_wide()>
                <summary>{say!(page, settings.inner)}</summary>
                <Knob path="learner.processing_steps" label=|locale| td_string!(locale, settings.processing_steps) track=Track::whole(1, 10) />
            </details>
        </Show>
        <details class="fold">
            <summary>{say!(page, settings.outer)}</summary>
            <Show when=move || pretrained.get()>
                <Knob path="learner.base_classes" label=|locale| td_string!(locale, settings.base_classes) track=Track::list(&BASE_CLASSES) />
            </Show>
            <Choose path="outer.optimizer" label=|locale| td_string!(locale, settings.optimizer) words=optimizer_words />
            <Knob path="outer.lr" label=|locale| td_string!(locale, settings.outer_lr) track=Track::decades(-5, 0, &[0.0]) />
            <Choose path="outer.schedule" label=|locale| td_string!(locale, settings.schedule) words=schedule_words />
            <Show when=move || sgd.get()>
                <Knob path="outer.momentum" label=|locale| td_string!(locale, settings.momentum) track=Track::list(&[0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999]) />
            </Show>
            <Knob path="outer.meta_batch" label=|locale| td_string!(locale, settings.meta_batch) track=Track::list(&[1.0, 2.0, 4.0, 8.0, 10.0, 16.0, 25.0, 32.0, 50.0, 64.0, 100.0, 128.0, 256.0]) />
            <Knob path="outer.clip" label=|locale| td_string!(locale, settings.clip) track=Track::decades(-1, 3, &[0.0]) />
            <Knob path="budget.meta_steps" label=|locale| td_string!(locale, settings.budget) track=Track::decades(2, 6, &[]) />
        </details>
        <details class="fold">
            <summary>{say!(page, settings.network)}</summary>
            <Show when=move || classifies.get()>
                <Choose path="model.network" label=|locale| td_string!(locale, settings.network_kind) words=network_words testid="network" />
            </Show>
            <Show when=move || convolves.get()>
                <Knob path="model.filters" label=|locale| td_string!(locale, settings.filters) track=Track::list(&[8.0, 16.0, 24.0, 32.0, 48.0, 64.0]) />
                <Choose path="model.pooling" label=|locale| td_string!(locale, settings.pooling) words=pooling_words />
            </Show>
            <Show when=move || !convolves.get() && !quadratic.get()>
                <Text path="model.hidden" label=|locale| td_string!(locale, settings.hidden) />
                <Choose path="model.activation" label=|locale| td_string!(locale, settings.activation) words=activation_words />
            </Show>
            <Show when=move || classifies.get() && !convolves.get()>
                <Choose path="model.normalization" label=|locale| td_string!(locale, settings.normalization) words=normalization_words />
            </Show>
            <Show when=move || classifies.get() && sees_support.get()>
                <Toggle path="model.transduction" label=|locale| td_string!(locale, settings.transduction)
                    help=|locale| td_string!(locale, settings.transduction_help) />
            </Show>
            <Choose path="model.init" label=|locale| td_string!(locale, settings.init) words=init_words />
            <Text path="seed" label=|locale| td_string!(locale, settings.seed) />
            <div class="buttons">
                <button type="button" on:click=another_seed>{say!(page, settings.another_seed)}</button>
            </div>
        </details>
        <details class="fold" data-testid="regularization">
            <summary>{say!(page, settings.regularize)}</summary>
            <Knob path="outer.weight_decay" label=|locale| td_string!(locale, settings.weight_decay) track=Track::decades(-5, 1, &[0.0])
                help=|locale| td_string!(locale, settings.weight_decay_help) />
            <Knob path="model.dropout" label=|locale| td_string!(locale, settings.dropout) track=Track::even(0.0, 0.9, 0.05)
                help=|locale| td_string!(locale, settings.dropout_help) />
            <Show when=move || classifies.get()>
                <Knob path="task.label_noise" label=|locale| td_string!(locale, settings.label_noise) track=Track::even(0.0, 1.0, 0.05)
                    help=|locale| td_string!(locale, settings.label_noise_help) />
                <Knob path="task.augmentation" label=|locale| td_string!(locale, settings.augmentation) track=Track::even(0.0, 1.0, 0.05)
                    help=|locale| td_string!(locale, settings.augmentation_help) />
                <Knob path="task.pixel_noise" label=|locale| td_string!(locale, settings.pixel_noise) track=Track::list(&PIXEL_NOISE)
                    help=|locale| td_string!(locale, settings.pixel_noise_help) />
            </Show>
            <Show when=move || !classifies.get()>
                <p class="help">{say!(page, settings.points_noise_help)}</p>
            </Show>
            <Knob path="budget.validate_every" label=|locale| td_string!(locale, settings.validate_every) track=Track::list(&CHECKS)
                help=|locale| td_string!(locale, settings.validate_every_help) testid="validate-every" />
            <Show when=move || validates.get()>
                <Knob path="budget.patience" label=|locale| td_string!(locale, settings.patience) track=Track::whole(0, 50)
                    help=|locale| td_string!(locale, settings.patience_help) />
                <Knob path="budget.validation_tasks" label=|locale| td_string!(locale, settings.validation_tasks) track=Track::list(&VALIDATION_TASKS)
                    help=|locale| td_string!(locale, settings.validation_tasks_help) />
            </Show>
        </details>
        <p class="help">{say!(page, settings.help)}</p>
    }
}
