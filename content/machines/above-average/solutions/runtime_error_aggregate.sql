SELECT team.name AS team, player.name AS player, points
FROM player JOIN team ON team.id = team_id
WHERE points > avg(points);
