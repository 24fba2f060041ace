//! What the chosen learner and family are: a paragraph and a formula each.

use leptos::prelude::*;

use crate::{
    app::{language::say, playground::Playground, words},
    experiment::{Family, LearnerKind},
};

/// The learner and the tasks, explained.
#[component]
pub fn Lessons() -> impl IntoView {
    let page = expect_context::<Playground>();
    let learner = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind));
    let family = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family));
    view! {
        <section class="lessons" aria-label=say!(page, lesson.title)>
            <article>
                <h2>{say!(page, lesson.learner)} " " <b>{move || words::learner(page.language.get(), learner.get())}</b></h2>
                <p>{move || words::learner_lesson(page.language.get(), learner.get(), family.get())}</p>
                <div class="formula" inner_html=move || learner_formula(learner.get(), family.get())></div>
                {move || paper(learner.get(), family.get()).map(|paper| view! { <p class="help">{paper}</p> })}
            </article>
            <article>
                <h2>{say!(page, lesson.task)} " " <b>{move || words::family(page.language.get(), family.get())}</b></h2>
                <p>{move || words::family_lesson(page.language.get(), family.get())}</p>
                <div class="formula" inner_html=move || family_formula(family.get())></div>
            </article>
        </section>
    }
}

/// θ ← θ − β ∇ 1/n Σ L(…) over the n tasks of a meta-batch, with what stands for the adapted parameters.
macro_rules! outer {
    ($gradient:literal, $at:literal) => {
        concat!(
            "<math display=\"block\"><mi>θ</mi><mo>←</mo><mi>θ</mi><mo>−</mo><mi>β</mi>",
            $gradient,
            "<mfrac><mn>1</mn><mi>n</mi></mfrac><munder><mo>∑</mo><mi>i</mi></munder><msubsup><mi>L</mi><mi>i</mi><mtext>query</mtext></msubsup>",
            "<mo stretchy=\"false\">(</mo>",
            $at,
            "<mo stretchy=\"false\">)</mo></math>"
        )
    };
}

const ADAPTED: &str = "<math display=\"block\"><msub><mrow><mi>θ</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub><mo>=</mo><mi>θ</mi><mo>−</mo><mi>α</mi>\
    <msub><mo>∇</mo><mi>θ</mi></msub><msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup><mo stretchy=\"false\">(</mo><mi>θ</mi><mo stretchy=\"false\">)</mo></math>";

/// The same of the head alone.
const HEAD_ADAPTED: &str = "<math display=\"block\"><msub><mrow><mi>head</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub><mo>=</mo><mi>head</mi><mo>−</mo><mi>α</mi>\
    <msub><mo>∇</mo><mi>head</mi></msub><msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup><mo stretchy=\"false\">(</mo><mi>θ</mi><mo stretchy=\"false\">)</mo></math>";

/// The outer loop of a learner that makes its head of the support set.
const SEEN: &str = outer!("<msub><mo>∇</mo><mi>θ</mi></msub>", "<mi>θ</mi><mo>,</mo><msub><mi>S</mi><mi>i</mi></msub>");

/// Class means, and how near they are on a learned scale.
const PROTOTYPES: &str = "<math display=\"block\"><msub><mi>c</mi><mi>k</mi></msub><mo>=</mo><mfrac><mn>1</mn><mrow><mo>|</mo><msub><mi>S</mi><mi>k</mi></msub><mo>|</mo></mrow></mfrac> \
             <munder><mo>∑</mo><mrow><mi>x</mi><mo>∈</mo><msub><mi>S</mi><mi>k</mi></msub></mrow></munder><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>,</mo><mspace width=\"0.6em\" /> \
             <mi>p</mi><mo stretchy=\"false\">(</mo><mi>k</mi><mo>|</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>∝</mo><mi>exp</mi><mo stretchy=\"false\">(</mo><mo>−</mo> \
             <msup><mi>e</mi><mrow><mn>2</mn><mi>ℓ</mi></mrow></msup><msup><mrow><mo>‖</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>−</mo><msub><mi>c</mi><mi>k</mi></msub><mo>‖</mo></mrow><mn>2</mn></msup><mo stretchy=\"false\">)</mo></math>";

