variable "n" {}
resource "a_b" "it" { n = var.n }
