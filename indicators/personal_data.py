"""What indicators keep about people: only who entered, checked and signed values."""

from capred_portal.subjects import Fate, keeps

keeps(Fate.WORK, "indicators.indicatorrule", "made_by")
keeps(Fate.WORK, "indicators.roundreminder", "by", "to")
keeps(Fate.WORK, "indicators.observation", "entered_by", "changed_by", "submitted_by", "verified_by", "accepted_by")
keeps(Fate.WORK, "indicators.programindicator", "reporter")
keeps(Fate.WORK, "indicators.reportinground", "closed_by", "signed_by", "accepted_by")
keeps(Fate.WORK, "indicators.reviewevent", "by")
keeps(Fate.WORK, "indicators.target", "decided_by")
