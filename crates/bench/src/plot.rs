//! Curves as SVG.

use std::path::Path;

use anyhow::anyhow;
use plotters::prelude::*;

use crate::results::Sheet;

const SIZE: (u32, u32) = (860, 320);
const COLOURS: [RGBColor; 5] = [
    RGBColor(59, 110, 245),
    RGBColor(217, 95, 2),
    RGBColor(27, 158, 119),
    RGBColor(152, 78, 163),
    RGBColor(102, 102, 102),
];

/// Draws the curves of a sheet, from zero on both axes.
pub fn draw(file: &Path, sheet: &Sheet) -> anyhow::Result<()> {
    draw_unchecked(file, sheet).map_err(|error| anyhow!("{}: {error}", file.display()))
}

fn draw_unchecked(file: &Path, sheet: &Sheet) -> Result<(), Box<dyn std::error::Error>> {
    let curves = &sheet.curves;
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let right = points().map(|point| point.0).fold(1.0, f64::max);
    let top = points().map(|point| point.1).fold(1.0, f64::max) * 1.1;
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(32)
        .y_label_area_size(84)
        .build_cartesian_2d(0.0..right, 0.0..top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_desc(sheet.x_axis)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .draw()?;
    for (index, curve) in curves.iter().enumerate() {
        let colour = COLOURS[index % COLOURS.len()];
        chart
            .draw_series(LineSeries::new(curve.points.iter().copied(), &colour))?
            .label(&curve.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .draw()?;
    area.present()?;
    Ok(())
}
