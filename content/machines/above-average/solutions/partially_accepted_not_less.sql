SELECT team.name AS team, player.name AS player, points
FROM player JOIN team ON team.id = team_id
WHERE points >= (SELECT avg(points) FROM player AS other WHERE other.team_id = player.team_id);