/// Labels by likeness, of a learned sharpness.
const ATTENTION: &str = "<math display=\"block\"><mi>P</mi><mo stretchy=\"false\">(</mo><mi>y</mi><mo>|</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>=</mo><munder><mo>∑</mo><mi>i</mi></munder> \
             <msub><mi>softmax</mi><mi>i</mi></msub><mo stretchy=\"false\">(</mo><msup><mi>e</mi><mi>ℓ</mi></msup><mspace width=\"0.2em\" /><mi>cos</mi><mo stretchy=\"false\">(</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>,</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><msub><mi>x</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo><mo stretchy=\"false\">)</mo><mo stretchy=\"false\">)</mo> \
             <mspace width=\"0.2em\" /><msub><mi>y</mi><mi>i</mi></msub></math>";

/// Whether two drawings are of one class.
const PAIRS: &str = "<math display=\"block\"><mi>p</mi><mo stretchy=\"false\">(</mo><mi>y</mi><mo>=</mo><msub><mi>y</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo><mo>=</mo><mi>σ</mi><mo stretchy=\"false\">(</mo><munder><mo>∑</mo><mi>j</mi></munder> \
             <msub><mi>α</mi><mi>j</mi></msub><mo>|</mo><msub><mi>f</mi><mrow><mi>θ</mi><mo>,</mo><mi>j</mi></mrow></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>−</mo><msub><mi>f</mi><mrow><mi>θ</mi><mo>,</mo><mi>j</mi></mrow></msub><mo stretchy=\"false\">(</mo><msub><mi>x</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo><mo>|</mo><mo>+</mo><mi>b</mi><mo stretchy=\"false\">)</mo></math>";

/// How alike a class and a drawing are, by a network.
const RELATION: &str = "<math display=\"block\"><msub><mi>r</mi><mi>k</mi></msub><mo>=</mo><msub><mi>g</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><munder><mo>∑</mo><mrow><mi>x</mi><mo lspace=\"0\" rspace=\"0\">′</mo><mo>∈</mo><msub><mi>S</mi><mi>k</mi></msub></mrow></munder> \
             <msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo lspace=\"0\" rspace=\"0\">′</mo><mo stretchy=\"false\">)</mo><mo>,</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo stretchy=\"false\">)</mo><mo>,</mo><mspace width=\"0.6em\" /> \
             <mi>L</mi><mo>=</mo><mfrac><mn>1</mn><mi>N</mi></mfrac><munder><mo>∑</mo><mi>k</mi></munder><msup><mrow><mo stretchy=\"false\">(</mo><msub><mi>r</mi><mi>k</mi></msub><mo>−</mo><msub><mn>1</mn><mrow><mi>y</mi><mo>=</mo><mi>k</mi></mrow></msub><mo stretchy=\"false\">)</mo></mrow><mn>2</mn></msup></math>";

/// Features in the context of the support set.
const CONTEXT: &str = "<math display=\"block\"><mi>g</mi><mo stretchy=\"false\">(</mo><msub><mi>x</mi><mi>i</mi></msub><mo>,</mo><mi>S</mi><mo stretchy=\"false\">)</mo><mo>=</mo><msub><mover><mi>h</mi><mo>→</mo></mover><mi>i</mi></msub><mo>+</mo><msub><mover><mi>h</mi><mo>←</mo></mover><mi>i</mi></msub><mo>+</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><msub><mi>x</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo><mo>,</mo><mspace width=\"0.6em\" /> \
             <mi>f</mi><mo stretchy=\"false\">(</mo><mi>x</mi><mo>,</mo><mi>S</mi><mo stretchy=\"false\">)</mo><mo>=</mo><msub><mi>attLSTM</mi><mi>K</mi></msub><mo stretchy=\"false\">(</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>,</mo><mi>g</mi><mo stretchy=\"false\">(</mo><mi>S</mi><mo stretchy=\"false\">)</mo><mo stretchy=\"false\">)</mo></math>";

/// What a conditional neural process descends, and what it predicts.
const SURPRISE: &str = "<math display=\"block\"><mi>θ</mi><mo>←</mo><mi>θ</mi><mo>+</mo><mi>β</mi><msub><mo>∇</mo><mi>θ</mi></msub><mfrac><mn>1</mn><mi>n</mi></mfrac><munder><mo>∑</mo><mi>i</mi></munder> \
             <mi>ln</mi><mspace width=\"0.2em\" /><mi>N</mi><mo stretchy=\"false\">(</mo><msub><mi>y</mi><mi>i</mi></msub><mo>;</mo><mi>μ</mi><mo>,</mo><mi>σ</mi><mo stretchy=\"false\">)</mo></math>";
