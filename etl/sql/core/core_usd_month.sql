-- Grain: month
SELECT month::DATE AS month, usd_clp::DECIMAL(12, 2) AS usd_clp, source
FROM reference.usd_monthly
ORDER BY month
