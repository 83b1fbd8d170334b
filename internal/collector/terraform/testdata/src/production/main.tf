terraform {
  required_providers {
    aws     = { source = "hashicorp/aws" }
    google  = { source = "hashicorp/google" }
    azurerm = { source = "hashicorp/azurerm" }
  }
}

variable "clouds" {
  type        = string
  description = "Directory of the files that stand for the clouds."
}

variable "db_password" {
  type      = string
  sensitive = true
  default   = "correct-horse-production-battery"
}

variable "api_token" {
  type    = string
  default = "tok-production-7c5a1e0d9f3b"
}

variable "replicas" {
  type    = number
  default = 3
}

provider "aws" {
  cloud   = "${var.clouds}/aws.json"
  account = "777788889999"
  region  = "eu-west-1"
}

provider "google" {
  cloud   = "${var.clouds}/google.json"
  account = "acme-shop-production"
  region  = "europe-west1"
}

provider "azurerm" {
  cloud   = "${var.clouds}/azurerm.json"
  account = "bbbbbbbb-2222-4222-a222-bbbbbbbbbbbb"
  region  = "westeurope"
}

module "shop" {
  source       = "../modules/shop"
  environment  = "production"
  account      = "777788889999"
  partner      = "222233334444"
  project      = "acme-shop-production"
  subscription = "bbbbbbbb-2222-4222-a222-bbbbbbbbbbbb"
  memory       = 1024
  db_password  = var.db_password
}

resource "terraform_data" "release" {
  count = 2
  input = { version = "1.4.2", part = count.index }
}

output "db_endpoint" { value = module.shop.db_endpoint }
output "worker" { value = { arn = module.shop.worker_arn, replicas = var.replicas } }
output "api_token" { value = var.api_token }
output "db_url" {
  value     = module.shop.db_url
  sensitive = true
}
