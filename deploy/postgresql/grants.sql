-- Who may touch which tables and columns. Run it after every migration, as creathon_owner; it may be repeated:
--
--   psql -d creathon -f deploy/postgresql/grants.sql      or, where there is no psql:
--   python -m deploy.postgresql.grant
--
-- A table that grading or sweeping needs anew gets a line below. A table that is not there yet is passed over, so
-- that this file can be ahead of the migrations and survives a downgrade; a column must be there.

DO $grants$
DECLARE
    line record;
    counter text;
BEGIN
    -- What a line no longer names is gone. One transaction: running processes never see the gap.
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM creathon_worker, creathon_sweeper, creathon_scaler;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM creathon_worker, creathon_sweeper, creathon_scaler;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO creathon_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO creathon_app;

    FOR line IN
        SELECT * FROM (VALUES
        -- Written once, then only read.
        ('REVOKE', 'creathon_app', 'alembic_version', 'INSERT, UPDATE, DELETE'),
        ('REVOKE', 'creathon_app', 'points_ledger', 'UPDATE, DELETE'),
        ('REVOKE', 'creathon_app', 'audit_log', 'UPDATE, DELETE'),
        ('REVOKE', 'creathon_app', 'challenge_revisions', 'UPDATE'),
        ('REVOKE', 'creathon_app', 'hint_purchases', 'UPDATE, DELETE'),

        -- Grading: claim, lease, verdict. The column lists keep e-mails, password hashes and drafts out of reach.
        ('GRANT', 'creathon_worker', 'submissions', 'SELECT, UPDATE'),
        ('GRANT', 'creathon_worker', 'runs', 'SELECT, UPDATE'),
        ('GRANT', 'creathon_worker', 'challenges', 'SELECT'),
        ('GRANT', 'creathon_worker', 'challenge_revisions', 'SELECT'),
        ('GRANT', 'creathon_worker', 'batches', 'SELECT'),
        ('GRANT', 'creathon_worker', 'gradings', 'SELECT, UPDATE'),
        ('GRANT', 'creathon_worker', 'users', 'SELECT (id, last_event_id, updated_at), UPDATE (last_event_id, updated_at)'),
        ('GRANT', 'creathon_worker', 'user_progress', 'SELECT, INSERT, UPDATE'),
        ('GRANT', 'creathon_worker', 'points_ledger', 'SELECT, INSERT'),
        ('GRANT', 'creathon_worker', 'points_totals', 'SELECT, INSERT, UPDATE'),
        ('GRANT', 'creathon_worker', 'achievements', 'SELECT, INSERT'),
        ('GRANT', 'creathon_worker', 'events', 'SELECT, INSERT'),
        ('GRANT', 'creathon_worker', 'deliveries', 'SELECT, INSERT'),
        ('GRANT', 'creathon_worker', 'telegram_accounts', 'SELECT (user_id, chat_id)'),
        ('GRANT', 'creathon_worker', 'workers', 'SELECT, INSERT, UPDATE, DELETE'),
        ('GRANT', 'creathon_worker', 'tallies', 'SELECT, INSERT, UPDATE'),

        -- Sweeping: submissions of dead workers.
        ('GRANT', 'creathon_sweeper', 'submissions', 'SELECT, UPDATE'),
        ('GRANT', 'creathon_sweeper', 'users', 'SELECT (id, last_event_id, updated_at), UPDATE (last_event_id, updated_at)'),
        ('GRANT', 'creathon_sweeper', 'user_progress', 'SELECT, INSERT, UPDATE'),
        ('GRANT', 'creathon_sweeper', 'events', 'SELECT, INSERT'),
        ('GRANT', 'creathon_sweeper', 'deliveries', 'SELECT, INSERT'),
        ('GRANT', 'creathon_sweeper', 'telegram_accounts', 'SELECT (user_id, chat_id)'),
        ('GRANT', 'creathon_sweeper', 'tallies', 'SELECT, INSERT, UPDATE'),
        -- Settling batches: what became of a check or of a rejudge, and publishing what has passed or is due.
        ('GRANT', 'creathon_sweeper', 'batches', 'SELECT, INSERT, UPDATE'),
        ('GRANT', 'creathon_sweeper', 'gradings', 'SELECT, INSERT, UPDATE, DELETE'),
        ('GRANT', 'creathon_sweeper', 'challenges', 'SELECT, UPDATE'),
        ('GRANT', 'creathon_sweeper', 'challenge_revisions', 'SELECT'),
        ('GRANT', 'creathon_sweeper', 'audit_log', 'SELECT (id), INSERT'),
        -- Housekeeping: it sees when something ends, not what it is.
        ('GRANT', 'creathon_sweeper', 'runs', 'SELECT, UPDATE, DELETE'),
        ('GRANT', 'creathon_sweeper', 'points_totals', 'SELECT ("window", starts_on), DELETE'),
        ('GRANT', 'creathon_sweeper', 'workers', 'SELECT, DELETE'),
        ('GRANT', 'creathon_sweeper', 'idempotency_keys', 'SELECT (created_at), DELETE'),
        ('GRANT', 'creathon_sweeper', 'auth_sessions', 'SELECT (expires_at), DELETE'),
        ('GRANT', 'creathon_sweeper', 'telegram_link_codes', 'SELECT (expires_at), DELETE'),

        ('GRANT', 'creathon_scaler', 'submissions', 'SELECT (status, queue, language, lane, queued_at)'),
        ('GRANT', 'creathon_scaler', 'runs', 'SELECT (status, queued_at)'),
        ('GRANT', 'creathon_scaler', 'workers', 'SELECT (name, queues, seen_at)')
        ) AS lines (verb, grantee, target, rights)
        WHERE to_regclass('public.' || target) IS NOT NULL
    LOOP
        EXECUTE format(
            '%s %s ON public.%I %s %I',
            line.verb, line.rights, line.target, CASE line.verb WHEN 'GRANT' THEN 'TO' ELSE 'FROM' END, line.grantee
        );
        -- Who inserts also counts.
        FOR counter IN
            SELECT pg_get_serial_sequence('public.' || line.target, column_name)
            FROM information_schema.columns
            WHERE line.verb = 'GRANT' AND line.rights LIKE '%INSERT%'
            AND table_schema = 'public' AND table_name = line.target AND column_default LIKE 'nextval(%'
        LOOP
            EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', counter, line.grantee);
        END LOOP;
    END LOOP;
END
$grants$;
