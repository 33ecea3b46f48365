//! The candidates of a request without their numbers. Most requests of a batch consider the same ones under the same
//! policy: what hangs on ids alone is then worked out once, and their linear models are solved side by side.

use crate::arm::{ArmState, PolicyState};
use crate::contract::{Ids, Request};

pub struct Roster<'a> {
    pub of: &'a Request<'a>,
    /// Where the candidates stand in the request, by their ids.
    pub order: Vec<usize>,
    /// In that order.
    pub states: Vec<&'a ArmState>,
}

/// Rosters that a request is compared with: the newest.
const COMPARED: usize = 4;

#[derive(Default)]
pub struct Rosters<'a>(Vec<Roster<'a>>);

impl<'a> Rosters<'a> {
    pub fn find(&self, request: &Request<'_>) -> Option<usize> {
        let all = self.0.iter().enumerate().rev().take(COMPARED);
        let mut fitting = all.filter(|(_, roster)| roster.fits(request));
        fitting.next().map(|(index, _)| index)
    }

    /// `order` is the request's, which is checked.
    pub fn add(
        &mut self,
        request: &'a Request<'a>,
        order: Vec<usize>,
        state: &'a PolicyState,
        unknown: &'a ArmState,
    ) -> usize {
        let state = |at: &usize| state.arms.get(&*request.candidates[*at].id).unwrap_or(unknown);
        let states = order.iter().map(state).collect();
        self.0.push(Roster {
            of: request,
            order,
            states,
        });
        self.0.len() - 1
    }

    pub fn at(&self, index: usize) -> &Roster<'a> {
        &self.0[index]
    }
}

impl Roster<'_> {
    fn fits(&self, request: &Request<'_>) -> bool {
        let of = self.of;
        of.policy == request.policy
            && of.candidates.len() == request.candidates.len()
            && (of.candidates.iter().zip(&request.candidates)).all(|(one, other)| one.id == other.id)
    }
}

/// Where the candidates stand by their ids, and whether those differ.
pub fn sort(request: &Request<'_>) -> (Vec<usize>, Ids) {
    let id = |at: &usize| &*request.candidates[*at].id;
    let mut order: Vec<usize> = (0..request.candidates.len()).collect();
    order.sort_unstable_by(|one, other| id(one).cmp(id(other)));
    let repeats = order.windows(2).any(|pair| id(&pair[0]) == id(&pair[1]));
    (order, if repeats { Ids::Repeated } else { Ids::Distinct })
}
