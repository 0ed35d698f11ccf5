-- Grain: country of destination, or a code that stands in the place of one
SELECT
    country_code, iso2, iso3, name_es, coalesce(name_en, name_es) AS name_en, customs_name, continent, region_es,
    is_pseudo::BOOLEAN AS is_pseudo,
    is_historic::BOOLEAN AS is_historic,
    is_eu27::BOOLEAN AS is_eu27,
    is_pacific_alliance::BOOLEAN AS is_pacific_alliance,
    is_mercosur::BOOLEAN AS is_mercosur,
    is_cptpp::BOOLEAN AS is_cptpp,
    is_apec::BOOLEAN AS is_apec,
    is_efta::BOOLEAN AS is_efta,
    is_usmca::BOOLEAN AS is_usmca,
    is_can::BOOLEAN AS is_can,
    is_asean::BOOLEAN AS is_asean,
    is_sica::BOOLEAN AS is_sica,
    source
FROM reference.countries
ORDER BY country_code::INTEGER
