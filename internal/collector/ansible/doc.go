// Package ansible reads inventories of Ansible, with the variables of their
// groups and hosts.
package ansible

const page = `Reads an inventory of Ansible from its files alone: nothing is run and no host is asked.

` + "```yaml" + `
sources:
  - collector: ansible
    inventory: [environments/staging]      # a file, a directory, or several in order
    vars: [playbooks]                      # group_vars and host_vars beside the playbooks
` + "```" + `

An inventory is a file in the INI form, in YAML or in JSON, or a directory of them. Ranges of hosts (` + "`web[01:20]`" + `) are
expanded. An inventory that a program or a plugin writes is a gap; ` + "`ansible-inventory --list --export`" + ` gives a file.

## What becomes of it

Each group is a subject of kind ` + "`ansible-group`" + ` with the number of its hosts, its children, and the variables that its
hosts have for it. They are merged as Ansible merges them: the group of all, then parents before children, by depth,
` + "`ansible_group_priority`" + ` and name; what the inventory says first, then the files of ` + "`group_vars`" + `, then those of
` + "`vars`" + `; a later one replaces an earlier one whole. A variable that a group has from a parent follows from that and does
not count again. Each host is a subject of kind ` + "`ansible-host`" + ` with its groups and the variables that are its own.

Expressions of Jinja are texts and are not evaluated.

## Secrets

A value that Ansible's vault encrypted is known to be there, and no more. A file that is encrypted as a whole is a gap over
what it could set.
`
