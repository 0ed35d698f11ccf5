-- Grain: heading of the Harmonized System, at two, four or six digits
WITH heading AS (
    SELECT hs_code, 2 AS level, name_es, name_en, source FROM reference.hs2
    UNION ALL
    SELECT hs_code, 4, name_es, name_en, source FROM reference.hs4
),
subheading AS (   -- «De coníferas» or «Los demás» say nothing alone: the heading is added
    SELECT
        hs6.hs_code,
        6 AS level,
        concat_ws(' · ', hs6.name_es, hs4.name_es) AS name_es,
        hs6.name_en,
        hs6.source
    FROM reference.hs6 AS hs6
    LEFT JOIN reference.hs4 AS hs4 ON hs4.hs_code = left(hs6.hs_code, 4)
)
SELECT hs_code, level::INTEGER AS level, coalesce(name_es, name_en) AS name_es, coalesce(name_en, name_es) AS name_en, source
FROM (SELECT * FROM heading UNION ALL SELECT * FROM subheading)
ORDER BY level, hs_code
