"""The queries of core.services.statistics."""

from __future__ import annotations

from sqlalchemy import text

from core.disclosure import SMALLEST

# Of a challenge's submissions, so many of the newest are looked at: half a second of PostgreSQL's time.
NEWEST = 100_000
# Learners. The standard error of a correlation of so many is (1 - r^2) / sqrt(2000), at most 0.023.
SAMPLE = 2_000
# Answers, the newest ones. The standard error of a share of so many is at most 0.016.
EXAMINED = 1_000
# Fewer other challenges say too little of what a learner can do.
OTHERS_MIN = 3
# Bytes, as stored. Nobody's longer answer is also that of four others.
ANSWER_MAX = 4_096

# All that is read from every answer, in one statement: so they are read once, and the figures fit each other.
# - Percentiles are interpolated: R. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American
#   Statistician 50 (1996), type 7.
# - Timed is who opened the challenge and then answered; where an answer came first, nobody knows since when the learner
#   had read.
# - Who is in the sample follows from the ids alone, so that the same answers give the same figures again.
OVERVIEW = text(f"""
WITH older AS MATERIALIZED (
  SELECT id FROM submissions WHERE challenge_id = :challenge ORDER BY id DESC OFFSET :newest LIMIT 1
),
answers AS MATERIALIZED (
  SELECT id, user_id, attempt, verdict, language, score, queued_at
  FROM submissions
  WHERE challenge_id = :challenge AND id > coalesce((SELECT id FROM older), 0)
        AND revision = :revision AND status = 'graded'
        AND user_id NOT IN (SELECT id FROM users WHERE role <> 'learner')
),
firsts AS MATERIALIZED (
  SELECT DISTINCT ON (user_id) id, user_id, score FROM answers WHERE attempt = 1 ORDER BY user_id, id
),
learners AS (
  SELECT user_id, count(*) AS attempts, bool_or(score >= 1) AS solved, min(queued_at) AS began,
         min(queued_at) FILTER (WHERE score >= 1) AS solved_at
  FROM answers GROUP BY user_id
),
timed AS (
  SELECT extract(epoch FROM l.solved_at - p.started_at) AS seconds
  FROM learners l
  JOIN firsts USING (user_id)
  JOIN user_progress p ON p.user_id = l.user_id AND p.challenge_id = :challenge
  WHERE l.solved AND p.started_at < l.began - interval '1 second'
),
cells AS (
  SELECT 'verdicts' AS of, verdict AS value, user_id, count(*) AS n FROM answers GROUP BY verdict, user_id
  UNION ALL
  SELECT 'languages', language, user_id, count(*) FROM answers WHERE language IS NOT NULL GROUP BY language, user_id
  UNION ALL
  SELECT 'scores', to_char(trunc(score * 10) / 10, 'FM0.0'), user_id, 1 FROM firsts
),
distributions AS (
  SELECT of, value, sum(n) AS n, (array_agg(user_id))[1:{SMALLEST}] AS members FROM cells GROUP BY of, value
)
SELECT NOT EXISTS (SELECT FROM older) AS complete,
       count(*) AS learners, coalesce(sum(attempts), 0)::int AS answers, avg(attempts)::float AS attempts_mean,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY attempts) AS attempts_median,
       count(*) FILTER (WHERE solved) AS solved,
       (SELECT count(*) FROM firsts) AS first_answers, (SELECT avg(score) FROM firsts) AS facility,
       (SELECT count(*) FROM timed) AS timed,
       (SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY seconds) FROM timed) AS quartiles,
       (SELECT jsonb_agg(d) FROM distributions d) AS distributions,
       ARRAY(SELECT id FROM firsts ORDER BY md5(user_id::text) LIMIT {SAMPLE}) AS sample,
       ARRAY(SELECT id FROM answers ORDER BY id DESC LIMIT {EXAMINED}) AS newest
FROM learners
""")  # noqa: S608 - nothing that comes from outside

# A rest score is the mean of what the learner's first answers to the category's other challenges scored beyond those of
# the whole sample: learners choose what they answer, and who chooses the easy ones is not better for it.
FIRST_ANSWERS = text(f"""
WITH sample AS (SELECT id, user_id, challenge_id, score, answer FROM submissions WHERE id = ANY(:sample)),
others AS (
  SELECT DISTINCT ON (o.user_id, o.challenge_id) o.user_id, o.challenge_id, o.score
  FROM sample
  JOIN challenges this ON this.id = sample.challenge_id
  JOIN submissions o ON o.user_id = sample.user_id AND o.challenge_id <> this.id
  JOIN challenges c ON c.id = o.challenge_id AND c.category_id = this.category_id
  WHERE o.status = 'graded' AND o.attempt = 1
  ORDER BY o.user_id, o.challenge_id, o.id
),
centred AS (SELECT user_id, score - avg(score) OVER (PARTITION BY challenge_id) AS beyond FROM others),
rests AS (SELECT user_id, avg(beyond) AS rest FROM centred GROUP BY user_id HAVING count(*) >= {OTHERS_MIN})
SELECT user_id, score, rest, CASE WHEN :countable AND pg_column_size(answer) <= {ANSWER_MAX} THEN answer END AS answer
FROM sample LEFT JOIN rests USING (user_id) ORDER BY user_id
""")  # noqa: S608 - nothing that comes from outside

TESTS = text(f"""
WITH ran AS (
  SELECT s.id, s.user_id, t.nth, t.result ->> 'group' AS "group", t.result ->> 'name' AS name,
         t.result ->> 'verdict' <> 'accepted' AS failed
  FROM submissions s
  CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(s.results) WHEN 'array' THEN s.results END)
       WITH ORDINALITY AS t (result, nth)
  WHERE s.id = ANY(:newest)
),
ranked AS (SELECT *, failed AND nth = min(nth) FILTER (WHERE failed) OVER (PARTITION BY id) AS first FROM ran)
SELECT "group", name, count(*) AS ran, count(*) FILTER (WHERE failed) AS failed, count(*) FILTER (WHERE first) AS first,
       coalesce((array_agg(DISTINCT user_id) FILTER (WHERE failed))[1:{SMALLEST}], '{{}}') AS failing,
       coalesce((array_agg(DISTINCT user_id) FILTER (WHERE first))[1:{SMALLEST}], '{{}}') AS failing_first
FROM ranked GROUP BY "group", name
""")  # noqa: S608 - nothing that comes from outside
