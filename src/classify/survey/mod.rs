//! A look over all tables of a listing before a row of any is read: what kind of system they make up together, and what
//! that means for each. Pure.
//!
//! Three rounds, each on top of the one before: what a table's own names say; what the kind of system and the module
//! make of them; what the tables that it belongs to say.

mod described;
mod grouping;
mod kinds;
mod reading;
mod relations;
mod said;

use std::collections::BTreeMap;

pub use described::Described;

use super::weigh::Weights;
use super::{classify, weigh_up};
use crate::model::{CategoryId, Classification, Evidence, Place};
use crate::regime::{Signals, SurveyWeights, Taxonomy};
use crate::rules::RulePack;
use grouping::Grouping;
use kinds::Kinds;
use reading::{Reader, Reading};
use relations::Tie;
use said::Said;

/// Kinds less likely than this say nothing.
const LEAST_LIKELY: f64 = 0.08;

/// All tables of a listing, read together.
pub struct Survey<'a> {
    pack: &'a RulePack,
    taxonomy: &'a Taxonomy,
    readings: Vec<Reading>,
    grouping: Grouping,
    /// By module.
    kinds: Vec<Kinds>,
    /// By schema.
    kinds_of_schemas: Vec<Kinds>,
    roles: Vec<Option<usize>>,
    ties: Vec<Vec<(usize, Tie)>>,
    shown: Vec<String>,
    /// By table: what it is by its own names in the light of its system; the weights of its leaves.
    first: Vec<First>,
    /// By module: how much its tables are of each category.
    mixes: Vec<BTreeMap<CategoryId, f64>>,
}

/// What a table is by its own names.
#[derive(Clone, Debug, Default)]
struct First {
    leaves: Vec<(CategoryId, f64)>,
    plumbing: bool,
}

