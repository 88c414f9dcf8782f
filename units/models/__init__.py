from units.models.members import Member, MemberMove
from units.models.organizations import Organization, OrganizationMove, WorkUnit
from units.models.posts import Post
from units.models.roster import RosterImport

__all__ = ["Member", "MemberMove", "Organization", "OrganizationMove", "Post", "RosterImport", "WorkUnit"]
