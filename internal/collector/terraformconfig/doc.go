// Package terraformconfig reads configurations of Terraform, OpenTofu and
// Terragrunt.
package terraformconfig

const page = `Reads configurations of Terraform and OpenTofu from their files alone: it runs neither of them, reaches no cloud, no
backend and no registry, and reads nothing outside of the repository.

` + "```yaml" + `
sources:
  - collector: terraform-config
    path: infra/app                         # a root module
    varFiles: [infra/env/staging.tfvars]
    workspace: staging
  - collector: terraform-config
    path: stacks/*                          # several, each with its own file of variables
    varFiles: [variables/staging/common.tfvars, variables/staging/$MODULE.tfvars]
  - collector: terraform-config
    path: variables/staging                 # files of variables alone
  - collector: terraform-config
    path: live/staging                      # units of Terragrunt
` + "```" + `

| the path is | it is read as |
|---|---|
| a directory with ` + "`*.tf`, `*.tofu` or `*.tf.json`" + ` | a root module |
| a directory with ` + "`terragrunt.hcl`" + ` | a unit of Terragrunt |
| any other directory, or a pattern | all root modules and units below it but those that others of them call; of directories with nothing but ` + "`*.tfvars`" + ` each file |
| a ` + "`.tfvars`" + ` file | variables |

## How it is evaluated

Variables get their values as in Terraform: the default, ` + "`terraform.tfvars`, `*.auto.tfvars`" + ` by name, then ` + "`varFiles`" + `
in order. Locals, conditions, functions, ` + "`count`, `for_each`" + ` and dynamic blocks are evaluated as far as the files
tell, and so are the modules that are called in the same repository. A root module for which no file with ` + "`$MODULE`" + ` in
its name is there is left out. A module from elsewhere is a subject with its source, version and arguments.

What only a run can tell stays an expression in which all that is known is filled in. An attribute that is the identifier of
another resource is a reference to it. An expression over resources of the configuration is equivalent to the same one
elsewhere (rule ` + "`expression`" + `), as those resources are compared themselves. One that depends on a data source, on a
variable without a value, on the time or on chance is never equal to anything (rule ` + "`open-expression`" + `). How many
instances of a block there are may not be known either; that is a gap over them.

## What becomes of it

Resources are subjects of the kinds and with the facts that a state or plan has of them, so that they can be compared with
one; the page of the collector ` + "`terraform`" + ` says more. Data sources are subjects of kinds that begin with ` + "`data.`" + `.
A policy document's statements are told where the document is used. The variables of the root module belong to the subject
` + "`terraform-variables root`" + `, those of a file to one of the file's name. A variable that shows in a resource as it is
follows from there and does not count twice, and so it is with locals. Providers, backends, the required version and the
versions of the lock file are subjects of their own.

## Terragrunt

A unit's ` + "`include`, `locals`, `inputs`, `terraform`, `remote_state`" + ` and ` + "`extra_arguments`" + ` are read, with
` + "`read_terragrunt_config`, `find_in_parent_folders`" + ` and the other functions of paths. Where the module is in the repository
it is evaluated with the inputs. What runs a command, asks the environment or a cloud, or decrypts is not known:
` + "`run_cmd`, `get_env`, `get_aws_account_id`, `sops_decrypt_file`" + `. Outputs of dependencies are not known, whatever their mocks.

## Secrets

Variables and outputs that are sensitive are secrets, and so is each text that such a variable has wherever else it
stands. What its name or content shows is one as everywhere.

## What it does not do

A deep merge of includes in Terragrunt is read as a shallow one. A loop within a loop in a file in JSON is not evaluated.
Values that provider schemas alone convert or fill in are as they are written.
`
