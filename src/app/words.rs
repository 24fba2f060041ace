//! Words for values: what the page calls a learner, a family, a device's reason. One place per enum.

use leptos_i18n::td_string;

use super::{
    format,
    language::Locale,
    notice::{LinkTrouble, Notice},
    noticing::{Change, Noticing},
    session::Phase,
};
use crate::{
    experiment::{Activation, Family, Init, LearnerKind, Optimizer},
    protocol::{DeviceKind, DeviceReason, DeviceReport},
};

/// A learner's name.
pub fn learner(locale: Locale, kind: LearnerKind) -> &'static str {
    match kind {
        LearnerKind::Maml => td_string!(locale, learner.maml),
        LearnerKind::Fomaml => td_string!(locale, learner.fomaml),
        LearnerKind::Reptile => td_string!(locale, learner.reptile),
        LearnerKind::MetaSgd => td_string!(locale, learner.meta_sgd),
        LearnerKind::Anil => td_string!(locale, learner.anil),
        LearnerKind::Pretrained => td_string!(locale, learner.pretrained),
        LearnerKind::Scratch => td_string!(locale, learner.scratch),
        LearnerKind::Oracle => td_string!(locale, learner.oracle),
    }
}

/// What a learner learns outside and what it changes inside.
pub fn learner_lesson(locale: Locale, kind: LearnerKind) -> &'static str {
    match kind {
        LearnerKind::Maml => td_string!(locale, lesson.maml),
        LearnerKind::Fomaml => td_string!(locale, lesson.fomaml),
        LearnerKind::Reptile => td_string!(locale, lesson.reptile),
        LearnerKind::MetaSgd => td_string!(locale, lesson.meta_sgd),
        LearnerKind::Anil => td_string!(locale, lesson.anil),
        LearnerKind::Pretrained => td_string!(locale, lesson.pretrained),
        LearnerKind::Scratch => td_string!(locale, lesson.scratch),
        LearnerKind::Oracle => td_string!(locale, lesson.oracle),
    }
}

/// A family's name.
pub fn family(locale: Locale, family: Family) -> &'static str {
    match family {
        Family::Sinusoid => td_string!(locale, family.sinusoid),
        Family::Harmonic => td_string!(locale, family.harmonic),
        Family::SineOrLine => td_string!(locale, family.sine_or_line),
        Family::Step => td_string!(locale, family.step),
    }
}

/// One task of a family, with its article.
fn one_task(locale: Locale, family: Family) -> &'static str {
    match family {
        Family::Sinusoid => td_string!(locale, one_task.sinusoid),
        Family::Harmonic => td_string!(locale, one_task.harmonic),
        Family::SineOrLine => td_string!(locale, one_task.sine_or_line),
        Family::Step => td_string!(locale, one_task.step),
    }
}

/// What a task of a family is.
pub fn family_lesson(locale: Locale, family: Family) -> &'static str {
    match family {
        Family::Sinusoid => td_string!(locale, lesson.sinusoid),
        Family::Harmonic => td_string!(locale, lesson.harmonic),
        Family::SineOrLine => td_string!(locale, lesson.sine_or_line),
        Family::Step => td_string!(locale, lesson.step),
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
pub fn preset(locale: Locale, name: &'static str) -> &'static str {
    match name {
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
        other => other,
    }
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

/// The sentence that says what to notice.
pub fn noticing(locale: Locale, noticing: &Noticing, family: Family) -> String {
    let task = one_task(locale, family);
    let told = |change: &Change| {
        let steps = if change.steps == 1 {
            td_string!(locale, notice_this.single_step).to_owned()
        } else {
            td_string!(locale, notice_this.several_steps, count = change.steps)
        };
        let points = if change.points == 1 {
            td_string!(locale, notice_this.single_point).to_owned()
        } else {
            td_string!(locale, notice_this.several_points, count = change.points)
        };
        (steps, points, format::loss(change.from), format::loss(change.to))
    };
    match noticing {
        Noticing::Nothing => td_string!(locale, notice_this.nothing).to_owned(),
        Noticing::Start { loss } => td_string!(locale, notice_this.start, task, loss = format::loss(*loss)),
        Noticing::Told { loss } => td_string!(locale, notice_this.told, task, loss = format::loss(*loss)),
        Noticing::Fell(change) => {
            let (steps, points, from, to) = told(change);
            td_string!(locale, notice_this.fell, steps, points, task, from, to)
        }
        Noticing::Stayed(change) => {
            let (steps, points, from, to) = told(change);
            td_string!(locale, notice_this.stayed, steps, points, task, from, to)
        }
        Noticing::Untrained(change) => {
            let (steps, points, from, to) = told(change);
            td_string!(locale, notice_this.untrained, steps, points, from, to)
        }
        Noticing::Rose(change) => {
            let (steps, points, from, to) = told(change);
            td_string!(locale, notice_this.rose, steps, points, from, to)
        }
        Noticing::Exploded { steps } => td_string!(locale, notice_this.exploded, steps = *steps),
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
        Notice::GpuLost { .. } => td_string!(locale, notice.gpu_lost).to_owned(),
        Notice::NoGpu => td_string!(locale, notice.no_gpu).to_owned(),
        Notice::WorkerBroke { .. } => td_string!(locale, notice.worker_broke).to_owned(),
        Notice::WorkerMissing { .. } => td_string!(locale, notice.worker_missing).to_owned(),
        Notice::CheckpointRefused => td_string!(locale, notice.checkpoint_refused).to_owned(),
        Notice::Refused => td_string!(locale, notice.refused).to_owned(),
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
