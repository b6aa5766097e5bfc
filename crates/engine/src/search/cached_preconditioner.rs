//! What a calibration keeps for all of its solves: the preconditioner made at the data.

use super::buffers::Workspace;
use super::residual::evaluate;
use crate::derivatives::preconditioner::Preconditioner;
use crate::model::calibration::Calibration;

impl Preconditioner {
    /// The one that the calibration keeps, made at the data by whichever solve first needs it, so that no solve's
    /// result depends on the solves before it.
    pub fn of_calibration(calibration: &Calibration) -> Option<&Self> {
        let kept = calibration.kept.once.get_or_init(|| {
            let mut space = Workspace::take(calibration);
            let folded = space.costs.fold_data(calibration);
            let made = folded.is_ok().then(|| {
                space.start_from_data(calibration);
                evaluate(calibration, &mut space, false);
                Self::new(&space.linearisation(calibration))
            });
            space.give(calibration);
            Box::new(made)
        });
        kept.downcast_ref::<Option<Self>>().and_then(Option::as_ref)
    }
}
