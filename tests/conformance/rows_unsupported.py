"""What this platform does not have: every such command ends with a sentence, and not as a crash."""

from __future__ import annotations

import shlex
from concurrent.futures import ThreadPoolExecutor

from .table import Scenario, Stage, refuse

NOT_HERE = "Not supported by this platform"
NO_ADMIN = "admin API is not supported by server"
APP = "123e4567-e89b-12d3-a456-426614174000"

ADMIN = """
add-cluster-user default alice user
add-org team
add-org-cluster default team
add-org-credits -c 1 team
add-org-user team alice
add-project-user default bob alice
add-user-credits -c 1 local alice
get-admin-clusters
get-cluster-orgs default
get-cluster-users
get-org-cluster-quota default local
get-org-users local
get-orgs
get-project-users default bob
get-projects default
get-user-quota default bob local
remove-cluster --force default
remove-cluster-user default alice
remove-org --force local
remove-org-cluster default --force local
remove-org-user local alice
remove-project --force default bob
remove-project-user default bob alice
set-org-cluster-defaults default local
set-org-cluster-quota -j 1 default local
set-org-credits -c 1 local
set-org-defaults local
set-user-credits -c 1 local bob
set-user-quota -j 1 default bob
update-cluster default
update-cluster-user default bob admin
update-org-cluster default local
update-project default bob
update-project-user default bob alice writer
"""

ELSEWHERE = f"""
admin add-resource-preset mine
admin get-clusters
admin remove-resource-preset cpu-micro
admin update-resource-preset cpu-micro
app configure -f some.yaml {APP}
app get-input {APP}
app get-revisions {APP}
app get-status {APP}
app get-values
app install -f some.yaml
app list
app logs {APP}
app ls
app rollback {APP} 1
app uninstall {APP}
app-template get name
app-template list
app-template list-versions name
app-template ls
app-template ls-versions name
blob cp some.yaml blob:bucket/x
blob du bucket
blob glob blob:bucket/*
blob importbucket --provider aws --provider-bucket-name x --aws-access-key-id a --aws-secret-access-key b
blob ls
blob lsbucket
blob lscredentials
blob mkbucket
blob mkcredentials bucket
blob rm blob:bucket/x
blob rmbucket bucket
blob rmcredentials name
blob set-bucket-publicity bucket public
blob sign-url blob:bucket/x
blob statbucket bucket
blob statcredentials name
service-account create
service-account get name
service-account ls
service-account rm name
vcluster create-service-account name
vcluster delete-service-account name
vcluster list-service-accounts
vcluster regenerate-service-account name
"""

REMARKS = {
    "admin": "one computer has no clusters, organizations and quotas to manage; people: `jupyter neuro user`",
    "app": "no apps on one computer",
    "app-template": "no apps on one computer",
    "blob": "no object storage on one computer; use `storage:`",
    "service-account": "no service accounts; people and their tokens: `jupyter neuro user`",
    "vcluster": "no Kubernetes on one computer",
}
BROKEN = {
    "add-cluster mine some.yaml": "unexpected keyword argument 'config'",
    "add-project default mine": "unexpected keyword argument 'no_virtual_kube'",
}


def command(words: list[str]) -> str:
    return " ".join(("apolo", *words[:2]))


CASES = [(["admin", *shlex.split(line)], NO_ADMIN) for line in ADMIN.split("\n") if line] + [
    (shlex.split(line), NOT_HERE) for line in ELSEWHERE.split("\n") if line
]


def act(stage: Stage) -> None:
    """All of them, three at a time; afterwards the presets and projects are what they were."""
    stage.bob.file("some.yaml", b"a: 1\n")
    before = stage.platform.request("GET", "/config", stage.bob.token).json
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(refuse, stage.bob, words, said) for words, said in CASES]:
            done.result()
    for words, _ in CASES:
        stage.table.refused(command(words), REMARKS[words[0]])
    assert stage.platform.request("GET", "/config", stage.bob.token).json == before


def act_broken(stage: Stage) -> None:
    """Two commands that the client itself cannot run, whatever the platform; one that needs what there never is."""
    for line, said in BROKEN.items():
        words = ["admin", *shlex.split(line)]
        refuse(stage.bob, words, said)
        stage.table.differs(command(words), f"the client itself fails on any platform: *{said}*")
    refuse(stage.bob, ["vcluster", "activate-service-account", "name"], "No such file or directory")
    stage.table.refused("apolo vcluster activate-service-account", "there can be none to activate")


SCENARIOS = [
    Scenario("what there is not", tuple(command(words) for words, _ in CASES), act),
    Scenario(
        "what the client cannot do",
        ("apolo admin add-cluster", "apolo admin add-project", "apolo vcluster activate-service-account"),
        act_broken,
    ),
]
