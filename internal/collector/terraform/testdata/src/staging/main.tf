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
  default   = "correct-horse-staging-battery"
}

variable "api_token" {
  type    = string
  default = "tok-staging-7c5a1e0d9f3b"
}

variable "replicas" {
  type    = number
  default = 3
}

provider "aws" {
  cloud   = "${var.clouds}/aws.json"
  account = "111122223333"
  region  = "eu-west-1"
}

provider "google" {
  cloud   = "${var.clouds}/google.json"
  account = "acme-shop-staging"
  region  = "europe-west1"
}

provider "azurerm" {
  cloud   = "${var.clouds}/azurerm.json"
  account = "aaaaaaaa-1111-4111-a111-aaaaaaaaaaaa"
  region  = "westeurope"
}

module "shop" {
  source       = "../modules/shop"
  environment  = "staging"
  account      = "111122223333"
  partner      = "444455556666"
  project      = "acme-shop-staging"
  subscription = "aaaaaaaa-1111-4111-a111-aaaaaaaaaaaa"
  memory       = 256
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
