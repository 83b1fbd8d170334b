terraform {
  required_version = ">= 1.5"
  backend "s3" {
    bucket = "states"
  }
}
provider "aws" {
  region = "eu-west-1"
}
variable "instance_type" { default = "t3.large" }
variable "env" {}
variable "unset" {}
variable "create" { default = true }
data "aws_ssm_parameter" "p" {
  name = "/app/${var.env}"
}
resource "aws_vpc" "main" {
  tags = { Name = "vpc-${var.env}" }
}
resource "aws_subnet" "a" {
  vpc_id = aws_vpc.main.id
}
resource "aws_instance" "web" {
  count         = var.create ? 2 : 0
  instance_type = var.instance_type
  subnet_id     = aws_subnet.a.id
  user_data     = data.aws_ssm_parameter.p.value
}
resource "aws_s3_bucket" "b" {}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.b.arn}/*"]
  }
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.d.json
}
module "remote" {
  source = "example.com/any/thing"
  type   = var.instance_type
}
output "url" {
  value = aws_instance.web[0].public_dns
}
