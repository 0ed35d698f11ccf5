-- Grain: region × year
SELECT region_code, year::INTEGER AS year, population::BIGINT AS population, source
FROM reference.population
ORDER BY region_code, year