const PROCESS: &str = "<math display=\"block\"><mi>r</mi><mo>=</mo><mfrac><mn>1</mn><mi>k</mi></mfrac><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>k</mi></munderover><msub><mi>h</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><msub><mi>x</mi><mi>i</mi></msub><mo>,</mo><msub><mi>y</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo><mo>,</mo><mspace width=\"0.6em\" /> \
             <mo stretchy=\"false\">(</mo><mi>μ</mi><mo>,</mo><mi>σ</mi><mo stretchy=\"false\">)</mo><mo>=</mo><msub><mi>g</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo>,</mo><mi>r</mi><mo stretchy=\"false\">)</mo></math>";

/// The solution of ridge regression, whose X and Y the code divides by √|S|, and predictions on a learned scale.
const RIDGE: &str = "<math display=\"block\"><mi>W</mi><mo>=</mo><msup><mrow><mo stretchy=\"false\">(</mo><msup><mi>X</mi><mi>T</mi></msup><mi>X</mi><mo>+</mo><mo>|</mo><mi>S</mi><mo>|</mo><mi>λ</mi><mi>I</mi><mo stretchy=\"false\">)</mo></mrow> \
             <mrow><mo>−</mo><mn>1</mn></mrow></msup><msup><mi>X</mi><mi>T</mi></msup><mi>Y</mi></math> \
             <math display=\"block\"><mi>X</mi><mo>=</mo><mo stretchy=\"false\">(</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><msub><mi>x</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo><mo>,</mo><mn>1</mn><mo stretchy=\"false\">)</mo></math> \
             <math display=\"block\"><mover><mi>y</mi><mo>^</mo></mover><mo>=</mo><mi>α</mi><mo stretchy=\"false\">(</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>,</mo><mn>1</mn><mo stretchy=\"false\">)</mo><mi>W</mi><mo>+</mo><mi>b</mi></math>";

/// The outer loop of a learner that is trained on base classes.
const BASE: &str = "<math display=\"block\"><mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mi>W</mi><mo stretchy=\"false\">)</mo><mo>←</mo><mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mi>W</mi><mo stretchy=\"false\">)</mo><mo>−</mo><mi>β</mi> \
             <msub><mo>∇</mo><mrow><mi>θ</mi><mo>,</mo><mi>W</mi></mrow></msub><msup><mi>L</mi><mtext>base</mtext></msup><mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mi>W</mi><mo stretchy=\"false\">)</mo></math>";

/// A head from nothing, descended to.
const NEW_HEAD: &str = "<math display=\"block\"><msub><mi>W</mi><mi>i</mi></msub><mo>=</mo><mn>0</mn><mo>−</mo><mi>α</mi> \
             <msub><mo>∇</mo><mi>W</mi></msub><msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup><mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mn>0</mn><mo stretchy=\"false\">)</mo></math>";

/// Means of directions, and how near they are.
const CENTROIDS: &str = "<math display=\"block\"><mover><mi>z</mi><mo>^</mo></mover><mo>=</mo><mfrac><mrow><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo></mrow><mrow><mo>‖</mo><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>‖</mo></mrow></mfrac><mo>,</mo><mspace width=\"0.6em\" /> \
             <msub><mi>c</mi><mi>k</mi></msub><mo>=</mo><mfrac><mn>1</mn><mrow><mo>|</mo><msub><mi>S</mi><mi>k</mi></msub><mo>|</mo></mrow></mfrac><munder><mo>∑</mo><mrow><mi>x</mi><mo>∈</mo><msub><mi>S</mi><mi>k</mi></msub></mrow></munder><mover><mi>z</mi><mo>^</mo></mover></math> \
             <math display=\"block\"><mi>p</mi><mo stretchy=\"false\">(</mo><mi>k</mi><mo>|</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>∝</mo><mi>exp</mi><mo stretchy=\"false\">(</mo><mo>−</mo><mn>10</mn> \
             <msup><mrow><mo>‖</mo><mover><mi>z</mi><mo>^</mo></mover><mo>−</mo><msub><mi>c</mi><mi>k</mi></msub><mo>‖</mo></mrow><mn>2</mn></msup><mo stretchy=\"false\">)</mo></math>";

