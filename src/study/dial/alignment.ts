/**
 * Linear alignment of films with reports: films are projected onto what predicts their reports.
 *
 * A ridge regression from film to report on pairs without labels, after which a film is represented by the report that it predicts. This is
 * the classical linear counterpart of contrastive image-text alignment (CLIP, ConVIRT), and not the method itself. Both keep what film and
 * report share and lose what the report does not mention. See Izenman, "Reduced-rank regression for the multivariate linear model", Journal
 * of Multivariate Analysis 5, 1975.
 */
import { ridgeRegression } from '../../evaluation/ridge-regression.ts';

/** Penalties that are tried, per pair. */
const penalties = [0.01, 0.03, 0.1, 0.3, 1, 3];

/**
 * Films as the reports that they predict. The penalty is the one with the least squared error on the last fifth of the pairs.
 * @param films [pairs, features] and @param reports [pairs, report features], both of mean 0; row i of one belongs to row i of the other.
 * @param all [films, features] to be projected.
 * @returns [films, report features], scaled as a whole to a mean square of 1, so that what a film predicts well keeps its greater weight.
 */
export function projectOnReports(
  films: readonly Float64Array[],
  reports: readonly Float64Array[],
  all: readonly Float64Array[],
): Float64Array[] {
  const kept = Math.floor(0.8 * films.length);
  const errors = penalties.map((penalty) => {
    const weights = ridgeRegression(films.slice(0, kept), reports.slice(0, kept), penalty * kept);
    return squaredError(project(weights, films.slice(kept)), reports.slice(kept));
  });
  const penalty = penalties[errors.indexOf(Math.min(...errors))]!;
  const projected = project(ridgeRegression(films, reports, penalty * films.length), all);
  const size = projected.length * projected[0]!.length;
  const scale = Math.sqrt(size / projected.reduce((sum, row) => sum + squareOf(row), 0));
  return projected.map((row) => row.map((value) => value * scale));
}

function project(weights: readonly Float64Array[], rows: readonly Float64Array[]): Float64Array[] {
  return rows.map((row) =>
    Float64Array.from(weights, (weight) => weight.reduce((sum, value, j) => sum + value * row[j]!, 0)),
  );
}

function squaredError(predicted: readonly Float64Array[], reports: readonly Float64Array[]): number {
  return predicted.reduce((sum, row, i) => sum + squareOf(row.map((value, j) => value - reports[i]![j]!)), 0);
}

function squareOf(row: Float64Array): number {
  return row.reduce((sum, value) => sum + value * value, 0);
}
