-- Grain: break in a series
SELECT
    break_id, applies_to, codes, starts_on::DATE AS starts_on, ends_on::DATE AS ends_on, text_es, text_en, source
FROM reference.series_breaks
ORDER BY starts_on, break_id
