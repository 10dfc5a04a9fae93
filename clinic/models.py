"""Every model of the house, imported once, so that relationships find each other and the twin tables are declared."""

from clinic import versions
from clinic.access import models as _access
from clinic.activities import models as _activities
from clinic.audit import models as _audit
from clinic.cases import models as _cases
from clinic.children import models as _children
from clinic.community import models as _community
from clinic.complaints import models as _complaints
from clinic.conflicts import models as _conflicts
from clinic.counselling import models as _counselling
from clinic.court import models as _court
from clinic.custody import models as _custody
from clinic.db import Model
from clinic.jobs import models as _jobs
from clinic.law import models as _law
from clinic.operations import models as _operations
from clinic.oversight import models as _oversight
from clinic.police import models as _police
from clinic.prosecution import models as _prosecution
from clinic.referrals import models as _referrals
from clinic.retention import models as _retention
from clinic.school import models as _school
from clinic.staff import models as _staff
from clinic.targets import models as _targets
from clinic.vocabularies import models as _vocabularies
from clinic.web import models as _web

ROOMS = (
    _access, _activities, _audit, _cases, _children, _community, _complaints, _conflicts, _counselling, _court,
    _custody, _jobs, _law, _operations, _oversight, _police, _prosecution, _referrals, _retention, _school, _staff,
    _targets, _vocabularies, _web,
)  # fmt: skip

versions.make_twins()
metadata = Model.metadata
