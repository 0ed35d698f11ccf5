-- Grain: month
SELECT month::DATE AS month, usd_clp::DECIMAL(12, 4) AS usd_clp, source
FROM reference.dollar_monthly
ORDER BY month
