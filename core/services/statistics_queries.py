"""The queries of core.services.statistics. Their parameters are `challenge` and `revision`, and bounds on the work."""

from __future__ import annotations

from sqlalchemy import text

from core.disclosure import SMALLEST

# Learners. The standard error of a correlation of so many is (1 - r^2) / sqrt(2000), at most 0.023.
SAMPLE = 2_000
# Answers, the newest ones. The standard error of a share of so many is at most 0.016.
EXAMINED = 1_000
# Fewer other challenges say too little of what a learner can do.
OTHERS_MIN = 3
# Bytes, as stored. Nobody's longer answer is also that of four others.
ANSWER_MAX = 4_096

ANSWERS = """
answers AS MATERIALIZED (
  SELECT s.id, s.user_id, s.attempt, s.verdict, s.language, s.score, s.queued_at
  FROM submissions s JOIN users u ON u.id = s.user_id AND u.role = 'learner'
  WHERE s.challenge_id = :challenge AND s.revision = :revision AND s.status = 'graded'
)"""
# Percentiles are interpolated: R. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American Statistician
# 50 (1996), type 7. Timed is who opened the challenge and then answered; where an answer came first, nobody knows since
# when the learner had read.
TOTALS = text(f"""
WITH {ANSWERS},
learners AS (
  SELECT user_id, count(*) AS attempts, bool_or(score >= 1) AS solved, min(queued_at) AS began,
         min(queued_at) FILTER (WHERE score >= 1) AS solved_at,
         (array_agg(score ORDER BY id) FILTER (WHERE attempt = 1))[1] AS first_score
  FROM answers GROUP BY user_id
),
timed AS (
  SELECT extract(epoch FROM l.solved_at - p.started_at) AS seconds
  FROM learners l JOIN user_progress p ON p.user_id = l.user_id AND p.challenge_id = :challenge
  WHERE l.first_score IS NOT NULL AND l.solved AND p.started_at < l.began - interval '1 second'
)
SELECT count(*) AS learners, coalesce(sum(attempts), 0) AS answers, avg(attempts) AS attempts_mean,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY attempts) AS attempts_median,
       count(*) FILTER (WHERE solved) AS solved, count(first_score) AS first_answers, avg(first_score) AS facility,
       (SELECT count(*) FROM timed) AS timed,
       (SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY seconds) FROM timed) AS quartiles
FROM learners
""")  # noqa: S608 - nothing that comes from outside
CELLS = text(f"""
WITH {ANSWERS},
firsts AS (SELECT DISTINCT ON (user_id) user_id, score FROM answers WHERE attempt = 1 ORDER BY user_id, id),
cells AS (
  SELECT 'verdicts' AS of, verdict AS value, user_id, count(*) AS n FROM answers GROUP BY verdict, user_id
  UNION ALL
  SELECT 'languages', language, user_id, count(*) FROM answers WHERE language IS NOT NULL GROUP BY language, user_id
  UNION ALL
  SELECT 'scores', to_char(trunc(score * 10) / 10, 'FM0.0'), user_id, 1 FROM firsts
)
SELECT of, value, sum(n)::int AS n, (array_agg(user_id))[1:{SMALLEST}] AS members FROM cells GROUP BY of, value
""")  # noqa: S608 - nothing that comes from outside
# Who is in the sample follows from the ids alone, so that the same answers give the same figures again. A rest score is
# the mean of what the learner's first answers to the category's other challenges scored beyond everybody's in the
# sample: learners choose what they answer, and who chooses the easy ones is not better for it.
FIRST_ANSWERS = text("""
WITH firsts AS (
  SELECT DISTINCT ON (s.user_id) s.id, s.user_id, s.score
  FROM submissions s JOIN users u ON u.id = s.user_id AND u.role = 'learner'
  WHERE s.challenge_id = :challenge AND s.revision = :revision AND s.status = 'graded' AND s.attempt = 1
  ORDER BY s.user_id, s.id
),
sample AS (SELECT * FROM firsts ORDER BY md5(user_id::text) LIMIT :most),
others AS (
  SELECT DISTINCT ON (o.user_id, o.challenge_id) o.user_id, o.challenge_id, o.score
  FROM sample
  JOIN submissions o ON o.user_id = sample.user_id
  JOIN challenges c ON c.id = o.challenge_id AND c.id <> :challenge
       AND c.category_id = (SELECT category_id FROM challenges WHERE id = :challenge)
  WHERE o.status = 'graded' AND o.attempt = 1
  ORDER BY o.user_id, o.challenge_id, o.id
),
centred AS (SELECT user_id, score - avg(score) OVER (PARTITION BY challenge_id) AS beyond FROM others),
rests AS (SELECT user_id, avg(beyond) AS rest FROM centred GROUP BY user_id HAVING count(*) >= :others)
SELECT f.user_id, f.score, r.rest,
       CASE WHEN :answers AND pg_column_size(s.answer) <= :longest THEN s.answer END AS answer
FROM sample f JOIN submissions s ON s.id = f.id LEFT JOIN rests r ON r.user_id = f.user_id
""")
TESTS = text(f"""
WITH newest AS (
  SELECT s.id, s.user_id, s.results
  FROM submissions s JOIN users u ON u.id = s.user_id AND u.role = 'learner'
  WHERE s.challenge_id = :challenge AND s.revision = :revision AND s.status = 'graded'
  ORDER BY s.id DESC LIMIT :most
),
ran AS (
  SELECT n.id, n.user_id, t.nth, t.result ->> 'group' AS "group", t.result ->> 'name' AS name,
         t.result ->> 'verdict' <> 'accepted' AS failed
  FROM newest n CROSS JOIN LATERAL jsonb_array_elements(n.results) WITH ORDINALITY AS t (result, nth)
),
ranked AS (SELECT *, failed AND nth = min(nth) FILTER (WHERE failed) OVER (PARTITION BY id) AS first FROM ran)
SELECT "group", name, count(*) AS ran, count(*) FILTER (WHERE failed) AS failed, count(*) FILTER (WHERE first) AS first,
       coalesce((array_agg(DISTINCT user_id) FILTER (WHERE failed))[1:{SMALLEST}], '{{}}') AS failing,
       coalesce((array_agg(DISTINCT user_id) FILTER (WHERE first))[1:{SMALLEST}], '{{}}') AS failing_first
FROM ranked GROUP BY "group", name
""")  # noqa: S608 - nothing that comes from outside
