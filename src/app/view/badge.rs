//! The badge that says what computes and why.

use leptos::{ev, html, prelude::*};
use leptos_i18n::td_string;
use wasm_bindgen::JsCast as _;

use crate::{
    app::{
        format,
        language::{Locale, said, say},
        playground::Playground,
        words,
    },
    protocol::{DeviceKind, DevicePolicy, DeviceReport},
};

/// The device in use; opened, it tells the reason and lets another one be chosen.
#[component]
pub fn Badge() -> impl IntoView {
    let page = expect_context::<Playground>();
    // Where only the CPU's program was loaded the page knows why, and the worker can only say that it was told to.
    let report = Memo::new(move |_| {
        let reason = page.choice.get().and_then(|choice| choice.reason);
        page.session.with(|session| session.device().cloned()).map(|report| match reason {
            Some(reason) if report.kind == DeviceKind::Cpu => DeviceReport { reason, ..report },
            _ => report,
        })
    });
    let told = Memo::new(move |_| {
        page.session.with(|session| words::badge(page.language.get(), session.phase(), report.get().as_ref()))
    });
    let reason = move || {
        report.get().map(|report| words::reason(page.language.get(), report.reason, report.kind)).unwrap_or_default()
    };
    let timed = move |kind: DeviceKind| {
        let report = report.get()?;
        let milliseconds = match kind {
            DeviceKind::Cpu => report.cpu_ms?,
            DeviceKind::Gpu => report.gpu_ms?,
        };
        let locale = page.language.get();
        Some(td_string!(
            locale,
            device.timed,
            device = words::device(locale, kind),
            milliseconds = format::loss(milliseconds)
        ))
    };
    let choice = move |policy: DevicePolicy, label: fn(Locale) -> &'static str| {
        view! {
            <label class="radio">
                <input type="radio" name="device" prop:checked=move || page.policy.get() == policy
                    on:change=move |_| page.choose_device(policy) />
                <span>{said(page.language, label)}</span>
            </label>
        }
    };
    // Closed by Escape and by a press anywhere else.
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let inside = details.get_untracked().is_some_and(|details| {
            event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Node>().ok())
                .is_some_and(|target| details.contains(Some(&target)))
        });
        if !inside {
            close();
        }
    });
    on_cleanup(move || outside.remove());
    let escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close()
        }
    };
    view! {
        <details node_ref=details on:keydown=escape class="badge" class:gpu=move || report.get().is_some_and(|report| report.kind == DeviceKind::Gpu)>
            <summary title=reason>
                <span class="unseen">{say!(page, device.label)}</span>
                <span data-testid="device-badge" title=reason>{move || told.get()}</span>
            </summary>
            <div class="popover">
                <p>{reason}</p>
                <p class="help">{move || report.get().map(|report| report.name)}</p>
                <p class="number">{move || timed(DeviceKind::Cpu)}</p>
                <p class="number">{move || timed(DeviceKind::Gpu)}</p>
                <fieldset>
                    <legend>{say!(page, device.choose)}</legend>
                    {choice(DevicePolicy::Auto, |locale| td_string!(locale, device.auto))}
                    {choice(DevicePolicy::Gpu, |locale| td_string!(locale, device.gpu))}
                    {choice(DevicePolicy::Cpu, |locale| td_string!(locale, device.cpu))}
                </fieldset>
            </div>
        </details>
    }
}
