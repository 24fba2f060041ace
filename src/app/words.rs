//! Words for values: what the page calls a learner, a family, a device's reason. One place per enum.

use leptos_i18n::td_string;

use super::{
    compare_words, format,
    guests::{MOST_BYTES, MOST_IN_ALL, Refusal},
    language::Locale,
    library::Failure,
    notice::{LinkTrouble, Notice},
    session::Phase,
    sketch::Missing,
};
use crate::words::together;
pub use crate::words::{character_noticing, family, inner_steps, learner, noticing, quadratic_noticing};
use crate::{
    experiment::{
        Activation, Ending, Family, Init, LearnerKind, MOST_CONTESTANTS, Misfit, Optimizer, Preset, Tab, told_apart,
    },
    protocol::{DeviceKind, DeviceReason, DeviceReport, ImportFault},
    script::Unscripted,
};

/// The name on a panel's tab.
pub fn panel(locale: Locale, tab: Tab) -> &'static str {
    match tab {
        Tab::Evaluate => td_string!(locale, panels.evaluate),
        Tab::Compare => td_string!(locale, panels.compare),
        Tab::Search => td_string!(locale, panels.search),
        Tab::Landscape => td_string!(locale, panels.landscape),
        Tab::Diagnose => td_string!(locale, panels.diagnose),
        Tab::Anatomy => td_string!(locale, panels.anatomy),
        Tab::Runs => td_string!(locale, panels.runs),
        Tab::Layers => td_string!(locale, panels.layers),
    }
}

/// What a learner learns outside, what it changes inside and what that costs, on tasks of a family.
pub fn learner_lesson(locale: Locale, kind: LearnerKind, family: Family) -> &'static str {
    match kind {
        LearnerKind::Maml => td_string!(locale, lesson.maml),
        LearnerKind::Fomaml => td_string!(locale, lesson.fomaml),
        LearnerKind::Reptile => td_string!(locale, lesson.reptile),
        LearnerKind::MetaSgd => td_string!(locale, lesson.meta_sgd),
        LearnerKind::Anil => td_string!(locale, lesson.anil),
        LearnerKind::Pretrained if family.classifies() => td_string!(locale, lesson.pretrained_characters),
        LearnerKind::Pretrained => td_string!(locale, lesson.pretrained),
        LearnerKind::Scratch => td_string!(locale, lesson.scratch),
        LearnerKind::Oracle => td_string!(locale, lesson.oracle),
        LearnerKind::Prototypical => td_string!(locale, lesson.prototypical),
        LearnerKind::Matching => td_string!(locale, lesson.matching),
        LearnerKind::Siamese => td_string!(locale, lesson.siamese),
        LearnerKind::R2D2 => td_string!(locale, lesson.r2_d2),
        LearnerKind::Ridge => td_string!(locale, lesson.ridge),
        LearnerKind::Cavia => td_string!(locale, lesson.cavia),
        LearnerKind::Imaml => td_string!(locale, lesson.imaml),
        LearnerKind::Boil => td_string!(locale, lesson.boil),
        LearnerKind::MamlPp => td_string!(locale, lesson.maml_pp),
        LearnerKind::Relation => td_string!(locale, lesson.relation),
        LearnerKind::MatchingFce => td_string!(locale, lesson.matching_fce),
        LearnerKind::Cnp => td_string!(locale, lesson.cnp),
        LearnerKind::LinearProbe if family.classifies() => td_string!(locale, lesson.linear_probe),
        LearnerKind::LinearProbe => td_string!(locale, lesson.linear_probe_functions),
        LearnerKind::NearestCentroid => td_string!(locale, lesson.nearest_centroid),
        LearnerKind::ZeroShot => td_string!(locale, lesson.zero_shot),
        LearnerKind::LstmOptimizer => td_string!(locale, lesson.lstm_optimizer),
    }
}

/// What a task of a family is.
pub fn family_lesson(locale: Locale, family: Family) -> &'static str {
    match family {
        Family::Sinusoid => td_string!(locale, lesson.sinusoid),
        Family::Harmonic => td_string!(locale, lesson.harmonic),
        Family::SineOrLine => td_string!(locale, lesson.sine_or_line),
        Family::Step => td_string!(locale, lesson.step),
        Family::Characters => td_string!(locale, lesson.characters),
        Family::Quadratic => td_string!(locale, lesson.quadratic),
    }
}

/// An optimiser's name.
pub fn optimizer(locale: Locale, optimizer: Optimizer) -> &'static str {
    match optimizer {
        Optimizer::Adam => td_string!(locale, optimizer.adam),
        Optimizer::Sgd => td_string!(locale, optimizer.sgd),
    }
}

