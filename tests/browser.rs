//! What a worker computes with: the same body natively and inside Chromium, in a dedicated worker as on the
//! page; there on WebGPU too.
#![cfg(feature = "engine")]

use kindling::{
    engine::{EngineError, Session},
    experiment::Experiment,
    model::Place,
};

/// Meta-steps that are compared: enough for an error in any part of a meta-step to have grown.
const META_STEPS: u32 = 200;

/// Mean loss before and after adaptation over each fifty meta-steps of the default experiment, as native
/// builds compute it on the CPU.
const CURVE: [(f64, f64); 4] = [(4.7006, 5.2346), (3.9714, 3.9457), (3.8685, 3.7757), (3.9473, 3.8397)];

/// Native and wasm builds round differently (fused multiply-add, the order of sums), and meta-training
/// amplifies that; a mistake is wrong by more than this.
const TOLERANCE: f64 = 0.01;

async fn the_loss_curve_is_the_same_everywhere() -> Result<(), EngineError> {
    let mut session = Session::new(Experiment::default(), Place::cpu(), None).await?;
    let points = session.train(META_STEPS).await?;
    let mean = |losses: &mut dyn Iterator<Item = f32>| losses.map(f64::from).sum::<f64>() / 50.0;
    let curve: Vec<(f64, f64)> = points
        .chunks(50)
        .map(|fifty| (mean(&mut fifty.iter().map(|p| p.before)), mean(&mut fifty.iter().map(|p| p.after))))
        .collect();
    let near = |found: f64, expected: f64| (found - expected).abs() <= TOLERANCE * expected;
    let same = curve.len() == CURVE.len()
        && curve.iter().zip(CURVE).all(|(found, expected)| near(found.0, expected.0) && near(found.1, expected.1));
    assert!(same, "found {curve:.4?} instead of {CURVE:.4?}");
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
mod native {
    #[test]
    fn the_loss_curve_is_the_same_everywhere() -> Result<(), super::EngineError> {
        pollster::block_on(super::the_loss_curve_is_the_same_everywhere())
    }
}

#[cfg(target_family = "wasm")]
mod in_chromium {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    async fn the_loss_curve_is_the_same_everywhere() -> Result<(), String> {
        super::the_loss_curve_is_the_same_everywhere().await.map_err(|error| error.to_string())
    }

    /// One test for all learners: burn's WebGPU runtime starts once in a program.
    #[cfg(feature = "webgpu")]
    #[wasm_bindgen_test]
    async fn every_learner_computes_on_webgpu_what_it_computes_on_the_cpu() -> Result<(), String> {
        use burn::tensor::Device;
        use kindling::{
            engine::{self_test, self_test_of},
            experiment::{Experiment, LearnerKind, Switch, preset},
            model::{Place, Precision},
        };

        let started = Device::wgpu_options().tasks_max(64).init_with_setup_async().await;
        let (device, _) = started.map_err(|error| format!("WebGPU did not start: {error}"))?;
        let place = Place::new(device, Precision::Single);
        self_test(&place, &Experiment::default()).await.map_err(|error| error.to_string())?;
        for kind in [
            LearnerKind::Fomaml,
            LearnerKind::Reptile,
            LearnerKind::MetaSgd,
            LearnerKind::Anil,
            LearnerKind::Pretrained,
            LearnerKind::Ridge,
            LearnerKind::Cavia,
            LearnerKind::Imaml,
            LearnerKind::Boil,
            LearnerKind::MamlPp,
            LearnerKind::Cnp,
        ] {
            let mut experiment = Experiment::default();
            experiment.learner.kind = kind;
            self_test_of(&place, &experiment).await.map_err(|error| format!("{kind:?}: {error}"))?;
        }
        // A software GPU takes seconds for each: one of every kind of operation, and the gradient cases of the
        // end-to-end tests hold the other learners to an oracle.
        for (name, transduction) in [
            ("glyphs-light-maml-5w1s", Switch::On),
            ("glyphs-light-maml-5w1s", Switch::Off),
            ("glyphs-light-reptile-adam-5w1s", Switch::On),
            ("glyphs-maml-mlp-5w1s", Switch::On),
            ("glyphs-light-prototypical-5w1s", Switch::On),
            ("glyphs-light-matching-5w1s", Switch::On),
            ("glyphs-light-r2-d2-5w1s", Switch::On),
            ("glyphs-light-cavia-5w1s", Switch::On),
            ("glyphs-light-maml-pp-5w1s", Switch::On),
            ("glyphs-light-relation-5w1s", Switch::On),
            ("glyphs-light-matching-fce-5w1s", Switch::On),
            ("glyphs-light-pretrained-5w1s", Switch::On),
            ("glyphs-light-nearest-centroid-5w1s", Switch::On),
            ("glyphs-light-zero-shot-5w", Switch::On),
            ("quadratic-lstm", Switch::On),
            ("quadratic-adam", Switch::On),
            ("sinusoid-lstm", Switch::On),
        ] {
            let mut experiment = preset(name).map_err(|error| error.to_string())?.experiment();
            experiment.model.transduction = transduction;
            // Operations are what is tested, not sizes: mini-batches go round once, and two steps are as good as five.
            experiment.learner.inner_steps = experiment.learner.inner_steps.min(2);
            if experiment.learner.inner_batch > 0 {
                (experiment.task.train_shots, experiment.learner.inner_batch) = (2, 4);
            }
            (experiment.model.filters, experiment.model.hidden) = (8, vec![16, 8]);
            (experiment.task.ways, experiment.task.train_ways, experiment.outer.meta_batch) = (3, 0, 2);
            experiment.learner.base_classes = 10;
            self_test_of(&place, &experiment).await.map_err(|error| format!("{name}: {error}"))?;
        }
        // What stands between input and prediction, which no meta-step reads back: a learner that steps, and one that attends.
        for name in ["glyphs-light-maml-5w1s", "glyphs-light-matching-fce-5w1s"] {
            let mut experiment = preset(name).map_err(|error| error.to_string())?.experiment();
            (experiment.model.filters, experiment.task.ways, experiment.task.queries) = (8, 3, 2);
            experiment.learner.eval_steps = 2;
            let [gpu, cpu] = [inside(&experiment, &place).await?, inside(&experiment, &Place::cpu()).await?];
            assert_eq!(gpu.len(), cpu.len(), "{name}");
            for (number, (gpu, cpu)) in gpu.iter().zip(&cpu).enumerate() {
                assert!((gpu - cpu).abs() < 0.01 * cpu.abs().max(0.1), "{name}, {number}: {gpu} instead of {cpu}");
            }
        }
        Ok(())
    }

    /// Likeness, change and gradient of every layer, attention, and the largest value of every block.
    #[cfg(feature = "webgpu")]
    async fn inside(
        experiment: &kindling::experiment::Experiment,
        place: &kindling::model::Place,
    ) -> Result<Vec<f64>, String> {
        use kindling::{
            engine::Session,
            experiment::{LayerFigure, ShownTask},
        };

        let text = |error: kindling::engine::EngineError| error.to_string();
        let shown = ShownTask { index: 3, points: Vec::new(), drawings: None };
        let session = Session::new(experiment.clone(), place.clone(), None).await.map_err(text)?;
        let layers = session.layers(&shown, 0, |_, _| {}).await.map_err(text)?;
        let maps = session.activations(&shown, 4).await.map_err(text)?;
        let steps = layers.layers.iter().flat_map(|layer| &layer.shown);
        let figures = steps.flat_map(|step| LayerFigure::ALL.map(|figure| step.of(figure))).flatten();
        let attention = layers.likeness.iter().flat_map(|likeness| likeness.rows.iter().flatten());
        Ok(figures
            .chain(attention.map(|&share| f64::from(share)))
            .chain(maps.blocks.iter().map(kindling::experiment::Block::largest))
            .collect())
    }
}
