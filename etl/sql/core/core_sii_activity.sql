-- Grain: commercial year × region of the head office × size class × activity
SELECT
    year,
    region_code,
    coalesce(size_class, 'todas') AS size_class,
    activity,
    sum(n_firms)::BIGINT AS n_firms,
    'SII, Estadísticas de Empresas, https://www.sii.cl' AS source
FROM stg_sii_rubro__count
GROUP BY ALL
ORDER BY year, region_code, size_class, activity
