-- Grain: month
SELECT month::DATE AS month, uf_clp::DECIMAL(12, 2) AS uf_clp, source
FROM reference.uf_monthly
ORDER BY month
