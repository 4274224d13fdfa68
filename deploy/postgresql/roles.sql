-- The roles of least privilege. Run it once per database, as a superuser, before the first migration:
--
--   psql -d creathon -f deploy/postgresql/roles.sql
--
-- It may be repeated. The passwords come from the environment, so that no process list and no file shows them:
-- CREATHON_OWNER_PASSWORD, CREATHON_APP_PASSWORD, CREATHON_WORKER_PASSWORD, CREATHON_SWEEPER_PASSWORD and
-- CREATHON_SCALER_PASSWORD. One that is not set is left as it is; a role without a password cannot log in.
--
--   creathon_owner    owns the tables; migrations and grants.sql only
--   creathon_app      the API and the bot: reads and writes rows, changes no table
--   creathon_worker   grading workers: what a program that broke out of its box could reach
--   creathon_sweeper  the sweeper
--   creathon_scaler   autoscalers: counts what waits, reads nothing else
--
-- What the last three may touch is listed in grants.sql.

\set ON_ERROR_STOP on
\set QUIET on

-- The server's log must not keep the statements below that carry passwords.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['creathon_owner', 'creathon_app', 'creathon_worker', 'creathon_sweeper', 'creathon_scaler']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE creathon_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE creathon_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE creathon_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE creathon_sweeper LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE creathon_scaler LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 5;

\getenv owner CREATHON_OWNER_PASSWORD
\getenv app CREATHON_APP_PASSWORD
\getenv worker CREATHON_WORKER_PASSWORD
\getenv sweeper CREATHON_SWEEPER_PASSWORD
\getenv scaler CREATHON_SCALER_PASSWORD
\if :{?owner}
ALTER ROLE creathon_owner PASSWORD :'owner';
\endif
\if :{?app}
ALTER ROLE creathon_app PASSWORD :'app';
\endif
\if :{?worker}
ALTER ROLE creathon_worker PASSWORD :'worker';
\endif
\if :{?sweeper}
ALTER ROLE creathon_sweeper PASSWORD :'sweeper';
\endif
\if :{?scaler}
ALTER ROLE creathon_scaler PASSWORD :'scaler';
\endif

-- Nobody else gets in, nobody makes temporary tables, and only the owner makes lasting ones.
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME"
TO creathon_owner, creathon_app, creathon_worker, creathon_sweeper, creathon_scaler;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO creathon_owner;
GRANT USAGE ON SCHEMA public TO creathon_app, creathon_worker, creathon_sweeper, creathon_scaler;

-- What a later migration makes is the application's to read and write, without a further grant. TRUNCATE is not among it.
ALTER DEFAULT PRIVILEGES FOR ROLE creathon_owner IN SCHEMA public
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO creathon_app;
ALTER DEFAULT PRIVILEGES FOR ROLE creathon_owner IN SCHEMA public
GRANT USAGE, SELECT ON SEQUENCES TO creathon_app;
