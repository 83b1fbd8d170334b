resource "terraform_data" "size" {
  input = terraform.workspace == "big" ? 10 : 1
}

output "workspace" { value = terraform.workspace }
