WITH average AS (SELECT team_id, avg(points) AS mean FROM player GROUP BY team_id)
SELECT team.name AS team, player.name AS player, player.points
FROM player
JOIN team ON team.id = player.team_id
JOIN average ON average.team_id = player.team_id
WHERE player.points > average.mean
ORDER BY player.points DESC;