/// Prototypes out of descriptions, and how near they are to features on a learned scale.
const DESCRIBED: &str = "<math display=\"block\"><msub><mi>c</mi><mi>k</mi></msub><mo>=</mo><mfrac><mrow><msub><mi>g</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><msub><mi>v</mi><mi>k</mi></msub><mo stretchy=\"false\">)</mo></mrow><mrow><mo>‖</mo><msub><mi>g</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><msub><mi>v</mi><mi>k</mi></msub><mo stretchy=\"false\">)</mo><mo>‖</mo></mrow></mfrac><mo>,</mo><mspace width=\"0.6em\" /> \
             <mi>p</mi><mo stretchy=\"false\">(</mo><mi>k</mi><mo>|</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>∝</mo><mi>exp</mi><mo stretchy=\"false\">(</mo><mo>−</mo> \
             <msup><mrow><mo>‖</mo><msup><mi>e</mi><mi>ℓ</mi></msup><msub><mi>f</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>−</mo><msub><mi>c</mi><mi>k</mi></msub><mo>‖</mo></mrow><mn>2</mn></msup><mo stretchy=\"false\">)</mo></math>";

/// Who published a learner, when, and where its equations stand there; none of what every paper compares with.
fn paper(kind: LearnerKind, family: Family) -> Option<&'static str> {
    Some(match kind {
        LearnerKind::Maml => "Finn, Abbeel, Levine 2017, Algorithm 1",
        LearnerKind::Fomaml => "Finn, Abbeel, Levine 2017, §5.2; Nichol, Achiam, Schulman 2018, §2",
        LearnerKind::Reptile => "Nichol, Achiam, Schulman 2018, Algorithm 2",
        LearnerKind::MetaSgd => "Li, Zhou, Chen, Li 2017, eq. 2, Algorithm 1",
        LearnerKind::Anil => "Raghu, Raghu, Bengio, Vinyals 2020, §4",
        LearnerKind::Boil => "Oh, Yoo, Kim, Yun 2021, §3",
        LearnerKind::MamlPp => "Antoniou, Edwards, Storkey 2019, §4",
        LearnerKind::Cavia => "Zintgraf, Shiarlis, Kurin, Hofmann, Whiteson 2019, eq. 4–5, §3.3",
        LearnerKind::Imaml => "Rajeswaran, Finn, Kakade, Levine 2019, eq. 3, Algorithms 1 & 2",
        LearnerKind::Prototypical => "Snell, Swersky, Zemel 2017, eq. 1–2",
        LearnerKind::ZeroShot => "Snell, Swersky, Zemel 2017, §2.7",
        LearnerKind::Matching => "Vinyals, Blundell, Lillicrap, Kavukcuoglu, Wierstra 2016, eq. 1, §2.1.1",
        LearnerKind::MatchingFce => "Vinyals, Blundell, Lillicrap, Kavukcuoglu, Wierstra 2016, §2.1.2, appendix A",
        LearnerKind::Siamese => "Koch, Zemel, Salakhutdinov 2015, §3.1–3.2",
        LearnerKind::Relation => "Sung, Yang, Zhang, Xiang, Torr, Hospedales 2018, eq. 1–2",
        LearnerKind::R2D2 | LearnerKind::Ridge => "Bertinetto, Henriques, Torr, Vedaldi 2019, eq. 5–7",
        LearnerKind::Cnp => {
            "Garnelo, Rosenbaum, Maddison, Ramalho, Saxton, Shanahan, Teh, Rezende, Eslami 2018, eq. 1–4"
        }
        LearnerKind::LinearProbe if family.classifies() => "Chen, Liu, Kira, Wang, Huang 2019",
        LearnerKind::NearestCentroid => "Wang, Chao, Weinberger, van der Maaten 2019",
        LearnerKind::LstmOptimizer => {
            "Andrychowicz, Denil, Gómez Colmenarejo, Hoffman, Pfau, Schaul, Shillingford, de Freitas 2016, eq. 1, 3"
        }
        LearnerKind::Oracle => "Finn, Abbeel, Levine 2017, §5.1",
        LearnerKind::Pretrained if !family.classifies() => "Finn, Abbeel, Levine 2017, §5.1",
        LearnerKind::LinearProbe | LearnerKind::Pretrained | LearnerKind::Scratch => return None,
    })
}

