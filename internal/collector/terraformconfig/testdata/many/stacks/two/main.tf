variable "size" {}
resource "a_b" "it" { size = var.size }
