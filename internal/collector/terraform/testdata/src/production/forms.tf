# What says the same as in staging in other forms, and what does not.

# Equal: lists where staging has one value, in another order.
resource "aws_iam_policy" "deploy" {
  name = "shop-production-deploy"
  policy = jsonencode({
    Statement = [{
      Condition = { stringEquals = { "AWS:RequestedRegion" = ["eu-west-1"] } }
      Resource  = ["arn:aws:lambda:eu-west-1:777788889999:function:shop-production-*"]
      Action    = ["lambda:updateFunctionCode"]
      Effect    = "Allow"
      Sid       = "Deploy"
    }]
    Version = "2012-10-17"
  })
}

# Narrower than in staging.
resource "aws_iam_policy" "reader" {
  name   = "shop-production-reader"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::shop-production-exports/*"] }] })
}

# Equal: inline where staging has rules of their own.
resource "aws_security_group" "web" {
  name   = "shop-production-web"
  vpc_id = module.shop.vpc_id
  ingress {
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
    from_port        = 443
    to_port          = 443
    protocol         = "6"
  }
  egress {
    cidr_blocks = ["0.0.0.0/0"]
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
  }
}

# Changed: staging lets another network in.
resource "aws_security_group" "db" {
  name   = "shop-production-db"
  vpc_id = module.shop.vpc_id
  ingress {
    cidr_blocks = ["10.30.0.0/16"]
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

# Equal: a binding where staging has members one by one.
resource "google_project_iam_binding" "viewer" {
  project = "acme-shop-production"
  role    = "roles/viewer"
  members = ["group:ops@example.com", "group:dev@example.com"]
}

# Equal: inline where staging has a rule of its own.
resource "azurerm_network_security_group" "web2" {
  name                = "web2"
  resource_group_name = "shop-production"
  location            = "westeurope"
  security_rule {
    name                       = "allow-https"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_ranges    = ["443", "80"]
    source_address_prefix      = "*"
    destination_address_prefix = "*"
  }
}