/// The learner's rule on tasks of a family, outer loop first.
fn learner_formula(kind: LearnerKind, family: Family) -> String {
    match kind {
        LearnerKind::Maml => [
            outer!("<msub><mo>∇</mo><mi>θ</mi></msub>", "<msub><mrow><mi>θ</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub>"),
            ADAPTED,
        ]
        .concat(),
        LearnerKind::Fomaml => [
            outer!("<msub><mo>∇</mo><mrow><mi>θ</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow></msub>", "<msub><mrow><mi>θ</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub>"),
            ADAPTED,
        ]
        .concat(),
        LearnerKind::Reptile => [
            "<math display=\"block\"><mi>θ</mi><mo>←</mo><mi>θ</mi><mo>+</mo><mi>β</mi><mfrac><mn>1</mn><mi>n</mi></mfrac><munder><mo>∑</mo><mi>i</mi></munder>\
             <mo stretchy=\"false\">(</mo><msub><mrow><mi>θ</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub><mo>−</mo><mi>θ</mi><mo stretchy=\"false\">)</mo></math>",
            ADAPTED,
        ]
        .concat(),
        LearnerKind::MetaSgd => [
            outer!("<msub><mo>∇</mo><mrow><mi>θ</mi><mo>,</mo><mi>α</mi></mrow></msub>", "<msub><mrow><mi>θ</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub>")
                .replacen("<mi>θ</mi><mo>←</mo><mi>θ</mi>", "<mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mi>α</mi><mo stretchy=\"false\">)</mo><mo>←</mo><mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mi>α</mi><mo stretchy=\"false\">)</mo>", 1),
            ADAPTED.replacen("<mi>α</mi>", "<mi>α</mi><mo>⊙</mo>", 1),
        ]
        .concat(),
        LearnerKind::Anil => [
            outer!("<msub><mo>∇</mo><mi>θ</mi></msub>", "<mi>body</mi><mo>,</mo><msub><mrow><mi>head</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub>"),
            HEAD_ADAPTED,
        ]
        .concat(),
        LearnerKind::Pretrained if family.classifies() => [
            BASE.to_owned(),
            NEW_HEAD
                .replacen("<msub><mi>W</mi><mi>i</mi></msub>", "<mo stretchy=\"false\">(</mo><msub><mrow><mi>θ</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub><mo>,</mo><msub><mi>W</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo>", 1)
                .replacen("<mn>0</mn><mo>−</mo>", "<mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mn>0</mn><mo stretchy=\"false\">)</mo><mo>−</mo>", 1)
                .replacen("<mi>W</mi></msub><msubsup>", "<mrow><mi>θ</mi><mo>,</mo><mi>W</mi></mrow></msub><msubsup>", 1),
        ]
        .concat(),
        LearnerKind::LinearProbe if family.classifies() => [BASE, NEW_HEAD].concat(),
        LearnerKind::LinearProbe => {
            outer!("<msub><mo>∇</mo><mi>θ</mi></msub>", "<mi>θ</mi>").replace("<mtext>query</mtext>", "") + HEAD_ADAPTED
        }
        LearnerKind::NearestCentroid => [BASE, CENTROIDS].concat(),
        LearnerKind::ZeroShot => {
            let seen = "<msub><mi>v</mi><mi>i</mi></msub>";
            [SEEN.replacen("<msub><mi>S</mi><mi>i</mi></msub>", seen, 1).as_str(), DESCRIBED].concat()
        }
        LearnerKind::Pretrained | LearnerKind::Oracle => {
            outer!("<msub><mo>∇</mo><mi>θ</mi></msub>", "<mi>θ</mi>").replace("<mtext>query</mtext>", "")
        }
        LearnerKind::Scratch => ADAPTED.to_owned(),
        LearnerKind::Prototypical => [SEEN, PROTOTYPES].concat(),
        LearnerKind::Matching => [SEEN, ATTENTION].concat(),
        LearnerKind::Siamese => [SEEN, PAIRS].concat(),
        LearnerKind::R2D2 | LearnerKind::Ridge => [SEEN, RIDGE].concat(),
        LearnerKind::Relation => [SEEN, RELATION].concat(),
        LearnerKind::MatchingFce => [SEEN, CONTEXT].concat(),
        LearnerKind::Cnp => [SURPRISE, PROCESS].concat(),
        LearnerKind::Cavia => [
            outer!("<msub><mo>∇</mo><mi>θ</mi></msub>", "<mi>θ</mi><mo>,</mo><msub><mi>φ</mi><mi>i</mi></msub>"),
            "<math display=\"block\"><msub><mi>φ</mi><mi>i</mi></msub><mo>=</mo><mn>0</mn><mo>−</mo><mi>α</mi>\
             <msub><mo>∇</mo><mi>φ</mi></msub><msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup><mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mn>0</mn><mo stretchy=\"false\">)</mo></math>",
        ]
        .concat(),
        LearnerKind::Boil => [
            outer!("<msub><mo>∇</mo><mi>θ</mi></msub>", "<msub><mrow><mi>body</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub><mo>,</mo><mi>head</mi>"),
            "<math display=\"block\"><msub><mrow><mi>body</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi></msub><mo>=</mo><mi>body</mi><mo>−</mo><mi>α</mi>\
             <msub><mo>∇</mo><mi>body</mi></msub><msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup><mo stretchy=\"false\">(</mo><mi>θ</mi><mo stretchy=\"false\">)</mo></math>",
        ]
        .concat(),
        LearnerKind::MamlPp => [
            outer!("<msub><mo>∇</mo><mrow><mi>θ</mi><mo>,</mo><mi>α</mi></mrow></msub>", "<msub><mi>θ</mi><mrow><mi>i</mi><mo>,</mo><mi>k</mi></mrow></msub>")
                .replacen("<mi>θ</mi><mo>←</mo><mi>θ</mi>", "<mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mi>α</mi><mo stretchy=\"false\">)</mo><mo>←</mo><mo stretchy=\"false\">(</mo><mi>θ</mi><mo>,</mo><mi>α</mi><mo stretchy=\"false\">)</mo>", 1)
                .replacen("<munder><mo>∑</mo><mi>i</mi></munder>", "<munder><mo>∑</mo><mrow><mi>i</mi><mo>,</mo><mi>k</mi></mrow></munder><msub><mi>w</mi><mi>k</mi></msub>", 1)
                .as_str(),
            "<math display=\"block\"><msub><mi>θ</mi><mrow><mi>i</mi><mo>,</mo><mi>k</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>=</mo>\
             <msub><mi>θ</mi><mrow><mi>i</mi><mo>,</mo><mi>k</mi></mrow></msub><mo>−</mo><msub><mi>α</mi><mi>k</mi></msub><mo>∇</mo>\
             <msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup><mo stretchy=\"false\">(</mo>\
             <msub><mi>θ</mi><mrow><mi>i</mi><mo>,</mo><mi>k</mi></mrow></msub><mo stretchy=\"false\">)</mo></math>",
        ]
        .concat(),
        LearnerKind::LstmOptimizer => [
            "<math display=\"block\"><mi>φ</mi><mo>←</mo><mi>φ</mi><mo>−</mo><mi>β</mi><msub><mo>∇</mo><mi>φ</mi></msub>\
             <mfrac><mn>1</mn><mi>n</mi></mfrac><munder><mo>∑</mo><mrow><mi>i</mi><mo>,</mo><mi>t</mi></mrow></munder><msubsup><mi>L</mi><mi>i</mi><mtext>query</mtext></msubsup>\
             <mo stretchy=\"false\">(</mo><msub><mi>θ</mi><mrow><mi>i</mi><mo>,</mo><mi>t</mi></mrow></msub><mo stretchy=\"false\">)</mo></math>",
            "<math display=\"block\"><msub><mi>θ</mi><mrow><mi>t</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>=</mo><msub><mi>θ</mi><mi>t</mi></msub>\
             <mo>+</mo><msub><mi>g</mi><mi>t</mi></msub></math>",
            "<math display=\"block\"><mo stretchy=\"false\">(</mo><msub><mi>g</mi><mi>t</mi></msub><mo>,</mo>\
             <msub><mi>h</mi><mrow><mi>t</mi><mo>+</mo><mn>1</mn></mrow></msub><mo stretchy=\"false\">)</mo><mo>=</mo><mi>LSTM</mi><mo stretchy=\"false\">(</mo>\
             <mo>∇</mo><msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup><mo stretchy=\"false\">(</mo><msub><mi>θ</mi><mi>t</mi></msub><mo stretchy=\"false\">)</mo>\
             <mo>,</mo><msub><mi>h</mi><mi>t</mi></msub><mo>,</mo><mi>φ</mi><mo stretchy=\"false\">)</mo></math>",
        ]
        .concat(),
        LearnerKind::Imaml => [
            "<math display=\"block\"><mi>θ</mi><mo>←</mo><mi>θ</mi><mo>−</mo><mi>β</mi><mfrac><mn>1</mn><mi>n</mi></mfrac><munder><mo>∑</mo><mi>i</mi></munder>\
             <msup><mrow><mo>(</mo><mi>I</mi><mo>+</mo><mfrac><mn>1</mn><mi>λ</mi></mfrac>\
             <msup><mo>∇</mo><mn>2</mn></msup><msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup>\
             <mo stretchy=\"false\">(</mo><msub><mi>φ</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo><mo>)</mo></mrow>\
             <mrow><mo>−</mo><mn>1</mn></mrow></msup><mo>∇</mo><msubsup><mi>L</mi><mi>i</mi><mtext>query</mtext></msubsup>\
             <mo stretchy=\"false\">(</mo><msub><mi>φ</mi><mi>i</mi></msub><mo stretchy=\"false\">)</mo></math>",
            "<math display=\"block\"><msub><mi>φ</mi><mi>i</mi></msub><mo>=</mo><munder><mi>argmin</mi><mi>φ</mi></munder>\
             <msubsup><mi>L</mi><mi>i</mi><mtext>support</mtext></msubsup><mo stretchy=\"false\">(</mo><mi>φ</mi><mo stretchy=\"false\">)</mo>\
             <mo>+</mo><mfrac><mi>λ</mi><mn>2</mn></mfrac><msup><mrow><mo>‖</mo><mi>φ</mi><mo>−</mo><mi>θ</mi><mo>‖</mo></mrow><mn>2</mn></msup></math>",
        ]
        .concat(),
    }
}

