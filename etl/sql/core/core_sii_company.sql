-- Grain: commercial year × place (nation, region or comuna) × size class
WITH cell AS (   -- the loaded workbook by size; of years it lacks, the committed table
    SELECT
        year, 'region' AS place_level, region_code, NULL AS comuna_code, size_class, n_firms, sales_uf,
        workers_dependent, workers_fee, workers_dependent + workers_fee AS workers, is_masked, 'sii_tramo' AS source_id
    FROM stg_sii_tramo__count
    UNION ALL BY NAME
    SELECT
        year, 'region' AS place_level, region_code, size_class, n_firms, sales_uf, workers,
        coalesce(hidden_reason = 'masked_by_sii', false) AS is_masked, 'reference' AS source_id
    FROM core_sii_size_region
    WHERE year NOT IN (SELECT year FROM stg_sii_tramo__count)
    UNION ALL BY NAME
    SELECT
        year, 'comuna' AS place_level, region_code, comuna_code, coalesce(size_class, 'todas') AS size_class, n_firms,
        sales_uf, workers_dependent, workers_fee, workers_dependent + workers_fee AS workers, is_masked,
        'sii_comuna' AS source_id
    FROM stg_sii_comuna__count
),
rolled_up AS (   -- sizes by region come from the workbook by size alone
    SELECT * FROM cell WHERE source_id <> 'sii_comuna' OR size_class = 'todas'
),
placed AS (
    SELECT * FROM cell
    UNION ALL BY NAME
    SELECT * REPLACE ('region' AS place_level, NULL AS comuna_code) FROM rolled_up WHERE place_level = 'comuna'
    UNION ALL BY NAME
    SELECT * REPLACE ('nation' AS place_level, 'CL' AS region_code, NULL AS comuna_code)
    FROM rolled_up
    WHERE region_code <> '00'
),
summed AS (
    SELECT
        year, place_level, region_code, comuna_code, size_class, source_id,
        sum(n_firms)::BIGINT AS n_firms,
        sum(sales_uf)::DECIMAL(18, 2) AS sales_uf,
        sum(workers_dependent)::BIGINT AS workers_dependent,
        sum(workers_fee)::BIGINT AS workers_fee,
        sum(workers)::BIGINT AS workers,
        count(*) FILTER (is_masked)::BIGINT AS n_masked
    FROM placed
    GROUP BY ALL
)
SELECT
    year,
    place_level,
    region_code,
    comuna_code,
    coalesce(comuna_code, region_code) AS place_code,
    size_class,
    n_firms,
    -- SII prints 0 for firms without sales information: unknown, not nothing
    CASE WHEN size_class <> 'sin_informacion' THEN sales_uf END AS sales_uf,
    workers_dependent,
    workers_fee,
    workers,
    n_masked,
    n_masked > 0 AS is_masked,
    CASE
        WHEN size_class = 'sin_informacion' THEN 'no_sales_information'
        WHEN sales_uf IS NULL AND n_masked > 0 THEN 'masked_by_sii'
        WHEN sales_uf IS NULL THEN 'not_in_source'
    END AS hidden_reason,
    source_id,
    CASE source_id
        WHEN 'reference'
            THEN 'SII, Estadísticas de Empresas, PUB_TRAM5_REG, https://www.sii.cl/sobre_el_sii/empresas/PUB_TRAM5_REG.xlsb'
        ELSE   -- the file that was loaded, whatever it is called; by hand, without an address of its own
            'SII, Estadísticas de Empresas, ' || file.name || ', '
            || coalesce(file.address, 'https://www.sii.cl/sobre_el_sii/empresas')
    END AS source
FROM summed
LEFT JOIN stg_file AS file USING (source_id)
ORDER BY year, place_level, place_code, size_class
