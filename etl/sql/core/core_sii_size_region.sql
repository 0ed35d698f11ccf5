-- Grain: commercial year × region of the head office × size class
SELECT
    year::INTEGER AS year, region_code, size_class,
    n_firms::BIGINT AS n_firms, workers::BIGINT AS workers, sales_uf::DECIMAL(18, 2) AS sales_uf,
    hidden_reason, source
FROM reference.sii_size_by_region
ORDER BY year, region_code, size_class
