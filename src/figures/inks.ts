/**
 * The inks of all figures: Okabe and Ito's colours (2008, "Color Universal Design") and black. On paper-white three of the hues are darkened
 * until lines reach 3:1 on the ground.
 */
import type { InkName } from '../study/arms/arm.ts';

/** The two grounds that figures are drawn on. */
export type Ground = 'light' | 'dark';

/** The colour of each ground: --surface of the page, --ground of the report. */
export const groundColours: Readonly<Record<Ground, string>> = { light: '#ffffff', dark: '#171c21' };

/** Each ink on either ground, "#rrggbb". */
export const inks: Readonly<Record<InkName, Readonly<Record<Ground, string>>>> = {
  black: { light: '#1b232b', dark: '#e6eaed' },
  orange: { light: '#a86f00', dark: '#e69f00' },
  skyBlue: { light: '#2b83b5', dark: '#56b4e9' },
  vermilion: { light: '#d55e00', dark: '#e8731a' },
  purple: { light: '#b25c8d', dark: '#cc79a7' },
  green: { light: '#00805e', dark: '#1db88d' },
  blue: { light: '#0072b2', dark: '#4a9fd8' },
};

/** Dashes of lines that stand for no classifier. */
export const ruleDashes = {
  /** Chance, prevalence, the diagonal on which probabilities come true. */
  guessing: '3 4',
  treatAll: '8 3',
  treatNone: '2 3',
  /** The AUROC of all test films beside that of groups. */
  allFilms: '4 3',
} as const;
