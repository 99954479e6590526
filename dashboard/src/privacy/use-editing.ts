import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call, get } from '../api/client';
import type { StoredSettings } from '../api/types';
import { useSigned } from '../signin/session';
import { changedFields, draftOf, merged, problemBefore, problemOf, settingsOf } from './draft';
import { LABELS, type Draft, type Problem } from './draft';

const CONFLICT = 409;

export const settingsKey = (organizationId: string) => ['settings', organizationId];
export const settingsPath = (organizationId: string) => `/admin/${organizationId}/settings`;

/** A draft of the settings, what is wrong with it, and saving it. */
export function useEditing(initial: StoredSettings) {
  const { organizationId } = useSigned();
  const path = settingsPath(organizationId);
  const client = useQueryClient();
  const [stored, setStored] = useState(initial);
  const [draft, setDraft] = useState(() => draftOf(initial.settings));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState('');
  const [isSaved, setSaved] = useState(false);
  const saved = draftOf(stored.settings);

  const take = (fresh: StoredSettings, next: Draft) => {
    client.setQueryData(settingsKey(organizationId), fresh);
    setStored(fresh);
    setDraft(next);
  };
  const mergeTheirs = async () => {
    const fresh = await get<StoredSettings>(path);
    const { draft: next, contested } = merged(draft, saved, draftOf(fresh.settings));
    take(fresh, next);
    setConflict(conflictText(contested.map((field) => LABELS[field])));
  };
  const save = useMutation({
    mutationFn: () =>
      call<StoredSettings>(path, {
        method: 'PUT',
        json: { version: stored.version, settings: settingsOf(draft, stored.settings) },
      }),
    onSuccess: (fresh) => {
      take(fresh, draftOf(fresh.settings));
      setConflict('');
      setSaved(true);
    },
    onError: async (error) => {
      try {
        if (error instanceof ApiError && error.status === CONFLICT) await mergeTheirs();
        else setProblem(textOf(error));
      } catch (again) {
        setProblem(textOf(again));
      }
    },
  });
  return {
    stored,
    saved,
    draft,
    problem,
    conflict,
    isSaved,
    isSaving: save.isPending,
    isDirty: changedFields(draft, saved).length > 0,
    change(changes: Partial<Draft>) {
      setDraft((before) => ({ ...before, ...changes }));
      setProblem(null);
      setSaved(false);
    },
    discard() {
      setDraft(saved);
      setProblem(null);
      setConflict('');
    },
    /** Whether the draft can be sent; otherwise its problem is shown. */
    isSendable() {
      const wrong = problemBefore(draft);
      setProblem(wrong);
      return !wrong;
    },
    save() {
      save.mutate();
    },
  };
}

const textOf = (error: unknown): Problem =>
  error instanceof ApiError
    ? problemOf(error.message)
    : { field: null, text: 'The settings could not be saved. Try again.' };

function conflictText(contested: string[]): string {
  const both = contested.length
    ? ` You both changed ${contested.map((label) => `“${label}”`).join(', ')}; the page shows your value.`
    : '';
  return `Someone else changed the settings, so yours were not saved. The page now shows their changes together with yours.${both} Check the settings, then save again.`;
}
