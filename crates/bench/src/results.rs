//! Measured figures, and their summary over several rounds.

use serde::Serialize;

/// All that was measured in a run.
#[derive(Debug, Default, Serialize)]
pub struct Results {
    pub scenarios: Vec<Sheet>,
}

/// The figures of one scenario: a row per case, a column per metric.
#[derive(Debug, Serialize)]
pub struct Sheet {
    pub name: &'static str,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    /// What the curves are drawn over.
    pub x_axis: &'static str,
    pub curves: Vec<Curve>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub figures: Vec<Figure>,
}

/// One measure of one row, of each round.
#[derive(Debug, Serialize)]
pub struct Figure {
    pub column: String,
    pub rounds: Vec<f64>,
}

/// A curve over time or over an amount.
#[derive(Debug, Serialize)]
pub struct Curve {
    pub name: String,
    /// Place on the x axis, and the value.
    pub points: Vec<(f64, f64)>,
}

impl Sheet {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            columns: Vec::new(),
            rows: Vec::new(),
            x_axis: "seconds",
            curves: Vec::new(),
        }
    }

    /// Notes one more round of a figure.
    pub fn add(&mut self, row: &str, column: &str, value: f64) {
        if !self.columns.iter().any(|known| known == column) {
            self.columns.push(column.to_owned());
        }
        let figures = &mut self.row(row).figures;
        match figures.iter_mut().find(|figure| figure.column == column) {
            Some(figure) => figure.rounds.push(value),
            None => figures.push(Figure {
                column: column.to_owned(),
                rounds: vec![value],
            }),
        }
    }

    pub fn curve(&mut self, name: String, points: Vec<(f64, f64)>) {
        self.curves.push(Curve { name, points });
    }

    /// The median of a figure over its rounds.
    pub fn median(&self, row: &str, column: &str) -> Option<f64> {
        let row = self.rows.iter().find(|known| known.name == row)?;
        Some(row.figure(column)?.median())
    }

    fn row(&mut self, name: &str) -> &mut Row {
        let index = self.rows.iter().position(|row| row.name == name);
        let index = index.unwrap_or_else(|| {
            self.rows.push(Row {
                name: name.to_owned(),
                figures: Vec::new(),
            });
            self.rows.len() - 1
        });
        &mut self.rows[index]
    }
}

impl Row {
    pub fn figure(&self, column: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.column == column)
    }
}

impl Figure {
    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        let middle = sorted.len() / 2;
        if sorted.len().is_multiple_of(2) {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        } else {
            sorted[middle]
        }
    }

    /// The smallest and the largest of the rounds.
    pub fn range(&self) -> (f64, f64) {
        let sorted = self.sorted();
        (sorted[0], sorted[sorted.len() - 1])
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_of_a_figure_have_a_median_and_a_range() {
        let mut sheet = Sheet::new("gateway");
        for value in [3.0, 1.0, 10.0, 2.0] {
            sheet.add("row", "ms", value);
        }
        assert_eq!(sheet.median("row", "ms"), Some(2.5));
        let figure = sheet.rows[0].figure("ms").unwrap();
        assert_eq!(figure.range(), (1.0, 10.0));
        assert_eq!(sheet.median("row", "other"), None);
        assert_eq!(sheet.columns, ["ms"]);
    }
}
