/**
 * The person's notes on a study and its runs, and which runs are pinned. Results do not depend on them.
 */

/** Note and pin of one run. */
export interface RunNote {
  readonly pinned: boolean;
  readonly note: string;
}

/** All notes of a study. */
export interface StudyNotes {
  /** On the study as a whole; empty when there is none. */
  readonly study: string;
  /** By the run's id; a run without note and pin is left out. */
  readonly runs: Readonly<Record<string, RunNote>>;
}

/** Nothing written, nothing pinned. */
export const noNotes: StudyNotes = { study: '', runs: {} };

/** Longest note in characters. */
export const longestNote = 4000;

const noNote: RunNote = { pinned: false, note: '' };

/** Note and pin of a run; of one that has neither, an empty note. */
export function runNote(notes: StudyNotes, id: string): RunNote {
  return Object.hasOwn(notes.runs, id) ? notes.runs[id]! : noNote;
}

/** The notes with the study's changed. */
export function withStudyNote(notes: StudyNotes, study: string): StudyNotes {
  return { ...notes, study: cut(study) };
}

/** The notes with a run's changed in part. */
export function withRunNote(notes: StudyNotes, id: string, change: Partial<RunNote>): StudyNotes {
  const next = { ...runNote(notes, id), ...change };
  const { [id]: _, ...others } = notes.runs;
  const kept = next.pinned || next.note !== '';
  return { ...notes, runs: kept ? { ...others, [id]: { ...next, note: cut(next.note) } } : others };
}

function cut(note: string): string {
  return note.slice(0, longestNote);
}
