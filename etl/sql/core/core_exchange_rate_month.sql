-- Grain: month, whole months only
SELECT
    date_trunc('month', observed_on)::DATE AS month,
    avg(value)::DECIMAL(12, 2) AS clp_per_usd,
    count(value)::INTEGER AS n_days,
    'Banco Central de Chile, ' || any_value(series_id) || ', https://si3.bcentral.cl' AS source
FROM stg_bcch__observation
WHERE series_id = 'F073.TCO.PRE.Z.D'
GROUP BY 1
HAVING count(value) > 0
ORDER BY 1
