-- Grain: commercial year × region of the head office × size class × activity
SELECT
    year,
    region_code,
    coalesce(size_class, 'todas') AS size_class,
    activity,
    sum(n_firms)::BIGINT AS n_firms,
    (
        SELECT
            'SII, Estadísticas de Empresas, ' || name || ', '
            || coalesce(address, 'https://www.sii.cl/sobre_el_sii/empresas')
        FROM stg_file
        WHERE source_id = 'sii_rubro'
    ) AS source
FROM stg_sii_rubro__count
GROUP BY ALL
ORDER BY year, region_code, size_class, activity
