//! The route by which a point was found: which branches of the search it owes to.

use std::fmt;

/// A branch of the search. Their order here is that in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Branch {
    /// Newton's method on all unknowns, from the data or from the solution given.
    Newton,
    /// Wages brought near by secants, and Newton's method from there.
    WageSecants,
    /// Newton's method with damped steps and a factorised derivative, from the data.
    DampedNewton,
    /// The shock in parts, each solved from the last.
    Homotopy,
    /// Economies of scale turned up from nothing.
    ScaleContinuation,
    /// The market structure turned up from perfect competition, without scale.
    StructureContinuation,
    /// Firms on the move from where an equilibrium ceased to exist, or from empty sectors that would pay.
    EntryDynamics,
    /// Firms let back into sectors that stood empty and would pay.
    Reentry,
    /// Limited flows brought to their limits.
    LimitFlows,
    /// Wedges of limits raised until flows came to their limits.
    LimitWedges,
    /// Steps below the tolerance, so that the certificate holds too.
    Refinement,
}

impl Branch {
    /// All, in the order in which they are tried.
    pub const ALL: [Branch; 11] = [
        Branch::Newton,
        Branch::WageSecants,
        Branch::DampedNewton,
        Branch::Homotopy,
        Branch::ScaleContinuation,
        Branch::StructureContinuation,
        Branch::EntryDynamics,
        Branch::Reentry,
        Branch::LimitFlows,
        Branch::LimitWedges,
        Branch::Refinement,
    ];

    /// The name in reports.
    pub fn code(self) -> &'static str {
        match self {
            Branch::Newton => "newton",
            Branch::WageSecants => "wage-secants",
            Branch::DampedNewton => "damped-newton",
            Branch::Homotopy => "homotopy",
            Branch::ScaleContinuation => "scale-continuation",
            Branch::StructureContinuation => "structure-continuation",
            Branch::EntryDynamics => "entry-dynamics",
            Branch::Reentry => "reentry",
            Branch::LimitFlows => "limit-flows",
            Branch::LimitWedges => "limit-wedges",
            Branch::Refinement => "refinement",
        }
    }
}

/// The branches that a point was found by, in the order in which each did its part; what was tried in vain is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Route(Vec<Branch>);

impl Route {
    /// The branches, the first first.
    pub fn branches(&self) -> &[Branch] {
        &self.0
    }

    /// Adds a branch that has done its part.
    pub(crate) fn push(&mut self, branch: Branch) {
        if self.0.last() != Some(&branch) {
            self.0.push(branch);
        }
    }

    /// Forgets what was added after so many branches: it led nowhere.
    pub(crate) fn truncate(&mut self, branches: usize) {
        self.0.truncate(branches);
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|branch| branch.code()).collect();
        f.write_str(&names.join(", "))
    }
}