/// An activation's name.
pub fn activation(locale: Locale, activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => td_string!(locale, activation.relu),
        Activation::Tanh => td_string!(locale, activation.tanh),
    }
}

/// The name of a distribution of first weights.
pub fn init(locale: Locale, init: Init) -> &'static str {
    match init {
        Init::Lecun => td_string!(locale, init.lecun),
        Init::He => td_string!(locale, init.he),
        Init::Small => td_string!(locale, init.small),
    }
}

/// What a preset is; its own name where the page has no words for it.
pub fn preset(locale: Locale, preset: &Preset) -> String {
    let named = match preset.name {
        "sinusoid-maml-5shot" => td_string!(locale, preset.sinusoid_maml_5shot),
        "sinusoid-maml" => td_string!(locale, preset.sinusoid_maml),
        "sinusoid-fomaml" => td_string!(locale, preset.sinusoid_fomaml),
        "sinusoid-reptile" => td_string!(locale, preset.sinusoid_reptile),
        "sinusoid-meta-sgd" => td_string!(locale, preset.sinusoid_meta_sgd),
        "sinusoid-anil" => td_string!(locale, preset.sinusoid_anil),
        "sinusoid-pretrained-5shot" => td_string!(locale, preset.sinusoid_pretrained),
        "sinusoid-scratch-5shot" => td_string!(locale, preset.sinusoid_scratch),
        "sinusoid-oracle-5shot" => td_string!(locale, preset.sinusoid_oracle),
        "harmonic-maml" => td_string!(locale, preset.harmonic_maml),
        "sine-or-line-maml" => td_string!(locale, preset.sine_or_line_maml),
        "step-maml" => td_string!(locale, preset.step_maml),
        "sinusoid-maml-5steps" => td_string!(locale, preset.sinusoid_maml_5steps),
        "sinusoid-ridge-5shot" => td_string!(locale, preset.sinusoid_ridge),
        "sinusoid-cavia" => td_string!(locale, preset.sinusoid_cavia),
        "sinusoid-imaml" => td_string!(locale, preset.sinusoid_imaml),
        "sinusoid-boil" => td_string!(locale, preset.sinusoid_boil),
        "sinusoid-maml-pp" => td_string!(locale, preset.sinusoid_maml_pp),
        "sinusoid-cnp-5shot" => td_string!(locale, preset.sinusoid_cnp_5shot),
        "sinusoid-cnp" => td_string!(locale, preset.sinusoid_cnp),
        "sinusoid-linear-probe" => td_string!(locale, preset.sinusoid_linear_probe),
        "quadratic-lstm" => td_string!(locale, preset.quadratic_lstm),
        "quadratic-sgd" => td_string!(locale, preset.quadratic_sgd),
        "quadratic-adam" => td_string!(locale, preset.quadratic_adam),
        "sinusoid-lstm" => td_string!(locale, preset.sinusoid_lstm),
        "sinusoid-lstm-sgd" => td_string!(locale, preset.sinusoid_lstm_sgd),
        "sinusoid-lstm-adam" => td_string!(locale, preset.sinusoid_lstm_adam),
        _ => return characters_preset(locale, preset),
    };
    named.to_owned()
}

/// What a preset of characters is: its ways, its shots and its learner say it, and a word for what is unusual.
fn characters_preset(locale: Locale, preset: &Preset) -> String {
    let experiment = preset.experiment();
    if !experiment.task.family.classifies() {
        return preset.name.to_owned();
    }
    let (ways, shots) = (experiment.task.ways, experiment.task.shots);
    let learner = learner(locale, experiment.learner.kind);
    if experiment.learner.kind.reads_descriptions() {
        return td_string!(locale, preset.described, ways, learner);
    }
    let told = td_string!(locale, preset.characters, ways, shots, learner);
    let unusual = match preset.name {
        name if name.contains("-mlp-") => td_string!(locale, settings.mlp),
        name if name.contains("-transduction-") => td_string!(locale, settings.transduction),
        name if name.contains("-adam-") => td_string!(locale, settings.adam_inner),
        _ => return told,
    };
    format!("{told} · {unusual}")
}

/// What the badge says.
pub fn badge(locale: Locale, phase: &Phase, report: Option<&DeviceReport>) -> String {
    match (report, phase) {
        (Some(report), _) => {
            let device = device(locale, report.kind);
            match faster(report) {
                Some(times) => td_string!(locale, device.faster_badge, device, times),
                None => device.to_owned(),
            }
        }
        (None, Phase::Loading { loaded, total }) if *total > 0 => {
            td_string!(locale, device.percent, percent = percent(*loaded, *total))
        }
        (None, Phase::Held) => td_string!(locale, device.held).to_owned(),
        (None, Phase::Broken) => td_string!(locale, device.broken).to_owned(),
        (None, _) => td_string!(locale, device.choosing).to_owned(),
    }
}

