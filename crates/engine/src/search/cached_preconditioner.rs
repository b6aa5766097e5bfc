//! What a calibration keeps for all of its solves: the preconditioner made at the data.

use super::buffers::Buffers;
use super::residual::evaluate;
use crate::derivatives::preconditioner::Preconditioner;
use crate::model::calibration::Calibration;

impl Preconditioner {
    /// The one that the calibration keeps, made at the data by whichever solve first needs it, so that no solve's
    /// result depends on the solves before it.
    pub fn of_calibration(calibration: &Calibration) -> Option<&Self> {
        let kept = calibration.kept.once.get_or_init(|| {
            let mut buffers = Buffers::take(calibration);
            let folded = buffers.costs.fold_data(calibration);
            let made = folded.is_ok().then(|| {
                buffers.start_from_data(calibration);
                evaluate(calibration, &mut buffers, false);
                Self::new(&buffers.linearisation(calibration))
            });
            buffers.give(calibration);
            Box::new(made)
        });
        kept.downcast_ref::<Option<Self>>().and_then(Option::as_ref)
    }
}
