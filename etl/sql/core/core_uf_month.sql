-- Grain: month
WITH fetched AS (
    SELECT
        observed_on AS month,
        value AS uf_clp,
        'Banco Central de Chile, ' || series_id || ', https://si3.bcentral.cl' AS source
    FROM stg_bcch__observation
    WHERE series_id = 'F073.UFF.PRE.Z.D' AND day(observed_on) = 1 AND value IS NOT NULL
)
SELECT
    month::DATE AS month,
    coalesce(fetched.uf_clp, kept.uf_clp::DECIMAL(18, 6))::DECIMAL(12, 2) AS uf_clp,
    CASE WHEN fetched.uf_clp IS NOT NULL THEN fetched.source ELSE kept.source END AS source
FROM (SELECT * REPLACE (month::DATE AS month) FROM reference.uf_monthly) AS kept
FULL JOIN fetched USING (month)
ORDER BY month