/// What is waited for before a run stands; none where one does.
pub fn waits(locale: Locale, phase: &Phase) -> Option<String> {
    Some(match *phase {
        Phase::Held => td_string!(locale, training.held).to_owned(),
        Phase::Loading { loaded, total } if total > 0 => {
            td_string!(locale, training.loading_bytes, loaded = format::size(loaded), total = format::size(total))
        }
        Phase::Loading { .. } => td_string!(locale, training.loading).to_owned(),
        Phase::Starting => td_string!(locale, training.starting).to_owned(),
        Phase::Broken => td_string!(locale, training.broken).to_owned(),
        Phase::Standing => return None,
    })
}

/// What has still to be drawn before the visitor's drawings are a task.
pub fn undrawn(locale: Locale, missing: Missing) -> &'static str {
    match missing {
        Missing::Classes => td_string!(locale, pad.need_classes),
        Missing::Query => td_string!(locale, pad.need_query),
    }
}

/// A kind of device.
pub fn device(locale: Locale, kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Cpu => td_string!(locale, device.cpu),
        DeviceKind::Gpu => td_string!(locale, device.gpu),
    }
}

/// Why a device was chosen, as a sentence.
pub fn reason(locale: Locale, reason: DeviceReason, kind: DeviceKind) -> &'static str {
    match (reason, kind) {
        (DeviceReason::Forced, DeviceKind::Cpu) => td_string!(locale, reason.forced_cpu),
        (DeviceReason::Forced, DeviceKind::Gpu) => td_string!(locale, reason.forced_gpu),
        (DeviceReason::Faster, DeviceKind::Cpu) => td_string!(locale, reason.faster_cpu),
        (DeviceReason::Faster, DeviceKind::Gpu) => td_string!(locale, reason.faster_gpu),
        (DeviceReason::NoAdapter, _) => td_string!(locale, reason.no_adapter),
        (DeviceReason::Software, _) => td_string!(locale, reason.software),
        (DeviceReason::SelfTestFailed, _) => td_string!(locale, reason.self_test_failed),
        (DeviceReason::GpuFailed, _) => td_string!(locale, reason.gpu_failed),
    }
}

/// How many times as fast the chosen device is, where both were timed and it is worth telling.
fn faster(report: &DeviceReport) -> Option<String> {
    let (cpu, gpu) = (report.cpu_ms?, report.gpu_ms?);
    let times = match report.kind {
        DeviceKind::Cpu => gpu / cpu,
        DeviceKind::Gpu => cpu / gpu,
    };
    (times.is_finite() && times >= 1.2).then(|| format::rate(times).trim_end_matches(".0").to_owned())
}

/// A share of a hundred, in whole numbers.
pub fn percent(part: u64, whole: u64) -> String {
    (part.min(whole) * 100 / whole.max(1)).to_string()
}

/// Why an import came to nothing, and what to do about it.
pub fn failure(locale: Locale, failure: Failure) -> &'static str {
    match failure {
        Failure::Unreadable => td_string!(locale, import.unreadable),
        Failure::Broke => td_string!(locale, import.broke),
        Failure::Files(fault) => match fault {
            ImportFault::Damaged => td_string!(locale, import.damaged),
            ImportFault::Encrypted => td_string!(locale, import.encrypted),
            ImportFault::TooLarge => td_string!(locale, import.too_large),
            ImportFault::Nested => td_string!(locale, import.nested),
            ImportFault::Empty => td_string!(locale, import.empty),
            ImportFault::NoImages => td_string!(locale, import.no_images),
            ImportFault::TooFewClasses => td_string!(locale, import.too_few_classes),
            ImportFault::Unsupported => td_string!(locale, import.unsupported),
            ImportFault::Cancelled => "",
        },
    }
}

/// Why an experiment has no program.
pub fn unscripted(locale: Locale, why: Unscripted) -> &'static str {
    match why {
        Unscripted::Learner(_) => td_string!(locale, export.no_script_learner),
        Unscripted::Quadratic => td_string!(locale, export.no_script_quadratic),
        Unscripted::Dropout => td_string!(locale, export.no_script_dropout),
        Unscripted::Imported | Unscripted::Undrawn => td_string!(locale, export.no_script_imported),
    }
}