impl<'a> Survey<'a> {
    /// Reads the names of all tables.
    #[must_use]
    pub fn of(pack: &'a RulePack, taxonomy: &'a Taxonomy, tables: &[Described<'_>]) -> Self {
        let grouping = Grouping::of(pack, tables);
        let weighing = taxonomy.weighing();
        let readings = read(pack, weighing.survey, tables, &grouping);
        let terms = kinds::kinds_of_terms(pack);
        let told = |numbers: &Vec<usize>| {
            Kinds::told(pack, &terms, numbers.iter().filter_map(|number| readings.get(*number)), weighing)
        };
        let kinds_of_schemas: Vec<Kinds> = grouping.schemas.iter().map(told).collect();
        let kinds = grouping.modules.iter().map(|numbers| {
            let schema = numbers.first().and_then(|number| grouping.tables.get(*number)).map(|table| table.schema);
            let whole = schema.and_then(|schema| kinds_of_schemas.get(schema)).cloned().unwrap_or_default();
            told(numbers).within(&whole, weighing.survey.whole)
        });
        let kinds = kinds.collect();
        let ties = relations::ties(tables, &grouping);
        let mut survey = Self {
            pack,
            taxonomy,
            readings,
            kinds,
            kinds_of_schemas,
            roles: kinds::kinds_of_roles(pack),
            ties,
            shown: tables.iter().map(|table| table.shown.clone()).collect(),
            first: Vec::new(),
            mixes: Vec::new(),
            grouping,
        };
        survey.first = (0..tables.len()).map(|number| survey.first_look(number)).collect();
        survey.mixes = survey.grouping.modules.iter().map(|numbers| survey.mix(numbers)).collect();
        survey
    }

    /// Everything that is known of a table before its rows are read.
    #[must_use]
    pub fn evidence(&self, number: usize) -> Vec<Evidence> {
        let mut evidence = self.own(number);
        evidence.extend(self.of_system(number));
        evidence.extend(self.of_module(number));
        evidence.extend(self.of_relations(number));
        evidence
    }

    /// The category of a table by what is known before its rows are read, and what its score was made of.
    #[must_use]
    pub fn classify(&self, number: usize) -> (Classification, Signals) {
        weigh_up(&self.evidence(number), self.taxonomy)
    }

    /// The kinds of system that the schema of a table may be, by the pack's ids, likeliest first.
    #[must_use]
    pub fn kinds_of(&self, number: usize) -> Vec<(&str, f64)> {
        let schema = self.grouping.tables.get(number).and_then(|table| self.kinds_of_schemas.get(table.schema));
        let likely = schema.into_iter().flat_map(|kinds| kinds.0.iter().copied().enumerate());
        let mut named: Vec<(&str, f64)> = likely
            .filter(|(_, likely)| *likely >= LEAST_LIKELY)
            .filter_map(|(kind, likely)| Some((self.pack.systems().get(kind)?.id.as_str(), likely)))
            .collect();
        named.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        named
    }

    fn kinds(&self, number: usize) -> Option<&Kinds> {
        self.grouping.tables.get(number).and_then(|table| self.kinds.get(table.module))
    }

    /// What its own names say, in the light of the kind of system.
    fn own(&self, number: usize) -> Vec<Evidence> {
        let (Some(reading), Some(kinds)) = (self.readings.get(number), self.kinds(number)) else { return Vec::new() };
        let mut said = Said { pack: self.pack, roles: &self.roles, kinds, found: BTreeMap::new() };
        let weights = self.taxonomy.weighing().survey;
        for text in &reading.texts {
            said.text(text, weights);
        }
        for word in &reading.columns {
            said.term(Place::Column, word.term, word.count, word.share);
        }
        let structures = reading.structures.iter().filter_map(|number| self.pack.structures().get(*number));
        let of_structures = structures.map(|rule| Evidence {
            term: rule.id.clone(),
            rule: rule.pack.clone(),
            place: Place::Structure,
            count: 1,
            weights: rule.category.iter().cloned().collect(),
            field: None,
            plumbing: if rule.plumbing { rule.weight } else { 0.0 },
        });
        said.found.into_values().chain(of_structures).collect()
    }

    /// What tables of its kind of system mostly are.
    fn of_system(&self, number: usize) -> Vec<Evidence> {
        let Some(kinds) = self.kinds(number) else { return Vec::new() };
        let likely = kinds.0.iter().copied().zip(self.pack.systems()).filter(|(likely, _)| *likely >= LEAST_LIKELY);
        likely
            .map(|(likely, kind)| Evidence {
                term: kind.id.clone(),
                rule: kind.pack.clone(),
                place: Place::System,
                count: 1,
                weights: kind.prior.iter().map(|(id, share)| (id.clone(), share * likely)).collect(),
                field: None,
                plumbing: 0.0,
            })
            .collect()
    }

    /// What the other tables of its module are.
    fn of_module(&self, number: usize) -> Vec<Evidence> {
        let module = self.grouping.tables.get(number).map(|table| table.module);
        let Some(mix) = module.and_then(|module| self.mixes.get(module)) else { return Vec::new() };
        let own = self.first.get(number).map(First::shares).unwrap_or_default();
        let others: Vec<(CategoryId, f64)> = mix
            .iter()
            .map(|(id, sum)| (id.clone(), sum - own.get(id).copied().unwrap_or_default()))
            .filter(|(_, sum)| *sum > 0.01)
            .collect();
        let all = others.iter().map(|(_, sum)| sum).sum::<f64>() + self.taxonomy.weighing().survey.module_doubt;
        others
            .into_iter()
            .map(|(id, sum)| Evidence {
                term: id.as_str().to_owned(),
                rule: "survey.module".to_owned(),
                place: Place::Neighbours,
                count: 1,
                weights: vec![(id, sum / all)],
                field: None,
                plumbing: 0.0,
            })
            .collect()
    }

    /// What the tables are that it belongs to.
    fn of_relations(&self, number: usize) -> Vec<Evidence> {
        let ties = self.ties.get(number).map(Vec::as_slice).unwrap_or_default();
        let share = 1.0 / ties.len().max(1) as f64;
        let related = ties.iter().filter_map(|(other, tie)| Some((self.first.get(*other)?, *other, *tie)));
        related
            .map(|(first, other, tie)| Evidence {
                term: self.shown.get(other).cloned().unwrap_or_default(),
                rule: format!("survey.{}", tie.word()),
                place: Place::Relation,
                count: 1,
                weights: first.shares().into_iter().map(|(id, weight)| (id, weight * share)).collect(),
                field: None,
                plumbing: if first.plumbing { tie.plumbing() } else { 0.0 },
            })
            .collect()
    }

    fn first_look(&self, number: usize) -> First {
        let mut evidence = self.own(number);
        let plumbing = {
            let found = classify(&evidence, self.taxonomy);
            found.best.is_none() && evidence.iter().any(|piece| piece.plumbing > 0.0)
        };
        if plumbing {
            return First { leaves: Vec::new(), plumbing };
        }
        evidence.extend(self.of_system(number));
        let leaves = Weights::of(&evidence, self.taxonomy).leaves().collect();
        First { leaves, plumbing }
    }

    fn mix(&self, numbers: &[usize]) -> BTreeMap<CategoryId, f64> {
        let mut mix: BTreeMap<CategoryId, f64> = BTreeMap::new();
        for first in numbers.iter().filter_map(|number| self.first.get(*number)) {
            for (id, share) in first.shares() {
                *mix.entry(id).or_default() += share;
            }
        }
        mix
    }
}

impl First {
    /// How much it is of each category: squares, so that the heaviest stands out; less where all is light.
    fn shares(&self) -> BTreeMap<CategoryId, f64> {
        let all = self.leaves.iter().map(|(_, weight)| weight * weight).sum::<f64>() + 0.04;
        self.leaves.iter().map(|(id, weight)| (id.clone(), weight * weight / all)).collect()
    }
}

fn read(pack: &RulePack, weights: SurveyWeights, tables: &[Described<'_>], grouping: &Grouping) -> Vec<Reading> {
    let mut readings: Vec<Reading> = vec![Reading::default(); tables.len()];
    for numbers in &grouping.schemas {
        let of_schema = numbers.iter().filter_map(|number| tables.get(*number));
        let mut reader = Reader::new(pack, weights, of_schema);
        for number in numbers {
            if let (Some(table), Some(membership), Some(reading)) =
                (tables.get(*number), grouping.tables.get(*number), readings.get_mut(*number))
            {
                *reading = reader.read(table, membership);
            }
        }
    }
    readings
}
