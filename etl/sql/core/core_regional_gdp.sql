-- Grain: region or nation × year or quarter
SELECT
    region_code, frequency, period, period_start::DATE AS period_start,
    volume_clp_billion::DECIMAL(12, 1) AS volume_clp_billion, is_repaired::BOOLEAN AS is_repaired, source
FROM reference.regional_gdp
ORDER BY region_code, frequency, period
