"""What the register keeps about people: nobody by name; a firm's name, address and phone are the firm's."""

from capred_portal.subjects import Fate, keeps

keeps(Fate.NOBODY, "enterprises.enterprise", "name_en", "name_km", "name_en_key", "name_km_key", "address", "phone")
keeps(Fate.NOBODY, "enterprises.cluster", "name_en", "name_km")
keeps(Fate.NOBODY, "enterprises.district", "name_en", "name_km")
keeps(Fate.NOBODY, "enterprises.product", "name_en", "name_km")
keeps(Fate.NOBODY, "enterprises.province", "name_en", "name_km")
keeps(Fate.WORK, "enterprises.supplylink", "verified_by")
