# What says the same as in production in other forms, and what does not.

# Equal: one value where production has lists, in another order.
resource "aws_iam_policy" "deploy" {
  name   = "shop-staging-deploy"
  policy = <<-JSON
    {"Version": "2012-10-17",
     "Statement": {"Action": "lambda:UpdateFunctionCode", "Effect": "Allow",
                   "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:shop-staging-*",
                   "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}}
  JSON
}

# Wider than in production.
resource "aws_iam_policy" "reader" {
  name   = "shop-staging-reader"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::shop-staging-exports/*" }] })
}

# Equal: rules of their own where production has them inline.
resource "aws_security_group" "web" {
  name   = "shop-staging-web"
  vpc_id = module.shop.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "https6" {
  security_group_id = aws_security_group.web.id
  cidr_ipv6         = "::/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_security_group_rule" "egress" {
  type              = "egress"
  security_group_id = aws_security_group.web.id
  cidr_blocks       = ["0.0.0.0/0"]
  from_port         = 0
  to_port           = 0
  protocol          = "-1"
}

# Changed: production lets another network in.
resource "aws_security_group" "db" {
  name   = "shop-staging-db"
  vpc_id = module.shop.vpc_id
  ingress {
    cidr_blocks = ["10.20.0.0/16"]
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
  }
  ingress {
    security_groups = [aws_security_group.web.id]
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
  }
  ingress {
    self      = true
    from_port = 0
    to_port   = 0
    protocol  = "-1"
  }
}

# Equal: members one by one where production has a binding.
resource "google_project_iam_member" "viewer" {
  for_each = toset(["group:dev@example.com", "group:ops@example.com"])
  project  = "acme-shop-staging"
  role     = "roles/viewer"
  member   = each.key
}

# Equal: a rule of its own where production has it inline.
resource "azurerm_network_security_rule" "https" {
  name                        = "https"
  resource_group_name         = "shop-staging"
  network_security_group_name = "web2"
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_ranges     = ["80", "443"]
  source_address_prefix       = "*"
  destination_address_prefix  = "*"
}

resource "azurerm_network_security_group" "web2" {
  name                = "web2"
  resource_group_name = "shop-staging"
  location            = "westeurope"
}