/// A notice as a sentence or two.
pub fn notice(locale: Locale, notice: &Notice) -> String {
    match notice {
        Notice::Link(LinkTrouble::Damaged) => td_string!(locale, notice.link_damaged).to_owned(),
        Notice::Link(LinkTrouble::Newer) => td_string!(locale, notice.link_newer).to_owned(),
        Notice::Link(LinkTrouble::TooLong) => td_string!(locale, notice.link_too_long).to_owned(),
        Notice::Link(LinkTrouble::OutOfRange) => td_string!(locale, notice.link_out_of_range).to_owned(),
        Notice::Heavy { millions } => td_string!(locale, notice.heavy, millions = *millions),
        Notice::Restarted { lost } => td_string!(locale, notice.restarted, lost = *lost),
        Notice::Reset { lost } => td_string!(locale, notice.reset, lost = *lost),
        Notice::StartedOver => td_string!(locale, notice.started_over).to_owned(),
        Notice::Diverged { at, restored } => td_string!(locale, notice.diverged, at = *at, restored = *restored),
        Notice::Ended(Ending { at, best, early: true }) => {
            td_string!(locale, notice.stopped_early, at = *at, best = *best)
        }
        Notice::Ended(Ending { best, .. }) => td_string!(locale, notice.ended, best = *best),
        Notice::GpuLost { .. } => td_string!(locale, notice.gpu_lost).to_owned(),
        Notice::NoGpu => td_string!(locale, notice.no_gpu).to_owned(),
        Notice::WorkerBroke { .. } => td_string!(locale, notice.worker_broke).to_owned(),
        Notice::WorkerMissing { .. } => td_string!(locale, notice.worker_missing).to_owned(),
        Notice::CheckpointRefused => td_string!(locale, notice.checkpoint_refused).to_owned(),
        Notice::Refused => td_string!(locale, notice.refused).to_owned(),
        Notice::DatasetMissing => td_string!(locale, notice.dataset_missing).to_owned(),
        Notice::DatasetUnfit => td_string!(locale, notice.dataset_unfit).to_owned(),
        Notice::Guests(refused) => {
            let told = refused.iter().take(MOST_REFUSALS).map(|(name, why)| refusal(locale, name, why));
            let more = refused.len().saturating_sub(MOST_REFUSALS);
            let more = (more > 0).then(|| td_string!(locale, guests.more, count = more));
            together(locale, told.chain(more))
        }
        Notice::GuestBroken { name, .. } => {
            td_string!(locale, notice.guest_broken, name = compare_words::isolated(name))
        }
    }
}

/// Most files that are told one by one why they do not take part: a drop may hold a thousand.
const MOST_REFUSALS: usize = 3;

/// Why a file does not take part in comparisons.
fn refusal(locale: Locale, file: &str, refusal: &Refusal) -> String {
    let name = compare_words::isolated(&told_apart(file, &[]));
    match refusal {
        Refusal::Unreadable => td_string!(locale, guests.unreadable, name),
        Refusal::TooLarge => td_string!(locale, guests.too_large, name, limit = MOST_BYTES >> 20),
        Refusal::Foreign => td_string!(locale, guests.foreign, name),
        Refusal::Truncated => td_string!(locale, guests.truncated, name),
        Refusal::Experiment => td_string!(locale, guests.experiment, name),
        Refusal::Full => td_string!(locale, guests.full, name, count = MOST_CONTESTANTS),
        Refusal::TooMuch => td_string!(locale, guests.too_much, name, limit = MOST_IN_ALL >> 20),
        Refusal::Crowded => td_string!(locale, guests.crowded, name, count = MOST_CONTESTANTS),
        Refusal::Misfit(Misfit::Family { .. }) => td_string!(locale, guests.family, name),
        Refusal::Misfit(Misfit::Ways { theirs, ours }) => {
            td_string!(locale, guests.ways, name, theirs = *theirs, ours = *ours)
        }
        Refusal::Misfit(Misfit::Inputs { .. } | Misfit::Settings(_)) => td_string!(locale, guests.misfit, name),
    }
}

/// Why a network that is here cannot do the tasks of the page.
pub fn unfit(locale: Locale, misfit: &Misfit) -> String {
    match misfit {
        Misfit::Family { .. } => td_string!(locale, compare.unfit_family).to_owned(),
        Misfit::Ways { theirs, ours } => td_string!(locale, compare.unfit_ways, theirs = *theirs, ours = *ours),
        Misfit::Inputs { theirs, ours } => td_string!(locale, compare.unfit_inputs, theirs = *theirs, ours = *ours),
        Misfit::Settings(_) => td_string!(locale, compare.unfit_settings).to_owned(),
    }
}

/// A time still to wait.
pub fn wait(locale: Locale, wait: format::Wait) -> String {
    match wait {
        format::Wait::Seconds(seconds) => td_string!(locale, training.seconds_left, seconds),
        format::Wait::Minutes(minutes) => td_string!(locale, training.minutes_left, minutes),
        format::Wait::Hours(hours, minutes) => td_string!(locale, training.hours_left, hours, minutes),
    }
}