/// The family's function.
fn family_formula(family: Family) -> String {
    const SINE: &str = "<mi>A</mi><mi>sin</mi><mo stretchy=\"false\">(</mo><mi>ω</mi><mi>x</mi><mo>−</mo><mi>φ</mi><mo stretchy=\"false\">)</mo>";
    let line = |right: &str| format!("<math display=\"block\"><mi>y</mi><mo>=</mo>{right}</math>");
    match family {
        Family::Sinusoid => line(SINE),
        Family::Harmonic => line(
            "<msub><mi>A</mi><mn>1</mn></msub><mi>sin</mi><mo stretchy=\"false\">(</mo><mi>ω</mi><mi>x</mi><mo>−</mo><msub><mi>φ</mi><mn>1</mn></msub><mo stretchy=\"false\">)</mo>\
             <mo>+</mo><msub><mi>A</mi><mn>2</mn></msub><mi>sin</mi><mo stretchy=\"false\">(</mo><mn>2</mn><mi>ω</mi><mi>x</mi><mo>−</mo><msub><mi>φ</mi><mn>2</mn></msub><mo stretchy=\"false\">)</mo>",
        ),
        Family::SineOrLine => line(SINE) + &line("<mi>a</mi><mi>x</mi><mo>+</mo><mi>b</mi>"),
        Family::Quadratic => "<math display=\"block\"><mi>f</mi><mo stretchy=\"false\">(</mo><mi>θ</mi><mo stretchy=\"false\">)</mo><mo>=</mo>\
             <msup><mrow><mo>‖</mo><mi>W</mi><mi>θ</mi><mo>−</mo><mi>y</mi><mo>‖</mo></mrow><mn>2</mn></msup></math>"
            .to_owned(),
        Family::Characters => "<math display=\"block\"><mi>L</mi><mo>=</mo><mo>−</mo>\
             <munder><mo>∑</mo><mrow><mi>x</mi><mo>,</mo><mi>c</mi></mrow></munder><mi>log</mi><mspace width=\"0.2em\" />\
             <msub><mi>p</mi><mi>θ</mi></msub><mo stretchy=\"false\">(</mo><mi>c</mi><mo>|</mo><mi>x</mi>\
             <mo stretchy=\"false\">)</mo></math>"
            .to_owned(),
        Family::Step => line(
            "<mo>{</mo><mtable><mtr><mtd><mi>b</mi></mtd><mtd><mi>x</mi><mo>&lt;</mo><mi>t</mi></mtd></mtr>\
             <mtr><mtd><mi>b</mi><mo>+</mo><mi>A</mi></mtd><mtd><mi>x</mi><mo>≥</mo><mi>t</mi></mtd></mtr></mtable>",
        ),
    }
}
