// Package files reads settings files of any of the common formats.
package files

const page = `Reads files of settings: YAML (Helm values among them), JSON, TOML, INI, Java properties and dotenv.

## Which files

` + "`paths`" + ` lists files, directories and patterns. In a pattern ` + "`*` and `?`" + ` stand for any characters
but a slash, ` + "`[ab]`" + ` for one of several, ` + "`{a,b}`" + ` for alternatives, and ` + "`**`" + ` for any directories. A
directory stands for all files below it whose format is known by their extension; what begins with a dot is left
out there. A path may be taken from a git revision: ` + "`git:main:config/*.yaml`" + `.

The format is known by the extension, for a file without one by how it begins, and else said by ` + "`format`" + `.

` + "```yaml" + `
sources:
  - collector: files
    paths: [config/values-staging.yaml]
  - collector: files
    paths: ["config/staging/**/*.{toml,ini}"]
  - collector: files
    paths: ["image-tags/staging/*"]
    format: yaml
` + "```" + `

## What becomes of them

* Each map at the top of a document is a subject of kind ` + "`section`" + `.
* Each item of a list at the top whose items have names is a subject: of the kind that the list is called, named as
  the item is (by its field ` + "`name`, `key`, `id` or `host`" + `).
* What is left at the top belongs to one subject, ` + "`values top-level`" + `.

Below that, maps and lists with names go by name, lists of scalars are sets, ` + "`command` and `args`" + ` keep their
order, and text that is itself YAML, JSON or the like is read as such. Every value points to its line.

A source of one path has subjects without a scope, so that ` + "`values-staging.yaml` and `values-production.yaml`" + `
meet. Where a source has a pattern, a directory or several paths, the scope is the file's path below the pattern's
fixed part, without its extension; words for environments in it are matched when subjects are aligned. ` + "`name`" + `
sets the scope itself.

## What is encrypted

Ciphertexts of SOPS, age, PGP, eyaml, Ansible's vault and sealed secrets compare by presence, key by key: they are
others each time a value is encrypted. What SOPS keeps of itself (recipients, times, versions, checksums) is left out.
Of a file that git-crypt encrypted nothing is known but that it is there, until ` + "`git-crypt unlock`" + ` was run.

## What it does not do

Files are not merged over each other, and references in them are not resolved: it compares what is written. A file
that cannot be parsed is a gap over what it could have held; the documents before the fault are read.
`
