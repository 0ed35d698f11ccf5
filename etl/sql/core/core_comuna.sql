-- Grain: comuna code, present or former
SELECT comuna_code, name, region_code, current_code, is_current::BOOLEAN AS is_current, sii_code, source
FROM reference.comunas
ORDER BY comuna_code
