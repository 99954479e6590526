import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useActors } from '../accounts/use-actors';
import { get } from '../api/client';
import type { StoredSettings } from '../api/types';
import { ago, fullTime } from '../format';
import { link } from '../router';
import { useTimeZone } from '../settings';
import { AllLinks } from '../shared/links';
import { useSigned } from '../signin/session';
import { Button } from '../ui/controls';
import { Icon } from '../ui/icons';
import { Loaded } from '../ui/states';
import { ConfirmRetention } from './confirm-retention';
import { erasesMore, removals } from './draft';
import { Settings } from './form';
import { Unsaved } from './unsaved';
import { settingsKey, settingsPath, useEditing } from './use-editing';
import '../admin/admin.css';
import './privacy.css';

export default function PrivacyPage() {
  const { organizationId } = useSigned();
  const query = useQuery({
    queryKey: settingsKey(organizationId),
    queryFn: ({ signal }) => get<StoredSettings>(settingsPath(organizationId), {}, signal),
    // An old answer would be edited, and saving it would be refused.
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Privacy</h1>
        <p>
          What {organizationId} stores about its visitors. Changes apply to data that arrives after you save. Only
          retention removes stored data; to remove more, use{' '}
          <a className="link" href={link('/erasures')}>
            Erasures
          </a>
          .
        </p>
      </div>
      <Loaded query={query} height={480}>
        {(stored) => <Editor initial={stored} />}
      </Loaded>
      <div className="stack narrow">
        <AllLinks />
      </div>
    </div>
  );
}

function Editor({ initial }: { initial: StoredSettings }) {
  const editing = useEditing(initial);
  const { draft, saved, problem, conflict, isDirty, isSaving, change } = editing;
  const [isConfirming, setConfirming] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem?.field) form.current?.querySelector<HTMLElement>(`[name="${problem.field}"]`)?.focus();
  }, [problem]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isDirty || isSaving || !editing.isSendable()) return;
    if (erasesMore(draft, saved)) setConfirming(true);
    else editing.save();
  };
  return (
    <form className="stack narrow" ref={form} onSubmit={submit} noValidate aria-label="Privacy settings">
      <Unsaved isDirty={isDirty} />
      {isConfirming && (
        <ConfirmRetention
          removals={removals(draft)}
          onConfirmed={() => (setConfirming(false), editing.save())}
          onClose={() => setConfirming(false)}
        />
      )}
      <Settings form={{ draft, problem, change }} />
      <div className="save-bar">
        {conflict && (
          <p className="conflict" role="alert">
            <Icon name="error" /> <span>{conflict}</span>
          </p>
        )}
        {problem && !problem.field && (
          <p className="problem" role="alert">
            {problem.text}
          </p>
        )}
        <div className="row">
          <span className="grow muted" role="status">
            {isDirty ? <b>Unsaved changes</b> : <LastChange stored={editing.stored} isSaved={editing.isSaved} />}
          </span>
          <Button disabled={!isDirty || isSaving} onClick={editing.discard}>
            Discard
          </Button>
          <Button type="submit" look="primary" disabled={!isDirty || isSaving}>
            Save
          </Button>
        </div>
      </div>
    </form>
  );
}

function LastChange({ stored: { updatedAt, updatedBy }, isSaved }: { stored: StoredSettings; isSaved: boolean }) {
  const zone = useTimeZone();
  const nameOf = useActors();
  if (isSaved) return 'Saved. Gateways apply the settings within 30 seconds.';
  if (!updatedAt) return 'These are the defaults.';
  return (
    <span title={fullTime(updatedAt, zone)}>
      Changed {ago(updatedAt, Date.now(), zone)} by {nameOf(updatedBy)}
    </span>
  );
}
