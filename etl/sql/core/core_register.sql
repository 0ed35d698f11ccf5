-- Grain: month × firm × region × comuna × destination × product × segment × size class, as the office's register lists them
SELECT
    entry.month,
    entry.exporter_key,
    entry.region_code,
    entry.comuna_code,
    entry.country_code,
    entry.hs_code,
    entry.segment,
    product.bcch_sector_id,
    product.prochile_sector_id,
    product.ine_sector_id,
    coalesce(product.is_copper, false) AS is_copper,
    coalesce(product.is_lithium, false) AS is_lithium,
    entry.size_class,
    entry.sales_uf,
    entry.n_workers,
    entry.declared_sector,
    entry.fob_usd
FROM stg_registro__row AS entry
LEFT JOIN core_product AS product USING (hs_code)
ORDER BY entry.month, entry.region_code, entry.exporter_key
