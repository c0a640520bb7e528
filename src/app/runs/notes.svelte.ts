/**
 * A person's notes and pins on one study at a time, kept in the database.
 */
import { TypedStore } from '../../storage/typed-store.ts';
import {
  noNotes,
  runNote,
  withRunNote,
  withStudyNote,
  type RunNote,
  type StudyNotes,
} from '../../study/notes.ts';

/** Reads and writes the notes of the study on the screen. */
export class Notes {
  readonly #store = new TypedStore<StudyNotes>('notes', 'strict');
  #studyId: string | null = null;
  #notes = $state.raw<StudyNotes>(noNotes);
  /** Writes go one after the other: each reads what is kept, so that none undoes another. */
  #writing: Promise<void> = Promise.resolve();

  /** The note on the study; empty when there is none. */
  get ofStudy(): string {
    return this.#notes.study;
  }

  /** Note and pin of a run. */
  ofRun(id: string): RunNote {
    return runNote(this.#notes, id);
  }

  /** Takes up a study's notes; null when no study is shown. */
  async open(studyId: string | null): Promise<void> {
    if (studyId !== this.#studyId) this.#notes = noNotes;
    this.#studyId = studyId;
    const kept = studyId === null ? undefined : await this.#store.get(studyId);
    if (studyId === this.#studyId) this.#notes = kept ?? noNotes;
  }

  writeStudy(note: string): Promise<void> {
    return this.#change((notes) => withStudyNote(notes, note));
  }

  writeRun(id: string, change: Partial<RunNote>): Promise<void> {
    return this.#change((notes) => withRunNote(notes, id, change));
  }

  #change(change: (notes: StudyNotes) => StudyNotes): Promise<void> {
    const studyId = this.#studyId;
    if (studyId === null) return Promise.resolve();
    const write = async (): Promise<void> => {
      const next = change((await this.#store.get(studyId)) ?? noNotes);
      const empty = next.study === '' && Object.keys(next.runs).length === 0;
      await (empty ? this.#store.delete(studyId) : this.#store.set(studyId, next));
      if (studyId === this.#studyId) this.#notes = next;
    };
    // Each caller reports the error of its own write; the next write is tried regardless.
    const written = this.#writing.then(write);
    this.#writing = written.catch(() => undefined);
    return written;
  }
}
