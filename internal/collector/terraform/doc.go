// Package terraform reads the state and the plans of Terraform and OpenTofu.
package terraform

const page = `Reads the state of Terraform and OpenTofu (version 4, from 0.12 on) and plans, from files alone: it runs neither
of them and reaches no cloud and no backend.

` + "```yaml" + `
sources:
  - collector: terraform
    state: infra/staging              # a directory of a local backend, a file, or a pattern
    workspace: blue
  - collector: terraform
    plan: build/staging-plan.json     # terraform show -json staging.tfplan
` + "```" + `

For a remote backend, ` + "`terraform state pull > staging.tfstate`" + ` gives the file, and ` + "`terraform show -json`" + `
gives one that this reads too.

## What is declared and what runs

A state says what runs. A plan says both: what it would leave (` + "`planned_values`" + `) is declared, what it found
(` + "`prior_state`" + `) runs. Check compares what runs where a source tells; ` + "`role: desired`" + ` makes a plan speak
for what is declared alone, so that plans of two environments can be compared before anything is applied.

What a plan found is refreshed: it holds what drifted as it is now. Values that ` + "`resource_drift`" + ` says were changed
outside of Terraform say so in their origin ("drift: aws_security_group.db"), with "outside of Terraform" as the writer; a
resource that was deleted there is not there. A value that a plan knows only after apply is a gap.

## What becomes of it

Each instance of a resource is a subject: the kind is its type, the scope its module, the name its own with the index
(` + "`web[0]`, `bucket[\"assets\"]`" + `). Attributes are typed facts. null, "", {} and [] say the same: not set. A value
that is the identifier or ARN of another resource of the state is a reference to it; what providers compute (identifiers,
ARNs, dates, addresses) is not compared, by a table of what is known of the common providers. The provider is a fact of
the platform; Terraform's and OpenTofu's registries are the same to it. Data sources are no subjects, for they say what
exists elsewhere, but for policy documents; what one states follows from the resource that holds it. Outputs belong to the
subject ` + "`terraform root`" + `, and so do a plan's variables, which explain and do not count: what they do shows elsewhere.
A resource that is tainted, or of which a former object is still to be destroyed, says so in ` + "`/status`" + `.

* **Permissions.** A policy of AWS becomes one fact for each effect, principal, action, resource and condition, wherever
  it stands and however it is written: single values or lists, JSON in any order, letter case of actions and condition
  keys, an account by its number or its root. ` + "`NotAction`, `NotResource` and `NotPrincipal`" + ` stay what they are,
  ` + "`not(...)`" + `; Sid and Id say nothing. Members, bindings and policies of Google are told on what they give access to,
  so that a binding equals its members one by one. Roles of Azure become tuples of allowed and left out actions. A
  permission within a wider one of the same subject is not missing; the wider one is what differs.
* **Network rules** become one fact for each direction, peer, port and protocol, on the security group, network ACL or
  firewall that they are for, whether they stand in it or in resources of their own. Ranges of ports that touch are one,
  and so are networks that make up a larger one; a rule cut in two ways at once may still differ. The number of a rule
  counts only where some rules of its direction allow and some deny. Descriptions say nothing.
* **Functions** of Lambda, Cloud Functions, Cloud Run and Azure have one shape: ` + "`/function/memory`, `timeout`," + `
  ` + "`concurrency`, `provisionedCapacity`, `minInstances`, `maxInstances`, `runtime`, `image`, `architecture`," + `
  ` + "`triggers` and `env`" + `. Concurrency is the most requests at once: of the whole function in Lambda, of one instance
  elsewhere. What runs containers has their images and variables at the containers' own places. The attributes that the
  shape is taken from follow from it and are not counted again; a trigger follows from the resource that states it.

## Secrets

What a state or plan marks as sensitive is a secret, and so is what is known to be one (a database's password, a key), what
its name or content shows, and any value that is the same text as a sensitive one. An older state does not list what a
provider declares to be sensitive; the names and the table of known ones do. ` + "`private`" + ` data of providers
is not read.

## What it does not do

An encrypted state of OpenTofu, a state of version 3 or older and a binary plan are gaps with the command that gives what can
be read. Policies and rules of other providers than AWS, Google and Azure are attributes like any other. Provider attributes
that only its schema knows to be computed, and that are in no table, are compared.
`
