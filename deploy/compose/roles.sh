#!/bin/sh
# Runs once, when the postgres container makes its cluster: roles.sql with the passwords of the secrets.
set -eu
for role in OWNER APP WORKER SWEEPER SCALER; do
  export "CREATHON_${role}_PASSWORD=$(cat "/run/secrets/CREATHON_${role}_PASSWORD")"
done
exec psql --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file /roles.sql
