-- Grain: sales tranche of SII
SELECT sales_class, label_es, uf_min::DECIMAL(18, 2) AS uf_min, uf_max::DECIMAL(18, 2) AS uf_max, size_class, source
FROM reference.sii_sales_classes
ORDER BY sales_class::INTEGER
