"""A small county for tests: make_tree() gives a named cast, the factories give more of each."""

import datetime as dt
from types import SimpleNamespace

import factory

from accounts import crypto
from accounts.tests.factories import UserFactory
from units.models import Member, Organization, Post, WorkUnit

_counter = iter(range(1, 10**9))


def make_organization(name, kind, parent=None, code=None):
    """An organisation at its place in the tree."""
    fields = {"name": name, "kind": kind, "code": code or f"T{next(_counter):05d}", "parent": parent}
    if parent is None:
        return Organization.objects.add_root(fields)
    return Organization.objects.add_child(Organization.objects.get(pk=parent.pk), fields)


class WorkUnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkUnit

    code = factory.Sequence(lambda n: f"U{n:04d}")
    name = factory.Sequence(lambda n: f"测试单位{n}")
    type = "党政机关"
    rank = "科局级"


def _id_number(n: int) -> str:
    """A well-formed number of area code 999xxx with a right check digit (GB 11643)."""
    body = f"999{n // 1000 % 1000:03d}19700101{n % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member

    name = factory.Sequence(lambda n: f"党员{n}")
    id_number = factory.Sequence(_id_number)
    id_digest = factory.LazyAttribute(lambda o: crypto.digest(o.id_number))
    sex = "male"
    ethnicity = "汉族"
    birth_date = dt.date(1970, 1, 1)
    education = ""
    schooling = "college"
    joined_on = dt.date(1995, 7, 1)
    full_on = dt.date(1996, 7, 1)
    post_level = "staff"
    phone = "13800000000"


def give_post(user, organization, role, **kwargs):
    """A current post; forgets what the user object has cached."""
    post = Post.objects.create(
        user=user,
        organization=organization,
        role=role,
        from_date=kwargs.pop("from_date", dt.date(2000, 1, 1)),
        **kwargs,
    )
    if hasattr(user, "_posts"):
        del user._posts
    return post


def user_with(role, organization, username=None, name=None):
    """A new user holding one post."""
    extra = {k: v for k, v in {"username": username, "name": name}.items() if v}
    user = UserFactory(**extra)
    give_post(user, organization, role)
    return user


def make_tree(members_per_branch=3):
    """A county with a work committee and a committee: three leading organisations, four branches.

    county ─ work (工委) ─ archives (branch, unit archives)
           │             └ court (general branch, unit court) ─ court_1
           └ health (committee, unit health) ─ health_1, health_2
    """
    kind = Organization.Kind
    t = SimpleNamespace()
    t.county = make_organization("中共青岚县委员会", kind.COUNTY_COMMITTEE, code="A00")
    t.work = make_organization("县直机关工委", kind.WORK_COMMITTEE, t.county, "B00")
    t.health = make_organization("县卫生局党委", kind.COMMITTEE, t.county, "C01")
    t.archives = make_organization("县档案局党支部", kind.BRANCH, t.work, "Z001")
    t.court = make_organization("县法院党总支", kind.GENERAL_BRANCH, t.work, "G01")
    t.court_1 = make_organization("县法院第一党支部", kind.BRANCH, t.court, "Z002")
    t.health_1 = make_organization("县卫生局第一党支部", kind.BRANCH, t.health, "Z003")
    t.health_2 = make_organization("县卫生局第二党支部", kind.BRANCH, t.health, "Z004")
    for name in ("archives", "court", "health"):
        unit = WorkUnitFactory(name={"archives": "县档案局", "court": "县法院", "health": "县卫生局"}[name])
        covering = [o for o in vars(t).values() if isinstance(o, Organization) and unit.name[1:] in o.name]
        unit.organizations.set(covering)
        setattr(t, f"{name}_unit", unit)
    t.branches = [t.archives, t.court_1, t.health_1, t.health_2]
    t.members = {
        branch.code: MemberFactory.create_batch(
            members_per_branch,
            organization=branch,
            work_unit=branch.work_units.first(),
        )
        for branch in t.branches
    }
    return t


def make_cast(t):
    """One user a role on make_tree(), under short names."""
    c = SimpleNamespace()
    c.office = user_with("office_head", t.county, "office", "周明远")
    c.general = user_with("office_general", t.county, "general", "邓春梅")
    c.leader = user_with("leading_group_head", t.county, "leader", "罗晓岚")
    c.supervisor = user_with("supervisor", t.health, "supervisor", "王德顺")
    c.secretary = user_with("organization_secretary", t.health, "secretary", "李文静")
    c.branch = user_with("branch_secretary", t.health_1, "branch", "何秀芝")
    c.committee = user_with("branch_committee", t.health_1, "committee", "冯静")
    c.archives = user_with("branch_secretary", t.archives, "archives", "蒋雪")
    c.sysadmin = user_with("system_administrator", t.county, "sysadmin", "杜海波")
    c.secadmin = user_with("security_administrator", t.county, "secadmin", "郝建军")
    c.auditor = user_with("auditor", t.county, "auditor", "范玉芬")
    c.member = user_with("member", t.health_1, "member", "赵启明")
    Member.objects.filter(pk=t.members["Z003"][0].pk).update(user=c.member)
    c.outsider = UserFactory(username="outsider", name="局外人")
    return c
