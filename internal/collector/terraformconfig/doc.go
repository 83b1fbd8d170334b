// Package terraformconfig reads configurations of Terraform, OpenTofu and
// Terragrunt.
package terraformconfig

const page = `PAGE`
