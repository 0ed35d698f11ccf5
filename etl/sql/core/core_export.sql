-- Grain: one item of one customs declaration (aduanas_dus) or one yearly record (aduanas_salidas)
WITH item AS (
    SELECT
        'aduanas_dus' AS source_id, month, declaration_id, item_number, accepted_on, exporter_id, region_code,
        comuna_code, customs_office_code, port_code, transport_code, country_code, operation_code, hs_code,
        unit_code, quantity, weight_kg, fob_usd, fob_origin, product_text
    FROM stg_aduanas_dus__item
    UNION ALL BY NAME
    SELECT
        'aduanas_salidas' AS source_id, month, region_code, customs_office_code, port_code, transport_code,
        country_code, operation_code, hs_code, unit_code, quantity, weight_kg, fob_usd, 'declared' AS fob_origin
    FROM stg_aduanas_salidas__record
),
flow AS (
    SELECT
        item.*,
        CASE
            WHEN operation.segment = 'not_export' THEN 'not_export'   -- whatever its heading
            WHEN starts_with(item.hs_code, '0025') THEN 'services'
            ELSE coalesce(operation.segment, 'unknown')
        END AS segment
    FROM item
    LEFT JOIN core_operation AS operation USING (operation_code)
),
paper AS (   -- `shuffled` and stg_exporter are drawn anew for each edition (etl/build.py)
    SELECT month, declaration_id, row_number() OVER (PARTITION BY month ORDER BY shuffled(declaration_id))::VARCHAR AS n
    FROM (SELECT DISTINCT month, declaration_id FROM stg_aduanas_dus__item)
),
service AS (   -- texts repeat: each is read once
    SELECT said.product_text, arg_min(rule.service_type_id, rule.priority) AS service_type_id
    FROM (
        SELECT DISTINCT product_text,
            ' ' || regexp_replace(upper(strip_accents(product_text)), '[^A-Z0-9]+', ' ', 'g') || ' ' AS words
        FROM stg_aduanas_dus__item
        WHERE product_text IS NOT NULL
    ) AS said
    JOIN (
        SELECT service_type_id, priority,
            ' ' || CASE WHEN ends_with(words, '*') THEN rtrim(words, '*') ELSE words || ' ' END AS words
        FROM core_service_rule
    ) AS rule ON contains(said.words, rule.words)
    GROUP BY said.product_text
)
SELECT
    item.source_id,
    item.month,
    paper.n AS declaration_id,
    item.item_number,
    item.accepted_on,
    firm.n AS exporter_id,
    item.region_code,
    item.comuna_code,
    item.customs_office_code,
    item.port_code,
    item.transport_code,
    item.country_code,
    item.operation_code,
    item.segment,
    CASE WHEN item.segment = 'services' THEN coalesce(service.service_type_id, 'sin_clasificar') END AS service_type_id,
    item.hs_code,
    product.bcch_sector_id,
    product.prochile_sector_id,
    product.ine_sector_id,
    coalesce(product.is_copper, false) AS is_copper,
    coalesce(product.is_lithium, false) AS is_lithium,
    item.unit_code,
    item.quantity,
    item.weight_kg,
    item.fob_usd,
    item.fob_origin,
    item.product_text
FROM flow AS item
LEFT JOIN core_product AS product USING (hs_code)
LEFT JOIN service USING (product_text)
LEFT JOIN paper USING (month, declaration_id)
LEFT JOIN stg_exporter AS firm USING (exporter_id)
ORDER BY item.month, item.region_code, item.hs_code
