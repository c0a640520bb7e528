/**
 * All pages: a new one is a file here and a line below.
 */
import type { Component } from 'svelte';
import type { PageName } from './route.ts';
import CohortPage from './cohort/CohortPage.svelte';
import DialPage from './dial/DialPage.svelte';
import FindingsPage from './findings/FindingsPage.svelte';
import PrivacyPage from './privacy/PrivacyPage.svelte';
import RunsPage from './runs/RunsPage.svelte';
import StudyPage from './study/StudyPage.svelte';

/** A page with its place in the stepper; pages without a step stand below it. */
export interface PageEntry {
  readonly title: string;
  readonly step: number | null;
  readonly component: Component;
}

/** Pages by the name in their address. */
export const pages: Readonly<Record<PageName, PageEntry>> = {
  cohort: { title: 'Cohort', step: 1, component: CohortPage },
  study: { title: 'Study', step: 2, component: StudyPage },
  runs: { title: 'Runs', step: 3, component: RunsPage },
  findings: { title: 'Findings', step: 4, component: FindingsPage },
  dial: { title: 'The dial', step: null, component: DialPage },
  privacy: { title: 'Privacy', step: null, component: PrivacyPage },
};
