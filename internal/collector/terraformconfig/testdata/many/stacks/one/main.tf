variable "size" {}
resource "a_b" "it" { size = var.size }
module "shared" {
  source = "../shared"
  n      = var.size
}
