//! The kinds of long work that the engine does in slices of its own.

use web_time::Duration;

use super::{
    comparing::{Comparison, read},
    searching::Search,
    sliced::{Slice, Sliced},
};
use crate::{
    engine::{Contest, Diagnosing, Dissecting, EngineError, Evaluating, Mapping, Session, Tracing},
    experiment::{Activations, ShownTask},
    protocol::{Answer, Work},
    task::Purpose,
};

/// Begins work around a session.
///
/// # Errors
/// When it cannot be done for this session, or the device fails.
pub(super) async fn begin(work: Work, session: &Session) -> Result<Box<dyn Sliced>, EngineError> {
    Ok(match work {
        Work::Evaluate { tasks, steps, seed, task } => {
            let evaluating = Evaluating::new(session, (tasks, &steps), (seed, Purpose::Test), Some(task))?;
            Box::new(Evaluation { evaluating, tasks })
        }
        Work::Search { seconds } => Box::new(Search::begin(session, seconds).await?),
        Work::Compare { contestants, checkpoints, meta_steps, tasks, shown } => {
            let checkpoints = read(&contestants, &checkpoints)?;
            let contest = Contest { contestants, checkpoints, meta_steps, tasks, shown };
            Box::new(Comparison::begin(session, contest).await?)
        }
        Work::Diagnose(diagnosis) => Box::new(Diagnosing::new(session, diagnosis).await?),
        Work::Landscape { task, tasks, plane, side } => {
            let mapping = Mapping::new(session, &task, tasks, (plane, side))?;
            Box::new(Drawing { mapping, nowhere: false })
        }
        Work::Layers { task, tasks } => Box::new(Dissecting::new(session, &task, tasks)?),
        Work::Activations { task, drawing } => Box::new(Maps { task, drawing, found: None }),
        Work::Anatomy { task } => match Tracing::new(session, &task).await {
            Ok(tracing) => Box::new(Traced(Some(tracing))),
            // That is an answer.
            Err(EngineError::Anatomy(_)) => Box::new(Traced(None)),
            Err(error) => return Err(error),
        },
    })
}

/// An evaluation.
struct Evaluation {
    evaluating: Evaluating,
    tasks: u32,
}

impl Sliced for Evaluation {
    fn advance<'a>(&'a mut self, session: Option<&'a Session>, _time: Duration) -> Slice<'a> {
        Box::pin(async move {
            match session {
                Some(session) => self.evaluating.advance(session).await,
                None => Ok(()),
            }
        })
    }

    fn finished(&self) -> bool {
        self.evaluating.finished()
    }

    fn progress(&self) -> (u32, u32) {
        (self.evaluating.done(), self.tasks)
    }

    fn answer(&self) -> Answer {
        let (meta_step, evaluation) = (self.evaluating.meta_step(), self.evaluating.evaluation());
        Answer::Evaluated { meta_step, evaluation }
    }
}

/// Work that asks nothing of the session that stands, and what is made of what it found.
macro_rules! alone {
    ($kind:ty, $work:ident => $answer:expr) => {
        impl Sliced for $kind {
            fn advance<'a>(&'a mut self, _session: Option<&'a Session>, _time: Duration) -> Slice<'a> {
                Box::pin(self.advance())
            }

            fn finished(&self) -> bool {
                self.finished()
            }

            fn progress(&self) -> (u32, u32) {
                self.progress()
            }

            fn answer(&self) -> Answer {
                let $work = self;
                $answer
            }
        }
    };
}

alone!(Diagnosing, work => Answer::Diagnosed(work.found()));
alone!(Dissecting, work => Answer::Layers(Box::new(work.layers().clone())));

/// A landscape.
struct Drawing {
    mapping: Mapping,
    /// Whether it turned out to have no plane.
    nowhere: bool,
}

impl Sliced for Drawing {
    fn advance<'a>(&'a mut self, _session: Option<&'a Session>, _time: Duration) -> Slice<'a> {
        Box::pin(async move {
            match self.mapping.advance().await {
                // That is an answer.
                Err(EngineError::Landscape(_)) => {
                    self.nowhere = true;
                    Ok(())
                }
                advanced => advanced,
            }
        })
    }

    fn finished(&self) -> bool {
        self.nowhere || self.mapping.finished()
    }

    fn progress(&self) -> (u32, u32) {
        self.mapping.progress()
    }

    fn answer(&self) -> Answer {
        Answer::Landscape(self.mapping.landscape().cloned().map(Box::new))
    }
}

/// The feature maps of a drawing, in one slice.
struct Maps {
    task: ShownTask,
    drawing: u32,
    found: Option<Activations>,
}

impl Sliced for Maps {
    fn advance<'a>(&'a mut self, session: Option<&'a Session>, _time: Duration) -> Slice<'a> {
        Box::pin(async move {
            if let Some(session) = session {
                self.found = Some(session.activations(&self.task, self.drawing).await?);
            }
            Ok(())
        })
    }

    fn finished(&self) -> bool {
        self.found.is_some()
    }

    fn progress(&self) -> (u32, u32) {
        (u32::from(self.finished()), 1)
    }

    fn answer(&self) -> Answer {
        Answer::Activations(self.found.clone().map(Box::new))
    }
}

/// An anatomy; none where there is nothing to take apart.
struct Traced(Option<Tracing>);

impl Sliced for Traced {
    fn advance<'a>(&'a mut self, _session: Option<&'a Session>, _time: Duration) -> Slice<'a> {
        Box::pin(async move {
            match &mut self.0 {
                Some(tracing) => tracing.advance().await,
                None => Ok(()),
            }
        })
    }

    fn finished(&self) -> bool {
        self.0.as_ref().is_none_or(Tracing::finished)
    }

    fn progress(&self) -> (u32, u32) {
        self.0.as_ref().map_or((0, 0), Tracing::progress)
    }

    fn answer(&self) -> Answer {
        Answer::Anatomy(self.0.as_ref().and_then(Tracing::anatomy).cloned().map(Box::new))
    }
}
